from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.challenges.rules import (
    LONGEST,
    Cheer,
    Wanted,
    cheer,
    ends_at,
    next_november,
    november,
    other_days_of,
    par,
    wanted,
)
from bot.errors import BadInput
from bot.words import goal_rules
from bot.words.amounts import MOST, Unit
from bot.words.day_totals import Together
from tests.bot.words.making import ms, on

TODAY = on("2026-11-03")
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def asked(
    amount: int = 30_000,
    *,
    first: str | None = None,
    last: str | None = None,
    days: int | None = None,
    title: str | None = None,
) -> Wanted:
    return wanted(amount, Unit.WORDS, TODAY, first=first, last=last, days=days, title=title)


@pytest.mark.parametrize(
    ("first", "last", "days", "expected"),
    [
        (None, None, None, ("2026-11-03", "2026-12-02")),
        (None, None, 1, ("2026-11-03", "2026-11-03")),
        ("2026-11-01", "2026-11-30", None, ("2026-11-01", "2026-11-30")),
        ("2026-11-01", None, 3, ("2026-11-01", "2026-11-03")),  # the last day is today
        ("1 July", "31 July", None, ("2027-07-01", "2027-07-31")),
        ("20 December", "10 January", None, ("2026-12-20", "2027-01-10")),
        ("1 January", "31 December", None, ("2027-01-01", "2027-12-31")),
        ("next Monday", None, 7, ("2026-11-09", "2026-11-15")),
        ("1 November 2026", "30 Nov", None, ("2026-11-01", "2026-11-30")),
        (None, None, LONGEST, ("2026-11-03", "2027-11-03")),
    ],
)
def test_its_days(
    first: str | None, last: str | None, days: int | None, expected: tuple[str, str]
) -> None:
    found = asked(first=first, last=last, days=days)
    assert (found.first.isoformat(), found.last.isoformat()) == expected


