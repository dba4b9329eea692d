from datetime import date, timedelta
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.delivery import service as outbox
from bot.delivery.rules import Row
from bot.jobs import service as jobs
from bot.jobs.service import Job
from bot.people import service as people
from bot.people.service import Member
from bot.words import ledger, streak_rules, streaks
from bot.words.streak_rules import FREEZES, Streak
from bot.words.streaks import WARNING
from tests.bot.words.making import (
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
    write,
)

DAY = timedelta(days=1)
FIRST, TODAY = date(2026, 3, 1), date(2026, 3, 20)
DM = 900


@pytest.mark.parametrize(
    ("march", "length", "longest", "frozen", "left"),
    [  # what was written on from the 1st to the 20th, which is today
        ("....................", 0, 0, [], 2),
        ("...................x", 1, 1, [], 2),
        ("..................x.", 1, 1, [], 2),  # today is not over
        (".................x..", 1, 1, [19], 1),
        ("................x...", 1, 1, [18, 19], 0),
        ("...............x....", 0, 1, [17, 18], 0),  # over on the third missed day
        ("...............x...x", 1, 1, [17, 18], 0),
        ("xxxxxxxxxxxxxxxxxxxx", 20, 20, [], 2),
        ("xxxxxxxxxx.xxxxxxxxx", 19, 19, [11], 1),  # a frozen day does not count
        ("xxxxx..xxxxxxxxxxxxx", 18, 18, [6, 7], 0),
        ("...........x.x.x.xxx", 3, 3, [13, 15], 0),
        ("xxxxxxx....xxxxx....", 0, 7, [8, 9], 0),  # those two are spent
        ("xxxxxxx....xxxxxxxxx", 9, 9, [8, 9], 0),
        ("....................x", 0, 0, [], 2),  # in the east it is tomorrow
        (".................xx.x", 2, 2, [], 2),
    ],
)
def test_streaks(march: str, length: int, longest: int, frozen: list[int], left: int) -> None:
    written = [FIRST + n * DAY for n, mark in enumerate(march) if mark == "x"]
    assert streak_rules.count(written, TODAY) == Streak(
        length, longest, tuple(date(2026, 3, day) for day in frozen), left, march[19] == "x"
    )


@pytest.mark.parametrize(
    ("written", "today", "length", "left"),
    [
        ("2026-01-29", "2026-02-03", 1, 0),  # two of January, two of February
        ("2026-01-29", "2026-02-04", 0, 0),
        ("2026-01-28", "2026-02-03", 0, 2),  # three were missed in January
        ("2026-02-27", "2026-03-03", 1, 0),  # one of February, two of March
        ("2026-12-31", "2027-01-03", 1, 0),
        ("2026-12-30", "2027-01-01", 1, 2),
    ],
)
def test_every_month_has_its_freezes(written: str, today: str, length: int, left: int) -> None:
    found = streak_rules.count([on(written)], on(today))
    assert (found.length, found.freezes_left) == (length, left)


some_days = st.lists(st.dates(date(2026, 1, 1), date(2026, 4, 30)), unique=True).map(sorted)
some_day = st.dates(date(2026, 4, 1), date(2026, 5, 10))


@given(some_days, some_day)
def test_what_is_true_of_every_streak(days: list[date], today: date) -> None:
    found = streak_rules.count(days, today)
    written = [day for day in days if day <= today]
    assert 0 <= found.length <= found.longest <= len(written)
    assert found.written_today == (today in written)
    assert list(found.frozen) == sorted(set(found.frozen) - set(written))
    assert all(day < today for day in found.frozen)
    by_month = [len(list(those)) for _, those in groupby(found.frozen, lambda day: day.month)]
    assert all(count <= FREEZES for count in by_month)
    assert found.freezes_left == FREEZES - sum(day.month == today.month for day in found.frozen)
    # Back from yesterday each day is written or frozen, as far as the streak goes.
    running, day = int(today in written), today - DAY
    while day in written or day in found.frozen:
        running, day = running + (day in written), day - DAY
    assert found.length == running


@given(some_days, some_day)
def test_writing_today_is_one_more(days: list[date], today: date) -> None:
    before = [day for day in days if day < today]
    missing = streak_rules.count(before, today)
    writing = streak_rules.count([*before, today], today)
    assert writing.length == missing.length + 1
    assert writing.frozen == missing.frozen


