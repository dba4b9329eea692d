from sqlalchemy import Connection

from bot.companion import readership
from bot.companion import service as companion
from bot.db.engine import Database
from bot.people.service import Member
from bot.serials import pages
from bot.serials.records import Serial
from tests.bot.serials.making import GUILD, NOW, active, draft, published

READERS = [Member(100 + n, f"reader {n}", GUILD) for n in range(9)]


def place(conn: Connection, serial: Serial, who: Member, number: int | None) -> None:
    companion.set_place(conn, who, serial.id, serial.story.id, number, NOW)


def press(conn: Connection, serial: Serial, who: Member, number: int) -> int:
    part = pages.numbered(conn, serial.id, number)
    assert part is not None
    return companion.mark_read(conn, who, GUILD, part.id, NOW).readers


async def test_where_they_are_and_where_they_stop(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 5, draft("oil", "wick", "flame"))
        for who, number in zip(READERS, [0, 1, 1, 2, 3, 3, 3, 5, None], strict=True):
            place(conn, serial, who, number)
        press(conn, serial, READERS[1], 1)
        found = readership.readership(conn, serial)
        assert [one.here for one in found.parts] == [2, 1, 3, 0, 2]
        assert [one.pressed for one in found.parts] == [1, 0, 0, 0, 0]
        assert (found.readers, found.caught_up) == (8, 2)
        assert [one.part.number for one in found.stops] == [3, 1, 2]
        other = active(conn)
        assert readership.readership(conn, other).parts == ()

    await database.write(use_case)


async def test_who_opts_out_is_counted_nowhere(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 3)
        one, other, *_ = READERS
        assert press(conn, serial, one, 1) == 1
        assert press(conn, serial, other, 1) == 2
        readership.set_counted(conn, one, False, NOW)
        readership.set_counted(conn, one, False, NOW)
        assert press(conn, serial, one, 2) == 0
        assert press(conn, serial, other, 1) == 1
        assert companion.story_readers(conn, serial.id) == 1
        found = readership.readership(conn, serial)
        assert found.readers == 1
        assert [standing.pressed for standing in found.parts] == [1, 0, 0]
        assert companion.reached(conn, one, serial.id, serial.story.id) == 2  # they read on
        readership.set_counted(conn, one, True, NOW)
        assert readership.readership(conn, serial).readers == 2

    await database.write(use_case)
