import importlib
import sqlite3
from pathlib import Path

import pytest
from alembic import autogenerate
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection

from bot.db import migrate
from bot.db.engine import Database, open_database
from bot.db.metadata import is_ours, metadata
from tests.conftest import ROOT, NewDatabase, settings


async def test_the_migrations_make_the_tables_that_the_code_uses(database: Database) -> None:
    for tables in (ROOT / "bot").glob("*/tables.py"):
        importlib.import_module(f"bot.{tables.parent.name}.tables")
    importlib.import_module("bot.db.facts")

    def differences(conn: Connection) -> list[object]:
        context = MigrationContext.configure(conn, opts={"include_name": is_ours})
        return list(autogenerate.compare_metadata(context, metadata))

    assert await database.read(differences) == []


async def test_an_older_database_is_copied_before_it_is_migrated(
    new_sqlite: NewDatabase, tmp_path: Path
) -> None:
    url = settings(new_sqlite()).database_url
    path = Path(url.removeprefix("sqlite+aiosqlite:///"))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'unknown'")
    with pytest.raises(CommandError, match="unknown"):
        await migrate.upgrade(url)
    copy = path.with_name(f"{path.name}.before-unknown")
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT count(*) FROM stories").fetchone() == (0,)


async def test_a_new_file_and_its_folder_are_made(tmp_path: Path) -> None:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path / 'new' / 'bot.db'}") as database:
        assert await database.read(migrate.revision) is not None
