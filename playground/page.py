"""The playground's web page: its files, and what a browser asks and does as one of the people."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import time
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from aiohttp import WSCloseCode, web

from playground.people import Answer, Impossible, Person
from playground.server import Playground
from playground.world import Json

STATIC = Path(__file__).parent / "static"
HOSTS = {"127.0.0.1", "localhost", "::1"}
LARGEST_BODY = 100 << 20  # bytes; the bot's own limits are what people should meet
MOST_MESSAGES = 1000
LONGEST_TURN = 366 * 86_400_000  # milliseconds
DAY = 86_400_000
KEPT_MODALS = 100
HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
    ),
}

Files: TypeAlias = dict[str, list[tuple[str, bytes]]]
Screen: TypeAlias = asyncio.Queue[Json | None]  # what is on its way to a browser; None ends it
Handler: TypeAlias = Callable[[web.Request], Awaitable[web.StreamResponse]]
Action: TypeAlias = Callable[[Person, Json, Files], Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class Character:
    """Somebody a visitor may be; `about` is their role in a few words."""

    user_id: int
    name: str
    about: str


def routes(
    playground: Playground, people: Sequence[Character], guild_id: int, home: int
) -> list[web.RouteDef]:
    """The page at `/`; `home` is the channel it opens first."""
    page = _Page(playground, people, guild_id, home)
    playground.app.on_shutdown.append(page.close)
    looking: dict[str, Handler] = {
        "/": page.index,
        "/static/{name}": page.static,
        "/page/state": page.state,
        "/page/channel": page.channel,
        "/page/events": page.events,
    }
    doing: dict[str, Action] = {
        "command": page.command,
        "autocomplete": page.autocomplete,
        "menu": page.menu,
        "click": page.click,
        "choose": page.choose,
        "modal": page.modal,
        "say": page.say,
        "react": page.react,
        "clock": page.clock,
    }
    return [
        *(web.get(path, _from_here_only(handler)) for path, handler in looking.items()),
        *(
            web.post(f"/page/{name}", _from_here_only(page.doing(action)))
            for name, action in doing.items()
        ),
    ]


def _from_here_only(handler: Handler) -> Handler:
    """Refuse other names for this machine (DNS rebinding) and other sites' pages (CSRF)."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        origin = request.headers.get("Origin")
        if urlsplit(f"//{request.host}").hostname not in HOSTS:
            return _refusal(403, "The playground is only for this machine.")
        if origin is not None and urlsplit(origin).netloc != request.host:
            return _refusal(403, "The playground only listens to its own page.")
        return await handler(request)

    return guarded


def _refusal(status: int, sentence: str) -> web.Response:
    return web.json_response({"error": sentence}, status=status)


