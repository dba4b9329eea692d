"""Words that are logged while their writer is in a sprint, and how they come to count there."""

from datetime import date

from bot.people.times import spoken
from bot.sprints import counting, crediting
from bot.sprints.counting import Counted
from bot.sprints.crediting import Logged
from bot.words.amounts import Unit
from cogs.ui.asking import guild_id, member
from cogs.ui.components import Interaction, PersistentButton, row
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
        await interaction.response.edit_message(
            content=counted(done), view=row(*other_day_buttons(done))
        )


class OtherDayButton(PersistentButton, prefix="sprint-day"):
    """Moves a count to the other day of a round that crosses midnight. Its state: the round, and
    that day."""

    async def press(self, interaction: Interaction) -> None:
        round_id, day = self.state
        services = interaction.client.services
        done = await services.database.write(
            counting.choose_day,
            member(interaction),
            guild_id(interaction),
            round_id,
            date.fromordinal(day),
            now=services.clock.now(),
            interaction_id=interaction.id,
        )
        await interaction.response.edit_message(
            content=f"**{measured(done.said, Unit.WORDS)}** written.{counted_on(done)}",
            view=row(*other_day_buttons(done)),
        )


def other_day_buttons(done: Counted) -> list[OtherDayButton]:
    """The offer to have it belong to the other day, where the round crossed the writer's
    midnight."""
    if done.other_day is None:
        return []
    label = f"Count it for {spoken(done.other_day)}"
    return [OtherDayButton(label, done.round.id, done.other_day.toordinal())]


def counted_on(done: Counted) -> str:
    """Which day it belongs to, where that might have been another."""
    if done.entry is None or done.other_day is None:
        return ""
    return f" It counts for {spoken(done.entry.place.day)}."


def count_buttons(done: Logged) -> list[CountButton]:
    """The offer to count it in the sprint, where it can."""
    if done.round_id is None:
        return []
    return [CountButton("Count it in the sprint", done.wrote.entry.id, done.round_id)]


def counted(done: Counted) -> str:
    if done.needs_start or not done.me.confirmed:
        return "Counted for your sprint, if it is right: `/sprint words` says how much it is."
    written = measured(done.me.written or 0, Unit.WORDS)
    return (
        f"Counted for your sprint: **{written}** there.{counted_on(done)} `/sprint undo` takes it "
        "back."
    )
