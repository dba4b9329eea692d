"""What someone has written in a challenge, to keep: with its goal reached, or for its own sake."""

from bot.charts import style
from bot.charts.data import Certificate, measured
from bot.charts.lines import wrap

HIGH = 780
FRAME = 28
MIDDLE = style.WIDTH / 2
ROOM = style.WIDTH - 2 * (FRAME + style.MARGIN)
NAMES = (84, 68, 56, 46)  # sizes of the name: the largest in which it fits a line
MOST_LINES = 2
LEADING = 1.4  # in sizes


def draw(found: Certificate) -> bytes:
    figure = style.canvas(HIGH)
    for inset, border in ((FRAME, 8), (FRAME + 16, 2)):
        style.box(
            figure, inset, inset, style.WIDTH - 2 * inset, HIGH - 2 * inset, "none",
            edge=style.ACCENT, border=border, round_by=18,
        )  # fmt: skip
    heading = "Goal reached" if found.reached else "Written, and it stays written"
    under = f"{found.dates}\non {measured(found.days, 'days')}"
    if found.reached:
        under += f", of a goal of {found.goal:,}"
    size, name = _name(found.name)
    for middle, lines, high, color in (
        (645, [style.cut(found.title, style.MEDIUM, ROOM)], style.MEDIUM, style.TEXT),
        (580, [heading], style.SMALL, style.QUIET),
        (450, name, size, style.TEXT),
        (310, [measured(found.written, found.unit)], style.LARGE, style.ACCENT),
        (200, _lines(under, style.SMALL), style.SMALL, style.QUIET),
    ):
        y = middle + (len(lines) / 2 - 0.85) * high * LEADING
        for line in lines:
            style.put(figure, MIDDLE, y, line, high, color, align=0.5)
            y -= high * LEADING
    return style.png(figure)


def _name(name: str) -> tuple[int, list[str]]:
    for size in NAMES:
        lines = _lines(name, size)
        if len(lines) == 1:
            break
    return size, lines[:MOST_LINES]


def _lines(text: str, size: float) -> list[str]:
    return ["".join(span for span, _ in line).strip() for line in wrap([(text, False)], size, ROOM)]
