"""Challenges as they are read, and the messages that belong to one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, Select, select

from bot.challenges.tables import challengers, challenges
from bot.errors import NotFound
from bot.words.amounts import Unit
from bot.words.day_totals import Within

# Kinds of message, each with the challenge's id as its subject; of job too, but for the board.
BOARD = "challenge.board"
SUMMARY = "challenge.summary"  # its part is the day's ordinal
FINAL = "challenge.final"
HOMELESS = "challenge.homeless"  # its channel is gone, and it needs another
KINDS = (BOARD, SUMMARY, FINAL, HOMELESS)


class State(StrEnum):
    RUNNING = "running"  # also before its first day
    OVER = "over"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Challenge:
    id: int
    guild_id: int
    channel_id: int
    title: str
    unit: Unit
    amount: int
    first: date
    last: date
    state: State

    @property
    def running(self) -> bool:
        return self.state is State.RUNNING

    @property
    def over(self) -> bool:
        return self.state is State.OVER

    @property
    def within(self) -> Within:
        """What counts towards it."""
        return Within(self.guild_id, self.unit, self.first, self.last)


@dataclass(frozen=True, slots=True)
class Challenger:
    """Someone who takes part. Their par is from their own `first` day on."""

    person_id: int
    target: int
    first: date
    listed: bool


def find(conn: Connection, challenge_id: int) -> Challenge | None:
    row = conn.execute(select(challenges).where(challenges.c.id == challenge_id)).mappings()
    found = row.one_or_none()
    return None if found is None else _challenge(found)


def get(conn: Connection, guild_id: int, challenge_id: int) -> Challenge:
    """Raises NotFound, also for another server's."""
    found = find(conn, challenge_id)
    if found is None or found.guild_id != guild_id:
        raise NotFound("That challenge is not here any more.")
    return found


def running(conn: Connection, guild_id: int) -> list[Challenge]:
    rows = conn.execute(
        select(challenges)
        .where(challenges.c.guild_id == guild_id, challenges.c.state == State.RUNNING)
        .order_by(challenges.c.id)
    )
    return [_challenge(row) for row in rows.mappings()]


def to_look_at(conn: Connection, guild_id: int) -> list[Challenge]:
    """Those that run, or where none does, the last that was brought to its end."""
    if found := running(conn, guild_id):
        return found
    rows = conn.execute(
        select(challenges)
        .where(challenges.c.guild_id == guild_id, challenges.c.state == State.OVER)
        .order_by(challenges.c.last_day.desc(), challenges.c.id.desc())
        .limit(1)
    )
    return [_challenge(row) for row in rows.mappings()]


def persons(challenge: Challenge) -> Select[tuple[int]]:
    """The query for the ids of those who take part."""
    return select(challengers.c.person_id).where(
        challengers.c.challenge_id == challenge.id, challengers.c.left_at.is_(None)
    )


def challengers_of(
    conn: Connection, challenge: Challenge, among: Collection[int] | None = None
) -> list[Challenger]:
    """Those who take part, or those of them `among` these persons."""
    these = () if among is None else (challengers.c.person_id.in_(among),)
    columns = challengers.c["person_id", "target", "first_day", "listed"]
    rows = conn.execute(
        select(*columns).where(
            challengers.c.challenge_id == challenge.id, challengers.c.left_at.is_(None), *these
        )
    )
    return [
        Challenger(person_id, target, date.fromisoformat(first), bool(listed))
        for person_id, target, first, listed in rows
    ]


def _challenge(row: RowMapping) -> Challenge:
    return Challenge(
        row["id"],
        row["guild_id"],
        row["channel_id"],
        row["title"],
        Unit(row["unit"]),
        row["amount"],
        date.fromisoformat(row["first_day"]),
        date.fromisoformat(row["last_day"]),
        State(row["state"]),
    )
