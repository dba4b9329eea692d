"""Two versions of a text laid side by side: which paragraph is which, and where a place of the old
one is in the new one. Pure, and near linear also for texts that were made to take long."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

from bot.stories.model import Block, Kind

Key = tuple[Kind, str]

_MOST_PAIRS = 10_000  # of paragraphs between two that are the same: beyond, all is written anew
_MOST_WORD_PAIRS = 1_000_000
_LEAST_ALIKE = 0.5
_FEW_WORDS = 8  # of so few, letters tell more

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛‹›`", "'"))
_WORD = re.compile(r"\s+|\w+|[^\w\s]")


def key(block: Block) -> Key:
    """The same for blocks that differ in white space, quotes and styles alone."""
    if block.kind is Kind.BREAK:
        return block.kind, ""
    return block.kind, " ".join(block.text.translate(_QUOTES).split())


def aligned(old: Sequence[Key], new: Sequence[Key]) -> list[tuple[int, int]]:
    """Pairs of indices, both rising, of what is one paragraph in both: first those that are the
    same, then, of what is left between them, those that are alike."""
    found: list[tuple[int, int]] = []
    i = j = 0
    for anchor in _anchors(old, new):
        found += _between(old, new, range(i, anchor[0]), range(j, anchor[1]))
        found.append(anchor)
        i, j = anchor[0] + 1, anchor[1] + 1
    found += _between(old, new, range(i, len(old)), range(j, len(new)))
    return found


def _anchors(old: Sequence[Key], new: Sequence[Key]) -> list[tuple[int, int]]:
    """Of what stands once in each text, the most that stands in the same order. What recurs, as
    short lines and breaks do, says nothing of its place."""
    here, there = Counter(old), Counter(new)
    place = {one: j for j, one in enumerate(new) if there[one] == here[one] == 1}
    shared = [(i, place[one]) for i, one in enumerate(old) if one in place]
    # The longest rising row: for each length, the lowest `j` at which one ends, and its index.
    lowest: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for n, (_, j) in enumerate(shared):
        length = bisect_left(lowest, j)
        before.append(ends[length - 1] if length else -1)
        lowest[length : length + 1] = [j]
        ends[length : length + 1] = [n]
    row = []
    n = ends[-1] if ends else -1
    while n >= 0:
        row.append(shared[n])
        n = before[n]
    return row[::-1]


def _between(old: Sequence[Key], new: Sequence[Key], i: range, j: range) -> list[tuple[int, int]]:
    """The pairs of a stretch that no anchor stands in."""
    left, right = old[i.start : i.stop], new[j.start : j.stop]
    head = _common(left, right)
    tail = _common(left[head:][::-1], right[head:][::-1])
    alike = _alike(left[head : len(left) - tail], right[head : len(right) - tail])
    return [
        *zip(i[:head], j[:head], strict=True),
        *((i[head + a], j[head + b]) for a, b in alike),
        *zip(i[len(i) - tail :], j[len(j) - tail :], strict=True),
    ]


def _common(one: Sequence[object], other: Sequence[object]) -> int:
    """With how many same things both begin."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


@dataclass(frozen=True, slots=True)
class _Looks:
    kind: Kind
    words: frozenset[str]
    letters: frozenset[str]  # each with the next

    def likeness(self, other: "_Looks") -> float:
        """From 0 to 1: what share they have in common, 0 where that is too little."""
        if self.kind is not other.kind:
            return 0
        if min(len(self.words), len(other.words)) >= _FEW_WORDS:
            mine, theirs = self.words, other.words
        else:
            mine, theirs = self.letters, other.letters
        found = 2 * len(mine & theirs) / (len(mine) + len(theirs))
        return found if found >= _LEAST_ALIKE else 0


def _looks(one: Key) -> _Looks:
    kind, text = one
    framed = f"\n{text}\n"
    letters = (framed[n : n + 2] for n in range(len(framed) - 1))
    return _Looks(kind, frozenset(text.split()), frozenset(letters))


def _alike(old: Sequence[Key], new: Sequence[Key]) -> Iterator[tuple[int, int]]:
    """The rising row of pairs that are the most alike in all."""
    if len(old) * len(new) > _MOST_PAIRS:
        return
    looks = [_looks(one) for one in new]
    alike = [[mine.likeness(theirs) for theirs in looks] for mine in map(_looks, old)]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            best[i][j] = max(best[i + 1][j], best[i][j + 1], best[i + 1][j + 1] + alike[i][j])
    i = j = 0
    while i < len(old) and j < len(new):
        if best[i][j] == best[i + 1][j]:
            i += 1
        elif best[i][j] == best[i][j + 1]:
            j += 1
        else:
            yield i, j
            i, j = i + 1, j + 1


@dataclass(frozen=True, slots=True)
class Moves:
    """Where the places of a text are in its new version. `same` are the stretches that both have:
    where each begins in the old and the new one, and its length. The last stands at their ends."""

    same: tuple[tuple[int, int, int], ...]

    def __call__(self, offset: int) -> int:
        """The start stays the start and the end the end; a place within what has changed moves
        behind that."""
        if offset == 0:
            return 0
        index = bisect_right(self.same, offset, key=lambda stretch: stretch[0]) - 1
        old, new, length = self.same[index]
        return new + offset - old if offset <= old + length else self.same[index + 1][1]


def moves(old: str, new: str) -> Moves:
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    left = _WORD.findall(old, head, len(old) - tail)
    right = _WORD.findall(new, head, len(new) - tail)
    same = [(0, 0, head)]
    if len(left) * len(right) <= _MOST_WORD_PAIRS:
        begins = [list(accumulate(map(len, words), initial=head)) for words in (left, right)]
        for a, b, size in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
            same.append((begins[0][a], begins[1][b], sum(map(len, left[a : a + size]))))
    ends = len(old) - tail, len(new) - tail, tail
    return Moves((*same, ends, (len(old), len(new), 0)))
