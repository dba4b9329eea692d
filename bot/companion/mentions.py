"""Where names stand in a text. Pure."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, groupby
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


_FEW = 8  # names, for which it pays to leave out paragraphs at a glance

# Characters that are written one for another, each as one of its kind.
SAME_QUOTES = dict.fromkeys("’ʼ", "'") | dict.fromkeys("“”„«»", '"')
_TOKEN = re.compile(r"\s+|[^\Wʼ]+|[\Wʼ]")
_BEGINS = re.compile(r"(?<!\w)(?<!\w['’-])")
_ENDS = re.compile(r"(?!\w|-\w)")
_SPLITS_WORDS = re.compile("['’ʼ\"“”„«»]")


def find(names: Sequence[str], texts: Iterable[tuple[int, str]]) -> list[list[Mention]]:
    """Of each name, where it stands; `texts` are paragraphs with their ordinals, in order."""
    found: list[list[Mention]] = [[] for _ in names]
    for number, mention in _stands(names, texts):
        found[number].append(mention)
    return found


def each(name: str, texts: Iterable[tuple[int, str]]) -> Iterator[Mention]:
    """Where the name stands, found one by one."""
    return (mention for _, mention in _stands([name], texts))


def firsts(names: Iterable[str], texts: Iterable[tuple[int, str]]) -> dict[str, Mention]:
    """Where each of the names that stand there does so for the first time."""
    wanted = list(dict.fromkeys(names))
    found: dict[str, Mention] = {}
    for number, mention in _stands(wanted, texts):
        found.setdefault(wanted[number], mention)
        if len(found) == len(wanted):
            break
    return found


def _stands(
    names: Sequence[str], texts: Iterable[tuple[int, str]]
) -> Iterator[tuple[int, Mention]]:
    """Names by their numbers, as they come up: as whole words, case as written, but for the article
    that one may begin with ("The Owl" is "the Owl"), whatever the white space and the quotation
    marks. Linear in the text, however many names there are."""
    automaton = _Automaton(
        (form, number) for number, name in enumerate(names) for form in _forms(name)
    )
    needles = {_needle(name) for name in names}
    for ordinal, text in texts:
        if len(needles) <= _FEW and not any(needle in text for needle in needles):
            continue
        last_ends: dict[int, int] = {}
        tokens = _TOKEN.findall(text)
        offsets = list(accumulate(map(len, tokens), initial=0))
        for last, number, length in automaton.matches(map(_plain, tokens)):
            start, end = offsets[last + 1 - length], offsets[last + 1]
            if (
                start >= last_ends.get(number, 0)
                and _BEGINS.match(text, start)
                and _ENDS.match(text, end)
            ):
                last_ends[number] = end
                yield number, Mention(ordinal, start, end)


class _Automaton:
    """Aho and Corasick's: it finds any number of rows of tokens in one pass."""

    def __init__(self, rows: Iterable[tuple[Sequence[str], int]]) -> None:
        self._next: list[dict[str, int]] = [{}]
        self._ends: list[list[tuple[int, int]]] = [[]]  # the number and the length of rows
        for row, number in rows:
            state = 0
            for token in row:
                state = self._next[state].setdefault(token, len(self._next))
                if state == len(self._next):
                    self._next.append({})
                    self._ends.append([])
            self._ends[state].append((number, len(row)))
        self._shorter = [0] * len(self._next)  # the state of the longest row begun within this one
        self._ended = [0] * len(self._next)  # the longest such that is a whole row
        states = deque(self._next[0].values())
        while states:
            state = states.popleft()
            for token, following in self._next[state].items():
                self._shorter[following] = self._step(self._shorter[state], token)
                states.append(following)
            shorter = self._shorter[state]
            self._ended[state] = shorter if self._ends[shorter] else self._ended[shorter]

    def _step(self, state: int, token: str) -> int:
        while state and token not in self._next[state]:
            state = self._shorter[state]
        return self._next[state].get(token, 0)

    def matches(self, tokens: Iterable[str]) -> Iterator[tuple[int, int, int]]:
        """Each row's last token, by its index, and the row's number and length."""
        state = 0
        for index, token in enumerate(tokens):
            state = self._step(state, token)
            ended = state
            while ended:
                for number, length in self._ends[ended]:
                    yield index, number, length
                ended = self._ended[ended]


def _forms(name: str) -> list[list[str]]:
    tokens = [_plain(token) for token in _TOKEN.findall(" ".join(name.split()))]
    if tokens[0].lower() == "the" and tokens[1:2] == [" "]:
        return [["the", *tokens[1:]], ["The", *tokens[1:]]]
    return [tokens]


def _plain(token: str) -> str:
    return " " if token.isspace() else SAME_QUOTES.get(token, token)


def _needle(name: str) -> str:
    """What is quickly seen to be missing: the last word up to its first quotation mark."""
    return _SPLITS_WORDS.split(name.split()[-1])[0]


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
