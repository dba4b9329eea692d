"""Entries from a file in the ledger."""

import asyncio
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import Conflict
from bot.people import service as people
from bot.people.service import Member
from bot.words import imports, ledger, projects
from bot.words.amounts import Unit
from bot.words.ledger import Entry, Place
from bot.words.transfer import Line

MARA, TOBIAS = Member(1, "Mara", 100), Member(2, "Tobias", 100)
NOW = int(datetime(2026, 11, 20, 8, tzinfo=UTC).timestamp() * 1000)
DAY = date(2026, 11, 3)
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
