"""A month as a calendar: each day's amount as a number, and as a shade."""

from datetime import date, timedelta
from math import ceil

from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure

from bot.charts import style
from bot.charts.data import Calendar, measured

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
GAP = 10
WIDE = (style.WIDTH - 2 * style.MARGIN + GAP) / 7 - GAP
HIGH = 120
HEAD = 230  # of the title, the sum and the weekdays
# How much of the full colour a day has, by quarters of the most. Between the second and the third
# neither light nor dark text would be read well.
SHADES = (0.14, 0.3, 0.75, 1.0)


def draw(month: Calendar) -> bytes:
    first = month.today.replace(day=1)
    before = (first.weekday() - month.week_begins) % 7
    weeks = (before + len(month.amounts) + 6) // 7
    height = round(HEAD + weeks * (HIGH + GAP) - GAP + style.MARGIN)
    figure = style.canvas(height)
    _head(figure, month, height)
    most = max((amount or 0 for amount in month.amounts), default=0)
    for number, amount in enumerate(month.amounts):
        week, column = divmod(before + number, 7)
        x = style.MARGIN + column * (WIDE + GAP)
        y = height - HEAD - week * (HIGH + GAP) - HIGH
        _day(figure, x, y, first + timedelta(days=number), month.today, amount, most)
    return style.png(figure)


def _head(figure: Figure, month: Calendar, height: int) -> None:
    right = style.WIDTH - style.MARGIN
    room = right - style.MARGIN
    total = measured(month.total, month.unit)
    name = f"{month.today:%B %Y}"
    y = height - style.MARGIN - 40
    style.put(figure, style.MARGIN, y, name, style.MEDIUM, style.TEXT)
    style.put(figure, right, y, total, style.MEDIUM, style.ACCENT, align=1)
    y -= 54
    title = style.cut(month.title, style.SMALL, room)
    style.put(figure, style.MARGIN, y, title, style.SMALL, style.QUIET)
    for column in range(7):
        weekday = WEEKDAYS[(month.week_begins + column) % 7]
        x = style.MARGIN + column * (WIDE + GAP) + WIDE / 2
        style.put(figure, x, height - HEAD + 18, weekday, style.SMALL, style.QUIET, align=0.5)


def _day(
    figure: Figure, x: float, y: float, day: date, today: date, amount: int | None, most: int
) -> None:
    """A positive amount is a shade, zero an outline, a negative one hatched; a day without any is
    plain."""
    share = SHADES[ceil(4 * amount / most) - 1] if amount and amount > 0 else 0
    text = style.BACKGROUND if share > SHADES[1] else style.TEXT
    outlined = amount is not None and amount <= 0
    style.box(
        figure, x, y, WIDE, HIGH, _shade(share), round_by=14,
        edge=style.EDGE if outlined else "none", border=3 if outlined else 0,
    )  # fmt: skip
    if amount is not None and amount < 0:
        style.box(figure, x, y, WIDE, HIGH, "none", edge=style.EDGE, hatch="/", round_by=14)
    number = style.QUIET if amount is None else text
    style.put(figure, x + 14, y + HIGH - 42, str(day.day), style.SMALL, number)
    if day == today:
        style.box(
            figure, x - 1, y - 1, WIDE + 2, HIGH + 2, "none", edge=style.TEXT, border=6, round_by=14
        )
    if amount is not None:
        told = style.short(amount)
        style.put(figure, x + WIDE - 12, y + 18, told, style.SMALL, text, align=1)


def _shade(share: float) -> str:
    """The accent colour on a panel."""
    pairs = zip(to_rgb(style.PANEL), to_rgb(style.ACCENT), strict=True)
    red, green, blue = (panel + (full - panel) * share for panel, full in pairs)
    return to_hex((red, green, blue))
