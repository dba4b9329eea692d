"""Search in what a reader has read: the same as if nothing came after it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log

from sqlalchemy import Connection

from bot.companion import service as companion
from bot.companion.seen import Message, Seen, placed
from bot.companion.snippets import Snippet, snippet
from bot.errors import BadInput
from bot.people.service import Member
from bot.serials import pages
from bot.serials.pages import Part
from bot.serials.records import Serial
from bot.stories import analyser, index
from bot.stories.model import Position
from bot.stories.queries import Phrase, Query, phrase

LONGEST = 200  # characters of a search
A_PAGE = 5  # passages
SNIPPET = 180  # characters
RANKED = 1000  # passages: more are in the story's order, for so common a word tells none apart

_K1, _B = 1.2, 0.75  # as BM25 is used everywhere
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»″＂「」『』", '"'))
_PIECE = re.compile(r'(?P<without>[-−–])?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_CHAPTER = re.compile(r"(?:chapter|ch):(\d{1,6})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for; in one chapter alone, by its number, where one is said."""

    query: Query
    chapter: int | None = None


@dataclass(frozen=True, slots=True)
class Passage:
    """A place where it is found. `post` is the one that shows it, where that is up."""

    part: Part
    snippet: Snippet
    message: Message | None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of passages, the best first. `total` counts all that the reader may see, and `up_to`
    is the last part of which they may see anything."""

    passages: tuple[Passage, ...]
    total: int
    page: int
    up_to: Part | None

    @property
    def pages(self) -> int:
        return ceil(self.total / A_PAGE)


def parse(typed: str) -> Search:
    """Words, "phrases", -without and chapter:3. Raises BadInput."""
    if len(typed) > LONGEST:
        raise BadInput(f"Look for less at a time: a search has at most {LONGEST} characters.")
    chapter: int | None = None
    wanted: dict[Phrase, None] = {}
    without: dict[Phrase, None] = {}
    for piece in _PIECE.finditer(typed.translate(_QUOTES)):
        if (word := piece["word"]) and (said := _CHAPTER.fullmatch(word)):
            chapter = int(said[1])
        elif found := phrase(word or piece["phrase"] or ""):
            (without if piece["without"] else wanted)[found] = None
    if not wanted:
        raise BadInput(
            'Type a word to look for, or several: `lantern`, `"old boat" -storm`, `oil chapter:2`.'
        )
    return Search(Query(tuple(wanted), tuple(without)), chapter)


def find(
    conn: Connection, member: Member, serial: Serial, search: Search, page: int
) -> Found | None:
    """Page number `page`, from 0 on, or the last. None: how far the reader is is not known."""
    horizon = companion.horizon_of(conn, member, serial.id, serial.story.id)
    if horizon is None:
        return None
    seen = Seen.up_to(conn, serial.story.id, horizon, search.chapter)
    total = _count(conn, seen, search.query)
    page = max(0, min(page, ceil(total / A_PAGE) - 1))
    shown = _best(conn, seen, search.query, total, page * A_PAGE)
    up_to = pages.numbered(conn, serial.id, pages.last_begun(conn, serial.id, horizon))
    return Found(_passages(conn, serial, seen, search.query, shown), total, page, up_to)


def _count(conn: Connection, seen: Seen, query: Query) -> int:
    whole = index.count(conn, seen.story_id, seen.ordinals, query)
    return whole + query.holds(seen.beginning)


def _matches(
    conn: Connection, seen: Seen, query: Query, first: int, most: int
) -> list[tuple[int, str]]:
    """Paragraphs by their ordinals, with their terms: in order, from the one numbered `first`."""
    found = index.matches(conn, seen.story_id, seen.ordinals, query, first=first, most=most)
    if len(found) < most and query.holds(seen.beginning):
        found.append((seen.horizon.ordinal, seen.beginning))
    return found


def _best(conn: Connection, seen: Seen, query: Query, total: int, first: int) -> list[int]:
    """The ordinals of a page of paragraphs. What is not seen has no part in their order."""
    if total > RANKED:
        return [ordinal for ordinal, _ in _matches(conn, seen, query, first, A_PAGE)]
    found = _matches(conn, seen, query, 0, RANKED)
    rarities = [1.0]
    if len(query.wanted) > 1:
        counts = (_count(conn, seen, Query((one,))) for one in query.wanted)
        paragraphs = len(seen.ordinals) + 1
        rarities = [log(1 + (paragraphs - count + 0.5) / (count + 0.5)) for count in counts]
    lengths = [terms.count(" ") + 1 for _, terms in found]
    average = sum(lengths) / max(1, len(found))
    ranked = []
    for (ordinal, terms), length in zip(found, lengths, strict=True):
        damping = _K1 * (1 - _B + _B * length / average)
        score = 0.0
        for one, rarity in zip(query.wanted, rarities, strict=True):
            times = one.count(terms)
            score += rarity * times * (_K1 + 1) / (times + damping)
        ranked.append((-score, ordinal))
    return [ordinal for _, ordinal in sorted(ranked)[first : first + A_PAGE]]


def _passages(
    conn: Connection, serial: Serial, seen: Seen, query: Query, ordinals: Sequence[int]
) -> tuple[Passage, ...]:
    found: list[Snippet] = []
    blocks = seen.blocks(conn, ordinals)
    for ordinal in ordinals:
        runs = blocks[ordinal].runs
        terms = analyser.terms("".join(run.text for run in runs))
        spans = [span for phrase in query.wanted for span in phrase.spans(terms)]
        found.append(snippet(runs, terms, spans, SNIPPET))
    stands = placed(
        conn,
        serial.id,
        [Position(ordinal, one.found) for ordinal, one in zip(ordinals, found, strict=True)],
    )
    return tuple(
        Passage(part, shown, message) for shown, (part, message) in zip(found, stands, strict=True)
    )
