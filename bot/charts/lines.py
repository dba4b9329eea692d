"""Text in lines: where it may break, and how wide it is."""

from collections.abc import Iterator, Sequence
from itertools import groupby

import regex

from bot.charts import style
from bot.charts.data import Span

_IDEOGRAPH = r"\p{Han}\p{Hiragana}\p{Katakana}"
_WORD = regex.compile(
    rf"\s+|[「『（《“‘]*[{_IDEOGRAPH}][ー々，。！？、；：」』）》”’…]*|[^\s{_IDEOGRAPH}「『（《]+|."
)


def wrap(spans: Sequence[Span], size: float, room: float) -> list[list[Span]]:
    """The spans in lines at most `room` wide. A word that is wider than that is broken."""
    lines: list[list[Span]] = [[]]
    used = 0.0
    for word in _words(spans):
        wide = _width(word) * size
        if _is_space(word):
            if any("\n" in text for text, _ in word):
                lines.append([])
                used = 0.0
            elif used:
                lines[-1] += word
                used += wide
            continue
        if used and used + wide > room:
            lines.append([])
            used = 0.0
        for piece in [word] if wide <= room else _letters(word):
            wide = _width(piece) * size
            if used + wide > room and used:
                lines.append([])
                used = 0.0
            lines[-1] += piece
            used += wide
    return [_joined(line) for line in lines]


def _words(spans: Sequence[Span]) -> Iterator[list[Span]]:
    text = "".join(span for span, _ in spans)
    slanted = [italic for span, italic in spans for _ in span]
    for match in _WORD.finditer(text):
        styles = slanted[match.start() : match.end()]
        yield _joined(list(zip(match[0], styles, strict=True)))


def _letters(word: Sequence[Span]) -> list[list[Span]]:
    return [[(char, italic)] for text, italic in word for char in text]


def _joined(spans: Sequence[Span]) -> list[Span]:
    """Neighbours of one style as one."""
    return [
        ("".join(text for text, _ in group), italic)
        for italic, group in groupby(spans, key=lambda span: span[1])
    ]


def _width(spans: Sequence[Span]) -> float:
    return sum(style.width(text, italic=italic) for text, italic in spans)


def _is_space(spans: Sequence[Span]) -> bool:
    return all(text.isspace() for text, _ in spans)
