import asyncio
import re
from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import NotFound
from bot.people import service as people
from bot.people.service import Member
from bot.words import boards, ledger
from bot.words.amounts import Unit
from bot.words.boards import PLACES, Entered, Over, Own
from tests.bot.words.making import (
    ELSEWHERE,
    GUILD,
    HONOLULU,
    INES,
    KIRITIMATI,
    MARA,
    TOBIAS,
    both_ends_of_the_world,
    in_memory,
    ms,
    on,
    person,
    plans,
    write,
)

NOON = ms("2026-11-11T12:00")  # a Wednesday


def lists(conn: Connection, *members: Member, guild_id: int = GUILD, wanted: bool = True) -> None:
    for member in members:
        boards.set_listed(conn, guild_id, person(conn, member), wanted)


def board(
    conn: Connection,
    over: Over = Over.WEEK,
    unit: Unit = Unit.WORDS,
    guild_id: int = GUILD,
    now: int = NOON,
) -> list[tuple[int, str | None, int]]:
    found = boards.leaderboard(conn, guild_id, over, unit, now)
    return [(one.place, one.name, one.amount) for one in found]


async def test_only_those_are_on_it_who_want_to_be(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        write(conn, 100, "2026-11-11")
        write(conn, 900, "2026-11-11", member=TOBIAS)
        assert board(conn) == []
        lists(conn, MARA)
        lists(conn, MARA)  # pressed twice
        assert boards.is_listed(conn, GUILD, person(conn, MARA))
        assert board(conn) == [(1, "Mara", 100)]
        lists(conn, TOBIAS)
        lists(conn, TOBIAS, guild_id=ELSEWHERE)
        assert board(conn) == [(1, "Tobias", 900), (2, "Mara", 100)]
        for _ in range(2):
            lists(conn, TOBIAS, wanted=False)
        assert not boards.is_listed(conn, GUILD, person(conn, TOBIAS))
        assert boards.is_listed(conn, ELSEWHERE, person(conn, TOBIAS))
        assert board(conn) == [(1, "Mara", 100)]

    await database.write(use_case)


async def test_it_counts_what_was_entered_here(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        lists(conn, MARA)
        lists(conn, MARA, guild_id=ELSEWHERE)
        person(conn, Member(1, "Mara Elsewhere", ELSEWHERE))
        write(conn, 1, "2026-11-11")
        write(conn, 20, "2026-11-11", guild_id=ELSEWHERE)
        write(conn, 300, "2026-11-11", guild_id=None)
        write(conn, 4, "2026-11-11", unit=Unit.SCENES)
        write(conn, 5000, "2026-11-11", public=False)
        assert board(conn) == [(1, "Mara", 1)]
        assert board(conn, unit=Unit.SCENES) == [(1, "Mara", 4)]
        assert board(conn, guild_id=ELSEWHERE) == [(1, "Mara Elsewhere", 20)]

    await database.write(use_case)


async def test_ties_share_a_place_and_nothing_takes_none(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        kai, tebora = HONOLULU, KIRITIMATI
        lists(conn, MARA, TOBIAS, INES, kai, tebora)
        for member, amount in ((MARA, 5), (TOBIAS, 9), (INES, 9), (kai, 0), (tebora, -3)):
            write(conn, amount, "2026-11-11", member=member)
        assert board(conn) == [(1, "Tobias", 9), (1, "Ines", 9), (3, "Mara", 5)]

    await database.write(use_case)


async def test_the_first_places(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        crowd = [Member(number, f"Writer {number}", GUILD) for number in range(10, 30)]
        lists(conn, *crowd)
        for member in crowd:
            write(conn, member.discord_id, "2026-11-11", member=member)
        found = board(conn)
        assert len(found) == PLACES
        assert found[0] == (1, "Writer 29", 29)
        assert found[-1] == (PLACES, "Writer 15", 15)

    await database.write(use_case)


async def test_all_who_tie_for_the_last_place_are_on_it(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        crowd = [Member(number, f"Writer {number}", GUILD) for number in range(10, 40)]
        lists(conn, *crowd)
        for number, member in enumerate(crowd):
            amount = 900 - number if number < PLACES - 1 else 500 if number < 25 else 100
            write(conn, amount, "2026-11-11", member=member)
        found = board(conn)
        assert [place for place, _, _ in found] == [*range(1, PLACES), *[PLACES] * 11]
        assert {amount for _, _, amount in found[PLACES - 1 :]} == {500}

    await database.write(use_case)


async def test_ones_own_place_however_far_down(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        crowd = [Member(number, f"Writer {number}", GUILD) for number in range(10, 40)]
        lists(conn, *crowd, MARA, TOBIAS)
        for member in crowd:
            write(conn, 1000 + member.discord_id // 2, "2026-11-11", member=member)
        write(conn, 812, "2026-11-11")
        write(conn, 9000, "2026-11-11", member=INES)  # who is not listed
        mara, tobias, ines = (person(conn, member) for member in (MARA, TOBIAS, INES))
        week = (Over.WEEK, Unit.WORDS, NOON)
        assert boards.own_place(conn, GUILD, mara, *week) == Own(True, 31, 812)
        assert boards.own_place(conn, GUILD, tobias, *week) == Own(True, None, 0)
        assert boards.own_place(conn, GUILD, ines, *week) == Own(False, None, 0)
        first = boards.own_place(conn, GUILD, person(conn, crowd[-2]), *week)
        assert first == Own(True, 1, 1019)  # as the one after

    await database.write(use_case)


async def test_periods(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        lists(conn, MARA)
        for day, amount in (
            ("2026-11-11", 1),
            ("2026-11-09", 20),  # Monday
            ("2026-11-08", 300),
            ("2026-11-01", 4000),
            ("2026-10-31", 50_000),
        ):
            write(conn, amount, day)
        amounts = {over: board(conn, over)[0][2] for over in Over}
        assert amounts == {Over.DAY: 1, Over.WEEK: 21, Over.MONTH: 4321, Over.ALL: 54_321}

    await database.write(use_case)


async def test_todays_board_is_of_the_servers_date_and_each_writers_own(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        both_ends_of_the_world(conn)
        lists(conn, HONOLULU, KIRITIMATI)
        for number, day in enumerate(("2026-11-10", "2026-11-11", "2026-11-12"), start=1):
            for member in (HONOLULU, KIRITIMATI):
                write(conn, number, day, member=member)
        assert board(conn, Over.DAY) == [(1, "Kai", 2), (1, "Tebora", 2)]
        people.set_guild_zone(conn, GUILD, "Pacific/Kiritimati")
        assert board(conn, Over.DAY) == [(1, "Kai", 3), (1, "Tebora", 3)]

    await database.write(use_case)


async def test_an_entry_is_left_off_with_its_corrections_and_moves(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        mara = person(conn, MARA)
        lists(conn, MARA)
        write(conn, 100, "2026-11-11")
        entry = write(conn, 9_000_000, "2026-11-11")
        ledger.correct(conn, mara, entry.id, 8_000_000, None, NOON, "a")
        moved = ledger.move(
            conn, mara, entry.id, entry.place.project_id, on("2026-11-10"), NOON, "b"
        )
        for _ in range(2):
            boards.leave_off(conn, GUILD, entry.id, True, NOON)
        assert board(conn) == [(1, "Mara", 100)]
        ledger.correct(conn, mara, moved.id, 7_000_000, None, NOON, "c")
        ledger.move(conn, mara, moved.id, entry.place.project_id, on("2026-11-09"), NOON, "d")
        assert board(conn) == [(1, "Mara", 100)]
        assert ledger.total(conn, mara, entry.place.project_id, Unit.WORDS) == 7_000_100
        boards.leave_off(conn, GUILD, moved.id, False, NOON)
        assert board(conn) == [(1, "Mara", 7_000_100)]

    await database.write(use_case)


async def test_one_server_cannot_leave_off_anothers_entries(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        lists(conn, MARA)
        entry = write(conn, 100, "2026-11-11")
        private = write(conn, 100, "2026-11-11", guild_id=None)
        for guild_id, entry_id in (
            (ELSEWHERE, entry.id),
            (GUILD, private.id),
            (GUILD, entry.id + 100),
        ):
            with pytest.raises(NotFound):
                boards.leave_off(conn, guild_id, entry_id, True, NOON)
        assert board(conn) == [(1, "Mara", 100)]

    await database.write(use_case)


async def test_what_a_member_entered_here(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        mara = person(conn, MARA)
        first, second = write(conn, 100, "2026-11-10"), write(conn, 200, "2026-11-11")
        write(conn, 300, "2026-11-11", guild_id=ELSEWHERE)
        write(conn, 400, "2026-11-11", guild_id=None)
        write(conn, 500, "2026-11-11", member=TOBIAS)
        write(conn, 5000, "2026-11-11", public=False)
        ledger.undo(conn, mara, write(conn, 600, "2026-11-11").id, NOON, "a")
        ledger.correct(conn, mara, first.id, 150, None, NOON, "b")
        boards.leave_off(conn, GUILD, first.id, True, NOON)
        assert boards.entries_here(conn, GUILD, mara) == [
            Entered(second.id, on("2026-11-11"), Unit.WORDS, 200, second.made_at, False),
            Entered(first.id, on("2026-11-10"), Unit.WORDS, 150, first.made_at, True),
        ]
        assert len(boards.entries_here(conn, GUILD, mara, limit=1)) == 1

    await database.write(use_case)


async def test_a_correction_made_while_an_entry_is_left_off_is_left_off_too(
    database: Database,
) -> None:
    entry = await database.write(write, 100, "2026-11-11")
    mara = await database.write(person, MARA)
    await database.write(lists, MARA)
    await asyncio.gather(
        *(
            database.write(ledger.correct, mara, entry.id, amount, None, NOON, f"c{amount}")
            for amount in range(10, 18)
        ),
        database.write(boards.leave_off, GUILD, entry.id, True, NOON),
    )
    assert await database.read(board) == []
    assert await database.read(boards.leaderboard, GUILD, Over.ALL, Unit.WORDS, NOON) == []


async def test_one_whom_the_server_has_not_seen_has_no_name(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        stranger = Member(9, "Nobody", None)
        lists(conn, stranger)
        write(conn, 100, "2026-11-11", member=stranger)
        found = boards.leaderboard(conn, GUILD, Over.ALL, Unit.WORDS, NOON)
        assert [(one.place, one.name, one.amount) for one in found] == [(1, None, 100)]

    await database.write(use_case)


def test_boards_are_read_along_indexes() -> None:
    with in_memory() as conn:
        lists(conn, MARA)
        write(conn, 100, "2026-11-11")
        mara = person(conn, MARA)
        uses: list[Callable[[Connection], object]] = [
            lambda conn: board(conn, Over.WEEK),
            lambda conn: board(conn, Over.ALL),
            lambda conn: boards.own_place(conn, GUILD, mara, Over.ALL, Unit.WORDS, NOON),
            lambda conn: boards.leave_off(conn, GUILD, 1, True, NOON),
            lambda conn: boards.set_listed(conn, GUILD, mara, False),
        ]
        for use_case in uses:
            for plan in plans(conn, use_case):
                assert not re.search(r"SCAN (entries|listed|persons|names|guilds)", plan), plan
        (plan,) = plans(conn, lambda conn: boards.entries_here(conn, GUILD, mara))
        assert "SEARCH entries USING INDEX ix_entries_person_id_root_id (person_id=?" in plan
