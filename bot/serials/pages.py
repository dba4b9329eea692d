"""A part as a reader sees it: its text, and where in the story it stands."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import pairwise

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)

from bot.delivery import service as outbox
from bot.delivery.rules import Row
from bot.serials import borders, extent
from bot.serials import excerpts as cut
from bot.serials.borders import Cost
from bot.serials.excerpts import Place
from bot.serials.posting import EXCERPT, PUBLISHED
from bot.serials.tables import excerpts, serials
from bot.stories import markup
from bot.stories import outline as outlines
from bot.stories import service as stories
from bot.stories.model import Block, Kind, Position
from bot.stories.naming import ChapterName, PlaceName
from bot.stories.service import Story

WORDS_A_MINUTE = 238  # silent reading of English fiction and non-fiction: Brysbaert 2019


@dataclass(frozen=True, slots=True)
class Part:
    """An excerpt and its place in chapter and story; `number` counts from 1, and so does
    `chapter`, which is not what readers count: see its place's name."""

    id: int
    guild_id: int
    serial_id: int
    story_id: int
    number: int
    total: int
    chapter: int
    place: PlaceName
    parts: int
    words: int
    pages: tuple[Position, ...]  # where each begins
    end: Position
    published: bool
    role_id: int | None  # pinged with it
    recalls: bool  # the end of the part before stands above it

    @property
    def chapter_title(self) -> str | None:
        return self.place.chapter.title

    @property
    def part(self) -> int:
        """Its number in the chapter."""
        return self.place.part

    @property
    def minutes(self) -> int:
        return minutes(self.words)

    def end_of(self, page: int) -> Position:
        return (*self.pages, self.end)[page + 1]


@dataclass(frozen=True, slots=True)
class Page:
    """One message of a part. `number` counts from 0."""

    part: Part
    story: Story
    number: int
    blocks: tuple[Block, ...]
    start: Place
    end: Place
    recalled: tuple[str, ...] = ()  # the last sentences of the part before, in Markdown

    @property
    def text(self) -> str:
        """Its story text in Discord's Markdown."""
        return cut.text(self.blocks, self.start, self.end)


@dataclass(frozen=True, slots=True)
class ChapterFacts:
    """What is public of a chapter, and in its name the title, which is not before one has reached
    it. `number` is not what readers count: see the name."""

    number: int
    name: ChapterName
    words: int
    parts: int
    published_parts: int
    first_part: int

    @property
    def title(self) -> str | None:
        return self.name.title

    @property
    def last_out(self) -> int:
        """The number of its last published part, where it has one."""
        return self.first_part + self.published_parts - 1


