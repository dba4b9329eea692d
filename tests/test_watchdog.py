"""The watchdog itself: what it blames the bot for, and what not."""

import asyncio
import gc
import time
from collections.abc import Callable
from contextlib import suppress

import pytest

from tests.journeys.watchdog import BUDGET, Watchdog, bot_context


def work(seconds: float = BUDGET * 1.2) -> None:
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def collect_garbage() -> None:
    end = time.thread_time() + BUDGET * 1.2
    while time.thread_time() < end:
        gc.collect()


async def run_as_bot(action: Callable[[], object]) -> Watchdog:
    async def command() -> None:
        await asyncio.sleep(0)
        action()

    watchdog = Watchdog()
    with watchdog.watching():
        await asyncio.create_task(command(), context=bot_context())
    return watchdog


async def test_a_slow_callback_of_the_bot_is_named() -> None:
    watchdog = await run_as_bot(work)
    (callback,) = watchdog.too_slow
    assert callback == watchdog.slowest
    assert "run_as_bot.<locals>.command" in callback.name
    assert BUDGET < callback.seconds < 2 * BUDGET


async def test_so_is_one_that_the_bot_has_scheduled() -> None:
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def later() -> None:
        work()
        done.set()

    watchdog = Watchdog()
    with watchdog.watching():
        bot_context().run(loop.call_later, 0.01, later)
        await done.wait()
    assert [callback.name.split(" ")[0] for callback in watchdog.too_slow] == [
        "test_so_is_one_that_the_bot_has_scheduled.<locals>.later"
    ]


async def test_one_that_fails_counts_as_well() -> None:
    def fail() -> None:
        work()
        raise ValueError

    watchdog = Watchdog()
    with watchdog.watching(), suppress(ValueError):
        await asyncio.create_task(asyncio.to_thread(lambda: None), context=bot_context())
        await asyncio.create_task(_call(fail), context=bot_context())
    assert len(watchdog.too_slow) == 1


async def _call(action: Callable[[], object]) -> None:
    action()


@pytest.mark.parametrize("action", [lambda: time.sleep(BUDGET * 1.2), collect_garbage])
async def test_waiting_and_collecting_garbage_are_not_the_bots(
    action: Callable[[], object],
) -> None:
    assert not (await run_as_bot(action)).too_slow


async def test_other_threads_and_other_tasks_are_not_the_bots() -> None:
    watchdog = Watchdog()
    with watchdog.watching():
        await asyncio.create_task(asyncio.to_thread(work), context=bot_context())
        await asyncio.create_task(_call(work))
    assert not watchdog.too_slow
