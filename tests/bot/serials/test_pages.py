from itertools import pairwise

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.serials import excerpts, pages, service
from bot.serials.pages import Part
from bot.serials.records import Serial
from bot.stories.model import Position
from tests.bot.serials.making import AUTHOR, GUILD, active, add, draft, published


def parts_of(conn: Connection, serial: Serial) -> list[Part]:
    found: list[Part] = []
    while part := pages.numbered(conn, serial.id, len(found) + 1):
        found.append(part)
    return found


async def test_where_a_part_stands(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 3, draft("oil", "wick", "flame"))
        places = [
            (part.number, part.chapter, part.chapter_title, part.part, part.parts, part.published)
            for part in parts_of(conn, serial)
        ]
        assert places == [
            (1, 1, "Chapter 1: The Oil", 1, 2, True),
            (2, 1, "Chapter 1: The Oil", 2, 2, True),
            (3, 2, "Chapter 2: The Wick", 1, 2, True),
            (4, 2, "Chapter 2: The Wick", 2, 2, False),
            (5, 3, "Chapter 3: The Flame", 1, 2, False),
            (6, 3, "Chapter 3: The Flame", 2, 2, False),
        ]
        assert {part.total for part in parts_of(conn, serial)} == {6}
        assert pages.last_published(conn, serial.id) == 3
        assert pages.last_published(conn, active(conn).id) == 0
        for part in parts_of(conn, serial):
            assert pages.part(conn, part.id) == part
        assert pages.part(conn, 4711) is None
        assert pages.numbered(conn, serial.id, 0) is None

    await database.write(use_case)


@pytest.mark.parametrize("length", [100, 700])
async def test_the_pages_joined_are_the_chapters(database: Database, length: int) -> None:
    def use_case(conn: Connection) -> None:
        added = draft("oil", "wick", words=1500, length=length)
        serial = active(conn, added)
        parts = parts_of(conn, serial)
        if length > excerpts.DEFAULT_WORDS:
            assert any(len(part.pages) > 1 for part in parts)
        for number, chapter in enumerate(added.manuscript.chapters, start=1):
            cut = added.cuts[number - 1]
            whole = excerpts.text(chapter.blocks, cut[0].start, cut[-1].end)
            shown = [
                pages.page(conn, part, page).text
                for part in parts
                if part.chapter == number
                for page in range(len(part.pages))
            ]
            assert " ".join(shown).split() == whole.split()

    await database.write(use_case)


async def test_a_page_knows_its_story(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        first = parts_of(conn, serial)[0]
        page = pages.page(conn, first, 0)
        assert (page.story.title, page.story.author) == ("The Lantern", "Mara")
        assert not page.story.complete
        service.complete(conn, AUTHOR, GUILD, serial.id)
        assert pages.page(conn, first, 0).story.complete
        assert page.text.startswith("Sentence number 0 of the oil")
        assert first.minutes == 1

    await database.write(use_case)


async def test_what_a_place_has_behind_and_before_it(database: Database) -> None:
    """Against a count by hand, at every border and one beside it."""

    def use_case(conn: Connection) -> None:
        add(conn, draft("another story"))
        serial = published(conn, 3, draft(words=900))
        parts = parts_of(conn, serial)
        for one, other in pairwise(parts):
            assert one.pages[0] < one.end <= other.pages[0]
        borders = [place for part in parts for place in (part.pages[0], part.end)]
        marks = [
            Position(place.ordinal, max(0, place.offset + beside))
            for place in borders
            for beside in (-1, 0, 1)
        ]
        for mark in [Position(0, 0), *marks]:
            begun = [part.number for part in parts if part.pages[0] < mark]
            unread = [part.number for part in parts if part.published and part.end > mark]
            assert pages.last_begun(conn, serial.id, mark) == (begun[-1] if begun else 0)
            assert pages.first_unread(conn, serial.id, mark, 3) == (unread[0] if unread else None)

    await database.write(use_case)


async def test_the_contents(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 3)
        facts = pages.contents(conn, serial.id, serial.story.id)
        assert [
            (one.number, one.title, one.parts, one.published_parts, one.first_part) for one in facts
        ] == [(1, "Chapter 1: The Oil", 2, 2, 1), (2, "Chapter 2: The Wick", 2, 1, 3)]
        assert sum(one.words for one in facts) == serial.story.words

    await database.write(use_case)
