"""The last word on a story that is complete."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, update

from bot.companion import service as companion
from bot.db.engine import Database
from bot.delivery import service as outbox
from bot.errors import Conflict
from bot.serials import drafts, pages, posting, service
from bot.serials.records import Serial
from bot.serials.tables import serials
from tests.bot.serials.making import (
    AUTHOR,
    DAY,
    GUILD,
    MARA,
    MODERATING_AUTHOR,
    NINE,
    NOW,
    OTHERS,
    READER,
    STORIES,
    active,
    add,
    days,
    deliver,
    draft,
    published,
    turn,
)


def closings(conn: Connection, serial: Serial) -> list[int]:
    return [row.channel_id for row in outbox.messages(conn, posting.CLOSING, serial.id)]


def complete(conn: Connection, serial: Serial) -> None:
    service.complete(conn, AUTHOR, GUILD, serial.id)


async def test_it_comes_with_the_last_part_of_a_complete_story(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)  # four parts
        complete(conn, serial)
        told = []
        for day in range(6):
            days(conn, 1, NINE + day * DAY)
            told.append(closings(conn, serial))
        assert told == [[], [], [], [STORIES], [STORIES], [STORIES]]

    await database.write(use_case)


async def test_it_comes_when_a_story_wholly_posted_is_marked_complete(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 4)
        assert closings(conn, serial) == []
        complete(conn, serial)
        assert closings(conn, serial) == [STORIES]

    await database.write(use_case)


async def test_marked_complete_while_the_last_part_is_on_its_way(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 3)
        turn(conn, NINE + 3 * DAY)
        complete(conn, serial)
        assert closings(conn, serial) == []
        assert len(deliver(conn, NINE + 3 * DAY)) == 1
        assert closings(conn, serial) == [STORIES]

    await database.write(use_case)


async def test_it_comes_once_also_where_the_serial_goes_elsewhere(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 4)
        complete(conn, serial)
        deliver(conn, NINE + 4 * DAY)
        service.pause(conn, AUTHOR, GUILD, serial.id)
        service.resume(conn, AUTHOR, GUILD, serial.id, NINE + 4 * DAY)
        service.schedule(
            conn, MODERATING_AUTHOR, GUILD, serial.id, channel_id=OTHERS, now=NINE + 4 * DAY
        )
        assert closings(conn, serial) == [STORIES]

    await database.write(use_case)


def pause(conn: Connection, serial: Serial) -> None:
    service.pause(conn, AUTHOR, GUILD, serial.id)


def stop(conn: Connection, serial: Serial) -> None:
    conn.execute(update(serials).where(serials.c.id == serial.id).values(state="stopped"))


@pytest.mark.parametrize("end", [pause, stop])
async def test_not_while_the_serial_does_not_run(
    database: Database, end: Callable[[Connection, Serial], None]
) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 4)
        end(conn, serial)
        complete(conn, serial)
        assert closings(conn, serial) == []
        if end is pause:
            service.resume(conn, AUTHOR, GUILD, serial.id, NINE + 4 * DAY)
            assert closings(conn, serial) == [STORIES]

    await database.write(use_case)


async def test_a_complete_story_takes_no_further_chapter(database: Database) -> None:
    serial = await database.write(published, 4)
    await database.write(complete, serial)
    more = await database.write(add, draft("flame"))
    with pytest.raises(Conflict, match="has been dealt with already"):
        await database.write(drafts.append, AUTHOR, GUILD, serial.id, more.id)


async def test_readers_are_counted_once_each(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 3)
        published(conn, 1, draft("flame"))  # another's readers
        assert companion.story_readers(conn, serial.id) == 0
        for number, member in ((1, READER), (2, READER), (2, MARA)):
            part = pages.numbered(conn, serial.id, number)
            assert part is not None
            companion.mark_read(conn, member, GUILD, part.id, NOW)
        assert companion.story_readers(conn, serial.id) == 2

    await database.write(use_case)
