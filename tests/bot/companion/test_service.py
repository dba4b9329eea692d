import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.companion import service as companion
from bot.companion.places import Stored
from bot.companion.service import LAST_PAGE, Opened
from bot.db.engine import Database
from bot.errors import Conflict, NotFound
from bot.people.service import Member
from bot.serials import pages
from bot.serials.imports import prepare
from bot.serials.records import Serial
from tests.bot.serials.making import (
    DAY,
    ELSEWHERE,
    GUILD,
    NINE,
    NOW,
    READER,
    active,
    days,
    deliver,
    draft,
    prose,
    published,
    turn,
)

OTHER = Member(3, "Ines", GUILD)


def read(conn: Connection, number: int, serial: Serial, who: Member = READER) -> Stored | None:
    """Press "I've read this" under a part. Returns what Undo would go back to."""
    return companion.mark_read(conn, who, GUILD, part_id(conn, serial, number), NOW).undo


def part_id(conn: Connection, serial: Serial, number: int) -> int:
    part = pages.numbered(conn, serial.id, number)
    assert part is not None
    return part.id


def reached(conn: Connection, serial: Serial, who: Member = READER) -> int:
    return companion.reached(conn, who, serial.id, serial.story.id)


def opened(conn: Connection, serial: Serial, who: Member = READER) -> tuple[int, int] | None:
    """The part and the page at which reading would open."""
    with conn.begin_nested() as unseen:
        page = companion.open_page(conn, who, serial.id, serial.story.id, NOW).page
        unseen.rollback()
    return None if page is None else (page.part.number, page.number)


def place(conn: Connection, serial: Serial, number: int | None, who: Member = READER) -> None:
    companion.set_place(conn, who, serial.id, serial.story.id, number, NOW)


def show(
    conn: Connection, serial: Serial, number: int, page: int = 0, guild_id: int = GUILD
) -> Opened:
    return companion.turn_to(conn, READER, guild_id, serial.id, number, page, NOW)


async def test_read_this_counts_each_reader_once_and_moves_their_place(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 2)
        assert reached(conn, serial) == 0
        assert read(conn, 1, serial) is None
        assert read(conn, 1, serial) is None
        assert companion.readers(conn, part_id(conn, serial, 1)) == 1
        assert (reached(conn, serial), reached(conn, serial, OTHER)) == (1, 0)
        assert (opened(conn, serial), opened(conn, serial, OTHER)) == ((2, 0), (1, 0))
        read(conn, 1, serial, OTHER)
        assert companion.readers(conn, part_id(conn, serial, 1)) == 2
        assert companion.readers(conn, part_id(conn, serial, 2)) == 0
        read(conn, 2, serial)
        assert opened(conn, serial) is None

    await database.write(use_case)


