"""Erasing someone: asked twice, by a button and by a word to type."""

from typing import Any

from discord.ui import TextInput

from bot.community import service as community
from bot.community.service import Erased
from bot.errors import BadInput
from cogs.ui.asking import member
from cogs.ui.components import Form, Interaction, PersistentButton
from cogs.ui.formats import timestamp

WORD = "ERASE"

WARNING = """\
This erases what I hold on you, in every server: your names, entries, projects, goals and \
settings, where you are in stories, and the stories you post, with their schedules and every part \
posted in channels. My messages that name you are edited or deleted. In old sprints your place \
stays, as “a writer”.
It can't be undone; `/me export` gives you a copy first."""
DONE = """\
Done: I hold nothing on you any more. If you use me again, you begin as a stranger.
"""
FILES = """\
By {by} the last traces are out of my database's files, and my messages that name you or quote \
your stories are edited or deleted."""
SERVED = """\
By {by} my messages that name you or quote your stories are edited or deleted. The database server \
overwrites what was deleted in its own time."""
LEFT = """\
Where I lack a permission, I go on once I have it.
**What I can't reach:** direct messages and private answers; what I answered to commands before \
this version, which kept no note of it; and copies. Before an update of the database I make one \
(`*.before-…`), which stays until whoever runs me deletes it. I make no other backups; they may, \
and can tell you when those expire."""


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
        erased = await services.database.write(
            community.erase, member(interaction), services.clock.now()
        )
        await interaction.response.edit_message(content=_done(erased), view=None)


def _done(erased: Erased) -> str:
    told = FILES if erased.cleans_files else SERVED
    return f"{DONE}{told.format(by=timestamp(erased.done_by))}\n{LEFT}"
