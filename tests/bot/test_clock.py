import asyncio

import pytest

from bot.clock import LONGEST_WAIT, TurnableClock, system_now


def stopped(at: int = 1_000_000) -> TurnableClock:
    return TurnableClock(lambda: at)


def test_it_is_turned_forward_only() -> None:
    clock = stopped()
    clock.turn(60_000)
    clock.turn(0)
    assert clock.now() == 1_060_000
    with pytest.raises(ValueError, match="forward"):
        clock.turn(-1)
    assert clock.now() == 1_060_000


def test_it_runs_on_real_time_unless_told() -> None:
    assert abs(TurnableClock().now() - system_now()) < 1000


async def test_a_wait_ends_when_the_clock_is_turned() -> None:
    clock, wake = stopped(), asyncio.Event()
    async with asyncio.timeout(LONGEST_WAIT / 2):
        waiting = asyncio.create_task(clock.wait(wake, clock.now() + 3_600_000))
        await asyncio.sleep(0)
        assert not waiting.done()
        clock.turn(3_600_000)
        await waiting


@pytest.mark.parametrize("until", [None, 2_000_000], ids=["whenever", "later"])
async def test_a_wait_ends_when_it_is_woken_and_is_woken_once(until: int | None) -> None:
    clock, wake = stopped(), asyncio.Event()
    wake.set()  # while nobody waited: new work is not slept over
    async with asyncio.timeout(LONGEST_WAIT / 2):
        await clock.wait(wake, until)
    assert not wake.is_set()


@pytest.mark.parametrize("until", [0, 1_000_000], ids=["past", "now"])
async def test_what_is_due_is_not_waited_for(until: int) -> None:
    async with asyncio.timeout(LONGEST_WAIT / 2):
        await stopped().wait(asyncio.Event(), until)
