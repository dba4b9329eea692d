"""Words that are logged while their writer is in a sprint, and how they come to count there."""

from datetime import date

from bot.people.times import spoken
from bot.sprints import counting, crediting
from bot.sprints.counting import Counted
from bot.sprints.crediting import Logged
from bot.sprints.records import Round
from bot.words.amounts import Unit
from cogs.ui.asking import guild_id, member
from cogs.ui.components import Interaction, PersistentButton, row
from cogs.ui.formats import measured, timestamp
from cogs.ui.posts import escape


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
            content=counted(done, interaction.channel_id), view=row(*other_day_buttons(done))
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
            content=f"**{measured(done.said, Unit.WORDS)}** written in "
            f"{sprint_name(done.round, interaction.channel_id)}.{counted_on(done)}",
            view=row(*other_day_buttons(done)),
        )


def sprint_name(found: Round, channel_id: int | None) -> str:
    """Which sprint it is, for someone who is in this channel: its title, or when it began; and its
    channel, if that is another."""
    began = timestamp(found.starts_at, "t" if found.state.live else "f")
    name = f"the sprint of {began}"
    if found.title:
        name = f"**{escape(found.title, 100)}**" + ("" if found.state.live else f" of {began}")
    if found.rounds > 1:
        name += f", round {found.number} of {found.rounds}"
    return name if found.channel_id == channel_id else f"{name} in <#{found.channel_id}>"


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


def counted(done: Counted, channel_id: int | None) -> str:
    name = sprint_name(done.round, channel_id)
    if done.needs_start or not done.me.confirmed:
        return f"Counted in {name}, if it is right: `/sprint words` says how much it is."
    written = measured(done.me.written or 0, Unit.WORDS)
    return (
        f"Counted in {name}: **{written}** there.{counted_on(done)} `/sprint undo` takes it back."
    )
