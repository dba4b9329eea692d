"""Databases in memory, for the hundreds of copies that made-up cases need."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import StaticPool

from bot.db import migrate


@cache
def migrated() -> bytes:
    """An empty one of today's schema."""
    with create_engine("sqlite://", poolclass=StaticPool).begin() as conn:
        migrate.upgrade_on(conn)
        return kept(conn)


def kept(conn: Connection) -> bytes:
    """The database as it is, for copies of it."""
    conn.commit()
    raw = conn.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw.serialize()


# Opened before and not in use: what SQLAlchemy has made of statements is kept with the engine.
_spare: list[Engine] = []


@contextmanager
def in_memory(data: bytes | None = None) -> Iterator[Connection]:
    """A copy of a database, or an empty one, as a transaction that stays."""
    engine = _spare.pop() if _spare else create_engine("sqlite://", poolclass=StaticPool)
    with engine.connect() as conn:
        raw = conn.connection.driver_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.deserialize(data or migrated())
        raw.execute("PRAGMA foreign_keys = ON")
        yield conn
    _spare.append(engine)
