"""The cut: a chapter's blocks into excerpts, each what one day posts."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import ceil, inf

from bot.serials import borders
from bot.serials.borders import Cost
from bot.stories import markup
from bot.stories import words as counting
from bot.stories.model import Block, Kind, Shown

DEFAULT_WORDS = 300
WHOLE = 0  # words: as many as the chapter has
PAGE_LENGTH = 1780  # UTF-16 units a page: Discord's 2,000 less room for a header

_OFF_LENGTH = 20  # what an empty excerpt would cost, or one twice as long as wanted
_APART = 2  # "\n\n"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A block's index and an offset in its text."""

    block: int
    offset: int


@dataclass(frozen=True, slots=True)
class Excerpt:
    """From `start` up to `end`; a message begins at each of `pages`, the first of them `start`."""

    start: Place
    end: Place
    words: int
    pages: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is never cut again. `size` is at least what it takes of a page; `cost` is that of a
    cut after it."""

    start: Place
    size: int
    words: int
    cost: int


class Uncut:
    """The blocks of one chapter, ready to be cut as often as one likes: most of the time goes into
    making them so. Linear in the text's length."""

    def __init__(self, blocks: Sequence[Block], starts: Sequence[Place] = ()) -> None:
        """From the first of `starts` on, if any; each of them is a border, wherever it is."""
        found = list(_pieces(blocks, _posted(blocks), starts))
        if starts:
            found = [piece for piece in found if piece.start >= starts[0]]
        self._pieces = found
        self._places = [piece.start for piece in found]
        if found:
            last = found[-1].start.block
            self._places.append(Place(last, len(blocks[last].text)))

    def evenly(self, words: int) -> list[Excerpt]:
        """Excerpts of about `words` words, or of WHOLE. Up to DEFAULT_WORDS each is one page."""
        return self._excerpts(self._division(words))

    def count(self, words: int) -> int:
        """How many excerpts of this length there would be."""
        return len(self._division(words)) - 1

    def at(self, starts: Sequence[Place]) -> list[Excerpt]:
        """An excerpt from each of these borders to the next."""
        indices = sorted({bisect_left(self._places, start) for start in starts})
        return self._excerpts([*indices, len(self._pieces)])

    def borders(self) -> list[tuple[Place, Cost]]:
        """Where an excerpt may begin but at the start, and what each of them costs."""
        return [
            (piece.start, Cost(before.cost))
            for before, piece in pairwise(self._pieces)
            if before.cost <= Cost.SENTENCE
        ]

    def _division(self, words: int) -> list[int]:
        if words == WHOLE:
            return [0, len(self._pieces)] if self._pieces else [0]
        limit = PAGE_LENGTH
        if words > DEFAULT_WORDS:
            limit = PAGE_LENGTH * 2 * words // DEFAULT_WORDS
        return _division(self._pieces, words, limit)

    def _excerpts(self, division: Sequence[int]) -> list[Excerpt]:
        return [self._excerpt(start, end) for start, end in pairwise(division)]

    def _excerpt(self, start: int, end: int) -> Excerpt:
        within = self._pieces[start:end]
        total = sum(piece.words for piece in within)
        size = sum(piece.size for piece in within)
        pages = [0]
        if size > PAGE_LENGTH:
            pages = _division(within, max(1, total) / ceil(size / PAGE_LENGTH), PAGE_LENGTH)[:-1]
        return Excerpt(
            self._places[start],
            self._places[end],
            total,
            tuple(self._places[start + page] for page in pages),
        )


def cut(blocks: Sequence[Block], words: int = DEFAULT_WORDS) -> list[Excerpt]:
    """The blocks of one chapter as excerpts of about `words` words. Headings and notes are in none
    of them."""
    return Uncut(blocks).evenly(words)


def closed(blocks: Sequence[Block], end: Place) -> Place:
    """The end as a place in the last block that the excerpt takes in, not before the next."""
    if end.offset == 0 and end.block > 0:
        return Place(end.block - 1, len(blocks[end.block - 1].text))
    return end


def text(blocks: Sequence[Block], start: Place, end: Place) -> str:
    """The Discord Markdown of what is posted between two places."""
    paragraphs = []
    for index in range(start.block, min(end.block + 1, len(blocks))):
        block = blocks[index]
        first = start.offset if index == start.block else 0
        last = end.offset if index == end.block else len(block.text)
        if block.kind in (Kind.PROSE, Kind.BREAK):
            paragraphs.append(markup.markdown(markup.slice_runs(block.runs, first, last)).strip())
        elif block.shown is Shown.POST:
            paragraphs.append(note(block, first, last))
    return "\n\n".join(filter(None, paragraphs))


