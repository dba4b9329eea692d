"""Time zones as people name them: by city, country, abbreviation or offset, or by their clock."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from bot.errors import BadInput
from bot.people.places import CLEARLY, Place, atlas, key, tail

DEFAULT_ZONE = "UTC"
SUGGESTED = 25  # as many as Discord shows
NAMED = 5  # places that a question names
LONGEST_NAME = 80  # characters of a place's name

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

# What people call their zone by. Where others use the same letters, all are offered; "EST" is said
# all year by those who have summer time.
ABBREVIATIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "utc z zulu": (("UTC", "UTC"),),
    "gmt": (("United Kingdom", "Europe/London"), ("UTC, all year", "UTC")),
    "wet west": (("Western Europe", "Europe/Lisbon"),),
    "bst": (("United Kingdom", "Europe/London"),),
    "cet cest mez mesz": (("Central Europe", "Europe/Berlin"),),
    "eet eest": (("Eastern Europe", "Europe/Athens"),),
    "msk": (("Moscow", "Europe/Moscow"),),
    "trt": (("Turkey", "Europe/Istanbul"),),
    "est edt et eastern eastern_time": (("US Eastern", "America/New_York"),),
    "cdt ct central central_time": (("US Central", "America/Chicago"),),
    "cst": (
        ("US Central", "America/Chicago"), ("China", "Asia/Shanghai"), ("Cuba", "America/Havana"),
    ),
    "mdt mt mountain mountain_time": (("US Mountain", "America/Denver"),),
    "mst": (("US Mountain", "America/Denver"), ("Arizona", "America/Phoenix")),
    "pst pdt pt pacific pacific_time": (("US Pacific", "America/Los_Angeles"),),
    "akst akdt": (("Alaska", "America/Anchorage"),),
    "hst": (("Hawaii", "Pacific/Honolulu"),),
    "ast": (("Atlantic Canada", "America/Halifax"), ("Saudi Arabia", "Asia/Riyadh")),
    "adt": (("Atlantic Canada", "America/Halifax"),),
    "nst ndt": (("Newfoundland", "America/St_Johns"),),
    "brt": (("Brazil", "America/Sao_Paulo"),),
    "art": (("Argentina", "America/Argentina/Buenos_Aires"),),
    "clt clst": (("Chile", "America/Santiago"),),
    "cot": (("Colombia", "America/Bogota"),),
    "wat": (("West Africa", "Africa/Lagos"),),
    "cat": (("Central Africa", "Africa/Maputo"),),
    "eat": (("East Africa", "Africa/Nairobi"),),
    "sast": (("South Africa", "Africa/Johannesburg"),),
    "gst": (("Gulf States", "Asia/Dubai"),),
    "irst": (("Iran", "Asia/Tehran"),),
    "pkt": (("Pakistan", "Asia/Karachi"),),
    "ist": (("India", "Asia/Kolkata"), ("Israel", "Asia/Jerusalem"), ("Ireland", "Europe/Dublin")),
    "idt": (("Israel", "Asia/Jerusalem"),),
    "npt": (("Nepal", "Asia/Kathmandu"),),
    "ict": (("Thailand and Vietnam", "Asia/Bangkok"),),
    "wib": (("Western Indonesia", "Asia/Jakarta"),),
    "wita": (("Central Indonesia", "Asia/Makassar"),),
    "wit": (("Eastern Indonesia", "Asia/Jayapura"),),
    "sgt": (("Singapore", "Asia/Singapore"),),
    "myt": (("Malaysia", "Asia/Kuala_Lumpur"),),
    "hkt": (("Hong Kong", "Asia/Hong_Kong"),),
    "pht": (("Philippines", "Asia/Manila"),),
    "jst": (("Japan", "Asia/Tokyo"),),
    "kst": (("South Korea", "Asia/Seoul"),),
    "awst": (("Western Australia", "Australia/Perth"),),
    "acst": (("South Australia", "Australia/Adelaide"), ("Northern Territory", "Australia/Darwin")),
    "acdt": (("South Australia", "Australia/Adelaide"),),
    "aest": (
        ("Sydney and Melbourne", "Australia/Sydney"), ("Queensland", "Australia/Brisbane"),
    ),
    "aedt": (("Sydney and Melbourne", "Australia/Sydney"),),
    "nzst nzdt nzt": (("New Zealand", "Pacific/Auckland"),),
}  # fmt: skip
_ABBREVIATIONS = {name: places for names, places in ABBREVIATIONS.items() for name in names.split()}

CLOCK_TIME = re.compile(r"(\d{1,2})(?:[:.h](\d{2})|h)?\s*(?:([ap])\.?m?\.?)?", re.IGNORECASE)
OFFSET = re.compile(r"(?:utc|gmt|z)?\s*([+\-−–])\s*(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)


def find(typed: str, now: int) -> list[Place]:
    """What may be meant, the likeliest first: one place for each different clock, but for a time
    all large cities where it is that time. Loads the atlas for the name of a place. Raises
    BadInput."""
    meant = _meanings(typed, now)
    if not CLOCK_TIME.fullmatch(typed.strip()):
        meant = _one_for_each_clock(meant, now)
    if not meant:
        raise BadInput(
            f"I don't know the time zone “{typed}”. Write a large city near you, a country, an "
            "offset like UTC+2, or what your clock shows now, like 21:40."
        )
    if meant[0].people > CLEARLY * max((place.people for place in meant[1:]), default=0):
        return meant[:1]
    return meant


def question(typed: str, places: Sequence[Place], now: int) -> str:
    """ "IST: India (22:30 now), Israel (19:00 now) or Ireland (17:00 now)?" """
    named = [f"{place.name} ({_clock(place.zone, now)} now)" for place in places[:NAMED]]
    rest = ["another place"] if len(places) > NAMED else []
    *others, last = named + rest
    return f"“{typed.strip()}”: {', '.join(others)} or {last}?"


def suggest(typed: str, now: int) -> list[Place]:
    """Places for what someone typed so far, each in another zone. Loads the atlas unless it is
    nothing or a time."""
    if not key(typed) and not OFFSET.fullmatch(typed.strip()):
        return suggest_large("")
    places = _meanings(typed, now)
    if not _is_time(typed):
        needle = key(typed)
        places += atlas().beginning(typed, SUGGESTED)
        places += [
            Place(place_name(zone), zone)
            for name, zone in _names().items()
            if needle in name and (needle.startswith("etc") or not zone.startswith("Etc/"))
        ]
    zones: dict[str, Place] = {}
    for place in places:
        zones.setdefault(place.zone, place)
    return list(zones.values())[:SUGGESTED]


def suggest_large(typed: str) -> list[Place]:
    """The same of large cities alone, for which nothing has to be loaded."""
    needle = key(typed)
    places = [Place(place_name(zone), zone) for zone in LARGE_CITIES if needle in key(zone)]
    return places[:SUGGESTED]


def known(zone: str) -> str:
    """The name of a zone that was offered. Raises BadInput."""
    if zone not in available_timezones():
        raise BadInput(f"There is no time zone called “{zone}” any more. Choose another.")
    return zone


def label(place: Place, now: int) -> str:
    """ "Delhi, India: 22:30 now", at most 100 characters."""
    return f"{place.name[:LONGEST_NAME]}: {_clock(place.zone, now)} now"


def zone_name(zone: str) -> str:
    """What a zone is called: "UTC+2" for "Etc/GMT-2", as whose sign is the other way round."""
    if offset := re.fullmatch(r"Etc/GMT([+-])(\d+)", zone):
        return f"UTC{'-' if offset[1] == '+' else '+'}{offset[2]}"
    return zone


def place_name(zone: str) -> str:
    """ "Buenos Aires (America/Argentina)" """
    region, _, _ = zone.rpartition("/")
    return f"{tail(zone)} ({region})" if region and zone_name(zone) == zone else zone_name(zone)


def local(zone: str, now: int) -> datetime:
    return datetime.fromtimestamp(now / 1000, UTC).astimezone(ZoneInfo(zone))


def _meanings(typed: str, now: int) -> list[Place]:
    typed = typed.strip()
    if typed in LARGE_CITIES:
        return [Place(place_name(typed), typed)]
    if found := OFFSET.fullmatch(typed):
        return _by_offset(found, now)
    if found := CLOCK_TIME.fullmatch(typed):
        return [Place(place_name(zone), zone) for zone in _by_clock(found, now)]
    wanted = key(typed)
    if wanted in _ABBREVIATIONS:
        return [Place(*place) for place in _ABBREVIATIONS[wanted]]
    exact = _names().get(wanted)
    if exact and "/" in typed:
        return [Place(place_name(exact), exact)]
    if places := atlas().named(typed):
        return places
    ends = [zone for zone in _names().values() if key(tail(zone)) == wanted]
    return [Place(place_name(zone), zone) for zone in ([exact] if exact else ends)]


def _is_time(typed: str) -> bool:
    typed = typed.strip()
    return bool(OFFSET.fullmatch(typed) or CLOCK_TIME.fullmatch(typed))


def _one_for_each_clock(places: Iterable[Place], now: int) -> list[Place]:
    clocks: dict[tuple[timedelta | None, timedelta | None], Place] = {}
    half_a_year = 182 * 24 * 60 * 60 * 1000
    for place in places:
        offsets = (local(place.zone, at).utcoffset() for at in (now, now + half_a_year))
        clocks.setdefault((next(offsets), next(offsets)), place)
    return list(clocks.values())


def _by_offset(found: re.Match[str], now: int) -> list[Place]:
    """The zone that always has this offset, if there is one: that is what is meant. And cities that
    have it now."""
    west, hours, minutes = found[1] != "+", int(found[2]), int(found[3] or 0)
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if west else 1)
    fixed = []
    if offset == timedelta(0):
        fixed = [Place("UTC, all year", DEFAULT_ZONE, people=1)]
    elif not minutes and hours <= (12 if west else 14):
        zone = f"Etc/GMT{'+' if west else '-'}{hours}"
        fixed = [Place(f"{zone_name(zone)}, all year", zone, people=1)]
    cities = [zone for zone in LARGE_CITIES if local(zone, now).utcoffset() == offset]
    return fixed + [Place(place_name(zone), zone) for zone in cities if zone != DEFAULT_ZONE]


def _clock(zone: str, now: int) -> str:
    return local(zone, now).strftime("%H:%M")


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
    """Every zone by its key; an old name leads to what the zone is called today."""
    links = atlas().links
    return {
        key(zone): links.get(zone, zone)
        for zone in sorted(available_timezones())
        if not zone.startswith(("posix/", "right/", "SystemV/", "Factory", "localtime"))
    }
