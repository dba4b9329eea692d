"""Whatever a reader asks: nothing of what they have not reached is in any answer, suggestion, link
or picture's description, and what lies there changes nothing of what they are told.

`WALKS=5000 pytest -k unspoiled` takes so many.
"""

import asyncio
import json
import os
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import closing
from hashlib import sha256
from itertools import cycle, product
from urllib.parse import urlsplit

from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import StaticPool, create_engine

from bot.companion import places
from bot.companion import service as companion
from bot.companion.horizon import START
from bot.companion.places import Stored
from bot.people import service as people
from bot.people.service import Member
from bot.stories.model import Position
from playground.inputs import OptionValue
from playground.people import Answer
from tests.bot.memory import migrated
from tests.conftest import NewDatabase
from tests.journeys.conftest import running
from tests.journeys.stage import Json, Stage, labels
from tests.journeys.steps import Pick, Step, steps
from tests.journeys.twins import (
    CHAPTERS,
    PAGES,
    PARTS,
    SECRETS,
    Twins,
    Version,
    World,
    build,
    twins,
    words,
)

WALKS = int(os.environ.get("WALKS", "12"))
PATIENCE = 20.0  # seconds: how fast it answers is no matter here

# What may move a horizon: commands, and buttons and menus by what their custom_ids begin with.
MOVES = (
    "story read", "story place", "story subscribe", "read", "turn", "chapter", "open", "unjump",
    "unread", "search-at", "ask-at", "who-at", "catch-up-at",
)  # fmt: skip
SPOILS = "titles"  # and says so
BUTTON, LINE = 2, 1  # types of components
MOST_QUOTES = 8
SERIAL = STORY = 1  # ids


def test_what_comes_changes_nothing_that_a_reader_is_told(new_sqlite: NewDatabase) -> None:
    with asyncio.Runner() as runner:
        url = new_sqlite()
        hall = running(url, noted=False)
        stage = runner.run(hall.__aenter__())
        stage.world.discord.answer_within = PATIENCE
        twofold = Twofold(stage, url.removeprefix("sqlite:///"))

        # To make what fails smaller takes minutes, and which answers differ is said anyway.
        @settings(deadline=None, phases=(Phase.reuse, Phase.generate), max_examples=WALKS)
        @given(twins(), st.lists(steps(stage), min_size=16, max_size=32))
        def hold(both: Twins, walk: list[Step]) -> None:
            one, other = (
                runner.run(twofold.walk(walk, both, *twofold.lay(both, version)))
                for version in both.versions
            )
            for here, there in zip(one, other, strict=True):
                assert here == there
            typed = set().union(*(step.typed for step in walk))
            assert not SECRETS & words(*(shown for _, shown in one)) - typed

        try:
            hold()
        finally:
            runner.run(hall.__aexit__(None, None, None))


class Twofold:
    """A bot, of which the database is replaced under its hands."""

    def __init__(self, stage: Stage, path: str) -> None:
        self._stage, self._path = stage, path
        author, saver, reader = (
            Member(one.id, one.name, stage.guild)
            for one in (stage.mara, stage.odalys, stage.tobias)
        )
        discord = stage.world.discord
        posts = {
            place: discord.create_message(stage.stories, stage.world.bot_id, "A part.").id
            for place in product(range(1, CHAPTERS * PARTS + 1), range(PAGES))
        }
        self._world = World(stage.guild, stage.stories, author, saver, reader, posts)
        self._memory = sqlite3.connect(":memory:")
        self._build = create_engine("sqlite://", creator=lambda: self._memory, poolclass=StaticPool)
        self._file = create_engine(f"sqlite:///{path}")

    def lay(self, both: Twins, version: Version) -> tuple[Position, Stored]:
        """Make this one the only story there is."""
        self._memory.deserialize(migrated())
        with self._build.begin() as conn:
            laid = build(conn, both, version, self._world, self._stage.clock.now())
        with closing(sqlite3.connect(self._path)) as file:
            self._memory.backup(file)
        return laid

    async def walk(
        self, walk: Sequence[Step], both: Twins, border: Position, start: Stored
    ) -> list[tuple[str, str]]:
        """What was done and what was told then, as far as the reader had not come to where the two
        differ: from there they are taken back, to the story's start and to where they were in turn.
        """
        for part, page in both.turns:
            self._hang(part, page, is_last=(part, page + 1) not in both.turns)
        walker = Walker(self._stage, [self._world.posts[turn] for turn in both.turns[: both.same]])
        told: list[tuple[str, str]] = []
        back = cycle((Stored(START, START), start))
        come = self._put(start)
        for step in walk:
            self._stage.clock.rest(60)  # so that no cooldown comes in between
            async for name, shown in walker.take(step):
                before, come = come, self._horizon()
                assert come == before or name in MOVES, f"{name} moves the horizon"
                if come is not None and come > border:
                    told.append((name, "past it"))
                    come = self._put(next(back))
                    break
                told.append((name, shown))
        await self._stage.settle()
        return told

    def _hang(self, part: int, page: int, *, is_last: bool) -> None:
        """What is under a post when nobody has pressed it."""
        button = {"type": BUTTON, "style": 2, "label": "Read", "custom_id": f"read:{part}~"}
        under = [{"type": LINE, "components": [button]}] if is_last else []
        self._stage.world.discord.edit_message(
            self._stage.stories, self._world.posts[part, page], {"components": under}
        )

    def _put(self, start: Stored) -> Position | None:
        with self._file.begin() as conn:
            person_id = people.person_id(conn, self._world.reader, self._stage.clock.now())
            places.save(conn, person_id, STORY, start)
        return self._horizon()

    def _horizon(self) -> Position | None:
        with self._file.connect() as conn:
            return companion.horizon_of(conn, self._world.reader, SERIAL, STORY)


