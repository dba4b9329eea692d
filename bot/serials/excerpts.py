"""The cut: a chapter's blocks into excerpts, each what one day posts."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import ceil, inf

from bot.serials import borders
from bot.serials.borders import Cost
from bot.stories import markup
from bot.stories import words as counting
from bot.stories.model import Block, Kind

DEFAULT_WORDS = 300
# UTF-16 code units of Markdown: Discord's 2,000 less room for a header.
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


def cut(blocks: Sequence[Block], words: int = DEFAULT_WORDS) -> list[Excerpt]:
    """The blocks of one chapter as excerpts of about `words` words. Up to DEFAULT_WORDS each is
    one page. Headings and notes are in none of them. Linear in the text's length."""
    posted = _posted(blocks)
    pieces = list(_pieces(blocks, posted))
    if not pieces:
        return []
    last = posted[-1]
    places = [*(piece.start for piece in pieces), Place(last, len(blocks[last].text))]
    limit = PAGE_LENGTH
    if words > DEFAULT_WORDS:
        limit = PAGE_LENGTH * 2 * words // DEFAULT_WORDS
    excerpts = []
    for start, end in pairwise(_division(pieces, words, limit)):
        within = pieces[start:end]
        total = sum(piece.words for piece in within)
        size = sum(piece.size for piece in within)
        pages = [0]
        if size > PAGE_LENGTH:
            pages = _division(within, total / ceil(size / PAGE_LENGTH), PAGE_LENGTH)[:-1]
        excerpts.append(
            Excerpt(
                places[start],
                places[end],
                total,
                tuple(places[start + page] for page in pages),
            )
        )
    return excerpts


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
        if block.kind not in (Kind.PROSE, Kind.BREAK):
            continue
        first = start.offset if index == start.block else 0
        last = end.offset if index == end.block else len(block.text)
        paragraphs.append(markup.markdown(markup.slice_runs(block.runs, first, last)).strip())
    return "\n\n".join(filter(None, paragraphs))


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


def _pieces(blocks: Sequence[Block], posted: Sequence[int]) -> Iterator[_Piece]:
    room = [_lines_after(blocks[index]) for index in posted]
    usual = Counter(room).most_common(1)[0][0] if room else 0
    for position, index in enumerate(posted):
        after = Cost.SCENE
        if position + 1 < len(posted):
            following = blocks[posted[position + 1]]
            if following.kind is Kind.BREAK:
                after = Cost.JOINED
            elif blocks[index].kind is Kind.PROSE:
                gap = room[position] > usual
                after = borders.between(blocks[index].text, following.text, gap=gap)
        yield from _pieces_of(index, blocks[index], after)


def _lines_after(block: Block) -> int:
    return len(block.source[len(block.source.rstrip()) :].splitlines())


def _pieces_of(index: int, block: Block, after: Cost) -> Iterator[_Piece]:
    text = block.text
    stops = [*borders.within(text), (len(text), after)]
    spans = list(pairwise([0, *(offset for offset, _ in stops)]))
    split = markup.split_runs(block.runs, spans)
    for (start, end), (_, cost), runs in zip(spans, stops, split, strict=True):
        size = markup.length(markup.markdown(runs))
        if not text[end - 1].isspace():
            size += _APART  # for the blank line after a paragraph, or what keeps markers apart
        words = counting.count(text[start:end]) if block.kind is Kind.PROSE else 0
        yield _Piece(Place(index, start), size, words, cost)
