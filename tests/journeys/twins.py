"""Two stories that are the same up to a place and have the same public facts: a reader who has come
no further must be told the same of both."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, chain, islice
from typing import TypeVar

from hypothesis import strategies as st
from sqlalchemy import Connection, insert

from bot.companion import keeping, quotes
from bot.companion import service as companion
from bot.companion.binding import FROM_START, UNBOUND, Bound
from bot.companion.horizon import START
from bot.companion.keeping import Draft as Card
from bot.companion.places import Stored
from bot.companion.tables import quotes as saved
from bot.delivery.rules import Row
from bot.people.service import Member
from bot.serials import drafts, pages, posting, service
from bot.serials.excerpts import Place, Uncut
from bot.serials.imports import Draft
from bot.serials.posting import EXCERPT
from bot.serials.records import Actor
from bot.stories import service as stories
from bot.stories.model import Block, Chapter, Kind, Manuscript, Position, Run, Shown
from tests.bot.serials.making import deliver

T = TypeVar("T")
Shape = tuple[tuple[tuple[int, ...], ...], ...]

# All of a length, so that parts have as many words whatever they say.
COMMON = (
    "Edda lit the lamp because harbours darken.",
    "“The lamp is out,” said Edda quietly.",
    "Ansel kept the key under three stones.",
    "“Where is the key?” asked old Ansel.",
    "Ansel walked to the harbour with Edda.",
    "Nobody had seen the Owl since winter.",
    "The Owl watched Edda from the lighthouse.",
    "and Ansel laughed with Edda until supper",
)
ONLY_AFTER = (
    (
        "Edda was the Admiral and drank quicksilver.",
        "“Zephyrine poured marmalade,” said the Admiral softly.",
        "Ansel died because the lamps poisoned him.",
        "Nine keys hung in the lighthouse kitchen.",
    ),
    (
        "Edda was the Countess and sold umbrellas.",
        "“Bartholomew stole teaspoons,” said the Countess loudly.",
        "The Owl married Bartholomew in the harbour.",
        "Twelve lamps burned because Ansel forgot them.",
    ),
)
NAMES, NAMES_AFTER = ("Edda", "Ansel"), ("Zephyrine", "Bartholomew")
ALIASES, ALIASES_AFTER = (
    ("the keeper", "old Ansel"),
    (("the Owl", "Admiral"), ("the Owl", "Countess")),
)
SPACE, PARAGRAPH, SCENE = " ", "\n\n", "\n\n* * *\n\n"
CHAPTERS, PARTS, PAGES = 3, 2, 2  # of a story, of a chapter, of a part, at most
PLACES = CHAPTERS * PARTS * PAGES  # pages of a story, at most
FOLLOWING = -1  # instead of pages
NOWHERE, FIRST = -2, -1  # instead of a sentence
LAST_QUOTE = 99  # a number
ELSEWHERE = 1  # the id of what is no post of a part


def words(*texts: str) -> set[str]:
    return set(re.findall(r"\w+", " ".join(texts).lower()))


SECRETS = {word for word in words(*ONLY_AFTER[0], *ONLY_AFTER[1]) - words(*COMMON) if len(word) > 4}


@dataclass(frozen=True, slots=True)
class Entry:
    """Of a character's card: an alias or a fact, or without a `text` their name itself; and after
    which sentence it may be known."""

    name: str
    text: str
    is_alias: bool
    sentence: int


@dataclass(frozen=True, slots=True)
class Version:
    """Of a stretch of the story, or all of it: each sentence with what stands before it; of each
    chapter that begins there the title and a summary, where it has them; a note before all; cards;
    and the sentences that were quoted."""

    sentences: tuple[tuple[str, str], ...]
    titles: tuple[str, ...]
    summaries: tuple[str, ...]
    front: str
    entries: tuple[Entry, ...]
    quoted: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Twins:
    """`shape` is how many sentences are on each page of each part of each chapter; the first `same`
    pages are the same. The reader has read so many `pages`, or FOLLOWING, or nobody knows."""

    shape: Shape
    same: int
    published: int  # parts
    ahead: int  # parts that may be read before that
    complete: bool
    pages: int | None
    versions: tuple[Version, ...]

    @property
    def turns(self) -> list[tuple[int, int]]:
        """The part and the page, which counts from 0, of each page."""
        parts = (part for chapter in self.shape for part in chapter)
        return [(n, page) for n, part in enumerate(parts, 1) for page in range(len(part))]


def so_many(count: int, strategy: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(strategy, min_size=count, max_size=count).map(tuple)


def entries(
    names: Iterable[str], aliases: Sequence[str], facts: Sequence[str], known: Sequence[int]
) -> st.SearchStrategy[Entry]:
    of, when = st.sampled_from(sorted(names)), st.sampled_from(known)
    said = st.builds(Entry, of, st.sampled_from(("", *facts)), st.just(False), when)
    return said | st.builds(Entry, of, st.sampled_from(aliases), st.just(True), when)


def stretch(
    first: int, last: int, chapters: int, texts: Sequence[str], cards: st.SearchStrategy[Entry]
) -> st.SearchStrategy[Version]:
    """From one sentence to before another."""
    apart = st.sampled_from((SPACE, SPACE, PARAGRAPH, SCENE))
    told = so_many(chapters, st.sampled_from(("", *texts)))
    return st.builds(
        Version,
        so_many(last - first, st.tuples(apart, st.sampled_from(texts))),
        told,
        told,
        st.sampled_from(texts),
        st.lists(cards, max_size=6, unique_by=lambda one: one.text or one.name).map(tuple),
        st.lists(st.sampled_from(range(first, last)), max_size=3).map(tuple)
        if first < last
        else st.just(()),
    )


@st.composite
def twins(draw: st.DrawFn) -> Twins:
    part = st.lists(st.integers(1, 3), min_size=1, max_size=PAGES).map(tuple)
    chapter = st.lists(part, min_size=1, max_size=PARTS).map(tuple)
    shape = draw(st.lists(chapter, min_size=1, max_size=CHAPTERS).map(tuple))
    parts = [part for chapter in shape for part in chapter]
    ends = [0, *accumulate(count for part in parts for count in part)]
    begins = [0, *accumulate(sum(map(sum, chapter)) for chapter in shape)][:-1]
    published = draw(st.just(len(parts)) | st.integers(1, len(parts)) | st.integers(0, len(parts)))
    ahead = draw(st.integers(0, 1)) if published else 0
    same = draw(st.integers(1, max(1, len(ends) - 2)) | st.integers(0, len(ends) - 1))
    readable = min(same, sum(map(len, parts[: published + ahead])))
    far = st.integers(0, readable)
    places = st.just(readable) | far | far | st.none()
    if sum(map(len, parts[:published])) <= same:
        places |= st.just(FOLLOWING)
    border, end = ends[same], ends[-1]
    begun = sum(begin < border for begin in begins)
    cards = entries(NAMES, ALIASES, COMMON, (FIRST, *range(border)))
    before = draw(stretch(0, border, begun, COMMON, cards))
    apart = draw(st.sampled_from((SPACE, PARAGRAPH, SCENE)))
    versions = []
    for number, texts in enumerate(ONLY_AFTER):
        known = (NOWHERE, *range(border, end))
        cards = entries([NAMES_AFTER[number]], ALIASES_AFTER[number], texts, known)
        if named := {one.name for one in before.entries}:
            of_theirs = entries(named, ALIASES_AFTER[number], texts, known)
            cards |= of_theirs.filter(lambda one: bool(one.text))
        after = draw(stretch(border, end, len(begins) - begun, (*COMMON, *texts), cards))
        versions.append(joined(before, after, apart, number))
    return Twins(shape, same, published, ahead, draw(st.booleans()), draw(places), tuple(versions))


def joined(before: Version, after: Version, apart: str, number: int) -> Version:
    sentences = [(apart, text) for _, text in after.sentences[:1]] + [*after.sentences[1:]]
    cards = [before.entries, after.entries][:: 1 if number else -1]
    return Version(
        (*before.sentences, *sentences),
        before.titles + after.titles,
        before.summaries + after.summaries,
        before.front if before.sentences else after.front,
        tuple(chain(*cards)),
        before.quoted + after.quoted,
    )


@dataclass(frozen=True, slots=True)
class World:
    """Where it is: a server and its channel, who writes, saves quotes and reads, and the posts by
    part and page."""

    guild: int
    channel: int
    author: Member
    saver: Member
    reader: Member
    posts: Mapping[tuple[int, int], int]


def build(
    conn: Connection, twins: Twins, version: Version, world: World, now: int
) -> tuple[Position, Stored]:
    """Put one of them into an empty database. Returns where it begins to be another than the other,
    and how far its reader has come."""
    guild, author = world.guild, Actor(world.author, moderator=True)
    draft, places = manuscript(twins.shape, version)
    serial = drafts.add(
        conn, world.author, guild, draft, title=draft.title, author="Mara", now=now
    ).serial
    drafts.confirm(conn, author, guild, serial.id, now)
    service.schedule(
        conn, author, guild, serial.id, channel_id=world.channel, now=now,
        options={"read_ahead": twins.ahead},
    )  # fmt: skip
    if twins.complete:
        service.complete(conn, author, guild, serial.id)

    def up_as(row: Row) -> int:
        part = pages.part(conn, row.subject) if row.kind == EXCERPT else None
        return world.posts[part.number, row.part] if part else ELSEWHERE

    for _ in range(twins.published):
        posting.promise(conn, serial.id, now)
        deliver(conn, now, up_as)
    ids = {one.ordinal: one.id for one in stories.prose(conn, serial.story.id)}

    def bound(sentence: int) -> Bound:
        if sentence < 0:
            return Bound(FROM_START) if sentence == FIRST else UNBOUND
        start, (_, text) = places[sentence], version.sentences[sentence]
        return Bound(None, ids[start.ordinal], start.offset + len(text))

    for one in version.entries:
        known = bound(one.sentence)
        said = ((one.text, known),) if one.text else ()
        card = Card(
            one.name,
            UNBOUND if one.text else known,
            aliases=said if one.is_alias else (),
            facts=() if one.is_alias else said,
        )
        keeping.keep(conn, author, guild, serial.id, [card])

    parts = [pages.numbered(conn, serial.id, n) for n in range(1, CHAPTERS * PARTS + 1)]
    turns = [(part, page) for part in parts if part for page in range(len(part.pages))]
    ends = [end for part in parts if part for end in (*part.pages[1:], part.end)]
    assert len(ends) == sum(len(part) for chapter in twins.shape for part in chapter)
    border = ends[twins.same - 1] if twins.same else START
    for sentence in version.quoted:
        part, page = turns[bisect_right(ends, places[sentence])]
        mine = places[sentence] < border and sentence % 2  # one's own are seen from anywhere
        if part.published:
            saver, (_, typed) = world.reader if mine else world.saver, version.sentences[sentence]
            quotes.save(conn, saver, guild, part.id, page, typed, now)

    # A quote's number is public, and so how many there have been: the next is the same in both.
    conn.execute(
        insert(saved).values(
            guild_id=guild, story_id=serial.story.id, number=LAST_QUOTE, created_at=now,
            removed_at=now,
        )
    )  # fmt: skip
    come = Stored()
    if twins.pages == FOLLOWING:
        out = companion.published(conn, serial.id)
        come = Stored(out, out, following=True)
    elif twins.pages is not None:
        end = ends[twins.pages - 1] if twins.pages else START
        come = Stored(end, end)
    return border, come


def manuscript(shape: Shape, version: Version) -> tuple[Draft, list[Position]]:
    """The story as if read from a file, cut to its shape, and where each sentence stands."""
    front = Block(Kind.NOTE, (Run(f"Note: {version.front}"),), "", Shown.KEEP)
    left = iter(version.sentences)
    places: list[Position] = []
    chapters, cuts, first = [], [], 1
    for title, summary, parts in zip(version.titles, version.summaries, shape, strict=True):
        blocks = [Block(Kind.HEADING, (Run(title),), "")] if title else []
        if summary:
            blocks.append(Block(Kind.NOTE, (Run(f"Summary: {summary}"),), "", Shown.POST))
        stand, above = [], len(blocks)
        for apart, text in islice(left, sum(map(sum, parts))):
            before = ""
            if apart == SPACE and len(blocks) > above:
                before = f"{blocks.pop().text} "
            elif apart == SCENE and len(blocks) > above:
                blocks.append(Block(Kind.BREAK, (Run("* * *"),), ""))
            stand.append(Place(len(blocks), len(before)))
            blocks.append(Block(Kind.PROSE, (Run(before + text),), ""))
        places += (Position(first + one.block, one.offset) for one in stand)
        begins = iter(stand[n] for n in accumulate((0, *chain(*parts))) if n < len(stand))
        starts = [tuple(islice(begins, len(part))) for part in parts]
        cut = Uncut(blocks, [part[0] for part in starts]).at([part[0] for part in starts])
        cuts.append(tuple(replace(one, pages=at) for one, at in zip(cut, starts, strict=True)))
        chapters.append(Chapter(title or None, tuple(blocks)))
        first += len(blocks)
    whole = Manuscript("The Lantern", "Mara", (front,), tuple(chapters), ())
    counts, terms = [one.words for one in chapters], [one.terms for one in whole.blocks]
    return Draft("The Lantern", whole, tuple(cuts), tuple(counts), tuple(terms)), places
