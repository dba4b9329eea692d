"""What days of writing come to. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.words.amounts import Unit
from bot.words.goal_rules import Period, span


class Part(StrEnum):
    """A part of the day, six hours each from midnight on."""

    NIGHT = "night"
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


@dataclass(frozen=True, slots=True)
class Day:
    """What was written on a date. `entered`: nothing of it has been taken back whole, so that even
    zero stands for a day of writing."""

    day: date
    unit: Unit
    amount: int
    entered: bool


@dataclass(frozen=True, slots=True)
class Summary:
    """What was written in one unit. `days`: those with an entry, the first of them `since`."""

    unit: Unit
    this: Mapping[Period, int]
    total: int
    days: int
    since: date
    best: Day
    average: int  # a day with an entry
    average_since: int  # a day since the first
    parts: Mapping[Part, int]


@dataclass(frozen=True, slots=True)
class Month:
    """What was written in one unit in the month of `today`: an amount for each of its days, None
    where nothing is entered."""

    unit: Unit
    today: date
    amounts: tuple[int | None, ...]
    week_begins: int


@dataclass(frozen=True, slots=True)
class Moment:
    """What someone entered around an instant, for a date. `zone`: the one they were in, if that is
    known."""

    person_id: int
    unit: Unit
    day: date
    at: int
    amount: int
    zone: str | None = None


Parts = Mapping[tuple[Unit, Part], int]


def by_part(moments: Iterable[Moment], zones: Mapping[int, ZoneInfo]) -> Parts:
    """By the part of the writer's day in which it was entered, so only what was entered on the day
    that it was written on. What they entered in a zone that isn't known goes by these."""
    found: Counter[tuple[Unit, Part]] = Counter()
    for moment in moments:
        utc = datetime.fromtimestamp(moment.at / 1000, UTC)
        zone = zones[moment.person_id] if moment.zone is None else ZoneInfo(moment.zone)
        local = utc.astimezone(zone)
        if local.date() == moment.day:
            found[moment.unit, list(Part)[local.hour // 6]] += moment.amount
    return found


def summaries(
    days: Iterable[Day], parts: Parts, today: date, week_begins: int = 0
) -> list[Summary]:
    """One for each unit in which something stands."""
    by_unit: dict[Unit, list[Day]] = {unit: [] for unit in Unit}
    for one in days:
        if one.entered:
            by_unit[one.unit].append(one)
    return [
        _summary(unit, those, parts, today, week_begins) for unit, those in by_unit.items() if those
    ]


def month(days: Iterable[Day], today: date, week_begins: int = 0) -> Month | None:
    """In the first of the units in which something stands this month."""
    first, last = span(Period.MONTH, today)
    entered = {(one.unit, one.day): one.amount for one in days if one.entered}
    dates = [first + timedelta(days=number) for number in range(last.day)]
    for unit in Unit:
        amounts = tuple(entered.get((unit, day)) for day in dates)
        if any(amount is not None for amount in amounts):
            return Month(unit, today, amounts, week_begins)
    return None


def _summary(unit: Unit, days: list[Day], parts: Parts, today: date, week_begins: int) -> Summary:
    total, since = sum(one.amount for one in days), min(one.day for one in days)
    this: Counter[Period] = Counter()
    for period in Period:
        first, last = span(period, today, week_begins)
        this[period] = sum(one.amount for one in days if first <= one.day <= last)
    return Summary(
        unit=unit,
        this=this,
        total=total,
        days=len(days),
        since=since,
        best=max(days, key=lambda one: (one.amount, -one.day.toordinal())),
        average=round(total / len(days)),
        average_since=round(total / max(1, (today - since).days + 1)),
        parts={part: parts.get((unit, part), 0) for part in Part},
    )
