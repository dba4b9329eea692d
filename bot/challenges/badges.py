"""What is kept of a challenge for having been reached once. Pure."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from enum import StrEnum

from bot.challenges.rules import par
from bot.words.amounts import Unit
from bot.words.day_totals import Day


class Badge(StrEnum):
    """In the order in which they are told."""

    FIRST = "first"
    DAY_1667 = "day-1667"
    K5 = "5k"
    K10 = "10k"
    HALFWAY = "halfway"
    K25 = "25k"
    K40 = "40k"
    K50 = "50k"
    ROW_3 = "row-3"
    ROW_7 = "row-7"
    ROW_14 = "row-14"
    ROW_21 = "row-21"
    ROW_30 = "row-30"
    PAR_EVERY_DAY = "par"


A_DAY = 1667  # words: 50,000 in a month
WORDS = {
    Badge.K5: 5_000,
    Badge.K10: 10_000,
    Badge.K25: 25_000,
    Badge.K40: 40_000,
    Badge.K50: 50_000,
}
ROWS = {
    Badge.ROW_3: 3,
    Badge.ROW_7: 7,
    Badge.ROW_14: 14,
    Badge.ROW_21: 21,
    Badge.ROW_30: 30,
}

_DAY = timedelta(days=1)


def earned(days: Mapping[date, Day], unit: Unit, target: int) -> set[Badge]:
    """What these days, each with an entry and in order, have earned by now."""
    amounts = [day.amount for day in days.values()]
    written, row = sum(amounts), longest_row(days)
    found = {badge for badge, length in ROWS.items() if row >= length}
    if any(amount > 0 for amount in amounts):
        found.add(Badge.FIRST)
    if 2 * written >= target:
        found.add(Badge.HALFWAY)
    if unit is Unit.WORDS:
        found |= {badge for badge, words in WORDS.items() if written >= words}
        if max(amounts, default=0) >= A_DAY:
            found.add(Badge.DAY_1667)
    return found


def kept_par(days: Mapping[date, Day], target: int, first: date, last: date) -> bool:
    """Whether on every evening from the first day to the last there was as much as an even pace
    would have had."""
    written = sum(day.amount for when, day in days.items() if when < first)
    evening = first
    while evening <= last:
        written += days[evening].amount if evening in days else 0
        if written < par(target, first, last, evening):
            return False
        evening += _DAY
    return True


def longest_row(written: Collection[date]) -> int:
    """The most days on end of these, given in order."""
    longest = length = 0
    for day in written:
        length = length + 1 if day - _DAY in written else 1
        longest = max(longest, length)
    return longest


def row(written: Collection[date], today: date) -> int:
    """The days on end up to today, or up to yesterday while today has none."""
    day = today if today in written else today - _DAY
    length = 0
    while day in written:
        length += 1
        day -= _DAY
    return length
