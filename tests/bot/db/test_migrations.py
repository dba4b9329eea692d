import importlib
import sqlite3
from pathlib import Path

import pytest
from alembic import autogenerate, command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine

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


def test_what_was_logged_before_is_private_but_for_counts_in_sprints() -> None:
    """Corrections are as what they correct."""
    with create_engine("sqlite://").begin() as conn:
        config = Config()
        config.set_main_option("script_location", str(migrate.MIGRATIONS))
        config.attributes["connection"] = conn
        command.upgrade(config, "0009")
        for number, source, root, guild in (
            (1, "wrote", None, 100),
            (2, "edit", 1, 100),
            (3, "sprint", None, 100),
            (4, "edit", 3, 100),
            (5, "import", None, None),
        ):
            conn.exec_driver_sql(
                "INSERT INTO entries (id, person_id, project_id, unit, amount, day, made_at, "
                "source, root_id, guild_id, key, void, left_off) "
                "VALUES (?, 1, 1, 'words', 5, '2026-11-01', 0, ?, ?, ?, ?, 0, 0)",
                (number, source, root, guild, f"key:{number}"),
            )
        command.upgrade(config, "head")
        public = conn.exec_driver_sql("SELECT id FROM entries WHERE public = 1 ORDER BY id")
        assert public.scalars().all() == [3, 4]
