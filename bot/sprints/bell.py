"""A round's way from its start to its results. One timer a round takes it a step further."""

from sqlalchemy import Connection, insert, update

from bot.delivery import service as outbox
from bot.delivery.loop import Hooks
from bot.delivery.rules import Row
from bot.jobs import service as jobs
from bot.jobs.service import Job
from bot.sprints import dates, participation, records, reminders
from bot.sprints.records import Round
from bot.sprints.rules import LATE_COUNTS, MINUTE, State
from bot.sprints.tables import rounds, sprints

STEP = "sprint.step"  # the kind of job, its key the round's id

# Kinds of message, each with the round's id as its subject.
BOARD = "sprint.board"
GO = "sprint.go"
BELL = "sprint.bell"
RESULTS = "sprint.results"
KINDS = (BOARD, GO, BELL, RESULTS)


def begin_round(
    conn: Connection,
    sprint_id: int,
    number: int,
    starts_at: int,
    minutes: int,
    *,
    running: bool = False,
) -> Round:
    """Make the sprint's next round, set its timer and show its board. One that is `running` from
    the first has no start to be called to."""
    ends_at = starts_at + minutes * MINUTE
    round_id = conn.execute(
        insert(rounds)
        .values(
            sprint_id=sprint_id, number=number, starts_at=starts_at, ends_at=ends_at,
            state=State.RUNNING if running else State.WAITING,
        )
        .returning(rounds.c.id)
    ).scalar_one()  # fmt: skip
    begun = records.find(conn, round_id)
    assert begun is not None
    due = ends_at if running else starts_at
    jobs.schedule(conn, STEP, str(round_id), due, begun.guild_id)
    _say(conn, BOARD, begun, until=ends_at)
    return begun


def on_step(conn: Connection, job: Job, now: int) -> None:
    """The timer has come: the start, the bell or the end of the counting. If the step was taken
    meanwhile, the next has a later timer."""
    found = records.find(conn, int(job.key), lock=True)
    if found is None:
        return
    match found.state:
        case State.WAITING if job.due >= found.starts_at:
            start(conn, found, now)
        case State.RUNNING if job.due >= found.ends_at:
            ring(conn, found, now)
        case State.COUNTING if job.due >= (found.counting_until or 0):
            finish(conn, found, now)


def start(conn: Connection, found: Round, now: int) -> None:
    if not _step(conn, found, State.RUNNING):
        return
    jobs.schedule(conn, STEP, str(found.id), found.ends_at, found.guild_id)
    outbox.mark_dirty(conn, BOARD, found.id)  # words can be entered from now on
    if now < found.ends_at and participation.active(conn, found.id):
        _say(conn, GO, found, until=found.ends_at)


def ring(conn: Connection, found: Round, now: int) -> None:
    """Counting begins when the bell rings, however late that is."""
    if not participation.active(conn, found.id):
        reminders.settle(conn, found, set())
        cancel(conn, found, "nobody came", now)
        return
    counting = records.settings(conn, found.guild_id).counting
    until = now + counting * MINUTE
    if not _step(conn, found, State.COUNTING, rang_at=now, counting_until=until):
        return
    jobs.schedule(conn, STEP, str(found.id), until, found.guild_id)
    _say(conn, BELL, found, until=until)
    outbox.mark_dirty(conn, BOARD, found.id)
    after_a_change(conn, records.get(conn, found.guild_id, found.id), now)


def finish(conn: Connection, found: Round, now: int) -> None:
    """The results, and the next round, if there is one and somebody for it."""
    if not _step(conn, found, State.FINISHED, finished_at=now):
        return
    jobs.cancel(conn, STEP, str(found.id))
    _say(conn, RESULTS, found, until=now + LATE_COUNTS)
    everyone = records.participants_of(conn, found)
    reminders.settle(conn, found, {one.person_id for one in everyone})
    if found.number < found.rounds and any(map(participation.goes_on, everyone)):
        rang_at = found.rang_at or now
        starts_at = max(rang_at + found.pause * MINUTE, now)
        following = begin_round(conn, found.sprint_id, found.number + 1, starts_at, found.minutes)
        participation.carry_over(conn, everyone, following, now)
    else:
        _end_sprint(conn, found, "finished")


def coming(conn: Connection, round_id: int) -> str | None:
    """The kind of message that the round's timer brings next."""
    found = records.find(conn, round_id)
    if found is None:
        return None
    return {State.WAITING: GO, State.RUNNING: BELL, State.COUNTING: RESULTS}.get(found.state)


def bring_forward(conn: Connection, found: Round, now: int) -> None:
    """What would come next comes now: the bell, or the results."""
    if found.state is State.RUNNING:
        _end_at(conn, found, now)
        ring(conn, records.get(conn, found.guild_id, found.id), now)
    else:
        finish(conn, found, now)


def after_a_change(conn: Connection, found: Round, now: int) -> None:
    """Someone left or has counted: it may be over with that. A planned sprint waits for others."""
    if found.state is State.COUNTING:
        if participation.all_have_counted(conn, found.id):
            finish(conn, found, now)
    elif found.starter_id is not None and not participation.active(conn, found.id):
        cancel(conn, found, "everyone has left", now)


def cancel(conn: Connection, found: Round, why: str, now: int) -> None:
    if not _step(conn, found, State.CANCELLED, finished_at=now, why=why):
        return
    if found.state is State.RUNNING and found.starts_at < now < found.ends_at:
        _end_at(conn, found, now)
    jobs.cancel(conn, STEP, str(found.id))
    _end_sprint(conn, found, "cancelled")
    for kind in (BOARD, BELL):
        outbox.mark_dirty(conn, kind, found.id)


def _end_at(conn: Connection, found: Round, now: int) -> None:
    """The running round ends now, earlier than was promised."""
    dates.move_to_new_end(conn, found, now, now)
    conn.execute(update(rounds).where(rounds.c.id == found.id).values(ends_at=now))


def _on_results_sent(conn: Connection, row: Row, now: int) -> None:
    outbox.mark_dirty(conn, BOARD, row.subject)  # it shrinks to a link


def _on_gone(conn: Connection, row: Row, now: int) -> None:
    found = records.find(conn, row.subject, lock=True)
    if found is not None:
        cancel(conn, found, "its channel is gone", now)


HOOKS = {
    BOARD: Hooks(gone=_on_gone),
    GO: Hooks(gone=_on_gone),
    BELL: Hooks(gone=_on_gone),
    RESULTS: Hooks(gone=_on_gone, sent=_on_results_sent),
}


def _say(conn: Connection, kind: str, found: Round, *, until: int) -> None:
    """Promise a message about the round, unless it can't be posted before `until`."""
    outbox.add(
        conn, kind, found.id, guild_id=found.guild_id, channel_id=found.channel_id,
        priority=outbox.BELLS, not_after=until,
    )  # fmt: skip


def _step(conn: Connection, found: Round, state: State, **values: object) -> bool:
    """False where something else has taken this step already, or there is none to take."""
    if not found.state.live:
        return False
    changed = conn.execute(
        update(rounds)
        .where(rounds.c.id == found.id, rounds.c.state == found.state)
        .values(state=state, **values)
    )
    return changed.rowcount == 1


def _end_sprint(conn: Connection, found: Round, state: str) -> None:
    conn.execute(
        update(sprints)
        .where(sprints.c.id == found.sprint_id, sprints.c.state == "live")
        .values(state=state)
    )
