"""What the board says, and what one is told of oneself."""

import pytest
from sqlalchemy import Connection

from bot.challenges import course, standing
from bot.challenges.badges import Badge
from bot.challenges.records import State
from bot.challenges.rules import Wanted
from bot.challenges.standing import ROWS
from bot.db.engine import Database
from bot.errors import Conflict
from bot.people import service as people
from bot.people.service import Member
from bot.words import settings
from bot.words.amounts import Unit
from tests.bot.challenges.making import BEFORE, again, created, join
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

MIDDLE = ms("2026-11-15T12:00")


async def test_the_room_against_its_par_and_the_first_by_their_own_targets(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        join(conn, challenge, MARA, TOBIAS)
        join(conn, challenge, HONOLULU, target=30_000)
        join(conn, challenge, INES, listed=False)
        write(conn, 20_000, "2026-11-02")
        write(conn, 12_000, "2026-11-03", member=HONOLULU)
        write(conn, 10_000, "2026-11-03", member=TOBIAS)
        write(conn, 40_000, "2026-11-04", member=INES)
        write(conn, 9_000, "2026-11-04", member=KIRITIMATI)  # who is not in it
        for day, guild_id in (("2026-10-31", GUILD), ("2026-11-04", ELSEWHERE)):
            write(conn, 5_000, day, guild_id=guild_id)
        write(conn, 300, "2026-11-04", unit=Unit.PAGES)

        board = standing.board(conn, challenge, MIDDLE)
        assert (board.day, board.days) == (15, 30)
        assert (board.total, board.target, board.par) == (82_000, 180_000, 90_000)
        assert (board.members, board.unlisted) == (4, 1)
        assert [(place, line.name, line.written) for place, line in board.lines] == [
            (1, "Mara", 20_000), (1, "Kai", 12_000), (3, "Tobias", 10_000),
        ]  # fmt: skip

    await database.write(use_case)


async def test_par_is_as_of_everyones_own_evening(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        both_ends_of_the_world(conn)
        challenge = created(conn, Wanted("Ten", Unit.WORDS, 10, on("2026-11-01"), on("2026-11-10")))
        join(conn, challenge, HONOLULU, KIRITIMATI)
        for now, par in (
            ("2026-10-31T09:59", 0),
            ("2026-10-31T10:00", 1),  # the first day begins in Kiritimati
            ("2026-11-01T10:00", 3),
            ("2026-11-10T10:00", 20),
        ):
            assert standing.board(conn, challenge, ms(now)).par == par
        assert standing.board(conn, challenge, ms("2026-10-31T23:00")).day == 0

    await database.write(use_case)


async def test_the_first_are_shown_with_all_who_tie_for_the_last_row(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        crowd = [Member(1_000 + n, f"Writer {n}", GUILD) for n in range(ROWS + 10)]
        join(conn, challenge, *crowd)
        assert [place for place, _ in standing.board(conn, challenge, MIDDLE).lines] == [1] * 25
        for number, member in enumerate(crowd):
            write(conn, 900 - number, "2026-11-02", member=member)
        assert [place for place, _ in standing.board(conn, challenge, MIDDLE).lines] == [
            *range(1, ROWS + 1)
        ]
        for number in range(ROWS, ROWS + 3):  # as much as the last row
            write(conn, number - ROWS + 1, "2026-11-02", member=crowd[number])
        assert [place for place, _ in standing.board(conn, challenge, MIDDLE).lines] == [
            *range(1, ROWS), *[ROWS] * 4
        ]  # fmt: skip

    await database.write(use_case)


async def test_ones_own_place_however_far_down(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        def place(member: Member) -> int | None:
            return standing.mine(conn, member, challenge, MIDDLE).place

        challenge = created(conn)
        crowd = [Member(1_000 + n, f"Writer {n}", GUILD) for n in range(ROWS + 7)]
        join(conn, challenge, *crowd, MARA)
        join(conn, challenge, TOBIAS, listed=False)
        join(conn, challenge, INES, target=1_000)
        assert place(MARA) is None
        for member in crowd:
            write(conn, 900, "2026-11-02", member=member)
        for member in (MARA, TOBIAS, INES):
            write(conn, 812, "2026-11-02", member=member)
        assert (place(MARA), place(TOBIAS), place(INES)) == (ROWS + 9, None, 1)
        assert place(crowd[0]) == place(crowd[-1]) == 2

    await database.write(use_case)


async def test_where_one_stands(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        join(conn, challenge, MARA)
        write(conn, 22_000, "2026-11-13")
        write(conn, 300, "2026-11-14")
        write(conn, 700, "2026-11-15")
        mine = standing.mine(conn, MARA, challenge, MIDDLE)
        found = mine.progress
        assert (found.written, found.written_today, found.par) == (23_000, 700, 25_000)
        assert (found.needed_today, found.days_left) == (1_732, 16)
        assert found.finish == on("2026-12-03")  # 23,000 in 15 days
        assert (mine.row, mine.listed) == (3, True)
        settings.set_streak_hidden(conn, person(conn, MARA), True, 0)
        assert standing.mine(conn, MARA, challenge, MIDDLE).row is None
        with pytest.raises(Conflict, match="You are not in that challenge"):
            standing.mine(conn, TOBIAS, challenge, MIDDLE)

    await database.write(use_case)


async def test_days_are_each_members_own(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        both_ends_of_the_world(conn)
        challenge = created(conn)
        join(conn, challenge, HONOLULU, KIRITIMATI)
        days = [
            standing.mine(conn, member, challenge, MIDDLE).progress.today
            for member in (HONOLULU, KIRITIMATI)
        ]
        assert days == [on("2026-11-15"), on("2026-11-16")]
        people.set_zone(conn, HONOLULU, "Pacific/Auckland", 0)
        assert standing.mine(conn, HONOLULU, challenge, MIDDLE).progress.today == days[1]

    await database.write(use_case)


async def test_a_certificate_says_what_was_written_whether_or_not_it_was_reached(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        join(conn, challenge, MARA, target=1_000)
        join(conn, challenge, TOBIAS, now=MIDDLE)
        write(conn, 400, "2026-11-03")
        write(conn, 600, "2026-11-20")
        write(conn, 20, "2026-11-10", member=TOBIAS)  # before he joined
        with pytest.raises(Conflict, match="once the challenge is over"):
            standing.certificate(conn, MARA, challenge)
        course.finish(conn, challenge, ms("2026-12-01T12:00"))
        over = again(conn, challenge)
        assert over.state is State.OVER
        mara = standing.certificate(conn, MARA, over)
        assert (mara.name, mara.written, mara.target, mara.days) == ("Mara", 1_000, 1_000, 2)
        assert (mara.first, mara.reached) == (on("2026-11-01"), True)
        assert mara.badges == [Badge.FIRST, Badge.HALFWAY]
        tobias = standing.certificate(conn, TOBIAS, over)
        assert (tobias.written, tobias.first, tobias.reached) == (20, on("2026-11-10"), False)
        with pytest.raises(Conflict, match="You were not in"):
            standing.certificate(conn, INES, over)

    await database.write(use_case)


def test_the_months_sums_are_read_from_the_totals_alone() -> None:
    with in_memory() as conn:
        challenge = created(conn, now=BEFORE)
        join(conn, challenge, MARA)
        asked = plans(conn, lambda conn: standing.board(conn, challenge, MIDDLE))
        assert any("SEARCH day_totals USING PRIMARY KEY" in plan for plan in asked)
        assert not any("entries" in plan for plan in asked)
