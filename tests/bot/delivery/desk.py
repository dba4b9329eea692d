"""Channels kept in memory, which fail as they are told, and an outbox loop that posts to them."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, select, update

from bot.clock import TurnableClock, system_now
from bot.db.engine import Database
from bot.delivery import queue
from bot.delivery import service as outbox
from bot.delivery.loop import Hooks, OutboxLoop, Told
from bot.delivery.rules import NONCE_TRUSTED, Row, SendFailed, State
from bot.delivery.service import NOTICES
from bot.delivery.tables import outbox as table

GUILD, HERE, THERE = 100, 10, 20
PATIENCE = 30  # s; for a machine that is busy with other things
START = 1_000_000
LONG_AGO = NONCE_TRUSTED + 1000  # ms; Discord no longer knows the nonce


def make_due(conn: Connection) -> None:
    """As if its backoff were over."""
    conn.execute(update(table).where(table.c.due.is_not(None)).values(due=0))


def grow_old(conn: Connection) -> None:
    """As if every attempt had been made long ago."""
    conn.execute(update(table).values(attempted_at=table.c.attempted_at - LONG_AGO))


@dataclass
class Fault:
    """What the next request meets; `lands`: Discord did it, and the answer was lost."""

    status: int
    code: int = 0
    lands: bool = False
    wait: int | None = 0  # ms that the answer asks for

    def error(self) -> SendFailed:
        return SendFailed(self.status, self.code, self.wait)


@dataclass
class Message:
    id: int
    channel_id: int
    subject: int
    part: int
    nonce: str


class Memory:
    """A Sender whose channels are lists. What is rendered is `shows`."""

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self.asked: list[tuple[str, Row]] = []
        self.faults: deque[Fault | Exception | None] = deque()
        self.gates: dict[int, asyncio.Event] = {}  # of channels that answer only once it is set
        self.shows = 0
        self.shown: dict[int, int] = {}
        self.old_nonces: set[str] = set()
        self._changed = asyncio.Event()

    async def post(self, row: Row) -> int | None:
        rendered = self.shows
        await self._ask("post", row)
        fault = self.faults.popleft() if self.faults else None
        message = None
        if fault is None or (isinstance(fault, Fault) and fault.lands):
            message = self._posted(row)
            self.shown[message.id] = rendered
        await self._answer(row)
        self._raise(fault)
        assert message is not None
        return message.id

    async def edit(self, row: Row) -> None:
        assert row.message_id is not None
        rendered = self.shows
        await self._ask("edit", row)
        await self._answer(row)
        self._raise(self.faults.popleft() if self.faults else None)
        self.shown[row.message_id] = rendered

    async def act(self, row: Row) -> None:
        await self._ask("act", row)
        await self._answer(row)
        self._raise(self.faults.popleft() if self.faults else None)

    async def find(self, row: Row) -> int | None:
        await self._ask("find", row)
        self._raise(self.faults.popleft() if self.faults else None)
        return next((found.id for found in self.messages if found.nonce == row.nonce), None)

    async def delete(self, row: Row) -> None:
        await self._ask("delete", row)
        fault = self.faults.popleft() if self.faults else None
        if fault is None or (isinstance(fault, Fault) and fault.lands):
            self.messages = [
                found
                for found in self.messages
                if row.message_id != found.id and row.nonce != found.nonce
            ]
        self._raise(fault)

    async def _ask(self, what: str, row: Row) -> None:
        self.asked.append((what, row))
        self._changed.set()

    async def _answer(self, row: Row) -> None:
        if gate := self.gates.get(row.channel_id):
            await gate.wait()

    def _posted(self, row: Row) -> Message:
        for found in self.messages:
            if found.nonce == row.nonce and row.nonce not in self.old_nonces:
                return found
        message = Message(
            len(self.messages) + 500, row.channel_id, row.subject, row.part, row.nonce
        )
        self.messages.append(message)
        return message

    def _raise(self, fault: Fault | Exception | None) -> None:
        if isinstance(fault, Exception):
            raise fault
        if fault:
            raise fault.error()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait for requests until the condition holds."""
        async with asyncio.timeout(PATIENCE):
            while not condition():
                self._changed.clear()
                await self._changed.wait()

    @property
    def subjects(self) -> list[int]:
        return [message.subject for message in self.messages]

    @property
    def requests(self) -> list[str]:
        return [what for what, _ in self.asked]


class Notes:
    """Hooks that note what they are told."""

    def __init__(self) -> None:
        self.events: list[str] = []
        self.hooks = Hooks(
            **{
                name: self._note(name)
                for name in ("sent", "withdrawn", "blocked", "gone", "refused")
            }
        )

    def _note(self, event: str) -> Told:
        def told(conn: Connection, row: Row, now: int) -> None:
            self.events.append(f"{event} {row.subject}.{row.part}")

        return told


class Desk:
    """A database, an outbox loop's parts, and what its tests ask of them."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = TurnableClock(lambda: START)
        self.discord = Memory()
        self.told = Notes()
        self._loop: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def running(self) -> AsyncIterator["asyncio.Task[None]"]:
        loop = OutboxLoop(self.database, self.clock, self.discord, {"excerpt": self.told.hooks})
        task = self._loop = asyncio.create_task(loop.run())
        try:
            yield task
        finally:
            task.cancel()
            await asyncio.wait({task})

    async def add(
        self,
        subject: int = 7,
        channel_id: int = HERE,
        parts: int = 1,
        priority: int = NOTICES,
        not_after: int | None = None,
    ) -> None:
        await self.database.write(
            lambda conn: outbox.add(
                conn, "excerpt", subject, guild_id=GUILD, channel_id=channel_id,
                parts=range(parts), priority=priority, not_after=not_after,
            )
        )  # fmt: skip

    async def rows(self, subject: int = 7) -> list[Row]:
        return await self.database.read(outbox.messages, "excerpt", subject)

    async def attempted(self, subject: int = 7, *, ago: int) -> str:
        """As if a POST had been begun so long ago, and nothing was heard since."""
        (row,) = await self.rows(subject)
        assert await self.database.write(queue.begin, row, system_now() - ago)
        self.discord.old_nonces.add(row.nonce)
        return row.nonce

    async def until(self, *states: State, subject: int = 7) -> list[Row]:
        """Wait until the rows of the subject stand so."""
        async with asyncio.timeout(PATIENCE):
            while True:
                rows = await self.rows(subject)
                if tuple(row.state for row in rows) == states:
                    return rows
                self._check_running()

    async def remove(self, subject: int = 7) -> None:
        await self.database.write(outbox.remove, "excerpt", subject)

    async def left(self) -> list[tuple[State, int | None]]:
        """What the outbox still holds: the state and the message of each."""
        rows = await self.database.read(
            lambda conn: conn.execute(select(table.c.state, table.c.message_id)).all()
        )
        return [(State(row.state), row.message_id) for row in rows]

    async def until_forgotten(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while await self.left():
                self._check_running()

    async def until_blocked(self) -> None:
        async with asyncio.timeout(PATIENCE):
            while not await self.database.read(outbox.blocked_channels, GUILD):
                self._check_running()

    def _check_running(self) -> None:
        """A loop that has died brings nothing more: say why, and do not wait for it."""
        if self._loop is not None and self._loop.done():
            self._loop.result()
            raise AssertionError("the loop has ended")
