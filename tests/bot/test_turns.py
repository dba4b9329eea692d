import asyncio

from bot.turns import Turns

HOSTILE, HONEST, THIRD = 1, 2, 3


class Work:
    """Pieces of work, each of which ends when it is told to."""

    def __init__(self, most: int) -> None:
        self.turns = Turns(most)
        self.running: list[str] = []
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._ends: dict[str, asyncio.Event] = {}

    async def bring(self, member_id: int, *names: str) -> None:
        for name in names:
            self._ends[name] = asyncio.Event()
            self._tasks[name] = asyncio.create_task(self._do(member_id, name))
        await self.settle()

    async def _do(self, member_id: int, name: str) -> None:
        async with self.turns.of(member_id):
            self.running.append(name)
            try:
                await self._ends[name].wait()
            finally:
                self.running.remove(name)

    async def end(self, name: str) -> None:
        self._ends[name].set()
        await self.settle()

    async def cancel(self, name: str) -> None:
        self._tasks[name].cancel()
        await self.settle()

    async def settle(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)


async def test_one_who_brings_many_takes_one_place() -> None:
    work = Work(2)
    await work.bring(HOSTILE, "a", "b", "c")
    assert work.running == ["a"]
    await work.bring(HONEST, "story")
    assert work.running == ["a", "story"]
    for name in ("story", "a", "b", "c"):
        await work.end(name)


async def test_members_take_turns() -> None:
    work = Work(1)
    await work.bring(HOSTILE, "a", "b", "c")
    await work.bring(HONEST, "story")
    await work.bring(THIRD, "tale")
    began = []
    while work.running:
        began += work.running
        await work.end(work.running[0])
    assert began == ["a", "story", "tale", "b", "c"]


async def test_a_place_is_given_back_by_one_who_goes() -> None:
    work = Work(1)
    await work.bring(HOSTILE, "a", "b")
    await work.bring(HONEST, "story", "next")
    await work.cancel("story")
    await work.cancel("a")
    assert work.running == ["next"]
    await work.end("next")
    assert work.running == ["b"]
    await work.end("b")


async def test_nothing_is_kept_of_members_who_are_done() -> None:
    turns = Turns(1)
    for member_id in range(100):
        async with turns.of(member_id):
            pass
    assert not turns._own
