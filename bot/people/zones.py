"""Time zones as people name them: by city, or by what their clock says."""

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import BadInput

DEFAULT_ZONE = "UTC"
SUGGESTED = 25  # as many as Discord shows

# One large city for each offset that people live at, so that a clock time finds a name one knows.
LARGE_CITIES = (
    "Pacific/Pago_Pago", "Pacific/Honolulu", "Pacific/Marquesas", "America/Anchorage",
    "America/Los_Angeles", "America/Phoenix", "America/Denver", "America/Chicago",
    "America/Mexico_City", "America/New_York", "America/Bogota", "America/Halifax",
    "America/St_Johns", "America/Sao_Paulo", "America/Argentina/Buenos_Aires",
    "Atlantic/Cape_Verde", "Atlantic/Azores", "UTC", "Europe/London", "Africa/Lagos",
    "Europe/Paris", "Europe/Berlin", "Africa/Johannesburg", "Europe/Athens", "Africa/Cairo",
    "Europe/Istanbul", "Europe/Moscow", "Africa/Nairobi", "Asia/Tehran", "Asia/Dubai",
    "Asia/Kabul", "Asia/Karachi", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Yangon",
    "Asia/Bangkok", "Asia/Jakarta", "Asia/Shanghai", "Asia/Singapore", "Asia/Manila",
    "Australia/Perth", "Australia/Eucla", "Asia/Tokyo", "Asia/Seoul", "Australia/Adelaide",
    "Australia/Brisbane", "Australia/Sydney", "Australia/Lord_Howe", "Pacific/Noumea",
    "Pacific/Auckland", "Pacific/Chatham", "Pacific/Tongatapu", "Pacific/Kiritimati",
)  # fmt: skip

CLOCK_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2})|h)?\s*(?:([ap])\.?m?\.?)?", re.IGNORECASE)


def parse(name: str) -> str:
    """The IANA name of a zone given in any case, or by its city alone. Raises BadInput."""
    typed = _key(name)
    if found := _names().get(typed):
        return found
    cities = [zone for zone in _names().values() if zone.rpartition("/")[2].casefold() == typed]
    if len(cities) == 1:
        return cities[0]
    raise BadInput(
        f"I don't know the time zone “{name}”. Type a city near you, or what time it is for "
        "you now, and pick one of the suggestions."
    )


def suggest(typed: str, now: int) -> list[str]:
    """Zones for what someone typed: part of a city's name, or the time on their clock."""
    typed = typed.strip()
    if wanted := CLOCK_TIME.fullmatch(typed):
        return _by_clock(wanted, now)[:SUGGESTED]
    needle = _key(typed)
    if not needle:
        return list(LARGE_CITIES[:SUGGESTED])
    cities = {zone: zone.rpartition("/")[2].casefold() for zone in _names().values()}
    found = [zone for zone in cities if needle in zone.casefold()]
    found.sort(
        key=lambda zone: (
            not cities[zone].startswith(needle), zone not in LARGE_CITIES, "/" not in zone, zone
        )
    )  # fmt: skip
    return found[:SUGGESTED]


def _key(typed: str) -> str:
    """ "São Paulo" as the database of zones spells it: "sao_paulo" """
    plain = "".join(c for c in unicodedata.normalize("NFKD", typed) if not unicodedata.combining(c))
    return plain.strip().replace(" ", "_").casefold()


def label(zone: str, now: int) -> str:
    """ "Buenos Aires (America/Argentina): 14:05 now", at most 100 characters."""
    region, _, city = zone.rpartition("/")
    clock = local(zone, now).strftime("%H:%M")
    name = city.replace("_", " ")
    return f"{name} ({region}): {clock} now" if region else f"{name}: {clock} now"


def local(zone: str, now: int) -> datetime:
    return datetime.fromtimestamp(now / 1000, UTC).astimezone(ZoneInfo(zone))


def _by_clock(wanted: re.Match[str], now: int) -> list[str]:
    hour, minute = int(wanted[1]), int(wanted[2] or 0)
    half = (wanted[3] or "").lower()
    if hour > 23 or minute > 59:
        return []
    hours = {hour % 12 + 12 * (half == "p")} if half else {hour, (hour + 12) % 24}
    if hour > 12 or hour == 0:
        hours = {hour}
    close = timedelta(minutes=8)  # offsets are multiples of 15 minutes: the nearest one

    def matches(zone: str) -> bool:
        here = local(zone, now)
        for candidate in hours:
            said = here.replace(hour=candidate, minute=minute)
            away = abs(said - here)
            if min(away, timedelta(days=1) - away) < close:
                return True
        return False

    return [zone for zone in LARGE_CITIES if matches(zone)]


@cache
def _names() -> dict[str, str]:
    hidden = ("Etc/", "posix/", "right/", "SystemV/", "US/")
    return {
        zone.casefold(): zone
        for zone in sorted(available_timezones())
        if ("/" in zone and not zone.startswith(hidden)) or zone == DEFAULT_ZONE
    }
