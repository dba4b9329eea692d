from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.people.dates import Side, full, named, read, short

TODAY = date(2026, 11, 28)  # a Saturday
PAST, COMING, EITHER = Side.PAST, Side.COMING, Side.EITHER
UNLESS_SAID = Side.COMING_UNLESS_SAID


@pytest.mark.parametrize(
    ("typed", "side", "day"),
    [
        ("today", PAST, "2026-11-28"),
        ("Yesterday", PAST, "2026-11-27"),
        ("the day before yesterday", PAST, "2026-11-26"),
        ("tomorrow", COMING, "2026-11-29"),
        ("day after tomorrow", COMING, "2026-11-30"),
        ("3  days ago", PAST, "2026-11-25"),
        ("a day ago", PAST, "2026-11-27"),
        ("2 weeks ago", PAST, "2026-11-14"),
        ("in 30 days", COMING, "2026-12-28"),
        ("in a week", COMING, "2026-12-05"),
        # weekdays: the nearest in the direction that makes sense
        ("monday", PAST, "2026-11-23"),
        ("Mon", PAST, "2026-11-23"),
        ("Sunday", PAST, "2026-11-22"),
        ("saturday", PAST, "2026-11-28"),  # today
        ("last Saturday", PAST, "2026-11-21"),
        ("last monday", PAST, "2026-11-23"),
        ("on Friday", COMING, "2026-12-04"),
        ("Saturday", COMING, "2026-11-28"),
        ("next Saturday", COMING, "2026-12-05"),
        ("this Sunday", COMING, "2026-11-29"),
        ("Sunday", EITHER, "2026-11-29"),
        ("Thursday", EITHER, "2026-11-26"),
        # days and months in words
        ("Nov 3", PAST, "2026-11-03"),
        ("3 Nov", PAST, "2026-11-03"),
        ("3nov", PAST, "2026-11-03"),
        ("November 3rd", PAST, "2026-11-03"),
        ("the 3rd of November", PAST, "2026-11-03"),
        ("3. November 2025", PAST, "2025-11-03"),
        ("Dec 3", PAST, "2025-12-03"),
        ("Nov 3", COMING, "2027-11-03"),
        ("Dec 24, 2026", COMING, "2026-12-24"),
        ("1 May", EITHER, "2027-05-01"),  # 154 days, not 211
        ("1 July", EITHER, "2026-07-01"),  # 150 days, not 215
        ("29 February", PAST, "2024-02-29"),
        ("29 feb", COMING, "2028-02-29"),
        # year first
        ("2026-11-03", PAST, "2026-11-03"),
        ("2026/11/3", PAST, "2026-11-03"),
        ("2026.11.03", PAST, "2026-11-03"),
        ("20261103", PAST, "2026-11-03"),
        # where dates have full stops, the day comes first
        ("3.11.", PAST, "2026-11-03"),
        ("11.3.2026", PAST, "2026-03-11"),
        # figures that are no month leave one reading
        ("11/28", PAST, "2026-11-28"),
        ("28/11", PAST, "2026-11-28"),
        ("28-11-25", PAST, "2025-11-28"),
        ("5/5", PAST, "2026-05-05"),
        # a day that is over is taken where its year is said
        ("2026-11-01", UNLESS_SAID, "2026-11-01"),
        ("1 November 2026", UNLESS_SAID, "2026-11-01"),
        ("1 November", UNLESS_SAID, "2027-11-01"),
        ("yesterday", UNLESS_SAID, "2026-11-27"),
    ],
)
def test_a_date_as_people_type_it(typed: str, side: Side, day: str) -> None:
    found = read(typed, TODAY, side)
    assert (str(found.day), found.other) == (day, None)


