"""`/wrote` and `/words`: what one wrote, in a line."""

from datetime import date, timedelta

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands
from discord.ui import View

from bot.client import Bot
from bot.errors import NotAllowed
from bot.people.dates import Reading
from bot.sprints import crediting
from bot.sprints.counting import Counted
from bot.sprints.crediting import Logged
from bot.words import amounts, service
from bot.words.amounts import Amount, Sign, Unit
from bot.words.service import Wrote
from cogs.ui.asking import may_answer, member
from cogs.ui.components import Interaction, PersistentButton, row
from cogs.ui.dates import iso, meant, my_today, read_day
from cogs.ui.first_totals import answered, ask, first_total, note_in
from cogs.ui.projects import project_named, suggest_project
from cogs.ui.public import note_answer
from cogs.ui.sprint_counts import count_buttons, counted, other_day_buttons
from cogs.words import cards
from cogs.words.history import send_history
from cogs.words.lines import Lines

UNIT_CHOICES = [Choice(name=unit.value, value=unit.value) for unit in Unit]

# Who is told of an amount, in the state of a button: by `/wrote` as they like it or as they said,
# by `/words` nobody else.
FOR_ALL, PRIVATE, NOT_PRIVATE, ALONE = range(4)

AMOUNT = "Like 350, -40 to take back, or =12350 to set the running total"
PROJECT = "What you wrote on, if not your usual project"
DATE = "If not today: yesterday, Monday, 3 Nov, 3/11 or 2026-11-03"
UNIT = "If not words"
NOTE = "A word on it, for your eyes only"


