"""What is measured. All times are in milliseconds."""

import asyncio
from asyncio.subprocess import Process
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter

from benchmarks.stage import DAY, HOUR, Stage
from bot.db.engine import open_database
from bot.people.service import Member
from bot.serials import service as serials
from bot.serials.imports import Draft, prepare
from playground import town
from playground.people import Answer, Person
from playground.world import Json

PONG = "/pong of a bare bot"
PRESS = "I've read this"
AGAIN = "I've read this, pressed again"
READ = "/story read, a page further on"
SAME = "/story read, the same page"

Samples = dict[str, list[float]]


async def posts(stage: Stage, bot: Process, days: int) -> list[float]:
    """From a slot that comes due to the message that all see, for so many days."""
    await town.begin(stage.playground, stage.town)
    author = stage.playground.person(stage.town.author)
    assert bot.stdin is not None
    taken = []
    for day in range(1, days + 1):
        while f" {day} of them posted" not in (await author.slash(stage.channel, "story about")).content:
            pass  # the bot has yet to note that its last post is up
        until_nine = (9 * HOUR - stage.clock.now()) % DAY
        stage.clock.turn(until_nine)
        began = perf_counter()
        bot.stdin.write(b"%d\n" % until_nine)
        await stage.playground.wait_for(lambda: len(stage.posts) > day, what="a post")
        taken.append((stage.posts[-1][0] - began) * 1000)
    return taken


async def answers(
    stage: Stage, bare: Stage, kinds: Sequence[str], readers: range, at_once: int
) -> Samples:
    """Each reader goes through every part but the last, `at_once` readers at a time; the kinds
    take turns, so that what else the machine does hits them alike."""
    samples: Samples = defaultdict(list)
    for _, post in stage.posts[:-1]:
        for first in range(readers.start, readers.stop, at_once):
            for kind in kinds:
                asked = bare if kind == PONG else stage
                asked.taken.clear()
                given = await asyncio.gather(
                    *(
                        _ask(asked.readers[n], asked.channel, post, kind)
                        for n in range(first, first + at_once)
                    )
                )
                assert not any(answer.failed for answer in given)
                samples[kind] += asked.taken
    return samples


def _ask(reader: Person, channel: int, post: Json, kind: str) -> Awaitable[Answer]:
    if kind in (PRESS, AGAIN):
        (button,) = post["components"][0]["components"]
        return reader.click(post["id"], custom_id=button["custom_id"])
    return reader.slash(channel, "pong" if kind == PONG else "story read")
