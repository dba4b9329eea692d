"""Entries from a file in the ledger."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import Conflict, NotFound
from bot.people import service as people
from bot.people.service import Member
from bot.words import imports, ledger, projects, service, starting_counts
from bot.words.amounts import Unit, parse
from bot.words.imports import Added
from bot.words.ledger import Entry, Place
from bot.words.transfer import Line, Start

MARA, TOBIAS = Member(1, "Mara", 100), Member(2, "Tobias", 100)
NOW = int(datetime(2026, 11, 20, 8, tzinfo=UTC).timestamp() * 1000)
DAY = date(2026, 11, 3)
DAYS = 86_400_000  # ms
TWICE = Line(DAY, 350, Unit.WORDS, "The Pier", None)
FILE = (TWICE, TWICE, Line(DAY, 45, Unit.MINUTES, None, "at the café"))


def entries(conn: Connection, member: Member = MARA) -> list[Entry]:
    return ledger.latest(conn, people.person_id(conn, member, NOW), 100)


def titles(conn: Connection) -> set[str]:
    return {one.project.title for one in projects.mine(conn, MARA)}


async def test_a_file_is_added_once_however_often_it_comes(database: Database) -> None:
    added = await database.write(imports.add, MARA, FILE, NOW)
    assert (added.lines, added.known) == (FILE, 0)
    again = await database.write(imports.add, MARA, FILE, NOW + 1)
    assert (again.lines, again.known) == ((), 3)
    longer = await database.write(imports.add, MARA, (*FILE, TWICE), NOW + 2)
    assert (longer.lines, longer.known) == ((TWICE,), 3)

    def use_case(conn: Connection) -> None:
        found = entries(conn)
        assert sorted((e.place.unit, e.amount, e.project, e.note) for e in found) == [
            ("minutes", 45, "My writing", "at the café"),
            *[("words", 350, "The Pier", None)] * 3,
        ]
        assert {(e.place.day, e.place.guild_id, e.source) for e in found} == {(DAY, None, "import")}
        assert titles(conn) == {"My writing", "The Pier"}
        assert entries(conn, TOBIAS) == []

    await database.write(use_case)


async def test_two_deliveries_at_once_add_it_once(database: Database) -> None:
    await asyncio.gather(*(database.write(imports.add, MARA, FILE, NOW) for _ in range(4)))
    assert len(await database.write(entries)) == 3


async def test_what_is_in_the_ledger_already_is_known(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        mara = people.person_id(conn, MARA, NOW)
        place = Place(projects.default(conn, mara, NOW), Unit.WORDS, DAY, 100)
        ledger.add(conn, mara, place, 350, now=NOW, source="wrote", key="w", note="rain")
        line = Line(DAY, 350, Unit.WORDS, "MY  writing", "rain")
        assert imports.add(conn, MARA, [line], NOW).known == 1
        assert imports.add(conn, MARA, [line, line], NOW).lines == (line,)
        assert titles(conn) == {"My writing"}

    await database.write(use_case)


async def test_what_was_changed_since_does_not_come_back(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        imports.add(conn, MARA, FILE, NOW)
        mara = people.person_id(conn, MARA, NOW)
        minutes, first, second = entries(conn)
        ledger.correct(conn, mara, first.id, 400, None, NOW, "edit")
        ledger.undo(conn, mara, second.id, NOW, "undo")
        ledger.move(conn, mara, minutes.id, first.place.project_id, DAY, NOW, "move")
        assert imports.add(conn, MARA, FILE, NOW) == imports.Added((), 3)

    await database.write(use_case)


async def test_a_file_with_too_many_projects_changes_nothing(database: Database) -> None:
    lines = [Line(DAY, 1, Unit.WORDS, f"Story {n}", None) for n in range(projects.MOST_PROJECTS)]
    with pytest.raises(Conflict, match="more than 100 projects"):
        await database.write(imports.add, MARA, lines, NOW)
    assert await database.write(entries) == []


async def test_a_long_file(database: Database) -> None:
    lines = [Line(DAY, n, Unit.WORDS, "The Pier", None) for n in range(20_000)]
    assert len((await database.write(imports.add, MARA, lines, NOW)).lines) == 20_000


def run(conn: Connection, lines: tuple[Line, ...], import_id: int, **more: list[Start]) -> Added:
    return imports.add(conn, MARA, lines, NOW, import_id=import_id, **more)


def correct(conn: Connection, entry_id: int) -> None:
    ledger.correct(conn, people.person_id(conn, MARA, NOW), entry_id, 7, None, NOW, "correct")


def move(conn: Connection, entry_id: int) -> None:
    mara = people.person_id(conn, MARA, NOW)
    project_id = projects.default(conn, mara, NOW)
    ledger.move(conn, mara, entry_id, project_id, date(2026, 11, 1), NOW, "move")


def take_back(conn: Connection, entry_id: int) -> None:
    ledger.undo(conn, people.person_id(conn, MARA, NOW), entry_id, NOW, "undo")


async def test_an_import_is_undone_whole_and_can_come_again(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        other = (Line(DAY, 99, Unit.WORDS, "Poems", None),)
        run(conn, other, 1)
        before = entries(conn)
        for import_id in (2, 3):
            run(conn, FILE, import_id, starts=[Start("The Pier", Unit.WORDS, 40_000)])
            pier = projects.find(conn, MARA, "The Pier")
            assert starting_counts.of(conn, pier.id, Unit.WORDS) == 40_000
            assert imports.undo(conn, MARA, import_id, NOW + 30 * DAYS) == len(FILE)
            assert entries(conn) == before
            assert titles(conn) == {"My writing", "Poems"}
            with pytest.raises(NotFound):
                imports.undo(conn, MARA, import_id, NOW)

    await database.write(use_case)


async def test_projects_in_use_outlive_the_import_that_made_them(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        run(conn, FILE, 1)
        mara = people.person_id(conn, MARA, NOW)
        pier = projects.find(conn, MARA, "The Pier").id
        place = Place(pier, Unit.WORDS, DAY, None)
        kept = ledger.add(conn, mara, place, 5, now=NOW, source="wrote", key="k")
        imports.undo(conn, MARA, 1, NOW)
        assert entries(conn) == [kept]
        assert titles(conn) == {"My writing", "The Pier"}

    await database.write(use_case)


@pytest.mark.parametrize("change", [correct, move, take_back])
async def test_an_import_that_was_changed_is_not_undone(
    database: Database, change: Callable[[Connection, int], None]
) -> None:
    def use_case(conn: Connection) -> None:
        run(conn, FILE, 1)
        change(conn, entries(conn)[0].id)
        before = entries(conn)
        with pytest.raises(Conflict, match="changed"):
            imports.undo(conn, MARA, 1, NOW)
        assert entries(conn) == before

    await database.write(use_case)


async def test_nor_one_that_a_running_total_counts_on(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        run(conn, FILE, 1)

        def log(typed: str, number: int) -> int:
            pier = projects.find(conn, MARA, "The Pier").id
            done = service.wrote(
                conn, MARA, parse(typed), now=NOW, interaction_id=number, project_id=pier
            )
            return done.entry.id

        log("50", 1)
        total = log("=1000", 2)
        with pytest.raises(Conflict, match="running total"):
            imports.undo(conn, MARA, 1, NOW)
        service.undo(conn, MARA, total, now=NOW, interaction_id=3)
        assert imports.undo(conn, MARA, 1, NOW) == 3

    await database.write(use_case)


async def test_an_import_is_undone_by_its_writer_within_thirty_days(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        run(conn, FILE, 1)
        people.person_id(conn, TOBIAS, NOW)
        with pytest.raises(NotFound):
            imports.undo(conn, TOBIAS, 1, NOW)
        with pytest.raises(Conflict, match="30 days"):
            imports.undo(conn, MARA, 1, NOW + 30 * DAYS + 1)
        assert len(entries(conn)) == 3

    await database.write(use_case)


async def test_a_project_with_words_keeps_where_it_started(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        run(conn, (TWICE,), 1)
        run(conn, FILE, 2, starts=[Start("The Pier", Unit.WORDS, 40_000)])
        pier = projects.find(conn, MARA, "The Pier").id
        assert starting_counts.of(conn, pier, Unit.WORDS) == 0

    await database.write(use_case)
