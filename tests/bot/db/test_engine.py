import asyncio

import pytest
from sqlalchemy import Connection, select

from bot.db import facts
from bot.db.engine import Database, open_database, wake
from bot.errors import DatabaseBusy
from tests.conftest import NewDatabase, settings


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
    def add_one(conn: Connection) -> None:
        # Locks on PostgreSQL, as a conditional update would; SQLite has one writer anyway.
        query = select(facts.facts.c.value).where(facts.facts.c.name == "n").with_for_update()
        facts.remember(conn, "n", str(int(conn.scalars(query).one()) + 1))

    await database.write(facts.remember, "n", "0")
    await asyncio.gather(*(database.write(add_one) for _ in range(40)))
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
