"""What is measured. All times are in milliseconds."""

import asyncio
import os
from asyncio.subprocess import Process
from collections import defaultdict
from collections.abc import Awaitable, Sequence
from pathlib import Path
from time import perf_counter
from typing import BinaryIO

from benchmarks.stage import DAY, HOUR, TOO_LATE, Stage
from bot.db.engine import open_database
from bot.people.service import Member
from bot.serials import drafts
from bot.serials.imports import prepare
from playground import town
from playground.people import Answer, Person
from playground.world import Json

PONG = "/pong of a bare bot"
PRESS = "I've read this"
AGAIN = "I've read this, pressed again"
READ = "/story read, a page further on"
SAME = "/story read, the same page"
COUNT = "/sprint words"
SYNC = "a sync of 4 KiB to the disk"

Samples = dict[str, list[float]]


async def posts(stage: Stage, bot: Process, days: int) -> list[float]:
    """From a slot that comes due to the message that all see, for so many days."""
    await town.begin(stage.playground, stage.town)
    author = stage.playground.person(stage.town.author)
    assert bot.stdin is not None
    taken: list[float] = []
    for day in range(1, days + 1):
        about = await author.slash(stage.channel, "story about")
        while f" {day} of them posted" not in about.content:  # the last is up, and not noted yet
            about = await author.slash(stage.channel, "story about")
        until_nine = (9 * HOUR - stage.clock.now()) % DAY
        stage.clock.turn(until_nine)
        began = perf_counter()
        bot.stdin.write(b"%d\n" % until_nine)
        await stage.playground.wait_for(lambda: len(stage.posts) > len(taken) + 1, what="a post")
        taken.append((stage.posts[-1][0] - began) * 1000)
    return taken


async def sprint(stage: Stage) -> None:
    """A long one begins in the story's channel, so that there is something to count for."""
    author = stage.playground.person(stage.town.author)
    await author.slash(stage.channel, "sprint start", minutes=180, **{"in": 0})


async def answers(
    stage: Stage, bare: Stage, disk: BinaryIO, kinds: Sequence[str], readers: range, at_once: int
) -> Samples:
    """Each reader goes through every part but the last, `at_once` readers at a time; the kinds
    take turns, so that what else the machine does hits them alike."""
    samples: Samples = defaultdict(list)
    for _, post in stage.posts[:-1]:
        for first in range(readers.start, readers.stop, at_once):
            for kind in kinds:
                if kind == SYNC:
                    samples[kind].append(_sync(disk))
                    continue
                asked = bare if kind == PONG else stage
                crowd = asked.readers[first : first + at_once]
                samples[kind] += await _taken(
                    asked, *(_ask(reader, asked.channel, post, kind) for reader in crowd)
                )
    return samples


async def _taken(stage: Stage, *asked: Awaitable[Answer]) -> list[float]:
    """How long these answers take; one that does not come counts as TOO_LATE."""
    stage.taken.clear()
    given = await asyncio.gather(*asked)
    return stage.taken + [TOO_LATE] * sum(answer.failed for answer in given)


def _ask(reader: Person, channel: int, post: Json, kind: str) -> Awaitable[Answer]:
    if kind in (PRESS, AGAIN):
        (button,) = post["components"][0]["components"]
        return reader.click(post, custom_id=button["custom_id"])
    if kind == COUNT:
        return reader.slash(channel, "sprint words", count="+1")
    return reader.slash(channel, "pong" if kind == PONG else "story read")


async def answers_meanwhile(stage: Stage, data: bytes) -> list[float]:
    """Answers to a reader who keeps pressing while an author adds a novel."""
    author = stage.playground.person(stage.town.author)
    importing = asyncio.create_task(
        author.slash(stage.channel, "serial add", file=("novel.md", data))
    )
    taken: list[float] = []
    while not importing.done():
        press = _ask(stage.readers[0], stage.channel, stage.posts[0][1], AGAIN)
        taken += await _taken(stage, press)
    return taken


def _sync(disk: BinaryIO) -> float:
    began = perf_counter()
    disk.write(bytes(4096))
    os.fsync(disk)
    return (perf_counter() - began) * 1000


async def novel(data: bytes, database: Path) -> tuple[float, float]:
    """Reading and cutting a novel, and storing it in an empty database."""
    began = perf_counter()
    draft = prepare("novel.md", data)
    cut = perf_counter()
    async with open_database(f"sqlite+aiosqlite:///{database}") as opened:
        ready = perf_counter()
        await opened.write(
            drafts.add, Member(1, "Mara", 1), 1, draft, title="Novel", author="Mara", now=0
        )
        stored = perf_counter()
    return (cut - began) * 1000, (stored - ready) * 1000
