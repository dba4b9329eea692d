"""Entries that are put right, moved and taken back."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import BadInput, NotFound
from bot.people import service as people
from bot.words import ledger, projects
from bot.words import service as words
from bot.words.amounts import Unit
from bot.words.ledger import Place
from tests.bot.words.logged import (
    GUILD,
    MARA,
    NOON,
    TOBIAS,
    TODAY,
    YESTERDAY,
    edit,
    history,
    move,
    numbers,
    poems,
    undo,
    wrote,
)


def sprinted(conn: Connection, amount: int, day: date = TODAY) -> int:
    mara = people.person_id(conn, MARA, NOON)
    place = Place(projects.default(conn, mara, NOON), Unit.WORDS, day, GUILD)
    entry_id = ledger.settle(
        conn, mara, place, amount, now=NOON, source="sprint", key=f"sprint:{next(numbers)}"
    )
    assert entry_id is not None
    return entry_id


async def test_a_mistake_is_put_right(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        slip = wrote(conn, "3500").entry
        wrote(conn, "20")
        edited = edit(conn, slip.id, "350", "chapter one")
        assert (edited.amount, edited.note) == (350, "chapter one")
        assert wrote(conn, "30").total == 400
        assert edit(conn, slip.id, "=350").note is None
        assert edit(conn, slip.id, "-50").amount == -50
        assert edit(conn, slip.id, "0").amount == 0
        assert wrote(conn, "10").on_day == 60
        assert undo(conn, slip.id).void
        assert len(history(conn)) == 3
        with pytest.raises(NotFound, match="taken back"):
            edit(conn, slip.id, "1")
        with pytest.raises(NotFound, match="taken back"):
            move(conn, slip.id, "yesterday")
        with pytest.raises(NotFound, match="taken back"):
            words.show(conn, MARA, slip.id)
        assert undo(conn, slip.id).void
        assert wrote(conn, "0").total == 60

    await database.write(use_case)


async def test_an_entry_is_moved_to_where_it_belongs(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        other = poems(conn)
        novel = projects.create(conn, MARA, "Novel", now=NOON, interaction_id=1).project.id
        entry = wrote(conn, "350", project_id=novel, note="x").entry
        moved = move(conn, entry.id, "yesterday")
        assert (moved.place.project_id, moved.place.day) == (novel, YESTERDAY)
        moved = move(conn, entry.id, project_id=other)
        assert (moved.place.project_id, moved.place.day) == (other, YESTERDAY)
        assert (moved.amount, moved.note, moved.project) == (350, "x", "Poems")
        assert words.show(conn, MARA, entry.id) == moved
        assert move(conn, entry.id) == moved  # to where it is
        assert history(conn) == [moved]
        with pytest.raises(BadInput):
            move(conn, entry.id, "tomorrow")
        his = poems(conn, TOBIAS)
        with pytest.raises(NotFound):
            move(conn, entry.id, project_id=his)
        assert history(conn) == [moved]
        assert undo(conn, entry.id).void
        assert history(conn) == []

    await database.write(use_case)


async def test_what_was_counted_in_a_sprint_is_put_right_like_all_else(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        entry_id = sprinted(conn, 350)
        assert [entry.id for entry in history(conn)] == [entry_id]
        assert words.show(conn, MARA, entry_id).amount == 350
        assert wrote(conn, "=350").entry.amount == 0
        assert edit(conn, entry_id, "300").amount == 300
        moved = move(conn, entry_id, "yesterday")
        assert (moved.amount, moved.place.day) == (300, YESTERDAY)
        assert undo(conn, entry_id).void

    await database.write(use_case)


async def test_an_entry_of_tomorrow_is_moved_to_another_project(database: Database) -> None:
    """A sprint that is mostly tomorrow's, or a writer who has flown west."""

    def use_case(conn: Connection) -> None:
        other = poems(conn)
        entry_id = sprinted(conn, 350, TODAY + timedelta(days=1))
        day = (TODAY + timedelta(days=1)).isoformat()
        moved = move(conn, entry_id, day, project_id=other)
        assert (moved.project, moved.place.day.isoformat()) == ("Poems", day)
        assert move(conn, entry_id, "today").place.day == TODAY
        with pytest.raises(BadInput):
            move(conn, entry_id, day)

    await database.write(use_case)


async def test_who_is_told_is_remembered(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        assert not wrote(conn, "10").private
        for said, stands in ((True, True), (None, True), (False, False), (None, False)):
            assert wrote(conn, "10", private=said).private is stands
        assert not wrote(conn, "10", TOBIAS).private

    await database.write(use_case)
