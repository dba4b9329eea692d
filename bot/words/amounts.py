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
_TYPED = re.compile(
    r"(?P<sign>[-+=]?) *"
    r"(?:(?P<grouped>\d{1,3}(?:[.,'’ _]\d{3})+)|(?P<thousands>\d+(?:[.,]\d+)?) *k|(?P<plain>\d+))"
    r"(?: *(?:words?|w))?(?P<new> *new(?: words?)?)?",
    re.IGNORECASE,
)


def parse(typed: str) -> Amount:
    """The amount in "350", "+350", "350 new", "-40", "=12,350" or "1.5k". Raises BadInput."""
    plain = unicodedata.normalize("NFKC", typed[:LONGEST]).translate(_MINUS).strip()
    found = _TYPED.fullmatch(plain)
    if found is None or (found["new"] and found["sign"] not in ("", "+")):
        raise BadInput(
            f"“{typed[:QUOTED]}” is not an amount. Write it like 350, +350, -40 or =12350 (a "
            "running total)."
        )
    if found["thousands"]:
        number = round(min(float(found["thousands"].replace(",", ".")), MOST) * 1000)
    else:
        digits = re.sub(r"\D", "", found["grouped"] or found["plain"])
        number = int(digits) if len(digits) <= len(str(MOST)) else MOST + 1
    if number > MOST:
        raise BadInput(f"That is more than {MOST:,}. Is there a digit too many?")
    return Amount(Sign.MORE if found["new"] else Sign(found["sign"]), number)
