"""What was deleted is in none of SQLite's files once the jobs have run, however often killed."""

import asyncio
import random
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, insert, select

from bot.clock import TurnableClock, system_now
from bot.community import cleaning
from bot.community import service as community
from bot.db import facts
from bot.db.cleaning import empty_log, vacuum
from bot.db.engine import Database, open_database
from bot.jobs import service as jobs
from bot.jobs.loop import JobLoop
from bot.jobs.tables import jobs as table
from bot.stories import index
from tests.bot.community.making import DISCORD, ZEBULON, use_everything
from tests.bot.serials.making import DAY, HOUR, NOW
from tests.conftest import NewDatabase, settings

UTC = ZoneInfo("UTC")
PATIENCE = 30  # s; for a machine that is busy with other things
# The name, the id as text and as a number, and what the story tells of: its text and its terms.
TRACES = (b"Zebulon", b"zebulon", str(DISCORD).encode(), DISCORD.to_bytes(6, "big"), b"salt")
KINDS = {cleaning.MERGE, cleaning.LOG, cleaning.VACUUM}


@pytest.fixture
def url(new_sqlite: NewDatabase) -> str:
    return settings(new_sqlite()).database_url


def path_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite+aiosqlite:///"))


def traces(url: str, sought: tuple[bytes, ...] = TRACES) -> list[tuple[str, bytes]]:
    """Where in the database and its side files any of these stands."""
    path = path_of(url)
    return [
        (file.name, trace)
        for file in path.parent.glob(f"{path.name}*")
        for trace in sought
        if trace in file.read_bytes()
    ]


def loop(database: Database, now: int) -> JobLoop:
    clock = TurnableClock(lambda: now)
    return JobLoop(database, clock, cleaning.JOBS, cleaning.CHORES)


def due(conn: Connection) -> dict[str, int]:
    return {row.kind: row.due for row in conn.execute(select(table)) if row.kind in KINDS}


def erase(conn: Connection) -> int:
    """Leaves the jobs of cleaning alone. Returns by when they are done."""
    done_by = community.erase(conn, ZEBULON, NOW).done_by
    conn.execute(table.delete().where(table.c.kind.not_in(KINDS)))
    return done_by


async def test_by_the_next_morning_nothing_is_left_in_the_files(url: str) -> None:
    async with open_database(url) as database:
        await database.write(use_everything)
        assert {trace for _, trace in traces(url)} == {*TRACES} - {str(DISCORD).encode()}
        done_by = await database.write(erase)
        night = (await database.read(due))[cleaning.VACUUM]
        assert NOW < night < done_by <= NOW + DAY + HOUR
        while await loop(database, NOW).run_one():
            pass
        assert await database.read(due) == {cleaning.VACUUM: night}
        while await loop(database, night).run_one():
            pass
        assert await database.read(due) == {}
        assert traces(url) == []


async def test_killed_with_any_job_under_way_the_next_start_does_it(url: str) -> None:
    async with open_database(url) as database:
        await database.write(use_everything)
        await database.write(erase)
        night = (await database.read(due))[cleaning.VACUUM]
    starts = 0
    while True:
        async with open_database(url) as database:
            await database.write(jobs.release_all)
            if not await database.read(due):
                break
            if starts % 2:
                await loop(database, night).run_one()
            else:
                await database.write(jobs.claim, "killed", night, system_now())
            starts += 1
    assert starts > 2 * len(KINDS)
    assert traces(url) == []


async def test_the_log_is_emptied_once_nobody_reads_from_it(url: str) -> None:
    async with open_database(url) as database:
        await database.write(facts.remember, "name", "XLOGZEBRA")
        with closing(sqlite3.connect(path_of(url), isolation_level=None)) as reader:
            reader.execute("BEGIN")
            reader.execute("SELECT * FROM facts").fetchall()
            await database.write(facts.remember, "name", "nothing")
            await database.write(jobs.schedule, cleaning.LOG, cleaning.ONE, NOW)
            assert await loop(database, NOW).run_one()
            assert cleaning.LOG in await database.read(due)
            assert traces(url, (b"XLOGZEBRA",))
        await database.write(lambda conn: conn.execute(table.update().values(not_before=0)))
        assert await loop(database, NOW).run_one()
        assert await database.read(due) == {}
        assert traces(url, (b"XLOGZEBRA",)) == []


