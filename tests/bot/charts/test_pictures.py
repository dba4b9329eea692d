"""Pictures of what is shortest, longest, nothing, negative and written in any script."""

import asyncio
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby
from time import perf_counter

import pytest
from PIL import Image

from bot.charts import pictures, style
from bot.charts.data import Bars, Calendar, Certificate, Cumulative, Data, Thermometer
from bot.charts.pictures import MOST_WAITING, Pictures

LIMIT = 2.0  # seconds, on a machine busy with other tests; `make bench` has the true figures
TALLEST = 1.5  # widths

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
LONG = "Wolfeschlegelsteinhausenbergerdorff"
NAMES = (
    "x",
    LONG * 3,
    "李明 さくら 민수",
    "🎉👍🏽👩‍👩‍👧❤️" * 9,
    "مرحبا بكم في كل مكان",
    "नमस्ते สวัสดี",
)
MONTHS: tuple[tuple[int | None, ...], ...] = (
    (None,) * 28,
    (350, *[None] * 30),
    tuple(range(1, 31)),
    (-10_000_000, -40, 0, 99_999, 10_000_000, *[None] * 26),
)
WAYS = ((0,), (1900,), (-2000, 500, -3000), (1700,) * 30, (9000,) * 12)
LINES = tuple((number + 1, name, 10**7 - number) for number, name in enumerate(NAMES * 4))
NOVEMBER = Certificate("November", "Mara", "words", 50_123, 50_000, FIRST, LAST, 28)


def hard_cases() -> Iterator[Data]:
    for name in NAMES:
        yield replace(NOVEMBER, title=name, name=name)
    yield replace(NOVEMBER, written=-5, days=0)
    for amounts in MONTHS:
        yield Calendar(NAMES[len(amounts) % 6], "words", date(2026, 8, 3), amounts)
    pars = tuple(-(-50_000 * (day + 1) // 30) for day in range(30))
    for way in WAYS:
        yield Cumulative(NAMES[len(way) % 6], "words", 50_000, FIRST, way, pars)
    yield Cumulative("x", "pages", 1, FIRST, (0,), (1,))
    yield Cumulative(LONG * 3, "words", 10**7, FIRST, (500,) * 900, tuple(range(1, 1201)))
    for lines in (LINES, LINES[:15], LINES[:1], ((1, "x", 0), (1, "y", -40)), ()):
        yield Bars(LONG * 3, "words", lines)
    for written, goal, par in ((0, 0, 0), (-9, 50, 50), (60, 50, 1), (12 * 10**7, 12 * 10**7, 9)):
        yield Thermometer(LONG * 3, "words", written, goal, par, 15, 30)


@pytest.fixture(scope="module")
def drawn() -> dict[Data, tuple[bytes, float]]:
    """Each with the seconds that it took."""
    pictures._draw(NOVEMBER)
    found: dict[Data, tuple[bytes, float]] = {}
    for data in hard_cases():
        began = perf_counter()
        png = pictures._draw(data)
        found[data] = png, perf_counter() - began
    return found


def test_every_case_is_a_picture_in_time(drawn: dict[Data, tuple[bytes, float]]) -> None:
    for data, (png, taken) in drawn.items():
        image = Image.open(io.BytesIO(png)).convert("RGB")
        assert (image.format, image.width) == (None, style.WIDTH)
        assert image.height < TALLEST * image.width, data
        assert taken < LIMIT, data
        for left in (0, image.width - 16):
            edge = image.crop((left, 0, left + 16, image.height)).getcolors()
            assert edge == [(16 * image.height, (0x1E, 0x1F, 0x22))], data


@pytest.mark.parametrize("text", ["x", LONG * 3, *NAMES[2:]])
def test_what_is_cut_fits(text: str) -> None:
    whole = style.width(text) * 40
    assert style.cut(text, 40, whole + 1) == text
    for room in (1, whole / 2, whole - 1):
        short = style.cut(text, 40, room)
        assert short.endswith("…")
        assert style.width(short) * 40 <= max(room, style.width("…") * 40)
        assert text.startswith(short[:-1])


@pytest.mark.parametrize(
    ("number", "short"),
    [
        (0, "0"), (-40, "-40"), (99_999, "99,999"), (-9999, "-9,999"), (-12_345, "-12k"),
        (100_000, "100k"), (999_499, "999k"), (999_500, "1M"), (2_540_000, "2.5M"),
        (-10_000_000, "-10M"), (99_960_000, "100M"), (120_000_000, "120M"),
    ],
)  # fmt: skip
def test_long_numbers_are_short(number: int, short: str) -> None:
    assert style.short(number) == short


@pytest.mark.parametrize(
    "name", ["שרה Mara", "מׇרׇה Mara", "محمد Ali", "שרה 🌙", "שרה 2", "2 שרה Mara", "Mara שרה"]
)
def test_names_that_run_from_right_to_left_keep_their_spaces(name: str) -> None:
    """Between two words stands as much background as a space is wide, and none before the first."""
    figure = style.canvas(100)
    style.put(figure, 20, 40, name, 40, style.TEXT)
    image = Image.open(io.BytesIO(style.png(figure))).convert("L")
    background = image.getpixel((0, 0))
    inked = [
        any(image.getpixel((x, y)) != background for y in range(image.height))
        for x in range(image.width)
    ]
    first, last = inked.index(True), len(inked) - 1 - inked[::-1].index(True)
    gaps = [len(list(group)) for is_ink, group in groupby(inked[first:last]) if not is_ink]
    assert first < 20 + 5
    assert sum(gap >= 8 for gap in gaps) == name.count(" ")


async def test_what_is_asked_for_at_once_is_drawn_once() -> None:
    desk = Pictures()
    first, *others = await asyncio.gather(*(desk.of(NOVEMBER) for _ in range(MOST_WAITING)))
    assert first is not None
    assert all(png is first for png in [*others, await desk.of(replace(NOVEMBER))])
    assert await desk.of(replace(NOVEMBER, written=50_124)) != first


async def test_whoever_would_wait_too_long_goes_without() -> None:
    desk = Pictures()
    found = await asyncio.gather(
        *(desk.of(replace(NOVEMBER, days=days)) for days in range(MOST_WAITING + 2))
    )
    assert [png is None for png in found] == [False] * MOST_WAITING + [True] * 2
    assert await desk.of(NOVEMBER) is not None


async def test_what_cannot_be_drawn_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert await Pictures().of(Cumulative("x", "words", 1, FIRST, (), ())) is None  # without a day
    assert "The picture of a Cumulative could not be drawn" in caplog.text
