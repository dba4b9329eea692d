"""Sprints to test with, and the turns of the two loops as plain functions of a connection."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count

import pytest
from sqlalchemy import Connection, Table, select

from bot.app import JOBS
from bot.clock import system_now
from bot.delivery import queue
from bot.delivery import service as outbox
from bot.delivery.rules import State as Sending
from bot.delivery.tables import outbox as promised
from bot.errors import UserError
from bot.jobs import service as jobs
from bot.jobs.tables import jobs as timers
from bot.people import service as people
from bot.people.service import Member
from bot.sprints import bell, counting, crediting, records, results, service, tables
from bot.sprints.counting import Counted
from bot.sprints.records import Participant, Round
from bot.sprints.rules import Means
from bot.sprints.service import Asked
from bot.words import amounts, ledger
from bot.words.tables import entries

GUILD, ELSEWHERE = 100, 200
HERE, THERE = 10, 20  # channels
MARA = Member(1, "Mara", GUILD)
TOBIAS = Member(2, "Tobias", GUILD)
INES = Member(3, "Ines", GUILD)
ODALYS = Member(4, "Odalys", GUILD)

NOW = int(datetime(2026, 11, 3, 8, 0, tzinfo=UTC).timestamp() * 1000)  # a Tuesday
SECOND, MINUTE, HOUR, DAY = 1000, 60_000, 3_600_000, 86_400_000

interactions = count(1)


def at(iso: str) -> int:
    """The instant, in ms, of a time in UTC."""
    return int(datetime.fromisoformat(iso).replace(tzinfo=UTC).timestamp() * 1000)


def started(
    conn: Connection,
    *others: Member,
    starter: Member | None = MARA,
    channel: int = HERE,
    wait: int = 0,
    minutes: int | None = 20,
    rounds: int = 1,
    pause: int = 5,
    title: str | None = None,
    now: int = NOW,
) -> Round:
    """A sprint that begins at once, unless told otherwise, with these in it."""
    asked = Asked(now + wait * MINUTE, minutes, title, rounds, pause)
    found = service.start(
        conn, starter, GUILD, channel, asked, now=now, interaction_id=next(interactions)
    )
    for other in others:
        join(conn, other, found, now)
    return found


def join(
    conn: Connection,
    member: Member,
    found: Round,
    now: int,
    *,
    start: int | None = None,
    same: bool = False,
    quiet: bool = False,
    project_id: int | None = None,
) -> Participant:
    return service.join(
        conn, member, GUILD, found.id, now=now, start=start, same=same, quiet=quiet,
        project_id=project_id,
    ).me  # fmt: skip


def declare(
    conn: Connection,
    member: Member,
    found: Round,
    typed: str,
    now: int,
    *,
    interaction_id: int | None = None,
    final: bool = False,
) -> Counted:
    return counting.declare(
        conn, member, GUILD, found.id, amounts.parse(typed), now=now,
        interaction_id=interaction_id or next(interactions), final=final,
    )  # fmt: skip


def undo(
    conn: Connection, member: Member, found: Round, now: int, *, interaction_id: int | None = None
) -> Counted:
    return counting.undo(
        conn, member, GUILD, found.id, now=now, interaction_id=interaction_id or next(interactions)
    )


def wrote(
    conn: Connection,
    member: Member,
    typed: str,
    now: int,
    *,
    channel: int | None = HERE,
    project_id: int | None = None,
    interaction_id: int | None = None,
) -> Counted | None:
    return crediting.wrote(
        conn, member, channel, amounts.parse(typed), project_id, now=now,
        interaction_id=interaction_id or next(interactions),
    )  # fmt: skip


def turn(conn: Connection, now: int) -> None:
    """What the job loop does when the clock shows `now`."""
    while job := jobs.claim(conn, "test", now, system_now()):
        JOBS[job.kind](conn, job, now)
        jobs.done(conn, job, "test")


def deliver(conn: Connection, now: int) -> list[tuple[str, int]]:
    """What the outbox loop does where Discord takes everything. Returns kinds and rounds."""
    posted = []
    while rows := [row for row in queue.due(conn, 1 << 50) if row.state is not Sending.SENT]:
        row = rows[0]
        if queue.withdraw_late(conn, row, now):
            continue
        assert queue.begin(conn, row, system_now())
        begun = replace(row, state=Sending.SENDING, attempts=row.attempts + 1)
        assert queue.sent(conn, begun, message_id=5000 + row.id, now=now)
        bell.HOOKS[row.kind].sent(conn, begun, now)
        posted.append((row.kind, row.subject))
    return posted


def rung(conn: Connection, *others: Member, minutes: int = 20, rounds: int = 1) -> Round:
    """A sprint whose bell has just rung; it is `ends_at`."""
    found = started(conn, *others, minutes=minutes, rounds=rounds)
    turn(conn, found.ends_at)
    return again(conn, found)


def again(conn: Connection, found: Round) -> Round:
    return records.get(conn, GUILD, found.id)


def me(conn: Connection, member: Member, found: Round) -> Participant:
    here = counting.mine(conn, member, found)
    assert here is not None
    return here


def live(conn: Connection, channel: int = HERE) -> Round:
    found = records.live(conn, GUILD, channel)
    assert found is not None
    return found


def lines(conn: Connection, found: Round) -> list[tuple[int, int | None, int]]:
    """Place, member and words of everyone who is ranked."""
    return [
        (line.place, line.who.discord_id, line.written)
        for line in results.of(conn, again(conn, found)).lines
    ]


def logged(conn: Connection, member: Member) -> dict[date, int]:
    """What the ledger has of the member, by their days."""
    person_id = people.find(conn, member.discord_id)
    assert person_id is not None
    words: Counter[date] = Counter()
    for entry in ledger.latest(conn, person_id, 100):
        words[entry.place.day] += entry.amount
    return dict(words)


def words(conn: Connection, member: Member) -> int:
    return sum(logged(conn, member).values())


def promises(conn: Connection, found: Round) -> list[str]:
    """The kinds of message that were promised for the round, in order."""
    rows = [row for kind in bell.KINDS for row in outbox.messages(conn, kind, found.id)]
    return [row.kind for row in sorted(rows, key=lambda row: row.id)]


def everything(conn: Connection) -> dict[str, list[tuple[object, ...]]]:
    """All that a use case may change, to compare."""
    held = {
        table.name: _rows(conn, table)
        for table in (
            tables.sprints, tables.rounds, tables.participants, tables.declarations,
            tables.plans, tables.reminders, entries,
        )
    }  # fmt: skip
    due = conn.execute(select(timers.c.kind, timers.c.key, timers.c.due).order_by(timers.c.id))
    posts = conn.execute(select(promised.c.kind, promised.c.subject).order_by(promised.c.id))
    return held | {"jobs": [tuple(row) for row in due], "outbox": [tuple(row) for row in posts]}


def _rows(conn: Connection, table: Table) -> list[tuple[object, ...]]:
    return [tuple(row) for row in conn.execute(select(table).order_by(*table.primary_key.columns))]


@contextmanager
def refused(conn: Connection, error: type[UserError], match: str) -> Iterator[None]:
    """The person is told so, and the transaction is rolled back."""
    with pytest.raises(error, match=match), conn.begin_nested():
        yield


@contextmanager
def unchanged(conn: Connection) -> Iterator[None]:
    before = everything(conn)
    yield
    assert everything(conn) == before


HALF = NOW + 10 * MINUTE

WHOLE = [bell.BOARD, bell.GO, bell.BELL, bell.RESULTS]


def clarify(
    conn: Connection,
    found: Round,
    number: int,
    means: Means,
    now: int = HALF,
    *,
    start: int | None = None,
    interaction_id: int | None = None,
) -> Counted:
    return counting.clarify(
        conn, MARA, GUILD, found.id, number, means, now=now, start=start,
        interaction_id=interaction_id or next(interactions),
    )  # fmt: skip
