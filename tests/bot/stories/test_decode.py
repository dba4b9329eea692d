import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadFile
from bot.stories.decode import decode

STORY = "“It’s late,” she said — naïvely.\r\nHe left…\n"


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (STORY.encode(), "utf-8"),
        (STORY.encode("utf-8-sig"), "utf-8"),
        (b"\xff\xfe" + STORY.encode("utf-16-le"), "utf-16-le"),
        (b"\xfe\xff" + STORY.encode("utf-16-be"), "utf-16-be"),
        (STORY.encode("utf-16-le"), "utf-16-le"),
        (STORY.encode("utf-16-be"), "utf-16-be"),
        (STORY.encode("utf-32"), "utf-32-le"),
        (STORY.encode("cp1252"), "cp1252"),
    ],
)
def test_quotes_and_accents_survive(data: bytes, encoding: str) -> None:
    assert decode(data) == (STORY, encoding)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        bytes(range(256)) * 20,
        b"story\0story",
        b"\x01\x02\x03\x04 abc",
        b"broken utf-8: \xe2\x80\x9d \x81",
        b"\xff\xfeodd",
    ],
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(BadFile, match=r"save .* as"):
        decode(data)


def test_a_stray_control_character_is_kept() -> None:
    text = "Page one.\x0cPage two.\x1a" + "More. " * 50
    assert decode(text.encode())[0] == text


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"])))
def test_utf_8_is_read_to_the_letter(text: str) -> None:
    assert decode(b"\xef\xbb\xbf" + text.encode())[0] == text


@given(st.binary())
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text, _ = decode(data)
    except BadFile:
        return
    assert "\0" not in text
