"""A story's text, kept and given back to the letter."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, bindparam, case, delete, func, insert, select, update

from bot.stories import index, sizes, writing
from bot.stories.markup import markdown
from bot.stories.model import Block, Kind, Manuscript, Rating, Run, Shown, Style
from bot.stories.tables import chapters, paragraphs, stories

_NOTES = [kind for kind in Kind if kind.is_note]


@dataclass(frozen=True, slots=True)
class Story:
    id: int
    guild_id: int
    owner_id: int
    title: str
    author: str
    complete: bool
    words: int
    chapters: int
    rating: Rating
    least_rating: Rating  # as moderators have it

    @property
    def quoted(self) -> str:
        """The title in quotation marks, to the letter in Discord's Markdown."""
        return f"“{markdown((Run(self.title),))}”"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A stored chapter; `first` is the ordinal of its first block."""

    id: int
    number: int
    title: str | None
    words: int
    first: int


def add(
    conn: Connection,
    *,
    guild_id: int,
    owner_id: int,
    title: str,
    author: str,
    manuscript: Manuscript,
    words: Sequence[int],
    terms: Sequence[str],
    now: int,
    interaction_id: int | None,
) -> int:
    """Keep a manuscript, with each chapter's words and each block's terms, as a new, ongoing story.
    Returns its id."""
    story_id: int = conn.scalars(
        insert(stories)
        .values(
            guild_id=guild_id,
            owner_id=owner_id,
            title=title,
            author=author,
            rating=manuscript.rating or Rating.TEEN,
            bytes=sizes.of_blocks(manuscript.blocks),
            created_at=now,
            interaction_id=interaction_id,
        )
        .returning(stories.c.id)
    ).one()
    writing.add_blocks(conn, story_id, None, 0, manuscript.front)
    writing.add_chapters(conn, story_id, 1, len(manuscript.front), manuscript.chapters, words)
    index.add(conn, story_id, list(enumerate(terms))[len(manuscript.front) :])
    return story_id


def by_interaction(conn: Connection, interaction_id: int) -> int | None:
    found: int | None = conn.scalar(
        select(stories.c.id).where(stories.c.interaction_id == interaction_id)
    )
    return found


_BY_IDS = (
    select(
        stories,
        func.coalesce(func.sum(chapters.c.words), 0).label("words"),
        func.count(chapters.c.id).label("chapters"),
    )
    .outerjoin(chapters, chapters.c.story_id == stories.c.id)
    .where(stories.c.id.in_(bindparam("ids", expanding=True)))
    .group_by(stories.c.id)
)
_CONTENTS = (
    select(chapters)
    .where(
        chapters.c.story_id == bindparam("story"),
        chapters.c.number.between(bindparam("first"), bindparam("last")),
    )
    .order_by(chapters.c.number)
)
_LAST = (1 << 31) - 1
_CHAPTER = select(chapters).where(chapters.c.id == bindparam("chapter"))
_BLOCKS = (
    select(paragraphs)
    .where(
        paragraphs.c.story_id == bindparam("story"),
        paragraphs.c.ordinal.between(bindparam("first"), bindparam("last")),
    )
    .order_by(paragraphs.c.ordinal)
)

_BLOCKS_AT = select(paragraphs).where(
    paragraphs.c.story_id == bindparam("story"),
    paragraphs.c.ordinal.in_(bindparam("ordinals", expanding=True)),
)


def by_ids(conn: Connection, story_ids: set[int]) -> dict[int, Story]:
    """Stories by their ids, for what has checked the server already."""
    return {
        row.id: Story(
            row.id, row.guild_id, row.owner_id, row.title, row.author, bool(row.complete),
            int(row.words), row.chapters, Rating(row.rating), Rating(row.least_rating),
        )
        for row in conn.execute(_BY_IDS, {"ids": sorted(story_ids)})
    }  # fmt: skip


def contents(conn: Connection, story_id: int, first: int = 1, last: int = _LAST) -> list[Chapter]:
    """The story's chapters with these numbers, both included, in order."""
    rows = conn.execute(_CONTENTS, {"story": story_id, "first": first, "last": last})
    return [Chapter(row.id, row.number, row.title, row.words, row.first) for row in rows]


