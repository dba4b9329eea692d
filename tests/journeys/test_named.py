"""Whatever command or button a message of a sprint's names works at that moment: in each state the
messages are collected, and what they name is tried by whoever was told, in that same state."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest

from playground.inputs import OptionValue
from playground.people import Answer, Person
from tests.journeys.stage import DAY, MINUTE, Json, Stage, labels

# What is filled in where only the command's name is said, and how its answer begins or what it has
# when it is not refused. A command that isn't here and is named fails the test.
COMMANDS: dict[str, tuple[dict[str, OptionValue], str]] = {
    "sprint words": ({"count": "+250"}, r"^\*\*[\d,]+ written\*\*"),
    "sprint join": ({"count": "same"}, r"^You're (still )?in "),
    "sprint start": ({}, r"and you're in\."),
    "sprint undo": ({}, r"^Undone\. "),
    "sprint cancel": ({}, r"^Cancelled: |would like to cancel"),
    "sprint plan add": ({"time": "21:00"}, r"^Planned\."),
    "wrote": ({"amount": "350"}, r"wrote 350 words|^Noted: |^Counted in "),
    "words history": ({}, r"Choose one to change it\.$|^Nothing is logged yet"),
}
TYPED = {"sprint words": "count", "sprint join": "count", "wrote": "amount"}
# Likewise of buttons: what is filled in its form, and what is answered.
BUTTONS: dict[str, tuple[dict[str, str], str]] = {
    "Join": ({}, r"^You're (still )?in "),
    "Where am I?": ({}, r"^You're \d|^You have no place"),
    "Leave": ({}, r"^You have left "),
    "Enter words": ({"Your count": "+120"}, r"^\*\*[\d,]+ written\*\*"),
    "Undo": ({}, r"^Undone\. |^Nothing is logged|took that back|Choose one to change it\.$"),
    "I wrote 10": ({}, r"^\*\*10 written\*\*"),
    "Agree": ({}, r"^Cancelled: "),
    "Edit": ({"Amount": "70"}, r"^\*\*70 words\*\*"),
    "Move": ({"Date": "yesterday"}, r"^\*\*77 words\*\*"),
    "‹ Back": ({}, r"Choose one to change it\.$"),
}


@dataclass
class Scene:
    """A channel of its own, with people of its own: who starts, who joins, and a stranger."""

    stage: Stage
    channel: int
    starter: Person
    other: Person
    stranger: Person
    elsewhere: int
    told: list[tuple[Person, Json]] = field(default_factory=list)

    async def say(self, person: Person, command: str, **options: OptionValue) -> Answer:
        return await person.slash(self.channel, command, **options)

    async def hear(self, person: Person, command: str, **options: OptionValue) -> None:
        """What they are answered is one of the messages that are looked at."""
        self.note(person, await self.say(person, command, **options))

    def note(self, person: Person, answer: Answer) -> None:
        assert answer.message is not None
        self.told.append((person, answer.message))

    def look(self, *people: Person) -> None:
        """At what stands in the channel, as it stands."""
        self.told += [(one, post) for one in people for post in self.stage.posts(self.channel)]

    async def start(self, **options: OptionValue) -> None:
        await self.say(self.starter, "sprint start", minutes=10, **({"in": 0} | options))
        await self.say(self.other, "sprint join")
        await self.stage.settle()

    async def turn(self, minutes: float) -> None:
        self.stage.turn(int(minutes * MINUTE))
        await self.stage.settle()

    async def count(self, person: Person, amount: str = "+77") -> None:
        assert "77 written" in (await self.say(person, "sprint words", count=amount)).content

    async def press(self, person: Person, label: str) -> Answer:
        (post, *_) = [post for post in self.posts() if label in labels(post)]
        return await person.click(post, label=label)

    def posts(self) -> list[Json]:
        """Newest first."""
        return self.stage.posts(self.channel)[::-1]


async def waiting(scene: Scene) -> None:
    await scene.start(**{"in": 5})
    scene.look(scene.stranger, scene.other)
    await scene.hear(scene.other, "sprint words", count="+10")
    await scene.hear(scene.starter, "sprint end")
    await scene.hear(scene.stranger, "sprint status")


async def running(scene: Scene) -> None:
    await scene.start()
    scene.look(scene.stranger, scene.other)
    await scene.hear(scene.stranger, "sprint start")
    await scene.hear(scene.stranger, "sprint status")
    await scene.hear(scene.other, "sprint words", count="+10")
    scene.note(scene.stranger, await scene.press(scene.stranger, "Same as last time"))


async def left(scene: Scene) -> None:
    await scene.start()
    await scene.hear(scene.other, "sprint leave")
    await scene.hear(scene.other, "sprint status")
    await scene.hear(scene.other, "sprint leave")


async def counting(scene: Scene) -> None:
    await scene.start()
    await scene.turn(10)
    scene.look(scene.stranger, scene.other)
    await scene.hear(scene.stranger, "sprint start")
    await scene.hear(scene.stranger, "sprint join")
    await scene.hear(scene.stranger, "sprint status")
    await scene.hear(scene.other, "sprint cancel")


async def everyone_left_while_counting(scene: Scene) -> None:
    await scene.start()
    await scene.turn(10)
    await scene.hear(scene.other, "sprint leave")
    await scene.hear(scene.starter, "sprint leave")
    await scene.stage.settle()
    scene.look(scene.stranger, scene.other, scene.starter)


async def results(scene: Scene) -> None:
    await scene.start()
    joined = await scene.say(scene.starter, "sprint join")
    await scene.turn(10)
    await scene.count(scene.other)
    await scene.turn(4)
    scene.look(scene.stranger, scene.other, scene.starter)
    assert joined.message is not None
    scene.note(scene.starter, await scene.starter.click(joined.message, label="Leave"))
    await scene.hear(scene.stranger, "sprint join")


async def proposed(scene: Scene) -> None:
    await scene.start()
    await scene.hear(scene.other, "sprint cancel")
    scene.told = [(scene.starter, message) for _, message in scene.told]


async def proposed_before_the_bell(scene: Scene) -> None:
    await scene.start()
    asked = await scene.say(scene.other, "sprint cancel")
    assert asked.message is not None
    await scene.turn(10)
    await scene.count(scene.other)
    await scene.starter.click(asked.message, label="Agree")
    scene.look(scene.starter, scene.other)  # the sprint goes on, and the proposal is gone


async def cancelled(scene: Scene) -> None:
    await scene.say(scene.starter, "sprint start", minutes=10, **{"in": 0})
    counted = await scene.say(scene.starter, "sprint words", count="+77")
    await scene.hear(scene.starter, "sprint cancel")
    await scene.stage.settle()
    scene.look(scene.stranger, scene.starter)
    await scene.hear(scene.starter, "sprint words", count="+10")
    assert counted.message is not None
    scene.told.append((scene.starter, counted.message))
    await history(scene, scene.starter)


async def cancelled_while_counting(scene: Scene) -> None:
    await scene.start()
    await scene.turn(10)
    await scene.count(scene.other)
    form = await scene.press(scene.other, "Enter words")
    await scene.say(scene.stage.odalys, "sprint cancel")
    await scene.stage.settle()
    scene.look(scene.stranger, scene.other)
    scene.note(scene.other, await scene.other.submit(form, {"Your count": "+5"}))
    await history(scene, scene.other)


async def channel_deleted(scene: Scene) -> None:
    await scene.start()
    await scene.count(scene.other)
    scene.stage.world.delete_channel(scene.channel)
    scene.channel = scene.elsewhere
    await scene.turn(15)
    await scene.hear(scene.other, "sprint words", count="+10")
    await history(scene, scene.other)


async def undone_after_cancelling(scene: Scene) -> None:
    await scene.start()
    counted = await scene.say(scene.other, "sprint words", count="+77")
    await scene.say(scene.stage.odalys, "sprint cancel")
    await scene.hear(scene.other, "sprint undo")
    await scene.hear(scene.other, "sprint undo")
    assert counted.message is not None
    scene.note(scene.other, await scene.other.click(counted.message, label="Undo"))


async def two_days_ago(scene: Scene) -> None:
    await scene.start()
    await scene.turn(10)
    counted = await scene.say(scene.other, "sprint words", count="+77")
    form = await scene.press(scene.starter, "Enter words")
    scene.stage.turn(2 * DAY)
    await scene.stage.settle()
    scene.stage.turn(2 * DAY)
    await scene.stage.settle()
    await scene.hear(scene.other, "sprint undo")
    await scene.hear(scene.other, "sprint words", count="+10")
    scene.note(scene.starter, await scene.starter.submit(form, {"Your count": "+5"}))
    assert counted.message is not None
    scene.note(scene.other, await scene.other.click(counted.message, label="Undo"))
    await history(scene, scene.other)


async def logged_elsewhere(scene: Scene) -> None:
    """Typed in another channel than the sprint's."""
    await scene.start()
    await scene.turn(5)
    scene.channel = scene.elsewhere
    await scene.hear(scene.other, "wrote", amount="30")
    await scene.hear(scene.other, "sprint words", count="+10")


