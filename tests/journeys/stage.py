"""A server with people in it and the real bot connected to it, over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

import discord
from sqlalchemy import TextClause, bindparam
from sqlalchemy import text as text_of_query
from sqlalchemy.ext.asyncio import create_async_engine

from bot import app
from bot.client import PERMISSIONS
from bot.clock import TurnableClock, system_now
from bot.config import Settings
from playground.people import Answer, Person
from playground.schema import Schema
from playground.server import Playground
from tests.conftest import MORNING, SHARED
from tests.journeys.watchdog import bot_context

Json = dict[str, Any]

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
EPHEMERAL = 1 << 6

UNDONE = text_of_query(
    "SELECT (SELECT count(*) FROM jobs WHERE due <= :now)"
    " + (SELECT count(*) FROM outbox WHERE state = 'sending' OR dirty IN (1, 2) OR due <= :real"
    " OR (state = 'deleting' AND error IS NULL))"
)
NOTED = text_of_query(
    "SELECT count(*) FROM (SELECT message_id FROM public_answers WHERE message_id IN :ids"
    " UNION SELECT message_id FROM outbox WHERE message_id IN :ids) AS noted"
).bindparams(bindparam("ids", expanding=True))

STORY = """\
# The Lantern

By Mara

## Chapter 1: Oil

{one}

## Chapter 2: Wick