@pytest.mark.parametrize("seed", range(4))
async def test_no_page_keeps_what_stood_in_it_before(url: str, seed: int) -> None:
    """Rows of many lengths come, change and go, so that pages are split and joined."""
    chance = random.Random(seed)
    async with open_database(url) as database:

        def work(conn: Connection) -> None:
            for name, value in writes(chance):
                facts.remember(conn, name, value)

        for _ in range(20):
            await database.write(work)
        ours = facts.facts.c.name.like("XZEBRA%")
        await database.write(lambda conn: conn.execute(facts.facts.delete().where(ours)))
        assert await database.maintain(vacuum)
        assert await database.maintain(empty_log)
        assert traces(url, (b"XZEBRA",)) == []


def writes(chance: random.Random) -> Iterator[tuple[str, str]]:
    for _ in range(100):
        whose = chance.choice(["XZEBRA", "other", "others"])
        name = f"{whose}{chance.randrange(300)}"
        yield name, whose * chance.randrange(1, chance.choice([5, 50, 900]))


async def test_a_large_index_is_merged_in_steps_while_others_add_to_it(url: str) -> None:
    chance = random.Random(1)
    words = [f"word{chance.randrange(10_000)}" for _ in range(20_000)]

    def add(conn: Connection, story_id: int, *more: str) -> None:
        texts = (" ".join([*chance.choices(words, k=40), *more]) for _ in range(400))
        index.add(conn, story_id, enumerate(texts))

    async with open_database(url) as database:
        for story_id in range(1, 9):
            await database.write(add, story_id, *["xsecretzebra"] * (story_id == 3))
        await database.write(index.remove, 3)
        steps = 0
        while await database.write(index.merge):
            steps += 1
            if steps == 3:
                await database.write(add, 9)
        assert steps > 3
        assert await database.maintain(empty_log)
        assert traces(url, (b"secretzebra",)) == []
        kept = await database.read(index.matches, 9, index.ALL)
        assert len(kept) == 400


async def test_an_earlier_night_stands_and_one_that_has_come_is_planned_again(
    database: Database,
) -> None:
    if not database.exclusive:
        assert await database.write(cleaning.begin, UTC, NOW) == NOW  # PostgreSQL's own affair
        assert await database.read(due) == {}
        return
    await database.write(cleaning.begin, UTC, NOW)  # at 08:00
    night = (await database.read(due))[cleaning.VACUUM]
    await database.write(cleaning.begin, ZoneInfo("Etc/GMT+1"), NOW)  # where night ends later
    assert (await database.read(due))[cleaning.VACUUM] == night
    await database.write(cleaning.begin, UTC, night)
    assert (await database.read(due))[cleaning.VACUUM] == night + DAY


async def test_a_chore_ends_with_whoever_waits_for_it(url: str) -> None:
    """So that stopping the bot does not wait for the rest of a VACUUM."""
    begun = threading.Event()

    def endless(connection: sqlite3.Connection) -> bool:
        begun.set()
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
        )
        return True

    async with open_database(url) as database, asyncio.timeout(PATIENCE):
        chore = asyncio.create_task(database.maintain(endless))
        await asyncio.to_thread(begun.wait, PATIENCE)
        chore.cancel()
        await asyncio.wait({chore})
        await database.write(facts.remember, "name", "value")
        assert await database.read(facts.recall, "name") == "value"


async def test_an_error_does_not_say_what_was_written(database: Database) -> None:
    def fail(conn: Connection) -> None:
        conn.execute(insert(facts.facts).values(name="XNAMEZEBRA", value=None))

    with pytest.raises(Exception, match=r"(?i)null") as failed:
        await database.write(fail)
    if database.exclusive:  # PostgreSQL's own message has the row
        assert "XNAMEZEBRA" not in repr(failed.value)
