"""Erasing someone: asked twice, by a button and by a word to type."""

from typing import Any

from discord.ui import TextInput

from bot.community import service as community
from bot.errors import BadInput
from cogs.ui.asking import member
from cogs.ui.components import Form, Interaction, PersistentButton

WORD = "ERASE"

WARNING = """\
This erases what I hold on you, in every server: your names, entries, projects, goals and \
settings, where you are in stories, and the stories you post, with their schedules and every part \
posted in channels. In old sprints your place stays, as “a writer”.
It can't be undone; `/me export` gives you a copy first."""
DONE = "Done: I hold nothing on you any more. If you use me again, you begin as a stranger."


class EraseButton(PersistentButton, prefix="erase"):
    async def press(self, interaction: Interaction) -> None:
        await interaction.response.send_modal(EraseForm())


class EraseForm(Form, title="Erase everything"):
    word: TextInput[Any] = TextInput(
        label=f"Type {WORD} to erase what I hold on you", max_length=20
    )

    async def submitted(self, interaction: Interaction) -> None:
        if self.word.value.strip().upper() != WORD:
            raise BadInput(f"Nothing is erased, as you did not type {WORD}.")
        services = interaction.client.services
        await services.database.write(community.erase, member(interaction), services.clock.now())
        await interaction.response.edit_message(content=DONE, view=None)
