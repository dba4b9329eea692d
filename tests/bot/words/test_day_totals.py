"""What stands beside the ledger says the same as the ledger."""

import asyncio
import importlib
from collections.abc import Callable
from contextlib import suppress
from datetime import date

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, text

from bot.db.engine import Database
from bot.errors import NotFound
from bot.jobs import service as jobs
from bot.people import service as people
from bot.people.service import Member
from bot.words import boards, day_totals, ledger, privacy, projects
from bot.words.amounts import Unit
from bot.words.day_totals import SOON, WRITTEN, Day, Together, Within
from bot.words.ledger import Place
from bot.words.tables import day_totals as totals
from bot.words.tables import entries
from tests.bot.memory import in_memory
from tests.bot.words.making import ELSEWHERE, GUILD, MARA, TOBIAS, ms, numbers, on, person, write

NOON = ms("2026-11-11T12:00")
NOVEMBER = Within(GUILD, Unit.WORDS, on("2026-11-01"), on("2026-11-30"))

Key = tuple[int, str, int, str]
Sums = dict[Key, tuple[int, int]]
Step = Callable[[Connection], object]

PEOPLE = st.sampled_from([MARA, TOBIAS])
DAYS = st.integers(1, 3).map(lambda number: date(2026, 11, number))
AMOUNTS = st.integers(-50, 2000)
UNITS = st.sampled_from([Unit.WORDS, Unit.PAGES])
GUILDS = st.sampled_from([GUILD, ELSEWHERE, None])
WHICH = st.integers(1, 6)  # an entry, if there is one of this id


def kept(conn: Connection) -> Sums:
    return {
        (row.guild_id, row.unit, row.person_id, row.day): (row.amount, row.entries)
        for row in conn.execute(select(totals))
        if (row.amount, row.entries) != (0, 0)
    }


def worked_out(conn: Connection) -> Sums:
    found: Sums = {}
    for row in conn.execute(select(entries)):
        if row.guild_id is not None and not row.left_off:
            key = row.guild_id, row.unit, row.person_id, row.day
            amount, count = found.get(key, (0, 0))
            found[key] = amount + row.amount, count + (row.root_id is None and not row.void)
    return {key: sums for key, sums in found.items() if sums != (0, 0)}


def owner(conn: Connection, entry_id: int) -> int:
    return conn.scalar(select(entries.c.person_id).where(entries.c.id == entry_id)) or 0


def added(member: Member, amount: int, day: date, unit: Unit, guild_id: int | None) -> Step:
    return lambda conn: write(
        conn, amount, day.isoformat(), member=member, unit=unit, guild_id=guild_id
    )


def corrected(which: int, amount: int) -> Step:
    return lambda conn: ledger.correct(
        conn, owner(conn, which), which, amount, None, NOON, f"c{next(numbers)}"
    )


def undone(which: int) -> Step:
    return lambda conn: ledger.undo(conn, owner(conn, which), which, NOON, f"u{next(numbers)}")


def moved(which: int, day: date) -> Step:
    def step(conn: Connection) -> None:
        mine = owner(conn, which)
        project = projects.default(conn, mine, 0) if mine else 0
        ledger.move(conn, mine, which, project, day, NOON, f"m{next(numbers)}")

    return step


def settled(member: Member, sprint: int, amount: int | None) -> Step:
    def step(conn: Connection) -> None:
        mine = person(conn, member)
        place = Place(projects.default(conn, mine, 0), Unit.WORDS, on("2026-11-02"), GUILD)
        ledger.settle(
            conn, mine, place, amount, now=NOON, source="sprint", key=f"sprint:{sprint}:{mine}"
        )

    return step


def left_off(which: int, guild_id: int, off: bool) -> Step:
    return lambda conn: boards.leave_off(conn, guild_id, which, off, NOON)


STEPS = st.one_of(
    st.builds(added, PEOPLE, AMOUNTS, DAYS, UNITS, GUILDS),
    st.builds(corrected, WHICH, AMOUNTS),
    st.builds(undone, WHICH),
    st.builds(moved, WHICH, DAYS),
    st.builds(settled, PEOPLE, st.integers(1, 2), st.none() | AMOUNTS),
    st.builds(left_off, WHICH, st.sampled_from([GUILD, ELSEWHERE]), st.booleans()),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(STEPS, min_size=3, max_size=15))
def test_they_are_always_the_sums_of_the_ledger(steps: list[Step]) -> None:
    with in_memory() as conn:
        for step in steps:
            with suppress(NotFound):
                step(conn)
            assert kept(conn) == worked_out(conn)
        for member in (MARA, TOBIAS):
            privacy.erase(conn, person(conn, member))
        assert kept(conn) == worked_out(conn) == {}