def chapter(conn: Connection, chapter_id: int) -> Chapter:
    row = conn.execute(_CHAPTER, {"chapter": chapter_id}).one()
    return Chapter(row.id, row.number, row.title, row.words, row.first)


def ordinals_of(conn: Connection, story_id: int, number: int) -> range:
    """Of the blocks of a chapter; empty where there is no such chapter."""
    firsts = [chapter.first for chapter in contents(conn, story_id)]
    if not 0 < number <= len(firsts):
        return range(0)
    return range(firsts[number - 1], [*firsts, index.MOST][number])


def blocks(conn: Connection, story_id: int, first: int, last: int) -> tuple[Block, ...]:
    """The blocks with these ordinals, both included."""
    rows = conn.execute(_BLOCKS, {"story": story_id, "first": first, "last": last})
    return tuple(_block(row) for row in rows)


def blocks_at(conn: Connection, story_id: int, ordinals: Collection[int]) -> dict[int, Block]:
    """Blocks by these ordinals of theirs."""
    rows = conn.execute(_BLOCKS_AT, {"story": story_id, "ordinals": list(ordinals)})
    return {row.ordinal: _block(row) for row in rows}


def chapter_blocks(conn: Connection, chapter_id: int) -> tuple[Block, ...]:
    """All of a chapter's blocks, the first of which has its ordinal `first`."""
    rows = conn.execute(
        select(paragraphs)
        .where(paragraphs.c.chapter_id == chapter_id)
        .order_by(paragraphs.c.ordinal)
    )
    return tuple(_block(row) for row in rows)


def source(conn: Connection, story_id: int) -> str:
    """The text as it was imported, to the letter."""
    return "".join(
        conn.scalars(
            select(paragraphs.c.source)
            .where(paragraphs.c.story_id == story_id)
            .order_by(paragraphs.c.ordinal)
        )
    )


