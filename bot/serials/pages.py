"""A part as a reader sees it: its text, and where in the story it stands."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Select, case, func, select

from bot.serials import excerpts as cut
from bot.serials.excerpts import Place
from bot.serials.posting import PUBLISHED
from bot.serials.tables import excerpts, serials
from bot.stories import service as stories
from bot.stories.model import Block
from bot.stories.tables import chapters
from bot.stories.tables import stories as stories_table

WORDS_A_MINUTE = 238  # silent reading of English fiction and non-fiction: Brysbaert 2019


@dataclass(frozen=True, slots=True)
class Part:
    """An excerpt and its place in chapter and story; `part` and `number` count from 1."""

    id: int
    guild_id: int
    serial_id: int
    story_id: int
    number: int
    total: int
    chapter_id: int
    chapter: int
    chapter_title: str | None
    part: int
    parts: int
    words: int
    pages: tuple[tuple[int, int], ...]  # where each begins: paragraph id, offset
    end: tuple[int, int]
    published: bool

    @property
    def minutes(self) -> int:
        return max(1, round(self.words / WORDS_A_MINUTE))


@dataclass(frozen=True, slots=True)
class Page:
    """One message of a part. `number` counts from 0."""

    part: Part
    story_title: str
    author: str
    complete: bool
    number: int
    blocks: tuple[Block, ...]
    start: Place
    end: Place

    @property
    def text(self) -> str:
        """Its story text in Discord's Markdown."""
        return cut.text(self.blocks, self.start, self.end)


@dataclass(frozen=True, slots=True)
class ChapterFacts:
    """What is public of a chapter, and its title, which is not before one has reached it."""

    number: int
    title: str | None
    words: int
    parts: int
    published_parts: int
    first_part: int


def part(conn: Connection, excerpt_id: int) -> Part | None:
    return _one(conn, _parts().where(excerpts.c.id == excerpt_id))


def numbered(conn: Connection, serial_id: int, number: int) -> Part | None:
    return _one(
        conn, _parts().where(excerpts.c.serial_id == serial_id, excerpts.c.number == number)
    )


def last_published(conn: Connection, serial_id: int) -> int:
    """The number of the last part published; 0 where none is."""
    return (
        conn.scalar(
            select(func.max(excerpts.c.number)).where(
                excerpts.c.serial_id == serial_id, excerpts.c.state == PUBLISHED
            )
        )
        or 0
    )


def page(conn: Connection, part: Part, number: int) -> Page:
    """The part's page `number`, with the paragraphs that it takes."""
    start_id, start_offset = part.pages[number]
    end_id, end_offset = (*part.pages, part.end)[number + 1]
    ids, blocks = stories.blocks_between(conn, part.chapter_id, start_id, end_id)
    story = conn.execute(select(stories_table).where(stories_table.c.id == part.story_id)).one()
    return Page(
        part,
        story.title,
        story.author,
        bool(story.complete),
        number,
        blocks,
        Place(ids.index(start_id), start_offset),
        Place(ids.index(end_id), end_offset),
    )


def contents(conn: Connection, serial_id: int) -> list[ChapterFacts]:
    """The serial's chapters that hold any prose, in order."""
    rows = conn.execute(
        select(
            chapters.c.number,
            chapters.c.title,
            chapters.c.words,
            func.count(excerpts.c.id).label("parts"),
            func.sum(case((excerpts.c.state == PUBLISHED, 1), else_=0)).label("published"),
            func.min(excerpts.c.number).label("first"),
        )
        .join(excerpts, excerpts.c.chapter_id == chapters.c.id)
        .where(excerpts.c.serial_id == serial_id)
        .group_by(chapters.c.id)
        .order_by(chapters.c.number)
    )
    return [
        ChapterFacts(row.number, row.title, row.words, row.parts, int(row.published), row.first)
        for row in rows
    ]


def _parts() -> Select[tuple[object, ...]]:
    """Parts with their place; Python counts nothing."""
    same = excerpts.alias("same")

    def counted(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
        return (
            select(func.count())
            .select_from(same)
            .where(same.c.serial_id == excerpts.c.serial_id, *conditions)
            .scalar_subquery()
        )

    in_chapter = same.c.chapter_id == excerpts.c.chapter_id
    return (
        select(
            excerpts,
            serials.c.guild_id,
            serials.c.story_id,
            chapters.c.number.label("chapter"),
            chapters.c.title,
            counted().label("total"),
            counted(in_chapter).label("parts"),
            counted(in_chapter, same.c.number <= excerpts.c.number).label("part"),
        )
        .join(serials, serials.c.id == excerpts.c.serial_id)
        .join(chapters, chapters.c.id == excerpts.c.chapter_id)
    )


def _one(conn: Connection, query: Select[tuple[object, ...]]) -> Part | None:
    row = conn.execute(query).one_or_none()
    if row is None:
        return None
    return Part(
        id=row.id,
        guild_id=row.guild_id,
        serial_id=row.serial_id,
        story_id=row.story_id,
        number=row.number,
        total=row.total,
        chapter_id=row.chapter_id,
        chapter=row.chapter,
        chapter_title=row.title,
        part=row.part,
        parts=row.parts,
        words=row.words,
        pages=tuple((paragraph, offset) for paragraph, offset in row.pages),
        end=(row.end_paragraph_id, row.end_offset),
        published=row.state == PUBLISHED,
    )
