"""`/wrote` and `/words`: what one wrote, in a line."""

from datetime import date, timedelta

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands

from bot.client import Bot
from bot.errors import BadInput, NotAllowed
from bot.sprints import crediting
from bot.sprints.counting import Counted
from bot.sprints.crediting import Logged
from bot.words import amounts, service
from bot.words.amounts import Amount, Sign, Unit
from bot.words.service import Wrote
from cogs.ui.asking import may_answer, member
from cogs.ui.components import Interaction, PersistentButton, row
from cogs.ui.projects import project_named, suggest_project
from cogs.ui.public import note_answer
from cogs.ui.sprint_counts import count_buttons, counted
from cogs.words import cards
from cogs.words.history import send_history
from cogs.words.lines import Lines

UNITS = [Choice(name=unit.value, value=unit.value) for unit in Unit]

AMOUNT = "Like 350, -40 to take back, or =12350 to set the running total"
PROJECT = "What you wrote on, if not your usual project"
DATE = "If not today: yesterday, or like 2026-11-03"
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
    @app_commands.choices(unit=UNITS)
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
        done = await self.services.database.write(
            crediting.log,
            member(interaction),
            interaction.channel_id,
            amounts.parse(amount),
            now=self.services.clock.now(),
            interaction_id=interaction.id,
            project_id=await project_named(interaction, project),
            day=date,
            unit=Unit(unit),
            note=note,
            private=private,
        )
        if isinstance(done, Counted):
            await interaction.response.send_message(counted(done), ephemeral=True)
        elif done.wrote.private or not may_answer(interaction):
            await self._answer_alone(interaction, done)
        else:
            await self._answer_all(interaction, done)

    @words.command(description="Log what you wrote and tell nobody")
    @app_commands.describe(amount=AMOUNT, project=PROJECT, date=DATE, unit=UNIT, note=NOTE)
    @app_commands.choices(unit=UNITS)
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
        await self._log_alone(interaction, amounts.parse(amount), project, unit, date, note)

    @words.command(description="Set the running total of a project; today gets the difference")
    @app_commands.describe(
        count="How much there is of it now, like 12350", project=PROJECT, unit=UNIT
    )
    @app_commands.choices(unit=UNITS)
    @app_commands.autocomplete(project=suggest_project)
    async def total(
        self,
        interaction: Interaction,
        count: str,
        project: str | None = None,
        unit: str = Unit.WORDS,
    ) -> None:
        said = amounts.parse(count)
        if said.sign not in (Sign.BARE, Sign.TOTAL):
            raise BadInput("A running total is a plain number, like 12350.")
        await self._log_alone(interaction, Amount(Sign.TOTAL, said.number), project, unit)

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
        done = await self.services.database.write(
            crediting.log_privately,
            member(interaction),
            interaction.channel_id,
            amount,
            now=self.services.clock.now(),
            interaction_id=interaction.id,
            project_id=await project_named(interaction, project),
            day=day,
            unit=Unit(unit),
            note=note,
        )
        await self._answer_alone(interaction, done)

    async def _answer_all(self, interaction: Interaction, logged: Logged) -> None:
        """One line for everyone, and the rest for the writer; to the writer alone where they have
        just said much in the channel: then their last line there grows, if one can tell of it."""
        done, name = logged.wrote, interaction.user.display_name
        here = interaction.user.id, interaction.channel_id
        if self.services.cooldowns.lines.wait(here) and await self.lines.can_take(
            interaction, done.entry
        ):
            await self._answer_alone(interaction, logged)
            if not await self.lines.merge(interaction, done.entry):
                line = await interaction.followup.send(cards.public(name, done), wait=True)
                await self._begin_line(interaction, line.id, done)
            return
        answer = await interaction.response.send_message(
            cards.public(name, done), view=row(*await self._undoing(interaction, done))
        )
        if answer.message_id is not None:
            await self._begin_line(interaction, answer.message_id, done)
        view = row(_yesterday(done)) if done.offer_yesterday else discord.utils.MISSING
        await interaction.followup.send(cards.private(done), view=view, ephemeral=True)

    async def _begin_line(self, interaction: Interaction, message_id: int, done: Wrote) -> None:
        await note_answer(interaction, message_id)
        self.lines.begin(interaction, message_id, done)

    async def _answer_alone(self, interaction: Interaction, logged: Logged) -> None:
        done = logged.wrote
        buttons: list[PersistentButton] = [
            *count_buttons(logged),
            *await self._undoing(interaction, done),
        ]
        if done.offer_yesterday:
            buttons.append(_yesterday(done, interaction.user.id))
        await interaction.response.send_message(
            cards.private(done, cards.noted(done.entry)), view=row(*buttons), ephemeral=True
        )

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
    """Moves an entry to the day before. Its state: the entry, that day, and the writer if *Undo*
    stands beside it."""

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
        await interaction.response.edit_message(content=cards.noted(entry), view=view)
        await _lines(interaction).changed(interaction, entry_id)


def _lines(interaction: Interaction) -> Lines:
    words = interaction.client.get_cog(Words.__cog_name__)
    assert isinstance(words, Words)
    return words.lines


def _yesterday(done: Wrote, writer: int = 0) -> YesterdayButton:
    day = done.entry.place.day - timedelta(days=1)
    return YesterdayButton("That was yesterday", done.entry.id, day.toordinal(), writer)
