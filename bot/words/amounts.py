"""Amounts as people type them. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from bot.errors import BadInput

LONGEST = 6_000  # characters that are looked at, as many as Discord lets through
QUOTED = 60  # of them
MOST = 10_000_000  # more than the longest novels, and than a slip of the finger should cost


class Unit(StrEnum):
    WORDS = "words"
    MINUTES = "minutes"
    PAGES = "pages"
    CHAPTERS = "chapters"
    SCENES = "scenes"
    LINES = "lines"


class Sign(StrEnum):
    BARE = ""  # "12350"
    MORE = "+"  # "+350" or "350 new"
    LESS = "-"
    TOTAL = "="


@dataclass(frozen=True, slots=True)
class Amount:
    """What was typed: a sign, and a number that is never negative."""

    sign: Sign
    number: int


_MINUS = str.maketrans("−–", "--")
_SIGN = r"(?P<sign>[-+=]?) *"
_TYPED = re.compile(
    _SIGN + r"(?:(?P<grouped>\d{1,3}(?:[.,'’ _]\d{3})+)"
    # Three digits after the point may as well be thousands: who can say what 1,500k is?
    r"|(?P<thousands>\d+(?:[.,]\d{1,2})?) *k|(?P<plain>\d+))"
    r"(?: *(?!new\b)(?P<unit>[a-z]+))?(?P<new> *new(?: words?)?)?",
    re.IGNORECASE,
)
_HOURS = re.compile(
    _SIGN + r"(?P<hours>\d+(?:[.,]\d{1,2})?) *(?:h|hrs?|hours?)"
    r"(?:(?: *and)? *(?P<minutes>\d{1,2}) *(?:m|mins?|minutes?)?)?",
    re.IGNORECASE,
)
_UNITS = {name: unit for unit in Unit for name in (unit.value, unit.removesuffix("s"))} | {
    "w": Unit.WORDS,
    "min": Unit.MINUTES,
    "mins": Unit.MINUTES,
}

ANY = "Write it like 350, +350, -40 or =12350 (a running total)."
PLAIN = "Write a plain number, like 50000 or 50k."
TOTAL = "Write the whole count, like 12350."


def parse(typed: str, unit: Unit = Unit.WORDS, *, like: str = ANY) -> Amount:
    """The amount in "350", "+350", "350 new", "-40", "=12,350" or "1.5k", of the unit that was
    said. `like` says how it can be written here. Raises BadInput."""
    plain = unicodedata.normalize("NFKC", typed[:LONGEST]).translate(_MINUS).strip()
    quoted = f"“{typed[:QUOTED]}”"
    if hours := _HOURS.fullmatch(plain):
        minutes = round(_decimal(hours["hours"]) * 60) + int(hours["minutes"] or 0)
        _check_unit(quoted, Unit.MINUTES, unit, minutes)
        return Amount(Sign(hours["sign"]), _checked(minutes))
    found = _TYPED.fullmatch(plain)
    said = _UNITS.get((found["unit"] or unit).lower()) if found else None
    if found is None or said is None or (found["new"] and found["sign"] not in ("", "+")):
        raise BadInput(f"{quoted} is not an amount. {like}")
    if found["thousands"]:
        number = round(_decimal(found["thousands"]) * 1000)
    else:
        digits = re.sub(r"\D", "", found["grouped"] or found["plain"])
        number = int(digits) if len(digits) <= len(str(MOST)) else MOST + 1
    _check_unit(quoted, said, unit, number)
    return Amount(Sign.MORE if found["new"] else Sign(found["sign"]), _checked(number))


def parse_number(typed: str, unit: Unit = Unit.WORDS, *, like: str = PLAIN) -> int:
    """A number without a sign. Raises BadInput."""
    said = parse(typed, unit, like=like)
    if said.sign is not Sign.BARE:
        raise BadInput(f"“{typed[:QUOTED]}” has a sign. {like}")
    return said.number


def parse_total(typed: str, unit: Unit = Unit.WORDS) -> int:
    """A running total, as "12350" or "=12350". Raises BadInput."""
    said = parse(typed, unit, like=TOTAL)
    if said.sign not in (Sign.BARE, Sign.TOTAL):
        raise BadInput(f"“{typed[:QUOTED]}” is not a running total. {TOTAL}")
    return said.number


def _decimal(digits: str) -> float:
    return min(float(digits.replace(",", ".")), MOST)


def _checked(number: int) -> int:
    if number > MOST:
        raise BadInput(f"That is more than {MOST:,}. Is there a digit too many?")
    return number


def _check_unit(quoted: str, said: Unit, wanted: Unit, number: int) -> None:
    """What was typed says what it counts. Raises BadInput where the command counts something else,
    with where that can be said."""
    if said is not wanted:
        raise BadInput(
            f"{quoted} is not an amount of {wanted}. Write {number} alone and choose {said} as "
            "`unit`, as in `/wrote`."
        )
