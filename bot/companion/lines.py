"""Which lines that name someone are worth quoting. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.companion.mentions import Mention
from bot.companion.word_lists import SPEECH
from bot.serials import borders
from bot.serials.borders import Cost

SHORTEST, LONGEST = 20, 180  # characters

_QUOTED = re.compile('["“”«»„「]')
_ENDS = re.compile(r"[.!?…][\"”’'»」)]*\s*$")
_WORD_BEFORE = re.compile(r"(\w+) $")
_POSSESSIVE = re.compile("['’]s")
_WORD_AFTER = re.compile(r" (\w+)")


@dataclass(frozen=True, slots=True)
class Line:
    """A slice of a paragraph's text; `spoken`: it is said by the one it names."""

    ordinal: int
    start: int
    end: int
    spoken: bool


def quotable(text: str, mentions: list[Mention]) -> Iterator[Line]:
    """Whole, short sentences of a paragraph's text, or of as much of it as may be shown."""
    ends = (offset for offset, cost in borders.sentences(text) if cost <= Cost.SENTENCE)
    left = sorted(mentions, key=lambda one: one.start, reverse=True)
    for start, end in pairwise([0, *ends, len(text)]):
        sentence = text[start:end].rstrip()
        named = []
        while left and left[-1].start < end:
            named.append(left.pop())
        if named and SHORTEST <= len(sentence) <= LONGEST and _ENDS.search(sentence):
            spoken = _QUOTED.search(sentence) is not None and any(
                _tagged(text, one) for one in named
            )
            yield Line(named[0].ordinal, start, start + len(sentence), spoken)


def best(lines: list[Line], most: int) -> list[Line]:
    """What they say before what is said of them, in the order of the story."""
    ranked = sorted(lines, key=lambda line: (not line.spoken, line.ordinal, line.start))
    chosen = ranked[:: max(1, len(ranked) // most)] if ranked and not ranked[0].spoken else ranked
    return sorted(chosen[:most], key=lambda line: (line.ordinal, line.start))


def _tagged(text: str, mention: Mention) -> bool:
    """Whether a verb of speech stands right beside the name: said Edda, not said Edda's cat."""
    before = _WORD_BEFORE.search(text[max(0, mention.start - 20) : mention.start])
    after = _WORD_AFTER.match(text, mention.end)
    if before and before[1] in SPEECH:
        return _POSSESSIVE.match(text, mention.end) is None
    return after is not None and after[1] in SPEECH
