"""What kind of thing a question asks for, and what has that kind of thing. Pure."""

import re
from collections.abc import Callable

from bot.companion.vocabulary import CLOSE, EMPTY
from bot.stories import analyser

_NUMBER = (
    r"(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty"
    r"|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|dozen)"
)
_TIMES = (
    r"o['’]clock|past|dawn|morning|noon|afternoon|evening|night|midnight|day|week|month|year|spring"
    r"|summer|autumn|winter|yesterday|tomorrow|today|\w+day|January|February|March|April|June|July"
    r"|August|September|October|November|December|after|before|until|when|ago|1\d{3}|20\d\d"
)
_SIZES = "long|far|wide|tall|high|deep|big|large|heavy|fast"
_ONES = r"(?:the|an?|his|her|its|their|my|our|[A-Z])"


def _pair(asked: str, has: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(asked, re.IGNORECASE), re.compile(has)


# What is asked, and what has it.
_KINDS = (
    _pair(rf"\bhow (many|much|old|often|{_SIZES})\b|\bwhat (age|number)\b",
          rf"(?i)\b{_NUMBER}\b"),
    _pair(r"\bwhen\b|\bwhat (time|day|year|month|date)\b", rf"(?i)\b(?:{_TIMES})s?\b"),
    _pair(r"\bwhy\b|\bwhat for\b|\breason\b|\bhow come\b",
          r"(?i)\b(?:because|so that|so as|so|in order to|on account|on the grounds|reason|for"
          r"|wanted|meant|afraid|in case|since)\b"),
    _pair(r"\bwhere\b|\b(what|which) (place|town|room|city)\b",
          r"(?i:\b(?:in|at|on|under|behind|beneath|inside|near|beside|between|from|to|into|against"
          rf"|through|above|along|aboard|off|outside))\s+{_ONES}"),
    _pair(r"\bwho(m|se)?\b", r"(?<=[\w,;“] )(?!I\b)[A-Z][a-z]+"),
    _pair(r"\b(who|what)(['’]s| is| was| are| were) ",
          r"\b(?:is|was|are|were|['’]s|been)(?: \w+)? (?:an?|the|my|his|her|our|their)\b"),
    _pair(r"\bnames?\b|\bcalled?\b", r"(?i)\b(?:name[ds]?|call(?:ed|s)?|known)\b"),
    _pair(r"\blooks? like\b|\bappearance\b",
          r"(?i)\b(?:hair|haired|eye[sd]?|face|tall|short|thin|fat|wore|wearing|coat|hat|skin|beard)\b"),
    _pair(r"\bcolou?rs?\b",
          r"(?i)\b(?:red|green|blue|yellow|orange|purple|pink|brown|black|white|gr[ea]y|gold(?:en)?"
          r"|silver|dark|pale)\b"),
    _pair(r"\bwhat (?:do|does|did) .*\b(?:say|tell|ask|answer|write)|\bsays?\b|\bread\b",
          r"[“\"«]|[A-Z]{3,} [A-Z]{2,}"),
)  # fmt: skip
_COUNTED = re.compile(rf"\bhow (many|much|old|often|{_SIZES}) (\w+)", re.IGNORECASE)
_DISTANCES = "mile kilometre metre yard foot inch centimetre"
_UNITS = {
    "old": "year month week day",
    "long": f"year month week day night hour minute second summer winter {_DISTANCES}",
    "often": "time day week year hour",
    **dict.fromkeys(["far", "wide", "tall", "high", "deep", "big", "large"], _DISTANCES),
    "heavy": "ton tonne kilo pound stone gram",
    "fast": "mile kilometre knot",
}
_IS_NUMBER = re.compile(_NUMBER, re.IGNORECASE)
_AFTER = 3  # words after a number within which stands what it counts


def kinds(question: str) -> list[re.Pattern[str]]:
    """What stands in a sentence that has what is asked for."""
    return [has for asked, has in _KINDS if asked.search(question)]


def numbered(question: str) -> Callable[[str], bool] | None:
    """Whether a text says how many there are of what the question would have counted."""
    match = _COUNTED.search(question)
    if match is None:
        return None
    how, what = match[1].lower(), match[2]
    counted = _terms(what) - EMPTY
    counted |= {close for term in counted for close in CLOSE.get(term, ())}
    counted |= _terms(_UNITS.get(how, ""))

    def holds(text: str) -> bool:
        terms = analyser.terms(text)
        return any(
            _IS_NUMBER.fullmatch(text, term.start, term.end)
            and any(after.text in counted for after in terms[at + 1 : at + 1 + _AFTER])
            for at, term in enumerate(terms)
        )

    return holds


def _terms(words: str) -> set[str]:
    return {term.text for term in analyser.terms(words)}
