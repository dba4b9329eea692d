"""What an erasure leaves in the database's files is cleaned out by jobs, which survive kills: the
search index is merged step by step, then the write-ahead log emptied, and at night all is written
afresh. On PostgreSQL none of this is ours to do."""

from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from bot.db import cleaning
from bot.db.engine import Database
from bot.jobs import service as jobs
from bot.jobs.service import Job
from bot.people.times import Slot, next_slot
from bot.stories import index

MERGE, LOG, VACUUM = "cleaning.merge", "cleaning.log", "cleaning.vacuum"  # kinds of job
ONE = ""  # the key: there is one of each
NIGHT = 4 * 60  # minutes since midnight: VACUUM holds up whoever writes
TAKES = 30 * 60_000  # ms from then on, for the largest database


def begin(conn: Connection, zone: ZoneInfo, now: int) -> int:
    """Clean out what this transaction deletes. Returns when that is done, at the latest."""
    if conn.dialect.name != "sqlite":
        return now
    jobs.schedule(conn, MERGE, ONE, now)
    _, night = next_slot(Slot(NIGHT, zone), now)
    planned = jobs.due_at(conn, VACUUM, ONE)
    if planned is None or not now < planned <= night:  # one that is due may be under way
        jobs.schedule(conn, VACUUM, ONE, night)
    return night + TAKES


def on_merge(conn: Connection, job: Job, now: int) -> None:
    if index.merge(conn):
        jobs.schedule(conn, MERGE, ONE, now)
    else:
        jobs.schedule(conn, LOG, ONE, now)


async def empty_log(database: Database, now: int) -> bool:
    return await database.maintain(cleaning.empty_log)


async def vacuum(database: Database, now: int) -> bool:
    await database.maintain(cleaning.vacuum)
    await database.write(jobs.schedule, LOG, ONE, now)
    return True


JOBS = {MERGE: on_merge}
CHORES = {LOG: empty_log, VACUUM: vacuum}
