from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.people.times import (
    EVERY_DAY,
    Slot,
    comings,
    instant,
    next_slot,
    next_time,
    parse_time,
    parse_weekdays,
    spoken,
    weekday_names,
)


def ms(text: str) -> int:
    """An instant from its UTC date and time, or from one with an offset."""
    when = datetime.fromisoformat(text)
    return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1000)


def slot(at: str, zone: str = "UTC", days: frozenset[int] = EVERY_DAY) -> Slot:
    said = time.fromisoformat(at)
    return Slot(said.hour * 60 + said.minute, ZoneInfo(zone), days)


@pytest.mark.parametrize(
    ("zone", "day", "at", "expected"),
    [
        ("UTC", "2026-11-03", "09:00", "2026-11-03T09:00+00:00"),
        ("Asia/Kathmandu", "2026-11-03", "00:00", "2026-11-03T00:00+05:45"),
        # 02:00 to 03:00 is skipped.
        ("Europe/Berlin", "2027-03-28", "01:59", "2027-03-28T01:59+01:00"),
        ("Europe/Berlin", "2027-03-28", "02:00", "2027-03-28T03:00+02:00"),
        ("Europe/Berlin", "2027-03-28", "02:30", "2027-03-28T03:30+02:00"),
        ("Europe/Berlin", "2027-03-28", "03:00", "2027-03-28T03:00+02:00"),
        # 02:00 to 03:00 comes twice.
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T02:30+02:00"),
        ("Europe/Berlin", "2026-10-25", "03:00", "2026-10-25T03:00+01:00"),
        ("America/New_York", "2026-03-08", "02:30", "2026-03-08T03:30-04:00"),
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01T01:30-04:00"),
        # Half an hour: 02:00 to 02:30 is skipped, 01:30 to 02:00 comes twice.
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-04T02:45+11:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:30", "2026-10-04T02:30+11:00"),
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-05T01:45+11:00"),
        # The first hour of the day is skipped, and then the last moves into the next day.
        ("Africa/Cairo", "2026-04-24", "00:30", "2026-04-24T01:30+03:00"),
        ("America/Toronto", "1919-03-30", "23:45", "1919-03-31T00:45-04:00"),
        ("Europe/London", "2028-02-29", "09:00", "2028-02-29T09:00+00:00"),
        # A whole day is skipped.
        ("Pacific/Apia", "2011-12-29", "09:00", "2011-12-29T09:00-10:00"),
        ("Pacific/Apia", "2011-12-30", "09:00", "2011-12-31T09:00+14:00"),
        ("Pacific/Apia", "2011-12-31", "09:00", "2011-12-31T09:00+14:00"),
    ],
)
def test_a_local_time_becomes_an_instant(zone: str, day: str, at: str, expected: str) -> None:
    assert instant(slot(at, zone), date.fromisoformat(day)) == ms(expected)


@pytest.mark.parametrize(
    ("after", "at", "zone", "days", "expected"),
    [
        ("2026-11-03T08:59", "09:00", "UTC", EVERY_DAY, "2026-11-03"),
        ("2026-11-03T09:00", "09:00", "UTC", EVERY_DAY, "2026-11-04"),  # later than, not at
        ("2026-11-03T09:00", "09:00", "UTC", frozenset({1}), "2026-11-10"),  # a Tuesday
        ("2026-11-03T09:00", "09:00", "UTC", frozenset({0, 4}), "2026-11-06"),
        # Where it is tomorrow already, or still yesterday.
        ("2026-11-03T23:00", "09:00", "Pacific/Auckland", EVERY_DAY, "2026-11-05"),
        ("2026-11-03T01:00", "09:00", "Pacific/Honolulu", EVERY_DAY, "2026-11-03"),
        # On the day that Samoa skipped it comes once, not twice.
        ("2011-12-29T19:00", "09:00", "Pacific/Apia", EVERY_DAY, "2011-12-30"),
        ("2011-12-30T19:00", "09:00", "Pacific/Apia", EVERY_DAY, "2012-01-01"),
        # Skipped, it comes after midnight; the clock on the wall says the next day already.
        ("1919-03-31T04:35", "23:45", "America/Toronto", EVERY_DAY, "1919-03-30"),
        ("1919-03-31T04:45", "23:45", "America/Toronto", EVERY_DAY, "1919-03-31"),
        ("2028-02-28T09:00", "09:00", "UTC", EVERY_DAY, "2028-02-29"),
        ("2027-02-28T09:00", "09:00", "UTC", EVERY_DAY, "2027-03-01"),
        # Between the two 02:30 of that night: the second does not count.
        ("2026-10-25T01:00", "02:30", "Europe/Berlin", EVERY_DAY, "2026-10-26"),
    ],
)
def test_the_next_coming_of_a_slot(
    after: str, at: str, zone: str, days: frozenset[int], expected: str
) -> None:
    day, when = next_slot(slot(at, zone, days), ms(after))
    assert day == date.fromisoformat(expected)
    assert when == instant(slot(at, zone, days), day)