class Walker:
    """A reader before posts that they may read, and what shows after what they did last."""

    def __init__(self, stage: Stage, posts: Sequence[int]) -> None:
        self._world, self._channel, self._person = stage.world, stage.stories, stage.tobias
        self._posts = posts
        self._form: Answer | None = None
        self._pressed = ""  # what opened it
        self._messages: list[Json] = []

    async def take(self, step: Step) -> AsyncIterator[tuple[str, str]]:
        """The name of each thing that is done, and all that then shows."""
        if step.post >= len(self._posts):
            return
        options = {key: one for key, one in step.options.items() if not isinstance(one, Pick)}
        for key, one in step.options.items():
            if isinstance(one, Pick):
                found = await self._person.autocomplete(
                    self._channel, step.name, key, one.typed, **options
                )
                yield step.name, repr(found)
                options[key] = found[one.which % len(found)].value if found else one.typed or "1"
        if not step.name:
            post = self._world.message(self._channel, self._posts[step.post], self._person.id)
            self._form, self._messages = None, [post] if post else []
        else:
            self._pressed = step.name
            yield step.name, await self._run(step, options)
        for press in step.presses:
            if pressed := await self._press(*press):
                yield pressed

    async def _run(self, step: Step, options: Mapping[str, OptionValue]) -> str:
        if step.post >= 0:
            post = self._posts[step.post]
            return await self._see(await self._person.context_menu(self._channel, step.name, post))
        answer = await self._person.slash(self._channel, step.name, **options)
        shown = await self._see(answer)
        by_chance = step.name == "story quote" and "number" not in options
        return await self._in_turn(answer, shown) if by_chance else shown

    async def _in_turn(self, answer: Answer, shown: str) -> str:
        """A quote of chance and all that *Another* goes on to, so that chance has no part in it."""
        turn = [shown]
        while "Another" in labels(answer.message) and len(turn) < MOST_QUOTES:
            answer = await self._person.click(self._messages[0], label="Another")
            if (shown := await self._see(answer)) == turn[0]:
                break
            turn.append(shown)
        first = turn.index(min(turn))
        for _ in turn[:first]:
            await self._see(await self._person.click(self._messages[0], label="Another"))
        return "\n".join(turn[first:] + turn[:first])

    async def _press(self, which: int, what: int, typed: str) -> tuple[str, str] | None:
        if self._form and self._form.modal:
            fields = filled(self._form.modal, typed if what % 2 else "")
            return self._pressed, await self._see(await self._person.submit(self._form, fields))
        parts = list(pressable(self._messages))
        if not parts:
            return None
        message, part = parts[which % len(parts)]
        custom_id = part["custom_id"]
        self._pressed = re.split("[:~]", custom_id)[0]
        if part["type"] == BUTTON:
            answer = await self._person.click(message, custom_id=custom_id)
        else:
            value = part["options"][what % len(part["options"])]["value"]
            answer = await self._person.choose(message, [value], custom_id=custom_id)
        return self._pressed, await self._see(answer)

    async def _see(self, answer: Answer) -> str:
        """All that the answer shows; of a post only what is under it, as it may be older."""
        await quiet()
        assert not answer.failed
        self._form = answer if answer.modal else None
        self._messages = [one for one in (answer.message, *answer.followups) if one]
        shown: list[object] = [self._form and self._form.modal and self._form.modal["components"]]
        for message in self._messages:
            if int(message["id"]) in self._posts:
                shown.append(labels(message))
            else:
                shown += (message[key] for key in ("content", "embeds", "components"))
                shown += map(self._file, message["attachments"])
        return re.sub("[0-9a-f]{32}", "#", json.dumps(shown, ensure_ascii=False))

    def _file(self, attachment: Json) -> list[str]:
        path = urlsplit(attachment["url"]).path.removeprefix("/cdn/")
        data = self._world.discord.cdn.get(path) or b""
        return [
            attachment["filename"],
            attachment.get("description") or "",
            sha256(data).hexdigest(),
        ]


def pressable(messages: Sequence[Json]) -> Iterator[tuple[Json, Json]]:
    for message in messages:
        for line in message["components"]:
            for part in line["components"]:
                is_link = "custom_id" not in part
                if (
                    not is_link
                    and not part.get("disabled")
                    and not part["custom_id"].startswith(SPOILS)
                ):
                    yield message, part


def filled(modal: Json, typed: str) -> dict[str, str]:
    """A form's fields: what stands in them already, unless something is typed."""
    fields = [line["components"][0] for line in modal["components"]]
    return {
        one["custom_id"]: (typed or one.get("value") or "1")[: one.get("max_length", 4000)]
        for one in fields
    }


async def quiet() -> None:
    """Until the bot has done what it was asked: an answer may have another one behind it."""
    names = "CommandTree-invoker", "discord-ui-", "discord.py: on_"
    while tasks := [one for one in asyncio.all_tasks() if one.get_name().startswith(names)]:
        await asyncio.wait(tasks)
