import asyncio
import logging
from collections import Counter

import pytest
from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util import await_only

from bot.db import facts
from bot.db.engine import Database, open_database, wake
from bot.errors import DatabaseBusy
from tests.conftest import Kept, NewDatabase, settings


async def test_a_failed_use_case_leaves_nothing(database: Database) -> None:
    def half(conn: Connection) -> None:
        facts.remember(conn, "name", "value")
        raise ValueError("half done")

    with pytest.raises(ValueError, match="half done"):
        await database.write(half)
    assert await database.read(facts.recall, "name") is None


async def test_a_cancelled_write_is_still_carried_out(database: Database) -> None:
    writes = [
        asyncio.create_task(database.write(facts.remember, f"name{n}", "value")) for n in range(50)
    ]
    await asyncio.sleep(0)
    for write in writes:
        write.cancel()
    await asyncio.wait(writes)
    await database.finish()
    for n in range(50):
        assert await database.read(facts.recall, f"name{n}") == "value"


async def test_writes_do_not_lose_each_other(database: Database) -> None:
    await database.write(facts.remember, "n", "0")
    await asyncio.gather(*(database.write(_add_one, "n") for _ in range(40)))
    assert await database.read(facts.recall, "n") == "40"


async def test_a_loop_is_woken_after_the_commit_and_not_by_a_failure(database: Database) -> None:
    def fail(conn: Connection) -> None:
        wake(conn, "jobs")
        raise ValueError("half done")

    with pytest.raises(ValueError, match="half done"):
        await database.write(fail)
    assert not database.woken["jobs"].is_set()
    await database.write(facts.remember, "a", "b")
    assert not database.woken["jobs"].is_set()
    await database.write(wake, "jobs")
    assert database.woken["jobs"].is_set()


async def test_victims_of_a_deadlock_are_run_again(
    kept_postgres: Kept, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    await kept_postgres.empty()
    database = kept_postgres.database
    for name in ("a", "b"):
        await database.write(facts.remember, name, "0")
    both_hold_one = asyncio.Barrier(2)
    attempts = Counter[str]()

    def add_to(conn: Connection, first: str, second: str) -> None:
        attempts[first] += 1
        wake(conn, f"attempt {attempts[first]} at {first}")
        _add_one(conn, first)
        if attempts[first] == 1:
            await_only(both_hold_one.wait())
        _add_one(conn, second)

    await asyncio.gather(database.write(add_to, "a", "b"), database.write(add_to, "b", "a"))
    assert [await database.read(facts.recall, name) for name in ("a", "b")] == ["2", "2"]
    assert sorted(attempts.values()) == [1, 2]
    (victim,) = (first for first, count in attempts.items() if count == 2)
    assert not database.woken[f"attempt 1 at {victim}"].is_set()
    assert database.woken[f"attempt 2 at {victim}"].is_set()
    assert "A transaction is run again" in caplog.text


@pytest.mark.parametrize(("state", "attempts"), [("40001", 5), ("40P01", 5), ("23514", 1)])
async def test_a_transaction_is_run_again_a_few_times(
    kept_postgres: Kept, state: str, attempts: int
) -> None:
    ran = []

    def abort(conn: Connection) -> None:
        ran.append(state)
        conn.exec_driver_sql(f"DO $$ BEGIN RAISE SQLSTATE '{state}'; END $$")

    with pytest.raises(DBAPIError):
        await kept_postgres.database.write(abort)
    assert len(ran) == attempts


def _add_one(conn: Connection, name: str) -> None:
    # Locks on PostgreSQL, as a conditional update would; SQLite has one writer anyway.
    query = select(facts.facts.c.value).where(facts.facts.c.name == name).with_for_update()
    facts.remember(conn, name, str(int(conn.scalars(query).one()) + 1))


async def test_the_reader_cannot_write_on_sqlite(new_sqlite: NewDatabase) -> None:
    async with open_database(settings(new_sqlite()).database_url) as database:
        with pytest.raises(Exception, match="readonly"):
            await database.read(facts.remember, "a", "b")


async def test_a_second_process_is_refused_in_a_sentence(new_sqlite: NewDatabase) -> None:
    url = settings(new_sqlite()).database_url
    async with open_database(url):
        with pytest.raises(DatabaseBusy, match="Stop it first"):
            async with open_database(url):
                pass
    async with open_database(url):
        pass


async def test_a_use_case_that_runs_out_of_an_iterator_fails_its_caller(database: Database) -> None:
    def empty(conn: Connection) -> int:
        return next(iter([]))

    for use in (database.read, database.write):
        async with asyncio.timeout(10):
            with pytest.raises(RuntimeError):
                await use(empty)
