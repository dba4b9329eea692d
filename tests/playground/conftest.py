"""A small discord.py bot at a playground of its own, over real sockets."""

import asyncio
from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import discord
import pytest
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from playground.people import Person
from playground.schema import Schema
from playground.server import Playground
from tests.conftest import running_clock


class Impatient(discord.Client):
    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """discord.py waits five seconds before it identifies again; we have no others to spare."""


class Bot(Impatient):
    """Remembers every event it was given."""

    def __init__(self, playground: Playground) -> None:
        intents = discord.Intents.default()
        super().__init__(intents=intents, guild_ready_timeout=0.01)
        self.tree = app_commands.CommandTree(self)
        self.heard: list[str] = []
        self._playground = playground

    async def setup_hook(self) -> None:
        await self.tree.sync()

    def dispatch(self, event: str, /, *args: object, **kwargs: object) -> None:
        self.heard.append(event)
        super().dispatch(event, *args, **kwargs)
        self._playground.look_again()


class Scene:
    """A guild with a text channel, its owner Ada and a member Ben."""

    def __init__(self, playground: Playground) -> None:
        world = playground.world
        self.playground = playground
        self.world = world
        self.bot = Bot(playground)
        self.ada: Person = playground.person(world.user("ada"))
        self.ben: Person = playground.person(world.user("ben"))
        self.guild = world.guild("Writers", self.ada.id)
        world.join(self.guild, self.ben.id)
        self.channel = world.channel(self.guild, "general")
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> Bot:
        """Connect the bot; add its commands before."""
        bot, playground = self.bot, self.playground
        self._running = asyncio.create_task(bot.start(playground.token))
        await playground.until_connected()
        async with asyncio.timeout(5):
            await bot.wait_until_ready()
        return bot

    async def stop(self) -> None:
        await self.bot.close()
        if self._running is not None:
            await self._running


OPENAPI = Path(__file__).parents[3] / "shared/discord/openapi.json"


@cache
def schema() -> Schema | None:
    return Schema(OPENAPI) if OPENAPI.exists() else None


@pytest.fixture
async def playground(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Playground]:
    async with Playground(running_clock(), schema=schema()) as playground:
        monkeypatch.setattr(Route, "BASE", playground.api_url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(playground.gateway_url))
        yield playground


@pytest.fixture
async def scene(playground: Playground) -> AsyncIterator[Scene]:
    scene = Scene(playground)
    yield scene
    await scene.stop()
    assert playground.problems == []
