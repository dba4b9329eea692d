"""Bring a database up to today's schema, whatever released version wrote it."""

import logging
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, func, make_url, select
from sqlalchemy.ext.asyncio import create_async_engine

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 7_236_001  # any number that nothing else in the database locks


async def upgrade(url: str) -> None:
    """Run the missing migrations; a SQLite file with content is copied beside itself first."""
    engine = create_async_engine(url)
    try:
        async with engine.connect() as conn:
            current = await conn.run_sync(revision)
        if current == _newest():
            return
        if current is not None and engine.dialect.name == "sqlite":
            path = Path(make_url(url).database or "")
            backup = path.with_name(f"{path.name}.before-{current}")
            with closing(sqlite3.connect(path)) as old, closing(sqlite3.connect(backup)) as copy:
                old.backup(copy)
            log.info("Copied the database to %s before migrating it", backup.name)
        async with engine.begin() as conn:
            await conn.run_sync(upgrade_on)
    finally:
        await engine.dispose()


@cache
def _newest() -> str | None:
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


def revision(conn: Connection) -> str | None:
    return MigrationContext.configure(conn).get_current_revision()


def upgrade_on(conn: Connection) -> None:
    if conn.dialect.name == "postgresql":  # of several processes that start at once, one migrates
        conn.execute(select(func.pg_advisory_xact_lock(LOCK)))
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
    if conn.dialect.name == "sqlite":
        # Foreign keys are off on this connection, so that a table can be rebuilt.
        broken = conn.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise RuntimeError(f"the migrated database has {len(broken)} dangling references")