{two}
"""


def story(first: str = "Chapter 1: Oil", words: int = 520) -> bytes:
    """Two chapters, each long enough for two parts."""
    return STORY.format(one=prose("oil", words), two=prose("wick", words)).encode()


def other_story(first: str, second: str) -> bytes:
    """A story of the same title, of which no sentence stands in `story()`."""
    text = STORY.format(one=prose(first, 520), two=prose(second, 520))
    return text.encode()


def prose(theme: str, words: int) -> str:
    """Paragraphs that name their theme and count their sentences."""
    sentences = [
        f"Sentence number {n} of the {theme} has exactly these ten words."
        for n in range(words // 11)
    ]
    return "\n\n".join(" ".join(sentences[n : n + 5]) for n in range(0, len(sentences), 5))


@cache
def openapi() -> Schema | None:
    path = SHARED / "discord" / "openapi.json"
    return Schema(path) if path.exists() else None


class Stage:
    """Mara writes, Tobias reads, Odalys moderates; the story goes to #stories."""

    def __init__(self, url: str, start: datetime = MORNING) -> None:
        began = int(start.timestamp() * 1000)
        self.clock = TurnableClock(lambda: began)
        self.playground = Playground(
            self.clock, schema=openapi(), message_limit=1000, global_limit=10_000
        )
        self.url = url
        self.story_quota = "50 MB"
        self.world = self.playground.world
        self.odalys = self._person("Odalys")
        self.mara = self._person("Mara")
        self.tobias = self._person("Tobias")
        self.guild = self.world.guild(
            "Writers", owner=self.odalys.id, bot_permissions=PERMISSIONS, channels=["general"]
        )
        for person in (self.mara, self.tobias):
            self.world.join(self.guild, person.id)
        self.stories = self.world.channel(self.guild, "stories")
        self.world.overwrite(
            self.stories, self.mara.id, allow=discord.Permissions(manage_messages=True)
        )
        (general,) = (
            one
            for one in self.world.channels(self.guild, self.odalys.id)
            if one["name"] == "general"
        )
        self._watcher = self.newcomer("Ushi")  # whose private answers no test looks at
        self._watched = int(general["id"])
        self._look = create_async_engine(self.settings().database_url)
        self._bot: asyncio.Task[None] | None = None

    def _person(self, name: str) -> Person:
        return self.playground.person(self.world.user(name))

    def newcomer(self, name: str) -> Person:
        """One more who is in the server."""
        person = self._person(name)
        self.world.join(self.guild, person.id)
        return person

    def settings(self) -> Settings:
        return Settings(
            database_url=self.url,
            discord_api_url=self.playground.api_url,
            discord_gateway_url=self.playground.gateway_url,
            story_quota=self.story_quota,
            _env_file=None,
        )

    async def start_bot(self) -> None:
        self._bot = asyncio.create_task(
            app.run(self.settings(), self.clock, self.playground.token), context=bot_context()
        )
        connected = asyncio.create_task(self.playground.until_connected())
        await asyncio.wait({self._bot, connected}, return_when=asyncio.FIRST_COMPLETED)
        if self._bot.done():
            connected.cancel()
            await self._bot
        await connected

    async def close(self) -> None:
        await self.stop_bot()
        await self._look.dispose()

    @property
    def is_running(self) -> bool:
        return self._bot is not None

    async def stop_bot(self) -> None:
        if self._bot is not None:
            self._bot.cancel()
            await asyncio.wait({self._bot})
            self._bot = None

    def turn(self, milliseconds: int) -> None:
        self.clock.turn(milliseconds)

    def turn_to(self, when: datetime) -> None:
        self.turn(int(when.timestamp() * 1000) - self.clock.now())

    def turn_to_nine(self) -> None:
        """To the next 09:00 UTC, when serials are posted unless told otherwise."""
        now = datetime.fromtimestamp(self.clock.now() / 1000, UTC)
        nine = now.replace(hour=9, minute=0, second=0, microsecond=0)
        self.turn_to(nine if nine > now else nine + timedelta(days=1))

    def posts(self, channel: int | None = None) -> list[Json]:
        """What everyone sees of the bot in the channel, oldest first."""
        return [
            message
            for message in self.world.messages(channel or self.stories, self.odalys.id, 1000)
            if not message["flags"] & EPHEMERAL
            and int(message["author"]["id"]) == self.world.bot_id
        ]

    def posts_of(self, person: Person, channel: int) -> list[Json]:
        """What the bot wrote to a person privately."""
        return self.world.messages(channel, person.id, 1000)

    async def until_posts(self, count: int, channel: int | None = None) -> list[Json]:
        """Wait for so many posts, and until the bot knows that they are up."""
        await self.playground.wait_for(
            lambda: len(self.posts(channel)) >= count, what=f"{count} posts"
        )
        await self.settle()
        return self.posts(channel)

    async def settle(self) -> None:
        """Until the bot has done everything that is due: what should not have happened by now
        never will. Each look follows a command, which gives the bot its time, and a longer rest
        than the one before: looking takes as much of the machine as what is waited for."""
        async with asyncio.timeout(20):
            for looks in count():
                await asyncio.sleep(looks / 1000)
                await self._watcher.slash(self._watched, "help")
                now = {"now": self.clock.now(), "real": system_now()}
                if not await self.count(UNDONE, now):
                    return

    async def count(self, query: TextClause, values: Mapping[str, object] | None = None) -> int:
        """A number from the bot's database."""
        async with self._look.connect() as connection:
            found: int = (await connection.execute(query, values)).scalar_one()
            return found

    @asynccontextmanager
    async def without_table(self, name: str) -> AsyncIterator[None]:
        """The bot fails wherever it needs this table."""
        await self._rename_table(name, f"{name}_away")
        try:
            yield
        finally:
            await self._rename_table(f"{name}_away", name)

    async def _rename_table(self, name: str, to: str) -> None:
        async with self._look.begin() as connection:
            await connection.execute(text_of_query(f"ALTER TABLE {name} RENAME TO {to}"))

    async def until_noted(self) -> None:
        """Every answer that everyone in a server sees is known, so that it goes with whoever is
        named in it."""
        world = self.world.discord
        ids = [
            message.id
            for channel_id, messages in world.messages.items()
            if channel_id in world.channels and world.channels[channel_id].guild_id is not None
            for message in messages.values()
            if message.interaction_metadata is not None and not message.is_ephemeral
        ]
        async with asyncio.timeout(20):
            while ids and await self.count(NOTED, {"ids": ids}) < len(ids):
                pass

    async def until_status(self, says: Callable[[str], bool]) -> None:
        """Until `/serial status` tells Mara so."""
        async with asyncio.timeout(10):
            while not says((await self.mara.slash(self.stories, "serial status")).content):
                pass

    async def until_read(self, answer: Answer) -> Answer:
        """Until the file that was handed in is read; on a busy machine that is said meanwhile."""
        await self.playground.wait_for(
            lambda: answer.failed or (answer.content and not answer.content.startswith("Reading")),
            within=90,
            what="a file that is read",
        )
        return answer

    async def publish(self, data: bytes | None = None, name: str = "lantern.md") -> Json:
        """Mara adds her story, confirms it and has part 1 posted. Returns the post."""
        before = len(self.posts())
        file = (name, data or story())
        draft = await self.mara.slash(self.stories, "serial add", file=file)
        await self.until_read(draft)
        if "add it with another `title`" in draft.content:  # the same text as another story's
            title = file[1].decode().splitlines()[0].removeprefix("# ")
            draft = await self.mara.slash(self.stories, "serial add", file=file, title=title)
            await self.until_read(draft)
        assert draft.message is not None, draft.failed
        await self.mara.click(draft.message, label="Confirm: I wrote it or have leave")
        await self.mara.click(draft.message, label="Post part 1 now, then daily")
        return (await self.until_posts(before + 1))[-1]


def let_hand_out_roles(stage: Stage, person: Person) -> int:
    """The bot may manage roles, and so may the person, by a role of theirs. Returns that role:
    those made later stand below it."""
    permissions = discord.Permissions(PERMISSIONS.value)
    permissions.manage_roles = True
    stage.world.set_bot_permissions(stage.guild, permissions)
    theirs = stage.world.role(stage.guild, "Editors", discord.Permissions(manage_roles=True))
    stage.world.give_role(stage.guild, person.id, theirs)
    return theirs


async def press(person: Person, message: Json) -> Answer:
    """Press the message's only button."""
    return await person.click(
        message, custom_id=message["components"][0]["components"][0]["custom_id"]
    )


def labels(message: Json | None) -> list[str]:
    assert message is not None
    components = [one for line in message["components"] for one in line["components"]]
    return [one["label"] for one in components if "label" in one]


def text(post: Json) -> str:
    """The story text of a post, without its header."""
    _, _, after = post["content"].partition("\n\n")
    return str(after)
