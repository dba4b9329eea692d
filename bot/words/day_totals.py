"""What a server's writers wrote by day, so that a month of a thousand of them adds up at once: what
was entered in that server, and is not left off its boards."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, Select, func, select, update

from bot.db.metadata import upsert
from bot.jobs import service as jobs
from bot.words.amounts import Unit
from bot.words.tables import day_totals

# The kind of a job that comes soon after a change; its key is the server's id.
WRITTEN = "words.written"
SOON = 30_000  # ms, in which changes are gathered

_ADDED = upsert(day_totals)
_ADD = _ADDED.on_conflict_do_update(
    index_elements=list(day_totals.primary_key),
    set_={
        "amount": day_totals.c.amount + _ADDED.excluded.amount,
        "entries": day_totals.c.entries + _ADDED.excluded.entries,
        "changed": 1,
    },
)


@dataclass(frozen=True, slots=True)
class Within:
    """A server's entries in a unit, from one day to another, both included."""

    guild_id: int
    unit: Unit
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Day:
    """What one person wrote on one day. `entries`: zero counts as well."""

    amount: int
    entries: int


@dataclass(frozen=True, slots=True)
class Together:
    """What several wrote on one day, and how many made an entry."""

    amount: int
    writers: int


def add(
    conn: Connection,
    guild_id: int,
    unit: Unit,
    person_id: int,
    day: date,
    amount: int,
    entries: int,
    now: int,
) -> None:
    """The ledger changes by so much. Whoever waits for it is told first, in the same order
    always, so that two who write at once wait for each other only once."""
    jobs.hasten(conn, WRITTEN, str(guild_id), now + SOON)
    values = {
        "guild_id": guild_id, "unit": unit, "person_id": person_id, "day": day.isoformat(),
        "amount": amount, "entries": entries, "changed": 1,
    }  # fmt: skip
    conn.execute(_ADD, values)


def take_changed(conn: Connection, guild_id: int) -> set[int]:
    """Whose days have changed since this was last asked."""
    return set(
        conn.scalars(
            update(day_totals)
            .where(day_totals.c.guild_id == guild_id, day_totals.c.changed == 1)
            .values(changed=0)
            .returning(day_totals.c.person_id)
        )
    )


def by_person(conn: Connection, within: Within, persons: Select[tuple[int]]) -> dict[int, int]:
    """What each of these wrote; who has nothing is left out."""
    rows = conn.execute(
        select(day_totals.c.person_id, func.sum(day_totals.c.amount))
        .where(*_is(within), day_totals.c.person_id.in_(persons))
        .group_by(day_totals.c.person_id)
    )
    return {person_id: int(amount) for person_id, amount in rows}


def by_day(conn: Connection, within: Within, persons: Select[tuple[int]]) -> dict[date, Together]:
    """What these wrote together on each day, in order; days without an entry are left out."""
    rows = conn.execute(
        select(day_totals.c.day, func.sum(day_totals.c.amount), func.count())
        .where(
            *_is(within),
            day_totals.c.person_id.in_(persons),
            day_totals.c.entries > 0,
        )
        .group_by(day_totals.c.day)
        .order_by(day_totals.c.day)
    )
    return {
        date.fromisoformat(day): Together(int(amount), writers) for day, amount, writers in rows
    }


def of(conn: Connection, within: Within, person_ids: Collection[int]) -> dict[int, dict[date, Day]]:
    """The days on which each of these made an entry, in order."""
    rows = conn.execute(
        select(day_totals)
        .where(
            *_is(within),
            day_totals.c.person_id.in_(person_ids),
            day_totals.c.entries > 0,
        )
        .order_by(day_totals.c.day)
    )
    found: defaultdict[int, dict[date, Day]] = defaultdict(dict)
    for row in rows:
        found[row.person_id][date.fromisoformat(row.day)] = Day(row.amount, row.entries)
    return found


def _is(within: Within) -> tuple[ColumnElement[bool], ...]:
    return (
        day_totals.c.guild_id == within.guild_id,
        day_totals.c.unit == within.unit,
        day_totals.c.day.between(within.first.isoformat(), within.last.isoformat()),
    )
