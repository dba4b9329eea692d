"""The way to a target: what was written, beside an even pace and where one's own leads."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import accumulate

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bot.charts import style
from bot.charts.data import Cumulative
from bot.charts.lines import wrap

LEFT, RIGHT = 160, 800  # of the plot; what its lines are called stands to its right
BOTTOM, HIGH = 110, 480
LEADING = 50
APART = 130  # pixels between two dates, at the least
PAR, PROJECTED = (0, (1, 2)), (0, (3, 2))  # dashes

Scale = Callable[[float], float]


@dataclass(slots=True)
class Label:
    """Of a line that ends at this height."""

    y: float
    lines: tuple[str, ...]
    color: str


def draw(way: Cumulative) -> bytes:
    room = style.WIDTH - 2 * style.MARGIN
    said = wrap([(way.said, False)], style.SMALL, room)
    height = BOTTOM + HIGH + 90 + LEADING * len(said) + 50 + style.MARGIN
    figure = style.canvas(height)
    y = height - style.MARGIN - 40
    title = style.cut(way.title, style.MEDIUM, room)
    style.put(figure, style.MARGIN, y, title, style.MEDIUM, style.TEXT)
    for line in said:
        y -= LEADING
        style.put(figure, style.MARGIN, y, line[0][0], style.SMALL, style.QUIET)

    sums = [0, *accumulate(way.amounts)]
    low, top = min(sums), max(way.goal, *sums)

    def across(day: float) -> float:
        return LEFT + (RIGHT - LEFT) * day / len(way.pars)

    def up(amount: float) -> float:
        return BOTTOM + HIGH * (amount - low) / (top - low)

    _amounts(figure, low, top, up)
    _days(figure, way, across)
    pars = [0, *way.pars]
    style.line(figure, *_points(pars, across, up), style.QUIET, 5, PAR)
    labels = [Label(up(pars[-1]), (f"par {style.short(pars[-1])}",), style.QUIET)]
    if way.elapsed is not None:
        labels.append(_projected(figure, way, way.elapsed, across, up))
    style.line(figure, *_points(sums, across, up), style.ACCENT, 9)
    _today(figure, way, across(len(way.amounts)), up(way.written))
    _label(figure, labels)
    return style.png(figure)


def _points(amounts: list[int], across: Scale, up: Scale) -> tuple[list[float], list[float]]:
    """Of the evenings from that before the first day."""
    return [across(day) for day in range(len(amounts))], [up(amount) for amount in amounts]


def _amounts(figure: Figure, low: int, top: int, up: Scale) -> None:
    for tick in MaxNLocator(4, integer=True, steps=[1, 2, 2.5, 5, 10]).tick_values(low, top):
        if low <= tick <= top:
            y = up(tick)
            style.line(figure, (LEFT, RIGHT), (y, y), style.GRID, 2 if tick else 4)
            told = style.short(round(tick))
            style.put(figure, LEFT - 16, y - 12, told, style.SMALL, style.QUIET, align=1)


def _days(figure: Figure, way: Cumulative, across: Scale) -> None:
    """The first day, the last, and today where there is room between them."""
    y, now = BOTTOM - 56, across(len(way.amounts))
    last = _spoken(way.last, way)
    style.put(figure, RIGHT, y, last, style.SMALL, style.QUIET, align=1)
    if len(way.pars) > 1:
        style.put(figure, LEFT, y, _spoken(way.first, way), style.SMALL, style.QUIET)
        if LEFT + 2 * APART < now < RIGHT - 2 * APART:
            told = _spoken(way.today, way)
            style.put(figure, now, y, told, style.SMALL, style.TEXT, align=0.5)


def _projected(figure: Figure, way: Cumulative, elapsed: int, across: Scale, up: Scale) -> Label:
    pace = way.written / elapsed
    until = min(float(len(way.pars)), way.goal / pace)
    xs, ys = (across(elapsed), across(until)), (up(way.written), up(pace * until))
    style.line(figure, xs, ys, style.ACCENT, 5, PROJECTED)
    end = style.short(round(pace * until)) if way.finish is None else _spoken(way.finish, way)
    return Label(ys[1], ("at this pace", end), style.ACCENT)


def _today(figure: Figure, way: Cumulative, x: float, y: float) -> None:
    """The dot at which one stands, and its number where neither line runs: above the one that is
    ahead of par, below the other."""
    style.line(figure, (x,), (y,), style.ACCENT, 0, dot=26)
    told = f"{way.written:,}"
    wide = style.width(told) * style.MEDIUM
    ahead = way.written >= way.pars[len(way.amounts) - 1]
    start = x - wide - 14 if ahead else x + 20
    start = min(max(start, LEFT + 10), RIGHT - wide)
    y += 24 if ahead or y - 70 < BOTTOM else -60
    style.box(figure, start - 6, y - 10, wide + 12, style.MEDIUM, style.BACKGROUND)
    style.put(figure, start, y, told, style.MEDIUM, style.TEXT)


def _label(figure: Figure, labels: list[Label]) -> None:
    """Beside the ends of their lines, the highest first, none over another."""
    free = float("inf")
    for label in sorted(labels, key=lambda label: -label.y):
        y = min(label.y - 12, free)
        for line in label.lines:
            style.put(figure, RIGHT + 20, y, line, style.SMALL, label.color)
            y -= 42
        free = y


def _spoken(day: date, way: Cumulative) -> str:
    """With its year instead of the day of the month where years differ."""
    return f"{day:%b %Y}" if way.first.year != way.last.year else f"{day.day} {day:%b}"
