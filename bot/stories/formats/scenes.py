"""Which lines part two scenes."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

_LONGEST = 120  # characters
_LONGEST_LETTERED = 40
_QUOTES = frozenset("'\"“”‘’«»「」『』")
_SPOKEN = _QUOTES | frozenset(".…?!,;:()")  # a line of these alone may be speech
_NAMED = re.compile(r"\W*(?:scene|page|line|section) ?break\W*", re.IGNORECASE)
_REPEATED = re.compile(r"(.{1,4})\1+")


def is_break(line: str) -> bool:
    """Whether a line is one of the usual separators: `***`, `---`, `~`, `⁂`, `oOo`, `-x-`."""
    line = line.strip()
    if len(line) > _LONGEST:
        return False
    letters = _letters(line)
    if not letters:
        return any(map(_is_ornament, line)) and not _QUOTES.intersection(line)
    if len(line) > _LONGEST_LETTERED or line[-1] in _SPOKEN:
        return False
    return set(letters) <= set("ox0") or _NAMED.fullmatch(line) is not None


def recurring(lines: Iterable[str]) -> frozenset[str]:
    """The short lines, stripped, that stand there more than once and hold no word: `~EC~`."""
    counts = Counter(line.strip() for line in lines if len(line) <= _LONGEST_LETTERED + 8)
    return frozenset(line for line, count in counts.items() if count > 1 and _is_wordless(line))


def _is_ornament(character: str) -> bool:
    return (
        unicodedata.category(character)[0] in "PS"
        and character not in _SPOKEN
        and character < "\U0001f000"  # an emoji alone may be someone's whole answer
    )


def _is_wordless(line: str) -> bool:
    if not 0 < len(line) <= _LONGEST_LETTERED or _SPOKEN & {line[0], line[-1]}:
        return False
    letters = _letters(line)
    framed = not line[0].isalnum() and not line[-1].isalnum()
    return _REPEATED.fullmatch(letters) is not None or (framed and len(letters) <= 3)


def _letters(line: str) -> str:
    return "".join(character for character in line if character.isalnum()).lower()
