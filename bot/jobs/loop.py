"""The one loop that runs what is due."""

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType

from sqlalchemy import Connection

from bot.clock import Clock, system_now
from bot.db.engine import Database
from bot.jobs import service
from bot.jobs.service import Job

log = logging.getLogger(__name__)

# A handler changes state in one transaction, and may be run again for the same job.
Handler = Callable[[Connection, Job, int], None]
# A chore is work that can't be done in a transaction. False: not yet, so it is run again later.
Chore = Callable[[Database, int], Awaitable[bool]]


class JobLoop:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        handlers: Mapping[str, Handler],
        chores: Mapping[str, Chore] = MappingProxyType({}),
    ) -> None:
        self._database = database
        self._clock = clock
        self._handlers = handlers
        self._chores = chores
        self._owner = secrets.token_hex(8)

    async def run(self) -> None:
        """Run until cancelled."""
        if self._database.exclusive:
            await self._database.write(service.release_all)
        while True:
            looked_at = self._clock.now()
            try:
                while await self.run_one():
                    looked_at = self._clock.now()
                until = await self._database.read(service.next_due)
            except Exception:
                log.exception("The job loop could not reach the database; it goes on")
                until = None
            if until is not None and until <= looked_at:
                until = None  # held by another process: look again after a second
            await self._clock.wait(self._database.woken["jobs"], until)

    async def run_one(self) -> bool:
        job = await self._database.write(
            service.claim, self._owner, self._clock.now(), system_now()
        )
        if job is None:
            return False
        try:
            if chore := self._chores.get(job.kind):
                await self._do(chore, job)
            else:
                await self._database.write(self._handle, job)
        except Exception as error:
            log.exception("Job %s %s failed (attempt %d)", job.kind, job.key, job.attempts)
            await self._database.write(service.failed, job, self._owner, repr(error), system_now())
        return True

    def _handle(self, conn: Connection, job: Job) -> None:
        self._handlers[job.kind](conn, job, self._clock.now())
        service.done(conn, job, self._owner)

    async def _do(self, chore: Chore, job: Job) -> None:
        write = self._database.write
        if await chore(self._database, self._clock.now()):
            await write(service.done, job, self._owner)
        else:
            await write(service.failed, job, self._owner, "not yet", system_now())
