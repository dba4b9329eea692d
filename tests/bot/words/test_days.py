from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.words.days import days_of, just_after_midnight, local_day, parse_day

TODAY = date(2026, 11, 3)
ZONES = st.sampled_from(sorted(available_timezones())).map(ZoneInfo)


def ms(utc: str) -> int:
    return int(datetime.fromisoformat(f"{utc}+00:00").timestamp() * 1000)


@pytest.mark.parametrize(
    ("zone", "utc", "day"),
    [
        # A day apart at every instant of the year.
        ("Pacific/Honolulu", "2026-11-03T09:59:59.999", "2026-11-02"),
        ("Pacific/Honolulu", "2026-11-03T10:00", "2026-11-03"),
        ("Pacific/Kiritimati", "2026-11-03T09:59:59.999", "2026-11-03"),
        ("Pacific/Kiritimati", "2026-11-03T10:00", "2026-11-04"),
        # The midnights on either side of a change of the clocks.
        ("America/New_York", "2026-11-01T03:59:59", "2026-10-31"),
        ("America/New_York", "2026-11-01T04:00", "2026-11-01"),
        ("America/New_York", "2026-11-02T04:59:59", "2026-11-01"),
        ("America/New_York", "2026-11-02T05:00", "2026-11-02"),
        ("Europe/Berlin", "2027-03-27T22:59:59", "2027-03-27"),
        ("Europe/Berlin", "2027-03-27T23:00", "2027-03-28"),
        ("Europe/Berlin", "2027-03-28T21:59:59", "2027-03-28"),
        ("Europe/Berlin", "2027-03-28T22:00", "2027-03-29"),
        # A day that begins at one o'clock, as its midnight is skipped.
        ("America/Havana", "2026-03-08T04:59:59", "2026-03-07"),
        ("America/Havana", "2026-03-08T05:00", "2026-03-08"),
        # 23:30 that comes twice, on the same day.
        ("America/Asuncion", "2024-03-24T02:30", "2024-03-23"),
        ("America/Asuncion", "2024-03-24T03:30", "2024-03-23"),
        ("America/Asuncion", "2024-03-24T04:00", "2024-03-24"),
        # A day that was left out altogether.
        ("Pacific/Apia", "2011-12-30T09:59:59", "2011-12-29"),
        ("Pacific/Apia", "2011-12-30T10:00", "2011-12-31"),
    ],
)
def test_a_day_begins_at_the_writers_own_midnight(zone: str, utc: str, day: str) -> None:
    assert local_day(ms(utc), ZoneInfo(zone)) == date.fromisoformat(day)


@given(ZONES, st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1)))
def test_days_follow_one_another(zone: ZoneInfo, when: datetime) -> None:
    now = int(when.replace(tzinfo=UTC).timestamp() * 1000)
    today, later = local_day(now, zone), local_day(now + 3_600_000, zone)
    assert today <= later <= today + timedelta(days=2)  # two where a country leaves one out
    if later > today:
        assert just_after_midnight(now + 3_600_000, zone)


@pytest.mark.parametrize(
    ("utc", "after"),
    [
        ("2026-11-03T09:59", False),
        ("2026-11-03T10:00", True),
        ("2026-11-03T15:59", True),
        ("2026-11-03T16:00", False),
    ],
)
def test_the_small_hours_are_the_writers_own(utc: str, after: bool) -> None:
    assert just_after_midnight(ms(utc), ZoneInfo("Pacific/Honolulu")) is after
    assert just_after_midnight(ms(utc), ZoneInfo("Pacific/Kiritimati")) is after
    assert not just_after_midnight(ms(utc), ZoneInfo("UTC"))


