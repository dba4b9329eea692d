"""Challenges to test with, and the turns of the job loop as a plain function of a connection."""

from sqlalchemy import Connection

from bot.app import HOOKS, JOBS
from bot.challenges import records, service
from bot.challenges.records import Challenge
from bot.challenges.rules import Wanted, november
from bot.clock import system_now
from bot.delivery import queue
from bot.delivery.rules import State as Sending
from bot.jobs import service as jobs
from bot.people.service import Member
from tests.bot.words.making import GUILD, MARA, ms, numbers

HERE = 10  # a channel
NOVEMBER = november(2026)
BEFORE = ms("2026-10-20T12:00")
LAST_INSTANT = ms("2026-12-01T12:00")


def created(
    conn: Connection, wanted: Wanted = NOVEMBER, *, now: int = BEFORE, guild_id: int = GUILD
) -> Challenge:
    return service.create(conn, guild_id, HERE, wanted, now=now, interaction_id=next(numbers))


def join(
    conn: Connection,
    challenge: Challenge,
    *members: Member,
    listed: bool = True,
    target: int | None = None,
    now: int = BEFORE,
) -> None:
    for member in members or (MARA,):
        service.join(
            conn, member, challenge.guild_id, challenge.id, listed=listed, target=target, now=now
        )


def turn(conn: Connection, now: int) -> None:
    """What the job loop does when the clock shows `now`."""
    while job := jobs.claim(conn, "test", now, system_now()):
        JOBS[job.kind](conn, job, now)
        jobs.done(conn, job, "test")


def deliver(conn: Connection, now: int) -> list[tuple[str, int]]:
    """What the outbox loop does where Discord takes everything. Returns kinds and parts."""
    posted = []
    while rows := queue.due(conn, 1 << 50):
        row = rows[0]
        if row.state is Sending.SENT:
            queue.begin_edit(conn, row, system_now())
            queue.edited(conn, row)
        elif queue.withdraw_late(conn, row, now):
            if row.kind in HOOKS:
                HOOKS[row.kind].withdrawn(conn, row, now)
        else:
            queue.sent(conn, row, 5000 + row.id, now)
            posted.append((row.kind, row.part))
    return posted


def again(conn: Connection, challenge: Challenge) -> Challenge:
    return records.get(conn, challenge.guild_id, challenge.id)
