"""A quote as a picture."""

from collections.abc import Sequence

from matplotlib.patches import Rectangle
from matplotlib.transforms import IdentityTransform

from bot.charts import style
from bot.charts.data import QuoteCard, Span
from bot.charts.lines import wrap

MARGIN = 72
BAR = 10  # wide, to the left of the quote
INDENT = 48
ROOM = style.WIDTH - 2 * MARGIN
SIZES = (72, 60, 50, 44, 40)  # of the quote: the largest in which it is no higher than TALL
TALL = 900
LEADING = 1.42  # from one baseline to the next, in sizes
APART = 0.5  # between paragraphs, in lines
SMALL = 34  # of what stands under it
MOST_LINES = 2  # of the title


def draw(quote: QuoteCard) -> bytes:
    size, lines = _fitting(quote.paragraphs)
    about = wrap([(quote.under, False)], SMALL, ROOM)
    told = [*_title(quote.title), *((line, style.QUIET) for line in about)]
    leading = size * LEADING
    high = sum(leading if line else leading * APART for line in lines)
    height = round(2 * MARGIN + high + MARGIN * 0.75 + len(told) * SMALL * LEADING)
    figure = style.canvas(height)
    top = height - MARGIN
    figure.add_artist(
        Rectangle(
            (MARGIN, top - high), BAR, high, color=style.ACCENT, transform=IdentityTransform()
        )
    )
    y = top + leading * 0.24
    for line in lines:
        y -= leading if line else leading * APART
        x = float(MARGIN + INDENT)
        for text, italic in line:
            x = style.put(figure, x, y, text, size, style.TEXT, italic=italic)
    y = top - high - MARGIN * 0.75
    for line, color in told:
        y -= SMALL * LEADING
        x = float(MARGIN)
        for text, italic in line:
            x = style.put(figure, x, y, text, SMALL, color, italic=italic)
    return style.png(figure)


def _fitting(paragraphs: Sequence[Sequence[Span]]) -> tuple[int, list[list[Span]]]:
    """The size of the quote, and its lines; an empty one between paragraphs."""
    for size in SIZES:
        lines: list[list[Span]] = []
        for paragraph in paragraphs:
            lines += [*([[]] if lines else []), *wrap(paragraph, size, ROOM - INDENT)]
        if sum(1 if line else APART for line in lines) * size * LEADING <= TALL:
            break
    return size, lines


def _title(title: str) -> list[tuple[list[Span], str]]:
    lines = wrap([(title, True)], SMALL, ROOM)
    if len(lines) > MOST_LINES:
        lines = lines[:MOST_LINES]
        text, italic = lines[-1][-1]
        lines[-1][-1] = (text.rstrip()[:-1] + "…", italic)
    return [(line, style.TEXT) for line in lines]
