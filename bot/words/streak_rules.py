"""Days in a row. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

FREEZES = 2  # a calendar month


@dataclass(frozen=True, slots=True)
class Streak:
    """`length`: the days written in the streak that is running. `frozen`: the days on which a
    freeze kept one, in order. `freezes_left`: this month."""

    length: int
    longest: int
    frozen: tuple[date, ...]
    freezes_left: int
    written_today: bool


def count(written: Iterable[date], today: date) -> Streak:
    """The streak of one who has written on these days, given in order. A freeze is spent on each
    missed day by itself, as long as a streak is running and the month has one left. A day that is
    not over is not missed."""
    length = longest = 0
    frozen: list[date] = []
    last = today
    for day in written:
        if day > today:  # written in a zone further east
            break
        if not _kept(last, day, frozen):
            length = 0
        length += 1
        longest = max(longest, length)
        last = day
    if not _kept(last, today, frozen):
        length = 0
    spent = sum(_month(day) == _month(today) for day in frozen)
    return Streak(length, longest, tuple(frozen), FREEZES - spent, length > 0 and last == today)


def _kept(last: date, until: date, frozen: list[date]) -> bool:
    """Whether freezes keep the streak over the days between; those spent are added."""
    for number in range(1, (until - last).days):
        day = last + timedelta(days=number)
        if [_month(one) for one in frozen[-FREEZES:]] == [_month(day)] * FREEZES:
            return False
        frozen.append(day)
    return True


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month
