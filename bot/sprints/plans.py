"""Recurring sprints: a local time of the server's, on some weekdays."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.errors import Conflict, NotFound
from bot.jobs import service as jobs
from bot.jobs.service import Job
from bot.people import service as people
from bot.people.times import Slot, next_slot
from bot.sprints import records, service
from bot.sprints.rules import MINUTE
from bot.sprints.service import Asked
from bot.sprints.tables import plans
from bot.words import days

COMING = "sprint.plan"  # the kind of job, its key the plan's id
NOTICE = 10 * MINUTE  # from the board to the start
MOST_PLANS = 25  # a server


@dataclass(frozen=True, slots=True)
class Plan:
    """`next` is the instant of its next start."""

    id: int
    channel_id: int
    slot: Slot
    minutes: int
    rounds: int
    title: str | None
    next: int


def add(
    conn: Connection,
    guild_id: int,
    channel_id: int,
    *,
    minute: int,
    weekdays: frozenset[int],
    asked: Asked,
    now: int,
    interaction_id: int,
) -> list[Plan]:
    """Plan a sprint for every coming of a local time. Returns the server's plans, also those in
    channels that not everyone sees. Raises Conflict."""
    zone = people.guild_zone(conn, guild_id).zone
    known = conn.scalar(select(plans.c.id).where(plans.c.interaction_id == interaction_id))
    count = select(func.count()).select_from(plans).where(plans.c.guild_id == guild_id)
    if known is None:
        if conn.scalars(count).one() >= MOST_PLANS:
            raise Conflict(f"A server has {MOST_PLANS} plans at most. Remove one first.")
        plan_id = conn.execute(
            insert(plans)
            .values(
                guild_id=guild_id, channel_id=channel_id, minute=minute,
                weekdays="".join(map(str, sorted(weekdays))), title=service.clean(asked.title),
                minutes=asked.minutes or records.minutes(conn, guild_id, channel_id),
                rounds=asked.rounds, pause=asked.pause, interaction_id=interaction_id,
            )
            .returning(plans.c.id)
        ).scalar_one()  # fmt: skip
        _set_timer(conn, guild_id, plan_id, Slot(minute, zone, weekdays), now)
    return in_guild(conn, guild_id)


def in_guild(conn: Connection, guild_id: int) -> list[Plan]:
    zone = people.guild_zone(conn, guild_id).zone
    rows = conn.execute(
        select(plans).where(plans.c.guild_id == guild_id).order_by(plans.c.id)
    ).all()
    due = jobs.due_by_key(conn, COMING, [str(row.id) for row in rows])
    return [
        Plan(
            row.id,
            row.channel_id,
            _slot(row, zone),
            row.minutes,
            row.rounds,
            row.title,
            due[str(row.id)] + NOTICE,
        )
        for row in rows
    ]


def remove(conn: Connection, guild_id: int, plan_id: int) -> None:
    dropped = conn.execute(delete(plans).where(plans.c.guild_id == guild_id, plans.c.id == plan_id))
    if not dropped.rowcount:
        raise NotFound("I know no such plan here. Pick one of the suggestions.")
    jobs.cancel(conn, COMING, str(plan_id))


def reschedule(conn: Connection, guild_id: int, now: int) -> None:
    """The server's time zone has changed, and with it when its plans come."""
    zone = people.guild_zone(conn, guild_id).zone
    for row in conn.execute(select(plans).where(plans.c.guild_id == guild_id)).all():
        _set_timer(conn, guild_id, row.id, _slot(row, zone), now, row.used_date)


def on_coming(conn: Connection, job: Job, now: int) -> None:
    """Put the board up, unless a sprint is on there or the time has passed."""
    row = conn.execute(
        select(plans).where(plans.c.id == int(job.key)).with_for_update()
    ).one_or_none()
    if row is None:
        return
    slot = _slot(row, people.guild_zone(conn, row.guild_id).zone)
    starts_at = job.due + NOTICE
    if now < starts_at + row.minutes * MINUTE:
        asked = Asked(starts_at, row.minutes, row.title, row.rounds, row.pause)
        with suppress(Conflict):
            service.start(conn, None, row.guild_id, row.channel_id, asked, now=now)
    used = days.local_day(starts_at, slot.zone).isoformat()
    conn.execute(update(plans).where(plans.c.id == row.id).values(used_date=used))
    _set_timer(conn, row.guild_id, row.id, slot, now, used)


def _set_timer(
    conn: Connection, guild_id: int, plan_id: int, slot: Slot, now: int, used: str | None = None
) -> None:
    """A date is used once, whatever happens to clocks and zones."""
    _, starts_at = next_slot(slot, now, date.fromisoformat(used) if used else None)
    jobs.schedule(conn, COMING, str(plan_id), starts_at - NOTICE, guild_id)


def _slot(row: Row[tuple[object, ...]], zone: ZoneInfo) -> Slot:
    return Slot(row.minute, zone, frozenset(map(int, row.weekdays)))
