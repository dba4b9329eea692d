"""What is told of a challenge: each evening, and at its end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from bot.challenges import course, earning, records, rules, standing
from bot.challenges.badges import Badge
from bot.challenges.earning import Told
from bot.challenges.records import Challenge
from bot.challenges.rules import Cheer
from bot.challenges.standing import Line
from bot.people import service as people
from bot.words import day_totals
from bot.words.day_totals import Together

Names = Mapping[Badge, Sequence[str | None]]  # None: someone who was not seen in the server


@dataclass(frozen=True, slots=True)
class Evening:
    """A day of a challenge, and how the room stands at its end: what is of later days, where these
    have begun, is none of it. `halfway`: who is the first of those who are listed past it."""

    challenge: Challenge
    day: int
    days: int
    total: int
    target: int
    par: int
    wrote: Together
    members: int
    cheer: Cheer
    halfway: str | None
    badges: Names


@dataclass(frozen=True, slots=True)
class Final:
    """What came of a challenge. `lines`: those of one page who are listed and wrote, by the share
    of their target; the badges are on the first."""

    challenge: Challenge
    total: int
    writers: int
    lines: list[Line]
    badges: Names


def evening(conn: Connection, challenge_id: int, ordinal: int) -> Evening | None:
    """The day of this ordinal; None where the challenge is gone."""
    challenge = records.find(conn, challenge_id)
    if challenge is None:
        return None
    today = date.fromordinal(ordinal)
    members = records.challengers_of(conn, challenge)
    wrote = day_totals.by_day(conn, challenge.within, records.persons(challenge))
    told = earning.told(conn, challenge, today)
    names = _names(conn, challenge, told)
    halfway = next((one for one in told if one.badge is Badge.HALFWAY and one.first), None)
    return Evening(
        challenge,
        *standing.day_of(challenge, today),
        sum(one.amount for day, one in wrote.items() if day <= today),
        sum(one.target for one in members),
        sum(rules.par(one.target, one.first, challenge.last, today) for one in members),
        wrote.get(today, Together(0, 0)),
        len(members),
        rules.cheer(wrote, today, len(members), first_past_halfway=halfway is not None),
        None if halfway is None else names.get(halfway.person_id),
        _by_badge(told, names),
    )


def final(conn: Connection, challenge_id: int, page: int) -> Final | None:
    """A page, counted from 0; None where the challenge is gone."""
    challenge = records.find(conn, challenge_id)
    if challenge is None:
        return None
    members = records.challengers_of(conn, challenge)
    written = day_totals.by_person(conn, challenge.within, records.persons(challenge))
    wrote = [one for one in standing.ranked(members, written) if written.get(one.person_id, 0) > 0]
    these = wrote[page * course.NAMES_A_PAGE : (page + 1) * course.NAMES_A_PAGE]
    told = [] if page else earning.told(conn, challenge, course.end_of(challenge))
    return Final(
        challenge,
        sum(written.values()),
        sum(amount > 0 for amount in written.values()),
        standing.lines_of(conn, challenge, these, written),
        _by_badge(told, _names(conn, challenge, told)),
    )


def _names(conn: Connection, challenge: Challenge, told: Sequence[Told]) -> dict[int, str]:
    return people.names_of(conn, challenge.guild_id, {one.person_id for one in told})


def _by_badge(told: Sequence[Told], names: Mapping[int, str]) -> Names:
    found: dict[Badge, list[str | None]] = {}
    for one in told:
        found.setdefault(one.badge, []).append(names.get(one.person_id))
    return found
