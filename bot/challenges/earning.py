"""Badges that are granted, told once, and kept."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select, update

from bot.challenges import records
from bot.challenges.badges import ROWS, Badge, earned, kept_par
from bot.challenges.records import Challenge
from bot.challenges.tables import badges
from bot.db.metadata import upsert
from bot.people import service as people
from bot.words import day_totals, days, settings


@dataclass(frozen=True, slots=True)
class Told:
    """A badge that is told in a summary. `first`: nobody who was told of had it before."""

    person_id: int
    badge: Badge
    first: bool


def grant(
    conn: Connection, challenge: Challenge, now: int, among: Collection[int] | None = None
) -> None:
    """Grant everyone, or those `among` these persons, what they have earned. Who keeps their streak
    to themselves gets none for days in a row."""
    members = records.challengers_of(conn, challenge, among)
    ids = {one.person_id for one in members}
    written = day_totals.of(conn, challenge.within, ids)
    zones = people.zones_of(conn, challenge.guild_id, ids)
    had = {
        (row.person_id, row.badge)
        for row in conn.execute(
            select(badges).where(badges.c.challenge_id == challenge.id, badges.c.person_id.in_(ids))
        )
    }
    new = []
    for one in members:
        theirs = written.get(one.person_id, {})
        found = earned(theirs, challenge.unit, one.target)
        over = days.local_day(now, zones[one.person_id]) > challenge.last
        if over and kept_par(theirs, one.target, one.first, challenge.last):
            found.add(Badge.PAR_EVERY_DAY)
        if found & ROWS.keys() and settings.streak_hidden(conn, one.person_id):
            found -= ROWS.keys()
        new += [(one.person_id, badge) for badge in found if (one.person_id, badge) not in had]
    if new:
        conn.execute(
            upsert(badges).on_conflict_do_nothing(),
            [
                {
                    "challenge_id": challenge.id,
                    "person_id": person_id,
                    "badge": badge,
                    "granted_at": now,
                }
                for person_id, badge in new
            ],
        )


def of_person(conn: Connection, challenge: Challenge, person_id: int) -> list[Badge]:
    """In the order in which they are told."""
    had = set(
        conn.scalars(
            select(badges.c.badge).where(
                badges.c.challenge_id == challenge.id, badges.c.person_id == person_id
            )
        )
    )
    return [badge for badge in Badge if badge in had]


def tell(conn: Connection, challenge: Challenge, day: date) -> None:
    """What has not been told of those who take part is told on this day."""
    conn.execute(
        update(badges)
        .where(
            badges.c.challenge_id == challenge.id,
            badges.c.said_on.is_(None),
            badges.c.person_id.in_(records.persons(challenge)),
        )
        .values(said_on=day.isoformat())
    )


def tell_later(conn: Connection, challenge_id: int, day: date) -> None:
    """What was to be told on this day has not been."""
    conn.execute(
        update(badges)
        .where(badges.c.challenge_id == challenge_id, badges.c.said_on == day.isoformat())
        .values(said_on=None)
    )


def told(conn: Connection, challenge: Challenge, day: date) -> list[Told]:
    """What is told on this day of those who are listed, in order; whoever earned it first comes
    first."""
    listed = {one.person_id for one in records.challengers_of(conn, challenge) if one.listed}
    rows = conn.execute(
        select(badges)
        .where(
            badges.c.challenge_id == challenge.id,
            badges.c.said_on <= day.isoformat(),
            badges.c.person_id.in_(listed),
        )
        .order_by(badges.c.granted_at, badges.c.person_id)
    ).all()
    first = {row.badge: row.person_id for row in reversed(rows)}
    found = [
        Told(row.person_id, Badge(row.badge), first[row.badge] == row.person_id)
        for row in rows
        if row.said_on == day.isoformat()
    ]
    return sorted(found, key=lambda one: list(Badge).index(one.badge))