def _with_place() -> Select[tuple[object, ...]]:
    """Parts with their place in chapter and story; Python counts nothing."""
    same = excerpts.alias("same")

    def counted(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
        return (
            select(func.count())
            .select_from(same)
            .where(same.c.serial_id == excerpts.c.serial_id, *conditions)
            .scalar_subquery()
        )

    in_chapter = same.c.chapter_id == excerpts.c.chapter_id
    return select(
        excerpts,
        serials.c.guild_id,
        serials.c.story_id,
        serials.c.role_id,
        serials.c.previously,
        counted().label("total"),
        counted(in_chapter).label("parts"),
        counted(in_chapter, same.c.number <= excerpts.c.number).label("part"),
    ).join(serials, serials.c.id == excerpts.c.serial_id)


# What every click asks is built once: building takes longer than asking.
_SERIAL: BindParameter[int] = bindparam("serial")
_ORDINAL: BindParameter[int] = bindparam("ordinal")
_OFFSET: BindParameter[int] = bindparam("offset")
_PART = _with_place().where(excerpts.c.id == bindparam("excerpt"))
_NUMBERED = _with_place().where(
    excerpts.c.serial_id == _SERIAL, excerpts.c.number == bindparam("nth")
)
_LAST_PUBLISHED = select(func.max(excerpts.c.number)).where(
    excerpts.c.serial_id == _SERIAL, excerpts.c.state == PUBLISHED
)
_CONTENTS = (
    select(
        excerpts.c.chapter_id,
        func.count().label("parts"),
        func.count(case((excerpts.c.number <= _LAST_PUBLISHED.scalar_subquery(), 1))).label(
            "published"
        ),
        func.min(excerpts.c.number).label("first"),
    )
    .where(
        excerpts.c.serial_id == _SERIAL,
        excerpts.c.chapter_id.in_(bindparam("chapters", expanding=True)),
    )
    .group_by(excerpts.c.chapter_id)
)
_FIRST_UNREAD = select(func.min(excerpts.c.number)).where(
    excerpts.c.serial_id == _SERIAL,
    excerpts.c.number <= bindparam("last"),
    or_(
        excerpts.c.end_ordinal > _ORDINAL,
        and_(excerpts.c.end_ordinal == _ORDINAL, excerpts.c.end_offset > _OFFSET),
    ),
)
_LAST_BEGUN = select(func.max(excerpts.c.number)).where(
    excerpts.c.serial_id == _SERIAL,
    or_(
        excerpts.c.start_ordinal < _ORDINAL,
        and_(excerpts.c.start_ordinal == _ORDINAL, excerpts.c.start_offset < _OFFSET),
    ),
)


def part(conn: Connection, excerpt_id: int) -> Part | None:
    return _one(conn, _PART, {"excerpt": excerpt_id})


def numbered(conn: Connection, serial_id: int, number: int) -> Part | None:
    return _one(conn, _NUMBERED, {"serial": serial_id, "nth": number})


def ids(conn: Connection, serial_id: int) -> list[int]:
    return list(conn.scalars(select(excerpts.c.id).where(excerpts.c.serial_id == serial_id)))


def ends(conn: Connection, serial_id: int) -> list[Position]:
    """Where each part ends, in order."""
    rows = conn.execute(
        select(excerpts.c.end_ordinal, excerpts.c.end_offset)
        .where(excerpts.c.serial_id == serial_id)
        .order_by(excerpts.c.number)
    )
    return [Position(*row) for row in rows]


def last_published(conn: Connection, serial_id: int) -> int:
    """The number of the last part published; 0 where none is."""
    return conn.scalar(_LAST_PUBLISHED, {"serial": serial_id}) or 0


def posts(conn: Connection, excerpt_ids: Collection[int]) -> dict[tuple[int, int], Row]:
    """What is up of these parts in the serial's channel, by the part's id and its page."""
    up = [row for row in outbox.messages(conn, EXCERPT, *excerpt_ids) if row.message_id is not None]
    return {(row.subject, row.part): row for row in sorted(up, key=lambda row: row.id)}


def minutes(words: int) -> int:
    """How long it takes to read them."""
    return max(1, round(words / WORDS_A_MINUTE))


def published_between(conn: Connection, serial_id: int, after: int, until: int) -> list[Part]:
    """The parts published later than `after`, up to and including `until`."""
    found = conn.scalars(
        select(excerpts.c.id)
        .where(
            excerpts.c.serial_id == serial_id,
            excerpts.c.published_at > after,
            excerpts.c.published_at <= until,
        )
        .order_by(excerpts.c.number)
    ).all()
    return [one for excerpt_id in found if (one := part(conn, excerpt_id))]


def page(conn: Connection, part: Part, number: int) -> Page:
    """The part's page `number`, with the paragraphs that it takes."""
    start, end = part.pages[number], part.end_of(number)
    return Page(
        part,
        stories.by_ids(conn, {part.story_id})[part.story_id],
        number,
        stories.blocks(conn, part.story_id, start.ordinal, end.ordinal),
        Place(0, start.offset),
        Place(end.ordinal - start.ordinal, end.offset),
        _recalled(conn, part) if part.recalls and number == 0 else (),
    )


def _recalled(conn: Connection, part: Part) -> tuple[str, ...]:
    """The sentences of the last paragraph of the part before."""
    before = numbered(conn, part.serial_id, part.number - 1)
    if before is None:
        return ()
    start, end = before.pages[-1], before.end
    blocks = stories.blocks(conn, part.story_id, start.ordinal, end.ordinal)
    for ordinal, block in reversed(list(enumerate(blocks, start.ordinal))):
        if block.kind is not Kind.PROSE:
            continue
        first = start.offset if ordinal == start.ordinal else 0
        last = end.offset if ordinal == end.ordinal else len(block.text)
        ends = (offset for offset, cost in borders.sentences(block.text) if cost <= Cost.SPEECH)
        spans = pairwise([first, *(offset for offset in ends if first < offset < last), last])
        runs = markup.split_runs(block.runs, spans)
        return tuple(filter(None, (markup.markdown(one).strip() for one in runs)))
    return ()


def first_unread(conn: Connection, serial_id: int, mark: Position, last: int) -> int | None:
    """The number of the first part up to number `last` that ends after the place."""
    where = {"serial": serial_id, "ordinal": mark.ordinal, "offset": mark.offset, "last": last}
    number: int | None = conn.scalar(_FIRST_UNREAD, where)
    return number


def last_begun(conn: Connection, serial_id: int, mark: Position) -> int:
    """The number of the last part that begins before the place; 0 for none."""
    where = {"serial": serial_id, "ordinal": mark.ordinal, "offset": mark.offset}
    return conn.scalar(_LAST_BEGUN, where) or 0


def at(conn: Connection, serial_id: int, place: Position) -> Part | None:
    """The part in which the place is; None before the first."""
    behind = Position(place.ordinal, place.offset + 1)
    return numbered(conn, serial_id, last_begun(conn, serial_id, behind))


def contents(conn: Connection, serial_id: int, story_id: int, *between: int) -> list[ChapterFacts]:
    """The serial's chapters in order; those `between` two numbers alone, both included, if said."""
    chapters = stories.contents(conn, story_id, *between)
    where = {"serial": serial_id, "chapters": [chapter.id for chapter in chapters]}
    cut = {row.chapter_id: row for row in conn.execute(_CONTENTS, where)}
    names = extent.chapter_names(conn, serial_id, story_id)
    return [
        ChapterFacts(
            chapter.number,
            replace(names[chapter.id], title=chapter.title),
            chapter.words,
            row.parts,
            row.published,
            row.first,
        )
        for chapter in chapters
        if (row := cut.get(chapter.id))
    ]


def _one(conn: Connection, query: Select[tuple[object, ...]], where: dict[str, int]) -> Part | None:
    row = conn.execute(query, where).one_or_none()
    if row is None:
        return None
    outline = outlines.of_story(conn, row.story_id)
    return Part(
        id=row.id,
        guild_id=row.guild_id,
        serial_id=row.serial_id,
        story_id=row.story_id,
        number=row.number,
        total=row.total,
        chapter=outline.chapters[row.chapter_id][0],
        place=outline.place(row.chapter_id, row.part, row.parts),
        parts=row.parts,
        words=row.words,
        pages=tuple(Position(ordinal, offset) for ordinal, offset in row.pages),
        end=Position(row.end_ordinal, row.end_offset),
        published=row.state == PUBLISHED,
        role_id=row.role_id,
        recalls=bool(row.previously),
    )