@pytest.mark.parametrize(
    ("typed", "side", "day", "other"),
    [
        ("3/11", PAST, "2026-11-03", "2026-03-11"),
        ("11/3", PAST, "2026-11-03", "2026-03-11"),
        ("11-3", PAST, "2026-11-03", "2026-03-11"),
        ("3/11", COMING, "2027-03-11", "2027-11-03"),
        ("1/12", PAST, "2026-01-12", "2025-12-01"),
        ("1/12", COMING, "2026-12-01", "2027-01-12"),
        ("1/12", EITHER, "2026-12-01", "2027-01-12"),
        ("11/3/2026", PAST, "2026-11-03", "2026-03-11"),
        ("3/11/26", PAST, "2026-11-03", "2026-03-11"),
        ("6/7/2027", COMING, "2027-06-07", "2027-07-06"),
    ],
)
def test_figures_are_the_nearest_day_that_makes_sense_and_may_be_another(
    typed: str, side: Side, day: str, other: str
) -> None:
    found = read(typed, TODAY, side)
    assert (str(found.day), str(found.other)) == (day, other)


def test_a_reading_that_makes_no_sense_is_not_offered() -> None:
    found = read("12/1/2026", TODAY, PAST)  # 1 December is still to come
    assert (found.day, found.other) == (date(2026, 1, 12), None)


def test_a_last_day_is_looked_for_from_the_first_on() -> None:
    assert read("1 Mar", TODAY, COMING, since=date(2027, 6, 1)).day == date(2028, 3, 1)


@pytest.mark.parametrize(
    ("typed", "side", "says"),
    [
        ("", PAST, "not a date that I can read. Write it like yesterday, Monday, 28 November or"),
        ("31 February", COMING, "not a date that I can read. Write it like tomorrow, Monday"),
        ("2026-02-31", PAST, "not a date"),
        ("24 Decembrist", COMING, "not a date"),
        ("24", COMING, "not a date"),
        ("ju 3", COMING, "not a date"),
        ("moon", PAST, "not a date"),
        ("24 December 0000", COMING, "not a date"),
        ("13/13", PAST, "not a date"),
        ("0/1", PAST, "not a date"),
        ("tomorrow", PAST, "choose a day up to today, 2026-11-28"),
        ("next Monday", PAST, "Nothing can be logged for 30 November 2026"),
        ("1969-12-31", PAST, "Nothing can be logged for 31 December 1969"),
        ("2026-11-02", COMING, "2 November 2026 is over"),
        ("yesterday", COMING, "27 November 2026 is over"),
        ("2036-11-30", COMING, "30 November 2036 is too far away"),
        ("9999-12-31", EITHER, "31 December 9999 is too far away"),
        ("in 99999 weeks", COMING, "is too far away"),
        ("99999 weeks ago", PAST, "Nothing can be logged"),
    ],
)
def test_what_is_no_date_or_makes_no_sense(typed: str, side: Side, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        read(typed, TODAY, side)


DAYS = st.dates(date(2000, 1, 1), date(2060, 1, 1))
FIGURES = st.from_regex(r"[0-9]{1,4}[-/.][0-9]{1,2}([-/.]([0-9]{1,4})?)?", fullmatch=True)


@given(st.text(max_size=16) | FIGURES, DAYS, st.sampled_from(Side))
def test_whatever_is_typed_is_days_that_make_sense_or_a_sentence(
    typed: str, today: date, side: Side
) -> None:
    with suppress(BadInput):
        found = read(typed, today, side)
        for day in (found.day, found.other or found.day):
            assert date(1970, 1, 1) <= day <= today + timedelta(days=3653)
            assert side is not PAST or day <= today
            assert side is not COMING or day >= today
        assert found.other != found.day


@given(DAYS, st.integers(0, 364), st.sampled_from([PAST, COMING]))
def test_what_is_told_is_read_again(today: date, away: int, side: Side) -> None:
    day = today + timedelta(days=away if side is COMING else -away)
    for told in (str(day), full(day).partition(" ")[2], f"{day:%d.%m.%Y}", f"{day:%b} {day.day}"):
        assert read(told, today, side).day == day


def test_a_date_is_named_with_its_weekday() -> None:
    assert named(date(2026, 11, 3), TODAY) == "Tuesday 3 November"
    assert named(date(2025, 11, 3), TODAY) == "Monday 3 November 2025"
    assert short(date(2026, 3, 11), TODAY) == "11 March"
    assert full(date(2026, 11, 3)) == "Tuesday 3 November 2026"