class _Page:
    def __init__(
        self, playground: Playground, people: Sequence[Character], guild_id: int, home: int
    ) -> None:
        self._playground = playground
        self._people = {character.user_id: character for character in people}
        self._guild_id = guild_id
        self._home = home
        self._began = playground.clock.now()
        self._modals: dict[str, tuple[Person, Answer]] = {}
        self._screens: set[Screen] = set()

    # ---- looking

    async def index(self, request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html", headers=HEADERS)

    async def static(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in {path.name for path in STATIC.iterdir()}:
            return _refusal(404, "There is no such file.")
        return web.FileResponse(STATIC / name, headers=HEADERS)

    async def state(self, request: web.Request) -> web.Response:
        world = self._playground.world
        asked = _number(request.query.get("as"))
        me = asked if asked in self._people else next(iter(self._people))
        guild = next((g for g in world.guilds(me) if g["id"] == str(self._guild_id)), {"name": ""})
        return web.json_response(
            {
                "me": str(me),
                "bot": str(world.bot_id),
                "world": str(self._began),
                "now": self._playground.clock.now(),
                "home": str(self._home),
                "people": [
                    {"id": str(one.user_id), "name": one.name, "about": one.about}
                    for one in self._people.values()
                ],
                "guild": {
                    **guild,
                    "roles": world.roles(self._guild_id),
                    "members": world.members(self._guild_id),
                },
                "channels": [*world.channels(self._guild_id, me), self._direct(me)],
            }
        )

    def _direct(self, person_id: int) -> Json:
        """Their direct messages with the bot, as a channel."""
        world = self._playground.world
        channel_id = world.dm(person_id)
        latest = world.messages(channel_id, person_id, 1)
        last = latest[0]["id"] if latest else None
        return {"id": str(channel_id), "type": 1, "last_message_id": last}

    async def channel(self, request: web.Request) -> web.Response:
        world = self._playground.world
        person = self._person(request.query.get("as"))
        channel_id = _number(request.query.get("channel"))
        limit = min(_number(request.query.get("limit", "50")), MOST_MESSAGES)
        if person is None or not world.sees(person.id, channel_id):
            return _refusal(404, "They can't see that channel.")
        return web.json_response(
            {
                "messages": world.messages(channel_id, person.id, limit),
                "commands": world.commands(person.id, channel_id),
            }
        )

    async def events(self, request: web.Request) -> web.StreamResponse:
        """What happens from now on, as far as this person sees it: {"t": name, "d": payload}."""
        person = self._person(request.query.get("as"))
        if person is None:
            return _refusal(404, "There is nobody of that name here.")
        socket = web.WebSocketResponse(heartbeat=20)
        await socket.prepare(request)
        screen: Screen = asyncio.Queue()

        def hear(event: str, payload: Json, viewer: int | None) -> None:
            if viewer in (None, person.id) and self._shows(person.id, event, payload):
                screen.put_nowait({"t": event, "d": payload if "MESSAGE" in event else {}})

        stop = self._playground.world.subscribe(hear)
        self._screens.add(screen)
        writing = asyncio.create_task(_write(socket, screen))
        try:
            async for _ in socket:
                pass  # the page has nothing to say; this ends when it leaves
        finally:
            stop()
            self._screens.discard(screen)
            writing.cancel()
        return socket

    async def close(self, app: web.Application) -> None:
        for screen in self._screens:
            screen.put_nowait(None)

    def _shows(self, person_id: int, event: str, payload: Json) -> bool:
        if event.startswith("MESSAGE_"):
            return self._playground.world.sees(person_id, int(payload["channel_id"]))
        return event.startswith(("CHANNEL_", "THREAD_", "GUILD_"))

    # ---- doing

    def doing(self, action: Action) -> Handler:
        """A POST of the form field `payload` (JSON with `as`, who does it) and of uploads."""

        async def handle(request: web.Request) -> web.StreamResponse:
            try:
                data, files = await _read(request)
                person = self._person(data.get("as"))
                if person is None:
                    return _refusal(404, "There is nobody of that name here.")
                return web.json_response(await action(person, data, files))
            except Impossible as error:
                return _refusal(400, _sentence(str(error)))
            except (KeyError, TypeError, ValueError) as error:
                return _refusal(400, f"The page asked for something odd: {error!r}")

        return handle

    async def command(self, person: Person, data: Json, files: Files) -> Json:
        options = {**data["options"], **{name: uploads[0] for name, uploads in files.items()}}
        answer = await person.slash(int(data["channel"]), data["name"], **options)
        return self._shown(person, answer)

    async def autocomplete(self, person: Person, data: Json, files: Files) -> Json:
        channel_id, name, option = int(data["channel"]), data["name"], data["option"]
        choices = await person.autocomplete(
            channel_id, name, option, data["value"], **data["options"]
        )
        return {"choices": [{"name": each.name, "value": each.value} for each in choices]}

    async def menu(self, person: Person, data: Json, files: Files) -> Json:
        """An app's command in a message's menu."""
        answer = await person.context_menu(int(data["channel"]), data["name"], int(data["message"]))
        return self._shown(person, answer)

    async def click(self, person: Person, data: Json, files: Files) -> Json:
        answer = await person.click(int(data["message"]), custom_id=data["custom_id"])
        return self._shown(person, answer)

    async def choose(self, person: Person, data: Json, files: Files) -> Json:
        message_id, custom_id = int(data["message"]), data["custom_id"]
        answer = await person.choose(message_id, data["values"], custom_id=custom_id)
        return self._shown(person, answer)

    async def modal(self, person: Person, data: Json, files: Files) -> Json:
        owner, opened = self._modals.get(data["token"], (None, None))
        if opened is None or owner is None or owner.id != person.id:
            raise Impossible("That form is no longer open.")
        answer = await person.submit(opened, {**data["values"], **files})
        return self._shown(person, answer)

    async def say(self, person: Person, data: Json, files: Files) -> Json:
        uploads = [upload for uploads in files.values() for upload in uploads]
        person.say(int(data["channel"]), data["text"], uploads)
        return {}

    async def react(self, person: Person, data: Json, files: Files) -> Json:
        person.react(int(data["message"]), data["emoji"])
        return {}

    async def clock(self, person: Person, data: Json, files: Files) -> Json:
        """Turn it by `advance` milliseconds, or to `tomorrow` at "09:00" UTC."""
        now = self._playground.clock.now()
        by = _until_tomorrow(now, data["tomorrow"]) if "tomorrow" in data else data["advance"]
        if type(by) is not int or not 0 <= by <= LONGEST_TURN:
            raise Impossible("The clock only turns forward, by a year at most.")
        self._playground.clock.turn(by)
        told = {"now": self._playground.clock.now()}
        for screen in self._screens:
            screen.put_nowait({"t": "CLOCK", "d": told})
        return told

    def _shown(self, person: Person, answer: Answer) -> Json:
        """What the screen must do: a message comes as an event, a form or silence doesn't."""
        if answer.modal is None:
            return {"failed": answer.failed}
        token = str(id(answer))
        self._modals[token] = (person, answer)
        while len(self._modals) > KEPT_MODALS:
            del self._modals[next(iter(self._modals))]
        return {"failed": False, "modal": answer.modal, "token": token}

    def _person(self, user_id: object) -> Person | None:
        known = _number(user_id)
        return self._playground.person(known) if known in self._people else None


def _number(text: object) -> int:
    """A non-negative whole number as browsers send it; 0 for anything else."""
    return int(text) if isinstance(text, str) and re.fullmatch(r"[0-9]{1,20}", text) else 0


def _until_tomorrow(now: int, at: str) -> int:
    hour = time.fromisoformat(at)
    return DAY - now % DAY + (hour.hour * 60 + hour.minute) * 60_000


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."


async def _read(request: web.Request) -> tuple[Json, Files]:
    form = await request.clone(client_max_size=LARGEST_BODY).post()
    files: Files = {}
    for name, value in form.items():
        if isinstance(value, web.FileField):
            files.setdefault(name, []).append((value.filename, value.file.read()))
    data = json.loads(str(form["payload"]))
    if not isinstance(data, dict):
        raise TypeError("payload is not an object")
    return data, files


async def _write(socket: web.WebSocketResponse, screen: Screen) -> None:
    while (event := await screen.get()) is not None:
        try:
            await socket.send_json(event)
        except ConnectionError:
            return
    await socket.close(code=WSCloseCode.GOING_AWAY)
