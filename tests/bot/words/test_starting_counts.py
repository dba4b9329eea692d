"""Manuscripts that exist before anything is logged for them."""

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import BadInput, Conflict, NotFound
from bot.people import service as people
from bot.words import (
    amounts,
    boards,
    day_totals,
    goals,
    ledger,
    projects,
    service,
    starting_counts,
    stats,
)
from bot.words.amounts import MOST, Unit
from bot.words.boards import Over
from bot.words.goal_rules import Period, Wanted
from bot.words.service import FirstTotal, Wrote
from tests.bot.words.making import GUILD, MARA, TOBIAS, ms, numbers, on, person, project, write

NOW, TODAY = ms("2026-11-10T12:00"), on("2026-11-10")


def log(conn: Connection, typed: str, project_id: int, unit: Unit = Unit.WORDS) -> Wrote:
    return service.wrote(
        conn, MARA, amounts.parse(typed), now=NOW, interaction_id=next(numbers),
        project_id=project_id, unit=unit, public=True,
    )  # fmt: skip


def asked(
    conn: Connection, typed: str, project_id: int | None = None, unit: Unit = Unit.WORDS
) -> FirstTotal | None:
    return service.first_total(
        conn, MARA, amounts.parse(typed), now=NOW, project_id=project_id, unit=unit
    )


async def test_running_totals_go_on_from_the_starting_count(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        made = projects.create(
            conn, MARA, "Old novel", target=80_000, start=40_000, now=NOW, interaction_id=1
        )
        assert (made.start, made.words, made.total) == (40_000, 0, 40_000)
        novel = made.project.id
        done = log(conn, "=40350", novel)
        assert (done.entry.amount, done.on_day, done.total) == (350, 350, 40_350)
        assert log(conn, "100", novel).total == 40_450
        (listed,) = projects.mine(conn, MARA)
        assert (listed.start, listed.words, listed.total) == (40_000, 450, 40_450)
        assert log(conn, "=20", novel, Unit.PAGES).entry.amount == 20  # of another unit

    await database.write(use_case)


async def test_nothing_but_the_running_total_counts_it(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        person_id = person(conn, MARA)
        novel = project(conn, "Old novel")
        wanted = Wanted(500, Unit.WORDS, TODAY, None, Period.DAY, project_id=novel)
        goals.create(conn, MARA, wanted, now=NOW, interaction_id=next(numbers))
        boards.set_listed(conn, GUILD, person_id, True)
        service.start_there(conn, MARA, novel, Unit.WORDS, 40_000, NOW)
        assert stats.own(conn, MARA, novel, NOW).summaries == []
        assert boards.leaderboard(conn, GUILD, Over.ALL, Unit.WORDS, NOW) == []
        assert ledger.days(conn, person_id) == []
        (progress,) = goals.today(conn, person_id, TODAY)
        assert progress.left_today == 500
        write(conn, 30, "2026-11-10", project_id=novel)
        (summary,) = stats.own(conn, MARA, novel, NOW).summaries
        assert summary.total == 30
        (row,) = boards.leaderboard(conn, GUILD, Over.ALL, Unit.WORDS, NOW)
        assert row.amount == 30
        within = day_totals.Within(GUILD, Unit.WORDS, TODAY, TODAY)
        assert day_totals.of(conn, within, [person_id])[person_id][TODAY].amount == 30

    await database.write(use_case)


async def test_the_first_running_total_of_a_project_is_asked_about(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        first = asked(conn, "=40000")
        assert first is not None
        assert (first.amount, first.day, first.project.title) == (40_000, TODAY, "My writing")
        novel = first.project.id
        for typed in ("40000", "+40000", "-40", "=0"):
            assert asked(conn, typed, novel) is None
        service.start_there(conn, MARA, novel, Unit.WORDS, 40_000, NOW)
        service.start_there(conn, MARA, novel, Unit.WORDS, 40_000, NOW)  # pressed twice
        assert asked(conn, "=41000", novel) is None
        with pytest.raises(Conflict):
            service.start_there(conn, MARA, novel, Unit.WORDS, 41_000, NOW)
        assert asked(conn, "=200", novel, Unit.PAGES) is not None
        poems = project(conn, "Poems")
        assert log(conn, "350", poems).total == 350
        assert asked(conn, "=400", poems) is None
        with pytest.raises(Conflict):
            service.start_there(conn, MARA, poems, Unit.WORDS, 400, NOW)

    await database.write(use_case)


async def test_a_starting_count_is_edited_and_belongs_to_one_writer(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        novel, poems = project(conn, "Novel"), project(conn, "Poems")
        assert projects.edit(conn, MARA, poems, start=300).start == 300
        assert projects.edit(conn, MARA, poems, genre="verse").start == 300
        assert projects.edit(conn, MARA, poems, start=0).start == 0
        projects.edit(conn, MARA, poems, start=500)
        for wrong in (-1, MOST + 1):
            with pytest.raises(BadInput):
                projects.edit(conn, MARA, poems, start=wrong)
            with pytest.raises(BadInput):
                projects.create(conn, MARA, "X", start=wrong, now=NOW, interaction_id=99)
        with pytest.raises(NotFound):
            projects.edit(conn, TOBIAS, poems, start=1)
        person(conn, TOBIAS)
        with pytest.raises(NotFound):
            service.start_there(conn, TOBIAS, poems, Unit.WORDS, 1, NOW)
        left = projects.remove(conn, MARA, poems)  # takes its own starting count with it
        assert (left.project.id, left.total) == (novel, 0)
        mara = people.person_id(conn, MARA, NOW)
        assert starting_counts.total(conn, mara, novel, Unit.WORDS) == 0

    await database.write(use_case)
