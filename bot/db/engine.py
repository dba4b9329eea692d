"""One writing connection, several reading ones, and use cases run as whole transactions.

A use case is a plain function of a connection. `write` runs it as one transaction; `read` runs one
that changes nothing. On SQLite exactly one connection ever writes: several bring lock waits of
seconds.
"""

import asyncio
import logging
import sqlite3
import threading
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Collection, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

import aiosqlite
import asyncpg
from filelock import FileLock, Timeout
from sqlalchemy import (
    Compiled,
    Connection,
    Dialect,
    Engine,
    StaticPool,
    create_engine,
    make_url,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.util import LRUCache

from bot.db import files, migrate
from bot.errors import DatabaseBusy, DatabaseUnusable

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

READERS = 4
STATEMENTS = 1000  # that are kept ready
BUSY_TIMEOUT = 5.0  # seconds
ATTEMPTS = 5  # at a transaction that PostgreSQL aborts because of another one
DEADLOCK, SERIALIZATION_FAILURE = "40P01", "40001"  # as PostgreSQL numbers them


def wake(conn: Connection, loop: str) -> None:
    """Have the named loop look for work as soon as this transaction has committed."""
    conn.info.setdefault("wake", set()).add(loop)


class Runner(Protocol):
    async def run(self, use_case: Callable[[Connection], R]) -> R:
        """Run the use case as one transaction."""
        ...


class Database:
    """`exclusive`: no other process has this database open."""

    def __init__(self, writer: Runner, reader: Runner, *, exclusive: bool) -> None:
        self._writer = writer
        self._reader = reader
        self._writes: set[asyncio.Task[object]] = set()
        self.exclusive = exclusive
        self.woken: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def read(
        self, use_case: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        return await self._reader.run(lambda conn: use_case(conn, *args, **kwargs))

    async def write(
        self, use_case: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Run the use case in one transaction. A cancelled caller does not cancel it: a write
        whose outcome is unknown is worse than one that nobody waits for."""
        task = asyncio.create_task(self._write(lambda conn: use_case(conn, *args, **kwargs)))
        self._writes.add(task)
        task.add_done_callback(self._writes.discard)
        return await asyncio.shield(task)

    async def _write(self, use_case: Callable[[Connection], R]) -> R:
        def with_whom_to_wake(conn: Connection) -> tuple[R, Collection[str]]:
            conn.info.pop("wake", None)
            return use_case(conn), conn.info.get("wake", ())

        result, loops = await self._writer.run(with_whom_to_wake)
        for loop in loops:
            self.woken[loop].set()
        return result

    async def maintain(self, chore: Callable[[sqlite3.Connection], bool]) -> bool:
        """Run a chore on SQLite's writing connection, outside any transaction: whether it is done.
        PostgreSQL needs none of ours. A cancelled caller cancels it."""
        if not isinstance(self._writer, _Sqlite):
            return True
        return await self._writer.maintain(chore)

    async def finish(self) -> None:
        """Wait for the writes that are under way."""
        while self._writes:
            await asyncio.wait(self._writes)


@cache
def _shared() -> tuple[Dialect, LRUCache[Any, Compiled]]:
    """What SQLAlchemy knows of SQLite, and makes of statements: for all connections, as to make
    that takes longer than to run them."""
    with create_engine("sqlite://").connect() as conn:
        return conn.dialect, LRUCache(STATEMENTS)


class _Sqlite(aiosqlite.Connection):
    """A connection with a thread of its own, which runs whole use cases: to change threads for
    every statement takes several times as long as the statements."""

    def __init__(self, path: Path, begin: str, *, query_only: bool = False) -> None:
        super().__init__(lambda: _connect(path, query_only=query_only), iter_chunk_size=1)
        dialect, compiled = _shared()
        self._engine = Engine(
            StaticPool(lambda: cast(DBAPIConnection, self._conn)),
            dialect,
            make_url("sqlite://"),
            execution_options={"compiled_cache": compiled},
            hide_parameters=True,  # an error is kept and logged, with what was written it is not
        )
        self._begin = begin

    async def run(self, use_case: Callable[[Connection], R]) -> R:
        return await self._in_thread(lambda: self._transaction(use_case))

    async def _in_thread(self, work: Callable[[], R]) -> R:
        result: R = await self._execute(work)  # type: ignore[no-untyped-call] # untyped in aiosqlite
        return result

    def _transaction(self, use_case: Callable[[Connection], R]) -> R:
        try:
            with self._engine.begin() as conn:
                conn.exec_driver_sql(self._begin)
                return use_case(conn)
        except StopIteration as error:  # which no future can carry: its caller would wait for ever
            raise RuntimeError("a use case ran out of an iterator") from error

    async def maintain(self, chore: Callable[[sqlite3.Connection], bool]) -> bool:
        cancelled = threading.Event()

        def run() -> bool:
            self._conn.set_progress_handler(cancelled.is_set, 10_000)
            try:
                return chore(self._conn)
            finally:
                self._conn.set_progress_handler(None, 0)

        try:
            return await self._in_thread(run)
        finally:
            cancelled.set()


class _Readers:
    def __init__(self, connections: Collection[_Sqlite]) -> None:
        self._free: asyncio.Queue[_Sqlite] = asyncio.Queue()
        for connection in connections:
            self._free.put_nowait(connection)

    async def run(self, use_case: Callable[[Connection], R]) -> R:
        connection = await self._free.get()
        try:
            return await asyncio.shield(connection.run(use_case))
        finally:
            self._free.put_nowait(connection)


class _Postgres:
    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def run(self, use_case: Callable[[Connection], R]) -> R:
        """Run it again where PostgreSQL aborted it because of another transaction: nothing of it
        has been kept."""
        for _ in range(ATTEMPTS - 1):
            try:
                return await self._transaction(use_case)
            except DBAPIError as error:
                if not _may_run_again(error):
                    raise
                log.info("A transaction is run again: %s", error.orig)
        return await self._transaction(use_case)

    async def _transaction(self, use_case: Callable[[Connection], R]) -> R:
        async with self._engine.begin() as conn:
            return await conn.run_sync(use_case)


def _may_run_again(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in (DEADLOCK, SERIALIZATION_FAILURE)


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """Migrate the database at `url` to today's schema and open it.

    Raises DatabaseBusy where another process holds a SQLite file, else DatabaseUnusable.
    """
    async with AsyncExitStack() as stack:
        if make_url(url).get_backend_name() == "sqlite":
            path = Path(make_url(url).database or "")
            with _naming(str(path)):
                database = await _open_sqlite(url, path, stack)
        else:
            with _naming(make_url(url).render_as_string(hide_password=True)):
                database = await _open_postgres(url, stack)
        try:
            yield database
        finally:
            await database.finish()


@contextmanager
def _naming(database: str) -> Iterator[None]:
    """Say which database it was that failed, and of what."""
    try:
        yield
    except (OSError, sqlite3.Error, DBAPIError, asyncpg.PostgresError) as error:
        cause = getattr(error, "orig", None) or getattr(error, "strerror", None) or error
        raise DatabaseUnusable(
            f"The database {database} (DATABASE_URL) can't be opened: {cause}."
        ) from error


async def _open_postgres(url: str, stack: AsyncExitStack) -> Database:
    await migrate.upgrade(url)
    engine = create_async_engine(url, hide_parameters=True)
    stack.push_async_callback(engine.dispose)
    return Database(_Postgres(engine), _Postgres(engine), exclusive=False)


async def _open_sqlite(url: str, path: Path, stack: AsyncExitStack) -> Database:
    files.make_private(path)
    lock = FileLock(f"{path}.lock", mode=files.PRIVATE_FILE)
    try:
        stack.enter_context(lock.acquire(timeout=0))
    except Timeout:
        raise DatabaseBusy(
            f"{path.name} is in use by a running bot. Stop it first, then try again."
        ) from None
    await migrate.upgrade(url)
    writer = _Sqlite(path, "BEGIN IMMEDIATE")
    readers = [_Sqlite(path, "BEGIN", query_only=True) for _ in range(READERS)]
    # The first connection to a file switches its journal, alone.
    for connection in (writer, *readers):
        await stack.enter_async_context(connection)
    return Database(writer, _Readers(readers), exclusive=True)


def _connect(path: Path, *, query_only: bool) -> sqlite3.Connection:
    # Without an isolation level the driver begins no transactions of its own.
    connection = sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA query_only = {int(query_only)}")
    return connection
