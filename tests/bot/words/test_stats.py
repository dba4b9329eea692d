from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import NotAllowed
from bot.people import service as people
from bot.words import boards, ledger, settings, stats
from bot.words.amounts import Unit
from bot.words.goal_rules import Period
from bot.words.stats import Stats
from bot.words.summaries import Day, Moment, Month, Part, Summary, by_part, month, summaries
from tests.bot.words.making import (
    ELSEWHERE,
    GUILD,
    HONOLULU,
    KIRITIMATI,
    MARA,
    TOBIAS,
    both_ends_of_the_world,
    in_memory,
    ms,
    on,
    person,
    plans,
    project,
    write,
)

TODAY = on("2026-11-11")  # a Wednesday
NOON = ms("2026-11-11T12:00")


def day(day: str, amount: int, unit: Unit = Unit.WORDS, *, entered: bool = True) -> Day:
    return Day(on(day), unit, amount, entered)


def test_a_summary() -> None:
    days = [
        day("2025-12-31", 4),
        day("2026-01-01", 30),
        day("2026-10-31", 3000),
        day("2026-11-01", 200),
        day("2026-11-08", 3000),
        day("2026-11-09", 0),
        day("2026-11-10", 0, entered=False),  # taken back
        day("2026-11-11", 16),
        day("2026-11-11", 90, Unit.MINUTES),
    ]
    parts = {(Unit.WORDS, Part.EVENING): 16}
    words, minutes = summaries(days, parts, TODAY)
    assert words == Summary(
        unit=Unit.WORDS,
        this={Period.DAY: 16, Period.WEEK: 16, Period.MONTH: 3216, Period.YEAR: 6246},
        total=6250,
        days=7,
        since=on("2025-12-31"),
        best=day("2026-10-31", 3000),  # the first of two
        average=893,
        average_since=20,
        parts={Part.NIGHT: 0, Part.MORNING: 0, Part.AFTERNOON: 0, Part.EVENING: 16},
    )
    assert (minutes.unit, minutes.total, minutes.average_since) == (Unit.MINUTES, 90, 90)
    assert summaries([], {}, TODAY) == []


def test_a_month_is_of_the_first_unit_with_something_in_it() -> None:
    days = [
        day("2026-10-31", 500),
        day("2026-11-02", 90, Unit.MINUTES),
        day("2026-11-03", 0, Unit.MINUTES),
        day("2026-11-04", 0, Unit.MINUTES, entered=False),  # taken back
        day("2026-11-30", -5, Unit.MINUTES),
        day("2026-11-01", 3, Unit.PAGES),
        day("2026-12-01", 500),
    ]
    amounts = (None, 90, 0, *[None] * 26, -5)
    assert month(days, TODAY) == Month(Unit.MINUTES, TODAY, amounts, 0)
    assert month(days, TODAY, 6) == Month(Unit.MINUTES, TODAY, amounts, 6)
    assert month([], TODAY) is None
    found = month(days, on("2028-02-29"))
    assert found is None
    leap = month([day("2028-02-29", 1)], on("2028-02-01"))
    assert leap is not None
    assert leap.amounts == (*[None] * 28, 1)


@pytest.mark.parametrize(
    ("zone", "at", "part"),
    [
        ("UTC", "2026-11-11T00:00", Part.NIGHT),
        ("UTC", "2026-11-11T05:45", Part.NIGHT),
        ("UTC", "2026-11-11T06:00", Part.MORNING),
        ("UTC", "2026-11-11T12:00", Part.AFTERNOON),
        ("UTC", "2026-11-11T18:00", Part.EVENING),
        ("UTC", "2026-11-11T23:45", Part.EVENING),
        ("UTC", "2026-11-12T00:00", None),  # written yesterday, logged today
        ("UTC", "2026-11-10T23:45", None),
        ("Asia/Kathmandu", "2026-11-11T00:15", Part.MORNING),
        ("Pacific/Honolulu", "2026-11-12T09:45", Part.EVENING),
        ("Pacific/Kiritimati", "2026-11-10T10:00", Part.NIGHT),
        # In Berlin 06:00 is at 04:00 UTC, and after the change of clocks at 05:00.
        ("Europe/Berlin", "2026-10-24T04:00", Part.MORNING),
        ("Europe/Berlin", "2026-10-25T04:00", Part.NIGHT),
        ("Europe/Berlin", "2026-10-25T05:00", Part.MORNING),
    ],
)
def test_the_part_of_the_writers_day(zone: str, at: str, part: Part | None) -> None:
    written = on("2026-11-11") if at > "2026-11" else on(at[:10])
    moment = Moment(7, Unit.WORDS, written, ms(at), 100)
    found = by_part([moment, moment], {7: ZoneInfo(zone)})
    assert found == ({} if part is None else {(Unit.WORDS, part): 200})


