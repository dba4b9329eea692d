"""A writer's days: which date it is for them, and dates as people type them. Pure."""

from datetime import date
from zoneinfo import ZoneInfo

from bot.people.dates import Side, read
from bot.people.times import local

SMALL_HOURS = 3  # until this hour, what was written may well have been written yesterday


def local_day(now: int, zone: ZoneInfo) -> date:
    """The date at `now` (UTC milliseconds) where the writer is."""
    return local(now, zone).date()


def just_after_midnight(now: int, zone: ZoneInfo) -> bool:
    return local(now, zone).hour < SMALL_HOURS


def parse_day(typed: str, today: date) -> date:
    """A day to have written on, as people type it. Raises BadInput."""
    return read(typed, today, Side.PAST).day
