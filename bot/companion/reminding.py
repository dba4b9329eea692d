"""A word by direct message to those who want to read on tomorrow."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from bot.companion.tables import places
from bot.delivery import service as outbox
from bot.jobs import service as jobs
from bot.jobs.service import Job
from bot.people import service as people
from bot.people import times
from bot.people.service import Member
from bot.people.times import Slot
from bot.serials import records
from bot.serials.records import Serial

REMINDER = "story.reminder"  # the kind of job, its key from _key; and of message, about a serial
LATEST = 12 * 3_600_000  # ms after its hour: later than this it would only disturb


def tomorrow(now: int, zone: ZoneInfo) -> int:
    """The instant at which the clock shows the same as now, a day later."""
    here = times.local(now, zone)
    return times.instant(Slot(here.hour * 60 + here.minute, zone), here.date() + timedelta(days=1))


def remind_tomorrow(
    conn: Connection, member: Member, serial: Serial, channel_id: int, now: int
) -> int:
    """Remind the reader of the story at this hour of their tomorrow, in the channel that is theirs
    alone. Asked again, it is moved. Returns the instant."""
    person_id = people.person_id(conn, member, now)
    people.set_dm_channel(conn, member.discord_id, channel_id)
    due = tomorrow(now, people.zone_of_person(conn, person_id, serial.guild_id).zone)
    jobs.schedule(conn, REMINDER, _key(serial.story.id, person_id), due)
    return due


def on_time(conn: Connection, job: Job, now: int) -> None:
    story_id, person_id = map(int, job.key.split(":"))
    serial = records.of_story(conn, story_id)
    channel_id = people.dm_channel(conn, person_id)
    if serial is not None and channel_id is not None:
        outbox.add(
            conn, REMINDER, serial.id, guild_id=None, channel_id=channel_id,
            parts=range(job.due, job.due + 1), not_after=job.due + LATEST,
        )  # fmt: skip


def held(conn: Connection, person_id: int) -> list[dict[str, object]]:
    due = jobs.due_by_key(conn, REMINDER, _keys(conn, person_id))
    return [{"story_id": int(key.split(":")[0]), "due_at": when} for key, when in due.items()]


def erase(conn: Connection, person_id: int) -> None:
    for key in _keys(conn, person_id):
        jobs.cancel(conn, REMINDER, key)


JOBS = {REMINDER: on_time}


def _key(story_id: int, person_id: int) -> str:
    return f"{story_id}:{person_id}"


def _keys(conn: Connection, person_id: int) -> list[str]:
    """Of all that there may be: who is reminded of a story has read in it."""
    read = conn.scalars(select(places.c.story_id).where(places.c.person_id == person_id))
    return [_key(story_id, person_id) for story_id in read]
