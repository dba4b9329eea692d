"""Nothing here waits by the wall clock: a handler says that it ran."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Connection, update

from bot.clock import TurnableClock, system_now
from bot.db import facts
from bot.db.engine import Database, open_database
from bot.jobs import service as jobs
from bot.jobs.loop import Handler, JobLoop
from bot.jobs.service import Job
from bot.jobs.tables import jobs as table
from tests.conftest import NewDatabase, settings

START = 1_000_000
HOUR = 3_600_000
PATIENCE = 30  # s; for a machine that is busy with other things


class Ran:
    """A handler that keeps what it was called with, and whom tests wait for."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.times: list[int] = []
        self._more = asyncio.Event()

    def __call__(self, conn: Connection, job: Job, now: int) -> None:
        self.keys.append(job.key)
        self.times.append(now)
        self._more.set()

    async def until(self, count: int) -> list[str]:
        async with asyncio.timeout(PATIENCE):
            while len(self.keys) < count:
                self._more.clear()
                await self._more.wait()
        return self.keys


@asynccontextmanager
async def running(
    database: Database, clock: TurnableClock, handlers: Mapping[str, Handler]
) -> AsyncIterator[None]:
    loop = asyncio.create_task(JobLoop(database, clock, handlers).run())
    yield
    assert not loop.done()
    loop.cancel()
    await asyncio.wait({loop})


async def until_due(database: Database, due: int | None) -> None:
    """Wait until the earliest job is due then: a handler says that it ran before it commits."""
    async with asyncio.timeout(PATIENCE):
        while await database.read(jobs.next_due) != due:
            pass


@pytest.fixture
def clock() -> TurnableClock:
    return TurnableClock(lambda: START)


@pytest.fixture
async def ran() -> Ran:
    return Ran()


async def test_what_is_due_runs_when_the_clock_is_turned(
    database: Database, clock: TurnableClock, ran: Ran
) -> None:
    await database.write(jobs.schedule, "bell", "in two hours", START + 2 * HOUR)
    await database.write(jobs.schedule, "bell", "in an hour", START + HOUR)
    await database.write(jobs.schedule, "bell", "overdue", START - HOUR)
    async with running(database, clock, {"bell": ran}):
        assert await ran.until(1) == ["overdue"]
        clock.turn(HOUR)
        assert await ran.until(2) == ["overdue", "in an hour"]
        # Scheduled while the loop waits: it is woken.
        await database.write(jobs.schedule, "bell", "at once", clock.now())
        assert (await ran.until(3))[-1] == "at once"
        clock.turn(24 * HOUR)
        assert (await ran.until(4))[-1] == "in two hours"
        await until_due(database, None)
    assert ran.times == [START, START + HOUR, START + HOUR, START + 25 * HOUR]


async def test_the_loop_goes_on_after_a_handler_fails_and_nothing_of_it_remains(
    database: Database, clock: TurnableClock, ran: Ran
) -> None:
    def fail(conn: Connection, job: Job, now: int) -> None:
        facts.remember(conn, "half", "done")
        jobs.schedule(conn, "bell", "never", now)
        ran(conn, job, now)
        raise ValueError("the other half")

    await database.write(jobs.schedule, "bad", "first", START - 2)
    await database.write(jobs.schedule, "of no known kind", "second", START - 1)
    await database.write(jobs.schedule, "bell", "third", START)
    async with running(database, clock, {"bad": fail, "bell": ran}):
        assert await ran.until(2) == ["first", "third"]
        clock.turn(HOUR)
        await database.write(jobs.schedule, "bell", "fourth", START)
        # The first backs off in real time, however far the clock is turned.
        assert (await ran.until(3))[-1] == "fourth"
    assert await database.read(facts.recall, "half") is None
    assert await database.read(jobs.due_at, "bell", "never") is None
    assert await database.read(jobs.due_at, "bad", "first") == START - 2
    assert await database.read(jobs.due_at, "of no known kind", "second") == START - 1


async def test_a_handler_that_schedules_itself_is_a_series(
    database: Database, clock: TurnableClock, ran: Ran
) -> None:
    def tick(conn: Connection, job: Job, now: int) -> None:
        jobs.schedule(conn, job.kind, job.key, job.due + HOUR)
        ran(conn, job, now)

    await database.write(jobs.schedule, "tick", "a", START)
    async with running(database, clock, {"tick": tick}):
        await ran.until(1)
        clock.turn(HOUR)
        await ran.until(2)
        clock.turn(3 * HOUR)  # each that was missed comes, in order
        await ran.until(5)
        await until_due(database, START + 5 * HOUR)
    assert ran.times == [START, START + HOUR, *[START + 4 * HOUR] * 3]


