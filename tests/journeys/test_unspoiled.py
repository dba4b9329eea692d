"""Whatever a reader asks: nothing of what they have not reached is in any answer, suggestion, link
or picture's description, and what lies there changes nothing of what they are told.

`WALKS=5000 pytest -k unspoiled` takes so many.
"""

import asyncio
import hashlib
import json
import os
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from urllib.parse import urlsplit

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import StaticPool, create_engine

from bot.companion import service as companion
from bot.people.service import Member
from bot.stories.model import Position
from playground.people import Answer, Person
from tests.bot.memory import migrated
from tests.conftest import NewDatabase
from tests.journeys.conftest import running
from tests.journeys.stage import Json, Stage, labels
from tests.journeys.twins import (
    CHAPTERS,
    COMMON,
    ONLY_AFTER,
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

WALKS = int(os.environ.get("WALKS", "60"))

# What knows nothing of stories, or reads a file of one's own. All else is asked, also what is new.
NOT_ASKED = ("sprint", "wrote", "words", "goal", "project", "stats", "leaderboard", "me import",
             "serial add", "serial update", "character import")  # fmt: skip
# What may move a horizon: commands, and buttons and menus by what their custom_ids begin with.
MOVES = ("story read", "story place", "read", "turn", "chapter", "open", "unjump", "unread",
         "search-at", "ask-at", "who-at", "catch-up-at")  # fmt: skip
SPOILS = "titles"  # which it says of itself

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE = range(3, 9)  # types of options
BUTTON, SELECT, LINK = 2, 3, 5  # types of components, and a style of button
MOST_QUOTES = 7
ON_MESSAGE = 3  # type of command

WORDS = sorted(words(*COMMON, *ONLY_AFTER[0], *ONLY_AFTER[1]))
TYPED = st.sampled_from((
    "lamp", "lamps", "key", "Edda", "edda", "Ansel", "the Owl", "owl", "harbour", "the keeper",
    "old Ansel", "Zephyrine", "the Admiral", "Bartholomew", "Countess",
))  # fmt: skip
TYPED |= st.lists(st.sampled_from(WORDS), min_size=1, max_size=3).map(" ".join)
TYPED |= st.sampled_from((
    "Why did Edda light the lamp?", "Who is the Admiral?", "Where is the key?", "chapter 2",
    "edda -key", '"old Ansel"', "lamp chapter:2", "caught up", "start", "0", "1", "2", "3", "5000",
    "9 pm", "daily", "`*~|", "🏮",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pick:
    """One of what is suggested for what is typed; that itself where nothing is."""

    typed: str
    which: int


Value = str | int | bool


@dataclass(frozen=True, slots=True)
class Step:
    """A command, with options or on a post; or without a name a press of what is under the post.
    Then follow so many presses of what the answer shows: by a number which, by another what is
    chosen, and what is typed into a form."""

    name: str
    options: Mapping[str, Value | Pick]
    post: int = -1
    presses: Sequence[tuple[int, int, str]] = ()

    @property
    def typed(self) -> set[str]:
        texts = [one.typed if isinstance(one, Pick) else str(one) for one in self.options.values()]
        return words(*texts, *(typed for _, _, typed in self.presses))


def leaves(commands: Sequence[Json], above: str = "") -> Iterator[tuple[str, Json]]:
    for command in commands:
        name = f"{above} {command['name']}".strip()
        inner = [one for one in command.get("options") or [] if one["type"] < STRING]
        if inner:
            yield from leaves(inner, name)
        else:
            yield name, command


def value(
    option: Json, people: Sequence[int], channel: int
) -> st.SearchStrategy[Value] | st.SearchStrategy[Pick]:
    if choices := option.get("choices"):
        return st.sampled_from([one["value"] for one in choices])
    if option.get("autocomplete"):
        return st.builds(Pick, st.just("") | st.just("") | TYPED, st.integers(0, 5))
    match option["type"]:
        case 3:
            return TYPED.map(lambda text: text[: option.get("max_length", 100)])
        case 4:
            least = option.get("min_value", 0)
            return st.integers(least, min(option.get("max_value", 100), least + 3))
        case 5:
            return st.booleans()
        case 6:
            return st.sampled_from(people)
        case 7:
            return st.just(channel)
    raise AssertionError(f"say what {option['name']} may be, or that its command is NOT_ASKED")


def steps(stage: Stage) -> st.SearchStrategy[Step]:
    people = [stage.mara.id, stage.odalys.id, stage.tobias.id]
    presses = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), TYPED), max_size=3)
    post, none = st.integers(0, CHAPTERS * PARTS * PAGES - 1), st.just({})
    reading = [st.builds(Step, st.just(""), none, post=post, presses=presses)]
    others = []
    for name, leaf in leaves(stage.world.commands(stage.tobias.id, stage.stories)):
        if name.startswith(NOT_ASKED):
            continue
        of_readers = reading if name.startswith("story ") else others
        if leaf["type"] == ON_MESSAGE:
            reading.append(st.builds(Step, st.just(name), none, post=post, presses=presses))
            continue
        declared = [one for one in leaf.get("options") or [] if one["type"] != ROLE]
        values = {one["name"]: value(one, people, stage.stories) for one in declared}
        needed = {one["name"]: values.pop(one["name"]) for one in declared if one.get("required")}
        options = st.fixed_dictionaries(needed, optional=values)
        if {"share", "number"} <= values.keys():  # two of chance would not be the same
            options = options.map(lambda said: {"number": 1} | said if said.get("share") else said)
        of_readers.append(st.builds(Step, st.just(name), options, presses=presses))
    return st.integers(0, 9).flatmap(lambda n: st.one_of(others if n == 9 else reading))


