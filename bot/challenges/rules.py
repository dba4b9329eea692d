"""What a challenge may be, what it asks of a day, and what an evening has to cheer for. Pure."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.errors import BadInput
from bot.people.dates import Reading, Side, read, short
from bot.people.times import spoken
from bot.words.amounts import MOST, Unit
from bot.words.day_totals import Together

NOVEMBER = 50_000  # words
MONTH = 30  # days, if nobody says
LONGEST = 366  # days; and as many ahead it may begin
LONGEST_TITLE = 80


@dataclass(frozen=True, slots=True)
class Wanted:
    """A challenge as it was asked for; both days are its own."""

    title: str
    unit: Unit
    amount: int
    first: date
    last: date


class Cheer(StrEnum):
    """What is worth a cheer of a day."""

    HALFWAY = "halfway"  # someone is the first past it
    BIGGEST = "biggest"  # the room has never written so much in a day
    EVERYONE = "everyone"  # wrote
    MOST = "most"  # never have so many
    SOME = "some"
    NOBODY = "nobody"


def november(year: int) -> Wanted:
    return Wanted(f"November {year}", Unit.WORDS, NOVEMBER, date(year, 11, 1), date(year, 11, 30))


def next_november(today: date) -> int:
    """The year of the November that is on or comes."""
    return today.year + (today > date(today.year, 11, 30))


def wanted(
    amount: int,
    unit: Unit,
    today: date,
    *,
    first: str | None,
    last: str | None,
    days: int | None,
    title: str | None,
) -> Wanted:
    """The challenge in the words of someone in whose server it is `today`: from today on and for a
    month, unless they say otherwise. Raises BadInput."""
    check_amount(amount)
    begin, end = days_of(first, last, days, today)
    return Wanted(_title(title or default_title(amount, unit, end)), unit, amount, begin, end)


def days_of(
    first: str | None, last: str | None, days: int | None, today: date
) -> tuple[date, date]:
    """A challenge's first and last day. Raises BadInput."""
    if last is not None and days is not None:
        raise BadInput("It ends on a day or after so many: give `last` or `days`, not both.")
    begin = today if first is None else _first(first, today).day
    _check_first(begin, today)
    if last is None:
        end = begin + timedelta(days=(MONTH if days is None else days) - 1)
    else:
        end = _last(last, begin, today).day
    _check_days(begin, end, today)
    return begin, end


def other_days_of(
    first: str | None, last: str | None, days: int | None, today: date
) -> dict[date, tuple[date, date]]:
    """What else may have been meant by the first or the last day, and the days it would be then."""
    begin, _ = days_of(first, last, days, today)
    found = {}
    if first is not None and (other := _first(first, today).other) is not None:
        with suppress(BadInput):
            found[other] = days_of(str(other), last, days, today)
    if last is not None and (other := _last(last, begin, today).other) is not None:
        with suppress(BadInput):
            found[other] = days_of(str(begin), str(other), None, today)
    return found


def changed(
    was: Wanted,
    today: date,
    *,
    amount: int | None,
    first: str | None,
    last: str | None,
    title: str | None,
) -> Wanted:
    """What was wanted with what is said now; the rest stays, and a title that says how much and
    until when goes on to say so. Raises BadInput."""
    begin = was.first if first is None else _first(first, today).day
    end = was.last if last is None else _last(last, begin, today).day
    if first is not None or last is not None:
        _check_days(begin, end, today)
    if amount is not None:
        check_amount(amount)
    number = was.amount if amount is None else amount
    if title is None and was.title == default_title(was.amount, was.unit, was.last):
        title = default_title(number, was.unit, end)
    name = was.title if title is None else _title(title)
    return Wanted(name, was.unit, number, begin, end)


def _check_days(first: date, last: date, today: date) -> None:
    """Raises BadInput."""
    _check_first(first, today)
    if not 1 <= (last - first).days + 1 <= LONGEST:
        raise BadInput(f"A challenge lasts from 1 to {LONGEST} days.")
    if last < today:
        raise BadInput(f"That would have ended on {spoken(last)}: choose a last day from today on.")


def _check_first(first: date, today: date) -> None:
    """Raises BadInput."""
    if first > today + timedelta(days=LONGEST):
        raise BadInput(f"{spoken(first)} is too far away: a challenge begins within a year.")


def _title(typed: str) -> str:
    """Raises BadInput."""
    name = " ".join(typed.split())
    if not name or len(name) > LONGEST_TITLE:
        raise BadInput(f"A title has 1 to {LONGEST_TITLE} characters.")
    return name


def check_amount(amount: int) -> None:
    """Raises BadInput."""
    if not 1 <= amount <= MOST:
        raise BadInput(f"A challenge is for 1 to {MOST:,}.")


def default_title(amount: int, unit: Unit, last: date) -> str:
    return f"{amount:,} {unit} by {spoken(last)}"


def _first(typed: str, today: date) -> Reading:
    """A challenge's first day, also one that is over if its year is said. Raises BadInput."""
    return read(typed, today, Side.COMING_UNLESS_SAID)


def _last(typed: str, begin: date, today: date) -> Reading:
    """A challenge's last day: without a year, in the next one only where it could not be in the
    first day's own. Raises BadInput."""
    found = read(typed, today, Side.COMING, since=max(begin, today))
    nearest = read(typed, today, Side.COMING)
    for day in (found.day, nearest.day, nearest.other):
        if day is None or day >= begin or (day.month, day.day) != (found.day.month, found.day.day):
            continue
        if day == found.day or day.year == begin.year:
            raise BadInput(
                f"That would end on {short(day, today)}, before it begins on "
                f"{short(begin, today)}. If you mean another year, write it."
            )
    return found


def ends_at(last: date) -> int:
    """The instant at which the day is over everywhere: at noon of the next, for at UTC-12 it is
    midnight then."""
    noon = datetime.combine(last + timedelta(days=1), time(12), UTC)
    return int(noon.timestamp() * 1000)


def par(target: int, first: date, last: date, today: date) -> int:
    """Where an even pace from the first day to the last would be this evening, rounded up."""
    whole = (last - first).days + 1
    come = min(max((today - first).days + 1, 0), whole)
    return -(-target * come // whole)


def cheer(
    days: Mapping[date, Together], today: date, members: int, *, first_past_halfway: bool
) -> Cheer:
    """The best that can be said of today, where everyone's days up to it are these."""
    now = days.get(today)
    if now is None:
        return Cheer.NOBODY
    if first_past_halfway:
        return Cheer.HALFWAY
    before = [one for day, one in days.items() if day < today]
    if before and now.amount > max(one.amount for one in before):
        return Cheer.BIGGEST
    if now.writers == members > 1:
        return Cheer.EVERYONE
    if before and now.writers > max(one.writers for one in before):
        return Cheer.MOST
    return Cheer.SOME
