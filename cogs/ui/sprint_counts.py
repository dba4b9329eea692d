"""Words that are logged while their writer is in a sprint, and how they come to count there."""

from bot.sprints import crediting
from bot.sprints.counting import Counted
from bot.sprints.crediting import Logged
from bot.words.amounts import Unit
from cogs.ui.asking import guild_id, member
from cogs.ui.components import Interaction, PersistentButton
from cogs.ui.formats import measured


class CountButton(PersistentButton, prefix="sprint-count"):
    """Counts a private entry in a sprint instead, for all to see. Its state: the entry, and the
    round."""

    async def press(self, interaction: Interaction) -> None:
        entry_id, round_id = self.state
        services = interaction.client.services
        done = await services.database.write(
            crediting.count_entry,
            member(interaction),
            guild_id(interaction),
            entry_id,
            round_id,
            now=services.clock.now(),
            interaction_id=interaction.id,
        )
        await interaction.response.edit_message(content=counted(done), view=None)


def count_buttons(done: Logged) -> list[CountButton]:
    """The offer to count it in the sprint, where it can."""
    if done.round_id is None:
        return []
    return [CountButton("Count it in the sprint", done.wrote.entry.id, done.round_id)]


def counted(done: Counted) -> str:
    if done.needs_start or not done.me.confirmed:
        return "Counted for your sprint, if it is right: `/sprint words` says how much it is."
    written = measured(done.me.written or 0, Unit.WORDS)
    return f"Counted for your sprint: **{written}** there. `/sprint undo` takes it back."