@pytest.mark.parametrize(
    ("zone", "start", "end", "days"),
    [
        # The last sprint of November rings on 1 December, the first of it on the day it began.
        ("UTC", "2026-11-30T23:30", "2026-12-01T00:00", ["2026-11-30"]),
        ("UTC", "2026-11-01T00:00", "2026-11-01T00:30", ["2026-11-01"]),
        # Most of its minutes; in a tie the day it began.
        ("UTC", "2026-11-30T23:50", "2026-12-01T00:10", ["2026-11-30", "2026-12-01"]),
        ("UTC", "2026-11-30T23:50", "2026-12-01T00:11", ["2026-12-01", "2026-11-30"]),
        ("UTC", "2026-11-30T23:40", "2026-12-01T00:10", ["2026-11-30", "2026-12-01"]),
        ("UTC", "2026-11-30T23:50", "2026-12-01T02:50", ["2026-12-01", "2026-11-30"]),
        # The writer's own midnight.
        ("Pacific/Honolulu", "2026-11-30T23:50", "2026-12-01T00:11", ["2026-11-30"]),
        ("Asia/Kathmandu", "2026-11-30T18:00", "2026-11-30T18:31", ["2026-12-01", "2026-11-30"]),
        # Clocks that go forward at midnight, to one o'clock of the new day.
        ("America/Havana", "2026-03-08T04:50", "2026-03-08T05:11", ["2026-03-08", "2026-03-07"]),
        # Clocks that go back at midnight: 23:00 to 24:00 comes twice.
        ("America/Asuncion", "2024-03-24T02:50", "2024-03-24T03:30", ["2024-03-23"]),
        ("America/Asuncion", "2024-03-24T03:50", "2024-03-24T04:11", ["2024-03-24", "2024-03-23"]),
        # A day that was left out.
        ("Pacific/Apia", "2011-12-30T09:50", "2011-12-30T10:05", ["2011-12-29", "2011-12-31"]),
    ],
)
def test_the_days_that_a_sprint_touches(zone: str, start: str, end: str, days: list[str]) -> None:
    found = days_of(ms(start), ms(end), ZoneInfo(zone))
    assert found == [date.fromisoformat(day) for day in days]


@given(ZONES, st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1)), st.integers(1, 180))
def test_a_sprint_belongs_to_the_day_of_most_of_its_minutes(
    zone: ZoneInfo, when: datetime, length: int
) -> None:
    start = int(when.replace(second=0, microsecond=0, tzinfo=UTC).timestamp() * 1000)
    minutes = [local_day(start + n * 60_000, zone) for n in range(length)]
    found = days_of(start, start + length * 60_000, zone)
    assert set(found) == set(minutes)
    assert found[0] == max(found, key=lambda day: (minutes.count(day), day == minutes[0]))


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("today", "2026-11-03"),
        (" Today ", "2026-11-03"),
        ("yesterday", "2026-11-02"),
        ("YESTERDAY", "2026-11-02"),
        ("1 day ago", "2026-11-02"),
        ("3  days ago", "2026-10-31"),
        ("2026-11-03", "2026-11-03"),
        ("2024-02-29", "2024-02-29"),
        ("1970-01-01", "1970-01-01"),
    ],
)
def test_a_day_as_it_is_typed(typed: str, day: str) -> None:
    assert parse_day(typed, TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize(
    "typed",
    ["", "tomorrow", "2026-11-04", "3026-11-03", "1969-12-31", "2026-02-30", "next Monday",
     "99999 days ago", "9999 days ago ago", "２０２６-11-03x"],
)  # fmt: skip
def test_what_is_no_day_to_have_written_on(typed: str) -> None:
    with pytest.raises(BadInput, match="2026-11-03"):
        parse_day(typed, TODAY)


@given(st.text(max_size=14) | st.from_regex(r"[0-9]{1,4}-[0-9]{1,2}-[0-9]{1,2}"))
def test_whatever_is_typed_is_a_day_or_a_sentence(typed: str) -> None:
    with suppress(BadInput):
        assert date(1970, 1, 1) <= parse_day(typed, TODAY) <= TODAY
