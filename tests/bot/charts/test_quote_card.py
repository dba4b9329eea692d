"""Pictures of quotes: every script without boxes, nothing over the edge."""

import io
import subprocess
import sys

import pytest
from PIL import Image

from bot.charts import lines, quote_card, style
from bot.charts.data import QuoteCard, Span
from tests.conftest import ROOT

NAMES = [
    "Ottoline",
    "李明",
    "さくら",
    "민수",
    "Łukasz",
    "Ελένη",
    "Тобиас",
    "مرحبا",
    "नमस्ते",
    "สวัสดี",
    "🎉👍🏽👩‍👩‍👧❤️",
    "★ → ½",
]


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB")


def edge_is_empty(card: Image.Image) -> bool:
    right = card.crop((card.width - 20, 0, card.width, card.height))
    return right.getcolors() == [(20 * card.height, (0x1E, 0x1F, 0x22))]


@pytest.mark.parametrize("italic", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_a_font_shows_every_character_of_a_name(name: str, italic: bool) -> None:
    told = list(style.runs(name, italic))
    assert "".join(run for run, _ in told).replace("\ufe0f", "") == name.replace("\ufe0f", "")
    assert all(face.has(char) for run, face in told for char in run)


def test_what_no_font_shows_is_left_out() -> None:
    assert [run for run, _ in style.runs("a\U0001fffdb\n", False)] == ["ab"]
    assert list(style.runs("\U0001fffd", False)) == []


def test_nothing_is_loaded_before_the_first_picture() -> None:
    code = "import sys, bot.app, cogs.story, cogs.setup; sys.exit('matplotlib' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_without_the_fonts_there_is_a_plain_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "_folder", lambda package: None)
    (plain,) = style.faces.__wrapped__(False)
    assert plain.has("é")


@pytest.mark.parametrize(
    "text",
    [
        "Go.",
        "It went plank by plank, on Tuesdays, at low tide, for $5 and $6. " * 7,
        "x" * 500,
        "他说走吧我不知道" * 60,
        "W" * 40 + " " + "MW " * 100,
        "\n".join("abc" for _ in range(30)),
    ],
)
def test_a_card_holds_its_text_at_any_length(text: str) -> None:
    card = picture(
        quote_card.draw(QuoteCard((((text, False),),), text[:120], f"{text[:60]} · quote 1"))
    )
    assert card.width == style.WIDTH
    assert card.height < 3 * style.WIDTH
    assert edge_is_empty(card)


def test_emphasis_is_seen() -> None:
    plain, slanted = (
        quote_card.draw(QuoteCard(((("She ran.", italic),),), "Oil", "Mara"))
        for italic in (False, True)
    )
    assert plain != slanted


ROOM = 300.0


def wrapped(*spans: Span) -> list[str]:
    return ["".join(text for text, _ in line) for line in lines.wrap(spans, 40, ROOM)]


def test_lines_break_between_words() -> None:
    assert wrapped(("one two three four five", False)) == ["one two three ", "four five"]
    assert wrapped(("one\ntwo", False)) == ["one", "two"]


def test_a_line_of_chinese_does_not_begin_with_a_full_stop() -> None:
    found = wrapped(("他说走吧我不。知道", False))
    assert len(found) == 2
    assert "".join(found) == "他说走吧我不。知道"
    assert not found[1].startswith("。")


def test_a_word_is_whole_across_styles() -> None:
    found = wrapped(("one two un", False), ("believ", True), ("able", False))
    assert found == ["one two ", "unbelievable"]
