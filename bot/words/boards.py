"""A server's leaderboard: those who want to be on it, with what they logged in that server for all
to see."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    Connection,
    Subquery,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)

from bot.db.metadata import upsert
from bot.errors import NotFound
from bot.people import service as people
from bot.words import day_totals, days
from bot.words.amounts import Unit
from bot.words.goal_rules import Period, span
from bot.words.shown import STANDS, entered_in
from bot.words.tables import entries, listed

PLACES = 15
MOST_ENTRIES = 23  # that a menu holds beside two choices for what is private


class Over(StrEnum):
    """The time that a leaderboard is over."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Standing:
    """`name` is None for someone whom the bot has not seen in the server."""

    place: int
    person_id: int
    name: str | None
    amount: int


@dataclass(frozen=True, slots=True)
class Own:
    """One's own place on a leaderboard; None for someone who has nothing on it."""

    listed: bool
    place: int | None
    amount: int


@dataclass(frozen=True, slots=True)
class Entered:
    """A public entry as a server's moderators see it."""

    id: int
    day: date
    unit: Unit
    amount: int
    made_at: int
    left_off: bool


def leaderboard(
    conn: Connection, guild_id: int, over: Over, unit: Unit, now: int
) -> list[Standing]:
    """The first places, with all who tie for the last of them, by the server's calendar; a date of
    a writer's is their own."""
    ranked = _ranked(conn, guild_id, over, unit, now)
    rows = conn.execute(
        select(ranked).where(ranked.c.place <= PLACES).order_by(ranked.c.place, ranked.c.person_id)
    ).all()
    names = people.names_of(conn, guild_id, {row.person_id for row in rows})
    return [
        Standing(row.place, row.person_id, names.get(row.person_id), int(row.amount))
        for row in rows
    ]


def own_place(
    conn: Connection, guild_id: int, person_id: int, over: Over, unit: Unit, now: int
) -> Own:
    """Where the person is on the leaderboard, however far down."""
    ranked = _ranked(conn, guild_id, over, unit, now)
    row = conn.execute(select(ranked).where(ranked.c.person_id == person_id)).one_or_none()
    if row is not None:
        return Own(True, row.place, int(row.amount))
    return Own(is_listed(conn, guild_id, person_id), None, 0)


def _ranked(conn: Connection, guild_id: int, over: Over, unit: Unit, now: int) -> Subquery:
    """Everyone on the leaderboard with their place; equals share one."""
    today = days.local_day(now, people.guild_zone(conn, guild_id).zone)
    within = []
    if over is not Over.ALL:
        first, last = span(Period(over), today, people.week_begins(conn, guild_id))
        within.append(entries.c.day.between(first.isoformat(), last.isoformat()))
    amount = func.sum(entries.c.amount)
    on_it = and_(listed.c.guild_id == entries.c.guild_id, listed.c.person_id == entries.c.person_id)
    return (
        select(
            entries.c.person_id,
            amount.label("amount"),
            func.rank().over(order_by=amount.desc()).label("place"),
        )
        .join(listed, on_it)
        .where(entered_in(guild_id), entries.c.unit == unit, *within)
        .group_by(entries.c.person_id)
        .having(amount > 0)
        .subquery()
    )


def is_listed(conn: Connection, guild_id: int, person_id: int) -> bool:
    return bool(
        conn.scalar(
            select(func.count())
            .select_from(listed)
            .where(listed.c.guild_id == guild_id, listed.c.person_id == person_id)
        )
    )


def set_listed(conn: Connection, guild_id: int, person_id: int, wanted: bool) -> None:
    """Whether the person is on the server's leaderboard."""
    if wanted:
        conn.execute(
            upsert(listed).values(guild_id=guild_id, person_id=person_id).on_conflict_do_nothing()
        )
    else:
        conn.execute(
            delete(listed).where(listed.c.guild_id == guild_id, listed.c.person_id == person_id)
        )


def entries_here(
    conn: Connection, guild_id: int, person_id: int, limit: int = MOST_ENTRIES
) -> list[Entered]:
    """What the person logged in the server for all to see, newest first."""
    part = entries.alias("part")
    corrections = (
        select(func.coalesce(func.sum(part.c.amount), 0))
        .where(part.c.root_id == entries.c.id)
        .scalar_subquery()
    )
    rows = conn.execute(
        select(entries, (entries.c.amount + corrections).label("stands"))
        .where(
            entries.c.person_id == person_id,
            entries.c.guild_id == guild_id,
            entries.c.public == 1,
            entries.c.root_id.is_(None),
            entries.c.void == 0,
        )
        .order_by(entries.c.id.desc())
        .limit(limit)
    )
    return [
        Entered(
            row.id, date.fromisoformat(row.day), Unit(row.unit), int(row.stands), row.made_at,
            bool(row.left_off),
        )
        for row in rows
    ]  # fmt: skip


def leave_off(conn: Connection, guild_id: int, entry_id: int, off: bool, now: int) -> None:
    """Whether an entry stays off the boards of the server it was made in, wherever its writer has
    moved it. It is theirs all the same. Raises NotFound."""
    origin = conn.scalar(
        select(func.coalesce(entries.c.origin_id, entries.c.id)).where(
            entries.c.id == entry_id, entries.c.guild_id == guild_id, entries.c.root_id.is_(None)
        )
    )
    if origin is None:
        raise NotFound("That entry is not here any more.")
    # As the ledger does before it corrects or moves an entry.
    conn.execute(select(entries.c.id).where(entries.c.id == origin).with_for_update())
    roots = select(entries.c.id).where(or_(entries.c.id == origin, entries.c.origin_id == origin))
    _set_left_off(
        conn, guild_id, or_(entries.c.id.in_(roots), entries.c.root_id.in_(roots)), off, now
    )


def leave_private_off(conn: Connection, guild_id: int, person_id: int, off: bool, now: int) -> None:
    """Whether all that the person has logged privately in the server by now stays out of its
    challenges. Whether there is any, nobody is told."""
    private = and_(
        entries.c.person_id == person_id, entries.c.guild_id == guild_id, entries.c.public == 0
    )
    conn.execute(select(entries.c.id).where(private).with_for_update())
    _set_left_off(conn, guild_id, private, off, now)


def _set_left_off(
    conn: Connection, guild_id: int, which: ColumnElement[bool], off: bool, now: int
) -> None:
    those = which, entries.c.left_off != int(off)
    whose = entries.c.person_id, entries.c.unit, entries.c.day
    days_of_it = conn.execute(
        select(*whose, func.sum(entries.c.amount), func.sum(STANDS)).where(*those).group_by(*whose)
    ).all()
    conn.execute(update(entries).where(*those).values(left_off=int(off)))
    sign = -1 if off else 1
    for person_id, unit, day, amount, standing in days_of_it:
        day_totals.add(
            conn, guild_id, Unit(unit), person_id, date.fromisoformat(day), sign * int(amount),
            sign * int(standing), now,
        )  # fmt: skip
