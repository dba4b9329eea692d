"""A sprint's results as bars."""

from bot.charts import style
from bot.charts.data import Bars, measured

HIGH, GAP = 52, 22
NAMES = 430  # pixels for a place and a name
HEAD = 190


def draw(found: Bars) -> bytes:
    lines = found.shown
    rows = max(1, len(lines) + (found.left_out > 0))
    height = round(HEAD + rows * (HIGH + GAP) - GAP + style.MARGIN)
    figure = style.canvas(height)
    right = style.WIDTH - style.MARGIN
    y = height - style.MARGIN - 40.0
    title = style.cut(found.title, style.MEDIUM, right - style.MARGIN)
    style.put(figure, style.MARGIN, y, title, style.MEDIUM, style.TEXT)
    together = f"Together {measured(found.total, found.unit)}"
    style.put(figure, style.MARGIN, y - 54, together, style.SMALL, style.ACCENT)

    most = max((amount for _, _, amount in lines), default=0)
    left = style.MARGIN + NAMES + GAP
    numbers = max((style.width(f"{amount:,}") for _, _, amount in lines), default=0) * style.SMALL
    room = right - left - numbers - GAP
    y = height - HEAD - HIGH
    for place, name, amount in lines:
        told = style.cut(f"{place}. {name}", style.SMALL, NAMES)
        style.put(figure, style.MARGIN, y + 14, told, style.SMALL, style.TEXT)
        wide = max(8.0, room * amount / most) if amount > 0 else 0.0
        if wide:
            color = style.ACCENT if place == 1 else style.SECOND
            style.box(figure, left, y, wide, HIGH, color, round_by=4)
        style.put(figure, left + wide + GAP / 2, y + 14, f"{amount:,}", style.SMALL, style.TEXT)
        y -= HIGH + GAP
    if found.left_out:
        told = f"and {found.left_out} more"
        style.put(figure, style.MARGIN, y + 14, told, style.SMALL, style.QUIET)
    return style.png(figure)
