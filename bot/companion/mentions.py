"""Where names stand in a text. Pure."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple

from bot.stories.model import Position


class Mention(NamedTuple):
    """A name in a paragraph's text, from offset `start` up to `end`."""

    ordinal: int
    start: int
    end: int

    @property
    def known(self) -> Position:
        """From here on the name has been read."""
        return Position(self.ordinal, self.end)


_APOSTROPHE = re.compile("['’ʼ]")
_QUOTE = re.compile('["“”„«»]')


def loosely(said: str) -> str:
    """A pattern for these words, white space and quote style apart."""
    words = (re.escape(word) for word in said.split())
    pattern = r"\s+".join(words)
    return _QUOTE.sub(f"{_QUOTE.pattern}", _APOSTROPHE.sub(f"{_APOSTROPHE.pattern}", pattern))


def pattern(name: str) -> re.Pattern[str]:
    """Matches the name as a whole word, case as written, but for the article that it may begin
    with: "The Owl" is "the Owl"."""
    article = "[tT]he" if name[:4].lower() == "the " else ""
    rest = loosely(name[3:] if article else name)
    space = r"\s+" if article else ""
    return re.compile(rf"(?<!\w)(?<!\w['’-]){article}{space}{rest}(?!\w|-\w)")


def find(names: Sequence[str], texts: Iterable[tuple[int, str]]) -> list[list[Mention]]:
    """Of each name, where it stands; `texts` are paragraphs with their ordinals, in order."""
    wanted = [(_needle(name), pattern(name)) for name in names]
    found: list[list[Mention]] = [[] for _ in names]
    for ordinal, text in texts:
        for mentions, (needle, matches) in zip(found, wanted, strict=True):
            if needle in text:
                mentions += (Mention(ordinal, *one.span()) for one in matches.finditer(text))
    return found


def _needle(name: str) -> str:
    """What is quickly seen to be missing: the last word up to its first apostrophe."""
    return _APOSTROPHE.split(_QUOTE.split(name.split()[-1])[0])[0]


def apart(mentions: Iterable[tuple[Mention, int]]) -> list[tuple[Mention, int]]:
    """Mentions with whose they are, in order, without those inside another: "Tobias Quill" names
    no other Quill."""
    found: list[tuple[Mention, int]] = []
    ordered = sorted(mentions, key=lambda one: (one[0].ordinal, one[0].start, -one[0].end))
    for _, group in groupby(ordered, lambda one: one[0].ordinal):
        end = 0
        for mention, whose in group:
            if mention.start >= end:
                found.append((mention, whose))
                end = mention.end
    return found
