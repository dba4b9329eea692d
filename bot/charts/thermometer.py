"""What a room has written together: how high it stands in a tube."""

from matplotlib.figure import Figure

from bot.charts import style
from bot.charts.data import Thermometer, stands
from bot.charts.lines import wrap

HIGH = 520  # of the scale
MIDDLE, OUTER, INNER, BULB = 150, 84, 52, 140  # across: where the tube is, and how wide
ZERO = style.MARGIN + BULB  # where its scale begins
BESIDE = MIDDLE + OUTER / 2 + 34
TEXT, LEADING = 500, 58


def draw(found: Thermometer) -> bytes:
    height = ZERO + HIGH + 190
    figure = style.canvas(height)
    room = style.WIDTH - 2 * style.MARGIN
    title = style.cut(found.title, style.MEDIUM, room)
    style.put(figure, style.MARGIN, height - style.MARGIN - 40, title, style.MEDIUM, style.TEXT)
    full = max(found.goal, found.written, 1)
    _tube(figure, HIGH * max(0, found.written) / full)
    if found.goal:
        goal = ZERO + HIGH * found.goal / full
        par = ZERO + HIGH * found.par / full
        _mark(figure, goal, goal, f"goal {style.short(found.goal)}", style.TEXT)
        _mark(figure, par, min(par, goal - 50), f"par {style.short(found.par)}", style.QUIET)
    y = ZERO + HIGH * 0.62
    large = f"{100 * found.written // found.goal}%" if found.goal else f"{found.written:,}"
    style.put(figure, TEXT, y, large, style.LARGE, style.ACCENT)
    y -= LEADING / 4
    stand = stands(found.written, found.goal, found.unit, found.day, found.days, found.par)
    for line in wrap([(stand, False)], style.SMALL, style.WIDTH - style.MARGIN - TEXT):
        y -= LEADING
        style.put(figure, TEXT, y, line[0][0], style.SMALL, style.TEXT)
    return style.png(figure)


def _tube(figure: Figure, filled: float) -> None:
    bulb, left = style.MARGIN + BULB / 2, MIDDLE - OUTER / 2
    style.box(
        figure, left, bulb, OUTER, ZERO + HIGH + OUTER / 2 - bulb, style.PANEL, edge=style.EDGE,
        border=4, round_by=OUTER / 2,
    )  # fmt: skip
    dot = (MIDDLE,), (bulb,)
    style.line(figure, *dot, style.EDGE, 0, dot=BULB + 4)
    style.line(figure, *dot, style.PANEL, 0, dot=BULB - 4)
    style.line(figure, *dot, style.ACCENT, 0, dot=BULB - 28)
    style.box(figure, MIDDLE - INNER / 2, bulb, INNER, ZERO + filled - bulb, style.ACCENT)


def _mark(figure: Figure, y: float, text: float, told: str, color: str) -> None:
    """A line across the tube at `y`, and beside it what it is called."""
    style.line(figure, (MIDDLE - OUTER / 2, BESIDE - 12), (y, y), color, 5)
    style.put(figure, BESIDE, text - 12, told, style.SMALL, color)