async def test_many_press_at_once(database: Database) -> None:
    serial = await database.write(published, 1)
    members = [Member(n // 2, f"reader {n // 2}", GUILD) for n in range(100, 120)]
    await asyncio.gather(
        *(database.write(companion.mark_read, one, GUILD, 1, NOW) for one in members)
    )
    assert await database.read(companion.readers, 1) == 10
    assert {await database.read(reached, serial, one) for one in members} == {1}


async def test_a_jump_of_several_parts_can_be_undone(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 4)
        assert read(conn, 2, serial) == Stored()  # from nothing: a jump over part 1
        assert read(conn, 3, serial) is None  # the next one is no jump
        place(conn, serial, 1)
        undo = read(conn, 4, serial)
        assert undo is not None
        assert reached(conn, serial) == 4
        companion.unmark_read(conn, READER, GUILD, part_id(conn, serial, 4), undo, NOW)
        assert (reached(conn, serial), opened(conn, serial)) == (1, (2, 0))
        assert companion.readers(conn, part_id(conn, serial, 4)) == 0
        assert companion.readers(conn, part_id(conn, serial, 3)) == 1
        place(conn, serial, None)
        assert read(conn, 4, serial) is None  # one who follows the channel jumps nowhere

    await database.write(use_case)


async def test_what_is_not_out_cannot_be_read_and_elsewhere_is_nothing(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        with pytest.raises(Conflict, match="only just being posted"):
            read(conn, 2, serial)
        with pytest.raises(NotFound):
            companion.mark_read(conn, READER, GUILD, 4711, NOW)
        with pytest.raises(NotFound):
            companion.mark_read(conn, READER, ELSEWHERE, part_id(conn, serial, 1), NOW)
        with pytest.raises(NotFound):
            companion.unmark_read(conn, READER, ELSEWHERE, part_id(conn, serial, 1), Stored(), NOW)
        for number, page in ((3, 0), (0, 0), (-1, 0), (1, 5)):
            with pytest.raises(NotFound):
                show(conn, serial, number, page)
        with pytest.raises(NotFound):
            show(conn, serial, 1, guild_id=ELSEWHERE)
        with pytest.raises(NotFound, match="the last one out so far"):
            place(conn, serial, 2)
        assert reached(conn, serial) == 0

    await database.write(use_case)


async def test_pressing_an_old_button_throws_nobody_back(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 3)
        for number in (1, 2, 3):
            show(conn, serial, number)
        assert opened(conn, serial) is None
        read(conn, 1, serial)  # to be counted; it was read long ago
        assert reached(conn, serial) == 3
        assert opened(conn, serial) is None

    await database.write(use_case)


async def test_one_who_starts_again_may_press_again(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 3)
        for number in (1, 2):
            read(conn, number, serial)
        place(conn, serial, 0)
        assert (reached(conn, serial), opened(conn, serial)) == (0, (1, 0))
        read(conn, 1, serial)
        assert companion.readers(conn, part_id(conn, serial, 1)) == 1
        assert (reached(conn, serial), opened(conn, serial)) == (1, (2, 0))

    await database.write(use_case)


async def test_one_place_lowers_the_horizon_and_nothing_else_does(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 4)
        place(conn, serial, 3)
        assert (reached(conn, serial), opened(conn, serial)) == (3, (4, 0))
        show(conn, serial, 1)  # looking back
        assert (reached(conn, serial), opened(conn, serial)) == (3, (1, 0))
        show(conn, serial, 2)
        assert (reached(conn, serial), opened(conn, serial)) == (3, (2, 0))
        place(conn, serial, 1)
        assert (reached(conn, serial), opened(conn, serial)) == (1, (2, 0))
        place(conn, serial, 0)
        assert (reached(conn, serial), opened(conn, serial)) == (0, (1, 0))

    await database.write(use_case)


async def test_one_who_follows_the_channel_has_read_what_comes(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        place(conn, serial, None)
        place(conn, serial, 1, OTHER)
        assert (reached(conn, serial), opened(conn, serial)) == (1, None)
        days(conn, 2, NINE + DAY)
        assert (reached(conn, serial), reached(conn, serial, OTHER)) == (3, 1)
        assert opened(conn, serial, OTHER) == (2, 0)

    await database.write(use_case)


async def test_a_reader_page_by_page(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 2, draft("oil", words=1500, length=800))
        counts = [len(pages_of(conn, serial, number)) for number in (1, 2)]
        assert counts[0] > 1
        found = companion.open_page(conn, READER, serial.id, serial.story.id, NOW)
        seen: list[tuple[int, int]] = []
        while found.page is not None:
            at = number, page = found.page.part.number, found.page.number
            seen.append(at)
            assert reached(conn, serial) == number
            last = page + 1 == counts[number - 1]
            assert opened(conn, serial) == (None if at == (2, counts[1] - 1) else at)
            on = (number + 1, 0) if last else (number, page + 1)
            found = show(conn, serial, *on)
        assert seen == [(part, page) for part in (1, 2) for page in range(counts[part - 1])]
        back = show(conn, serial, 1, LAST_PAGE).page
        assert back is not None
        assert back.number == counts[0] - 1

    await database.write(use_case)


def pages_of(conn: Connection, serial: Serial, number: int) -> tuple[object, ...]:
    part = pages.numbered(conn, serial.id, number)
    assert part is not None
    return part.pages


async def test_reading_goes_on_once_more_is_published(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        empty = companion.open_page(conn, READER, serial.id, serial.story.id, NOW)
        assert empty == Opened(None, 0)
        assert companion.set_place(conn, READER, serial.id, serial.story.id, None, NOW) is None
        turn(conn, NINE)
        assert opened(conn, serial) is None  # promised is not published
        deliver(conn, NINE)
        assert opened(conn, serial) == (1, 0)
        show(conn, serial, 1)
        assert opened(conn, serial) is None
        days(conn, 1, NINE + DAY)
        assert opened(conn, serial) == (2, 0)

    await database.write(use_case)


@pytest.mark.parametrize("out", [0, 1, 4])
async def test_no_title_of_a_chapter_not_reached_is_told(database: Database, out: int) -> None:
    """For everything that may be published, and every place that a reader may be at."""

    def use_case(conn: Connection) -> None:
        serial = published(conn, out)
        facts = pages.contents(conn, serial.id, serial.story.id)
        places = [0, *range(1, out + 1), None]
        for number in places:
            place(conn, serial, number)
            come = out if number is None else number
            told = companion.contents(conn, READER, serial.id, serial.story.id)
            assert told == [
                replace(chapter, name=chapter.name if known else chapter.name.untitled)
                for chapter in facts
                for known in [chapter.first_part <= come]
            ]
            titles = {chapter.number for chapter in told if chapter.title}
            assert titles == {(1 + part) // 2 for part in range(1, come + 1)}
        stranger = companion.contents(conn, OTHER, serial.id, serial.story.id)
        assert not any(chapter.title for chapter in stranger)

    await database.write(use_case)


async def test_notes_are_kept_from_one_who_has_not_begun(database: Database) -> None:
    """Also where they follow what has not begun itself."""

    def use_case(conn: Connection) -> None:
        text = f"# The Lantern\n\nNote: It is all about oil.\n\n## Chapter 1\n\n{prose('oil', 300)}"
        serial = active(conn, prepare("lantern.md", text.encode()))
        assert companion.kept_notes(conn, READER, serial) == []
        place(conn, serial, None)
        assert companion.kept_notes(conn, READER, serial) == []
        days(conn, 1)
        (note,) = companion.kept_notes(conn, READER, serial)
        assert note.text == "Note: It is all about oil."
        assert companion.kept_notes(conn, OTHER, serial) == []

    await database.write(use_case)
