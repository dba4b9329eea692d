"""A part of several pages that Discord refuses once its first is up."""

from dataclasses import replace

from sqlalchemy import Connection

from bot.clock import system_now
from bot.db.engine import Database
from bot.delivery import queue
from bot.delivery import service as outbox
from bot.delivery.rules import Row
from bot.delivery.rules import State as Sending
from bot.serials import posting, records, service
from bot.serials.posting import GRACE
from bot.serials.records import Serial, State
from tests.bot.serials.making import (
    AUTHOR,
    DAY,
    GUILD,
    HOUR,
    MODERATING_AUTHOR,
    NINE,
    OTHERS,
    STORIES,
    active,
    days,
    deliver,
    draft,
    turn,
)

PART = 1  # the id of the excerpt
LATER = NINE + HOUR


def pages(conn: Connection, channel_id: int = STORIES) -> list[Row]:
    rows = outbox.messages(conn, posting.EXCERPT, PART)
    return [row for row in rows if row.channel_id == channel_id]


def begin(conn: Connection, row: Row) -> Row:
    assert queue.begin(conn, row, system_now())
    return replace(row, state=Sending.SENDING, attempts=row.attempts + 1)


def half_posted(conn: Connection) -> Serial:
    """The serial is paused; of its first part one page is up."""
    serial = active(conn, draft(words=700, length=700))
    turn(conn, NINE)
    assert len(pages(conn)) > 2
    (first,) = queue.due(conn, 1)
    assert queue.sent(conn, begin(conn, first), 4001, NINE)
    posting.HOOKS.sent(conn, first, NINE)
    (second,) = queue.due(conn, 1)
    assert queue.fail(conn, begin(conn, second), "400", Sending.FAILED)
    posting.HOOKS.refused(conn, second, NINE)
    assert records.get(conn, GUILD, serial.id).state is State.PAUSED
    assert posting.promised(conn, serial.id) is None
    return serial


def move(conn: Connection, serial: Serial, channel_id: int) -> None:
    service.schedule(conn, MODERATING_AUTHOR, GUILD, serial.id, channel_id=channel_id, now=LATER)


async def test_resumed_it_goes_on_with_the_page_that_is_missing(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = half_posted(conn)
        (up,) = pages(conn)
        assert (up.part, up.state, up.message_id) == (0, Sending.SENT, 4001)
        service.resume(conn, MODERATING_AUTHOR, GUILD, serial.id, LATER)
        turn(conn, NINE + DAY)
        assert [row.part for row in queue.due(conn, 1)] == [1]
        assert deliver(conn, NINE + DAY) == [PART]
        posted = pages(conn)
        assert posted[0] == up
        assert [row.part for row in posted] == list(range(len(posted)))
        assert {row.state for row in posted} == {Sending.SENT}
        assert posting.counts(conn, serial.id).published == 1
        assert days(conn, 1, NINE + 2 * DAY) == [PART + 1]

    await database.write(use_case)


async def test_elsewhere_it_goes_up_whole(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = half_posted(conn)
        move(conn, serial, OTHERS)
        service.resume(conn, MODERATING_AUTHOR, GUILD, serial.id, LATER)
        assert days(conn, 1, NINE + DAY) == [PART]
        assert len(pages(conn, OTHERS)) > 2
        assert len(pages(conn)) == 1  # known, so that it goes with the story

    await database.write(use_case)


async def test_what_is_up_in_a_channel_it_left_keeps_it_from_nothing(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = half_posted(conn)
        move(conn, serial, OTHERS)
        for stop in (service.pause, too_late):
            service.resume(conn, MODERATING_AUTHOR, GUILD, serial.id, LATER)
            service.post_now(conn, AUTHOR, GUILD, serial.id, LATER, None)
            stop(conn, AUTHOR, GUILD, serial.id)
            assert posting.promised(conn, serial.id) is None
            assert deliver(conn, LATER) == []

        move(conn, serial, STORIES)  # back again: the first page stands there
        service.post_now(conn, AUTHOR, GUILD, serial.id, LATER, None)
        assert deliver(conn, LATER) == [PART]
        assert pages(conn)[0].message_id == 4001
        assert len({row.message_id for row in pages(conn)}) == len(pages(conn)) > 2

    def too_late(conn: Connection, *_: object) -> None:
        assert deliver(conn, LATER + GRACE + 1) == []

    await database.write(use_case)


async def test_a_part_that_cannot_go_on_where_it_began_leaves_what_is_up(
    database: Database,
) -> None:
    """Its second page waits for a permission when the serial moves on."""

    def use_case(conn: Connection) -> None:
        serial = active(conn, draft(words=700, length=700))
        turn(conn, NINE)
        (first,) = queue.due(conn, 1)
        assert queue.sent(conn, begin(conn, first), 4001, NINE)
        (second,) = queue.due(conn, 1)
        assert queue.block(conn, begin(conn, second), "40013", Sending.BLOCKED)
        move(conn, serial, OTHERS)
        assert [row.part for row in pages(conn)] == [0]
        assert days(conn, 1, NINE + DAY) == [PART]
        assert len(pages(conn, OTHERS)) > 2

    await database.write(use_case)