class Walker:
    """A reader, and the posts up to where they have been told everything."""

    def __init__(self, stage: Stage, posts: Sequence[int]) -> None:
        self._world, self._channel = stage.world, stage.stories
        self._person = stage.tobias
        self._posts = posts

    async def take(self, step: Step) -> AsyncIterator[tuple[str, str]]:
        """What each thing that is done is called, and all that then shows."""
        channel, name = self._channel, step.name
        if step.post >= len(self._posts):
            return
        given = {key: one for key, one in step.options.items() if not isinstance(one, Pick)}
        for key, one in step.options.items():
            if isinstance(one, Pick):
                found = await self._person.autocomplete(channel, name, key, one.typed, **given)
                yield name, repr(found)
                given[key] = found[one.which % len(found)].value if found else one.typed or "1"
        if not name:
            messages = [self._world.message(channel, self._posts[step.post], self._person.id)]
            answer = None
        else:
            if step.post < 0:
                answer = await self._person.slash(channel, name, **given)
            else:
                answer = await self._person.context_menu(channel, name, self._posts[step.post])
            shown = await self._shown(answer)
            if (name, "number" in step.options) == ("story quote", False):
                shown = await self._in_turn(answer, shown)
            yield name, shown
            messages = [answer.message, *answer.followups]
        for which, what, typed in step.presses:
            if answer and answer.modal:
                fields = filled(answer.modal, typed if what % 2 else "")
                answer = await self._person.submit(answer, fields)
            else:
                parts = list(pressable(messages))
                if not parts:
                    return
                message, part = parts[which % len(parts)]
                name = re.split("[:~]", part["custom_id"])[0]
                answer = await self._press(message, part, what)
            yield name, await self._shown(answer)
            messages = [answer.message, *answer.followups]

    async def _in_turn(self, answer: Answer, shown: str) -> str:
        """A quote of chance and all that *Another* goes on to, so that chance has no part in it."""
        turn = [shown]
        for _ in range(MOST_QUOTES):
            if "Another" not in labels(answer.message):
                return shown
            answer = await self._person.click(answer.message, label="Another")
            shown = await self._shown(answer)
            if shown == turn[0]:
                break
            turn.append(shown)
        first = turn.index(min(turn))
        for _ in turn[:first]:
            await self._person.click(answer.message, label="Another")
        return "\n".join(turn[first:] + turn[:first])

    async def _press(self, message: Json, part: Json, what: int) -> Answer:
        if part["type"] == BUTTON:
            return await self._person.click(message, custom_id=part["custom_id"])
        options = part["options"]
        return await self._person.choose(
            message, [options[what % len(options)]["value"]], custom_id=part["custom_id"]
        )

    async def _shown(self, answer: Answer) -> str:
        await quiet()
        assert not answer.failed
        shown: list[object] = [
            {key: part for key, part in (answer.modal or {}).items() if key != "custom_id"}
        ]
        for message in (answer.message, *answer.followups):
            if message is not None and int(message["id"]) in self._posts:
                shown.append([part["label"] for _, part in pressable([message])])
            elif message is not None:
                shown.append([message["content"], message["embeds"], message["components"]])
                shown += [self._file(one) for one in message["attachments"]]
        return re.sub(r"[0-9a-f]{32}", "#", json.dumps(shown, ensure_ascii=False))

    def _file(self, attachment: Json) -> list[str]:
        data = self._world.discord.cdn.get(urlsplit(attachment["url"]).path.removeprefix("/cdn/"))
        return [
            attachment["filename"],
            attachment.get("description") or "",
            hashlib.sha1(data or b"").hexdigest(),
        ]


