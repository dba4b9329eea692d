"""The day and the project that a count goes to."""

from datetime import date

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import Conflict
from bot.people import service as people
from bot.people.service import Member
from bot.sprints import correcting, counting, records, service
from bot.sprints.rules import Means
from bot.words import amounts, projects
from bot.words import service as words
from tests.bot.sprints.making import (
    DAY,
    GUILD,
    HALF,
    HOUR,
    INES,
    MARA,
    MINUTE,
    NOW,
    THERE,
    TOBIAS,
    at,
    clarify,
    declare,
    join,
    lines,
    logged,
    refused,
    started,
    turn,
    undo,
)

HONOLULU = Member(11, "Keala", GUILD)
KIRITIMATI = Member(12, "Tekoa", GUILD)
STRANGER = Member(13, "Noname", GUILD)  # whose zone is the server's


@pytest.mark.parametrize("late", [-10 * MINUTE, MINUTE, 20 * HOUR])
@pytest.mark.parametrize(("minutes", "later"), [(30, 0), (31, 1)])  # in a tie the day it began
async def test_the_day_is_the_writers_own_with_most_of_the_minutes(
    database: Database, late: int, minutes: int, later: int
) -> None:
    """A sprint over two midnights, a day apart: it is 10:00 in UTC. Declared before or after."""

    def use_case(conn: Connection) -> None:
        people.set_guild_zone(conn, GUILD, "America/New_York")
        people.set_zone(conn, HONOLULU, "Pacific/Honolulu", NOW)
        people.set_zone(conn, KIRITIMATI, "Pacific/Kiritimati", NOW)
        start = at("2026-11-03T09:45")
        found = started(conn, HONOLULU, KIRITIMATI, STRANGER, now=start, minutes=minutes)
        if late > 0:
            turn(conn, found.ends_at)
        for member in (HONOLULU, KIRITIMATI, STRANGER):
            declare(conn, member, found, "+100", found.ends_at + late)
        assert logged(conn, HONOLULU) == {date(2026, 11, 2 + later): 100}
        assert logged(conn, KIRITIMATI) == {date(2026, 11, 3 + later): 100}
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
        ("2026-11-01T03:51", date(2026, 11, 1)),
        ("2026-11-02T04:39", date(2026, 11, 1)),  # an hour later by UTC: it is winter
        ("2026-11-02T04:51", date(2026, 11, 2)),
        ("2026-03-08T04:39", date(2026, 3, 7)),  # the night they go forward
        ("2026-03-09T03:39", date(2026, 3, 8)),
        ("2026-03-09T03:51", date(2026, 3, 9)),
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


@pytest.mark.parametrize("how", ["end", "cancel"])
async def test_a_sprint_that_ends_early_belongs_to_the_minutes_it_had(
    database: Database, how: str
) -> None:
    """It would have been tomorrow's. What its writer has put elsewhere stays there."""

    def use_case(conn: Connection) -> None:
        found = started(conn, TOBIAS, INES, now=at("2026-11-03T23:50"), minutes=30)
        now = at("2026-11-03T23:55")
        for member in (MARA, TOBIAS, INES):
            declare(conn, member, found, "+100", now)
            assert logged(conn, member) == {date(2026, 11, 4): 100}
        (entry,) = words.history(conn, TOBIAS, 0).entries
        words.move(conn, TOBIAS, entry.id, day="yesterday", now=now, interaction_id=5)
        if how == "end":
            service.end(conn, MARA, GUILD, found.id, now, moderator=False)
            declare(conn, MARA, found, "+20", at("2026-11-04T00:30"))
            undo(conn, INES, found, at("2026-11-04T00:30"))
            declare(conn, INES, found, "+120", at("2026-11-04T00:31"))
        else:
            assert service.cancel(conn, MARA, GUILD, found.id, now, moderator=True)
        written = 120 if how == "end" else 100
        assert logged(conn, MARA) == logged(conn, INES) == {date(2026, 11, 3): written}
        assert logged(conn, TOBIAS) == {date(2026, 11, 2): 100}

    await database.write(use_case)


