"""What came of a round."""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.people import service as people
from bot.people.service import Member
from bot.sprints import records, rules
from bot.sprints.records import Best, Participant, Round


@dataclass(frozen=True, slots=True)
class Line:
    """One who counted. `wpm` is over their own minutes, `wpm_of_all` over the round's; `minutes`
    their own. `best`: faster than in any sprint of theirs here before."""

    who: Participant
    place: int
    written: int
    minutes: int
    wpm: int
    wpm_of_all: int
    best: bool


@dataclass(frozen=True, slots=True)
class Results:
    lines: tuple[Line, ...]
    unconfirmed: tuple[Participant, ...]
    quiet: tuple[Participant, ...]
    silent: tuple[Participant, ...]

    @property
    def total(self) -> int:
        return sum(line.written for line in self.lines)


def best_of(conn: Connection, member: Member, guild_id: int | None = None) -> Best:
    """Everywhere, or in one server."""
    return records.best(conn, people.find(conn, member.discord_id) or 0, guild_id)


def of(conn: Connection, found: Round) -> Results:
    everyone = records.participants_of(conn, found)
    counted = sorted(
        (one for one in everyone if one.ranked), key=lambda one: one.written or 0, reverse=True
    )
    places = rules.places([one.written or 0 for one in counted])
    bests = records.bests_before(
        conn, found, {one.person_id for one in counted if one.person_id is not None}
    )
    rest = [one for one in everyone if not one.ranked]
    return Results(
        tuple(_line(found, one, place, bests) for one, place in zip(counted, places, strict=True)),
        tuple(one for one in rest if not one.confirmed),
        tuple(one for one in rest if one.confirmed and one.quiet),
        tuple(one for one in rest if one.confirmed and not one.quiet and not one.left),
    )


def line_of(conn: Connection, member: Member, found: Round) -> Line | None:
    """The member's own line; None where they are not ranked."""
    lines = of(conn, found).lines
    return next((line for line in lines if line.who.discord_id == member.discord_id), None)


def _line(found: Round, who: Participant, place: int, bests: dict[int, int]) -> Line:
    written = who.written or 0
    time = rules.own_time(found.starts_at, found.ends_at, who.joined_at)
    speed = rules.wpm(written, time)
    whole = rules.own_time(found.starts_at, found.ends_at, found.starts_at)
    long_enough = time >= rules.SHORTEST_FOR_BEST
    best = long_enough and speed > bests.get(who.person_id or 0, speed)
    return Line(
        who, place, written, round(time / rules.MINUTE), speed, rules.wpm(written, whole), best
    )
