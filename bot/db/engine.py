"""One writing connection, several reading ones, and use cases run as whole transactions.

A use case is a plain function of a connection. `write` runs it as one transaction; `read` runs one
that changes nothing. On SQLite exactly one connection ever writes: several bring lock waits of
seconds.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from filelock import FileLock, Timeout
from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from bot.db import migrate
from bot.errors import DatabaseBusy

P = ParamSpec("P")
R = TypeVar("R")

READERS = 4


def wake(conn: Connection, loop: str) -> None:
    """Have the named loop look for work as soon as this transaction has committed."""
    conn.info.setdefault("wake", set()).add(loop)


class Database:
    def __init__(self, writer: AsyncEngine, reader: AsyncEngine) -> None:
        self._writer = writer
        self._reader = reader
        self._lock = asyncio.Lock() if writer.dialect.name == "sqlite" else None
        self._writes: set[asyncio.Task[object]] = set()
        self.exclusive = self._lock is not None  # no other process has this database open
        self.woken: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def read(
        self, use_case: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        async with self._reader.connect() as conn:
            return await conn.run_sync(use_case, *args, **kwargs)

    async def write(
        self, use_case: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run the use case in one transaction. A cancelled caller does not cancel it: a write
        whose outcome is unknown is worse than one that nobody waits for."""
        task = asyncio.create_task(self._write(use_case, *args, **kwargs))
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)
        return await asyncio.shield(task)

    async def _write(
        self, use_case: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        if self._lock is None:
            return await self._transaction(use_case, *args, **kwargs)
        async with self._lock:
            return await self._transaction(use_case, *args, **kwargs)

    async def _transaction(
        self, use_case: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        async with self._writer.connect() as conn:
            conn.sync_connection.info.pop("wake", None)  # type: ignore[union-attr] # it is connected
            async with conn.begin():
                result = await conn.run_sync(use_case, *args, **kwargs)
            for loop in conn.sync_connection.info.pop("wake", ()):  # type: ignore[union-attr]
                self.woken[loop].set()
        return result

    async def begin(self) -> None:
        """Open the writing connection: the first one to a file switches its journal, alone."""
        async with self._writer.connect():
            pass

    async def close(self) -> None:
        if self._writes:
            await asyncio.wait(self._writes)
        await self._reader.dispose()
        await self._writer.dispose()


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """Migrate the database at `url` to today's schema and open it.

    Raises DatabaseBusy where another process holds a SQLite file.
    """
    if make_url(url).get_backend_name() != "sqlite":
        await migrate.upgrade(url)
        engine = create_async_engine(url)
        database = Database(engine, engine)
        try:
            yield database
        finally:
            await database.close()
        return
    path = Path(make_url(url).database or "")
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(f"{path}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise DatabaseBusy(
            f"{path.name} is in use by a running bot. Stop it first, then try again."
        ) from None
    try:
        await migrate.upgrade(url)
        database = Database(
            _sqlite(url, pool_size=1, begin="BEGIN IMMEDIATE"),
            _sqlite(url, pool_size=READERS, begin="BEGIN", query_only=True),
        )
        try:
            await database.begin()
            yield database
        finally:
            await database.close()
    finally:
        lock.release()


def _sqlite(url: str, *, pool_size: int, begin: str, query_only: bool = False) -> AsyncEngine:
    engine = create_async_engine(url, pool_size=pool_size, max_overflow=0)

    @event.listens_for(engine.sync_engine, "connect")
    def configure(dbapi: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        dbapi.isolation_level = None  # the driver must not begin transactions on its own
        cursor = dbapi.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA busy_timeout = 5000")
        if query_only:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def start(conn: Connection) -> None:
        conn.exec_driver_sql(begin)

    return engine
