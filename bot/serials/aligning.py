"""Two versions of a text laid side by side: which paragraph is which, and where a place of the old
one is in the new one. Pure, and near linear also for texts that were made to take long."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

from bot.stories.model import Block, Kind

T = TypeVar("T", bound=Hashable)
Key = tuple[Kind, str]
Pair = tuple[int, int]

_MOST_PAIRS = 10_000  # of paragraphs to compare, each with each
_LEAST_ALIKE = 0.5
_FEW_WORDS = 8  # of so few, letters tell more

_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»", '"') | dict.fromkeys("‘’‚‛‹›`", "'"))
_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"')\]]*\s+|(?<=[。！？])")


def key(block: Block) -> Key:
    """The same for blocks that differ in white space, quotes and styles alone."""
    if block.kind is Kind.BREAK:
        return block.kind, ""
    return block.kind, " ".join(block.text.translate(_QUOTES).split())


def sentences(text: str) -> list[str]:
    """Of a key's text, roughly."""
    return _SENTENCE_END.split(text)


def aligned(old: Sequence[Key], new: Sequence[Key]) -> list[Pair]:
    """Pairs of indices, both rising, of what is one paragraph in both: first those that are the
    same, then, of what is left between them, those that are alike."""
    return _around(_anchors(old, new), old, new, _between)


def common_in_order(
    old: Sequence[T], new: Sequence[T], lengths: Sequence[int] = (1, 1, 4, 16)
) -> list[Pair]:
    """Pairs of indices, both rising, of items that are the same in both texts: a patience diff of
    runs of items, first of runs of one, then, between those, of longer ones. Where every item
    recurs, as sentences may, long runs of them do not."""
    if not lengths:
        return []
    length, *longer = lengths

    def inner(old: Sequence[T], new: Sequence[T]) -> list[Pair]:
        shared = _shared_runs(old, new, length)
        return _around(shared, old, new, lambda a, b: common_in_order(a, b, longer))

    return _ends(old, new, inner)


def _shared_runs(old: Sequence[T], new: Sequence[T], length: int) -> list[Pair]:
    """The items of all runs of this length, a power of 2, that stand once in both texts."""
    numbers: dict[Hashable, int] = {}
    found: list[Pair] = []
    for i, j in _anchors(_runs(old, length, numbers), _runs(new, length, numbers)):
        for pair in zip(range(i, i + length), range(j, j + length), strict=True):
            if not found or (pair[0] > found[-1][0] and pair[1] > found[-1][1]):
                found.append(pair)
    return found


def _runs(items: Sequence[T], length: int, numbers: dict[Hashable, int]) -> list[int]:
    """A number for each run, the same for runs that are the same."""
    runs = [numbers.setdefault(item, len(numbers)) for item in items]
    width = 1
    while width < length:
        pairs = zip(runs, runs[width:], strict=False)
        runs = [numbers.setdefault((width, *pair), len(numbers)) for pair in pairs]
        width *= 2
    return runs


def _around(
    anchors: Sequence[Pair],
    old: Sequence[T],
    new: Sequence[T],
    fill: Callable[[Sequence[T], Sequence[T]], Iterable[Pair]],
) -> list[Pair]:
    """The anchors, with the pairs of the stretches between them."""
    found: list[Pair] = []
    i = j = 0
    for a, b in [*anchors, (len(old), len(new))]:
        found += [(i + x, j + y) for x, y in fill(old[i:a], new[j:b])]
        found.append((a, b))
        i, j = a + 1, b + 1
    return found[:-1]


def _anchors(old: Sequence[T], new: Sequence[T]) -> list[Pair]:
    """Of what stands once in each, the most that stands in the same order. What recurs, as short
    lines and breaks do, says nothing of its place."""
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


def _between(old: Sequence[Key], new: Sequence[Key]) -> list[Pair]:
    return _ends(old, new, _in_the_middle)


def _ends(
    old: Sequence[T],
    new: Sequence[T],
    fill: Callable[[Sequence[T], Sequence[T]], Iterable[Pair]] = lambda old, new: (),
) -> list[Pair]:
    """What both begin and end with, and the pairs of what is between that."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    inner = fill(old[head : len(old) - tail], new[head : len(new) - tail])
    return [
        *((n, n) for n in range(head)),
        *((head + i, head + j) for i, j in inner),
        *((len(old) - n, len(new) - n) for n in range(tail, 0, -1)),
    ]


def _in_the_middle(old: Sequence[Key], new: Sequence[Key]) -> Iterable[Pair]:
    if len(old) * len(new) <= _MOST_PAIRS:
        return _alike(old, new)
    return _around(_by_sentences(old, new), old, new, _alike)


def _by_sentences(old: Sequence[Key], new: Sequence[Key]) -> list[Pair]:
    """Of those alike that have a sentence in common, the most that stand in the same order."""
    left, right = (
        [(n, (kind, one)) for n, (kind, text) in enumerate(keys) for one in sentences(text)]
        for keys in (old, new)
    )
    found: list[Pair] = []
    for a, b in _anchors([one for _, one in left], [one for _, one in right]):
        i, j = left[a][0], right[b][0]
        rises = not found or (i > found[-1][0] and j > found[-1][1])
        if rises and _looks(old[i]).likeness(_looks(new[j])):
            found.append((i, j))
    return found


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


def _alike(old: Sequence[Key], new: Sequence[Key]) -> Iterator[Pair]:
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
    where each begins in the old and the new one, and its length. The last is at their ends."""

    same: tuple[tuple[int, int, int], ...]

    def __call__(self, offset: int) -> int:
        """The start stays the start and the end the end; a place within what has changed moves
        behind that."""
        if offset == 0:
            return 0
        index = bisect_right(self.same, offset, key=lambda stretch: stretch[0]) - 1
        if index >= 0:
            old, new, length = self.same[index]
            if offset <= old + length:
                return new + offset - old
        return self.same[index + 1][1]


def moves(old: str, new: str) -> Moves:
    left, right = _WORD.findall(old), _WORD.findall(new)
    begins, new_begins = (list(accumulate(map(len, words), initial=0)) for words in (left, right))
    pairs = _ends(left, right, lambda a, b: _around(_anchors(a, b), a, b, _ends))
    same: list[tuple[int, int, int]] = []
    for i, j in pairs:
        start, new_start, length = same.pop() if same else (0, 0, 0)
        if (start + length, new_start + length) == (begins[i], new_begins[j]):
            same.append((start, new_start, length + len(left[i])))
        else:
            same += [(start, new_start, length), (begins[i], new_begins[j], len(left[i]))]
    return Moves((*same, (len(old), len(new), 0)))
