"""`/stats` and `/leaderboard`: what it comes to."""

import discord
from discord import ButtonStyle, app_commands
from discord.app_commands import Choice
from discord.ext import commands
from discord.ui import View

from bot.charts.data import Calendar
from bot.client import Bot
from bot.errors import BadInput
from bot.people import service as people
from bot.people.service import Member
from bot.people.times import spoken
from bot.sprints import results
from bot.sprints.records import Best
from bot.words import boards, projects, stats
from bot.words.amounts import Unit
from bot.words.boards import Over, Own, Standing
from bot.words.goal_rules import Period
from bot.words.stats import Stats
from bot.words.streak_rules import Streak
from bot.words.summaries import Summary
from cogs.ui.asking import check_may_answer, guild_id, member
from cogs.ui.components import Interaction, PersistentButton, row
from cogs.ui.formats import fitting, measured, plural
from cogs.ui.names import called
from cogs.ui.pictures import illustrate
from cogs.ui.places import Ranked, ranking
from cogs.ui.projects import suggest_project
from cogs.ui.public import note_answer, note_asker
from cogs.words import cards
from cogs.words.wrote import UNIT_CHOICES

OVER = {Over.DAY: "today", Over.WEEK: "this week", Over.MONTH: "this month", Over.ALL: "in all"}


