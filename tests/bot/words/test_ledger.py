import asyncio
from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine, select

from bot.db.engine import Database
from bot.db.metadata import metadata
from bot.errors import NotFound
from bot.people import service as people
from bot.people.service import Member
from bot.words import ledger, projects
from bot.words.amounts import Unit
from bot.words.ledger import Entry, Place
from bot.words.tables import entries

GUILD = 100
MARA, TOBIAS = Member(1, "Mara", GUILD), Member(2, "Tobias", GUILD)
NOW = 1_800_000_000_000
TODAY = date(2026, 11, 3)
YESTERDAY = TODAY - timedelta(days=1)


def writer(conn: Connection, member: Member = MARA) -> tuple[int, int]:
    """A person and their default project."""
    person_id = people.person_id(conn, member, NOW)
    return person_id, projects.default(conn, person_id, NOW)


def place(project_id: int, day: date = TODAY, unit: Unit = Unit.WORDS) -> Place:
    return Place(project_id, unit, day, GUILD)


def add(conn: Connection, amount: int, key: str, day: date = TODAY, made_at: int = NOW) -> Entry:
    person_id, project_id = writer(conn)
    return ledger.add(
        conn, person_id, place(project_id, day), amount, now=made_at, source="wrote", key=key
    )


def rows(conn: Connection) -> int:
    return len(conn.execute(select(entries)).all())


