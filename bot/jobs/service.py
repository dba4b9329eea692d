"""The queue of timers, as plain functions of a connection."""

from dataclasses import dataclass

from sqlalchemy import Connection, Row, and_, bindparam, case, delete, func, select, update

from bot.db.engine import wake
from bot.db.metadata import upsert
from bot.jobs.tables import jobs

LEASE = 10_000  # ms of real time in which a claimed job must have run
FIRST_BACKOFF = 2_000
LONGEST_BACKOFF = 15 * 60_000
FAILING_AFTER = 3  # attempts from which on a job is shown as failing


@dataclass(frozen=True, slots=True)
class Job:
    id: int
    kind: str
    key: str
    due: int
    attempts: int


@dataclass(frozen=True, slots=True)
class Failing:
    """A job that keeps failing, and the last error as code. `next_try` is in real time."""

    job: Job
    error: str
    next_try: int


def schedule(conn: Connection, kind: str, key: str, due: int, guild_id: int | None = None) -> None:
    """Have `kind`'s handler run at `due`; the job with this key is moved if there is one. It is
    the server's, or a member's own."""
    statement = upsert(jobs).values(kind=kind, key=key, due=due, guild_id=guild_id)
    anew = {"not_before": 0, "owner": None, "attempts": 0, "error": None}
    conn.execute(
        statement.on_conflict_do_update(
            index_elements=[jobs.c.kind, jobs.c.key],
            set_={"due": due, "guild_id": guild_id, **anew},
        )
    )
    wake(conn, "jobs")


def cancel(conn: Connection, kind: str, key: str) -> None:
    conn.execute(delete(jobs).where(jobs.c.kind == kind, jobs.c.key == key))


def hasten(conn: Connection, kind: str, key: str, due: int) -> None:
    """Have the job run at `due`, if that is earlier than it would; where there is none, nothing
    happens. It is held until the transaction ends, so that a handler which schedules its job anew
    before it reads anything misses nothing."""
    moved = case((jobs.c.due > due, due), else_=jobs.c.due)
    theirs = jobs.c.kind == kind, jobs.c.key == key
    if conn.execute(update(jobs).where(*theirs).values(due=moved)).rowcount:
        wake(conn, "jobs")


def due_at(conn: Connection, kind: str, key: str) -> int | None:
    due: int | None = conn.scalar(select(jobs.c.due).where(jobs.c.kind == kind, jobs.c.key == key))
    return due


def due_by_key(conn: Connection, kind: str, keys: list[str]) -> dict[str, int]:
    rows = conn.execute(
        select(jobs.c.key, jobs.c.due).where(jobs.c.kind == kind, jobs.c.key.in_(keys))
    )
    return {row.key: row.due for row in rows}


def next_due(conn: Connection) -> int | None:
    """When, by the Clock, the earliest job that nobody holds back is due."""
    due: int | None = conn.scalar(select(func.min(jobs.c.due)).where(jobs.c.not_before == 0))
    return due


_READY = (
    select(jobs.c.id)
    .where(jobs.c.due <= bindparam("now"), jobs.c.not_before <= bindparam("real_now"))
    .order_by(jobs.c.due, jobs.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    update(jobs)
    .where(jobs.c.id == _READY.scalar_subquery())
    .values(
        owner=bindparam("who"), not_before=bindparam("lease_until"), attempts=jobs.c.attempts + 1
    )
    .returning(jobs.c.id, jobs.c.kind, jobs.c.key, jobs.c.due, jobs.c.attempts)
)


def claim(conn: Connection, owner: str, now: int, real_now: int) -> Job | None:
    """Take the job that is due longest. Several processes may ask at once."""
    values = {"who": owner, "now": now, "real_now": real_now, "lease_until": real_now + LEASE}
    row = conn.execute(_CLAIM, values).one_or_none()
    return None if row is None else _job(row)


def done(conn: Connection, job: Job, owner: str) -> None:
    """Forget the job, unless its handler scheduled it anew or the lease went to another."""
    conn.execute(
        delete(jobs).where(
            jobs.c.id == job.id, jobs.c.owner == owner, jobs.c.attempts == job.attempts
        )
    )


def failed(conn: Connection, job: Job, owner: str, error: str, real_now: int) -> None:
    backoff = min(FIRST_BACKOFF << min(job.attempts, 16), LONGEST_BACKOFF)
    conn.execute(
        update(jobs)
        .where(jobs.c.id == job.id, jobs.c.owner == owner)
        .values(owner=None, not_before=real_now + backoff, error=error)
    )


def release_all(conn: Connection) -> None:
    """A process that has the database to itself begins: no other holds a claim."""
    conn.execute(update(jobs).where(jobs.c.owner.is_not(None)).values(owner=None, not_before=0))


_FAILING = jobs.c.attempts >= FAILING_AFTER, jobs.c.error.is_not(None)


def coming(conn: Connection, guild_id: int) -> list[Job]:
    """The server's jobs that do not keep failing, the next first."""
    rows = conn.execute(
        select(jobs)
        .where(jobs.c.guild_id == guild_id, ~and_(*_FAILING))
        .order_by(jobs.c.due, jobs.c.id)
    )
    return [_job(row) for row in rows]


def failing(conn: Connection, guild_id: int) -> list[Failing]:
    """The server's jobs that keep failing, the oldest first."""
    rows = conn.execute(
        select(jobs).where(jobs.c.guild_id == guild_id, *_FAILING).order_by(jobs.c.due, jobs.c.id)
    )
    return [Failing(_job(row), row.error, row.not_before) for row in rows]


def try_again(conn: Connection, guild_id: int) -> None:
    """Have the server's that keep failing run now, but for one that is running."""
    conn.execute(
        update(jobs)
        .where(jobs.c.guild_id == guild_id, jobs.c.owner.is_(None), *_FAILING)
        .values(not_before=0)
    )
    wake(conn, "jobs")


def _job(row: Row[tuple[object, ...]]) -> Job:
    return Job(row.id, row.kind, row.key, row.due, row.attempts)
