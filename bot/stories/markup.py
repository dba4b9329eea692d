"""A paragraph's runs as Discord Markdown that shows what the author typed, to the letter."""

import re
from collections.abc import Iterable, Iterator, Sequence

from bot.stories.model import Run, Style

_MARKERS = {Style.BOLD: "**", Style.ITALIC: "*", Style.UNDERLINE: "__", Style.STRIKE: "~~"}
_STARS = Style.BOLD | Style.ITALIC
# Put between two markers that would read as one: invisible, and no white space to Discord.
_APART = "\u200b"

# What Discord would read as Markdown, a mention, a link or an emoji's name.
_SPECIAL = re.compile(r"[\\*_~`|<>\[]|:(?=//|[\w+-]+:)")
# Headings, subtext and lists, which can only begin a line.
_LINE_START = re.compile(
    r"^([^\S\n]*(?:(?=(?:[+-]|-#|#{1,3})(?:\s|$))|\d+(?=[.)](?:\s|$))))", re.MULTILINE
)


def markdown(runs: Iterable[Run]) -> str:
    return _render(_normal(runs), Style.PLAIN)


def length(text: str) -> int:
    """UTF-16 code units, the strictest way Discord counts."""
    if text.isascii():
        return len(text)
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def slice_runs(runs: Sequence[Run], start: int, end: int) -> tuple[Run, ...]:
    """The runs of the text from offset `start` up to `end`."""
    return next(split_runs(runs, [(start, end)]))


def split_runs(runs: Sequence[Run], ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[Run, ...]]:
    """The runs of each range of offsets; the ranges are in order and do not overlap."""
    index, run_start = 0, 0
    for start, end in ranges:
        found = []
        while index < len(runs) and run_start < end:
            run = runs[index]
            if piece := run.text[max(0, start - run_start) : end - run_start]:
                found.append(Run(piece, run.style))
            if run_start + len(run.text) > end:
                break
            run_start += len(run.text)
            index += 1
        yield tuple(found)


def _normal(runs: Iterable[Run]) -> list[Run]:
    """Neighbours of one style joined; a space between two runs has only the styles of both, since
    markers must touch the text they mark."""
    found: list[tuple[list[str], Style]] = []

    def add(text: str, style: Style) -> None:
        if found and found[-1][1] == style:
            found[-1][0].append(text)
        elif text:
            found.append(([text], style))

    space: list[str] = []
    before = Style.PLAIN
    for run in runs:
        text = run.text.strip()
        if not text:
            space.append(run.text)
            continue
        lead, _, trail = run.text.partition(text)
        if lead or any(space):
            add("".join([*space, lead]), before & run.style)
        add(text, run.style)
        space, before = [trail], run.style
    add("".join(space), Style.PLAIN)
    return [Run("".join(texts), style) for texts, style in found]


def _render(runs: Sequence[Run], outer: Style) -> str:
    """`outer` holds the styles whose markers already stand around `runs`."""
    parts: list[str] = []
    after_marker = False
    index = 0
    while index < len(runs):
        style = runs[index].style & ~outer
        if not style:
            parts.append(_escape(runs[index].text))
            after_marker = False
            index += 1
            continue
        ends = {one: _reach(runs, index, one) for one in _MARKERS if one in style}
        end = max(ends.values())
        opened = [one for one in ends if ends[one] == end]
        text = runs[index].text.lstrip()
        lead = runs[index].text.removesuffix(text)
        if lead or after_marker:
            parts.append(lead or _APART)
        parts.append(_marked([Run(text, runs[index].style), *runs[index + 1 : end]], outer, opened))
        after_marker = True
        index = end
    return "".join(parts)


def _reach(runs: Sequence[Run], start: int, style: Style) -> int:
    """Where the runs that have `style`, beginning at `start`, end."""
    end = start
    while end < len(runs) and style in runs[end].style:
        end += 1
    return end


def _marked(runs: Sequence[Run], outer: Style, opened: Sequence[Style]) -> str:
    marker = "".join(_MARKERS[style] for style in opened)
    for style in opened:
        outer |= style
    text = _render(runs, outer)
    if _STARS & outer and _STARS & runs[0].style & ~outer:
        text = _APART + text
    if _STARS & outer and _STARS & runs[-1].style & ~outer:
        text += _APART
    return f"{marker}{text}{''.join(_MARKERS[style][::-1] for style in reversed(opened))}"


def _escape(text: str) -> str:
    return _LINE_START.sub(r"\1\\", _SPECIAL.sub(r"\\\g<0>", text))
