"""How a challenge stands: for the room, and for one who takes part."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.challenges import earning, records, rules
from bot.challenges.badges import Badge, row
from bot.challenges.records import Challenge, Challenger
from bot.errors import Conflict
from bot.people import service as people
from bot.people.service import Member
from bot.words import day_totals, days, goal_rules, settings
from bot.words.day_totals import Day
from bot.words.goal_rules import Progress

ROWS = 15  # of a board
NOT_IN = "You are not in that challenge. *Join* on its board, or `/challenge join`, is the way in."


@dataclass(frozen=True, slots=True)
class Line:
    """Someone who is listed; no `name` where they have not been seen in the server."""

    name: str | None
    written: int
    target: int

    @property
    def share(self) -> float:
        return self.written / self.target


@dataclass(frozen=True, slots=True)
class Board:
    """`day`: which it is of the challenge's `days` where the server is, 0 before the first; `par`:
    where an even pace of everyone's would be this evening of their own. Of those who are listed the
    first few are `lines`, each with their place."""

    challenge: Challenge
    day: int
    days: int
    total: int
    target: int
    par: int
    members: int
    unlisted: int
    lines: tuple[tuple[int, Line], ...]


@dataclass(frozen=True, slots=True)
class Mine:
    """Where someone stands in a challenge. `amounts`: what they wrote on each of their days up to
    today, the first with what is from before; `pars`: where an even pace would be on the evening of
    each. `row`: the days on end that they have written; None where they keep that to themselves.
    `place`: theirs on the board; None where they are counted only, or have nothing yet."""

    challenge: Challenge
    progress: Progress
    amounts: tuple[int, ...]
    pars: tuple[int, ...]
    listed: bool
    row: int | None
    badges: list[Badge]
    place: int | None


@dataclass(frozen=True, slots=True)
class Certificate:
    """What someone wrote in a challenge, from their own first day on. `days`: with an entry."""

    challenge: Challenge
    name: str | None
    written: int
    target: int
    first: date
    days: int
    badges: list[Badge]

    @property
    def reached(self) -> bool:
        return self.written >= self.target


def begun(conn: Connection, challenge: Challenge, now: int) -> bool:
    """Whether its first day has come where the server is."""
    return _server_today(conn, challenge, now) >= challenge.first


def board(conn: Connection, challenge: Challenge, now: int) -> Board:
    members = records.challengers_of(conn, challenge)
    written = day_totals.by_person(conn, challenge.within, records.persons(challenge))
    zones = people.zones_of(conn, challenge.guild_id, {one.person_id for one in members})

    @cache
    def today(zone: ZoneInfo) -> date:
        return days.local_day(now, zone)

    pars = (
        rules.par(one.target, one.first, challenge.last, today(zones[one.person_id]))
        for one in members
    )
    lines = lines_of(conn, challenge, _first_rows(ranked(members, written), written), written)
    day, whole = day_of(challenge, _server_today(conn, challenge, now))
    return Board(
        challenge,
        day,
        whole,
        total=sum(written.values()),
        target=sum(one.target for one in members),
        par=sum(pars),
        members=len(members),
        unlisted=sum(not one.listed for one in members),
        lines=tuple((1 + sum(other.share > one.share for other in lines), one) for one in lines),
    )


def mine(conn: Connection, member: Member, challenge: Challenge, now: int) -> Mine:
    """Raises Conflict where they are not in it."""
    me = _challenger(conn, member, challenge)
    today = days.local_day(now, people.zone_of_person(conn, me.person_id, challenge.guild_id).zone)
    written = day_totals.of(conn, challenge.within, {me.person_id}).get(me.person_id, {})
    goal = goal_rules.Wanted(me.target, challenge.unit, me.first, challenge.last, None)
    progress = goal_rules.progress(
        challenge.id,
        goal,
        None,
        sum(day.amount for day in written.values()),
        written[today].amount if today in written else 0,
        today,
    )
    hidden = settings.streak_hidden(conn, me.person_id)
    return Mine(
        challenge,
        progress,
        _amounts(written, me.first, min(today, challenge.last)),
        goal_rules.pars(goal),
        me.listed,
        None if hidden else row(written, today),
        earning.of_person(conn, challenge, me.person_id),
        _place(conn, challenge, me),
    )


def certificate(conn: Connection, member: Member, challenge: Challenge) -> Certificate:
    """Raises Conflict where it is not over, or they were not in it."""
    if challenge.running:
        raise Conflict("There are certificates once the challenge is over.")
    me = _challenger(conn, member, challenge)
    written = day_totals.of(conn, challenge.within, {me.person_id}).get(me.person_id, {})
    return Certificate(
        challenge,
        people.names_of(conn, challenge.guild_id, {me.person_id}).get(me.person_id),
        sum(day.amount for day in written.values()),
        me.target,
        min(me.first, min(written, default=me.first)),
        len(written),
        earning.of_person(conn, challenge, me.person_id),
    )


def ranked(members: Collection[Challenger], written: Mapping[int, int]) -> list[Challenger]:
    """Those who are listed, by how much of their own target they have."""

    listed = [member for member in members if member.listed]
    return sorted(listed, key=lambda member: (-_share(member, written), member.person_id))


def _first_rows(members: list[Challenger], written: Mapping[int, int]) -> list[Challenger]:
    """The first of those who are ranked, with all who tie for the last row."""
    if len(members) <= ROWS:
        return members
    last = _share(members[ROWS - 1], written)
    return [member for member in members if _share(member, written) >= last]


def _share(member: Challenger, written: Mapping[int, int]) -> float:
    return written.get(member.person_id, 0) / member.target


def _place(conn: Connection, challenge: Challenge, me: Challenger) -> int | None:
    if not me.listed:
        return None
    written = day_totals.by_person(conn, challenge.within, records.persons(challenge))
    if written.get(me.person_id, 0) <= 0:
        return None
    listed = ranked(records.challengers_of(conn, challenge), written)
    return 1 + sum(_share(other, written) > _share(me, written) for other in listed)


def lines_of(
    conn: Connection,
    challenge: Challenge,
    members: Collection[Challenger],
    written: Mapping[int, int],
) -> list[Line]:
    names = people.names_of(conn, challenge.guild_id, {one.person_id for one in members})
    return [
        Line(names.get(one.person_id), written.get(one.person_id, 0), one.target) for one in members
    ]


def day_of(challenge: Challenge, today: date) -> tuple[int, int]:
    """Which day of the challenge it is, 0 before the first, and how many there are."""
    whole = (challenge.last - challenge.first).days + 1
    return min(max((today - challenge.first).days + 1, 0), whole), whole


def _amounts(written: Mapping[date, Day], first: date, today: date) -> tuple[int, ...]:
    found = [0] * max(0, (today - first).days + 1)
    for day, one in written.items():
        if found and day <= today:
            found[max(0, (day - first).days)] += one.amount
    return tuple(found)


def _server_today(conn: Connection, challenge: Challenge, now: int) -> date:
    return days.local_day(now, people.guild_zone(conn, challenge.guild_id).zone)


def _challenger(conn: Connection, member: Member, challenge: Challenge) -> Challenger:
    """Raises Conflict where they are not in it."""
    person_id = people.find(conn, member.discord_id)
    found = [] if person_id is None else records.challengers_of(conn, challenge, {person_id})
    if not found:
        raise Conflict(NOT_IN if challenge.running else "You were not in that challenge.")
    return found[0]