async def test_entries_add_up_by_project_unit_and_day(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        mara, novel = writer(conn)
        tobias, _ = writer(conn, TOBIAS)
        poems = projects.create(conn, MARA, "Poems", now=NOW, interaction_id=1).project.id
        for number, (project_id, day, unit, amount) in enumerate(
            [
                (novel, TODAY, Unit.WORDS, 350),
                (novel, YESTERDAY, Unit.WORDS, 500),
                (poems, TODAY, Unit.WORDS, 20),
                (poems, TODAY, Unit.LINES, 4),
                (novel, TODAY, Unit.WORDS, -50),
            ]
        ):
            ledger.add(
                conn, mara, place(project_id, day, unit), amount,
                now=NOW, source="wrote", key=f"k{number}",
            )  # fmt: skip
        assert ledger.total(conn, mara, novel, Unit.WORDS) == 800
        assert ledger.total(conn, mara, poems, Unit.WORDS) == 20
        assert ledger.total(conn, mara, poems, Unit.LINES) == 4
        assert ledger.on_day(conn, mara, Unit.WORDS, TODAY) == 320
        assert ledger.on_day(conn, mara, Unit.WORDS, YESTERDAY) == 500
        assert ledger.on_day(conn, mara, Unit.SCENES, TODAY) == 0
        assert ledger.total(conn, tobias, novel, Unit.WORDS) == 0
        assert ledger.on_day(conn, tobias, Unit.WORDS, TODAY) == 0

    await database.write(use_case)


async def test_a_key_makes_one_entry(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        first = add(conn, 350, "once")
        assert add(conn, 999, "once", YESTERDAY) == first
        assert (first.amount, first.project, first.void) == (350, projects.FIRST_TITLE, False)
        assert rows(conn) == 1

    await database.write(use_case)


async def test_a_correction_is_an_entry_and_counts_once(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        mara, novel = writer(conn)
        entry = add(conn, 350, "a")
        for _ in range(2):
            edited = ledger.correct(conn, mara, entry.id, 35, "a slip", NOW + 1, "b")
        assert (edited.id, edited.amount, edited.note) == (entry.id, 35, "a slip")
        assert (edited.made_at, edited.place, edited.source) == (NOW, entry.place, "wrote")
        assert ledger.total(conn, mara, novel, Unit.WORDS) == 35
        ledger.correct(conn, mara, entry.id, 40, None, NOW + 2, "c")
        late = ledger.correct(conn, mara, entry.id, 35, "a slip", NOW + 3, "b")  # delivered again
        assert (late.amount, late.note) == (40, None)
        assert rows(conn) == 3

    await database.write(use_case)


async def test_undoing_leaves_the_day_as_if_nothing_had_been_written(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        mara, novel = writer(conn)
        zero, entry = add(conn, 0, "zero", YESTERDAY), add(conn, 350, "a")
        ledger.correct(conn, mara, entry.id, 300, None, NOW, "b")
        assert ledger.days(conn, mara) == [YESTERDAY, TODAY]
        assert ledger.undo(conn, mara, entry.id, NOW, "c").void
        assert ledger.days(conn, mara) == [YESTERDAY]  # a zero is an entry
        assert ledger.total(conn, mara, novel, Unit.WORDS) == 0
        assert ledger.latest(conn, mara, 10) == [zero]
        ledger.undo(conn, mara, entry.id, NOW, "d")
        ledger.undo(conn, mara, zero.id, NOW, "e")
        ledger.undo(conn, mara, zero.id, NOW, "e")
        assert ledger.days(conn, mara) == []
        assert ledger.latest(conn, mara, 10) == []
        assert ledger.total(conn, mara, novel, Unit.WORDS) == 0
        assert rows(conn) == 5

    await database.write(use_case)


async def test_a_move_takes_all_of_an_entry_with_it(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        mara, novel = writer(conn)
        poems = projects.create(conn, MARA, "Poems", now=NOW, interaction_id=1).project.id
        entry = add(conn, 350, "a")
        conn.execute(entries.update().values(left_off=1))
        ledger.correct(conn, mara, entry.id, 300, "cut", NOW, "b")
        for _ in range(2):
            moved = ledger.move(conn, mara, entry.id, poems, YESTERDAY, NOW + 9, "c")
        assert moved.id != entry.id
        assert (moved.amount, moved.note, moved.project) == (300, "cut", "Poems")
        assert (moved.made_at, moved.source) == (NOW, "wrote")
        assert moved.place == Place(poems, Unit.WORDS, YESTERDAY, GUILD)
        assert ledger.total(conn, mara, novel, Unit.WORDS) == 0
        assert ledger.total(conn, mara, poems, Unit.WORDS) == 300
        assert ledger.days(conn, mara) == [YESTERDAY]
        assert ledger.latest(conn, mara, 10) == [moved]
        left_off = select(entries.c.left_off).where(entries.c.id == moved.id)
        assert conn.scalars(left_off).one() == 1

    await database.write(use_case)


async def test_what_was_moved_is_found_by_its_first_number(database: Database) -> None:
    """The message that logged it stays where it is, and its *Undo* must still be true."""

    def use_case(conn: Connection) -> None:
        mara, novel = writer(conn)
        entry, other = add(conn, 350, "a"), add(conn, 7, "other")
        second = ledger.move(conn, mara, entry.id, novel, YESTERDAY, NOW, "b")
        third = ledger.move(conn, mara, second.id, novel, TODAY - timedelta(days=2), NOW, "c")
        for one in (entry, second, third):
            assert ledger.get(conn, mara, one.id) == third
        assert ledger.move(conn, mara, entry.id, novel, YESTERDAY, NOW, "b") == third  # again
        assert ledger.move(conn, mara, entry.id, novel, third.place.day, NOW, "d") == third
        ledger.correct(conn, mara, entry.id, 300, None, NOW, "e")
        assert ledger.total(conn, mara, novel, Unit.WORDS) == 307
        assert ledger.undo(conn, mara, entry.id, NOW, "f").void
        assert ledger.latest(conn, mara, 10) == [other]
        assert ledger.total(conn, mara, novel, Unit.WORDS) == 7

    await database.write(use_case)


async def test_anothers_entry_does_not_exist(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        entry = add(conn, 350, "a")
        tobias, his = writer(conn, TOBIAS)
        with pytest.raises(NotFound):
            ledger.get(conn, tobias, entry.id)
        with pytest.raises(NotFound):
            ledger.correct(conn, tobias, entry.id, 1, None, NOW, "b")
        with pytest.raises(NotFound):
            ledger.undo(conn, tobias, entry.id, NOW, "c")
        with pytest.raises(NotFound):
            ledger.move(conn, tobias, entry.id, his, TODAY, NOW, "d")
        with pytest.raises(NotFound):
            ledger.get(conn, writer(conn)[0], entry.id + 1)
        assert rows(conn) == 1

    await database.write(use_case)


async def test_a_settled_entry_follows_what_is_said(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        mara, novel = writer(conn)

        def settle(amount: int | None, day: date = TODAY) -> int | None:
            return ledger.settle(
                conn, mara, place(novel, day), amount, now=NOW, source="sprint", key="sprint:1"
            )

        assert settle(None) is None
        entry_id = settle(350)
        assert entry_id is not None
        for amount in (350, 400, None, None, 0, 20):
            assert settle(amount, YESTERDAY) == entry_id
            assert ledger.total(conn, mara, novel, Unit.WORDS) == (amount or 0)
            assert ledger.days(conn, mara) == ([] if amount is None else [TODAY])
        assert ledger.get(conn, mara, entry_id).amount == 20

    await database.write(use_case)


async def test_the_latest_come_first_a_page_at_a_time(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        mara, _ = writer(conn)
        made = [add(conn, n, f"k{n}", TODAY - timedelta(days=n)) for n in range(5)]
        ledger.undo(conn, mara, made[3].id, NOW, "undo")
        newest = [made[n] for n in (4, 2, 1, 0)]
        assert ledger.latest(conn, mara, 10) == newest
        assert ledger.latest(conn, mara, 2) == newest[:2]
        assert ledger.latest(conn, mara, 2, 2) == newest[2:]
        assert ledger.latest(conn, mara, 2, 4) == []

    await database.write(use_case)


async def test_corrections_at_once_do_not_add_up(database: Database) -> None:
    entry = await database.write(add, 350, "a")
    mara, novel = await database.write(writer)
    await asyncio.gather(
        *(
            database.write(ledger.correct, mara, entry.id, amount, None, NOW, f"c{amount}")
            for amount in range(10, 18)
        ),
        *(
            database.write(ledger.move, mara, entry.id, novel, TODAY - timedelta(days=n), NOW, "m")
            for n in (1, 1)
        ),
    )
    stands = await database.read(ledger.get, mara, entry.id)
    assert 10 <= stands.amount < 18
    assert stands.place.day == YESTERDAY
    assert await database.read(ledger.total, mara, novel, Unit.WORDS) == stands.amount


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "correct", "undo", "move", "settle"]),
        st.integers(0, 5),  # which entry, or how many days ago
        st.integers(-50, 500),
        st.integers(0, 30),  # of the key: some are delivered twice
    ),
    max_size=30,
)


@given(STEPS)
def test_sums_are_those_of_the_entries_that_stand(steps: list[tuple[str, int, int, int]]) -> None:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as conn:
        mara, novel = writer(conn)
        for what, number, amount, key in steps:
            everything = ledger.latest(conn, mara, 100)
            day = TODAY - timedelta(days=number)
            if what == "add":
                add(conn, amount, f"add:{key}", day)
            elif what == "settle":
                said = None if amount < 0 else amount
                ledger.settle(
                    conn, mara, place(novel, day), said, now=NOW, source="sprint", key=f"s:{number}"
                )
            elif everything:
                entry_id = everything[number % len(everything)].id
                if what == "correct":
                    ledger.correct(conn, mara, entry_id, amount, None, NOW, f"correct:{key}")
                elif what == "undo":
                    ledger.undo(conn, mara, entry_id, NOW, f"undo:{key}")
                else:
                    ledger.move(conn, mara, entry_id, novel, day, NOW, f"move:{key}")
            by_day: dict[date, int] = defaultdict(int)
            for entry in ledger.latest(conn, mara, 100):
                by_day[entry.place.day] += entry.amount
            assert ledger.days(conn, mara) == sorted(by_day)
            assert ledger.total(conn, mara, novel, Unit.WORDS) == sum(by_day.values())
            for back in range(6):
                day = TODAY - timedelta(days=back)
                assert ledger.on_day(conn, mara, Unit.WORDS, day) == by_day.get(day, 0)
    engine.dispose()
