"""A challenge's way from its board to its end. What is written in its server, each evening, and the
end of its last day take it on."""

from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import Connection, select, update

from bot.challenges import earning, records
from bot.challenges.records import BOARD, FINAL, HOMELESS, SUMMARY, Challenge, State
from bot.challenges.rules import ends_at
from bot.challenges.tables import challenges
from bot.delivery import service as outbox
from bot.delivery.loop import Hooks
from bot.delivery.rules import Row
from bot.jobs import service as jobs
from bot.jobs.service import Job
from bot.people import service as people
from bot.people.times import Slot, next_slot
from bot.words import day_totals, days
from bot.words.day_totals import SOON, WRITTEN

EVENING = 21 * 60  # minutes since midnight, in the server's time zone
LATE = 6 * 3_600_000  # ms: a summary later than this is left out
NAMES_A_PAGE = 20  # of the final message: these fit, however long they are


def begin(conn: Connection, challenge: Challenge, now: int) -> None:
    """Put the board up and set the timers."""
    _say(conn, BOARD, challenge)
    jobs.schedule(conn, WRITTEN, str(challenge.guild_id), now + SOON, challenge.guild_id)
    set_timers(conn, challenge, now)


def set_timers(conn: Connection, challenge: Challenge, now: int) -> None:
    """For its evenings and its end."""
    _set_evening(conn, challenge, now)
    jobs.schedule(conn, FINAL, str(challenge.id), ends_at(challenge.last), challenge.guild_id)


def on_written(conn: Connection, job: Job, now: int) -> None:
    """Something was written in the server, or a day of its own has begun."""
    if records.running(conn, int(job.key)):
        _look(conn, int(job.key), now)


def on_evening(conn: Connection, job: Job, now: int) -> None:
    challenge = records.find(conn, int(job.key))
    if challenge is None or jobs.due_at(conn, SUMMARY, job.key) != job.due:
        return  # moved since the job was claimed
    zone = people.guild_zone(conn, challenge.guild_id).zone
    day = days.local_day(job.due, zone)
    running = conn.execute(
        update(challenges)
        .where(challenges.c.id == challenge.id, challenges.c.state == State.RUNNING)
        .values(summed_up=day.isoformat())
    )
    if not running.rowcount:
        return
    if now - job.due < LATE:
        _look(conn, challenge.guild_id, now)
        earning.tell(conn, challenge, day)
        ordinal = day.toordinal()
        _say(conn, SUMMARY, challenge, range(ordinal, ordinal + 1), not_after=job.due + LATE)
    _set_evening(conn, challenge, now)


def on_last_day_over(conn: Connection, job: Job, now: int) -> None:
    challenge = records.find(conn, int(job.key))
    if challenge is not None:
        finish(conn, challenge, now)


def finish(conn: Connection, challenge: Challenge, now: int) -> bool:
    """The final message. False where it has come to an end already."""
    if not stop(conn, challenge, State.OVER):
        return False
    earning.grant(conn, challenge, now)
    earning.tell(conn, challenge, end_of(challenge))
    _say_end(conn, challenge)
    return True