class Words(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.services = bot.services
        self.lines = Lines()

    words = app_commands.Group(name="words", description="What you wrote, for your eyes only")

    @app_commands.command(name="wrote", description="Log what you wrote today, or another day")
    @app_commands.describe(
        amount=AMOUNT,
        project=PROJECT,
        date=DATE,
        unit=UNIT,
        note=NOTE,
        private="Whether to tell you alone; remembered for the next time",
    )
    @app_commands.choices(unit=UNIT_CHOICES)
    @app_commands.autocomplete(project=suggest_project)
    async def wrote(
        self,
        interaction: Interaction,
        amount: str,
        project: str | None = None,
        date: str | None = None,
        unit: str = Unit.WORDS,
        note: str | None = None,
        private: bool | None = None,
    ) -> None:
        said = amounts.parse(amount, Unit(unit))
        project_id = await project_named(interaction, project)
        when = None if date is None else await read_day(interaction, date)
        first = await first_total(interaction, said, project_id, iso(when), Unit(unit))
        if first is not None:
            how = FOR_ALL if private is None else PRIVATE if private else NOT_PRIVATE
            await ask(interaction, first, when, WroteItButton, how, note=note)
            return
        done = await self.services.database.write(
            crediting.log,
            member(interaction),
            interaction.channel_id,
            said,
            now=self.services.clock.now(),
            interaction_id=interaction.id,
            project_id=project_id,
            day=iso(when),
            unit=Unit(unit),
            note=note,
            private=private,
            may_write=may_answer(interaction),
        )
        if isinstance(done, Counted):
            await interaction.response.send_message(
                counted(done, interaction.channel_id),
                view=row(*other_day_buttons(done)),
                ephemeral=True,
            )
        elif done.wrote.private:
            await self._answer_alone(interaction, done, when)
        else:
            await self._answer_all(interaction, done, when)

    @words.command(description="Log what you wrote and tell nobody")
    @app_commands.describe(amount=AMOUNT, project=PROJECT, date=DATE, unit=UNIT, note=NOTE)
    @app_commands.choices(unit=UNIT_CHOICES)
    @app_commands.autocomplete(project=suggest_project)
    async def add(
        self,
        interaction: Interaction,
        amount: str,
        project: str | None = None,
        date: str | None = None,
        unit: str = Unit.WORDS,
        note: str | None = None,
    ) -> None:
        await self._log_alone(
            interaction, amounts.parse(amount, Unit(unit)), project, unit, date, note
        )

    @words.command(description="Set the running total of a project; today gets the difference")
    @app_commands.describe(
        count="How much there is of it now, like 12350", project=PROJECT, unit=UNIT
    )
    @app_commands.choices(unit=UNIT_CHOICES)
    @app_commands.autocomplete(project=suggest_project)
    async def total(
        self,
        interaction: Interaction,
        count: str,
        project: str | None = None,
        unit: str = Unit.WORDS,
    ) -> None:
        total = Amount(Sign.TOTAL, amounts.parse_total(count, Unit(unit)))
        await self._log_alone(interaction, total, project, unit)

    @words.command(description="What you logged, to look at and put right")
    async def history(self, interaction: Interaction) -> None:
        await send_history(interaction)

    async def _log_alone(
        self,
        interaction: Interaction,
        amount: Amount,
        project: str | None,
        unit: str,
        day: str | None = None,
        note: str | None = None,
    ) -> None:
        project_id = await project_named(interaction, project)
        when = None if day is None else await read_day(interaction, day)
        first = await first_total(interaction, amount, project_id, iso(when), Unit(unit))
        if first is not None:
            await ask(interaction, first, when, WroteItButton, ALONE, note=note)
            return
        done = await self.services.database.write(
            crediting.log_privately,
            member(interaction),
            interaction.channel_id,
            amount,
            now=self.services.clock.now(),
            interaction_id=interaction.id,
            project_id=project_id,
            day=iso(when),
            unit=Unit(unit),
            note=note,
        )
        await self._answer_alone(interaction, done, when)

    async def _answer_all(
        self, interaction: Interaction, logged: Logged, when: Reading | None
    ) -> None:
        """One line for everyone, and the rest for the writer; to the writer alone where they have
        just said much in the channel: then their last line there grows, if one can tell of it."""
        done, name = logged.wrote, interaction.user.display_name
        here = interaction.user.id, interaction.channel_id
        if self.services.cooldowns.lines.wait(here) and await self.lines.can_take(
            interaction, done.entry
        ):
            await self._answer_alone(interaction, logged, when)
            if not await self.lines.merge(interaction, done.entry):
                line = await interaction.followup.send(cards.public(name, done), wait=True)
                await self._begin_line(interaction, line.id, done)
            return
        answer = await interaction.response.send_message(
            cards.public(name, done), view=row(*await self._undoing(interaction, done))
        )
        if answer.message_id is not None:
            await self._begin_line(interaction, answer.message_id, done)
        other_days = _other_days(done, when)
        view = row(*other_days) if other_days else discord.utils.MISSING
        await interaction.followup.send(cards.private(done), view=view, ephemeral=True)

    async def _answer_alone(
        self, interaction: Interaction, logged: Logged, when: Reading | None
    ) -> None:
        text, view = await self._alone(interaction, logged, when)
        await interaction.response.send_message(text, view=view, ephemeral=True)

    async def answer_press(
        self, interaction: Interaction, logged: Logged, when: Reading | None
    ) -> None:
        """The same where a private question turns into the answer."""
        text, view = await self._alone(interaction, logged, when)
        await interaction.response.edit_message(content=text, view=view)
        done = logged.wrote
        if done.private:
            return
        here = interaction.user.id, interaction.channel_id
        if self.services.cooldowns.lines.wait(here) and await self.lines.merge(
            interaction, done.entry
        ):
            return
        line = await interaction.followup.send(
            cards.public(interaction.user.display_name, done), wait=True
        )
        await self._begin_line(interaction, line.id, done)

    async def _begin_line(self, interaction: Interaction, message_id: int, done: Wrote) -> None:
        await note_answer(interaction, message_id)
        self.lines.begin(interaction, message_id, done)

    async def _alone(
        self, interaction: Interaction, logged: Logged, when: Reading | None
    ) -> tuple[str, View]:
        """What the writer alone is told, and what they can do about it."""
        done = logged.wrote
        buttons: list[PersistentButton] = [
            *count_buttons(logged),
            *await self._undoing(interaction, done),
            *_other_days(done, when, interaction.user.id),
        ]
        before = [
            cards.noted(done.entry, done.today),
            *([cards.SILENCED] if logged.silenced else []),
        ]
        return cards.private(done, *before), row(*buttons)

    async def _undoing(self, interaction: Interaction, done: Wrote) -> list["UndoButton"]:
        """Two ways to say the same where a sprint has just ended with the same amount."""
        counted = await self.services.database.read(
            crediting.counted_already, member(interaction), done.entry, self.services.clock.now()
        )
        labels = ["Undo", "That was the sprint's"] if counted else ["Undo"]
        return [
            UndoButton(label, done.entry.id, interaction.user.id, number)
            for number, label in enumerate(labels)
        ]


class WroteItButton(PersistentButton, prefix="words-wrote-it"):
    """Logs the first running total of a project. Its state: the project, the unit, the total, the
    day, the other day it may have meant, and who is told."""

    async def press(self, interaction: Interaction) -> None:
        *about, how = self.state
        project_id, unit, said, when = await answered(interaction, about)
        day = iso(when)
        services, me, note = interaction.client.services, member(interaction), note_in(interaction)
        now = services.clock.now()
        if how == ALONE:
            done: Logged | Counted = await services.database.write(
                crediting.log_privately, me, interaction.channel_id, said, now=now,
                interaction_id=interaction.id, project_id=project_id, day=day, unit=unit, note=note,
            )  # fmt: skip
        else:
            done = await services.database.write(
                crediting.log, me, interaction.channel_id, said, now=now,
                interaction_id=interaction.id, project_id=project_id, day=day, unit=unit, note=note,
                private=None if how == FOR_ALL else how == PRIVATE,
                may_write=may_answer(interaction),
            )  # fmt: skip
        if isinstance(done, Counted):
            await interaction.response.edit_message(
                content=counted(done, interaction.channel_id), view=row(*other_day_buttons(done))
            )
        else:
            await _words(interaction).answer_press(interaction, done, when)


class UndoButton(PersistentButton, prefix="wrote-undo"):
    """Under what was logged. Its state: the entry, whose it is (of Discord), and which of two."""

    async def press(self, interaction: Interaction) -> None:
        entry_id, writer, _ = self.state
        if interaction.user.id != writer:
            raise NotAllowed("Only the one who wrote it can take it back.")
        services = interaction.client.services
        await services.database.write(
            service.undo,
            member(interaction),
            entry_id,
            now=services.clock.now(),
            interaction_id=interaction.id,
        )
        alone = interaction.message is not None and interaction.message.flags.ephemeral
        name = None if alone else interaction.user.display_name
        await interaction.response.edit_message(content=cards.taken_back(name), view=None)
        if alone:
            await _lines(interaction).changed(interaction, entry_id)
        else:
            _lines(interaction).end(interaction, entry_id)


class YesterdayButton(PersistentButton, prefix="wrote-yesterday"):
    """Moves an entry to another day that may have been meant. Its state: the entry, that day, and
    the writer if *Undo* stands beside it."""

    async def press(self, interaction: Interaction) -> None:
        entry_id, day, writer = self.state
        services = interaction.client.services
        entry = await services.database.write(
            service.move,
            member(interaction),
            entry_id,
            day=date.fromordinal(day).isoformat(),
            now=services.clock.now(),
            interaction_id=interaction.id,
        )
        view = row(UndoButton("Undo", entry.id, writer, 0)) if writer else None
        noted = cards.noted(entry, await my_today(interaction))
        await interaction.response.edit_message(content=noted, view=view)
        await _lines(interaction).changed(interaction, entry_id)


def _words(interaction: Interaction) -> Words:
    words = interaction.client.get_cog(Words.__cog_name__)
    assert isinstance(words, Words)
    return words


def _lines(interaction: Interaction) -> Lines:
    return _words(interaction).lines


def _other_days(done: Wrote, when: Reading | None, writer: int = 0) -> list[YesterdayButton]:
    days = {}
    if done.offer_yesterday:
        days["That was yesterday"] = done.entry.place.day - timedelta(days=1)
    if when is not None and when.other is not None:
        days[meant(when.other, done.today)] = when.other
    return [
        YesterdayButton(label, done.entry.id, day.toordinal(), writer)
        for label, day in days.items()
    ]
