"""Databases in memory, for the hundreds of copies that made-up cases need."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from bot.db import migrate


@cache
def migrated() -> bytes:
    """An empty one of today's schema."""
    raw = sqlite3.connect(":memory:")
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    with engine.begin() as conn:
        migrate.upgrade_on(conn)
    return raw.serialize()


@contextmanager
def in_memory(data: bytes | None = None) -> Iterator[Connection]:
    """A copy of a database, or an empty one, as a transaction that stays."""
    raw = sqlite3.connect(":memory:")
    raw.deserialize(data or migrated())
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    with engine.begin() as conn:
        yield conn
    engine.dispose()
