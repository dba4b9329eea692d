"""Texts as terms, and what is looked for in them."""

import time

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.stories.analyser import joined, terms
from bot.stories.queries import phrase
from tests.bot.stories.any_text import TEXTS

# Scripts of every kind, and characters that Unicode takes apart oddly.
CHARACTERS = st.text(
    "ab s'’\"*-_.,1½⑴ŉﷺﬁßéÉe\u0301ŁıİЙё他走吧。がか\u3099ｶﾞーバ"
    "한\u1112\u1161나ㅏ㈀น้ำอยู่ກ🎉👩\u200d🚀\u00ad\0\ufe0f"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The LANTERNS were lit", "the lantern be lit"),
        ("Dilys’s dog's, Dilys' dogs'", "dili dog dili dog"),
        ("He'll—don’t O’Brien d'Artagnan", "he ll don t o brien d artagnan"),
        ("café Cafés e\u0301 ŁÓDŹ Øre straße", "cafe cafe e lodz ore strass"),
        ("ran went wolves children's", "run go wolf child"),
        ("᧠ lamp", "lamp"),  # of a script without spaces, and no letter
        ("well-known_thing 3.14 ½", "well know thing 3 14 12"),
        ("lan\u00adtern ﬁre", "lantern fire"),
        ("наука Ёлка λόγος", "наука елка λογοσ"),
        ("שָׁלוֹם مُحَمَّد", "שלום محمد"),
        ("他说：「走吧！」", "他说 说 走吧 吧"),
        ("バケツがﾊﾞｹﾂ", "バケ ケツ ツが がバ バケ ケツ ツ"),
        ("か\u3099き", "がき き"),
        ("바다 가다", "바다 다 가다 다"),
        ("ที่นี่", "ที่นี่ นี่"),
        ("第3章", "第 3 章"),
        ("🎉 … “—” \0", ""),
        ("x" * 100, "x" * 64),
    ],
)
def test_terms(text: str, expected: str) -> None:
    assert joined(text) == expected


@pytest.mark.parametrize(
    ("said", "text", "where"),
    [
        ("lantern", "Two lanterns, one Lantern’s.", ["lanterns", "Lantern’s"]),
        ("old lantern", "old. Lantern old", ["old. Lantern"]),
        ("CAFE", "in the cafe\u0301s", ["cafe\u0301s"]),
        ("走", "走吧，快走", ["走", "走"]),
        ("0ﾞ", "0ﾞກ", ["0ﾞ"]),
        ("走吧", "他说走吧我", ["走吧"]),
        ("走吧我", "他说走吧我", ["走吧我"]),
        ("说 hello", "他说 hello 走", ["说 hello"]),
        ("hello 走", "他说 hello 走吧", ["hello 走"]),
        ("走吧 hello", "走吧 hello", ["走吧 hello"]),
        ("ハ", "バハ", ["ハ"]),
        ("น้ำ", "น้ำอยู่", ["น้ำ"]),
        ("the the", "the the the", ["the the", "the the"]),
    ],
)
def test_where_a_phrase_stands(said: str, text: str, where: list[str]) -> None:
    found = phrase(said)
    assert found is not None
    assert [text[start:end] for start, end in found.spans(terms(text))] == where
    assert found.count(joined(text)) > 0


@given(TEXTS | CHARACTERS)
def test_terms_are_letters_and_digits_alone(text: str) -> None:
    assert joined(text) == " ".join(term.text for term in terms(text))
    assert regex.fullmatch(r"[\p{L}\p{N}\p{M} ]*", joined(text))
    before = 0
    for term in terms(text):
        assert before <= term.start < term.first <= term.end <= len(text)
        assert term.text
        before = term.first


@given(TEXTS | CHARACTERS, st.data())
def test_any_piece_of_a_text_is_found_where_it_stands(text: str, data: st.DataObject) -> None:
    """Words whole; of a text without spaces any characters."""
    found = terms(text)
    if not found:
        return
    first = data.draw(st.integers(0, len(found) - 1))
    last = data.draw(st.integers(first, min(first + 8, len(found) - 1)))
    piece = text[found[first].start : found[last].first]
    said = phrase(piece)
    assert said is not None
    assert said.count(joined(text)) > 0
    assert (found[first].start, found[last].first) in set(said.spans(found))


def test_what_has_no_words_is_no_phrase() -> None:
    assert phrase("“—” 🎉") is None


@pytest.mark.parametrize("letter", ["a", "字"])
def test_any_number_of_accents_takes_a_moment(letter: str) -> None:
    text = letter + "\u0315\u0316" * 100_000
    began = time.thread_time()
    assert joined(text)[:1] == letter
    assert time.thread_time() - began < 1