async def nothing_yet(scene: Scene) -> None:
    for command in ("sprint status", "sprint undo", "sprint leave", "sprint plan list"):
        await scene.hear(scene.stranger, command)
    await scene.hear(scene.stage.odalys, "sprint plan list")
    await scene.hear(scene.stranger, "sprint words", count="+10")


async def history(scene: Scene, person: Person) -> None:
    """Their only entry, and what can be done with it."""
    shown = await scene.say(person, "words history")
    assert shown.message is not None
    (menu,) = shown.message["components"][0]["components"]
    chosen = await person.choose(shown.message, [menu["options"][0]["value"]])
    scene.note(person, chosen)


def named(message: Json) -> set[str]:
    """The commands and buttons that a message names, commands with a slash before them."""
    content = str(message["content"])
    italics = set(re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", content)) & BUTTONS.keys()
    shown = set(labels(message)) - {"Same as last time"}  # which asks for a count, like any first
    return {f"/{said}" for said in re.findall(r"`/([^`]+)`", content)} | italics | shown


async def works(scene: Scene, person: Person, message: Json, name: str) -> bool:
    if name.startswith("/"):
        command = max((one for one in COMMANDS if name[1:].startswith(one)), key=len)
        options, says = COMMANDS[command]
        if typed := name[1:].removeprefix(command).strip():
            options = {TYPED[command]: typed}
        if command == "sprint join" and options == {"count": "same"}:
            options = {}
        answer = await scene.say(person, command, **options)
        return bool(re.search(says, answer.content))
    fields, says = BUTTONS[name]
    posts = [message, *scene.posts()]
    answer = await person.click(next(one for one in posts if name in labels(one)), label=name)
    if answer.modal:
        answer = await person.submit(answer, fields)
    return bool(re.search(says, answer.content))


SCENES: list[Callable[[Scene], Awaitable[None]]] = [
    waiting, running, left, counting, everyone_left_while_counting, results, proposed,
    proposed_before_the_bell, cancelled, cancelled_while_counting, undone_after_cancelling,
    channel_deleted, two_days_ago, logged_elsewhere, nothing_yet,
]  # fmt: skip


@pytest.mark.parametrize("play", SCENES, ids=lambda play: play.__name__)
async def test_what_messages_name_works_when_they_name_it(
    stage: Stage, play: Callable[[Scene], Awaitable[None]]
) -> None:
    async def anew() -> Scene:
        people = [stage.newcomer(name) for name in ("Starter", "Other", "Stranger")]
        channels = [stage.world.channel(stage.guild, name) for name in ("here", "elsewhere")]
        starter, other, stranger = people
        scene = Scene(stage, channels[0], starter, other, stranger, channels[1])
        await play(scene)
        return scene

    first = await anew()
    tried = [
        (number, name)
        for number, (_, message) in enumerate(first.told)
        for name in sorted(named(message))
    ]
    assert tried
    refused = []
    for number, name in tried:
        scene = await anew()
        person, message = scene.told[number]
        if not await works(scene, person, message, name):
            refused.append((message["content"], name))
    assert refused == []