async def test_the_other_day_is_offered_where_the_sprint_crosses_midnight(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        people.set_zone(conn, TOBIAS, "Europe/Berlin", NOW)
        found = started(conn, TOBIAS, now=at("2026-11-30T23:45"))
        berlins = declare(conn, TOBIAS, found, "+10", found.ends_at)
        assert berlins.entry is not None
        assert (berlins.entry.place.day, berlins.other_day) == (date(2026, 12, 1), None)

        odd = declare(conn, MARA, found, "+99999", found.ends_at)
        assert (odd.entry, odd.other_day) == (None, None)
        undo(conn, MARA, found, found.ends_at)
        done = declare(conn, MARA, found, "+100", found.ends_at)
        assert done.entry is not None
        assert (done.entry.place.day, done.other_day) == (date(2026, 11, 30), date(2026, 12, 1))

        def choose(day: date, interaction_id: int) -> date | None:
            return counting.choose_day(
                conn, MARA, GUILD, found.id, day, now=found.ends_at, interaction_id=interaction_id
            ).other_day

        assert choose(date(2026, 12, 1), 91) == date(2026, 11, 30)
        assert choose(date(2026, 12, 1), 91) == date(2026, 11, 30)  # delivered twice
        assert choose(date(2026, 12, 2), 92) == date(2026, 11, 30)  # not a day of the sprint's
        assert logged(conn, MARA) == {date(2026, 12, 1): 100}
        declare(conn, MARA, found, "+50", found.ends_at)
        undo(conn, MARA, found, found.ends_at)
        declare(conn, MARA, found, "-30", found.ends_at)
        assert logged(conn, MARA) == {date(2026, 12, 1): 70}  # it stays where it was put
        assert choose(date(2026, 11, 30), 93) == date(2026, 12, 1)
        assert logged(conn, MARA) == {date(2026, 11, 30): 70}
        undo(conn, MARA, found, found.ends_at)
        undo(conn, MARA, found, found.ends_at)
        with refused(conn, Conflict, "no count"):
            choose(date(2026, 12, 1), 94)
        with refused(conn, Conflict, "no count"):
            counting.choose_day(
                conn, INES, GUILD, found.id, date(2026, 12, 1), now=NOW, interaction_id=95
            )

    await database.write(use_case)


async def test_what_a_sprint_has_logged_is_put_right_in_the_history(database: Database) -> None:
    """The sprint says the same then, for as long as it is remembered."""

    def use_case(conn: Connection) -> None:
        found = started(conn)
        now = found.ends_at + 3 * DAY
        turn(conn, found.ends_at)
        declare(conn, MARA, found, "+3000", found.ends_at)
        clarify(conn, found, 3000, Means.WRITTEN, found.ends_at)
        (entry,) = words.history(conn, MARA, 0).entries
        moved = words.move(conn, MARA, entry.id, day="yesterday", now=now, interaction_id=91)

        def edit(typed: str, interaction_id: int) -> int:
            return correcting.edit(
                conn, MARA, moved.id, amounts.parse(typed), "a slip", now=now,
                interaction_id=interaction_id,
            ).amount  # fmt: skip

        assert edit("300", 92) == edit("300", 92) == 300
        assert lines(conn, found) == [(1, MARA.discord_id, 300)]
        assert records.best(conn, people.person_id(conn, MARA, now)).words == 300
        undone = undo(conn, MARA, found, found.ends_at)
        assert undone.me.written == 3000
        assert logged(conn, MARA) == {date(2026, 11, 5): 3000}
        for _ in range(2):
            correcting.undo(conn, MARA, entry.id, now=now, interaction_id=93)
        assert lines(conn, found) == []
        assert logged(conn, MARA) == {}
        declare(conn, MARA, found, "+40", found.ends_at)
        assert logged(conn, MARA) == {date(2026, 11, 5): 40}

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
