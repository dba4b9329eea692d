"""On Sundays an author is told privately how the week's parts were received."""

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.companion import service as companion
from bot.companion.readership import Standing, readership
from bot.delivery import service as outbox
from bot.jobs.service import Job
from bot.people import service as people
from bot.serials import pages, posting, records
from bot.serials.pages import Part
from bot.serials.records import WEEKLY, Serial

WEEK = 7 * 24 * 3_600_000  # ms
LATE = 2 * 24 * 3_600_000  # ms: a note later than this is left out


@dataclass(frozen=True, slots=True)
class Received:
    """A part of the week, how many pressed "I've read this", and the messages that it is."""

    part: Part
    readers: int
    message_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Week:
    """`stops`: where most readers stand who are not caught up."""

    serial: Serial
    parts: tuple[Received, ...]
    stops: list[Standing]
    left: int
    next: int | None


def on_sunday(conn: Connection, job: Job, now: int) -> None:
    """The next note is settled with the next part that is published."""
    serial = records.find(conn, int(job.key))
    if serial is None or now - job.due > LATE:
        return
    channel_id = people.dm_channel(conn, serial.story.owner_id)
    if channel_id is not None:
        second = job.due // 1000
        outbox.add(
            conn, WEEKLY, serial.id, guild_id=None, channel_id=channel_id,
            parts=range(second, second + 1),
        )  # fmt: skip


def week(conn: Connection, serial_id: int, until: int) -> Week | None:
    """The week that ends at an instant; None where the serial is gone."""
    serial = records.find(conn, serial_id)
    if serial is None:
        return None
    schedule = records.schedule_of(conn, serial)
    return Week(
        serial,
        tuple(
            Received(part, companion.readers(conn, part.id), _message_ids(conn, serial, part))
            for part in pages.published_between(conn, serial_id, until - WEEK, until)
        ),
        readership(conn, serial).stops,
        posting.counts(conn, serial_id).left,
        schedule.next if schedule else None,
    )


def _message_ids(conn: Connection, serial: Serial, part: Part) -> tuple[int, ...]:
    rows = outbox.messages(conn, posting.EXCERPT, part.id)
    return tuple(
        row.message_id
        for row in rows
        if row.message_id is not None and row.channel_id == serial.channel_id
    )
