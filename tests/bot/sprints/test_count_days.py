"""The day and the project that a count goes to."""

from datetime import date

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.people import service as people
from bot.people.service import Member
from bot.words import projects
from tests.bot.sprints.making import (
    GUILD,
    HALF,
    HOUR,
    MARA,
    MINUTE,
    NOW,
    THERE,
    at,
    declare,
    join,
    logged,
    started,
    turn,
    undo,
)

HONOLULU = Member(11, "Keala", GUILD)
KIRITIMATI = Member(12, "Tekoa", GUILD)
STRANGER = Member(13, "Noname", GUILD)  # whose zone is the server's


@pytest.mark.parametrize("late", [MINUTE, 20 * HOUR])
async def test_the_day_is_the_writers_own_at_the_end(database: Database, late: int) -> None:
    """A sprint over two midnights, a day apart: it is 10:00 in UTC."""

    def use_case(conn: Connection) -> None:
        people.set_guild_zone(conn, GUILD, "America/New_York")
        people.set_zone(conn, HONOLULU, "Pacific/Honolulu", NOW)
        people.set_zone(conn, KIRITIMATI, "Pacific/Kiritimati", NOW)
        start = at("2026-11-03T09:50")
        found = started(conn, HONOLULU, KIRITIMATI, STRANGER, now=start)
        turn(conn, found.ends_at)
        for member in (HONOLULU, KIRITIMATI, STRANGER):
            declare(conn, member, found, "+100", found.ends_at + late)
        assert logged(conn, HONOLULU) == {date(2026, 11, 3): 100}
        assert logged(conn, KIRITIMATI) == {date(2026, 11, 4): 100}
        assert logged(conn, STRANGER) == {date(2026, 11, 3): 100}

    await database.write(use_case)


async def test_what_is_counted_before_midnight_stays_with_its_day(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        people.set_zone(conn, MARA, "Pacific/Kiritimati", NOW)
        found = started(conn, now=at("2026-11-03T09:50"))
        declare(conn, MARA, found, "+40", at("2026-11-03T09:59"))
        declare(conn, MARA, found, "+60", at("2026-11-03T10:09"))
        assert logged(conn, MARA) == {date(2026, 11, 3): 100}

    await database.write(use_case)


@pytest.mark.parametrize(
    ("start", "day"),
    [
        ("2026-11-01T03:39", date(2026, 10, 31)),  # ends at 23:59, the night the clocks go back
        ("2026-11-01T03:45", date(2026, 11, 1)),
        ("2026-11-02T04:39", date(2026, 11, 1)),  # an hour later by UTC: it is winter
        ("2026-11-02T04:45", date(2026, 11, 2)),
        ("2026-03-08T04:39", date(2026, 3, 7)),  # the night they go forward
        ("2026-03-09T03:39", date(2026, 3, 8)),
        ("2026-03-09T03:45", date(2026, 3, 9)),
    ],
)
async def test_midnight_is_right_through_clock_changes(
    database: Database, start: str, day: date
) -> None:
    def use_case(conn: Connection) -> None:
        people.set_zone(conn, MARA, "America/New_York", NOW)
        found = started(conn, now=at(start))
        turn(conn, found.ends_at)
        declare(conn, MARA, found, "+100", found.ends_at + 5 * HOUR)
        assert logged(conn, MARA) == {day: 100}

    await database.write(use_case)


async def test_words_go_to_the_project_that_was_said(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        novel = projects.create(conn, MARA, "Novel", now=NOW, interaction_id=1).project.id
        poems = projects.create(conn, MARA, "Poems", now=NOW, interaction_id=2).project.id
        found = started(conn)
        join(conn, MARA, found, NOW, project_id=poems)
        declare(conn, MARA, found, "+100", HALF)
        other = started(conn, channel=THERE)
        declare(conn, MARA, other, "+30", HALF)
        projects.switch(conn, MARA, poems)
        declare(conn, MARA, other, "+20", HALF)
        sums = {listed.project.id: listed.words for listed in projects.mine(conn, MARA)}
        assert sums == {novel: 50, poems: 100}

    await database.write(use_case)


async def test_who_switches_takes_the_count_along_however_often(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        novel = projects.create(conn, MARA, "Novel", now=NOW, interaction_id=1).project.id
        poems = projects.create(conn, MARA, "Poems", now=NOW, interaction_id=2).project.id
        found = started(conn)

        def words() -> dict[int, int]:
            return {listed.project.id: listed.words for listed in projects.mine(conn, MARA)}

        declare(conn, MARA, found, "+100", HALF)
        total = 100
        for project_id, other in ((poems, novel), (novel, poems), (poems, novel)):
            joined = join(conn, MARA, found, HALF, project_id=project_id)
            assert joined.written == total
            for _ in range(2):  # corrections after a move add up as before it
                declare(conn, MARA, found, "+10", HALF)
                total += 10
                assert words() == {project_id: total, other: 0}
        join(conn, MARA, found, HALF, quiet=True)
        assert join(conn, MARA, found, HALF, project_id=novel).quiet
        assert words() == {novel: total, poems: 0}

    await database.write(use_case)


async def test_what_was_taken_back_is_said_again_for_the_new_project(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        novel = projects.create(conn, MARA, "Novel", now=NOW, interaction_id=1).project.id
        poems = projects.create(conn, MARA, "Poems", now=NOW, interaction_id=2).project.id
        found = started(conn)
        declare(conn, MARA, found, "+100", HALF)
        undo(conn, MARA, found, HALF)
        join(conn, MARA, found, HALF, project_id=poems)
        declare(conn, MARA, found, "+30", HALF)
        sums = {listed.project.id: listed.words for listed in projects.mine(conn, MARA)}
        assert sums == {novel: 0, poems: 30}

    await database.write(use_case)
