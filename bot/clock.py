"""What time it is, and waiting for a later one. Instants are integer UTC milliseconds."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

LONGEST_WAIT = 1.0  # seconds; a loop looks at the database at least this often
# Seconds that what is under way has when the bot is stopped. A command that nobody has answered
# after three is dead, and until then its author can be told.
LONGEST_FINISH = 2.0


def system_now() -> int:
    """The real time, which leases, backoff and the age of a nonce are measured in."""
    return time.time_ns() // 1_000_000


class Clock(Protocol):
    def now(self) -> int:
        """The instant that promises are kept by."""
        ...

    def monotonic(self) -> float:
        """Seconds of real time, from no instant in particular, which never go back."""
        ...

    async def wait(self, wake: asyncio.Event, until: int | None) -> None:
        """Return once `wake` is set, `until` has come, or LONGEST_WAIT has passed."""
        ...


class SystemClock:
    def now(self) -> int:
        return system_now()

    def monotonic(self) -> float:
        return time.monotonic()

    async def wait(self, wake: asyncio.Event, until: int | None) -> None:
        await _wait(self, wake, until)


class TurnableClock:
    """A clock that can be turned forward. `base` is what it runs on: real time unless told."""

    def __init__(self, base: Callable[[], int] = system_now) -> None:
        self._base = base
        self._turned = 0
        self._rested = 0.0
        self._waiting: set[asyncio.Event] = set()

    def now(self) -> int:
        return self._base() + self._turned

    def monotonic(self) -> float:
        return time.monotonic() + self._turned / 1000 + self._rested

    def rest(self, seconds: float) -> None:
        """Let this much real time pass without turning the clock."""
        self._rested += seconds

    def turn(self, milliseconds: int) -> None:
        if milliseconds < 0:
            raise ValueError("a clock is only turned forward")
        self._turned += milliseconds
        for wake in self._waiting:
            wake.set()

    async def wait(self, wake: asyncio.Event, until: int | None) -> None:
        self._waiting.add(wake)
        await _wait(self, wake, until)


async def _wait(clock: Clock, wake: asyncio.Event, until: int | None) -> None:
    seconds = LONGEST_WAIT
    if until is not None:
        seconds = min(seconds, max(0.0, (until - clock.now()) / 1000))
    try:
        async with asyncio.timeout(seconds):
            await wake.wait()
    except TimeoutError:
        pass
    wake.clear()
