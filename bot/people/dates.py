"""Dates as people type them: the one reader of them. Pure."""

import re
from calendar import day_name, month_name
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from bot.errors import BadInput
from bot.people.times import spoken

EARLIEST = date(1970, 1, 1)
FURTHEST = 3653  # days: ten years
LEAP = 8  # years at most from one 29 February to the next


class Side(Enum):
    """Which days make sense, and so which of several readings is meant: the nearest."""

    PAST = "up to today"
    COMING = "from today on"
    COMING_UNLESS_SAID = "from today on, unless a past day's year is said"
    EITHER = "past or to come"


@dataclass(frozen=True, slots=True)
class Reading:
    """The day that is meant. `other`: what the same figures mean to those who write day and month
    the other way round."""

    day: date
    other: date | None = None


def read(typed: str, today: date, side: Side, since: date | None = None) -> Reading:
    """The day of "yesterday", "last Monday", "3 days ago", "Nov 3", "3 November 2026", "2026-11-03"
    or "3/11". Where there are several of that name it is the nearest to today, or from `since` on.
    Raises BadInput."""
    plain = _plain(typed)
    relative = _relative(plain, today, side)
    if relative is not None:
        found = [relative]
    else:
        near = since or today
        found = [day for days in _readings(plain, near) if (day := _nearest(days, near, side))]
        found = sorted(set(found), key=lambda day: (_is_far(day, near, side), abs(day - near)))
    if not found:
        raise BadInput(_unreadable(typed, today, side))
    fitting = [day for day in found if _why_not(day, today, side) is None]
    if not fitting:
        raise BadInput(_why_not(found[0], today, side) or "")
    return Reading(*fitting[:2])


def named(day: date, today: date) -> str:
    """ "Tuesday 3 November", with its year where that is another than today's"""
    return f"{day_name[day.weekday()]} {short(day, today)}"


def short(day: date, today: date) -> str:
    """ "3 November", with its year where that is another than today's"""
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day.day} {month_name[day.month]}{year}"


def full(day: date) -> str:
    """ "Tuesday 3 November 2026" """
    return f"{day_name[day.weekday()]} {spoken(day)}"


_RELATIVE = {
    "today": 0, "tonight": 0, "now": 0, "yesterday": -1, "tomorrow": 1,
    "day before yesterday": -2, "day after tomorrow": 2,
}  # fmt: skip
_SPAN = r"(\d{1,5}|an?|one) (day|week)s?"
_AGO = re.compile(rf"{_SPAN} ago", re.ASCII)
_IN = re.compile(rf"in {_SPAN}", re.ASCII)
_WEEKDAY = re.compile(r"(?:(last|next|this) )?([a-z]{3,9})\.?", re.ASCII)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|\.)?"
_MONTH = r"(?P<month>[a-z]{3,9})\.?"
_YEAR = r"(?: (?P<year>\d{4}))?"
_WORDS = [
    re.compile(rf"{_DAY} ?{_MONTH}{_YEAR}", re.ASCII),
    re.compile(rf"{_MONTH} ?{_DAY}{_YEAR}", re.ASCII),
]
_YEAR_FIRST = re.compile(r"(\d{4})(?:[-/.](\d{1,2})[-/.]|(\d{2}))(\d{1,2})", re.ASCII)
_FIGURES = re.compile(r"(\d{1,2})([-/.])(\d{1,2})(?:\2(\d{4}|\d{2})?)?", re.ASCII)


def _plain(typed: str) -> str:
    words = typed.lower().replace(",", " ").split()
    return " ".join(word for word in words if word not in ("the", "of", "on"))


def _relative(plain: str, today: date, side: Side) -> date | None:
    if plain in _RELATIVE:
        return today + timedelta(days=_RELATIVE[plain])
    ago = _AGO.fullmatch(plain)
    if found := ago or _IN.fullmatch(plain):
        number = int(found[1]) if found[1].isdecimal() else 1
        days = number * (7 if found[2] == "week" else 1)
        return today + timedelta(days=-days if ago else days)
    found = _WEEKDAY.fullmatch(plain)
    weekdays = [n for n, name in enumerate(day_name) if found and name.lower().startswith(found[2])]
    if not found or not weekdays:
        return None
    ahead = (weekdays[0] - today.weekday()) % 7  # days until it comes, 0 today
    behind = (today.weekday() - weekdays[0]) % 7
    if found[1] == "last":
        return today - timedelta(days=behind or 7)
    if found[1] == "next":
        return today + timedelta(days=ahead or 7)
    back = behind < ahead if side is Side.EITHER else side is Side.PAST
    return today - timedelta(days=behind) if back else today + timedelta(days=ahead)


def _readings(plain: str, near: date) -> Iterator[list[date]]:
    """Of each way to read it, the days that it may be."""
    if found := _YEAR_FIRST.fullmatch(plain):
        yield _days(found[4], int(found[2] or found[3]), found[1], near)
    for pattern in _WORDS:
        if found := pattern.fullmatch(plain):
            for number in range(1, 13):
                if month_name[number].lower().startswith(found["month"]):
                    yield _days(found["day"], number, found["year"], near)
    if found := _FIGURES.fullmatch(plain):
        first, between, second, year = found.groups()
        year = f"20{year}" if year and len(year) == 2 else year
        yield _days(first, int(second), year, near)
        if between != ".":  # where dates have full stops, the day comes first
            yield _days(second, int(first), year, near)


def _days(day: str, month: int, year: str | None, near: date) -> list[date]:
    years = [int(year)] if year else range(near.year - LEAP, near.year + LEAP + 1)
    return [found for number in years if (found := _date(number, month, int(day)))]


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _nearest(days: list[date], near: date, side: Side) -> date | None:
    return min(days, key=lambda day: (_is_far(day, near, side), abs(day - near)), default=None)


def _is_far(day: date, near: date, side: Side) -> bool:
    """Whether it lies in the direction that makes less sense."""
    if side is Side.EITHER:
        return False
    return day > near if side is Side.PAST else day < near


def _why_not(day: date, today: date, side: Side) -> str | None:
    """Why that day makes no sense; None if it does."""
    if side is Side.PAST and not EARLIEST <= day <= today:
        return f"Nothing can be logged for {spoken(day)}: choose a day up to today, {today}."
    if side is Side.COMING and day < today:
        return f"{spoken(day)} is over: choose a day from today on."
    if not EARLIEST <= day <= today + timedelta(days=FURTHEST):
        return f"{spoken(day)} is too far away: choose a day within ten years."
    return None


def _unreadable(typed: str, today: date, side: Side) -> str:
    near = "yesterday" if side is Side.PAST else "tomorrow"
    return (
        f"“{typed}” is not a date that I can read. Write it like {near}, Monday, "
        f"{today.day} {month_name[today.month]} or {today}."
    )
