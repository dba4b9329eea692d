"""Measures for how long the bot keeps its event loop from answering anybody else.

The playground, the people and the test run on the same loop. The bot is started in a context of its
own (`bot_context`), and whatever it schedules inherits that, so its callbacks can be told from
theirs. What counts is the CPU time of the loop's thread, which a busy machine doesn't change, less
the garbage collector's, which grows with the heap of the tests.
"""

import asyncio
import gc
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

import pytest

from tests.conftest import ROOT

BUDGET = 0.25  # seconds of CPU for one callback

_OURS = tuple(str(ROOT / name) for name in ("bot", "cogs"))
_run, _context, _callback = map(attrgetter, ("_run", "_context", "_callback"))
_is_bot: ContextVar[bool] = ContextVar("is_bot", default=False)


def bot_context() -> Context:
    """A context for what is the bot's doing."""
    context = copy_context()
    context.run(_is_bot.set, True)
    return context


@dataclass(frozen=True, slots=True, order=True)
class Callback:
    seconds: float
    name: str

    def __str__(self) -> str:
        return f"{self.seconds * 1000:.0f} ms in {self.name}"


class Watchdog:
    """The bot's slowest callback so far, and all that took longer than BUDGET."""

    def __init__(self) -> None:
        self.slowest = Callback(0.0, "nothing")
        self.too_slow: list[Callback] = []

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Measure the callbacks that the loop of this thread runs meanwhile."""
        run, thread = _run(asyncio.Handle), threading.get_ident()
        begun = collected = 0.0

        def on_collection(phase: str, _: dict[str, int]) -> None:
            nonlocal begun, collected
            if threading.get_ident() == thread:
                if phase == "start":
                    begun = time.thread_time()
                else:
                    collected += time.thread_time() - begun

        def measured(handle: asyncio.Handle) -> None:
            if threading.get_ident() != thread or not _context(handle).get(_is_bot):
                run(handle)
                return
            name, start = _name(handle), time.thread_time() - collected
            run(handle)
            self._note(time.thread_time() - collected - start, name, handle)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(asyncio.Handle, "_run", measured)
            gc.callbacks.append(on_collection)
            try:
                yield
            finally:
                gc.callbacks.remove(on_collection)

    def _note(self, seconds: float, name: str, handle: asyncio.Handle) -> None:
        if seconds > min(self.slowest.seconds, BUDGET):
            callback = Callback(seconds, f"{name} → {_name(handle)}")
            self.slowest = max(self.slowest, callback)
            if seconds > BUDGET:
                self.too_slow.append(callback)


def _name(handle: asyncio.Handle) -> str:
    """The callback's name, or its task's and the line of the bot's that it stands at."""
    callback = _callback(handle)
    task = getattr(callback, "__self__", None)
    if not isinstance(task, asyncio.Task):
        return str(getattr(callback, "__qualname__", callback))
    coroutine: object = task.get_coro()
    name = str(getattr(coroutine, "__qualname__", coroutine))
    place = ""
    while coroutine is not None:
        frame = getattr(coroutine, "cr_frame", None)
        if frame is not None and frame.f_code.co_filename.startswith(_OURS):
            path = Path(frame.f_code.co_filename).relative_to(ROOT)
            place = f" at {path}:{frame.f_lineno}"
        coroutine = getattr(coroutine, "cr_await", None)
    return name + place