def placed(conn: Connection, story_id: int) -> list[tuple[int, int | None, Block]]:
    """Every block with its ordinal and the id of its chapter, None for front matter."""
    rows = conn.execute(
        select(paragraphs).where(paragraphs.c.story_id == story_id).order_by(paragraphs.c.ordinal)
    )
    return [(row.ordinal, row.chapter_id, _block(row)) for row in rows]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of prose. Its id is its own for good; its ordinal is once it is posted."""

    id: int
    ordinal: int
    text: str


_PROSE = (
    select(paragraphs.c.id, paragraphs.c.ordinal, paragraphs.c.runs)
    .where(
        paragraphs.c.story_id == bindparam("story"),
        paragraphs.c.kind == Kind.PROSE,
        paragraphs.c.chapter_id.is_not(None),
        paragraphs.c.ordinal.between(bindparam("first"), bindparam("last")),
    )
    .order_by(paragraphs.c.ordinal)
)
_BREAKS = select(paragraphs.c.ordinal).where(
    paragraphs.c.story_id == bindparam("story"), paragraphs.c.kind == Kind.BREAK
)


def prose(conn: Connection, story_id: int, first: int = 0, last: int = 1 << 30) -> list[Paragraph]:
    """What its chapters tell between these ordinals, both included."""
    rows = conn.execute(_PROSE, {"story": story_id, "first": first, "last": last})
    return [Paragraph(row.id, row.ordinal, "".join(text for text, _ in row.runs)) for row in rows]


def breaks(conn: Connection, story_id: int) -> list[int]:
    """The ordinals of the lines that part two scenes."""
    return list(conn.scalars(_BREAKS, {"story": story_id}))


def ordinals(conn: Connection, story_id: int, paragraph_ids: set[int]) -> dict[int, int]:
    """The ordinals of those of these paragraphs that are in the story, by their ids."""
    rows = conn.execute(
        select(paragraphs.c.id, paragraphs.c.ordinal).where(
            paragraphs.c.story_id == story_id, paragraphs.c.id.in_(paragraph_ids)
        )
    )
    return {row.id: row.ordinal for row in rows}


@dataclass(frozen=True, slots=True)
class Note:
    """A note of a story; `chapter_id` is None in the front matter."""

    ordinal: int
    chapter_id: int | None
    block: Block

    @property
    def shown(self) -> Shown:
        return self.block.shown or Shown.KEEP

    @property
    def is_readable(self) -> bool:
        """Not for the author alone."""
        return self.shown is not Shown.DROP


def notes(conn: Connection, story_id: int) -> list[Note]:
    rows = conn.execute(
        select(paragraphs)
        .where(paragraphs.c.story_id == story_id, paragraphs.c.kind.in_(_NOTES))
        .order_by(paragraphs.c.ordinal)
    )
    return [Note(row.ordinal, row.chapter_id, _block(row)) for row in rows]


def show_notes(conn: Connection, story_id: int, ordinals: Sequence[int], shown: Shown) -> None:
    conn.execute(
        update(paragraphs)
        .where(paragraphs.c.story_id == story_id, paragraphs.c.ordinal.in_(ordinals))
        .values(shown=shown)
    )


def length(conn: Connection, story_id: int) -> int:
    """How many paragraphs the story has, which is the ordinal that the next one would get."""
    return conn.scalars(
        select(func.count()).select_from(paragraphs).where(paragraphs.c.story_id == story_id)
    ).one()


def append(conn: Connection, story_id: int, draft_id: int) -> int:
    """Move the draft's chapters and paragraphs to the end of the story. What was its front matter
    stands with its first chapter now, and notes that were kept are posted there.

    Returns by how much the ordinals of the draft's paragraphs grew.
    """
    had = conn.scalars(
        select(func.count()).select_from(chapters).where(chapters.c.story_id == story_id)
    ).one()
    grown = length(conn, story_id)
    first = select(chapters.c.id).where(chapters.c.story_id == draft_id, chapters.c.number == 1)
    conn.execute(
        update(paragraphs)
        .where(
            paragraphs.c.story_id == draft_id,
            paragraphs.c.chapter_id.is_(None),
            paragraphs.c.kind.in_(_NOTES),
        )
        .values(
            chapter_id=first.scalar_subquery(),
            shown=case((paragraphs.c.shown == Shown.KEEP, Shown.POST), else_=paragraphs.c.shown),
        )
    )
    conn.execute(
        update(chapters)
        .where(chapters.c.story_id == draft_id)
        .values(story_id=story_id, number=chapters.c.number + had, first=chapters.c.first + grown)
    )
    conn.execute(
        update(paragraphs)
        .where(paragraphs.c.story_id == draft_id)
        .values(story_id=story_id, ordinal=paragraphs.c.ordinal + grown)
    )
    index.move(conn, draft_id, story_id, grown)
    sizes.append(conn, story_id, draft_id)
    return grown


def rename(conn: Connection, story_id: int, title: str, author: str) -> None:
    conn.execute(update(stories).where(stories.c.id == story_id).values(title=title, author=author))


def rate(conn: Connection, story_id: int, rating: Rating, least: Rating) -> None:
    conn.execute(
        update(stories).where(stories.c.id == story_id).values(rating=rating, least_rating=least)
    )


def remove(conn: Connection, story_id: int) -> None:
    index.remove(conn, story_id)
    conn.execute(delete(stories).where(stories.c.id == story_id))


def mark_complete(conn: Connection, story_id: int) -> bool:
    changed = conn.execute(
        update(stories).where(stories.c.id == story_id, stories.c.complete == 0).values(complete=1)
    )
    return changed.rowcount == 1


def _block(row: Row[tuple[object, ...]]) -> Block:
    runs = tuple(Run(text, Style(style)) for text, style in row.runs)
    return Block(Kind(row.kind), runs, row.source, row.shown and Shown(row.shown))