SLOTS = st.builds(
    Slot,
    st.integers(0, 24 * 60 - 1),
    st.sampled_from(
        [
            "UTC", "Europe/Berlin", "America/New_York", "America/Scoresbysund", "Africa/Cairo",
            "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham", "Asia/Kolkata",
            "America/Santiago", "Africa/Casablanca",
        ]
    ).map(ZoneInfo),
    st.frozensets(st.integers(0, 6), min_size=1),
)  # fmt: skip
CHANGES = ["2026-03-29", "2026-10-25", "2011-12-30", "2024-03-31", "2026-10-04", "2026-04-24"]
INSTANTS = st.integers(ms("2010-01-01"), ms("2040-01-01")) | st.builds(
    lambda day, hours, minutes: ms(day) + (hours * 60 + minutes) * 60_000,
    st.sampled_from(CHANGES),
    st.integers(-30, 60),
    st.integers(0, 59),
)


@given(SLOTS, INSTANTS)
def test_the_next_slot_is_the_earliest_allowed_one(slot: Slot, after: int) -> None:
    day, when = next_slot(slot, after)
    assert when > after
    assert when == instant(slot, day)
    assert day.weekday() in slot.weekdays
    today = datetime.fromtimestamp(after / 1000, UTC).date()
    for n in range(-3, (day - today).days + 3):
        other = today + timedelta(days=n)
        if other.weekday() in slot.weekdays and instant(slot, other) > after:
            assert when <= instant(slot, other)


@given(SLOTS, INSTANTS)
def test_a_month_of_slots_has_each_local_date_once(slot: Slot, start: int) -> None:
    found = []
    now = start
    for _ in range(31):
        day, now = next_slot(slot, now)
        found.append(day)
    assert len(set(found)) == len(found)
    assert found == sorted(found)


@given(SLOTS, st.dates(date(2010, 1, 1), date(2040, 1, 1)))
def test_a_slot_shows_its_time_on_the_wall_or_a_skipped_one_later(slot: Slot, day: date) -> None:
    said = datetime.combine(day, time(slot.minute // 60, slot.minute % 60))
    shown = datetime.fromtimestamp(instant(slot, day) / 1000, UTC).astimezone(slot.zone)
    assert timedelta(0) <= shown.replace(tzinfo=None) - said <= timedelta(days=1)
    if shown.replace(tzinfo=None) == said:
        assert not shown.fold  # of two, the first
    else:  # no such time: nothing on either side of the change shows it
        around = (said.replace(tzinfo=slot.zone, fold=fold) for fold in (0, 1))
        back = [one.astimezone(UTC).astimezone(slot.zone).replace(tzinfo=None) for one in around]
        assert said not in back


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("9", "09:00"),
        ("09:00", "09:00"),
        ("0:05", "00:05"),
        (" 23:59 ", "23:59"),
        ("9.30 pm", "21:30"),
        ("9pm", "21:00"),
        ("9 P.M.", "21:00"),
        ("21h15", "21:15"),
        ("12 am", "00:00"),
        ("12:30 am", "00:30"),
        ("12 pm", "12:00"),
        ("12", "12:00"),
    ],
)
def test_times_as_people_type_them(typed: str, expected: str) -> None:
    minute = parse_time(typed)
    assert f"{minute // 60:02}:{minute % 60:02}" == expected


