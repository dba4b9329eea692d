"""The loop that posts what the outbox promises: once, in order, whatever happens."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy import Connection

from bot.clock import LONGEST_FINISH, Clock, system_now
from bot.db.engine import Database
from bot.delivery import queue
from bot.delivery.rules import Edit, Refusal, Row, SendFailed, State, Step, backoff, refusal, step

log = logging.getLogger(__name__)

AT_ONCE = 16  # channels written to at the same time
REST = 1.0  # seconds, after a failure of our own


class Sender(Protocol):
    """Renders and posts. Each raises SendFailed where Discord refuses or does not answer."""

    async def post(self, row: Row) -> int | None:
        """The message's id, or None where there is nothing left to say."""
        ...

    async def edit(self, row: Row) -> None: ...

    async def find(self, row: Row) -> int | None:
        """The id of the message that an earlier, unanswered POST of this row left behind."""
        ...

    async def act(self, row: Row) -> None:
        """Do to a message what the row says."""
        ...

    async def delete(self, row: Row) -> None:
        """Also where an unanswered POST of this row may have left its message behind."""
        ...


Told = Callable[[Connection, Row, int], None]


def nothing(conn: Connection, row: Row, now: int) -> None:
    """What a kind does on an event that it has no interest in."""


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a feature does, in the same transaction, when a message of its kind is …"""

    sent: Told = nothing
    withdrawn: Told = nothing
    blocked: Told = nothing  # a permission is missing
    gone: Told = nothing  # its channel or server is
    refused: Told = nothing  # for good, for another reason
    deleted: Told = nothing  # by someone in Discord, as an edit has shown


class OutboxLoop:
    def __init__(
        self, database: Database, clock: Clock, sender: Sender, hooks: Mapping[str, Hooks]
    ) -> None:
        self._database = database
        self._clock = clock
        self._sender = sender
        self._hooks = hooks
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._places = asyncio.Semaphore(AT_ONCE)
        self._stopping = False

    async def run(self) -> None:
        """Run until cancelled, or until Discord no longer accepts the token (SendFailed). In the
        end no other message is begun, and it is noted how those under way went."""
        if self._database.exclusive:
            await self._database.write(queue.release_all)
        try:
            while True:
                await self._start_due()
                await self._clock.wait(self._database.woken["outbox"], None)
                for channel_id, task in list(self._busy.items()):
                    if task.done():
                        del self._busy[channel_id]
                        task.result()
        finally:
            self._stopping = True
            with suppress(TimeoutError):  # then the next start settles it
                async with asyncio.timeout(LONGEST_FINISH):
                    await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _start_due(self) -> None:
        try:
            rows = await self._database.read(queue.due, system_now())
        except Exception:
            log.exception("The outbox could not be read; it goes on")
            return
        for row in rows:
            if row.channel_id not in self._busy:
                self._busy[row.channel_id] = asyncio.create_task(self._deliver(row))

    async def _deliver(self, row: Row) -> None:
        async with self._places:
            if self._stopping:
                return
            try:
                match step(row, system_now()):
                    case Step.POST:
                        await self._post(row)
                    case Step.LOOK:
                        await self._look(row)
                    case Step.EDIT:
                        await self._edit(row)
                    case Step.DELETE:
                        await self._delete(row)
                    case Step.ACT:
                        await self._act(row)
            except SendFailed:
                raise  # the token is no longer good
            except Exception as error:
                log.exception("Message %d (%s) could not be handled", row.id, row.kind)
                await self._put_off(row, error)
        self._database.woken["outbox"].set()

    async def _put_off(self, row: Row, error: Exception) -> None:
        due = system_now() + backoff(row.attempts, None)
        try:
            await self._database.write(queue.put_off, row, repr(error), due)
        except Exception:
            log.exception("The outbox could not be written; its channel rests")
            await asyncio.sleep(REST)

    async def _post(self, row: Row) -> None:
        begun = await self._database.write(self._begin, row)
        if begun is None:
            return
        try:
            message_id = await self._sender.post(begun)
        except SendFailed as error:
            tried = row.attempted_at is not None or error.unclear
            await self._refused(begun, error, tried=tried)
        else:
            await self._database.write(self._sent, begun, message_id)

    async def _act(self, row: Row) -> None:
        begun = await self._database.write(self._begin, row)
        if begun is None:
            return
        try:
            await self._sender.act(begun)
        except SendFailed as error:
            await self._refused(begun, error, tried=False)
        else:
            await self._database.write(self._sent, begun, None)

    async def _look(self, row: Row) -> None:
        try:
            message_id = await self._sender.find(row)
        except SendFailed as error:
            await self._refused(row, error, tried=True)
            return
        if message_id is None:
            await self._database.write(queue.try_again, row, "lost", 0)
        else:
            await self._database.write(self._sent, row, message_id)

    async def _edit(self, row: Row) -> None:
        if not await self._database.write(queue.begin_edit, row, system_now()):
            return
        write = self._database.write
        try:
            await self._sender.edit(row)
        except SendFailed as error:
            match refusal(error, tried=False):
                case Refusal.FORBIDDEN:
                    await write(queue.leave_unedited, row, str(error), Edit.BLOCKED)
                case Refusal.RETRY | Refusal.UNKNOWN | Refusal.UNAUTHORIZED as why:
                    due = system_now() + backoff(row.attempts, error.retry_after)
                    await write(queue.edit_later, row, str(error), due)
                    if why is Refusal.UNAUTHORIZED:
                        raise
                case Refusal.DELIVERED:  # what is to be edited is not there
                    await write(self._found_deleted, row, str(error))
                case _:
                    await write(queue.leave_unedited, row, str(error), Edit.NONE)
        else:
            await write(queue.edited, row)

    async def _delete(self, row: Row) -> None:
        if not await self._database.write(queue.begin_deletion, row, system_now()):
            return
        write = self._database.write
        try:
            await self._sender.delete(row)
        except SendFailed as error:
            match refusal(error, tried=False):
                case Refusal.FORBIDDEN:
                    await write(queue.block, row, str(error), State.KEPT)
                case Refusal.RETRY | Refusal.UNKNOWN | Refusal.UNAUTHORIZED as why:
                    due = system_now() + backoff(row.attempts, error.retry_after)
                    await write(queue.settle_later, row, str(error), due)
                    if why is Refusal.UNAUTHORIZED:
                        raise
                case why:  # most often it was gone already
                    log.info("Message %d is not there to be deleted: %s", row.id, why)
                    await write(queue.deleted, row)
        else:
            await write(queue.deleted, row)

    async def _refused(self, row: Row, error: SendFailed, *, tried: bool) -> None:
        due = system_now() + backoff(row.attempts, error.retry_after)
        write, said = self._database.write, str(error)
        match refusal(error, tried=tried):
            case Refusal.DELIVERED:
                await write(self._sent, row, None)
            case Refusal.RETRY:
                await write(queue.try_again, row, said, due)
            case Refusal.UNKNOWN:
                await write(queue.settle_later, row, said, due)
            case Refusal.FORBIDDEN:
                await write(self._blocked, row, said, State.BLOCKED)
            case Refusal.UNCERTAIN:
                await write(self._blocked, row, said, State.UNCERTAIN)
            case Refusal.GONE:
                await write(self._failed, row, said, State.GONE, self._hook(row).gone)
            case Refusal.STOP:
                await write(self._failed, row, said, State.FAILED, self._hook(row).refused)
            case Refusal.UNAUTHORIZED:
                await write(queue.settle_later if tried else queue.try_again, row, said, due)
                raise error

    def _begin(self, conn: Connection, row: Row) -> Row | None:
        now, real_now = self._clock.now(), system_now()
        if queue.withdraw_late(conn, row, now):
            self._hook(row).withdrawn(conn, row, now)
            return None
        if not queue.begin(conn, row, real_now):
            return None
        return replace(
            row,
            state=State.SENDING,
            attempts=row.attempts + 1,
            attempted_at=row.attempted_at or real_now,
        )

    def _sent(self, conn: Connection, row: Row, message_id: int | None) -> None:
        now = self._clock.now()
        if queue.sent(conn, row, message_id, now):
            self._hook(row).sent(conn, replace(row, message_id=message_id), now)
        elif message_id is not None:
            queue.came_up(conn, row, message_id)

    def _found_deleted(self, conn: Connection, row: Row, error: str) -> None:
        queue.leave_unedited(conn, row, error, Edit.NONE)
        self._hook(row).deleted(conn, row, self._clock.now())

    def _blocked(self, conn: Connection, row: Row, error: str, state: State) -> None:
        if queue.block(conn, row, error, state):
            self._hook(row).blocked(conn, row, self._clock.now())

    def _failed(self, conn: Connection, row: Row, error: str, state: State, told: Told) -> None:
        log.warning("Message %d (%s) is refused: %s", row.id, row.kind, error)
        if queue.fail(conn, row, error, state):
            told(conn, row, self._clock.now())

    def _hook(self, row: Row) -> Hooks:
        return self._hooks.get(row.kind, Hooks())
