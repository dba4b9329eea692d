"""A text as the terms under which it is found: case, accents and inflection left out. Pure.

Where words stand without spaces between them, each character begins a term: with the one after it,
so that any piece of such a text is a phrase of pairs, or alone at its end.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

import regex
import Stemmer

from bot.stories.irregular import BASE

LONGEST = 64  # characters of a term
_LOOKED_AT = 4 * LONGEST  # characters: to put very many accents in order would take minutes

_APOSTROPHES = "'’‘ʼ＇"
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}ーｰﾞﾟ"
_TOKEN = regex.compile(
    rf"(?V1)((?:[{_UNSPACED}]\p{{M}}*)+)"  # a run without spaces, or a word
    rf"|([[\p{{L}}\p{{N}}]--[{_UNSPACED}ʼ]][[\p{{L}}\p{{N}}\p{{M}}\p{{Cf}}]--[{_UNSPACED}ʼ]]*"
    rf"(?:[{_APOSTROPHES}][sS](?![\p{{L}}\p{{N}}\p{{M}}]))?)"
)
_IS_UNSPACED = regex.compile(rf"(?V1)[{_UNSPACED}\u3099\u309a]")  # "ﾞ" and "ﾟ", once folded
_CHARACTER = regex.compile(r"\X[ﾞﾟ]?")
# The marks that are accents or may be left out in writing; others make another letter.
_ACCENTS = regex.compile(
    r"[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]"
)
_NO_LETTER = regex.compile(r"(?V1)[^\p{L}\p{N}\p{M}]+|ʼ")
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)


@dataclass(frozen=True, slots=True)
class Term:
    """A term and where its characters stand in the text. `first` is where the first of a pair
    ends, and for a word its end."""

    text: str
    start: int
    first: int
    end: int


def terms(text: str) -> list[Term]:
    """In order; a pair overlaps the term after it."""
    found: list[Term] = []
    for match in _TOKEN.finditer(text):
        run, token = match.groups()
        if run:
            found += _pairs(run, match.start())
        elif word := _word(token):
            found.append(Term(word, match.start(), match.end(), match.end()))
    return found


def joined(text: str) -> str:
    """The text's terms with a space between each two: what is indexed."""
    found = (
        " ".join(term.text for term in _pairs(run, 0)) if run else _word(word)
        for run, word in _TOKEN.findall(text)
    )
    return " ".join(filter(None, found))


def is_unspaced(term: str) -> bool:
    """Whether it is of a text without spaces between words: the character alone, or a pair."""
    return bool(_IS_UNSPACED.match(term))


def _pairs(run: str, start: int) -> Iterator[Term]:
    characters = [
        (folded, start + match.start(), start + match.end())
        for match in _CHARACTER.finditer(run)
        if (folded := _folded(match[0]))
    ]
    for (text, begin, end), after in zip_longest(characters, characters[1:]):
        if after is None:
            yield Term(text, begin, end, end)
        else:
            yield Term(text + after[0], begin, end, after[2])


@lru_cache(maxsize=1 << 16)
def _word(token: str) -> str:
    if token[-2:-1] in _APOSTROPHES and len(token) > 2:
        token = token[:-2]
    plain = _folded(token)[:LONGEST]
    if not plain.isascii():
        return plain
    # One stemmer must not be used by two threads at once, and a new one costs next to nothing.
    return BASE.get(plain) or Stemmer.Stemmer("english", 0).stemWord(plain)


def _folded(token: str) -> str:
    plain = unicodedata.normalize("NFKD", token[:_LOOKED_AT])
    bare = _ACCENTS.sub("", plain).casefold().translate(_LETTERS)
    return _NO_LETTER.sub("", unicodedata.normalize("NFC", bare))