def pressable(messages: Sequence[Json | None]) -> Iterator[tuple[Json, Json]]:
    for message in messages:
        for line in message["components"] if message else ():
            for part in line["components"]:
                if (
                    "custom_id" in part
                    and not part.get("disabled")
                    and not part["custom_id"].startswith(SPOILS)
                ):
                    assert message is not None
                    yield message, part


def filled(modal: Json, typed: str) -> dict[str, str]:
    """A form's fields: what stands in them already, unless something is typed."""
    fields = [one.get("component") or one["components"][0] for one in modal["components"]]
    return {
        one["custom_id"]: (typed or one.get("value") or "1")[: one.get("max_length", 4000)]
        for one in fields
    }


async def quiet() -> None:
    """Until the bot has done what it was asked: an answer may have another one behind it."""
    names = "CommandTree-invoker", "discord-ui-", "discord.py: on_"
    while tasks := [one for one in asyncio.all_tasks() if one.get_name().startswith(names)]:
        await asyncio.wait(tasks)


def test_what_comes_changes_nothing_that_a_reader_is_told(new_sqlite: NewDatabase) -> None:
    with asyncio.Runner() as runner:
        on = running(url := new_sqlite())
        stage = runner.run(on.__aenter__())
        try:
            hold(runner, stage, url.removeprefix("sqlite:///"))
        finally:
            runner.run(on.__aexit__(None, None, None))


def hold(runner: asyncio.Runner, stage: Stage, path: str) -> None:
    def member(person: Person) -> Member:
        return Member(person.id, person.name, stage.guild)

    posts = {
        (part, page): stage.world.discord.create_message(
            stage.stories,
            stage.world.bot_id,
            "A part.",
            components=[
                {
                    "type": 1,
                    "components": [
                        {"type": 2, "style": 2, "label": "Read", "custom_id": f"read:{part}~x"}
                    ],
                }
            ],
        ).id
        for part, page in product(range(1, CHAPTERS * PARTS + 1), range(PAGES))
    }
    world = World(
        stage.guild,
        stage.stories,
        member(stage.mara),
        member(stage.odalys),
        member(stage.tobias),
        posts,
    )
    memory = sqlite3.connect(":memory:")
    engine = create_engine("sqlite://", creator=lambda: memory, poolclass=StaticPool)
    file = create_engine(f"sqlite:///{path}")

    def lay(version: Version, both: Twins) -> Position:
        """Make it the only one that the bot knows."""
        memory.deserialize(migrated())
        with engine.begin() as conn:
            border = build(conn, both, version, world, stage.clock.now())
        with closing(sqlite3.connect(path)) as target:
            memory.backup(target, sleep=0.001)
        return border

    def horizon() -> Position | None:
        with file.connect() as conn:
            return companion.horizon_of(conn, world.reader, 1, 1)

    async def walk(taken: Sequence[Step], both: Twins, border: Position) -> list[tuple[str, str]]:
        walker, told = Walker(stage, [posts[turn] for turn in both.turns[: both.same]]), []
        come = horizon()
        for step in taken:
            async for name, shown in walker.take(step):
                before, come = come, horizon()
                assert come == before or name in MOVES, f"{name} moves the horizon"
                if come is not None and come > border:
                    return told
                told.append((name, shown))
        return told

    @settings(deadline=None, max_examples=WALKS, suppress_health_check=list(HealthCheck))
    @given(twins(), st.lists(steps(stage), min_size=6, max_size=24))
    def same(both: Twins, taken: list[Step]) -> None:
        one, other = (
            runner.run(walk(taken, both, lay(version, both))) for version in both.versions
        )
        for here, there in zip(one, other, strict=True):
            assert here == there
        typed = set().union(*(step.typed for step in taken))
        told = words(*(shown for _, shown in one))
        assert not SECRETS & told - typed

    same()
