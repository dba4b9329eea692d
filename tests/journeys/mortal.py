"""A bot in a process of its own that dies by SIGKILL just before its n-th writing statement.

Run as a program, it imports everything once and forks a bot for each line of JSON it is given, so
that a hundred deaths take seconds. It answers with the bot's process id, then with its end.
"""

import asyncio
import json
import os
import signal
import sqlite3
import sys
from asyncio.subprocess import PIPE, Process
from importlib import import_module
from pathlib import Path

from sqlalchemy import Connection, Engine, event

from bot import app
from bot.client import EXTENSIONS
from bot.clock import TurnableClock
from bot.config import Settings
from tests.conftest import ROOT
from tests.journeys.stage import Stage

PATIENCE = 60  # seconds; for a machine that is busy with other things


class Mortals:
    """`pid = await mortals.bear(...)`, then wait for its `death()` or `kill(pid)` it."""

    _process: Process
    _living: int | None = None

    async def __aenter__(self) -> "Mortals":
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", __name__, stdin=PIPE, stdout=PIPE, cwd=ROOT
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        await self._process.wait()

    async def bear(self, settings: Settings, now: int, dies_at: int) -> int:
        """Start a bot whose clock says `now`; 0: it lives until it is killed."""
        assert self._process.stdin is not None
        life = {
            "database_url": settings.database_url,
            "discord_api_url": settings.discord_api_url,
            "discord_gateway_url": settings.discord_gateway_url,
            "now": now,
            "dies_at": dies_at,
        }
        self._process.stdin.write(json.dumps(life).encode() + b"\n")
        self._living = await self._answer()
        return self._living

    async def death(self) -> None:
        """Wait until the bot that was born last is dead."""
        assert await self._answer() == signal.SIGKILL
        self._living = None

    async def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        await self.death()

    async def bury(self) -> None:
        """None outlives its test, also one that has failed."""
        if self._living is not None:
            await self.kill(self._living)

    async def _answer(self) -> int:
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            return int(await self._process.stdout.readline())


def found(database: Path, query: str) -> str:
    """The query's only value, read from the file that the bot writes."""
    with sqlite3.connect(database) as connection:
        row = connection.execute(query).fetchone()
    return str(row and row[0])


async def until(stage: Stage, database: Path, query: str, wanted: str) -> None:
    """People's commands make it time to look again."""
    async with asyncio.timeout(20):
        while found(database, query) != wanted:
            if stage.playground.connected:
                await stage.tobias.slash(stage.stories, "help")
            else:
                await stage.playground.until_connected()


def main() -> None:
    for extension in EXTENSIONS:
        import_module(extension)
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            live(**json.loads(line))
        print(pid, flush=True)
        _, status = os.waitpid(pid, 0)
        print(os.WTERMSIG(status), flush=True)


def live(
    database_url: str, discord_api_url: str, discord_gateway_url: str, now: int, dies_at: int
) -> None:
    written = 0

    def count(conn: Connection) -> None:
        nonlocal written
        if conn.info.get("writes"):
            written += 1
            if written == dies_at:
                os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(Engine, "before_cursor_execute")
    def statement(conn: Connection, _cursor: object, sql: str, *_: object) -> None:
        if sql.startswith("BEGIN"):
            conn.info["writes"] = sql == "BEGIN IMMEDIATE"
        count(conn)

    event.listen(Engine, "commit", count)
    settings = Settings(
        database_url=database_url,
        discord_api_url=discord_api_url,
        discord_gateway_url=discord_gateway_url,
        _env_file=None,
    )
    asyncio.run(app.run(settings, TurnableClock(lambda: now), "playground"))


if __name__ == "__main__":
    main()
