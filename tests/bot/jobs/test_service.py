import asyncio

import pytest
from sqlalchemy import Connection, select

from bot.db.engine import Database
from bot.jobs import service as jobs
from bot.jobs.service import FAILING_AFTER, LEASE, LONGEST_BACKOFF, Failing, Job
from bot.jobs.tables import jobs as table

GUILD, ELSEWHERE = 100, 200
NOW = 1_000_000  # by the Clock
REAL = 5_000_000


def claim(conn: Connection, owner: str = "one", now: int = NOW, real: int = REAL) -> Job:
    job = jobs.claim(conn, owner, now, real)
    assert job is not None
    return job


async def test_what_is_due_longest_is_claimed_first(database: Database) -> None:
    def use_case(conn: Connection) -> list[str]:
        for key, due in (("c", NOW), ("a", NOW - 2), ("b", NOW - 1), ("later", NOW + 1)):
            jobs.schedule(conn, "bell", key, due)
        jobs.schedule(conn, "other", "a", NOW - 1)
        assert jobs.next_due(conn) == NOW - 2
        return [claim(conn).key for _ in range(4)]

    assert await database.write(use_case) == ["a", "b", "a", "c"]
    assert await database.write(jobs.claim, "one", NOW, REAL) is None
    assert await database.read(jobs.next_due) == NOW + 1


