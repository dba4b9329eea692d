"""What a goal asks of a day."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.charts.data import Cumulative
from bot.errors import BadInput
from bot.people.times import EVERY_DAY
from bot.words import goal_rules
from bot.words.amounts import MOST, Unit
from bot.words.goal_rules import Period, Progress, Wanted, count_days, span
from tests.bot.words.making import on
from tests.bot.words.wanting import NOVEMBER, TODAY, habit

WEEKDAYS, WEEKEND = frozenset(range(5)), frozenset({5, 6})


def stands(goal: Wanted, written: int, written_today: int = 0, today: date = TODAY) -> Progress:
    return goal_rules.progress(1, goal, None, written, written_today, today)


@pytest.mark.parametrize(
    ("day", "written", "written_today", "needed", "left", "par", "days"),
    [
        ("2026-10-31", 0, 0, 0, 0, 0, 30),  # it has not begun
        ("2026-11-01", 0, 0, 1667, 1667, 1667, 30),
        ("2026-11-01", 500, 500, 1667, 1167, 1667, 30),  # today's own words lower nothing
        ("2026-11-02", 500, 0, 1707, 1707, 3334, 29),
        ("2026-11-11", 20_000, 2000, 1600, 0, 18_334, 20),
        ("2026-11-30", 49_000, 0, 1000, 1000, 50_000, 1),
        ("2026-11-30", 50_000, 1000, 1000, 0, 50_000, 1),
        ("2026-11-30", 0, -500, 49_500, 50_000, 50_000, 1),  # what was cut is to be made up for
        ("2026-11-20", 60_000, 0, 0, 0, 33_334, 11),
        ("2026-12-01", 49_000, 0, 0, 0, 50_000, 0),  # over
    ],
)
def test_a_target_asks_for_what_remained_this_morning_over_the_days_left(
    day: str, written: int, written_today: int, needed: int, left: int, par: int, days: int
) -> None:
    found = stands(NOVEMBER, written, written_today, on(day))
    assert (found.needed_today, found.left_today) == (needed, left)
    assert (found.par, found.days_left) == (par, days)
    assert found.done == (written >= 50_000)
    assert found.begun == (day >= "2026-11")
    assert found.over == (day > "2026-11-30")


@pytest.mark.parametrize(
    ("goal", "written", "needed", "days"),
    [
        (habit(500, Period.DAY), 0, 500, 1),
        (habit(500, Period.DAY, WEEKDAYS), 0, 500, 1),
        (habit(500, Period.DAY, WEEKEND), 0, 0, 0),  # Wednesday is free
        (habit(3500, Period.WEEK), 1000, 500, 5),  # from Monday
        (habit(3500, Period.WEEK, WEEKDAYS), 1000, 834, 3),
        (habit(3500, Period.WEEK, WEEKEND), 1000, 0, 2),
        (habit(3500, Period.WEEK), 3500, 0, 5),
        (habit(10_000, Period.MONTH), 0, 500, 20),
        (habit(100_000, Period.YEAR), 49_000, 1000, 51),
    ],
)
def test_a_habit_asks_over_the_chosen_days_of_its_period(
    goal: Wanted, written: int, needed: int, days: int
) -> None:
    found = stands(goal, written)
    assert (found.needed_today, found.days_left) == (needed, days)
    assert found.finish is None
    assert not found.over


@given(st.integers(1, 10**7), st.integers(1, 400), st.sets(st.integers(0, 6), min_size=1))
def test_an_even_pace_rises_from_day_to_day_to_the_amount(
    amount: int, length: int, weekdays: set[int]
) -> None:
    goal = replace(
        NOVEMBER, amount=amount, last_day=NOVEMBER.first_day + timedelta(days=length - 1),
        weekdays=frozenset(weekdays),
    )  # fmt: skip
    assume(count_days(goal.first_day, goal.last_day or TODAY, goal.weekdays))
    pars = goal_rules.pars(goal)
    assert len(pars) == length
    assert list(pars) == sorted(pars)
    assert pars[-1] == amount
    for number in {0, length // 2, length - 1}:
        today = goal.first_day + timedelta(days=number)
        assert pars[number] == stands(goal, 0, today=today).par


@given(st.integers(1, 500), st.integers(1, 40), st.lists(st.integers(-20, 60), min_size=1))
def test_a_picture_and_the_words_have_it_done_on_the_same_day(
    amount: int, length: int, amounts: list[int]
) -> None:
    first, amounts = NOVEMBER.first_day, amounts[:length]
    goal = replace(NOVEMBER, amount=amount, last_day=first + timedelta(days=length - 1))
    today = first + timedelta(days=len(amounts) - 1)
    found = stands(goal, sum(amounts), amounts[-1], today)
    way = Cumulative("", goal.unit, amount, first, tuple(amounts), goal_rules.pars(goal))
    if today < found.last_day:
        in_time = found.finish is not None and found.finish <= found.last_day
        assert way.finish == (found.finish if in_time else None)
    assert way.pars[len(amounts) - 1] == found.par


def test_a_target_on_some_weekdays_asks_nothing_on_the_others() -> None:
    weekdays = replace(NOVEMBER, amount=21_000, weekdays=WEEKDAYS)  # 21 of them
    assert stands(weekdays, 0, today=on("2026-11-01")).needed_today == 0  # a Sunday
    assert stands(weekdays, 0, today=on("2026-11-02")).needed_today == 1000
    assert stands(weekdays, 0, today=on("2026-11-08")).par == 5000


@pytest.mark.parametrize(
    ("day", "written", "written_today", "finish"),
    [
        ("2026-11-01", 0, 0, None),
        ("2026-11-01", 2500, 2500, "2026-11-20"),
        ("2026-11-02", 2500, 0, "2026-11-20"),  # today is not over: it may still be as good
        ("2026-11-02", 2500, 10, "2026-12-10"),
        ("2026-11-10", 49_999, 0, "2026-11-10"),
        ("2026-11-10", 50_000, 5000, None),  # done
        ("2026-12-01", 49_000, 0, None),  # over
        ("2026-11-10", 1, 1, None),  # in more years than one can plan for
        ("2026-11-10", -5, 0, None),
        ("2026-10-31", 10, 0, None),  # of a day that it is only in the east
    ],
)
def test_the_finish_at_the_average_so_far(
    day: str, written: int, written_today: int, finish: str | None
) -> None:
    found = stands(NOVEMBER, written, written_today, on(day)).finish
    assert found == (None if finish is None else on(finish))


some_days = st.dates(date(2020, 1, 1), date(2030, 1, 1))
some_weekdays = st.frozensets(st.integers(0, 6), min_size=1)


@given(some_days, st.integers(1, 400), some_weekdays)
def test_weekdays_are_counted(first: date, length: int, weekdays: frozenset[int]) -> None:
    last = first + timedelta(days=length - 1)
    days = [first + timedelta(days=n) for n in range(length)]
    assert count_days(first, last, weekdays) == sum(day.weekday() in weekdays for day in days)
    assert count_days(last + timedelta(days=1), first, weekdays) == 0


@given(some_days, st.sampled_from(Period))
def test_a_period_holds_its_day_and_ends_where_the_next_begins(day: date, period: Period) -> None:
    first, last = span(period, day)
    assert first <= day <= last
    assert span(period, first) == span(period, last) == (first, last)
    assert span(period, last + timedelta(days=1))[0] == last + timedelta(days=1)
    assert period is not Period.WEEK or first.weekday() == 0


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        ("2026-11-07", "2026-11-01", "2026-11-07"),  # Saturday
        ("2026-11-08", "2026-11-08", "2026-11-14"),
        ("2026-11-09", "2026-11-08", "2026-11-14"),
    ],
)
def test_a_week_that_begins_on_sunday(today: str, first: str, last: str) -> None:
    found = span(Period.WEEK, date.fromisoformat(today), 6)
    assert found == (date.fromisoformat(first), date.fromisoformat(last))


@given(
    st.integers(1, 100_000),
    some_days,
    st.integers(1, 60),
    some_weekdays,
    st.lists(st.integers(-200, 2000), min_size=60, max_size=60),
)
def test_who_writes_what_is_needed_from_some_day_on_is_done_to_the_word(
    amount: int, first: date, length: int, weekdays: frozenset[int], at_ease: list[int]
) -> None:
    goal = Wanted(amount, Unit.WORDS, first, first + timedelta(days=length - 1), None, weekdays)
    written = before = sum(at_ease[: length // 2])
    chosen = 0
    for number in range(length // 2, length):
        today = first + timedelta(days=number)
        found = stands(goal, written, 0, today)
        if today.weekday() in weekdays:
            chosen += 1
        else:
            assert found.needed_today == 0
        written += found.needed_today
    if chosen:
        assert written == max(amount, before)
        assert found.par == amount


@given(st.integers(2, 100_000), st.integers(1, 100_000), st.integers(1, 3000))
def test_the_finish_is_where_the_average_leads(amount: int, written: int, days: int) -> None:
    today = NOVEMBER.first_day + timedelta(days=days - 1)
    goal = replace(NOVEMBER, amount=amount, last_day=today)
    finish = stands(goal, min(written, amount - 1), 1, today).finish
    if finish is not None:
        assert finish > today
        whole = (finish - goal.first_day).days + 1
        assert (whole - 1) * min(written, amount - 1) < amount * days
        assert whole * min(written, amount - 1) >= amount * days


def asked(
    amount: int = 500,
    *,
    by: str | None = None,
    every: Period | None = None,
    weekdays: frozenset[int] = EVERY_DAY,
    start: str | None = None,
) -> Wanted:
    return goal_rules.wanted(
        amount, Unit.WORDS, TODAY, by=by, every=every, weekdays=weekdays, start=start,
        project_id=None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("by", "start", "first", "last"),
    [
        ("2026-11-30", None, "2026-11-11", "2026-11-30"),
        (" 2026-11-11 ", None, "2026-11-11", "2026-11-11"),
        ("30 days", None, "2026-11-11", "2026-12-10"),
        ("1 day", None, "2026-11-11", "2026-11-11"),
        ("30 Days", "2026-11-01", "2026-11-01", "2026-11-30"),
        ("2026-11-30", "yesterday", "2026-11-10", "2026-11-30"),
        ("30 Nov", "1 Nov", "2026-11-01", "2026-11-30"),
        ("Friday", None, "2026-11-11", "2026-11-13"),
        ("2 weeks", None, "2026-11-11", "2026-11-24"),
        ("1 February", "15 January", "2027-01-15", "2027-02-01"),
        ("2026-12-31", "2026-12-01", "2026-12-01", "2026-12-31"),  # yet to come
        ("2026-11-05", "2026-11-01", "2026-11-01", "2026-11-05"),  # all over
    ],
)
def test_a_date_makes_a_target(by: str, start: str | None, first: str, last: str) -> None:
    goal = asked(by=by, start=start)
    assert (goal.first_day, goal.last_day, goal.period) == (on(first), on(last), None)


def test_no_date_makes_a_habit() -> None:
    assert asked() == habit(500, Period.DAY)
    assert asked(every=Period.WEEK, weekdays=WEEKEND) == habit(500, Period.WEEK, WEEKEND)


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (lambda: asked(0), "between 1 and 10,000,000"),
        (lambda: asked(MOST + 1), "between 1 and 10,000,000"),
        (lambda: asked(by="2026-11-30", every=Period.DAY), "`by` or `every`, not both"),
        (lambda: asked(start="2026-11-01"), "give `by` as well"),
        (lambda: asked(by="2026-11-10"), "That would end on 10 November, before it starts"),
        (lambda: asked(by="2026-11-13", weekdays=WEEKEND), "None of these weekdays"),
        (lambda: asked(by="soon"), "“soon” is not a date"),
        (lambda: asked(by="0 days"), "is not a date"),
        (lambda: asked(by="2026-02-30"), "is not a date"),
        (lambda: asked(by="9999 days"), "within ten years"),
        (lambda: asked(by="9999-12-31", start="9999-12-31"), "within ten years"),
        (lambda: asked(by="2026-11-30", start="1969-12-31"), "within ten years"),
        (lambda: asked(by="2026-11-30", start="whenever"), "“whenever” is not a date"),
    ],
)
def test_what_makes_no_goal(ask: Callable[[], Wanted], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        ask()