async def test_they_count_once_whoever_writes_at_the_same_time(database: Database) -> None:
    mara = await database.write(person, MARA)
    first = await database.write(write, 100, "2026-11-11")
    project = first.place.project_id
    await asyncio.gather(
        *(database.write(write, 10, f"2026-11-{day}") for day in (10, 11) * 5),
        database.write(boards.leave_off, GUILD, first.id, True, NOON),
        database.write(ledger.correct, mara, first.id, 150, None, NOON, "c"),
        database.write(ledger.move, mara, first.id, project, on("2026-11-10"), NOON, "m"),
    )
    assert await database.read(kept) == await database.read(worked_out)


async def test_what_is_asked_of_them(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        mara, tobias = person(conn, MARA), person(conn, TOBIAS)
        everyone = select(entries.c.person_id).distinct()
        write(conn, 100, "2026-11-01")
        write(conn, 50, "2026-11-01")
        write(conn, 0, "2026-11-30")
        write(conn, 700, "2026-11-01", member=TOBIAS)
        write(conn, 4, "2026-11-02", unit=Unit.PAGES)
        for day in ("2026-10-31", "2026-12-01"):
            write(conn, 9, day)
        write(conn, 9, "2026-11-05", guild_id=ELSEWHERE)
        write(conn, 9, "2026-11-05", guild_id=None)
        ledger.undo(conn, tobias, write(conn, 9, "2026-11-06", member=TOBIAS).id, NOON, "u")

        assert day_totals.by_person(conn, NOVEMBER, everyone) == {mara: 150, tobias: 700}
        assert day_totals.by_day(conn, NOVEMBER, everyone) == {
            on("2026-11-01"): Together(850, 2),
            on("2026-11-30"): Together(0, 1),
        }
        assert day_totals.of(conn, NOVEMBER, {mara, 12345}) == {
            mara: {on("2026-11-01"): Day(150, 2), on("2026-11-30"): Day(0, 1)}
        }
        only_mara = select(entries.c.person_id).where(entries.c.person_id == mara)
        assert day_totals.by_person(conn, NOVEMBER, only_mara) == {mara: 150}
        assert day_totals.by_day(conn, NOVEMBER, only_mara)[on("2026-11-01")] == Together(150, 1)

    await database.write(use_case)


async def test_it_is_known_whose_days_have_changed(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        mara, tobias = person(conn, MARA), person(conn, TOBIAS)
        entry = write(conn, 100, "2026-11-01")
        write(conn, 100, "2026-11-01", member=TOBIAS)
        write(conn, 100, "2026-11-01", member=TOBIAS, guild_id=ELSEWHERE)
        assert day_totals.take_changed(conn, GUILD) == {mara, tobias}
        assert day_totals.take_changed(conn, GUILD) == set()
        ledger.undo(conn, mara, entry.id, NOON, "u")
        assert day_totals.take_changed(conn, GUILD) == {mara}
        assert day_totals.take_changed(conn, ELSEWHERE) == {tobias}

    await database.write(use_case)


async def test_who_waits_for_words_of_a_server_is_told_soon(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        far = NOON + 1_000_000
        for guild_id in (GUILD, ELSEWHERE):
            jobs.schedule(conn, WRITTEN, str(guild_id), far, guild_id)
        write(conn, 100, "2026-11-11")  # at noon
        write(conn, 100, "2026-11-11", at="2026-11-11T12:01")
        write(conn, 100, "2026-11-11", guild_id=None)
        assert jobs.due_at(conn, WRITTEN, str(GUILD)) == NOON + SOON
        assert jobs.due_at(conn, WRITTEN, str(ELSEWHERE)) == far

    await database.write(use_case)


def test_the_migration_fills_them() -> None:
    migration = importlib.import_module("bot.db.migrations.versions.0009_challenges")
    with in_memory() as conn:
        mara = people.person_id(conn, MARA, 0)
        write(conn, 100, "2026-11-01", guild_id=None)
        ledger.correct(conn, mara, write(conn, 9, "2026-11-01").id, 20, None, NOON, "c")
        ledger.undo(conn, mara, write(conn, 9, "2026-11-01").id, NOON, "u")
        boards.leave_off(conn, GUILD, write(conn, 9, "2026-11-01").id, True, NOON)
        write(conn, 0, "2026-11-02", unit=Unit.PAGES, guild_id=ELSEWHERE)
        before = kept(conn)
        for table in ("badges", "challengers", "challenges", "day_totals"):
            conn.execute(text(f"DROP TABLE {table}"))
        with Operations.context(MigrationContext.configure(conn)):
            migration.upgrade()
        assert kept(conn) == before
        assert len(before) == 2
