"""What a challenge may be, what it asks of a day, and what an evening has to cheer for. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.errors import BadInput
from bot.people.times import parse_date, spoken
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
    if last is not None and days is not None:
        raise BadInput("It ends on a day or after so many: give `last` or `days`, not both.")
    begin = today if first is None else _first(first, today)
    if begin > today + timedelta(days=LONGEST):
        raise BadInput(f"{spoken(begin)} is too far away: a challenge begins within a year.")
    if last is None:
        end = begin + timedelta(days=(MONTH if days is None else days) - 1)
    else:
        end = parse_date(last, max(begin, today))
    _check_days(begin, end, today)
    return Wanted(_title(title or f"{amount:,} {unit} by {spoken(end)}"), unit, amount, begin, end)


def changed(
    was: Wanted,
    today: date,
    *,
    amount: int | None,
    first: str | None,
    last: str | None,
    title: str | None,
) -> Wanted:
    """What was wanted with what is said now; the rest stays. Raises BadInput."""
    begin = was.first if first is None else _first(first, today)
    end = was.last if last is None else parse_date(last, max(begin, today))
    if first is not None or last is not None:
        _check_days(begin, end, today)
    if amount is not None:
        check_amount(amount)
    name = was.title if title is None else _title(title)
    return Wanted(name, was.unit, was.amount if amount is None else amount, begin, end)


def _check_days(first: date, last: date, today: date) -> None:
    """Raises BadInput."""
    if first > today + timedelta(days=LONGEST):
        raise BadInput(f"{spoken(first)} is too far away: a challenge begins within a year.")
    if not 1 <= (last - first).days + 1 <= LONGEST:
        raise BadInput(f"A challenge lasts from 1 to {LONGEST} days.")
    if last < today:
        raise BadInput(f"That would have ended on {spoken(last)}: choose a last day from today on.")


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


def _first(typed: str, today: date) -> date:
    """Also a day that is over, if its year is said."""
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        return parse_date(typed, today)


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