class Statistics(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.services = bot.services

    @app_commands.command(name="stats", description="How much, how often and when you write")
    @app_commands.describe(
        who="Someone on the leaderboard: what they logged here for all to see",
        project="One of your projects",
        server="All that was logged in this server for all to see",
        share="Show it to everyone here",
    )
    @app_commands.rename(who="member")
    @app_commands.autocomplete(project=suggest_project)
    async def stats_(
        self,
        interaction: Interaction,
        who: discord.User | None = None,
        project: str | None = None,
        server: bool = False,
        share: bool = False,
    ) -> None:
        if (who is not None) + (project is not None) + server > 1:
            raise BadInput("Choose one of `member`, `project` and `server`.")
        if share:
            check_may_answer(interaction)
        named = await self._named(interaction, who) if share else []
        title, found, chart = await self._look_up(interaction, who, project, server)
        best = None if project or server else await self._best(interaction, who)
        text = _stats(title, found, best, chart)
        answer = await interaction.response.send_message(text, ephemeral=not share)
        if share:
            await note_answer(interaction, answer.message_id, named)
        if chart is not None:
            await illustrate(interaction, chart)

    async def _named(self, interaction: Interaction, who: discord.User | None) -> list[int]:
        """Whom the bot knows of those that a shared answer names."""
        asker = await note_asker(interaction)
        other = await self.services.database.read(people.find, who.id) if who else None
        return [asker] if other is None else [asker, other]

    async def _look_up(
        self,
        interaction: Interaction,
        who: discord.User | None,
        project: str | None,
        server: bool,
    ) -> tuple[str, Stats, Calendar | None]:
        database, now, me = self.services.database, self.services.clock.now(), member(interaction)
        if server:
            here = guild_id(interaction)
            return "**This server**", await database.read(stats.of_server, here, now), None
        if who is not None and who.id != me.discord_id:
            here = guild_id(interaction)
            them = Member(who.id, who.display_name, here)
            found = await database.read(stats.of_member, them, here, now)
            return f"**{called(them.name)}** in this server", found, None
        if project is not None:
            named = await database.read(projects.find, me, project)
            found = await database.read(stats.own, me, named.id, now)
            return cards.title(named.title), found, _calendar(named.title, found)
        found = await database.read(stats.own, me, None, now)
        return f"**{called(me.name)}**", found, _calendar(me.name, found)

    async def _best(self, interaction: Interaction, who: discord.User | None) -> Best:
        """One's own best sprint, or another's in this server."""
        them, here = member(interaction), None
        if who is not None and who.id != them.discord_id:
            here = guild_id(interaction)
            them = Member(who.id, who.display_name, here)
        return await self.services.database.read(results.best_of, them, here)

    @app_commands.command(description="Who has written most, of those who want to be on it")
    @app_commands.describe(
        period="Of which time, if not this week",
        unit="Of what, if not words",
        share="Show it to everyone here",
    )
    @app_commands.choices(
        period=[Choice(name=over.value, value=over.value) for over in Over],
        unit=UNIT_CHOICES,
    )
    @app_commands.guild_only()
    async def leaderboard(
        self,
        interaction: Interaction,
        period: str = Over.WEEK,
        unit: str = Unit.WORDS,
        share: bool = False,
    ) -> None:
        if share:
            check_may_answer(interaction)
            await note_asker(interaction)
        over, of = Over(period), Unit(unit)
        text, view, named = await _board(interaction, over, of, shared=share)
        answer = await interaction.response.send_message(text, view=view, ephemeral=not share)
        if share:
            await note_answer(interaction, answer.message_id, named)
            await interaction.followup.send(await _own_place(interaction, over, of), ephemeral=True)


class ListingButton(PersistentButton, prefix="leaderboard"):
    """Puts whoever presses it on the server's leaderboard, or takes them off. Its state: which of
    the two, and which board it stands under."""

    async def press(self, interaction: Interaction) -> None:
        wanted, over, unit = self.state
        period, of = list(Over)[over], list(Unit)[unit]
        services, here = interaction.client.services, guild_id(interaction)
        person_id = await services.database.write(
            people.person_id, member(interaction), services.clock.now()
        )
        await services.database.write(boards.set_listed, here, person_id, bool(wanted))
        shared = interaction.message is not None and not interaction.message.flags.ephemeral
        text, view, named = await _board(interaction, period, of, shared=shared)
        await interaction.response.edit_message(content=text, view=view)
        if shared and interaction.message is not None:
            await note_answer(interaction, interaction.message.id, named)
        on = (
            "You are on this server's leaderboard: it counts what you log here for all to see, and "
            "nothing else. `/stats` shows others the same."
        )
        off = "You are off this server's leaderboard."
        said = on if wanted else off
        if wanted and shared:
            said += f"\n{await _own_place(interaction, period, of)}"
        await interaction.followup.send(said, ephemeral=True)


async def _board(
    interaction: Interaction, over: Over, unit: Unit, *, shared: bool
) -> tuple[str, View, list[int]]:
    """With the persons it names. Under one that all see, everyone's buttons stand; one's own ends
    with one's own place and has the button that applies."""
    services, here = interaction.client.services, guild_id(interaction)
    found = await services.database.read(boards.leaderboard, here, over, unit, services.clock.now())
    state = (list(Over).index(over), list(Unit).index(unit))
    on = ListingButton("List me", 1, *state, style=ButtonStyle.primary)
    off = ListingButton("Take me off", 0, *state)
    named = [standing.person_id for standing in found]
    if shared:
        return _standings(found, over, unit), row(on, off), named
    own = await _own(interaction, over, unit)
    text = _standings(found, over, unit, cards.own_place(own, unit, OVER[over]))
    return text, row(off if own.listed else on), named


async def _own(interaction: Interaction, over: Over, unit: Unit) -> Own:
    services, here = interaction.client.services, guild_id(interaction)
    person_id = await services.database.read(people.find, interaction.user.id)
    return await services.database.read(
        boards.own_place, here, person_id or 0, over, unit, services.clock.now()
    )


async def _own_place(interaction: Interaction, over: Over, unit: Unit) -> str:
    return cards.own_place(await _own(interaction, over, unit), unit, OVER[over])


def _standings(found: list[Standing], over: Over, unit: Unit, own: str = "") -> str:
    ranked = [
        Ranked(
            standing.place,
            standing.name,
            f"{standing.amount:,}",
            f"**{standing.place}. {called(standing.name)}** · {standing.amount:,}",
        )
        for standing in found
    ]
    last = "-# Only those who want to be on it are."
    head = [f"**{unit.capitalize()} {OVER[over]}**"]
    if not found:
        head.append("Nobody is on it yet.")
    return ranking(head, ranked, f"{last}\n{own}" if own else last)


def _calendar(title: str, found: Stats) -> Calendar | None:
    if found.month is None:
        return None
    month = found.month
    return Calendar(title, month.unit, month.today, month.amounts, month.week_begins)


def _stats(title: str, found: Stats, best: Best | None, chart: Calendar | None) -> str:
    lines = [title]
    for one in found.summaries:
        lines += _summary(one)
    if not found.summaries:
        lines.append("Nothing is logged yet.")
    elif best and best.words is not None:
        fastest = f", the fastest {best.wpm:,} wpm" if best.wpm is not None else ""
        lines.append(f"Best sprint: {plural(best.words, 'word')}{fastest}")
    if chart is not None:
        lines.append(chart.said)
    if found.streak and found.streak.longest:
        lines.append(_streak(found.streak))
    return fitting(lines)


def _summary(found: Summary) -> list[str]:
    def told(number: int) -> str:
        return measured(number, found.unit)

    this, best = found.this, found.best
    lines = [
        f"**{told(found.total)}** in all · {this[Period.YEAR]:,} this year · "
        f"{this[Period.MONTH]:,} this month · {this[Period.WEEK]:,} this week · "
        f"{this[Period.DAY]:,} today"
    ]
    if best.amount > 0:
        lines.append(f"Best day: {told(best.amount)} on {spoken(best.day)}")
    if found.days == 1:
        lines.append(f"All of it on one day, {spoken(found.since)}")
    else:
        lines.append(
            f"On {plural(found.days, 'day')}, {told(found.average)} each on average; "
            f"{found.average_since:,} a day since {spoken(found.since)}"
        )
    parts = {part: amount for part, amount in found.parts.items() if amount > 0}
    if parts:
        whole = sum(parts.values())
        shares = [f"{part} {round(100 * amount / whole)}%" for part, amount in parts.items()]
        lines.append(f"Time of day: {', '.join(shares)}")
    return lines


def _streak(found: Streak) -> str:
    return (
        f"Streak: {plural(found.length, 'day')}, the longest {plural(found.longest, 'day')}; "
        f"{plural(found.freezes_left, 'freeze')} left this month"
    )