@given(some_days, some_day)
def test_missed_days_made_up_for_are_as_if_they_had_not_been_missed(
    days: list[date], today: date
) -> None:
    if days and days[0] < today:
        since = (today - days[0]).days
        missed = {days[0] + n * DAY for n in range(since)} - set(days)
        healed = streak_rules.count(sorted({*days, *missed}), today)
        assert healed.length == since + (today in days)
        assert healed.frozen == ()


async def test_zero_and_late_entries_count_and_what_was_taken_back_does_not(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        mara = person(conn, MARA)

        def length() -> int:
            return streaks.streak(conn, mara, TODAY).length

        assert length() == 0
        write(conn, 0, "2026-03-20")
        assert length() == 1
        write(conn, 500, "2026-03-16", guild_id=None, at="2026-03-20T12:00")
        write(conn, 9, "2026-03-17", member=TOBIAS)
        assert length() == 1  # of three missed days two could be frozen
        healing = write(conn, 500, "2026-03-18", at="2026-03-20T12:00")
        assert length() == 3
        ledger.undo(conn, mara, healing.id, 0, "undo")
        assert length() == 1

    await database.write(use_case)


async def test_streaks_at_both_ends_of_the_world(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        both_ends_of_the_world(conn)
        now = ms("2026-11-11T10:30")  # the 11th has begun in Honolulu, the 12th in Kiritimati
        for member, today in ((HONOLULU, "2026-11-11"), (KIRITIMATI, "2026-11-12")):
            for day in ("2026-11-09", "2026-11-10", "2026-11-11", "2026-11-12"):
                if day < today:
                    write(conn, 1, day, member=member)
            streaks.ask_warning(conn, member, 30, now - 1)  # at 00:30, which is now
            assert due(conn, member) == now
            found = streaks.in_danger(conn, person(conn, member), on(today))
            assert found is not None
            assert found.length == (2 if member is HONOLULU else 3)

    await database.write(use_case)


def due(conn: Connection, member: Member) -> int | None:
    return jobs.due_at(conn, WARNING, str(person(conn, member)))


def warned(conn: Connection, member: Member = MARA) -> list[Row]:
    return outbox.messages(conn, WARNING, person(conn, member))


def ring(conn: Connection, now: int, member: Member = MARA) -> None:
    """The member's timer comes, and is looked at by now."""
    when = due(conn, member)
    assert when is not None
    assert when <= now
    streaks.on_warning(conn, Job(0, WARNING, str(person(conn, member)), when, 1), now)


def ask(conn: Connection, minute: int | None, now: str, zone: str | None = "UTC") -> None:
    person(conn, MARA, zone)
    people.set_dm_channel(conn, MARA.discord_id, DM)
    streaks.ask_warning(conn, MARA, minute, ms(now))


async def test_a_warning_comes_once_a_day_and_not_when_something_is_logged(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        ask(conn, 21 * 60, "2026-03-18T12:00")
        assert streaks.warning_minute(conn, person(conn, MARA)) == 21 * 60
        ring(conn, ms("2026-03-18T21:00"))
        assert warned(conn) == []  # no streak is running
        write(conn, 100, "2026-03-19")
        ring(conn, ms("2026-03-19T21:00"))
        assert warned(conn) == []
        assert due(conn, MARA) == ms("2026-03-20T21:00")
        ring(conn, ms("2026-03-20T21:00"))
        (message,) = warned(conn)
        assert (message.channel_id, message.guild_id) == (DM, None)
        assert message.not_after == ms("2026-03-21T00:00")
        assert date.fromordinal(message.part) == TODAY
        streaks.on_warning(
            conn,
            Job(0, WARNING, str(person(conn, MARA)), ms("2026-03-20T21:00"), 2),
            ms("2026-03-20T21:01"),
        )  # the same job again
        assert len(warned(conn)) == 1
        ring(conn, ms("2026-03-21T21:00"))
        assert len(warned(conn)) == 2  # a freeze has kept it

    await database.write(use_case)


async def test_a_warning_that_has_missed_its_day_is_not_sent(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        write(conn, 100, "2026-03-19")
        ask(conn, 21 * 60, "2026-03-20T12:00")
        ring(conn, ms("2026-03-21T00:00"))
        assert warned(conn) == []
        assert due(conn, MARA) == ms("2026-03-21T21:00")
        ring(conn, ms("2026-03-21T23:59"))
        assert len(warned(conn)) == 1

    await database.write(use_case)


async def test_only_those_are_warned_who_ask_and_can_be_written_to(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        write(conn, 100, "2026-03-19")
        streaks.reschedule_warning(conn, MARA, 0)
        assert due(conn, MARA) is None
        streaks.ask_warning(conn, MARA, 60, ms("2026-03-20T00:00"))
        ring(conn, ms("2026-03-20T01:00"))  # no channel to them has been opened
        assert warned(conn) == []
        ask(conn, None, "2026-03-20T12:00")
        assert due(conn, MARA) is None
        assert streaks.warning_minute(conn, person(conn, MARA)) is None
        late = Job(0, WARNING, str(person(conn, MARA)), ms("2026-03-20T21:00"), 1)
        streaks.on_warning(conn, late, late.due)
        assert warned(conn) == []
        streaks.reschedule_warning(conn, TOBIAS, 0)  # whom nobody knows

    await database.write(use_case)


async def test_who_takes_no_messages_is_not_warned_again(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        write(conn, 100, "2026-03-19")
        ask(conn, 21 * 60, "2026-03-20T12:00")
        ring(conn, ms("2026-03-20T21:00"))
        (message,) = warned(conn)
        streaks.HOOKS[WARNING].refused(conn, message, ms("2026-03-20T21:00"))
        assert due(conn, MARA) is None
        assert streaks.warning_minute(conn, person(conn, MARA)) is None

    await database.write(use_case)


async def test_a_warning_goes_by_ones_own_zone_else_by_the_servers(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        now = "2026-03-20T12:00"
        ask(conn, 23 * 60, now, zone=None)
        assert due(conn, MARA) == ms("2026-03-20T23:00")
        people.set_guild_zone(conn, GUILD, "Asia/Tokyo")
        streaks.reschedule_warning(conn, MARA, ms(now))
        assert due(conn, MARA) == ms("2026-03-20T14:00")
        people.set_zone(conn, MARA, "Pacific/Honolulu", 0)
        streaks.reschedule_warning(conn, MARA, ms(now))
        assert due(conn, MARA) == ms("2026-03-21T09:00")

    await database.write(use_case)


@pytest.mark.parametrize(
    ("zone", "minute", "day", "comes", "midnight"),
    [
        ("Pacific/Honolulu", 22 * 60, "2026-11-11", "2026-11-12T08:00", "2026-11-12T10:00"),
        ("Pacific/Kiritimati", 22 * 60, "2026-11-11", "2026-11-11T08:00", "2026-11-11T10:00"),
        # 02:30 comes twice, and the first counts; the day has 25 hours.
        ("Europe/Berlin", 150, "2026-10-25", "2026-10-25T00:30", "2026-10-25T23:00"),
        # 02:30 is skipped; the day has 23.
        ("Europe/Berlin", 150, "2027-03-28", "2027-03-28T01:30", "2027-03-28T22:00"),
        # The midnight that ends the day is skipped.
        ("Africa/Cairo", 22 * 60, "2026-04-23", "2026-04-23T20:00", "2026-04-23T22:00"),
    ],
)
async def test_warnings_through_clock_changes(
    database: Database, zone: str, minute: int, day: str, comes: str, midnight: str
) -> None:
    def use_case(conn: Connection) -> None:
        before = on(day) - DAY
        write(conn, 100, before.isoformat())
        ask(conn, minute, f"{before}T10:00", zone)
        while due(conn, MARA) != ms(comes):
            when = due(conn, MARA)
            assert when is not None
            assert when < ms(comes)
            ring(conn, when)
        assert warned(conn) == []  # on the day before, which was written on
        ring(conn, ms(comes))
        (message,) = warned(conn)
        assert date.fromordinal(message.part) == on(day)
        assert message.not_after == ms(midnight)

    await database.write(use_case)


def test_a_streak_is_read_along_an_index() -> None:
    with in_memory() as conn:
        mara = person(conn, MARA)
        (plan,) = plans(conn, lambda conn: streaks.streak(conn, mara, TODAY))
    assert plan == "SEARCH entries USING INDEX ix_entries_person_id_day (person_id=?)"
