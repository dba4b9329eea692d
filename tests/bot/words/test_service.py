import asyncio
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import NotFound, UserError
from bot.people import service as people
from bot.people.service import Member
from bot.words import amounts, goals, projects
from bot.words import service as words
from bot.words.amounts import Unit
from bot.words.goal_rules import Period, Wanted
from bot.words.service import PAGE
from tests.bot.words.logged import (
    ELSEWHERE,
    GUILD,
    MARA,
    NOON,
    TOBIAS,
    TODAY,
    YESTERDAY,
    edit,
    history,
    move,
    ms,
    poems,
    undo,
    wrote,
)

ALONE = Member(1, "mara", None)  # in direct messages


async def test_a_day_of_writing(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        first = wrote(conn, "350", note="  the   pier ")
        assert (first.entry.amount, first.entry.note) == (350, "the pier")
        assert (first.on_day, first.total, first.offer_yesterday) == (350, 350, False)
        assert first.entry.place.day == TODAY
        assert first.entry.place.guild_id == GUILD
        assert first.entry.source == "wrote"
        more = wrote(conn, "+150", ALONE)
        assert (more.entry.amount, more.on_day, more.total) == (150, 500, 500)
        assert more.entry.place.guild_id is None
        less = wrote(conn, "-40")
        assert (less.entry.amount, less.on_day, less.total) == (-40, 460, 460)
        before = wrote(conn, "1000", day="yesterday")
        assert (before.entry.place.day, before.on_day, before.total) == (YESTERDAY, 1000, 1460)
        long_ago = wrote(conn, "0", day="2026-01-31")
        assert (long_ago.entry.place.day, long_ago.on_day) == (date(2026, 1, 31), 0)

    await database.write(use_case)


async def test_a_running_total_is_of_its_project_and_unit(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        wrote(conn, "300", day="yesterday")
        wrote(conn, "12", unit=Unit.PAGES)
        other = poems(conn)
        wrote(conn, "40", project_id=other)
        done = wrote(conn, "=1000")
        assert (done.entry.amount, done.total, done.on_day) == (700, 1000, 740)
        back = wrote(conn, "=900")
        assert (back.entry.amount, back.total) == (-100, 900)
        same = wrote(conn, "=900")
        assert (same.entry.amount, same.entry.void, same.total) == (0, False, 900)
        pages = wrote(conn, "=20", unit=Unit.PAGES)
        assert (pages.entry.amount, pages.on_day, pages.total) == (8, 20, 20)
        assert wrote(conn, "=100", project_id=other).entry.amount == 60

    await database.write(use_case)


async def test_what_is_delivered_twice_counts_once(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        first = wrote(conn, "=350", interaction_id=7)
        assert wrote(conn, "=350", interaction_id=7) == first
        for _ in range(2):
            words.edit(
                conn, MARA, first.entry.id, amounts.parse("300"), None,
                now=NOON, interaction_id=8,
            )  # fmt: skip
            moved = words.move(
                conn, MARA, first.entry.id, day="yesterday", now=NOON, interaction_id=9
            )
        again = wrote(conn, "=350", interaction_id=7)
        assert (again.entry, again.on_day, again.total) == (moved, 300, 300)
        assert moved.place.day == YESTERDAY
        for _ in range(2):
            assert words.undo(conn, MARA, moved.id, now=NOON, interaction_id=10).void
        assert wrote(conn, "0").total == 0

    await database.write(use_case)


async def test_everything_at_once_adds_up(database: Database) -> None:
    """Each of them twice, as from a gateway that stutters; by phone and by desk at once."""
    await database.write(wrote, "100", ALONE)
    first = 1_000_000
    await asyncio.gather(
        *(database.write(wrote, "10", ALONE, interaction_id=first + n // 2) for n in range(20)),
        *(database.write(wrote, "=5000", ALONE, interaction_id=-first - n // 2) for n in range(6)),
    )
    assert 5000 <= (await database.write(wrote, "0", ALONE)).total <= 5100
    assert len((await database.read(words.history, ALONE, 1)).entries) == 15 - PAGE


async def test_words_and_the_end_of_their_project_at_once(database: Database) -> None:
    await database.write(wrote, "100", ALONE)
    other = await database.write(poems, ALONE)

    async def write() -> int:
        try:
            return (await database.write(wrote, "10", ALONE, project_id=other)).entry.amount
        except NotFound:
            return 0

    done = await asyncio.gather(
        write(), write(), database.write(projects.remove, ALONE, other), write(), write()
    )
    logged = sum(amount for amount in done if isinstance(amount, int))
    assert (await database.read(projects.mine, ALONE))[0].words == 100 + logged


@pytest.mark.parametrize(
    ("zone", "utc", "day"),
    [
        ("Pacific/Honolulu", "2026-11-01T09:59", "2026-10-31"),
        ("Pacific/Honolulu", "2026-11-01T10:00", "2026-11-01"),
        ("Pacific/Kiritimati", "2026-11-01T09:59", "2026-11-01"),
        ("Pacific/Kiritimati", "2026-11-01T10:00", "2026-11-02"),
        # New York's clocks go back in that night: its day has 25 hours.
        ("America/New_York", "2026-11-01T03:59", "2026-10-31"),
        ("America/New_York", "2026-11-01T04:00", "2026-11-01"),
        ("America/New_York", "2026-11-02T04:59", "2026-11-01"),
        ("America/New_York", "2026-11-02T05:00", "2026-11-02"),
    ],
)
async def test_words_go_to_the_writers_own_day(
    database: Database, zone: str, utc: str, day: str
) -> None:
    """Whatever the server's zone, and in direct messages as well."""

    def use_case(conn: Connection) -> None:
        people.set_guild_zone(conn, GUILD, "Asia/Tokyo")
        people.set_zone(conn, MARA, zone, NOON)
        for member in (MARA, ALONE):
            assert wrote(conn, "350", member, now=ms(utc)).entry.place.day == date.fromisoformat(
                day
            )

    await database.write(use_case)


async def test_at_one_instant_two_members_are_a_day_apart(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        people.set_guild_zone(conn, GUILD, "America/New_York")
        people.set_zone(conn, MARA, "Pacific/Honolulu", NOON)
        people.set_zone(conn, TOBIAS, "Pacific/Kiritimati", NOON)
        # Twice a day for four days around New York's change of the clocks, at 00:40 and 12:40.
        for hours in range(0, 96, 12):
            now = ms("2026-10-30T10:40") + hours * 3_600_000
            mara, tobias = wrote(conn, "10", now=now), wrote(conn, "10", TOBIAS, now=now)
            assert tobias.entry.place.day - mara.entry.place.day == timedelta(days=1)
            assert mara.offer_yesterday is tobias.offer_yesterday is (hours % 24 == 0)
            assert mara.on_day == tobias.on_day == (10 if hours % 24 == 0 else 20)
        ines = Member(3, "Ines", GUILD)  # who goes by the server's zone
        before, after = ms("2026-11-01T03:59"), ms("2026-11-02T04:59")
        assert wrote(conn, "10", ines, now=before).entry.place.day == date(2026, 10, 31)
        assert wrote(conn, "10", ines, now=after).entry.place.day == date(2026, 11, 1)

    await database.write(use_case)


async def test_yesterday_is_offered_just_after_midnight_only(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        people.set_zone(conn, MARA, "Europe/Berlin", NOON)
        early = ms("2026-11-02T23:40")
        offered = wrote(conn, "350", now=early)
        assert offered.offer_yesterday
        assert offered.entry.place.day == TODAY
        assert not wrote(conn, "350", now=early, day="today").offer_yesterday
        assert not wrote(conn, "350", now=early - 3_600_000).offer_yesterday
        assert not wrote(conn, "350", now=ms("2026-11-03T05:00")).offer_yesterday
        moved = words.move(
            conn, MARA, offered.entry.id, day="2026-11-02", now=early, interaction_id=5
        )
        assert moved.place.day == YESTERDAY
        assert moved.amount == 350
        assert wrote(conn, "5", now=early).on_day == 705  # the other two of today

    await database.write(use_case)


async def test_what_remains_today_is_said(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        habit = Wanted(500, Unit.WORDS, TODAY, None, Period.DAY)
        goals.create(conn, MARA, habit, now=NOON, interaction_id=1)
        assert not wrote(conn, "400", TOBIAS).goals
        left = []
        for typed, day in (("350", None), ("900", "yesterday"), ("-50", None), ("400", None)):
            (goal,) = wrote(conn, typed, day=day).goals
            left.append(goal.left_today)
        assert left == [150, 150, 200, 0]

    await database.write(use_case)


async def test_history_by_the_page(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        assert words.history(conn, MARA, 0).entries == []
        for number in range(PAGE + 1):
            wrote(conn, str(number))
        first, second = words.history(conn, MARA, 0), words.history(conn, MARA, 1)
        assert [entry.amount for entry in first.entries] == list(range(PAGE, 0, -1))
        assert (first.more, second.more) == (True, False)
        assert [entry.amount for entry in second.entries] == [0]
        assert words.history(conn, MARA, 7) == second
        undo(conn, second.entries[0].id)
        assert words.history(conn, MARA, 1).page == 0
        assert not words.history(conn, MARA, 0).more

    await database.write(use_case)


async def test_what_is_wrong_changes_nothing(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        his = poems(conn, TOBIAS)
        his_entry = wrote(conn, "5", TOBIAS, project_id=his).entry
        mine = wrote(conn, "350").entry
        attempts: list[Callable[[], object]] = [
            lambda: wrote(conn, "10", day="tomorrow"),
            lambda: wrote(conn, "10", day="soon"),
            lambda: wrote(conn, "10", note="x" * 201, private=True),
            lambda: wrote(conn, "10", project_id=his),
            lambda: wrote(conn, "10", project_id=4711),
            lambda: edit(conn, mine.id, "10", "x" * 201),
            lambda: edit(conn, his_entry.id, "10"),
            lambda: move(conn, his_entry.id, "yesterday"),
            lambda: undo(conn, his_entry.id),
            lambda: undo(conn, mine.id, TOBIAS),
            lambda: undo(conn, mine.id, Member(3, "Ines", GUILD)),
            lambda: words.show(conn, MARA, his_entry.id),
        ]
        for attempt in attempts:
            with pytest.raises(UserError), conn.begin_nested():
                attempt()
        assert history(conn) == [mine]
        assert history(conn, TOBIAS) == [his_entry]
        assert people.find(conn, 3) is None
        assert not wrote(conn, "0").private

    await database.write(use_case)


async def test_one_ledger_in_every_server(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        wrote(conn, "100")
        there = wrote(conn, "50", Member(1, "M.", ELSEWHERE))
        assert (there.total, there.on_day) == (150, 150)
        assert {entry.place.guild_id for entry in history(conn)} == {GUILD, ELSEWHERE}

    await database.write(use_case)
