"""What a search takes where two hundred servers have a long story each, and where one has."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from time import perf_counter

from sqlalchemy import Connection, insert

from benchmarks.measures import Samples
from bot.companion import search
from bot.companion import service as companion
from bot.db.engine import Database, open_database
from bot.delivery import service as outbox
from bot.delivery.tables import outbox as messages
from bot.people import service as people
from bot.people.service import Member
from bot.serials import posting, records
from bot.serials.records import Serial
from bot.serials.tables import excerpts, serials
from bot.stories import index
from bot.stories.analyser import joined
from bot.stories.tables import chapters, paragraphs, stories

SERVERS, CHAPTERS = 200, 23  # of each server's story
PARAGRAPHS, WORDS = 50, 44  # of a chapter, and of a paragraph
PART = 7  # paragraphs
VOCABULARY = 50_000
SEARCHES = 300  # of each kind
WARM_UP = 50  # of them all

MIDDLE = SERVERS // 2  # the server whose story is searched; its number is its story's id
READER = Member(1, "Tobias", MIDDLE)
NAMES = ("one rare word", "one common word", "two words", "a phrase", "a phrase of common words")

_BARE = (
    "SELECT rowid FROM search_index WHERE search_index MATCH ? AND rowid BETWEEN ? AND ? "
    "ORDER BY rowid"
)


@dataclass(frozen=True, slots=True)
class Searched:
    """Milliseconds of each kind of search: among all stories, of the one story alone in its
    database, and of the bare FTS5 query that brings the ids of its matches. `built` in seconds,
    `size` in MB."""

    among_all: Samples
    alone: Samples
    bare: Samples
    words: int
    built: float
    size: float


async def measure(folder: Path) -> Searched:
    began = perf_counter()
    everything, alone = folder / "search.db", folder / "search-alone.db"
    texts = list(_texts())
    async with open_database(f"sqlite+aiosqlite:///{everything}") as database:
        for server in range(1, SERVERS + 1):
            await database.write(_add, server, texts[server - 1])
        await database.write(_begin_to_read)
    async with open_database(f"sqlite+aiosqlite:///{alone}") as database:
        await database.write(_add, MIDDLE, texts[MIDDLE - 1])
        await database.write(_begin_to_read)
    built = perf_counter() - began
    asked = list(_asked(texts[MIDDLE - 1]))
    return Searched(
        *await _taken(everything, alone, asked),
        words=SERVERS * CHAPTERS * PARAGRAPHS * WORDS,
        built=built,
        size=everything.stat().st_size / 1e6,
    )


def _texts() -> Iterator[list[list[str]]]:
    """Each server's story as paragraphs of words, which are as frequent as words of a language."""
    pick = random.Random(1)
    syllables = ["ba", "do", "fe", "gi", "ku", "la", "mo", "ne", "ri", "su", "ta", "vo", "we", "za"]
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        words["".join(pick.choices(syllables, k=pick.randint(1, 5)))] = None
    weights = list(accumulate(1 / (rank + 2.7) for rank in range(VOCABULARY)))
    for _ in range(SERVERS):
        count = CHAPTERS * PARAGRAPHS * WORDS
        said = pick.choices(list(words), cum_weights=weights, k=count)
        yield [said[at : at + WORDS] for at in range(0, count, WORDS)]


