"""The piece of a paragraph that is shown of it. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.stories import markup
from bot.stories.analyser import Term
from bot.stories.model import Run, Style

Span = tuple[int, int]  # from one offset up to another


@dataclass(frozen=True, slots=True)
class Snippet:
    """Its runs, in which what was looked for is bold, from offset `start` in the paragraph on;
    `found` is the offset of the first that is bold. `cut_after`: there is more of the paragraph."""

    start: int
    found: int
    runs: tuple[Run, ...]
    cut_after: bool


def snippet(
    runs: Sequence[Run], terms: Sequence[Term], spans: Iterable[Span], length: int
) -> Snippet:
    """At most `length` characters of the text with as many of the spans, of which there is one at
    least, as there is room for. It is cut between its terms."""
    text_length = sum(len(run.text) for run in runs)
    marked = merged(spans)
    first, end = _fullest(marked, length)
    start = max(0, min(first - (length - (end - first)) // 2, text_length - length))
    end = min(max(end, start + length), text_length)
    if start > 0:
        start = min((term.start for term in terms if start <= term.start <= first), default=first)
    if end < text_length:
        end = max((term.first for term in terms if first < term.first <= end), default=end)
    return Snippet(start, first, _bold(runs, start, end, marked), end < text_length)


def merged(spans: Iterable[Span]) -> list[Span]:
    """In order, those that overlap made one."""
    found: list[Span] = []
    for start, end in sorted(spans):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def _fullest(spans: Sequence[Span], length: int) -> Span:
    """Of the stretches of at most this length the first with the most spans, from the start of
    one to the end of another."""
    best, most = (spans[0][0], min(spans[0][1], spans[0][0] + length)), 1
    last = 0
    for number, (start, _) in enumerate(spans):
        while last + 1 < len(spans) and spans[last + 1][1] <= start + length:
            last += 1
        if last - number + 1 > most:
            best, most = (start, spans[last][1]), last - number + 1
    return best


def _bold(runs: Sequence[Run], start: int, end: int, spans: Sequence[Span]) -> tuple[Run, ...]:
    inside = [
        (max(start, first), min(end, last)) for first, last in spans if first < end and last > start
    ]
    borders = [start, *(offset for span in inside for offset in span), end]
    found: list[Run] = []
    for number, piece in enumerate(markup.split_runs(runs, pairwise(borders))):
        style = Style.BOLD if number % 2 else Style.PLAIN
        found += [replace(run, style=run.style | style) for run in piece]
    return tuple(found)
