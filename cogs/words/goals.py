"""`/goal`: what one means to write; and the word before midnight."""

from collections.abc import Sequence
from datetime import date

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands

from bot.charts.data import Cumulative, stands
from bot.client import Bot
from bot.db.engine import Database
from bot.delivery.discord_sender import Content, Renderer
from bot.delivery.rules import Row
from bot.people.dates import named
from bot.people.times import EVERY_DAY, parse_weekdays, spoken, weekday_names
from bot.words import amounts, goal_rules, goals, streaks
from bot.words.amounts import Unit
from bot.words.goal_rules import Period, Progress
from bot.words.goals import Course
from bot.words.streak_rules import Streak
from cogs.ui import labels
from cogs.ui.asking import member
from cogs.ui.choosing import Option, pick, suggest
from cogs.ui.components import Interaction, PersistentButton, row
from cogs.ui.dates import meant
from cogs.ui.formats import fitting, measured, plural
from cogs.ui.pictures import illustrate
from cogs.ui.projects import project_named, suggest_project
from cogs.words import cards
from cogs.words.wrote import UNIT_CHOICES

LONGEST_HEAD = 300  # characters of a goal's first line
PERIODS = [Choice(name=period.value, value=period.value) for period in Period]


async def suggest_goal(interaction: Interaction, typed: str) -> list[Choice[str]]:
    return suggest(await _options(interaction), typed)


async def _options(interaction: Interaction) -> list[Option[Progress]]:
    services = interaction.client.services
    found = await services.database.read(goals.mine, member(interaction), services.clock.now())
    return [
        Option(
            progress,
            f"#{progress.id}",
            _name(progress) + (f": {progress.project}" if progress.project else ""),
            _details(progress),
        )
        for progress in found
    ]


