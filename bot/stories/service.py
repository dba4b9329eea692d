"""A story's text, kept and given back to the letter."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from bot.errors import NotFound
from bot.stories.model import Block, Kind, Manuscript, Run, Style
from bot.stories.tables import chapters, paragraphs, stories


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


@dataclass(frozen=True, slots=True)
class StoredChapter:
    """A chapter with its blocks and the paragraph id of each."""

    id: int
    number: int
    title: str | None
    paragraph_ids: tuple[int, ...]
    blocks: tuple[Block, ...]


def add(
    conn: Connection,
    *,
    guild_id: int,
    owner_id: int,
    title: str,
    author: str,
    manuscript: Manuscript,
    now: int,
    interaction_id: int | None,
) -> tuple[int, list[StoredChapter]]:
    """Keep a manuscript as a new, ongoing story. Returns its id and its chapters."""
    story_id = conn.scalars(
        insert(stories)
        .values(
            guild_id=guild_id,
            owner_id=owner_id,
            title=title,
            author=author,
            created_at=now,
            interaction_id=interaction_id,
        )
        .returning(stories.c.id)
    ).one()
    _add_blocks(conn, story_id, None, 0, manuscript.front)
    ordinal = len(manuscript.front)
    stored = []
    for number, chapter in enumerate(manuscript.chapters, start=1):
        chapter_id = conn.scalars(
            insert(chapters)
            .values(story_id=story_id, number=number, title=chapter.title, words=chapter.words)
            .returning(chapters.c.id)
        ).one()
        ids = _add_blocks(conn, story_id, chapter_id, ordinal, chapter.blocks)
        ordinal += len(ids)
        stored.append(StoredChapter(chapter_id, number, chapter.title, ids, chapter.blocks))
    return story_id, stored


def by_interaction(conn: Connection, interaction_id: int) -> int | None:
    found: int | None = conn.scalar(
        select(stories.c.id).where(stories.c.interaction_id == interaction_id)
    )
    return found


def story(conn: Connection, guild_id: int, story_id: int) -> Story:
    """Raises NotFound, also for another server's story."""
    found = _stories(conn, stories.c.guild_id == guild_id, stories.c.id == story_id)
    if not found:
        raise NotFound("That story is not here any more.")
    return found[0]


def in_guild(conn: Connection, guild_id: int) -> list[Story]:
    return _stories(conn, stories.c.guild_id == guild_id)


def _stories(conn: Connection, *conditions: ColumnElement[bool]) -> list[Story]:
    rows = conn.execute(
        select(
            stories,
            func.coalesce(func.sum(chapters.c.words), 0).label("words"),
            func.count(chapters.c.id).label("chapters"),
        )
        .outerjoin(chapters, chapters.c.story_id == stories.c.id)
        .where(*conditions)
        .group_by(stories.c.id)
        .order_by(stories.c.id)
    )
    return [
        Story(
            row.id, row.guild_id, row.owner_id, row.title, row.author, bool(row.complete),
            int(row.words), row.chapters,
        )
        for row in rows
    ]  # fmt: skip


def blocks_between(
    conn: Connection, chapter_id: int, first_id: int, last_id: int
) -> tuple[list[int], tuple[Block, ...]]:
    """The chapter's paragraphs from the first to the last, both included: ids and blocks."""
    first = select(paragraphs.c.ordinal).where(paragraphs.c.id == first_id).scalar_subquery()
    last = select(paragraphs.c.ordinal).where(paragraphs.c.id == last_id).scalar_subquery()
    rows = conn.execute(
        select(paragraphs.c.id, paragraphs.c.kind, paragraphs.c.runs, paragraphs.c.source)
        .where(paragraphs.c.chapter_id == chapter_id, paragraphs.c.ordinal.between(first, last))
        .order_by(paragraphs.c.ordinal)
    ).all()
    return (
        [row.id for row in rows],
        tuple(_block(row.kind, row.runs, row.source) for row in rows),
    )


def source(conn: Connection, story_id: int) -> str:
    """The text as it was imported, to the letter."""
    return "".join(
        conn.scalars(
            select(paragraphs.c.source)
            .where(paragraphs.c.story_id == story_id)
            .order_by(paragraphs.c.ordinal)
        )
    )


def append(conn: Connection, story_id: int, draft_id: int) -> int:
    """Move everything of the draft to the end of the story and drop the draft.

    Returns how many chapters the story had before.
    """
    had: int = (
        conn.scalar(
            select(func.count()).select_from(chapters).where(chapters.c.story_id == story_id)
        )
        or 0
    )
    last = conn.scalar(
        select(func.max(paragraphs.c.ordinal)).where(paragraphs.c.story_id == story_id)
    )
    conn.execute(
        update(chapters)
        .where(chapters.c.story_id == draft_id)
        .values(story_id=story_id, number=chapters.c.number + had)
    )
    conn.execute(
        update(paragraphs)
        .where(paragraphs.c.story_id == draft_id)
        .values(story_id=story_id, ordinal=paragraphs.c.ordinal + (last or 0) + 1)
    )
    remove(conn, draft_id)
    return had


def rename(conn: Connection, story_id: int, title: str, author: str) -> None:
    conn.execute(update(stories).where(stories.c.id == story_id).values(title=title, author=author))


def remove(conn: Connection, story_id: int) -> None:
    conn.execute(delete(stories).where(stories.c.id == story_id))


def mark_complete(conn: Connection, story_id: int) -> bool:
    changed = conn.execute(
        update(stories).where(stories.c.id == story_id, stories.c.complete == 0).values(complete=1)
    )
    return changed.rowcount == 1


def _add_blocks(
    conn: Connection,
    story_id: int,
    chapter_id: int | None,
    ordinal: int,
    blocks: tuple[Block, ...],
) -> tuple[int, ...]:
    if not blocks:
        return ()
    conn.execute(
        insert(paragraphs),
        [
            {
                "story_id": story_id,
                "chapter_id": chapter_id,
                "ordinal": ordinal + n,
                "kind": block.kind.value,
                "runs": [[run.text, int(run.style)] for run in block.runs],
                "source": block.source,
            }
            for n, block in enumerate(blocks)
        ],
    )
    return tuple(
        conn.scalars(
            select(paragraphs.c.id)
            .where(paragraphs.c.story_id == story_id, paragraphs.c.ordinal >= ordinal)
            .order_by(paragraphs.c.ordinal)
        )
    )


def _block(kind: str, runs: list[tuple[str, int]], source: str) -> Block:
    return Block(Kind(kind), tuple(Run(text, Style(style)) for text, style in runs), source)
