"""The one place where excerpts become rows."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, Row, insert

from bot.serials import posting
from bot.serials.excerpts import Excerpt, closed
from bot.serials.imports import Draft
from bot.serials.tables import excerpts
from bot.stories import service as stories
from bot.stories.model import Block
from bot.stories.service import Chapter

Values = dict[str, object]  # of a row, but for its serial and its number


def rows(chapter: Chapter, blocks: Sequence[Block], cut: Iterable[Excerpt]) -> list[Values]:
    """A chapter's excerpts as they are kept; `blocks` are all of the chapter's."""
    return [_row(chapter, blocks, excerpt) for excerpt in cut]


def add(conn: Connection, serial_id: int, first: int, values: Sequence[Values]) -> None:
    """Make these the serial's excerpts from number `first` on."""
    numbered = [
        {**row, "serial_id": serial_id, "number": number}
        for number, row in enumerate(values, start=first)
    ]
    if numbered:
        conn.execute(insert(excerpts), numbered)


def add_draft(conn: Connection, serial_id: int, story_id: int, draft: Draft) -> None:
    """Every excerpt of a draft whose text is stored."""
    stored = stories.contents(conn, story_id)
    chapters = zip(stored, draft.manuscript.chapters, draft.cuts, strict=True)
    values = [row for known, chapter, cut in chapters for row in rows(known, chapter.blocks, cut)]
    add(conn, serial_id, 1, values)


def values(row: Row[tuple[object, ...]]) -> Values:
    """What `rows` would have made of a planned excerpt."""
    names = (
        "chapter_id", "start_ordinal", "start_offset", "end_ordinal", "end_offset", "pages",
        "words", "state",
    )  # fmt: skip
    return {name: row._mapping[name] for name in names}


def _row(chapter: Chapter, blocks: Sequence[Block], excerpt: Excerpt) -> Values:
    end = closed(blocks, excerpt.end)
    return {
        "chapter_id": chapter.id,
        "start_ordinal": chapter.first + excerpt.start.block,
        "start_offset": excerpt.start.offset,
        "end_ordinal": chapter.first + end.block,
        "end_offset": end.offset,
        "pages": [[chapter.first + page.block, page.offset] for page in excerpt.pages],
        "words": excerpt.words,
        "state": posting.PLANNED,
    }
