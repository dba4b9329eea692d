"""How well questions are answered: a passage is right where it has the words that belong to it.

Beside it plain BM25 without stop words, over paragraphs, and over the same passages.
"""

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from math import log
from pathlib import Path
from time import perf_counter

from sqlalchemy import Connection, update

from benchmarks.measures import Samples
from benchmarks.novels import novel
from benchmarks.reading import WORDS
from bot.companion import ask, asking
from bot.companion import service as companion
from bot.companion.asked_files import ask as ask_file
from bot.companion.asking import LENGTH, MOST
from bot.companion.questions import parse
from bot.companion.vocabulary import EMPTY
from bot.db.engine import open_database
from bot.people.service import Member
from bot.serials import drafts
from bot.serials.imports import Draft, prepare
from bot.serials.posting import PUBLISHED
from bot.serials.records import Serial
from bot.serials.tables import excerpts
from bot.stories import analyser
from bot.stories.model import Block, Kind

ROOT = Path(__file__).parents[1]
QUESTIONS = Path(__file__).parent / "asked" / "questions.toml"
HALVES = ("dev", "test")
READER = Member(1, "Tobias", 1)

Answering = Callable[[Draft, str], Sequence[str]]

_K1, _B = 1.2, 0.75


@dataclass(frozen=True, slots=True)
class Question:
    """`says` are words of the right passages, any of which will do; none where none is right."""

    story: str
    half: str
    asks: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of the questions that have an answer, but `declined` of those that have none: with the
    right passage first, among the first three, its mean reciprocal rank, wrongly declined."""

    first: float
    among_three: float
    reciprocal: float
    wrongly_declined: float
    declined: float


async def taken(folder: Path) -> Samples:
    """Milliseconds of an answer to a reader at the end of a novel."""
    found = prepare("novel.txt", novel(WORDS)["novel.txt"])
    samples: Samples = {}
    async with open_database(f"sqlite+aiosqlite:///{folder / 'asking.db'}") as database:
        serial = await database.write(_published, found)
        for again in (False, True):
            for question in questions():
                began = perf_counter()
                gathered = await database.read(ask.gather, READER, serial, parse(question.asks))
                assert gathered is not None
                between = perf_counter()
                passages = asking.passages(gathered[0])
                ranked = perf_counter()
                await database.read(ask.place, serial, passages)
                if again:
                    whole = perf_counter() - began
                    samples.setdefault("/story ask", []).append(whole * 1000)
                    samples.setdefault("of that, weighing passages", []).append(
                        (ranked - between) * 1000
                    )
    return samples


def _published(conn: Connection, found: Draft) -> Serial:
    """All of it, and the reader is at its end."""
    serial = drafts.add(
        conn, READER, READER.guild_id or 0, found, title="Novel", author="Mara", now=0
    ).serial
    conn.execute(update(excerpts).values(state=PUBLISHED, published_at=0))
    companion.set_place(conn, READER, serial.id, serial.story.id, None, 0)
    return serial


def questions() -> list[Question]:
    stories = tomllib.loads(QUESTIONS.read_text())["stories"]
    return [
        Question(story["file"], one["half"], one["asks"], tuple(one["says"]))
        for story in stories
        for one in story["questions"]
    ]


@cache
def draft(name: str) -> Draft:
    path = ROOT / name
    return prepare(path.name, path.read_bytes())


def score(answering: Answering, half: str) -> Score:
    ranks: list[int] = []  # 0: not among them
    wrongly = declined = without = 0
    for question in questions():
        if question.half != half:
            continue
        passages = answering(draft(question.story), question.asks)[:MOST]
        if question.says:
            right = [any(said in passage for said in question.says) for passage in passages]
            ranks.append(right.index(True) + 1 if True in right else 0)
            wrongly += not passages
        else:
            without += 1
            declined += not passages
    return Score(
        first=ranks.count(1) / len(ranks),
        among_three=sum(rank > 0 for rank in ranks) / len(ranks),
        reciprocal=sum(1 / rank for rank in ranks if rank) / len(ranks),
        wrongly_declined=wrongly / len(ranks),
        declined=declined / without,
    )


def ours(draft: Draft, question: str) -> list[str]:
    return [passage["text"] for passage in ask_file(draft, question)["passages"]]


def plain(draft: Draft, question: str) -> list[str]:
    prose = _prose(draft)
    return [prose[index].text for index in _ranked(prose, question)[:MOST]]


def plain_passages(draft: Draft, question: str) -> list[str]:
    """Each paragraph with as many of those after and before it as ours would hold."""
    prose = _prose(draft)
    found: list[range] = []
    for index in _ranked(prose, question):
        shown = _around(prose, index)
        if not any(set(shown) & set(other) for other in found):
            found.append(shown)
    return ["\n\n".join(prose[index].text for index in shown) for shown in found[:MOST]]


def _prose(draft: Draft) -> list[Block]:
    return [
        block
        for chapter in draft.manuscript.chapters
        for block in chapter.blocks
        if block.kind is Kind.PROSE
    ]


def _around(prose: Sequence[Block], index: int) -> range:
    first, last, room = index, index, LENGTH - len(prose[index].text)
    grows = True
    while grows:
        grows = False
        for side in (last + 1, first - 1):
            if 0 <= side < len(prose) and len(prose[side].text) + 2 <= room:
                room -= len(prose[side].text) + 2
                first, last, grows = min(first, side), max(last, side), True
    return range(first, last + 1)


def _ranked(prose: Sequence[Block], question: str) -> list[int]:
    documents = [analyser.joined(block.text).split() for block in prose]
    average = sum(map(len, documents)) / len(documents)
    scores = [0.0] * len(documents)
    for term in analyser.joined(question).split():
        times = [document.count(term) for document in documents]
        having = sum(map(bool, times))
        rarity = log(1 + (len(documents) - having + 0.5) / (having + 0.5))
        for index, document in enumerate(documents):
            if times[index] and term not in EMPTY:
                damping = _K1 * (1 - _B + _B * len(document) / average)
                scores[index] += rarity * times[index] * (_K1 + 1) / (times[index] + damping)
    found = (index for index, score in enumerate(scores) if score)
    return sorted(found, key=lambda index: (-scores[index], index))


WAYS: dict[str, Answering] = {
    "plain BM25, paragraphs": plain,
    "plain BM25, the same passages": plain_passages,
    "/story ask": ours,
}
