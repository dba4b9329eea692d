"""A writer's streak, and the word before midnight for those who ask for it."""

from datetime import date, timedelta

from sqlalchemy import Connection, select, update

from bot.delivery import service as outbox
from bot.delivery.loop import Hooks
from bot.delivery.rules import Row as Message
from bot.jobs import service as jobs
from bot.jobs.service import Job
from bot.people import service as people
from bot.people.service import Member
from bot.people.times import Slot, instant, next_slot
from bot.words import days, ledger, projects, streak_rules
from bot.words.streak_rules import Streak
from bot.words.tables import writers

WARNING = "words.warning"  # the kind of job, its key the person's id; and of message


def streak(conn: Connection, person_id: int, today: date) -> Streak:
    return streak_rules.count(ledger.days(conn, person_id), today)


def in_danger(conn: Connection, person_id: int, today: date) -> Streak | None:
    """The streak that is running, if nothing is logged today."""
    found = streak(conn, person_id, today)
    return found if found.length and not found.written_today else None


def ask_warning(conn: Connection, member: Member, minute: int | None, now: int) -> None:
    """Have the member told at this minute of each day (None: never) if their streak is in danger.
    Without a zone of their own they go by that of the server they ask in."""
    person_id = people.person_id(conn, member, now)
    projects.default(conn, person_id, now)
    conn.execute(
        update(writers)
        .where(writers.c.person_id == person_id)
        .values(warning_minute=minute, warning_guild_id=member.guild_id)
    )
    _set_timer(conn, person_id, now)


def warning_minute(conn: Connection, person_id: int) -> int | None:
    """The minute of the day at which they are warned; None: never."""
    found: int | None = conn.scalar(
        select(writers.c.warning_minute).where(writers.c.person_id == person_id)
    )
    return found


def reschedule_warning(conn: Connection, member: Member, now: int) -> None:
    """The member's time zone has changed, and with it when they are warned."""
    person_id = people.find(conn, member.discord_id)
    if person_id is not None:
        _set_timer(conn, person_id, now)


def on_warning(conn: Connection, job: Job, now: int) -> None:
    """The minute has come. Once its day is over there is nothing to warn of."""
    person_id = int(job.key)
    slot = _set_timer(conn, person_id, now)
    channel_id = people.dm_channel(conn, person_id)
    if slot is None or channel_id is None:
        return
    today = days.local_day(job.due, slot.zone)
    midnight = instant(Slot(0, slot.zone), today + timedelta(days=1))
    if now < midnight and in_danger(conn, person_id, today):
        ordinal = today.toordinal()
        outbox.add(
            conn, WARNING, person_id, guild_id=None, channel_id=channel_id,
            parts=range(ordinal, ordinal + 1), not_after=midnight,
        )  # fmt: skip


def _stop(conn: Connection, row: Message, now: int) -> None:
    """They take no messages from the bot: it tries no more until they ask again."""
    conn.execute(
        update(writers).where(writers.c.person_id == row.subject).values(warning_minute=None)
    )
    _set_timer(conn, row.subject, now)


JOBS = {WARNING: on_warning}
HOOKS = {WARNING: Hooks(gone=_stop, refused=_stop, blocked=_stop)}


def _set_timer(conn: Connection, person_id: int, now: int) -> Slot | None:
    """Set it to the next coming of the minute, which is returned with its zone, or to none."""
    row = conn.execute(
        select(writers.c.warning_minute, writers.c.warning_guild_id)
        .where(writers.c.person_id == person_id)
        .with_for_update()
    ).one_or_none()
    if row is None or row.warning_minute is None:
        jobs.cancel(conn, WARNING, str(person_id))
        return None
    zone = people.zone_of_person(conn, person_id, row.warning_guild_id).zone
    slot = Slot(row.warning_minute, zone)
    _, due = next_slot(slot, now)
    jobs.schedule(conn, WARNING, str(person_id), due)
    return slot
