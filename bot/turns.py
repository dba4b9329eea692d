"""Fair turns at work that is heavy: one piece at a time for each member, and members in turn."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary


class Turns:
    """`most` pieces of work at a time. A member's next one queues only when their last is done, so
    whoever brings many delays nobody else by more than one."""

    def __init__(self, most: int) -> None:
        self._free = asyncio.Semaphore(most)
        self._own: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, member_id: int) -> AsyncIterator[None]:
        own = self._own.setdefault(member_id, asyncio.Lock())
        async with own, self._free:
            yield
