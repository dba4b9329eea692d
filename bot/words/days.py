"""A writer's days: which date it is for them, and dates as people type them. Pure."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.people.dates import Side, read
from bot.people.times import local

SMALL_HOURS = 6  # until this hour, what was written may well have been written yesterday


def local_day(now: int, zone: ZoneInfo) -> date:
    """The date at `now` (UTC milliseconds) where the writer is."""
    return local(now, zone).date()


def days_of(starts_at: int, ends_at: int, zone: ZoneInfo) -> list[date]:
    """The writer's days that the time from one instant to the other touches: first the one that
    holds most of it, in a tie the day it began on. For times of less than a day."""
    first, last = local_day(starts_at, zone), local_day(max(starts_at, ends_at - 1), zone)
    if first == last:
        return [first]
    midnight = int(datetime.combine(last, time.min, zone).timestamp() * 1000)
    return [first, last] if midnight - starts_at >= ends_at - midnight else [last, first]


def just_after_midnight(now: int, zone: ZoneInfo) -> bool:
    return local(now, zone).hour < SMALL_HOURS


def parse_day(typed: str, today: date) -> date:
    """A day to have written on, as people type it. Raises BadInput."""
    return read(typed, today, Side.PAST).day