@pytest.mark.parametrize(
    "typed",
    ["", "24:00", "9:60", "9:5", "13 pm", "0 am", "noon", "9 o'clock", "-9", "9:00:00", "900"],
)
def test_what_is_no_time_gets_a_sentence(typed: str) -> None:
    with pytest.raises(BadInput, match=r"is not a time of day\. Write it like 09:00"):
        parse_time(typed)


@given(st.integers(0, 24 * 60 - 1))
def test_every_time_can_be_typed_by_either_clock(minute: int) -> None:
    said = time(minute // 60, minute % 60)
    assert parse_time(said.strftime("%H:%M")) == minute
    assert parse_time(said.strftime("%I:%M %p")) == minute


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("daily", "0123456"),
        (" Weekdays ", "01234"),
        ("weekends", "56"),
        ("mon wed fri", "024"),
        ("Monday, Wednesday & Friday", "024"),
        ("tues and thurs", "13"),
        ("mon-fri", "01234"),
        ("fri–mon", "0456"),
        ("sat/sun", "56"),
        ("Mondays", "0"),
        ("mon, mon", "0"),
        ("tu; th", "13"),
        ("mon-wed, sun", "0126"),
    ],
)
def test_weekdays_as_people_type_them(typed: str, expected: str) -> None:
    assert parse_weekdays(typed) == frozenset(map(int, expected))


@pytest.mark.parametrize(
    "typed", ["", " , ", "m", "never", "mon-", "mon-wed-fri", "mon funday", "1 3 5", "dimanche"]
)
def test_what_names_no_weekdays_gets_a_sentence(typed: str) -> None:
    with pytest.raises(BadInput, match=r"names no weekdays\. Write daily, weekdays, or like"):
        parse_weekdays(typed)


@given(st.frozensets(st.integers(0, 6), min_size=1))
def test_weekdays_as_we_show_them_can_be_typed_back(days: frozenset[int]) -> None:
    assert parse_weekdays(weekday_names(days).removeprefix("on ")) == days


def test_comings_go_on_from_one_to_the_next() -> None:
    found = list(islice(comings(slot("09:00", days=frozenset({1, 3})), ms("2026-11-03T09:00")), 3))
    assert found == [
        (ms("2026-11-05T09:00"), date(2026, 11, 5)),
        (ms("2026-11-10T09:00"), date(2026, 11, 10)),
        (ms("2026-11-12T09:00"), date(2026, 11, 12)),
    ]


def test_a_date_is_spoken_with_its_year() -> None:
    assert spoken(date(2026, 12, 4)) == "4 December 2026"


@pytest.mark.parametrize(
    ("zone", "now", "typed", "expected"),
    [
        ("UTC", "2026-11-03T08:10", ":15", "2026-11-03T08:15"),
        ("UTC", "2026-11-03T08:15", ":15", "2026-11-03T09:15"),
        ("UTC", "2026-11-03T08:15:00.001", ":15", "2026-11-03T09:15"),
        ("UTC", "2026-11-03T23:59:59", ":00", "2026-11-04T00:00"),
        ("Asia/Kolkata", "2026-11-03T08:10", ":15", "2026-11-03T08:45"),  # 5:30 ahead
        ("Asia/Kathmandu", "2026-11-03T08:10", " :15 ", "2026-11-03T08:30"),  # 5:45 ahead
        (
            "Europe/Berlin",
            "2026-10-25T00:50",
            ":15",
            "2026-10-25T01:15",
        ),  # in the hour that repeats
        ("Australia/Lord_Howe", "2026-10-03T15:20", ":45", "2026-10-03T15:45"),  # half an hour on
        ("UTC", "2026-11-03T08:10", "8:15", "2026-11-03T08:15"),
    ],
)
def test_the_next_time(zone: str, now: str, typed: str, expected: str) -> None:
    assert next_time(typed, ZoneInfo(zone), ms(now)) == ms(expected)


@pytest.mark.parametrize("typed", [":60", ":5", ":115", "::15"])
def test_what_is_no_time(typed: str) -> None:
    with pytest.raises(BadInput):
        next_time(typed, ZoneInfo("UTC"), 0)
