import importlib
import os
import secrets
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count
from pathlib import Path

import asyncpg
import pytest
from alembic import autogenerate, command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from bot.db import migrate
from bot.db.engine import Database, open_database
from bot.db.metadata import is_ours, metadata
from bot.errors import DatabaseUnusable
from tests.bot.db.killed_migration import Killed, before_statement, killer, raise_killed
from tests.bot.db.older import NEWEST, OLDER, build
from tests.conftest import ROOT, NewDatabase, settings

Kill = Callable[[int, Path], bool]


async def test_the_migrations_make_the_tables_that_the_code_uses(database: Database) -> None:
    for tables in (ROOT / "bot").glob("*/tables.py"):
        importlib.import_module(f"bot.{tables.parent.name}.tables")
    importlib.import_module("bot.db.facts")

    def differences(conn: Connection) -> list[object]:
        context = MigrationContext.configure(conn, opts={"include_name": is_ours})
        return list(autogenerate.compare_metadata(context, metadata))

    assert await database.read(differences) == []


@pytest.fixture(scope="module")
def kill() -> Iterator[Kill]:
    with killer() as kill:
        yield kill


@pytest.fixture(params=OLDER)
def older(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A database of a released revision with content, as the bot leaves it: in WAL mode."""
    path = tmp_path / "bot.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as conn:
        build(conn, request.param)
    engine.dispose()
    return path


def dump(path: Path) -> list[str]:
    """Everything a database holds. It is looked at as a copy: looking leaves no trace."""
    look = path.with_name("look.db")
    for ending in ("", "-wal"):
        if path.with_name(path.name + ending).exists():
            shutil.copyfile(path.with_name(path.name + ending), look.with_name(look.name + ending))
    with closing(sqlite3.connect(look)) as connection:
        held = list(connection.iterdump())
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    for file in look.parent.glob("look.db*"):
        file.unlink()
    return held


def copies(path: Path) -> list[Path]:
    return sorted(path.parent.glob("*.before-*"))


def migrated(path: Path) -> list[str]:
    """What an undisturbed migration makes of it."""
    undisturbed = path.with_name("undisturbed.db")
    shutil.copyfile(path, undisturbed)
    migrate.upgrade_file(undisturbed)
    held = dump(undisturbed)
    for file in path.parent.glob("undisturbed.db*"):
        file.unlink()
    return held


def is_killed(error: BaseException | None) -> bool:
    """Alembic may stumble over the death of a statement and say so instead."""
    return error is not None and (isinstance(error, Killed) or is_killed(error.__context__))


def test_a_migration_killed_before_any_statement_is_as_if_it_had_not_begun(older: Path) -> None:
    """Each start gets one statement further than the one before it, the last to the end."""
    before, after = dump(older), migrated(older)
    for number in count(1):
        try:
            with before_statement(number, raise_killed):
                migrate.upgrade_file(older)
            break
        except BaseException as error:
            if not is_killed(error):
                raise
            if number % 5 == 0:  # to look takes longer than to migrate
                assert dump(older) == before, f"killed before statement {number}"
    assert number > 10
    assert dump(older) == after
    (copy,) = copies(older)
    assert dump(copy) == before


def test_a_process_killed_while_it_migrates_starts_again(older: Path, kill: Kill) -> None:
    before, after = dump(older), migrated(older)
    for number in count(1, 17):
        if not kill(number, older):
            break
        assert dump(older) == before, f"killed before statement {number}"
    assert number > 1
    assert dump(older) == after
    (copy,) = copies(older)
    assert dump(copy) == before


def test_what_people_wrote_comes_along(older: Path) -> None:
    with closing(sqlite3.connect(older)) as connection:
        wanted = connection.execute("SELECT source FROM paragraphs").fetchall()
        names = connection.execute("SELECT name FROM names").fetchall()
    migrate.upgrade_file(older)
    with closing(sqlite3.connect(older)) as connection:
        assert connection.execute("SELECT source FROM paragraphs").fetchall() == wanted
        assert connection.execute("SELECT name FROM names").fetchall() == names
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            (NEWEST,)
        ]
    assert len(wanted) == len(names) == 2


@pytest.mark.parametrize("older", OLDER[-1:], indirect=True)
def test_a_copy_is_whole_private_and_never_overwritten(older: Path) -> None:
    before = dump(older)
    name = f"{older.name}.before-{OLDER[-1]}"
    older.with_name(name).write_text("the operator's")
    older.with_name(f"{name}.partial").write_text("of a start that was interrupted")
    mask = os.umask(0)
    try:
        migrate.upgrade_file(older)
    finally:
        os.umask(mask)
    kept, copy = copies(older)
    assert (kept.name, kept.read_text()) == (name, "the operator's")
    assert copy.name == f"{name}.2"
    assert dump(copy) == before
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


@pytest.mark.parametrize("older", OLDER[-1:], indirect=True)
async def test_a_migration_that_fails_names_the_copy_and_changes_nothing(older: Path) -> None:
    with closing(sqlite3.connect(older)) as connection:  # as a half-done migration left it once
        connection.execute("PRAGMA foreign_keys = OFF")
        connection.execute("DELETE FROM persons")
        connection.commit()
    before = dump(older)
    for _ in range(2):
        with pytest.raises(DatabaseUnusable, match="references would point nowhere") as caught:
            async with open_database(f"sqlite+aiosqlite:///{older}"):
                pass
        (copy,) = copies(older)
        assert str(copy) in str(caught.value)
        assert dump(older) == dump(copy) == before


@pytest.mark.parametrize("older", OLDER[-1:], indirect=True)
async def test_without_a_copy_nothing_is_migrated(
    older: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dump(older)
    older.with_name(f"{older.name}.before-{OLDER[-1]}.partial").mkdir()
    with pytest.raises(DatabaseUnusable, match="can't be copied"):
        await migrate.upgrade(f"sqlite+aiosqlite:///{older}")
    assert dump(older) == before


async def test_a_database_of_a_newer_version_is_refused_and_not_copied(
    new_sqlite: NewDatabase, tmp_path: Path
) -> None:
    url = settings(new_sqlite()).database_url
    path = Path(url.removeprefix("sqlite+aiosqlite:///"))
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = dump(path)
    with pytest.raises(DatabaseUnusable, match=r"newer version of Cliffhanger .*9999"):
        async with open_database(url):
            pass
    assert copies(path) == []
    assert dump(path) == before


async def test_a_new_file_and_its_folder_are_made(tmp_path: Path) -> None:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path / 'new' / 'bot.db'}") as database:
        assert await database.read(migrate.revision) == NEWEST


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


async def test_a_first_start_that_is_killed_starts_again(tmp_path: Path) -> None:
    path = tmp_path / "bot.db"
    for number in range(1, 60, 6):
        with pytest.raises(Killed), before_statement(number, raise_killed):
            migrate.upgrade_file(path)
    migrate.upgrade_file(path)
    with create_engine(f"sqlite:///{path}").connect() as conn:
        assert migrate.revision(conn) == NEWEST


@pytest.fixture
async def empty_postgres(postgres: str) -> str:
    """The URL of a database without any table."""
    name = f"empty_{secrets.token_hex(4)}"
    connection = await asyncpg.connect(postgres)
    await connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    await connection.close()
    url = make_url(settings(postgres).database_url).set(database=name)
    return url.render_as_string(hide_password=False)


@pytest.mark.parametrize("revision", OLDER)
async def test_postgres_is_migrated_whole_or_not_at_all(empty_postgres: str, revision: str) -> None:
    engine = create_async_engine(empty_postgres)
    async with engine.begin() as conn:
        await conn.run_sync(build, revision)
    for number in (12, 40):
        try:
            with before_statement(number, raise_killed):
                await migrate.upgrade(empty_postgres)
        except Killed:
            async with engine.connect() as conn:
                assert await conn.run_sync(migrate.revision) == revision
    await migrate.upgrade(empty_postgres)
    async with engine.connect() as conn:
        assert await conn.run_sync(migrate.revision) == NEWEST
        assert (await conn.execute(text("SELECT count(*) FROM paragraphs"))).scalar_one() == 2
    await engine.dispose()


async def test_postgres_of_a_newer_version_is_refused(empty_postgres: str) -> None:
    await migrate.upgrade(empty_postgres)
    engine = create_async_engine(empty_postgres)
    async with engine.begin() as conn:
        await conn.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await engine.dispose()
    with pytest.raises(DatabaseUnusable, match="newer version"):
        async with open_database(empty_postgres):
            pass