def note(block: Block, start: int, end: int) -> str:
    """A stretch of a note in Discord's Markdown."""
    return next(note_stretches(block, [(start, end)]))


def note_stretches(block: Block, spans: Sequence[tuple[int, int]]) -> Iterator[str]:
    """Stretches of a note, in order, in Discord's Markdown: set apart as a quotation, and what it
    warns of, though not its label, in spoiler bars."""
    label = block.text.find(":") + 1 if block.kind is Kind.WARNING else None
    borders = [end if label is None else min(max(start, label), end) for start, end in spans]
    told = markup.split_runs(
        block.runs, [(start, border) for (start, _), border in zip(spans, borders, strict=True)]
    )
    hidden = markup.split_runs(
        block.runs, [(border, end) for (_, end), border in zip(spans, borders, strict=True)]
    )
    for before, after in zip(told, hidden, strict=True):
        lines = markup.markdown(after).strip().split("\n")
        bars = "\n".join(f"||{line}||" if line else "" for line in lines)
        text = f"{markup.markdown(before).strip()} {bars}".strip()
        yield "\n".join(f"> {line}" for line in text.split("\n"))


def _posted(blocks: Sequence[Block]) -> list[int]:
    """The indices of prose with text in it, and of the breaks between."""
    prose = [i for i, block in enumerate(blocks) if block.kind is Kind.PROSE and block.text.strip()]
    if not prose:
        return []
    return [
        i
        for i in range(prose[0], prose[-1] + 1)
        if blocks[i].kind in (Kind.PROSE, Kind.BREAK) and blocks[i].text.strip()
    ]


def _division(pieces: Sequence[_Piece], words: float, limit: int) -> list[int]:
    """The indices at which the cheapest division of all pieces into runs no larger than `limit`
    and about `words` long begins its runs, and the end of the last."""
    sizes = [0, *accumulate(piece.size for piece in pieces)]
    lengths = [0, *accumulate(piece.words for piece in pieces)]
    costs: list[float] = [0.0]
    starts = [0]
    for end in range(1, len(sizes)):
        best, best_start = inf, end - 1
        for start in range(end - 1, -1, -1):
            if sizes[end] - sizes[start] > limit:
                break
            off = (lengths[end] - lengths[start]) / words - 1
            cost = costs[start] + _OFF_LENGTH * off * off
            if cost < best:
                best, best_start = cost, start
        costs.append(best + pieces[end - 1].cost)
        starts.append(best_start)
    found = [len(pieces)]
    while found[-1]:
        found.append(starts[found[-1]])
    return found[::-1]


def _pieces(
    blocks: Sequence[Block], posted: Sequence[int], starts: Sequence[Place]
) -> Iterator[_Piece]:
    room = [_lines_after(blocks[index]) for index in posted]
    usual = Counter(room).most_common(1)[0][0] if room else 0
    inner: defaultdict[int, list[int]] = defaultdict(list)
    for start in starts:
        if start.offset:
            inner[start.block].append(start.offset)
    for position, index in enumerate(posted):
        after = Cost.SCENE
        if position + 1 < len(posted):
            following = blocks[posted[position + 1]]
            if following.kind is Kind.BREAK:
                after = Cost.JOINED
            elif blocks[index].kind is Kind.PROSE:
                gap = room[position] > usual
                after = borders.between(blocks[index].text, following.text, gap=gap)
        yield from _pieces_of(index, blocks[index], after, inner[index])


def _lines_after(block: Block) -> int:
    return len(block.source[len(block.source.rstrip()) :].splitlines())


def _pieces_of(index: int, block: Block, after: Cost, starts: Sequence[int]) -> Iterator[_Piece]:
    text = block.text
    costs = dict.fromkeys(starts, Cost.ANYWHERE) | dict(borders.within(text)) | {len(text): after}
    stops = sorted(costs.items())
    spans = list(pairwise([0, *(offset for offset, _ in stops)]))
    split = markup.split_runs(block.runs, spans)
    for (start, end), (_, cost), runs in zip(spans, stops, split, strict=True):
        size = markup.length(markup.markdown(runs))
        if not text[end - 1].isspace():
            size += _APART  # for the blank line after a paragraph, or what keeps markers apart
        words = counting.count(text[start:end]) if block.kind is Kind.PROSE else 0
        yield _Piece(Place(index, start), size, words, cost)
