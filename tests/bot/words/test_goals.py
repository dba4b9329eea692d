import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import Conflict, NotFound
from bot.people import service as people
from bot.people.service import Member
from bot.words import goal_rules, goals, ledger, projects
from bot.words.amounts import Unit
from bot.words.goal_rules import Period, Progress, Wanted
from bot.words.goals import MOST_GOALS
from tests.bot.words.making import (
    GUILD,
    HONOLULU,
    KIRITIMATI,
    MARA,
    TOBIAS,
    both_ends_of_the_world,
    in_memory,
    ms,
    numbers,
    on,
    person,
    plans,
    project,
    write,
)
from tests.bot.words.wanting import NOVEMBER, TODAY, habit

NOON = ms("2026-11-11T12:00")


def create(
    conn: Connection, goal: Wanted, member: Member = MARA, interaction_id: int | None = None
) -> Progress:
    number = interaction_id or next(numbers)
    return goals.create(conn, member, goal, now=NOON, interaction_id=number)


async def test_goals_count_what_is_theirs(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        mara = person(conn, MARA)
        novel, poems = project(conn, "Novel"), project(conn, "Poems")
        create(conn, NOVEMBER)
        create(conn, replace(NOVEMBER, project_id=poems))
        create(conn, replace(NOVEMBER, unit=Unit.LINES))
        create(conn, habit(500, Period.DAY))
        create(conn, replace(habit(3500, Period.WEEK), project_id=novel))
        create(conn, habit(10_000, Period.YEAR))
        write(conn, 1, "2026-10-31", project_id=novel)
        write(conn, 20, "2026-11-01", project_id=novel)
        write(conn, 300, "2026-11-09", project_id=novel)
        write(conn, 4000, "2026-11-11", project_id=poems)
        write(conn, 50_000, "2026-11-12", project_id=novel)  # in the east it is tomorrow
        write(conn, 7, "2026-11-11", project_id=poems, unit=Unit.LINES)
        write(conn, 9, "2026-11-11", member=TOBIAS)
        found = goals.today(conn, mara, TODAY)
        assert [(one.written, one.written_today) for one in found] == [
            (54_320, 4000),
            (4000, 4000),
            (7, 7),
            (4000, 4000),
            (50_300, 0),
            (54_321, 4000),
        ]
        assert [one.project for one in found] == [None, "Poems", None, None, "Novel", None]
        assert goals.today(conn, person(conn, TOBIAS), TODAY) == []

    await database.write(use_case)


async def test_a_weekly_goal_is_of_the_servers_week(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        create(conn, habit(3500, Period.WEEK))
        write(conn, 100, "2026-11-08")  # Sunday
        write(conn, 20, "2026-11-09")
        assert [goal.written for goal in goals.mine(conn, MARA, NOON)] == [20]
        people.set_week(conn, GUILD, 6)
        (goal,) = goals.mine(conn, MARA, NOON)
        assert (goal.written, goal.first_day) == (120, on("2026-11-08"))
        assert [goal.written for goal in goals.mine(conn, Member(1, "Mara", None), NOON)] == [20]

    await database.write(use_case)


async def test_the_course_of_the_first_running_target_is_what_the_ledger_has(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        mara = person(conn, MARA)
        create(conn, habit(500, Period.DAY))
        create(conn, replace(NOVEMBER, first_day=on("2026-11-12")))  # has not begun
        create(conn, replace(NOVEMBER, last_day=on("2026-11-10")))  # is over
        assert goals.with_course(conn, MARA, NOON)[1] is None
        novel = project(conn, "Novel")
        wanted = create(conn, replace(NOVEMBER, project_id=novel))
        create(conn, NOVEMBER)
        write(conn, 1, "2026-10-31", project_id=novel)
        write(conn, 20, "2026-11-01", project_id=novel)
        corrected = write(conn, 300, "2026-11-03", project_id=novel)
        ledger.correct(conn, mara, corrected.id, -40, None, NOON, "a")
        ledger.undo(conn, mara, write(conn, 7, "2026-11-04", project_id=novel).id, NOON, "b")
        write(conn, 2000, "2026-11-11", project_id=novel)
        write(conn, 2000, "2026-11-11", project_id=novel, unit=Unit.LINES)
        write(conn, 90_000, "2026-11-12", project_id=novel)  # to the east of here
        write(conn, 4000, "2026-11-11", member=TOBIAS)
        write(conn, 5, "2026-11-05", project_id=project(conn, "Poems"))
        found, course = goals.with_course(conn, MARA, NOON)
        assert found == goals.mine(conn, MARA, NOON)
        assert course is not None
        assert course.target.id == wanted.id
        assert course.amounts == (20, 0, -40, 0, 0, 0, 0, 0, 0, 0, 2000)
        for number, amount in enumerate(course.amounts, start=1):
            theirs = ledger.latest(conn, mara, 100)
            assert amount == sum(
                entry.amount
                for entry in theirs
                if entry.place.day == on(f"2026-11-{number:02}")
                and (entry.place.project_id, entry.place.unit) == (novel, Unit.WORDS)
            )
        assert course.pars == goal_rules.pars(NOVEMBER)
        assert all("SCAN" not in plan for plan in plans_of_course(conn))

    def plans_of_course(conn: Connection) -> list[str]:
        if conn.dialect.name != "sqlite":
            return []
        return plans(conn, lambda conn: goals.with_course(conn, MARA, NOON))

    await database.write(use_case)


async def test_corrections_count_and_what_was_taken_back_does_not(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        mara = person(conn, MARA)
        create(conn, habit(500, Period.DAY))
        first, second = write(conn, 300, "2026-11-11"), write(conn, 100, "2026-11-11")
        ledger.correct(conn, mara, first.id, 350, None, NOON, "a")
        ledger.undo(conn, mara, second.id, NOON, "b")
        moved = write(conn, 50, "2026-11-11")
        ledger.move(conn, mara, moved.id, moved.place.project_id, on("2026-11-10"), NOON, "c")
        (found,) = goals.today(conn, mara, TODAY)
        assert (found.written_today, found.left_today) == (350, 150)

    await database.write(use_case)


async def test_a_goal_is_set_once_and_dropped(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        made = create(conn, NOVEMBER, interaction_id=7)
        assert made == create(conn, NOVEMBER, interaction_id=7)
        assert goals.mine(conn, MARA, NOON) == [made]
        assert (made.goal, made.needed_today) == (NOVEMBER, 2500)
        for said in ("", "50,000", "#", f"#{made.id + 1}", "#9999999999999999999"):
            with pytest.raises(NotFound):
                goals.remove(conn, MARA, said, NOON)
        with pytest.raises(NotFound):
            goals.remove(conn, TOBIAS, f"#{made.id}", NOON)
        create(conn, NOVEMBER, TOBIAS)
        with pytest.raises(NotFound):
            goals.remove(conn, TOBIAS, f"#{made.id}", NOON)
        assert goals.remove(conn, MARA, f"#{made.id}", NOON) == made
        assert goals.mine(conn, MARA, NOON) == []
        assert len(goals.mine(conn, TOBIAS, NOON)) == 1

    await database.write(use_case)


async def test_a_target_is_given_other_days(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        target, daily = create(conn, NOVEMBER), create(conn, habit(500, Period.DAY))
        first, last = on("2026-03-11"), on("2027-01-12")
        changed = goals.set_days(conn, MARA, target.id, first, last, NOON)
        assert changed.goal == replace(NOVEMBER, first_day=first, last_day=last)
        for member, goal_id in ((TOBIAS, target.id), (MARA, daily.id), (MARA, 99)):
            with pytest.raises(NotFound):
                goals.set_days(conn, member, goal_id, first, last, NOON)
        assert [one.goal.last_day for one in goals.mine(conn, MARA, NOON)] == [last, None]

    await database.write(use_case)


async def test_anothers_project_does_not_exist(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        novel = project(conn, "Novel")
        with pytest.raises(NotFound):
            create(conn, replace(NOVEMBER, project_id=novel), TOBIAS)
        assert goals.mine(conn, TOBIAS, NOON) == []

    await database.write(use_case)


async def test_a_deleted_projects_goals_go_where_its_words_go(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        project(conn, "Novel")
        poems = project(conn, "Poems")
        create(conn, replace(NOVEMBER, project_id=poems))
        write(conn, 100, "2026-11-11", project_id=poems)
        projects.remove(conn, MARA, poems)
        (found,) = goals.mine(conn, MARA, NOON)
        assert (found.project, found.written) == ("Novel", 100)

    await database.write(use_case)


async def test_there_are_as_many_goals_as_can_be_chosen_from(database: Database) -> None:
    first = await database.write(create, NOVEMBER, interaction_id=7)
    done = await asyncio.gather(
        *(database.write(create, NOVEMBER) for _ in range(MOST_GOALS + 2)), return_exceptions=True
    )
    assert sum(isinstance(one, Conflict) for one in done) == 3
    assert len(await database.read(goals.mine, MARA, NOON)) == MOST_GOALS
    assert await database.write(create, NOVEMBER, interaction_id=7) == first  # delivered again


@pytest.mark.parametrize(
    ("now", "honolulu", "kiritimati"),
    [
        ("2026-11-11T09:59", "2026-11-10", "2026-11-11"),
        ("2026-11-11T10:00", "2026-11-11", "2026-11-12"),  # midnight at both ends of the world
        ("2026-11-11T12:00", "2026-11-11", "2026-11-12"),
        ("2026-11-12T09:59", "2026-11-11", "2026-11-12"),
        ("2026-11-12T10:00", "2026-11-12", "2026-11-13"),
    ],
)
async def test_a_day_begins_at_each_ones_own_midnight(
    database: Database, now: str, honolulu: str, kiritimati: str
) -> None:
    def use_case(conn: Connection) -> None:
        both_ends_of_the_world(conn)
        for member, today in ((HONOLULU, honolulu), (KIRITIMATI, kiritimati)):
            create(conn, habit(500, Period.DAY), member)
            write(conn, 200, today, member=member)
            (found,) = goals.mine(conn, member, ms(now))
            assert found.today == on(today)
            assert (found.written_today, found.left_today) == (200, 300)

    await database.write(use_case)


@pytest.mark.parametrize(
    ("zone", "before", "first", "last", "after"),
    [  # the first and the last minute of a day of 25 hours, then of one of 23
        ("America/New_York", "2026-11-01T03:59", "2026-11-01T04:00", "2026-11-02T04:59",
         "2026-11-02T05:00"),
        ("Europe/Berlin", "2027-03-27T22:59", "2027-03-27T23:00", "2027-03-28T21:59",
         "2027-03-28T22:00"),
    ],
)  # fmt: skip
async def test_a_day_is_as_long_as_its_clocks_make_it(
    database: Database, zone: str, before: str, first: str, last: str, after: str
) -> None:
    def use_case(conn: Connection) -> None:
        person(conn, MARA, zone)
        day = goals.local_today(conn, MARA, ms(first))
        dates = [goals.local_today(conn, MARA, ms(now)) for now in (before, first, last, after)]
        one = timedelta(days=1)
        assert dates == [day - one, day, day, day + one]

    await database.write(use_case)


def test_all_goals_are_read_by_one_query_along_an_index() -> None:
    with in_memory() as conn:
        mara = person(conn, MARA)
        for _ in range(MOST_GOALS):
            create(conn, NOVEMBER)
        (plan,) = plans(conn, lambda conn: goals.today(conn, mara, TODAY))
    assert "SCAN" not in plan
    assert (
        plan.count("SEARCH entries USING INDEX ix_entries_person_id_day (person_id=? AND day") == 2
    )