async def test_the_time_of_day_is_that_of_the_zone_it_was_made_in(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        def parts() -> dict[Part, int]:
            return {
                part: n for part, n in words(stats.own(conn, MARA, None, NOON)).parts.items() if n
            }

        mara = person(conn, MARA, "Asia/Tokyo")
        entry = write(conn, 300, "2026-11-09", at="2026-11-08T23:00")  # 08:00 there
        people.set_zone(conn, MARA, "America/New_York", NOON)  # where it is 18:00, the day before
        assert parts() == {Part.MORNING: 300}
        ledger.correct(conn, mara, entry.id, 400, None, NOON, "a")
        other = project(conn, "Other")
        ledger.move(conn, mara, entry.id, other, on("2026-11-09"), NOON, "b")
        assert parts() == {Part.MORNING: 400}
        write(conn, 50, "2026-11-09", at="2026-11-09T23:00")
        assert parts() == {Part.MORNING: 400, Part.EVENING: 50}
        boards.set_listed(conn, GUILD, mara, True)
        assert words(stats.of_member(conn, MARA, GUILD, NOON)).parts[Part.MORNING] == 400
        assert words(stats.of_server(conn, GUILD, NOON)).parts[Part.MORNING] == 400

    await database.write(use_case)


async def test_a_week_begins_as_the_server_says(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        boards.set_listed(conn, GUILD, person(conn, MARA), True)
        for day, amount in (("2026-11-07", 1), ("2026-11-08", 20), ("2026-11-09", 300)):
            write(conn, amount, day)  # Saturday, Sunday, Monday

        def this_week() -> set[int]:
            own, here, server = (
                words(found).this[Period.WEEK]
                for found in (
                    stats.own(conn, MARA, None, NOON),
                    stats.of_member(conn, MARA, GUILD, NOON),
                    stats.of_server(conn, GUILD, NOON),
                )
            )
            (board,) = boards.leaderboard(conn, GUILD, boards.Over.WEEK, Unit.WORDS, NOON)
            return {own, here, server, board.amount}

        assert this_week() == {300}
        people.set_week(conn, GUILD, 6)
        assert this_week() == {320}
        people.set_week(conn, GUILD, 0)
        assert this_week() == {300}

    await database.write(use_case)


def words(found: Stats) -> Summary:
    (summary,) = found.summaries
    assert summary.unit is Unit.WORDS
    return summary


async def test_ones_own_are_everything_and_others_see_what_was_entered_here(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        novel, poems = project(conn, "Novel"), project(conn, "Poems")
        write(conn, 1, "2026-11-11", project_id=novel)
        write(conn, 20, "2026-11-10", project_id=poems)
        write(conn, 300, "2026-11-09", project_id=novel, guild_id=ELSEWHERE)
        write(conn, 4000, "2026-10-01", project_id=novel, guild_id=None)
        write(conn, 50_000, "2026-11-11", member=TOBIAS)
        mine = stats.own(conn, MARA, None, NOON)
        assert words(mine).total == 4321
        assert mine.streak is not None
        assert mine.streak.length == 3
        assert words(stats.own(conn, MARA, novel, NOON)).total == 4301
        assert stats.own(conn, MARA, novel, NOON).streak is None
        assert stats.own(conn, TOBIAS, novel, NOON).summaries == []  # it is Mara's
        for guild_id in (GUILD, ELSEWHERE):
            boards.set_listed(conn, guild_id, person(conn, MARA), True)
        here = stats.of_member(conn, MARA, GUILD, NOON)
        assert (words(here).total, words(here).days, here.streak) == (21, 2, None)
        assert words(here).since == on("2026-11-10")
        assert sum(words(here).parts.values()) == 21
        assert words(stats.of_member(conn, MARA, ELSEWHERE, NOON)).total == 300
        assert words(stats.of_server(conn, GUILD, NOON)).total == 50_021
        assert words(stats.of_server(conn, ELSEWHERE, NOON)).total == 300

    await database.write(use_case)


async def test_a_months_days_are_the_ledgers_sums(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        mara, novel = person(conn, MARA), project(conn, "Novel")
        write(conn, 350, "2026-11-01", project_id=novel)
        write(conn, 50, "2026-11-01", project_id=project(conn, "Poems"), guild_id=None)
        corrected = write(conn, 100, "2026-11-02", project_id=novel)
        ledger.correct(conn, mara, corrected.id, -40, None, NOON, "a")
        ledger.undo(conn, mara, write(conn, 7, "2026-11-03").id, NOON, "b")
        write(conn, 0, "2026-11-04")
        write(conn, 90, "2026-11-05", unit=Unit.MINUTES)
        write(conn, 9, "2026-10-31")
        write(conn, 5000, "2026-11-06", member=TOBIAS)
        found = stats.own(conn, MARA, None, NOON).month
        assert found is not None
        assert found.amounts == (400, -40, None, 0, *[None] * 26)
        for number, amount in enumerate(found.amounts, start=1):
            on_day = ledger.on_day(conn, mara, Unit.WORDS, on(f"2026-11-{number:02}"))
            assert (amount or 0) == on_day
        (summary, _) = stats.own(conn, MARA, None, NOON).summaries
        assert sum(amount or 0 for amount in found.amounts) == summary.this[Period.MONTH]
        alone = stats.own(conn, MARA, novel, NOON).month
        assert alone is not None
        assert alone.amounts[:3] == (350, -40, None)
        boards.set_listed(conn, GUILD, mara, True)
        assert stats.of_member(conn, MARA, GUILD, NOON).month is None
        assert stats.of_server(conn, GUILD, NOON).month is None

    await database.write(use_case)


async def test_what_one_hides_is_not_told(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        mara = person(conn, MARA)
        write(conn, 100, "2026-11-11")
        settings.set_streak_hidden(conn, mara, True, 0)
        assert stats.own(conn, MARA, None, NOON).streak is None
        with pytest.raises(NotAllowed, match="to themselves"):
            stats.of_member(conn, MARA, GUILD, NOON)
        assert words(stats.own(conn, MARA, None, NOON)).total == 100

    await database.write(use_case)


async def test_others_see_what_was_logged_for_all_to_see_alone(database: Database) -> None:
    """Nor does what somebody logs later open what they logged before."""

    def use_case(conn: Connection) -> None:
        mara = person(conn, MARA)
        hidden = write(conn, 222, "2026-11-09", public=False)
        boards.set_listed(conn, GUILD, mara, True)
        assert stats.of_member(conn, MARA, GUILD, NOON).summaries == []
        assert stats.of_server(conn, GUILD, NOON).summaries == []
        shown = write(conn, 100, "2026-11-11")
        for entry, amount in ((hidden, 333), (shown, 150)):
            ledger.correct(conn, mara, entry.id, amount, None, NOON, f"c{amount}")
            ledger.move(
                conn, mara, entry.id, entry.place.project_id, on("2026-11-10"), NOON, f"m{amount}"
            )
        for found in (
            stats.of_member(conn, MARA, GUILD, NOON),
            stats.of_server(conn, GUILD, NOON),
        ):
            assert (words(found).total, words(found).days) == (150, 1)
            assert sum(words(found).parts.values()) == 0  # it was not entered on that day
        assert words(stats.own(conn, MARA, None, NOON)).total == 483

    await database.write(use_case)


async def test_of_a_stranger_nothing_is_known(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        assert stats.own(conn, MARA, None, NOON).summaries == []
        with pytest.raises(NotAllowed, match="to themselves"):
            stats.of_member(conn, MARA, GUILD, NOON)
        assert stats.of_server(conn, GUILD, NOON).summaries == []

    await database.write(use_case)


async def test_corrections_belong_to_the_time_of_what_they_correct(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        mara = person(conn, MARA)
        entry = write(conn, 100, "2026-11-11", at="2026-11-11T07:00")
        ledger.correct(conn, mara, entry.id, 150, None, ms("2026-11-11T20:00"), "a")
        gone = write(conn, 70, "2026-11-10")
        ledger.undo(conn, mara, gone.id, NOON, "b")
        write(conn, 5000, "2026-11-11", source="import")
        write(conn, 30, "2026-11-10", at="2026-11-11T07:00")
        for found in (stats.own(conn, MARA, None, NOON), stats.of_server(conn, GUILD, NOON)):
            summary = words(found)
            assert (summary.total, summary.days) == (5180, 2)
            assert {part: of for part, of in summary.parts.items() if of} == {Part.MORNING: 150}
            assert summary.best == day("2026-11-11", 5150)

    await database.write(use_case)


async def test_what_was_left_off_is_missing_from_the_server_alone(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        write(conn, 100, "2026-11-11")
        entry = write(conn, 9_000_000, "2026-11-11")
        boards.leave_off(conn, GUILD, entry.id, True, NOON)
        boards.set_listed(conn, GUILD, person(conn, MARA), True)
        assert words(stats.of_member(conn, MARA, GUILD, NOON)).total == 100
        assert words(stats.of_server(conn, GUILD, NOON)).total == 100
        assert words(stats.own(conn, MARA, None, NOON)).total == 9_000_100

    await database.write(use_case)


async def test_today_is_the_writers_and_a_servers_is_its_own(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        both_ends_of_the_world(conn)
        now = ms("2026-11-11T10:00")  # it is midnight at both ends of the world
        write(conn, 1, "2026-11-11", member=HONOLULU, at="2026-11-11T10:00")
        write(conn, 20, "2026-11-12", member=KIRITIMATI, at="2026-11-11T10:00")
        for member in (HONOLULU, KIRITIMATI):
            boards.set_listed(conn, GUILD, person(conn, member), True)
            summary = words(stats.of_member(conn, member, GUILD, now))
            assert summary.this[Period.DAY] == summary.total
            assert summary.parts[Part.NIGHT] == summary.total
        server = words(stats.of_server(conn, GUILD, now))
        assert (server.this[Period.DAY], server.this[Period.WEEK]) == (1, 21)
        assert server.parts[Part.NIGHT] == 21
        people.set_guild_zone(conn, GUILD, "Pacific/Kiritimati")
        assert words(stats.of_server(conn, GUILD, now)).this[Period.DAY] == 20

    await database.write(use_case)


async def test_a_servers_times_of_day_are_of_the_last_thirty_days(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        for ago, amount in ((0, 1), (29, 20), (30, 300)):
            write(conn, amount, str(TODAY - timedelta(days=ago)))
        assert words(stats.of_server(conn, GUILD, NOON)).parts[Part.AFTERNOON] == 21
        assert words(stats.own(conn, MARA, None, NOON)).parts[Part.AFTERNOON] == 321

    await database.write(use_case)


def test_statistics_are_read_along_indexes_by_a_few_queries() -> None:
    with in_memory() as conn:
        novel = project(conn, "Novel")
        for number in range(40):
            write(conn, 1, str(date(2026, 10, 1) + timedelta(days=number)), project_id=novel)
        boards.set_listed(conn, GUILD, person(conn, MARA), True)
        uses: dict[Callable[[Connection], Stats], str] = {
            lambda conn: stats.own(conn, MARA, None, NOON): "person_id",
            lambda conn: stats.of_member(conn, MARA, GUILD, NOON): "person_id",
            lambda conn: stats.of_server(conn, GUILD, NOON): "boards",
        }
        for use_case, index in uses.items():
            made = plans(conn, use_case)
            assert len(made) <= 8
            assert not any("SCAN" in plan for plan in made)
            of_entries = [plan for plan in made if "SEARCH entries" in plan]
            assert of_entries
            assert all(f"INDEX ix_entries_{index}" in plan for plan in of_entries)
