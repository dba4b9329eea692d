"""Bring a database up to today's schema, whatever released version wrote it."""

import asyncio
import logging
import sqlite3
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, func, make_url, select
from sqlalchemy.ext.asyncio import create_async_engine

from bot.db import files
from bot.errors import DatabaseUnusable

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 7_236_001  # any number that nothing else in the database locks


async def upgrade(url: str) -> None:
    """Run the missing migrations, all in one transaction. A SQLite file with content is copied
    beside itself first. Raises DatabaseUnusable, and leaves the database as it was."""
    if make_url(url).get_backend_name() == "sqlite":
        path = Path(make_url(url).database or "")
        migrating = asyncio.create_task(asyncio.to_thread(upgrade_file, path))
        try:
            await asyncio.shield(migrating)
        except asyncio.CancelledError:  # a thread goes on: the lock is held for as long
            await asyncio.wait({migrating})
            raise
        return
    engine = create_async_engine(url)
    try:
        async with engine.begin() as conn:
            if await conn.run_sync(is_behind):
                await conn.run_sync(upgrade_on)
    finally:
        await engine.dispose()


def upgrade_file(path: Path) -> None:
    # Without an isolation level the driver leaves transactions to us; it would end them at a DDL.
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(path, isolation_level=None),
        poolclass=NullPool,
    )
    with engine.connect() as conn:
        if not is_behind(conn):
            return
        kept = ""
        if (current := revision(conn)) is not None:
            copy = _copy(path, current)
            log.info("Copied the database to %s before migrating it", copy)
            kept = f"; a copy is in {copy}"
        # So that a table can be rebuilt; inside of a transaction this would do nothing.
        conn.exec_driver_sql("PRAGMA foreign_keys = OFF")
        conn.exec_driver_sql("BEGIN IMMEDIATE")
        try:
            upgrade_on(conn)
            conn.commit()
        except Exception as error:
            log.exception("Migrating the database failed")
            cause = getattr(error, "orig", error)
            raise DatabaseUnusable(
                f"{path} can't be brought up to date: {cause}. It is as it was{kept}."
            ) from error


def _copy(path: Path, current: str) -> Path:
    try:
        return files.copy_before_migrating(path, current)
    except (OSError, sqlite3.Error) as error:
        raise DatabaseUnusable(
            f"{path} can't be copied, which must come before bringing it up to date: {error}. "
            "It is as it was."
        ) from error


@cache
def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def revision(conn: Connection) -> str | None:
    return MigrationContext.configure(conn).get_current_revision()


def is_behind(conn: Connection) -> bool:
    """Raises DatabaseUnusable where a newer version made it."""
    current = revision(conn)
    if current not in {None, *(script.revision for script in _scripts().walk_revisions())}:
        raise DatabaseUnusable(
            "The database was made by a newer version of Cliffhanger "
            f"(its revision {current} is unknown to this one). Update Cliffhanger and start again."
        )
    return current != _scripts().get_current_head()


def upgrade_on(conn: Connection) -> None:
    """Run the missing migrations in the connection's transaction."""
    if conn.dialect.name == "postgresql":  # of several processes that start at once, one migrates
        conn.execute(select(func.pg_advisory_xact_lock(LOCK)))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
    if conn.dialect.name == "sqlite":
        broken = conn.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"{len(broken)} references would point nowhere")