async def test_a_key_is_one_timer_and_scheduling_it_again_moves_it(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        jobs.schedule(conn, "bell", "a", NOW - 5)
        jobs.schedule(conn, "bell", "a", NOW + 5)
        assert jobs.due_at(conn, "bell", "a") == NOW + 5
        assert jobs.due_at(conn, "other", "a") is None
        assert jobs.claim(conn, "one", NOW, REAL) is None
        assert claim(conn, now=NOW + 5).due == NOW + 5
        jobs.schedule(conn, "bell", "b", NOW)
        jobs.cancel(conn, "bell", "b")
        jobs.cancel(conn, "bell", "never there")
        assert jobs.claim(conn, "one", NOW, REAL) is None

    await database.write(use_case)


async def test_a_claim_is_a_lease(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        jobs.schedule(conn, "bell", "a", NOW)
        first = claim(conn, "dies")
        assert jobs.claim(conn, "two", NOW, REAL + LEASE - 1) is None
        second = claim(conn, "two", real=REAL + LEASE)
        assert (second.id, second.attempts) == (first.id, first.attempts + 1)
        # The first was only slow: the job is no longer its to finish, or to fail.
        jobs.done(conn, first, "dies")
        jobs.failed(conn, first, "dies", "too late", REAL)
        assert jobs.due_at(conn, "bell", "a") == NOW
        assert jobs.claim(conn, "three", NOW, REAL + LEASE) is None
        jobs.done(conn, second, "two")
        assert jobs.due_at(conn, "bell", "a") is None

    await database.write(use_case)


async def test_a_handler_may_schedule_its_own_job_anew(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        jobs.schedule(conn, "bell", "a", NOW)
        job = claim(conn)
        jobs.schedule(conn, "bell", "a", NOW + 10)
        jobs.done(conn, job, "one")
        assert jobs.due_at(conn, "bell", "a") == NOW + 10
        assert claim(conn, now=NOW + 10).attempts == 1

    await database.write(use_case)


async def test_a_failing_job_backs_off_is_listed_and_is_never_dropped(database: Database) -> None:
    def use_case(conn: Connection) -> list[int]:
        jobs.schedule(conn, "bell", "a", NOW, GUILD)
        real, waits = REAL, []
        for attempt in range(1, 15):
            job = claim(conn, real=real)
            assert job.attempts == attempt
            jobs.failed(conn, job, "one", f"error {attempt}", real)
            (free,) = conn.scalars(select(table.c.not_before))
            failing = [] if attempt < FAILING_AFTER else [Failing(job, f"error {attempt}", free)]
            assert jobs.failing(conn, GUILD) == failing
            assert jobs.failing(conn, ELSEWHERE) == []
            assert jobs.coming(conn, GUILD) == ([] if failing else [job])
            assert jobs.claim(conn, "another", NOW, free - 1) is None
            waits.append(free - real)
            real = free
        return waits

    waits = await database.write(use_case)
    assert waits == sorted(waits)
    assert 1000 < waits[0] < 10_000
    assert waits[-1] == LONGEST_BACKOFF


def fail(conn: Connection) -> None:
    """Bell "a" has failed often and waits."""
    jobs.schedule(conn, "bell", "a", NOW, GUILD)
    for n in range(FAILING_AFTER):
        job = claim(conn, real=REAL + n * LONGEST_BACKOFF)
        jobs.failed(conn, job, "one", "no", REAL + n * LONGEST_BACKOFF)


async def test_a_failing_job_is_tried_again_when_its_server_asks(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        fail(conn)
        assert jobs.claim(conn, "one", NOW, REAL) is None
        jobs.try_again(conn, ELSEWHERE)
        assert jobs.claim(conn, "one", NOW, REAL) is None
        jobs.try_again(conn, GUILD)
        assert claim(conn).attempts == FAILING_AFTER + 1
        jobs.try_again(conn, GUILD)  # it is running
        assert jobs.claim(conn, "another", NOW, REAL) is None

    await database.write(use_case)


async def test_what_comes_next_in_a_server(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        jobs.schedule(conn, "bell", "a", NOW + 2, GUILD)
        jobs.schedule(conn, "bell", "b", NOW + 1, GUILD)
        jobs.schedule(conn, "bell", "c", NOW, ELSEWHERE)
        jobs.schedule(conn, "bell", "d", NOW)
        assert [job.key for job in jobs.coming(conn, GUILD)] == ["b", "a"]

    await database.write(use_case)


async def test_a_job_that_is_moved_is_no_longer_failing(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        fail(conn)
        assert len(jobs.failing(conn, GUILD)) == 1
        jobs.schedule(conn, "bell", "a", NOW + 1, GUILD)
        assert jobs.failing(conn, GUILD) == []
        assert claim(conn, now=NOW + 1).attempts == 1

    await database.write(use_case)


async def test_a_process_alone_takes_over_at_once_what_another_left(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        jobs.schedule(conn, "bell", "a", NOW)
        jobs.schedule(conn, "bell", "b", NOW)
        left = claim(conn, "killed")
        jobs.failed(conn, claim(conn, "killed"), "killed", "no", REAL)
        jobs.release_all(conn)
        assert claim(conn, "new").id == left.id
        assert jobs.claim(conn, "new", NOW, REAL) is None  # backing off, as before

    await database.write(use_case)


@pytest.mark.parametrize("owners", [1, 20])
async def test_the_same_job_is_never_given_twice(database: Database, owners: int) -> None:
    def fill(conn: Connection) -> None:
        for n in range(30):
            jobs.schedule(conn, "bell", str(n), NOW)

    await database.write(fill)
    claimed: list[Job] = []
    for _ in range(30):
        found = await asyncio.gather(
            *(database.write(jobs.claim, f"owner{n}", NOW, REAL) for n in range(owners))
        )
        claimed += [job for job in found if job]
        if not any(found):
            break
    assert sorted(int(job.key) for job in claimed) == list(range(30))


async def test_a_job_is_hastened_and_never_put_off(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        jobs.schedule(conn, "bell", "a", NOW + 50)
        for due, expected in ((NOW + 90, NOW + 50), (NOW + 20, NOW + 20), (NOW + 30, NOW + 20)):
            jobs.hasten(conn, "bell", "a", due)
            assert jobs.due_at(conn, "bell", "a") == expected
        jobs.hasten(conn, "bell", "never there", NOW)
        assert jobs.due_at(conn, "bell", "never there") is None

    await database.write(use_case)


async def test_a_job_hastened_while_it_runs_runs_again(database: Database) -> None:
    """Its handler schedules it anew first of all, and then reads."""
    await database.write(jobs.schedule, "bell", "a", NOW)
    job = await database.write(jobs.claim, "one", NOW, REAL)
    assert job is not None

    def handle(conn: Connection) -> None:
        jobs.schedule(conn, "bell", "a", NOW + 1000)
        jobs.done(conn, job, "one")

    await database.write(handle)
    await database.write(jobs.hasten, "bell", "a", NOW + 30)
    assert await database.read(jobs.due_at, "bell", "a") == NOW + 30
