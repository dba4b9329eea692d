"""What a goal asks of a day. Pure."""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate

from bot.errors import BadInput
from bot.people.dates import Reading, Side, read, short
from bot.people.times import EVERY_DAY
from bot.words.amounts import MOST, Unit

LONGEST = 3660  # days that a target may be away


class Period(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A goal as it was set: a target where it has a last day, a habit where it has a period. No
    project: all of them."""

    amount: int
    unit: Unit
    first_day: date
    last_day: date | None
    period: Period | None
    weekdays: frozenset[int] = EVERY_DAY
    project_id: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a goal stands. It runs from `first_day` to `last_day`: a target's own, or those of a
    habit's period. `par`: where an even pace would be this evening. `finish`: when a target is
    reached at the average so far; None where that can't be told."""

    id: int
    goal: Wanted
    project: str | None
    today: date
    first_day: date
    last_day: date
    written: int
    written_today: int
    needed_today: int
    par: int
    days_left: int
    finish: date | None

    @property
    def left_today(self) -> int:
        return max(0, self.needed_today - self.written_today)

    @property
    def done(self) -> bool:
        return self.written >= self.goal.amount

    @property
    def begun(self) -> bool:
        return self.first_day <= self.today

    @property
    def over(self) -> bool:
        return self.last_day < self.today


def progress(
    goal_id: int,
    goal: Wanted,
    project: str | None,
    written: int,
    written_today: int,
    today: date,
    week_begins: int = 0,
) -> Progress:
    """`written`: from the goal's first day to its last. Needed today is what remained this morning
    over the chosen days left, today included."""
    first, last = _span_of(goal, today, week_begins)
    days_left = count_days(max(first, today), last, goal.weekdays)
    chosen = first <= today and today.weekday() in goal.weekdays
    remained = max(0, goal.amount - (written - written_today))
    come = count_days(first, min(today, last), goal.weekdays)
    return Progress(
        id=goal_id,
        goal=goal,
        project=project,
        today=today,
        first_day=first,
        last_day=last,
        written=written,
        written_today=written_today,
        needed_today=_over(remained, days_left) if chosen else 0,
        par=_over(goal.amount * come, count_days(first, last, goal.weekdays)),
        days_left=days_left,
        finish=_finish(goal, written, today, begun_today=written_today > 0),
    )


def pars(goal: Wanted) -> tuple[int, ...]:
    """Where an even pace to a target would be on the evening of each of its days."""
    assert goal.last_day is not None
    length = (goal.last_day - goal.first_day).days + 1
    dates = (goal.first_day + timedelta(days=number) for number in range(length))
    come = list(accumulate(day.weekday() in goal.weekdays for day in dates))
    return tuple(_over(goal.amount * count, come[-1]) for count in come)


def span(period: Period, today: date, week_begins: int = 0) -> tuple[date, date]:
    """The first and the last day of the period that today is in. A week begins on this weekday;
    Monday is 0."""
    match period:
        case Period.DAY:
            return today, today
        case Period.WEEK:
            begins = today - timedelta(days=(today.weekday() - week_begins) % 7)
            return begins, begins + timedelta(days=6)
        case Period.MONTH:
            first = today.replace(day=1)
            return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        case Period.YEAR:
            return date(today.year, 1, 1), date(today.year, 12, 31)


def count_days(first: date, last: date, weekdays: frozenset[int]) -> int:
    """How many of these weekdays there are from one day to another, both included."""
    before, until = first.toordinal() - 1, max(first.toordinal() - 1, last.toordinal())
    return sum((until + 6 - day) // 7 - (before + 6 - day) // 7 for day in weekdays)


def wanted(
    amount: int,
    unit: Unit,
    today: date,
    *,
    by: str | None,
    every: Period | None,
    weekdays: frozenset[int],
    start: str | None,
    project_id: int | None,
) -> Wanted:
    """The goal in the words of someone whose day it is. Neither `by` nor `every` said, it is so
    much a day. Raises BadInput."""
    if not 1 <= amount <= MOST:
        raise BadInput(f"A goal is between 1 and {MOST:,}.")
    if by is not None and every is not None:
        raise BadInput(
            "A goal is either by a date or for every so often: give `by` or `every`, not both."
        )
    if by is None:
        if start is not None:
            raise BadInput("Only a goal with a date has a start: give `by` as well.")
        return Wanted(amount, unit, today, None, every or Period.DAY, weekdays, project_id)
    first, last = days_of(by, start, weekdays, today)
    return Wanted(amount, unit, first, last, None, weekdays, project_id)


def days_of(by: str, start: str | None, weekdays: frozenset[int], today: date) -> tuple[date, date]:
    """A target's first and last day. Raises BadInput."""
    first = today if start is None else _start(start, today).day
    last = _last(by, first, today).day
    if last < first:
        raise BadInput(
            f"That would end on {short(last, today)}, before it starts on {short(first, today)}."
        )
    if not count_days(first, last, weekdays):
        raise BadInput(
            f"None of these weekdays comes between {short(first, today)} and {short(last, today)}."
        )
    return first, last


def other_days_of(
    by: str, start: str | None, weekdays: frozenset[int], today: date
) -> dict[date, tuple[date, date]]:
    """What else may have been meant by a first or a last day, and the days it would be then."""
    first = Reading(today) if start is None else _start(start, today)
    last = _last(by, first.day, today)
    tries = {first.other: (by, first.other), last.other: (last.other, first.day)}
    found = {}
    for other, (until, begin) in tries.items():
        if other is not None:
            with suppress(BadInput):
                found[other] = days_of(str(until), str(begin), weekdays, today)
    return found


def _start(typed: str, today: date) -> Reading:
    """A goal's first day, which may be over. Raises BadInput."""
    return read(typed, today, Side.EITHER)


def _last(typed: str, first: date, today: date) -> Reading:
    """A goal's last day, or that of "30 days" or "4 weeks" from the first on. Raises BadInput."""
    if found := re.fullmatch(r"([1-9]\d{0,3}) (day|week)s?", typed.strip().lower(), re.ASCII):
        days = int(found[1]) * (7 if found[2] == "week" else 1)
        typed = (first + timedelta(days=days - 1)).isoformat()
    side = Side.COMING_UNLESS_SAID if re.search(r"\d{4}", typed) else Side.COMING
    return read(typed, today, side, since=max(first, today))


def _span_of(goal: Wanted, today: date, week_begins: int) -> tuple[date, date]:
    if goal.last_day is not None:
        return goal.first_day, goal.last_day
    return span(goal.period or Period.DAY, today, week_begins)


def _finish(goal: Wanted, written: int, today: date, *, begun_today: bool) -> date | None:
    """Today counts once something is written on it."""
    days = (today - goal.first_day).days + begun_today
    if goal.last_day is None or goal.last_day < today or not 0 < written < goal.amount or days < 1:
        return None
    whole = _over(goal.amount * days, written)
    return goal.first_day + timedelta(days=whole - 1) if whole <= days + LONGEST else None


def _over(amount: int, days: int) -> int:
    """So much a day, rounded up."""
    return -(-amount // days) if days else 0
