"""The buttons of a sprint, and its form."""

from typing import Any

from discord import ButtonStyle
from discord.ui import TextInput, View

from bot.errors import Conflict
from bot.sprints import counting, records, results, service
from bot.sprints.counting import Counted
from bot.sprints.rules import Means
from bot.words import amounts
from cogs.sprints import cards
from cogs.ui.asking import guild_id, member
from cogs.ui.components import Form, Interaction, PersistentButton, row
from cogs.ui.sprint_counts import OtherDayButton, other_day_buttons


class JoinButton(PersistentButton, prefix="sprint-join"):
    async def press(self, interaction: Interaction) -> None:
        await join(interaction, self.state[0])


class SameButton(PersistentButton, prefix="sprint-same"):
    """In, from where one's last sprint ended."""

    async def press(self, interaction: Interaction) -> None:
        await join(interaction, self.state[0], same=True)


class LeaveButton(PersistentButton, prefix="sprint-leave"):
    async def press(self, interaction: Interaction) -> None:
        (round_id,) = self.state
        services = interaction.client.services
        left = await services.database.write(
            service.leave,
            member(interaction),
            guild_id(interaction),
            round_id,
            services.clock.now(),
        )
        await interaction.response.edit_message(
            content=cards.left(left, interaction.channel_id), view=None
        )


class WordsButton(PersistentButton, prefix="sprint-words"):
    async def press(self, interaction: Interaction) -> None:
        await _check_open(interaction, self.state[0])
        await interaction.response.send_modal(WordsForm(self.state[0]))


class WordsForm(Form, title="Your words"):
    count: TextInput[Any] = TextInput(
        label="Your count", placeholder="12350 is a total, +350 is new", max_length=40
    )

    def __init__(self, round_id: int) -> None:
        super().__init__()
        self._round_id = round_id

    async def submitted(self, interaction: Interaction) -> None:
        await declare(interaction, self._round_id, self.count.value)


class WhereButton(PersistentButton, prefix="sprint-where"):
    """Tells whoever presses it their place in the results."""

    async def press(self, interaction: Interaction) -> None:
        database, me = interaction.client.services.database, member(interaction)
        sprint_round = await database.read(records.get, guild_id(interaction), self.state[0])
        line = await database.read(results.line_of, me, sprint_round)
        await interaction.response.send_message(cards.own_result(line), ephemeral=True)


class MeansButton(PersistentButton, prefix="sprint-means"):
    """Says what a number meant. Its state: the round, the number, whether it is a total, and
    whether the start count is missing."""

    async def press(self, interaction: Interaction) -> None:
        round_id, number, is_total, needs_start = self.state
        if needs_start:
            await _check_open(interaction, round_id)
            await interaction.response.send_modal(StartForm(round_id, number))
        else:
            means = Means.TOTAL if is_total else Means.WRITTEN
            await _clarify(interaction, round_id, number, means)


class StartForm(Form, title="Where you started"):
    start: TextInput[Any] = TextInput(
        label="Your count at the start", placeholder="12000", max_length=20
    )

    def __init__(self, round_id: int, total: int) -> None:
        super().__init__()
        self._round_id, self._total = round_id, total

    async def submitted(self, interaction: Interaction) -> None:
        start = amounts.parse_total(self.start.value)
        await _clarify(interaction, self._round_id, self._total, Means.TOTAL, start)


class TakeBackButton(PersistentButton, prefix="sprint-undo"):
    async def press(self, interaction: Interaction) -> None:
        (round_id,) = self.state
        services = interaction.client.services
        done = await services.database.write(
            counting.undo,
            member(interaction),
            guild_id(interaction),
            round_id,
            now=services.clock.now(),
            interaction_id=interaction.id,
        )
        await interaction.response.edit_message(
            content=cards.undone(done, interaction.channel_id), view=row(*other_day_buttons(done))
        )


class AgreeButton(PersistentButton, prefix="sprint-agree"):
    """A second participant's word that the sprint is to be cancelled."""

    async def press(self, interaction: Interaction) -> None:
        round_id, proposer = self.state
        services = interaction.client.services
        try:
            agreed = await services.database.write(
                service.agree,
                member(interaction),
                guild_id(interaction),
                round_id,
                proposer,
                services.clock.now(),
            )
        except Conflict as too_late:  # for everyone: the proposal is none any more
            await interaction.response.edit_message(content=str(too_late), view=None)
            return
        await interaction.response.edit_message(
            content=cards.cancelled(agreed, interaction.channel_id), view=None
        )


ITEMS = (
    JoinButton, SameButton, LeaveButton, WordsButton, WhereButton, MeansButton, TakeBackButton,
    AgreeButton, OtherDayButton,
)  # fmt: skip


async def join(
    interaction: Interaction,
    round_id: int,
    *,
    start: int | None = None,
    same: bool = False,
    quiet: bool = False,
    project_id: int | None = None,
) -> None:
    services = interaction.client.services
    done = await services.database.write(
        service.join,
        member(interaction),
        guild_id(interaction),
        round_id,
        now=services.clock.now(),
        start=start,
        same=same,
        quiet=quiet,
        project_id=project_id,
    )
    await interaction.response.send_message(
        cards.joined(done, interaction.channel_id),
        view=row(LeaveButton("Leave", round_id)),
        ephemeral=True,
    )


async def declare(
    interaction: Interaction, round_id: int, typed: str, *, final: bool = False
) -> None:
    services = interaction.client.services
    done = await services.database.write(
        counting.declare,
        member(interaction),
        guild_id(interaction),
        round_id,
        amounts.parse(typed),
        now=services.clock.now(),
        interaction_id=interaction.id,
        final=final,
    )
    await interaction.response.send_message(
        cards.counted(done, interaction.channel_id), view=counted_buttons(done), ephemeral=True
    )


def counted_buttons(done: Counted) -> View:
    """What else the number may have meant, and taking it back."""
    round_id, me, said = done.round.id, done.me, done.said
    buttons: list[PersistentButton] = []
    if done.needs_start:
        buttons.append(
            MeansButton("My start count …", round_id, said, 1, 1, style=ButtonStyle.primary)
        )
    elif not me.confirmed:
        written = me.written or 0
        buttons.append(
            MeansButton(
                f"Yes, {written:,} written", round_id, written, 0, 0, style=ButtonStyle.success
            )
        )
    if done.other is Means.WRITTEN:
        buttons.append(MeansButton(f"I wrote {said:,}", round_id, said, 0, 0))
    elif done.other is Means.TOTAL:
        needs_start = int(me.start is None)
        buttons.append(MeansButton(f"My total is {said:,}", round_id, said, 1, needs_start))
    return row(*buttons, *other_day_buttons(done), TakeBackButton("Undo", round_id))


async def _check_open(interaction: Interaction, round_id: int) -> None:
    """Before a form is opened: nobody fills one in to be refused. Raises NotFound, Conflict."""
    services = interaction.client.services
    await services.database.read(
        counting.check_open,
        guild_id(interaction),
        round_id,
        services.clock.now(),
    )


async def _clarify(
    interaction: Interaction, round_id: int, number: int, means: Means, start: int | None = None
) -> None:
    services = interaction.client.services
    done = await services.database.write(
        counting.clarify,
        member(interaction),
        guild_id(interaction),
        round_id,
        number,
        means,
        now=services.clock.now(),
        interaction_id=interaction.id,
        start=start,
    )
    await interaction.response.edit_message(
        content=cards.counted(done, interaction.channel_id), view=counted_buttons(done)
    )