def _say_end(conn: Connection, challenge: Challenge) -> None:
    written = day_totals.by_person(conn, challenge.within, records.persons(challenge))
    named = [one for one in records.challengers_of(conn, challenge) if one.listed]
    wrote = sum(written.get(one.person_id, 0) > 0 for one in named)
    _say(conn, FINAL, challenge, range(max(1, -(-wrote // NAMES_A_PAGE))))


def stop(conn: Connection, challenge: Challenge, state: State) -> bool:
    """Have nothing more happen. False where it has come to an end already."""
    stopped = conn.execute(
        update(challenges)
        .where(challenges.c.id == challenge.id, challenges.c.state == State.RUNNING)
        .values(state=state)
    )
    if stopped.rowcount:
        for kind in (SUMMARY, FINAL):
            jobs.cancel(conn, kind, str(challenge.id))
        outbox.mark_dirty(conn, BOARD, challenge.id)
    return stopped.rowcount == 1


def end_of(challenge: Challenge) -> date:
    """The day, after all evenings, on which the final message tells what none of them has."""
    return challenge.last + timedelta(days=1)


def move(conn: Connection, challenge: Challenge, channel_id: int) -> Challenge:
    """Post the board in another channel, and with a challenge that is over how it went."""
    conn.execute(
        update(challenges).where(challenges.c.id == challenge.id).values(channel_id=channel_id)
    )
    moved = replace(challenge, channel_id=channel_id)
    outbox.forget(conn, HOMELESS, challenge.id)
    outbox.remove(conn, BOARD, challenge.id)
    _say(conn, BOARD, moved)
    if challenge.over:
        outbox.remove(conn, FINAL, challenge.id)
        _say_end(conn, moved)
    return moved


def set_days(conn: Connection, challenge: Challenge, now: int) -> None:
    """Its days are others now, all of them to come."""
    before = challenge.first - timedelta(days=1)
    conn.execute(
        update(challenges)
        .where(challenges.c.id == challenge.id)
        .values(summed_up=before.isoformat())
    )
    set_timers(conn, challenge, now)


def on_channel_gone(conn: Connection, guild_id: int, channel_id: int) -> None:
    """The challenges that were in it go on counting; the organisers are asked for another."""
    for challenge in records.running(conn, guild_id):
        if challenge.channel_id == channel_id:
            _ask_for_a_channel(conn, challenge)


def _ask_for_a_channel(conn: Connection, challenge: Challenge) -> None:
    notices = people.notice_channel(conn, challenge.guild_id)
    if notices is not None and notices != challenge.channel_id:
        outbox.add(conn, HOMELESS, challenge.id, guild_id=challenge.guild_id, channel_id=notices)


def reschedule(conn: Connection, guild_id: int, now: int) -> None:
    """The server's time zone has changed, and with it when evening is."""
    for challenge in records.running(conn, guild_id):
        _set_evening(conn, challenge, now)


def _look(conn: Connection, guild_id: int, now: int) -> None:
    """Grant what has been earned, and show how things stand. The timer is set anew first, so that
    what is written meanwhile sets it off again; messages come last, as whoever erases someone holds
    these, and a badge waits for that."""
    midnight = Slot(0, people.guild_zone(conn, guild_id).zone)
    jobs.schedule(conn, WRITTEN, str(guild_id), next_slot(midnight, now)[1], guild_id)
    changed, running = day_totals.take_changed(conn, guild_id), records.running(conn, guild_id)
    for challenge in running:
        earning.grant(conn, challenge, now, changed)
    for challenge in running:
        outbox.mark_dirty(conn, BOARD, challenge.id)


def _set_evening(conn: Connection, challenge: Challenge, now: int) -> None:
    """A date has one evening, whatever happens to clocks and zones."""
    summed_up = conn.scalars(
        select(challenges.c.summed_up).where(challenges.c.id == challenge.id)
    ).one()
    slot = Slot(EVENING, people.guild_zone(conn, challenge.guild_id).zone)
    day, due = next_slot(slot, now, date.fromisoformat(summed_up))
    if day <= challenge.last:
        jobs.schedule(conn, SUMMARY, str(challenge.id), due, challenge.guild_id)
    else:
        jobs.cancel(conn, SUMMARY, str(challenge.id))


def _say(
    conn: Connection,
    kind: str,
    challenge: Challenge,
    parts: range = range(1),
    not_after: int | None = None,
) -> None:
    outbox.add(
        conn, kind, challenge.id, guild_id=challenge.guild_id, channel_id=challenge.channel_id,
        parts=parts, not_after=not_after,
    )  # fmt: skip


def _on_withdrawn(conn: Connection, row: Row, now: int) -> None:
    earning.tell_later(conn, row.subject, date.fromordinal(row.part))


def _on_gone(conn: Connection, row: Row, now: int) -> None:
    """Its channel is: it goes on counting, and the organisers are asked for another."""
    if row.kind == SUMMARY:
        _on_withdrawn(conn, row, now)
    challenge = records.find(conn, row.subject)
    if challenge is not None and challenge.channel_id == row.channel_id:
        _ask_for_a_channel(conn, challenge)


def _on_board_deleted(conn: Connection, row: Row, now: int) -> None:
    """It is posted again."""
    challenge = records.find(conn, row.subject)
    if challenge is not None and challenge.running and challenge.channel_id == row.channel_id:
        outbox.forget(conn, BOARD, challenge.id, channel_id=row.channel_id)
        _say(conn, BOARD, challenge)


JOBS = {WRITTEN: on_written, SUMMARY: on_evening, FINAL: on_last_day_over}
HOOKS = {
    BOARD: Hooks(gone=_on_gone, deleted=_on_board_deleted),
    SUMMARY: Hooks(withdrawn=_on_withdrawn, gone=_on_gone),
    FINAL: Hooks(gone=_on_gone),
}
