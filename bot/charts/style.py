"""What all pictures share: colours, fonts for every script, and the way to a PNG.

A picture's unit is the pixel: at 72 dots per inch a point is one.
"""

import io
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path

import matplotlib
import regex
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties, get_font
from matplotlib.ft2font import FT2Font
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch
from matplotlib.patheffects import withStroke
from matplotlib.transforms import IdentityTransform

# Discord's dark theme; text on BACKGROUND has a contrast of 14, QUIET of 8.
BACKGROUND, TEXT, QUIET, ACCENT = "#1e1f22", "#f2f3f5", "#b5bac1", "#f0b232"
WIDTH = 1080  # pixels, of which a phone shows a third: 40 of them are as large as its own text
SECOND = "#7aa2f7"  # contrast 6.6
PANEL, GRID, EDGE = "#2b2d31", "#3f4147", "#8b8e98"
DPI = 72
MARGIN = 56
LEFTWARD = ("R", "AL")  # letters that run from right to left, by Unicode's annex 9
IN_ORDER = 2  # boxes and lines: what comes later lies above; text above all
LARGE, MEDIUM, SMALL = 64, 44, 36  # sizes of text: on a phone 21, 15 and 12 pixels


@dataclass(frozen=True, slots=True)
class Face:
    """A font's file. `stroke`: by which part of its size it is drawn bolder than it is. Between
    words that it shows stand spaces of its own."""

    path: Path
    stroke: float = 0.0
    words: bool = True

    @property
    def font(self) -> FT2Font:
        return get_font(str(self.path))

    def has(self, char: str) -> bool:
        return self.font.get_char_index(ord(char)) != 0


def canvas(height: int) -> Figure:
    figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor=BACKGROUND)
    FigureCanvasAgg(figure)
    return figure


def png(figure: Figure) -> bytes:
    data = io.BytesIO()
    figure.savefig(data, format="png", dpi=DPI, pil_kwargs={"compress_level": 2})
    return data.getvalue()


def put(
    figure: Figure,
    x: float,
    y: float,
    text: str,
    size: float,
    color: str,
    *,
    italic: bool = False,
    align: float = 0,
) -> float:
    """Write a line from `x` on, or around it (`align` 0.5), or up to it (1), with its baseline `y`
    pixels above the bottom. Returns where it ends. What no font can show is left out."""
    if align:
        x -= align * size * width(text, italic=italic)
    for run, face in runs(text, italic):
        figure.text(
            x, y, run, color=color, transform=IdentityTransform(), parse_math=False,
            fontproperties=FontProperties(fname=str(face.path), size=size),
            path_effects=[withStroke(linewidth=face.stroke * size, foreground=color)]
            if face.stroke
            else None,
        )  # fmt: skip
        x += _advance(run, face, size)
    return x


def box(
    figure: Figure,
    x: float,
    y: float,
    wide: float,
    high: float,
    color: str,
    *,
    edge: str = "none",
    border: float = 0,
    round_by: float = 0,
    hatch: str | None = None,
) -> None:
    """A rectangle, `x` and `y` pixels from the left and from the bottom."""
    figure.add_artist(
        FancyBboxPatch(
            (x, y), wide, high, facecolor=color, edgecolor=edge, linewidth=border, hatch=hatch,
            boxstyle=f"round,pad=0,rounding_size={round_by}" if round_by else "square,pad=0",
            transform=IdentityTransform(), zorder=IN_ORDER,
        )
    )  # fmt: skip


def line(
    figure: Figure,
    xs: Sequence[float],
    ys: Sequence[float],
    color: str,
    wide: float,
    dashes: tuple[float, Sequence[float]] | None = None,
    dot: float = 0,
) -> None:
    """`dot`: how wide one at each of its points is."""
    figure.add_artist(
        Line2D(
            xs, ys, color=color, linewidth=wide, linestyle=dashes, solid_capstyle="round",
            solid_joinstyle="round", marker="o", markersize=dot, markeredgewidth=0,
            transform=IdentityTransform(), zorder=IN_ORDER,
        )
    )  # fmt: skip


def cut(text: str, size: float, room: float) -> str:
    """As much of a line as is at most `room` wide, an ellipsis included."""
    if width(text) * size <= room:
        return text
    letters = regex.findall(r"\X", text)

    def begun(count: int) -> str:
        return "".join(letters[:count]).rstrip() + "…"

    counts = range(1, len(letters))
    return begun(bisect_right(counts, room, key=lambda count: width(begun(count)) * size))


def short(number: int) -> str:
    """In at most six characters, like "12,345", "123k" or "-1.2M"."""
    if len(f"{number:,}") <= 6:
        return f"{number:,}"
    if abs(number) < 999_500:
        return f"{round(number / 1000)}k"
    millions = round(number / 1e6, 1 if abs(number) < 99_950_000 else None)
    return f"{millions:,}".removesuffix(".0") + "M"


@lru_cache(1 << 13)
def width(text: str, *, italic: bool = False) -> float:
    """In sizes: it is nearly the same at any."""
    return sum(_advance(run, face, 100) for run, face in runs(text, italic)) / 100


def runs(text: str, italic: bool) -> Iterator[tuple[str, Face]]:
    """The text by the fonts that show it. The space after words that run from right to left is a
    run of its own: within theirs it would come to stand before them, at the left."""
    for face, group in groupby(_faces_of(text, italic), key=lambda pair: pair[1]):
        run = "".join(char for char, _ in group)
        words = run.rstrip()
        if words and any(unicodedata.bidirectional(char) in LEFTWARD for char in words.split()[-1]):
            yield words, face
            run = run[len(words) :]
        if run:
            yield run, face


def _faces_of(text: str, italic: bool) -> Iterator[tuple[str, Face]]:
    """A mark, a joiner or a space belongs to what stands before it: so are they shaped, and words
    that run from right to left stand in their order."""
    last: Face | None = None
    for char in text:
        kind = unicodedata.category(char)
        if last is None or not (kind[0] == "M" or kind == "Cf" or (kind == "Zs" and last.words)):
            last = _face_of(char, italic) or last
        if last is not None and last.has(char):
            yield char, last


@lru_cache(1 << 13)
def _face_of(char: str, italic: bool) -> Face | None:
    return next((face for face in faces(italic) if face.has(char)), None)


@cache
def faces(italic: bool) -> tuple[Face, ...]:
    """Fonts in the order in which they are asked for a character."""
    plain = Path(matplotlib.get_data_path(), "fonts", "ttf")
    last = Face(plain / ("DejaVuSans-Oblique.ttf" if italic else "DejaVuSans.ttf"))
    noto, cjk = _folder("manimgx_fonts"), _folder("manimgx_fonts_cjk")
    if noto is None or cjk is None:
        return (last,)
    first = noto / ("NotoSans-Italic[wght].ttf" if italic else "NotoSans[wght].ttf")
    # Of a variable font Matplotlib draws the default, and that one's is its thinnest.
    chinese = Face(cjk / "NotoSansCJK-VF.otf.ttc", stroke=0.04, words=False)
    emoji = Face(noto / "NotoEmoji[wght].ttf", words=False)
    others = (Face(path) for path in sorted(noto.glob("*.ttf")) if path != first)
    return (Face(first), chinese, emoji, *others, last)


def _folder(package: str) -> Path | None:
    found = find_spec(package)
    return None if found is None or found.origin is None else Path(found.origin).parent


@lru_cache(1 << 13)
def _advance(run: str, face: Face, size: float) -> float:
    font = face.font
    font.set_size(size, DPI)
    font.set_text(run)
    return font.get_width_height()[0] / 64