class Goals(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.services = bot.services

    goal = app_commands.Group(name="goal", description="What you mean to write")

    @goal.command(name="set", description="So much by a date, or so much a day, week, month, year")
    @app_commands.describe(
        amount="How much, like 50000 or 50k",
        by="The last day, like Friday, 30 Nov or 2026-11-30, or how long, like 30 days",
        every="Or how often; a day if you say neither",
        weekdays="The days you write on: daily, weekdays, weekends, or like: mon wed fri",
        project="What counts towards it, if not all you write",
        unit="Of what, if not words",
        start="The first day that counts, if not today, like 1 Nov; it may be over",
    )
    @app_commands.choices(every=PERIODS, unit=UNIT_CHOICES)
    @app_commands.autocomplete(project=suggest_project)
    async def set_(
        self,
        interaction: Interaction,
        amount: str,
        by: str | None = None,
        every: str | None = None,
        weekdays: str | None = None,
        project: str | None = None,
        unit: str = Unit.WORDS,
        start: str | None = None,
    ) -> None:
        database, now, me = self.services.database, self.services.clock.now(), member(interaction)
        days = EVERY_DAY if weekdays is None else parse_weekdays(weekdays)
        today = await database.read(goals.local_today, me, now)
        wanted = goal_rules.wanted(
            amounts.parse_number(amount, Unit(unit)),
            Unit(unit),
            today,
            by=by,
            every=None if every is None else Period(every),
            weekdays=days,
            start=start,
            project_id=await project_named(interaction, project),
        )
        made = await database.write(
            goals.create, me, wanted, now=now, interaction_id=interaction.id
        )
        others = goal_rules.other_days_of(by, start, days, today) if by else {}
        buttons = [
            GoalDaysButton(meant(other, today), made.id, first.toordinal(), last.toordinal())
            for other, (first, last) in others.items()
        ]
        view = row(*buttons) if buttons else discord.utils.MISSING
        await interaction.response.send_message(_set(made), view=view, ephemeral=True)

    @goal.command(name="list", description="Your goals and where you stand")
    async def list_(self, interaction: Interaction) -> None:
        found, course = await self.services.database.read(
            goals.with_course, member(interaction), self.services.clock.now()
        )
        none = "You have no goals. `/goal set` sets one, like 500 words a day or 50,000 by a date."
        await self._say(interaction, fitting(_lines(found)) if found else none)
        if course is not None:
            await illustrate(interaction, _chart(course))

    @goal.command(description="Drop a goal; what you wrote stays")
    @app_commands.describe(goal="Which one")
    @app_commands.autocomplete(goal=suggest_goal)
    async def remove(self, interaction: Interaction, goal: str) -> None:
        chosen = pick(await _options(interaction), goal, goals.NO_SUCH)
        dropped = await self.services.database.write(
            goals.remove, member(interaction), f"#{chosen.id}", self.services.clock.now()
        )
        await self._say(interaction, f"Dropped: {_name(dropped)}.")

    async def _say(self, interaction: Interaction, text: str) -> None:
        await interaction.response.send_message(text, ephemeral=True)


class GoalDaysButton(PersistentButton, prefix="goal-days"):
    """Gives a target the days that were meant. Its state: the goal, its first and its last day."""

    async def press(self, interaction: Interaction) -> None:
        goal_id, first, last = self.state
        services = interaction.client.services
        changed = await services.database.write(
            goals.set_days,
            member(interaction),
            goal_id,
            date.fromordinal(first),
            date.fromordinal(last),
            services.clock.now(),
        )
        await interaction.response.edit_message(content=_set(changed), view=None)


def renderers(database: Database) -> dict[str, Renderer]:
    async def warning(row: Row) -> Content | None:
        found = await database.read(streaks.in_danger, row.subject, date.fromordinal(row.part))
        return None if found is None else Content(_warning(found))

    return {streaks.WARNING: warning}


def _warning(found: Streak) -> str:
    freeze = "No freeze is left this month."
    if found.freezes_left:
        freeze = f"If not, a freeze keeps it; this month has {found.freezes_left} left."
    return (
        f"Your streak stands at **{plural(found.length, 'day')}**, and nothing is logged for today "
        f"yet. `/wrote` carries it on until midnight; 0 counts too. {freeze}"
    )


def _chart(course: Course) -> Cumulative:
    target, goal = course.target, course.target.goal
    title = f"{_name(target)} · {target.project}" if target.project else _name(target)
    return Cumulative(title, goal.unit, goal.amount, goal.first_day, course.amounts, course.pars)


def _set(found: Progress) -> str:
    goal, days = found.goal, ""
    if goal.last_day is not None:
        days = f", by {named(goal.last_day, found.today)}"
        if goal.first_day != found.today:
            days = f", from {named(goal.first_day, found.today)}{days}"
    return f"Set{days}.\n{_lines([found])[0]}"


def _name(found: Progress) -> str:
    """ "50,000 words by 30 November 2026" or "500 words a day on Mon, Wed" """
    goal = found.goal
    name = measured(goal.amount, goal.unit)
    name += f" a {goal.period}" if goal.period else f" by {spoken(found.last_day)}"
    return name if goal.weekdays == EVERY_DAY else f"{name} {weekday_names(goal.weekdays)}"


def _details(found: Progress) -> tuple[str, ...]:
    """What tells it from another goal of its name."""
    written = f"{found.written:,} of {found.goal.amount:,} written"
    return f"from {spoken(found.goal.first_day)}", written


def _lines(found: Sequence[Progress]) -> list[str]:
    heads = []
    for progress in found:
        project = f" · {cards.title(progress.project)}" if progress.project else ""
        heads.append((f"**{_name(progress)}**{project}", *_details(progress)))
    shown = labels.distinct(heads, LONGEST_HEAD)
    return [
        f"{head}\n{' · '.join(_facts(progress))}"
        for head, progress in zip(shown, found, strict=True)
    ]


def _facts(found: Progress) -> list[str]:
    if not found.begun:
        return [f"begins on {spoken(found.first_day)}"]
    goal, period, needed = found.goal, found.goal.period, f"needed today {found.needed_today:,}"
    written, done = f"{found.written:,} of {goal.amount:,}", ": done" if found.done else ""
    if period is not None:
        written += (" today" if period is Period.DAY else f" this {period}") + done
    elif found.over:
        return [written + (done or ", and its time is over")]
    else:
        day = (found.today - found.first_day).days + 1
        days = (found.last_day - found.first_day).days + 1
        written = stands(found.written, goal.amount, goal.unit, day, days, found.par)
    if found.done:
        return [written]
    if not found.needed_today:
        needed = "nothing needed today"
    elif found.left_today:
        needed += f", {found.left_today:,} to go"
    else:
        needed += ": done"
    if period is Period.DAY:
        return [written if found.needed_today else needed]
    facts = [written, needed]
    if found.finish:
        facts.append(f"at this pace done on {spoken(found.finish)}")
    return facts
