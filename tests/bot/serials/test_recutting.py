"""The parts to come are cut anew, and what is posted stays to the letter."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from sqlalchemy import Connection, func, select

from bot.clock import system_now
from bot.db.engine import Database
from bot.delivery import queue
from bot.delivery import service as outbox
from bot.delivery.rules import State as Sending
from bot.errors import Conflict, NotAllowed, NotFound
from bot.people.service import Member
from bot.serials import coming, drafts, pages, posting, recutting, service
from bot.serials.coming import Coming, Cut
from bot.serials.excerpts import WHOLE
from bot.serials.records import Actor, Serial
from bot.serials.tables import cuts
from bot.stories.model import Position
from tests.bot.serials.making import (
    AUTHOR,
    DAY,
    ELSEWHERE,
    GUILD,
    MARA,
    MODERATING_AUTHOR,
    MODERATOR,
    NINE,
    NOW,
    READER,
    active,
    add,
    days,
    draft,
    prose,
    published,
    ready,
    turn,
)

Change = Callable[[Coming], Cut]


def read(conn: Connection, serial: Serial) -> Coming:
    return recutting.with_text(conn, recutting.read(conn, AUTHOR, GUILD, serial.id, NOW))


def change(conn: Connection, serial: Serial, how: Change, interaction_id: int) -> Coming:
    """As the cog does it, without its thread."""
    before = read(conn, serial)
    assert recutting.write(conn, AUTHOR, GUILD, before, how(before), interaction_id)
    return read(conn, serial)


def length(words: int) -> Change:
    return partial(coming.recut, length=words)


def undo(one: Coming) -> Cut:
    return coming.undo(one, one.newest)


def texts(conn: Connection, serial: Serial) -> list[str]:
    """Every part of the serial, whose numbers must have no gaps."""
    found = []
    for number in range(1, posting.counts(conn, serial.id).total + 1):
        part = pages.numbered(conn, serial.id, number)
        assert part is not None
        shown = [pages.page(conn, part, page).text for page in range(len(part.pages))]
        found.append("\n\n".join(shown))
    return found


def border(conn: Connection, serial: Serial, number: int) -> Position:
    found = read(conn, serial).border_after(number)
    assert found is not None
    return found


def somewhere(conn: Connection, serial: Serial, number: int) -> Position:
    """In the middle of the part."""
    part = pages.numbered(conn, serial.id, number)
    assert part is not None
    return Position(part.pages[0].ordinal + 1, 0)


async def test_a_part_is_cut_joined_and_all_taken_back(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        before = texts(conn, serial)
        at = somewhere(conn, serial, 2)
        cut = change(conn, serial, partial(coming.cut_at, position=at), 1)
        assert (cut.first, cut.parts) == (2, 4)
        parts = texts(conn, serial)
        assert parts[:1] + parts[3:] == before[:1] + before[2:]
        assert f"{parts[1]}\n\n{parts[2]}" == before[1]

        joined = change(conn, serial, partial(coming.join, border=border(conn, serial, 4)), 2)
        assert joined.parts == 3
        assert texts(conn, serial)[3] == prose("wick", 520)
        part = pages.numbered(conn, serial.id, 4)
        assert part is not None
        assert len(part.pages) == 2

        assert change(conn, serial, undo, 3).undo is not None
        assert texts(conn, serial) == parts
        assert change(conn, serial, undo, 4).undo is None
        assert texts(conn, serial) == before
        assert conn.scalar(select(func.count()).select_from(cuts)) == 0

    await database.write(use_case)


@pytest.mark.parametrize(("words", "parts"), [(150, 6), (500, 2), (WHOLE, 2)])
async def test_another_length_moves_nothing_that_is_posted_or_promised(
    database: Database, words: int, parts: int
) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1, draft(words=760, length=250))
        turn(conn, NINE + DAY)  # the second is on its way
        before = texts(conn, serial)
        done = change(conn, serial, length(words), 1)
        assert (done.first, done.length) == (3, words)
        after = texts(conn, serial)
        assert after[:2] == before[:2]
        assert "\n\n".join(after) == "\n\n".join(before)
        assert done.parts == len(after) - 2
        assert posting.promised(conn, serial.id) == 2
        assert len(days(conn, done.parts + 2, NINE + DAY)) == done.parts + 1
        assert change(conn, serial, undo, 2).length is None  # for chapters added later

    await database.write(use_case)


async def test_a_part_posted_between_reading_and_writing_has_it_read_again(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        old = read(conn, serial)
        before = texts(conn, serial)
        assert days(conn, 1) == [1]
        assert not recutting.write(conn, AUTHOR, GUILD, old, coming.recut(old, WHOLE), 1)
        assert texts(conn, serial) == before
        change(conn, serial, length(WHOLE), 1)
        assert texts(conn, serial) == [*before[:2], prose("wick", 520)]

    await database.write(use_case)


async def test_undo_after_a_part_is_posted_goes_back_as_far_as_it_can(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn, draft("oil", words=1100))
        before = texts(conn, serial)
        assert len(before) == 4
        change(conn, serial, length(500), 1)
        assert len(texts(conn, serial)) == 2
        assert days(conn, 1) != []
        posted = texts(conn, serial)[0]
        change(conn, serial, undo, 2)
        after = texts(conn, serial)
        assert after[0] == posted
        assert after[-1] == before[-1]
        assert "\n\n".join(after) == prose("oil", 1100)

    await database.write(use_case)


async def test_what_is_out_cannot_be_taken_back_but_what_was_before_it_can(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        first = texts(conn, serial)
        change(conn, serial, partial(coming.join, border=border(conn, serial, 3)), 1)
        change(conn, serial, partial(coming.cut_at, position=somewhere(conn, serial, 1)), 2)
        assert len(days(conn, 2)) == 2
        change(conn, serial, undo, 3)  # the cut is out: it is the join that is taken back
        assert texts(conn, serial)[-2:] == first[-2:]
        nothing = read(conn, serial)
        assert (nothing.newest, nothing.undo) == (0, None)

        cut = change(conn, serial, partial(coming.cut_at, position=somewhere(conn, serial, 3)), 4)
        assert len(days(conn, 2, NINE + 2 * DAY)) == 2
        late = read(conn, serial)
        assert (late.newest, late.undo) == (cut.newest, None)
        with pytest.raises(Conflict, match="posted since"):
            undo(late)

    await database.write(use_case)


async def test_an_interaction_that_comes_twice_changes_nothing_the_second_time(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        serial = ready(conn)
        first = texts(conn, serial)
        cut = partial(coming.cut_at, position=somewhere(conn, serial, 1))
        change(conn, serial, cut, 1)
        second = texts(conn, serial)
        change(conn, serial, cut, 1)
        assert texts(conn, serial) == second
        back = partial(coming.undo, newest=read(conn, serial).newest)
        change(conn, serial, back, 2)
        change(conn, serial, cut, 1)  # late, after it was taken back
        change(conn, serial, back, 2)
        assert texts(conn, serial) == first
        assert read(conn, serial).undo is None
        change(conn, serial, length(300), 3)  # as it is already, but for chapters to come
        change(conn, serial, length(300), 4)
        assert conn.scalar(select(func.count()).select_from(cuts)) == 1

    await database.write(use_case)


async def test_chapters_added_later_are_cut_to_its_length_and_undo_leaves_them(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        serial = ready(conn)
        before = texts(conn, serial)
        change(conn, serial, length(150), 1)
        addition = add(conn, draft("flame"))
        asked = read(conn, serial).length
        assert asked == 150
        change(conn, addition, length(asked), 2)
        more = texts(conn, addition)
        assert len(more) > 2
        drafts.append(conn, AUTHOR, GUILD, serial.id, addition.id)
        assert texts(conn, serial)[-len(more) :] == more
        change(conn, serial, undo, 3)
        assert texts(conn, serial) == before + more

    await database.write(use_case)


async def test_pages_that_are_up_of_a_refused_part_are_deleted(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn, draft(words=700, length=700))
        turn(conn, NINE)
        first, second, _ = outbox.messages(conn, posting.EXCERPT, 1)
        for row, message_id in ((first, 555), (second, None)):
            assert queue.begin(conn, row, system_now())
            begun = replace(row, state=Sending.SENDING, attempts=1)
            if message_id:
                assert queue.sent(conn, begun, message_id, NINE)
                posting.HOOKS.sent(conn, begun, NINE)
            else:
                assert queue.fail(conn, begun, "400", Sending.FAILED)
                posting.HOOKS.refused(conn, begun, NINE)
        assert queue.due(conn, 1 << 50) == []  # it may go on from there
        change(conn, serial, length(300), 1)
        (gone,) = queue.due(conn, 1 << 50)
        assert (gone.kind, gone.state, gone.message_id) == (
            outbox.REMOVED, Sending.DELETING, 555,
        )  # fmt: skip
        queue.deleted(conn, gone)
        service.resume(conn, MODERATING_AUTHOR, GUILD, serial.id, NINE)
        assert len(days(conn, 1, NINE + DAY)) == 1
        assert posting.counts(conn, serial.id).published == 1

    await database.write(use_case)


async def test_the_last_part_comes_when_it_says(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        assert read(conn, ready(conn)).last_day is None
        serial = published(conn, 1)
        service.skip(conn, AUTHOR, GUILD, serial.id, NINE, 7)
        left = read(conn, serial)
        assert left.last_day == date(2026, 11, 7)  # a day later than without the skip
        assert len(days(conn, 4, NINE + DAY)) == 3
        assert read(conn, serial).last_day is None  # nothing is to come

    await database.write(use_case)


async def test_only_its_author_may_and_elsewhere_it_does_not_exist(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = ready(conn)
        mine = read(conn, serial)
        cut = coming.recut(mine, WHOLE)
        before = texts(conn, serial)
        for actor in (Actor(READER), MODERATOR):
            with pytest.raises(NotAllowed, match="Only the author"):
                recutting.read(conn, actor, GUILD, serial.id, NOW)
            with pytest.raises(NotAllowed, match="Only the author"):
                recutting.write(conn, actor, GUILD, mine, cut, 1)
        abroad = Actor(Member(MARA.discord_id, "Mara", ELSEWHERE))
        with pytest.raises(NotFound):
            recutting.read(conn, abroad, ELSEWHERE, serial.id, NOW)
        with pytest.raises(NotFound):
            recutting.write(conn, abroad, ELSEWHERE, mine, cut, 1)
        assert texts(conn, serial) == before

    await database.write(use_case)