def test_the_other_days_that_may_be_meant() -> None:
    assert other_days_of("1/12", "2/1", None, TODAY) == {
        on("2027-01-12"): (on("2027-01-12"), on("2027-02-01")),
        on("2027-02-01"): (on("2026-12-01"), on("2027-02-01")),
    }
    assert other_days_of("3/12", None, 30, TODAY) == {
        on("2027-03-12"): (on("2027-03-12"), on("2027-04-10"))
    }
    assert other_days_of(None, "6/11", None, TODAY) == {on("2027-06-11"): (TODAY, on("2027-06-11"))}
    assert other_days_of("1 December", "31 December", None, TODAY) == {}


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: asked(amount=0), "A challenge is for 1 to 10,000,000"),
        (lambda: asked(amount=MOST + 1), "A challenge is for 1 to 10,000,000"),
        (lambda: asked(last="30 November", days=3), "`last` or `days`, not both"),
        (lambda: asked(days=0), "lasts from 1 to 366 days"),
        (lambda: asked(days=LONGEST + 1), "lasts from 1 to 366 days"),
        (
            lambda: asked(first="2026-12-05", last="2026-12-01"),
            "end on 1 December, before it begins on 5 December. If you mean another year, write it",
        ),
        (lambda: asked(first="2027-03-05", last="1 March"), "before it begins on 5 March 2027"),
        (
            lambda: asked(first="2027-03-05", last="2026-12-01"),
            "end on 1 December, before it begins on 5 March 2027",
        ),
        (lambda: asked(first="2026-10-01", days=30), "would have ended on 30 October 2026"),
        (lambda: asked(last="2026-11-02"), "2 November 2026 is over"),
        (lambda: asked(first="9999-12-31"), "31 December 9999 is too far away"),
        (lambda: asked(first="0001-01-01"), "1 January 1 is too far away"),
        (lambda: asked(last="2030-12-31"), "lasts from 1 to 366 days"),
        (lambda: asked(last="9999-12-31"), "31 December 9999 is too far away"),
        (lambda: asked(last="2028-11-03"), "lasts from 1 to 366 days"),
        (lambda: asked(first="soon"), "“soon” is not a date"),
        (lambda: asked(title="   "), "A title has 1 to 80 characters"),
        (lambda: asked(title="x" * 81), "A title has 1 to 80 characters"),
    ],
)
def test_what_it_cannot_be_is_said_in_a_sentence(ask: Callable[[], Wanted], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        ask()


def test_it_has_a_title_if_nobody_gives_one() -> None:
    assert asked(days=14).title == "30,000 words by 16 November 2026"
    assert asked(title="  Two \n weeks ").title == "Two weeks"


@pytest.mark.parametrize(
    ("today", "year"), [("2026-01-01", 2026), ("2026-11-30", 2026), ("2026-12-01", 2027)]
)
def test_the_november_that_is_on_or_comes(today: str, year: int) -> None:
    assert next_november(on(today)) == year
    found = november(year)
    assert (found.title, found.amount, found.unit) == (f"November {year}", 50_000, Unit.WORDS)
    assert (found.first, found.last) == (date(year, 11, 1), date(year, 11, 30))


def test_the_last_day_is_over_where_it_is_over_last() -> None:
    assert ends_at(on("2026-11-30")) == ms("2026-12-01T12:00")


@pytest.mark.parametrize(
    ("first", "today", "expected"),
    [
        ("2026-11-01", "2026-10-31", 0),
        ("2026-11-01", "2026-11-01", 1667),
        ("2026-11-01", "2026-11-15", 25_000),
        ("2026-11-01", "2026-12-24", 50_000),
        ("2026-11-21", "2026-11-20", 0),
        ("2026-11-21", "2026-11-21", 5_000),  # who comes late has ten days for it
        ("2026-11-30", "2026-11-30", 50_000),
    ],
)
def test_par(first: str, today: str, expected: int) -> None:
    assert par(50_000, on(first), on("2026-11-30"), on(today)) == expected


@given(st.integers(1, MOST), DAYS, st.integers(0, LONGEST), DAYS)
def test_par_is_what_a_goal_of_the_same_days_has(
    target: int, first: date, length: int, today: date
) -> None:
    last = first + timedelta(days=length)
    goal = goal_rules.Wanted(target, Unit.WORDS, first, last, None)
    found = par(target, first, last, today)
    assert found == goal_rules.progress(0, goal, None, 0, 0, today).par
    assert 0 <= found <= target
    assert par(target, first, last, last) == target


ONE, TWO, THREE = on("2026-11-01"), on("2026-11-02"), on("2026-11-03")


@pytest.mark.parametrize(
    ("days", "members", "halfway", "expected"),
    [
        ({}, 5, False, Cheer.NOBODY),
        ({ONE: Together(500, 2)}, 5, True, Cheer.NOBODY),
        ({THREE: Together(0, 1)}, 5, False, Cheer.SOME),  # nothing to compare with
        ({THREE: Together(0, 1)}, 1, False, Cheer.SOME),  # one alone is not everyone
        ({THREE: Together(0, 5)}, 5, False, Cheer.EVERYONE),
        ({ONE: Together(500, 2), THREE: Together(500, 2)}, 5, False, Cheer.SOME),
        ({ONE: Together(500, 2), THREE: Together(501, 1)}, 5, False, Cheer.BIGGEST),
        ({ONE: Together(500, 2), THREE: Together(501, 5)}, 5, False, Cheer.BIGGEST),
        ({ONE: Together(500, 2), THREE: Together(501, 5)}, 5, True, Cheer.HALFWAY),
        ({ONE: Together(500, 2), THREE: Together(100, 3)}, 5, False, Cheer.MOST),
        ({ONE: Together(500, 2), TWO: Together(1, 4), THREE: Together(9, 3)}, 5, False, Cheer.SOME),
    ],
)
def test_what_is_worth_a_cheer(
    days: dict[date, Together], members: int, halfway: bool, expected: Cheer
) -> None:
    assert cheer(days, THREE, members, first_past_halfway=halfway) is expected
    later = days | {on("2026-11-04"): Together(9_999, 9)}
    assert cheer(later, THREE, members, first_past_halfway=halfway) is expected
