"""The bot or the playground as a process of its own, started as an operator starts it."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT
from tests.journeys.stage import Stage

PATIENCE = 60  # seconds; for a machine that is busy with other things
LONGEST_STOP = 5.0


@dataclass
class OwnProcess:
    process: Process
    log: Path

    @property
    def said(self) -> str:
        return self.log.read_text()

    async def line(self) -> str:
        """The next line on standard output."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            return (await self.process.stdout.readline()).decode()

    async def end(self) -> int:
        """Its exit code, once it has ended by itself."""
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()

    async def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Ask it to stop: it does so, contentedly. Returns the seconds that took."""
        loop = asyncio.get_running_loop()
        before = loop.time()
        self.process.send_signal(number)
        assert await self.end() == 0, self.said
        assert "Traceback" not in self.said, self.said
        return loop.time() - before


async def poll(predicate: Callable[[], bool]) -> None:
    """Wait for what another process does without telling."""
    async with asyncio.timeout(PATIENCE):
        for _ in iter(predicate, True):
            await asyncio.sleep(0.02)


def environment(stage: Stage, **more: str) -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": stage.url,
        "DISCORD_TOKEN": stage.playground.token,
        "DISCORD_API_URL": stage.playground.api_url,
        "DISCORD_GATEWAY_URL": stage.playground.gateway_url,
        **more,
    }


@asynccontextmanager
async def started(
    folder: Path,
    env: dict[str, str],
    module: str = "bot",
    *,
    stdout: int = PIPE,
    stderr: int | None = None,
    inside: Sequence[str] = (),
) -> AsyncIterator[OwnProcess]:
    """Its errors go to a file unless told otherwise; `inside` is what starts it."""
    log = folder / "stderr.log"
    with log.open("wb") as file:
        process = await asyncio.create_subprocess_exec(
            *inside, sys.executable, "-m", module,
            cwd=folder, env=env, stdin=DEVNULL, stdout=stdout,
            stderr=file.fileno() if stderr is None else stderr,
        )  # fmt: skip
    try:
        yield OwnProcess(process, log)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
