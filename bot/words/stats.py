"""What a writer, or a whole server, has written."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, select

from bot.errors import NotAllowed
from bot.people import service as people
from bot.people.service import Member
from bot.words import boards, days, settings, streaks
from bot.words.amounts import Unit
from bot.words.imports import SOURCE as IMPORTED
from bot.words.shown import SHOWN, STANDS, entered_in
from bot.words.streak_rules import Streak
from bot.words.summaries import Day, Moment, Month, Summary, by_part, month, summaries
from bot.words.tables import entries

RECENT = timedelta(days=30)  # in which a server's times of day are looked at
QUARTER = 900_000  # ms: zones are whole quarters of an hour apart
NOT_LISTED = (
    "They keep what they write to themselves. Whoever presses *List me* under `/leaderboard` shows "
    "their figures here."
)


@dataclass(frozen=True, slots=True)
class Stats:
    """`streak` and `month`: one's own alone; the streak unless hidden, and of all projects."""

    summaries: list[Summary]
    streak: Streak | None = None
    month: Month | None = None


def own(conn: Connection, member: Member, project_id: int | None, now: int) -> Stats:
    """All that the member has written, or all for one project of theirs."""
    person_id = people.find(conn, member.discord_id) or 0
    zone = people.zone_of(conn, member).zone
    today = days.local_day(now, zone)
    mine = entries.c.person_id == person_id
    if project_id is not None:
        mine = and_(mine, entries.c.project_id == project_id)
    written = _days(conn, mine)
    week = people.week_begins(conn, member.guild_id)
    found = summaries(written, by_part(_moments(conn, mine), {person_id: zone}), today, week)
    hidden = project_id is not None or settings.streak_hidden(conn, person_id)
    streak = None if hidden else streaks.streak(conn, person_id, today)
    return Stats(found, streak, month(written, today, week))


def of_member(conn: Connection, member: Member, guild_id: int, now: int) -> Stats:
    """What others may know of a member: what they logged in this server for all to see, once they
    are on its leaderboard. Raises NotAllowed."""
    person_id = people.find(conn, member.discord_id) or 0
    if not boards.is_listed(conn, guild_id, person_id):
        raise NotAllowed(NOT_LISTED)
    zone = people.zone_of(conn, member).zone
    # Left the choice, SQLite would go through all of the server's entries.
    here = func.coalesce(entries.c.guild_id, 0) == guild_id
    theirs = and_(entries.c.person_id == person_id, here, SHOWN)
    parts = by_part(_moments(conn, theirs), {person_id: zone})
    week = people.week_begins(conn, guild_id)
    return Stats(summaries(_days(conn, theirs), parts, days.local_day(now, zone), week))


def of_server(conn: Connection, guild_id: int, now: int) -> Stats:
    today = days.local_day(now, people.guild_zone(conn, guild_id).zone)
    entered = entered_in(guild_id)
    moments = _moments(conn, and_(entered, entries.c.day > (today - RECENT).isoformat()))
    zones = people.zones_of(conn, guild_id, {moment.person_id for moment in moments})
    week = people.week_begins(conn, guild_id)
    return Stats(summaries(_days(conn, entered), by_part(moments, zones), today, week))


def _days(conn: Connection, which: ColumnElement[bool]) -> list[Day]:
    rows = conn.execute(
        select(entries.c.day, entries.c.unit, func.sum(entries.c.amount), func.max(STANDS))
        .where(which)
        .group_by(entries.c.day, entries.c.unit)
    )
    return [
        Day(date.fromisoformat(day), Unit(unit), int(amount), bool(entered))
        for day, unit, amount, entered in rows
    ]


def _moments(conn: Connection, which: ColumnElement[bool]) -> list[Moment]:
    root = entries.alias("root")
    quarter = (root.c.made_at // QUARTER).label("quarter")
    place = (root.c.person_id, root.c.unit, root.c.day, quarter, root.c.zone)
    rows = conn.execute(
        select(*place, func.sum(entries.c.amount))
        .join(root, root.c.id == func.coalesce(entries.c.root_id, entries.c.id))
        .where(which, root.c.source != IMPORTED)
        .group_by(*place)
    )
    return [
        Moment(person_id, Unit(unit), date.fromisoformat(day), number * QUARTER, int(amount), zone)
        for person_id, unit, day, number, zone, amount in rows
    ]
