"""Asking about a story: passages of what a reader has seen, as if nothing came after it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.companion import asking
from bot.companion import service as companion
from bot.companion.asking import EARLY, NEAR, Counts, Passage, Question
from bot.companion.seen import Message, Seen, placed
from bot.people.service import Member
from bot.serials import pages
from bot.serials.pages import Part
from bot.serials.records import Serial
from bot.stories import index, markup
from bot.stories import service as stories
from bot.stories.model import Block, Kind, Run


@dataclass(frozen=True, slots=True)
class Ground:
    """What a question is answered from: what is known of its words, and the paragraphs that may
    answer it. `up_to` is the last part of which the reader may see anything."""

    question: Question
    counts: Counts
    near: Sequence[int]
    blocks: Mapping[int, Block]
    up_to: Part | None

    @property
    def texts(self) -> dict[int, str]:
        return {ordinal: block.text for ordinal, block in self.blocks.items()}

    def paragraphs(self, passage: Passage) -> list[tuple[Run, ...]]:
        return [
            markup.slice_runs(self.blocks[ordinal].runs, first, last)
            for ordinal, first, last in asking.spans(passage, self.texts)
        ]


@dataclass(frozen=True, slots=True)
class Answer:
    """A passage, the part in which it begins, and the post that shows it, where that is up."""

    passage: Passage
    part: Part
    message: Message | None


def gather(
    conn: Connection, member: Member, serial: Serial, question: Question, last: int | None = None
) -> Ground | None:
    """From what the reader has seen, and no further than to the end of part `last`. None: how far
    they are is not known."""
    horizon = companion.horizon_of(conn, member, serial.id, serial.story.id)
    if horizon is None:
        return None
    if last is not None and (part := pages.numbered(conn, serial.id, last)):
        horizon = min(horizon, part.end)
    seen = Seen.up_to(conn, serial.story.id, horizon, question.chapter)
    places = {term: _places(conn, seen, term) for term in sorted(question.words)}
    early = {ordinal for found in places.values() for ordinal in found[:EARLY]}
    told = _prose(conn, seen, early)
    question = asking.named(question, [told[ordinal].text for ordinal in sorted(told)])
    for term in sorted(question.terms - places.keys()):
        places[term] = _places(conn, seen, term)
    counts = Counts(len(seen.ordinals) + 1, places)
    near = asking.likely(question, counts)
    around = {one for ordinal in near for one in range(ordinal - NEAR, ordinal + NEAR + 1)}
    if not question.words:
        around.update(seen.ordinals[: 2 * NEAR])
    up_to = pages.numbered(conn, serial.id, pages.last_begun(conn, serial.id, horizon))
    return Ground(question, counts, near, _prose(conn, seen, around), up_to)


def _places(conn: Connection, seen: Seen, term: str) -> list[int]:
    """The ordinals of the paragraphs that have the term, in order."""
    found = index.holding(conn, seen.story_id, seen.ordinals, term)
    return [*found, seen.horizon.ordinal] if term in seen.beginning.split() else found


def _prose(conn: Connection, seen: Seen, ordinals: Collection[int]) -> dict[int, Block]:
    """Of the story's chapters, and of those its prose as far as the reader has seen it."""
    first = stories.ordinals_of(conn, seen.story_id, 1).start
    found = seen.blocks(conn, (ordinal for ordinal in ordinals if ordinal >= first))
    return {
        ordinal: block
        for ordinal, block in found.items()
        if block.kind is Kind.PROSE and block.text.strip()
    }


def answer(ground: Ground) -> list[Passage]:
    """The best passages, best first; none where nothing speaks of what is asked. Pure."""
    return asking.passages(ground.question, ground.counts, ground.near, ground.texts)


def place(conn: Connection, serial: Serial, passages: Sequence[Passage]) -> list[Answer]:
    found = placed(conn, serial.id, [passage.start for passage in passages])
    return [
        Answer(passage, part, message)
        for passage, (part, message) in zip(passages, found, strict=True)
    ]