def _add(conn: Connection, server: int, text: list[list[str]]) -> None:
    """A serial of which all is published."""
    owner = people.person_id(conn, Member(1000 + server, "Mara", server), 0)
    values = {"id": server, "guild_id": server, "owner_id": owner, "title": "Novel"}
    conn.execute(insert(stories).values(author="Mara", created_at=0, **values))
    values = {"id": server, "guild_id": server, "story_id": server, "channel_id": server}
    conn.execute(insert(serials).values(state=records.State.ACTIVE, **values))
    firsts = range(0, len(text), PARAGRAPHS)
    ids = [server * 1000 + number for number in range(1, len(firsts) + 1)]
    conn.execute(
        insert(chapters),
        [
            {"id": id, "story_id": server, "number": number, "words": 0, "first": first}
            for number, (id, first) in enumerate(zip(ids, firsts, strict=True), start=1)
        ],
    )
    said = [" ".join(words) for words in text]
    conn.execute(
        insert(paragraphs),
        [
            {
                "story_id": server, "chapter_id": ids[ordinal // PARAGRAPHS], "ordinal": ordinal,
                "kind": "prose", "runs": [[paragraph, 0]], "source": f"{paragraph}\n\n",
            }
            for ordinal, paragraph in enumerate(said)
        ],
    )  # fmt: skip
    index.add(conn, server, enumerate(map(joined, said)))
    parts = [
        (ids[first // PARAGRAPHS], start, min(start + PART, first + PARAGRAPHS) - 1)
        for first in firsts
        for start in range(first, first + PARAGRAPHS, PART)
    ]
    conn.execute(
        insert(excerpts),
        [
            {
                "id": server * 10_000 + number, "serial_id": server, "number": number,
                "chapter_id": chapter, "start_ordinal": start, "start_offset": 0,
                "end_ordinal": end, "end_offset": len(said[end]), "pages": [[start, 0]],
                "words": 300, "state": posting.PUBLISHED, "published_at": 0,
            }
            for number, (chapter, start, end) in enumerate(parts, start=1)
        ],
    )  # fmt: skip
    conn.execute(
        insert(messages),
        [
            {
                "kind": posting.EXCERPT, "subject": server * 10_000 + number, "part": 0,
                "guild_id": server, "channel_id": server, "priority": outbox.EXCERPTS,
                "state": "sent", "nonce": "", "message_id": server * 10_000 + number,
            }
            for number in range(1, len(parts) + 1)
        ],
    )  # fmt: skip


def _begin_to_read(conn: Connection) -> None:
    companion.set_place(conn, READER, MIDDLE, MIDDLE, None, 0)


def _asked(text: list[list[str]]) -> Iterator[tuple[str, str]]:
    """Searches of each kind in turn, all of words that the story has."""
    pick = random.Random(2)
    often: dict[str, int] = {}
    for word in (word for paragraph in text for word in paragraph):
        often[word] = often.get(word, 0) + 1
    ranked = sorted(often, key=lambda word: -often[word])
    pairs = [" ".join(pair) for words in text for pair in pairwise(words)]
    for _ in range(SEARCHES):
        common, other = pick.sample(ranked[:30], 2)
        kinds = (
            pick.choice(ranked[-5000:]),
            common,
            f"{common} {pick.choice(ranked[30:1000])}",
            f'"{pick.choice(pairs)}"',
            f'"{common} {other}"',
        )
        yield from zip(NAMES, kinds, strict=True)


async def _taken(
    everything: Path, alone: Path, asked: list[tuple[str, str]]
) -> tuple[Samples, Samples, Samples]:
    """The three take turns, so that what else the machine does hits them alike."""
    taken: tuple[Samples, Samples, Samples] = {}, {}, {}
    async with (
        open_database(f"sqlite+aiosqlite:///{everything}") as among_all,
        open_database(f"sqlite+aiosqlite:///{alone}") as by_itself,
    ):
        serial = await among_all.read(records.get, MIDDLE, MIDDLE)
        with closing(sqlite3.connect(everything)) as connection:
            for number, (name, text) in enumerate(asked):
                times = (
                    await _search(among_all, serial, text),
                    await _search(by_itself, serial, text),
                    _bare(connection, text),
                )
                for samples, time in zip(taken, times, strict=True):
                    if number >= WARM_UP:
                        samples.setdefault(name, []).append(time)
    return taken


async def _search(database: Database, serial: Serial, text: str) -> float:
    began = perf_counter()
    found = await database.read(search.find, READER, serial, search.parse(text), 0)
    taken = (perf_counter() - began) * 1000
    assert found is not None
    return taken


def _bare(connection: sqlite3.Connection, text: str) -> float:
    match = text if text.startswith('"') else " ".join(f'"{word}"' for word in text.split())
    rows = MIDDLE * index.MOST, (MIDDLE + 1) * index.MOST - 1
    began = perf_counter()
    connection.execute(_BARE, (match, *rows)).fetchall()
    return (perf_counter() - began) * 1000
