"""Local times that come again. Pure: slots are local times, instants are UTC milliseconds."""

import re
from calendar import month_name
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import BadInput
from bot.people.zones import CLOCK_TIME

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
EVERY_DAY = frozenset(range(7))
NAMED_DAYS = {
    "daily": EVERY_DAY,
    "every day": EVERY_DAY,
    "weekdays": frozenset(range(5)),
    "weekends": frozenset({5, 6}),
}
MOST_TIMES = 12  # a day
MINUTE = 60_000  # ms


@dataclass(frozen=True, slots=True)
class Slot:
    """A local time of day on some weekdays (Monday is 0)."""

    minute: int
    zone: ZoneInfo
    weekdays: frozenset[int] = EVERY_DAY


def slot(minute: int, zone: str, weekdays: str) -> Slot:
    """A slot as it is stored; the weekdays as digits."""
    return Slot(minute, ZoneInfo(zone), frozenset(map(int, weekdays)))


def instant(slot: Slot, day: date) -> int:
    """When the slot comes on `day`. A time that a clock change skips moves forward by the gap; of
    one that happens twice it is the first: both are what `fold=0` means (PEP 495)."""
    local = datetime.combine(day, time(slot.minute // 60, slot.minute % 60), slot.zone)
    return int(local.timestamp() * 1000)


def next_slot(slot: Slot, after: int, used: date | None = None) -> tuple[date, int]:
    """The local date and the instant of the slot's first coming later than `after`, on a day later
    than the one that was `used` last."""
    day = local(after, slot.zone).date() - timedelta(days=1)  # a skipped 23:30 comes after midnight
    if used is not None:
        day = max(day, used + timedelta(days=1))
    while True:
        if day.weekday() in slot.weekdays and (when := instant(slot, day)) > after:
            return day, when
        day += timedelta(days=1)


def comings(slot: Slot, after: int) -> Iterator[tuple[int, date]]:
    """The slot's comings later than `after`, in order: the instant and the local date of each."""
    while True:
        day, after = next_slot(slot, after)
        yield after, day


def local(now: int, zone: ZoneInfo) -> datetime:
    """The date and time at `now` (UTC milliseconds) in the zone."""
    return datetime.fromtimestamp(now / 1000, UTC).astimezone(zone)


def parse_time(typed: str) -> int:
    """Minutes since midnight of "9", "09:00", "9.30 pm" or "21h15". Raises BadInput."""
    if said := CLOCK_TIME.fullmatch(typed.strip()):
        hour, minute, half = int(said[1]), int(said[2] or 0), (said[3] or "").lower()
        if half and 1 <= hour <= 12:
            hour = hour % 12 + 12 * (half == "p")
        elif half:
            hour = 24
        if hour < 24 and minute < 60:
            return hour * 60 + minute
    raise BadInput(f"“{typed}” is not a time of day. Write it like 09:00 or 9 pm.")


def next_time(typed: str, zone: ZoneInfo, now: int) -> int:
    """The first instant after `now` with this time of day there, or, like ":15", with so many
    minutes past whichever hour. Raises BadInput."""
    past_the_hour = re.fullmatch(r":([0-5]\d)", typed.strip())
    if past_the_hour is None:
        _, instant = next_slot(Slot(parse_time(typed), zone), now)
        return instant
    instant = now - now % MINUTE
    while True:
        instant += MINUTE
        if local(instant, zone).minute == int(past_the_hour[1]):
            return instant


def parse_times(typed: str) -> tuple[int, ...]:
    """Minutes since midnight of several, like "09:00 and 6 pm", in order. Raises BadInput."""
    found = {parse_time(one) for one in re.split(r"[,;&+]|\band\b", typed) if one.strip()}
    if not 1 <= len(found) <= MOST_TIMES:
        raise BadInput(f"Give up to {MOST_TIMES} times of day, like 09:00 and 18:00.")
    return tuple(sorted(found))


def spoken(day: date) -> str:
    """ "24 December 2026" """
    return f"{day.day} {month_name[day.month]} {day.year}"


def parse_weekdays(typed: str) -> frozenset[int]:
    """Weekdays of "daily", "weekdays", "weekends", "mon wed fri" or "mon-fri". Raises BadInput."""
    if known := NAMED_DAYS.get(typed.strip().lower()):
        return known
    days: set[int] = set()
    for piece in re.split(r"[\s,;/&]+|\band\b", typed.strip()):
        ends = [_weekday(name, typed) for name in re.split("[-–]", piece)] if piece else []
        if len(ends) == 1:
            days.add(ends[0])
        elif len(ends) == 2:
            days.update((ends[0] + n) % 7 for n in range((ends[1] - ends[0]) % 7 + 1))
        elif ends:
            raise _not_weekdays(typed)
    if not days:
        raise _not_weekdays(typed)
    return frozenset(days)


def weekday_names(days: frozenset[int]) -> str:
    """ "every day" or "on Mon, Wed" """
    return (
        "every day" if days == EVERY_DAY else "on " + ", ".join(DAYS[day] for day in sorted(days))
    )


def _weekday(name: str, typed: str) -> int:
    for number, day in enumerate(DAYS):
        if len(name) >= 2 and (
            day.lower().startswith(name.lower()) or name.lower().startswith(day.lower())
        ):
            return number
    raise _not_weekdays(typed)


def _not_weekdays(typed: str) -> BadInput:
    return BadInput(f"“{typed}” names no weekdays. Write daily, weekdays, or like: mon wed fri.")
