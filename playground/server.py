"""A Discord on this machine: the HTTP API, the gateway, and people to act as."""

import asyncio
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Self, TypeVar

from aiohttp import web

from bot.clock import TurnableClock
from playground.api import PREFIX, Api, Request, Validator
from playground.faults import Faults
from playground.gateway import Gateway
from playground.people import Person
from playground.world import World

T = TypeVar("T")

HOST = "127.0.0.1"
TOKEN = "playground"


class Playground:
    """`async with Playground(clock) as playground:` serves it; port 0 means any free one.

    `message_limit` is messages per 5 s in a channel, `global_limit` requests per second.
    Further routes, such as a page's, are added to `app` before it is entered.
    """

    def __init__(
        self,
        clock: TurnableClock,
        port: int = 0,
        *,
        message_limit: int = 5,
        global_limit: int = 50,
        schema: Validator | None = None,
    ) -> None:
        self.clock = clock
        self.world = World(clock)
        self.faults = Faults()
        self.token = TOKEN
        self.api_url = self.gateway_url = ""
        self._port = port
        self._changes: set[asyncio.Event] = set()
        self._people: dict[int, Person] = {}
        self._gateway = Gateway(self.world, self.faults, TOKEN, self.look_again)
        self._api = Api(
            self.world,
            self.faults,
            TOKEN,
            message_limit=message_limit,
            global_limit=global_limit,
            schema=schema,
            changed=self.look_again,
        )
        self.world.subscribe(lambda event, payload, viewer: self.look_again())
        self.app = web.Application(client_max_size=64 * 1024 * 1024)
        self.app.add_routes([*self._api.routes(), web.get("/gateway", self._gateway.handle)])
        self._runner = web.AppRunner(self.app, access_log=None, shutdown_timeout=1.0)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        await site.start()
        address = f"{HOST}:{self._runner.addresses[0][1]}"
        self.api_url = f"http://{address}{PREFIX}"
        self.gateway_url = f"ws://{address}/gateway"
        self._gateway.url = self._api.gateway_url = self.gateway_url
        self.world.discord.cdn.base = f"http://{address}/cdn"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._gateway.close()
        await self._runner.cleanup()

    @property
    def requests(self) -> deque[Request]:
        """The bot's latest requests, oldest first."""
        return self._api.requests

    @property
    def problems(self) -> list[str]:
        """Requests that Discord would refuse, or that the playground cannot answer."""
        return self._api.problems

    def person(self, user_id: int) -> Person:
        if user_id not in self._people:
            self._people[user_id] = Person(self.world, user_id)
        return self._people[user_id]

    def drop_gateway(self, *, resumable: bool = True) -> None:
        """Break the bot's connection; if not resumable, what happens meanwhile is lost to it."""
        self._gateway.drop(resumable=resumable)

    def ask_to_reconnect(self) -> None:
        self._gateway.ask_to_reconnect()

    @property
    def connected(self) -> bool:
        return self._gateway.connected

    async def until_connected(self, within: float = 10.0) -> None:
        await self.wait_for(lambda: self.connected, within, "a bot at the gateway")

    async def wait_for(self, predicate: Callable[[], T], within: float = 20.0, what: str = "") -> T:
        """The predicate's first true value, tried again after every event and request.

        Raises TimeoutError after `within` real seconds, saying what was awaited.
        """
        changed = asyncio.Event()
        self._changes.add(changed)
        try:
            async with asyncio.timeout(within):
                while not (value := predicate()):
                    await changed.wait()
                    changed.clear()
                return value
        except TimeoutError:
            code = predicate.__code__ if hasattr(predicate, "__code__") else None
            where = f"{code.co_filename}:{code.co_firstlineno}" if code else repr(predicate)
            raise TimeoutError(f"waited {within} s for {what or where}") from None
        finally:
            self._changes.discard(changed)

    def look_again(self) -> None:
        """Try every awaited predicate again: what it looks at may have changed."""
        for waiting in self._changes:
            waiting.set()
