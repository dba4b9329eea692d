"""Goals to test with."""

from bot.people.times import EVERY_DAY
from bot.words.amounts import Unit
from bot.words.goal_rules import Period, Wanted
from tests.bot.words.making import on

TODAY = on("2026-11-11")  # a Wednesday

NOVEMBER = Wanted(50_000, Unit.WORDS, on("2026-11-01"), on("2026-11-30"), None)


def habit(amount: int, period: Period, weekdays: frozenset[int] = EVERY_DAY) -> Wanted:
    return Wanted(amount, Unit.WORDS, TODAY, None, period, weekdays)
