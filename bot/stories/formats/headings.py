"""Which lines are a chapter's heading."""

import re
from itertools import pairwise

_UNITS = "one|two|three|four|five|six|seven|eight|nine"
_NUMBER = (
    r"(?:\d{1,4}(?:[./]\d{1,4})?"
    r"|(?=[ivxlcdm])m{0,3}(?:c[md]|d?c{0,3})(?:x[cl]|l?x{0,3})(?:i[xv]|v?i{0,3})"
    r"|zero|ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    rf"|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:{_UNITS}))?|{_UNITS}"
    r"|(?:one )?hundred)"
)
_NUMBERED = (
    "chapter|chap|ch|part|day|book|act|volume|episode"
    "|kapitel|chapitre|cap[ií]tulo|capitolo|hoofdstuk|глава"
)
_NAMED = "prologue|epilogue|interlude|intermission|prelude|foreword|preface|afterword"
_HEADING = re.compile(
    rf"(?P<label>(?:{_NUMBERED})[.:]? {_NUMBER}|{_NAMED}(?: {_NUMBER})?"
    r"|第 ?[\d〇零一二三四五六七八九十百千]+ ?[章話话回])"
    r"(?!\w)(?P<mark> ?[:：.)|] ?| [-–—] ?|[–—] ?| ?)(?P<title>.*)",
    re.IGNORECASE,
)
_NAME = re.compile(_NAMED, re.IGNORECASE)
_CHAPTER = re.compile(
    r"(?:chapter|chap|ch|kapitel|chapitre|cap[ií]tulo|capitolo|hoofdstuk|глава)[.:]? ?"
    rf"(?P<number>(?:one )?hundred|{_NUMBER})(?![\w.]\d|\w)",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    rf"(?:{_NAMED}|prolog|epilog|épilogue|prólogo|epílogo|introduction|postscript|coda|overture"
    r"|dedication|acknowledge?ments|author['’]s note|vorwort|nachwort|zwischenspiel|préface"
    r"|avant-propos|пролог|эпилог)(?!\w)",
    re.IGNORECASE,
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
_WORDS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen"),
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_HASHES = re.compile(r"\s{0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?\s*")
_UNDERLINE = re.compile(r"\s{0,3}(={3,}|-{3,})\s*")
_DECORATION = " \t\r\n*_~=#<>[]•·—–-"
_LONGEST_TITLE = 80  # characters
_LONGEST_PLAIN_TITLE = 8  # words, where nothing stands between number and title


def hashes(line: str) -> tuple[int, str] | None:
    """Level and text of a Markdown heading that begins with `#`."""
    match = _HASHES.fullmatch(line)
    if match is None or not match[2].strip("# \t"):
        return None
    return len(match[1]), match[2]


def underline(line: str, *, markdown: bool) -> int | None:
    """The level that a heading has which this line underlines. In plain text a line of hyphens
    parts scenes, whatever stands above it."""
    match = _UNDERLINE.fullmatch(line)
    if match is None or (match[1][0] == "-" and not markdown):
        return None
    return 1 if match[1][0] == "=" else 2


def is_heading(line: str) -> bool:
    """Whether a line says no more than a chapter's number, or name, and perhaps its title."""
    match = _HEADING.fullmatch(" ".join(undecorated(line).replace("*", "").split()))
    if match is None:
        return False
    title = match["title"]
    if match["mark"].strip():
        return not title or is_title(title.rstrip("."))  # "Chapter 1. Loomings."
    return not title or (is_title(title) and len(title.split()) <= _LONGEST_PLAIN_TITLE)


def is_numbered(line: str) -> bool:
    """Whether a heading has its chapter's number, unlike "Prologue"."""
    return is_heading(line) and _NAME.match(undecorated(line)) is None


def chapter_number(line: str) -> int | None:
    """The number that a chapter's heading states: 2 in "Chapter Two: Wick"."""
    match = _CHAPTER.match(" ".join(undecorated(line).split()))
    if match is None:
        return None
    said = match["number"].lower()
    if "." in said:  # "Chapter 3.5" is between two
        return None
    if said[0].isdecimal():
        return int(said.partition("/")[0])
    if set(said) <= set(_ROMAN):
        values = [_ROMAN[letter] for letter in said]
        return sum(-one if one < next_ else one for one, next_ in pairwise([*values, 0]))
    if said.endswith("hundred"):
        return 100
    tens, _, unit = said.replace("-", " ").partition(" ")
    if tens in _TENS:
        return 20 + 10 * _TENS.index(tens) + (_WORDS.index(unit) if unit else 0)
    return _WORDS.index(said)


def is_aside(line: str) -> bool:
    """Whether a heading names what readers don't count as a chapter: a prologue, an interlude."""
    return _ASIDE.match(undecorated(line)) is not None


def is_title(text: str) -> bool:
    """Whether a line could be a title: short, begun like one and not ended like a sentence."""
    text = undecorated(text)
    begin = text.lstrip("\"'“‘«(¿¡…")[:1]
    return (
        len(text) <= _LONGEST_TITLE
        and begin.isalnum()
        and not begin.islower()
        and (text.endswith("...") or text[-1] not in ".,;:")
    )


def undecorated(line: str) -> str:
    return line.strip(_DECORATION)
