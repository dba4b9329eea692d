"""A playground with readers in it, and bots in processes of their own."""

import asyncio
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import perf_counter

from bot.clock import TurnableClock
from playground import town
from playground.people import Person
from playground.server import Playground
from playground.world import Json

HOUR, DAY = 3_600_000, 86_400_000  # milliseconds
TOO_LATE = 3_000.0  # milliseconds; Discord no longer takes the answer


class Stage:
    """The town with its story channel and so many readers. `taken` gathers, in milliseconds, how
    long each interaction took from its push to its callback's arrival; `posts` what was posted in
    the story's channel, with the instant (of perf_counter) from which it was to be seen."""

    def __init__(self, readers: int) -> None:
        self.clock = TurnableClock()
        self.playground = Playground(self.clock, message_limit=1000, global_limit=10_000)
        world = self.playground.world
        self.town = town.build(world)
        self.readers = [self._reader(f"Reader {n}") for n in range(readers)]
        self.taken: list[float] = []
        self.posts: list[tuple[float, Json]] = []
        self._pushed: dict[str, float] = {}
        world.subscribe(self._on_event)
        self.playground.faults.on_request = self._on_request

    @property
    def channel(self) -> int:
        return self.town.story_channel

    def _reader(self, name: str) -> Person:
        user = self.playground.world.user(name)
        self.playground.world.join(self.town.guild_id, user)
        return self.playground.person(user)

    def _on_event(self, event: str, payload: Json, viewer: int | None) -> None:
        if event == "INTERACTION_CREATE":  # the gateway has heard it before us
            self._pushed[payload["id"]] = perf_counter()
        story = str(self.channel)
        here = event == "MESSAGE_CREATE" and payload["channel_id"] == story and viewer is None
        if here and payload["components"]:  # a part's last message: a note may stand before it
            self.posts.append((perf_counter(), payload))

    def _on_request(self, method: str, path: str, phase: str) -> None:
        if phase == "before" and path.endswith("/callback"):
            taken = (perf_counter() - self._pushed.pop(path.split("/")[2])) * 1000
            if taken < TOO_LATE:
                self.taken.append(taken)

    @asynccontextmanager
    async def bot(self, *module: str, database: str) -> AsyncIterator[Process]:
        """A bot connected to this playground, until the end of the block."""
        settings = {
            "DISCORD_TOKEN": self.playground.token,
            "DISCORD_API_URL": self.playground.api_url,
            "DISCORD_GATEWAY_URL": self.playground.gateway_url,
            "DATABASE_URL": database,
            "LOG_LEVEL": "ERROR",
        }
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *module,
            stdin=PIPE,
            stdout=DEVNULL,
            env={**os.environ, **settings},
        )
        try:
            await self.playground.until_connected(30.0)
            yield process
        finally:
            process.terminate()
            await process.wait()
            await self.playground.wait_for(lambda: not self.playground.connected)