@pytest.fixture
def postgres_url(new_postgres: NewDatabase) -> str:
    return settings(new_postgres()).database_url


async def test_two_loops_share_the_work(postgres_url: str, clock: TurnableClock, ran: Ran) -> None:
    async with open_database(postgres_url) as one, open_database(postgres_url) as other:

        def fill(conn: Connection) -> None:
            for n in range(40):
                jobs.schedule(conn, "bell", str(n), START)

        await one.write(fill)
        async with running(one, clock, {"bell": ran}), running(other, clock, {"bell": ran}):
            await ran.until(40)
            await until_due(one, None)
    assert sorted(map(int, ran.keys)) == list(range(40))


async def test_what_a_killed_process_had_claimed_runs_at_once(
    new_sqlite: NewDatabase, clock: TurnableClock, ran: Ran
) -> None:
    async with open_database(settings(new_sqlite()).database_url) as database:
        await database.write(jobs.schedule, "bell", "a", START)
        assert await database.write(jobs.claim, "killed", START, system_now()) is not None
        async with running(database, clock, {"bell": ran}):
            assert await ran.until(1) == ["a"]


async def test_a_database_that_is_away_for_a_moment_does_not_end_the_loop(
    database: Database, clock: TurnableClock, ran: Ran, caplog: pytest.LogCaptureFixture
) -> None:
    def rename(conn: Connection, name: str, new: str) -> None:
        conn.exec_driver_sql(f"ALTER TABLE {name} RENAME TO {new}")

    await database.write(jobs.schedule, "bell", "a", START)
    async with running(database, clock, {"bell": ran}):
        await ran.until(1)
        await database.write(rename, "jobs", "away")
        database.woken["jobs"].set()
        async with asyncio.timeout(PATIENCE):
            while "could not reach the database" not in caplog.text:
                await database.read(facts.recall, "whatever")
        await database.write(rename, "away", "jobs")
        await database.write(jobs.schedule, "bell", "b", START)
        assert await ran.until(2) == ["a", "b"]


class Ticking(TurnableClock):
    """A millisecond passes whenever one looks at it; what is waited for is kept."""

    def __init__(self) -> None:
        super().__init__(lambda: START)
        self.waited: list[int | None] = []

    def now(self) -> int:
        self.turn(1)
        return super().now()

    async def wait(self, wake: asyncio.Event, until: int | None) -> None:
        self.waited.append(until)
        await super().wait(wake, until)


@pytest.mark.parametrize("due", range(START, START + 8))
async def test_a_job_that_comes_due_while_the_loop_looks_is_not_late(
    database: Database, due: int
) -> None:
    clock, before = Ticking(), asyncio.get_running_loop().create_future()

    def handler(conn: Connection, job: Job, now: int) -> None:
        before.get_loop().call_soon_threadsafe(before.set_result, list(clock.waited))

    await database.write(jobs.schedule, "bell", "1", due)
    async with running(database, clock, {"bell": handler}):
        async with asyncio.timeout(PATIENCE):
            assert None not in await before


async def test_a_chore_is_run_again_until_it_is_done(
    database: Database, clock: TurnableClock, caplog: pytest.LogCaptureFixture
) -> None:
    runs: list[int] = []

    async def chore(given: Database, now: int) -> bool:
        assert given is database
        runs.append(now)
        if len(runs) == 1:
            raise RuntimeError("broken")
        return len(runs) == 3

    await database.write(jobs.schedule, "chore", "", START)
    loop = JobLoop(database, clock, {}, {"chore": chore})
    for count in (1, 2, 3):
        assert await loop.run_one()
        assert not await loop.run_one()  # it backs off, or is done
        assert runs == [START] * count
        await database.write(lambda conn: conn.execute(update(table).values(not_before=0)))
    assert await database.read(jobs.next_due) is None
    assert caplog.text.count("failed") == 1  # to have to wait is no failure


async def test_a_chore_that_is_asked_for_while_it_runs_is_run_again(
    database: Database, clock: TurnableClock
) -> None:
    runs: list[int] = []

    async def chore(database: Database, now: int) -> bool:
        runs.append(now)
        if len(runs) == 1:
            await database.write(jobs.schedule, "chore", "", START + HOUR)
        return True

    await database.write(jobs.schedule, "chore", "", START)
    loop = JobLoop(database, clock, {}, {"chore": chore})
    assert await loop.run_one()
    assert await database.read(jobs.next_due) == START + HOUR
