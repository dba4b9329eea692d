"""The quote of the day, where a server wants one."""

from collections.abc import Collection
from datetime import date
from random import Random

from sqlalchemy import Connection, delete, func, select, update

from bot.companion import quotes as service
from bot.companion.quotes import DAILY, Quote
from bot.companion.tables import quote_days, quote_times, quotes
from bot.db.metadata import upsert
from bot.delivery import service as outbox
from bot.jobs import service as jobs
from bot.jobs.service import Job
from bot.people import service as people
from bot.people.times import Slot, next_slot
from bot.serials import records

ENOUGH = 7  # quotes to choose from: a week in which none comes twice
LATE = 6 * 3_600_000  # ms: a day's quote later than this is left out


def start(conn: Connection, guild_id: int, channel_id: int, minute: int, now: int) -> int:
    """Post one a day in the channel, at a local time of the server's. Returns when the next is."""
    values = {"channel_id": channel_id, "minute": minute}
    conn.execute(
        upsert(quote_times)
        .values(guild_id=guild_id, **values)
        .on_conflict_do_update(index_elements=[quote_times.c.guild_id], set_=values)
    )
    return _set_timer(conn, guild_id, minute, now)


def stop(conn: Connection, guild_id: int) -> bool:
    """False where there was none."""
    jobs.cancel(conn, DAILY, str(guild_id))
    stopped = conn.execute(delete(quote_times).where(quote_times.c.guild_id == guild_id))
    return stopped.rowcount == 1


def reschedule(conn: Connection, guild_id: int, now: int) -> None:
    """The server's time zone has changed."""
    minute = conn.scalar(select(quote_times.c.minute).where(quote_times.c.guild_id == guild_id))
    if minute is not None:
        _set_timer(conn, guild_id, minute, now)


def on_time(conn: Connection, job: Job, now: int) -> None:
    """Promise the day's quote, which is chosen when it is posted."""
    guild_id = int(job.key)
    row = conn.execute(
        select(quote_times).where(quote_times.c.guild_id == guild_id).with_for_update()
    ).one_or_none()
    if row is None or jobs.due_at(conn, DAILY, job.key) != job.due:
        return  # stopped or moved since the job was claimed
    day, _ = next_slot(Slot(row.minute, people.guild_zone(conn, guild_id).zone), job.due - 1)
    day_id = conn.scalar(
        upsert(quote_days)
        .values(guild_id=guild_id, day=day.isoformat())
        .on_conflict_do_nothing()
        .returning(quote_days.c.id)
    )
    if day_id is not None and now - job.due < LATE:
        outbox.add(
            conn, DAILY, day_id, guild_id=guild_id, channel_id=row.channel_id,
            not_after=job.due + LATE,
        )  # fmt: skip
    _set_timer(conn, guild_id, row.minute, now)


def of_the_day(
    conn: Connection, day_id: int, channel_id: int, seen_by_all: Collection[int]
) -> Quote | None:
    """The day's quote for a channel, chosen the first time by nothing but the date: one that was
    not shown yet, else of those shown longest ago. It is of a story that is posted in this channel
    or in one that everyone sees who sees this one, and that is not for adults. None where it no
    longer is, and where there are too few to choose from."""
    row = conn.execute(select(quote_days).where(quote_days.c.id == day_id)).one_or_none()
    if row is None:
        return None
    channels = {channel_id, *seen_by_all}
    shown = [
        serial.story.id
        for serial in records.in_guild(conn, row.guild_id)
        if serial.channel_id in channels and not serial.story.rating.for_adults
    ]
    last = func.coalesce(func.max(quote_days.c.day), "").label("last")
    there = conn.execute(
        select(quotes.c.id, last)
        .outerjoin(quote_days, quote_days.c.quote_id == quotes.c.id)
        .where(quotes.c.story_id.in_(shown), quotes.c.removed_at.is_(None))
        .group_by(quotes.c.id)
        .order_by(quotes.c.id)
    )
    days = {one.id: one.last for one in there}
    chosen = row.quote_id
    if chosen is None and len(days) >= ENOUGH:
        longest_ago = min(days.values())
        chosen = Random(row.day).choice([one for one, day in days.items() if day == longest_ago])
        conn.execute(update(quote_days).where(quote_days.c.id == day_id).values(quote_id=chosen))
    return service.get(conn, row.guild_id, chosen) if chosen in days else None


def _set_timer(conn: Connection, guild_id: int, minute: int, now: int) -> int:
    """A date is used once, whatever happens to clocks and zones."""
    used = conn.scalar(select(func.max(quote_days.c.day)).where(quote_days.c.guild_id == guild_id))
    slot = Slot(minute, people.guild_zone(conn, guild_id).zone)
    _, due = next_slot(slot, now, date.fromisoformat(used) if used else None)
    jobs.schedule(conn, DAILY, str(guild_id), due, guild_id)
    return due
