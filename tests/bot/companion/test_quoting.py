"""What is trimmed or typed, found where the author put it."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.companion import quoting
from bot.companion.quoting import Piece
from bot.stories.model import Block, Kind, Position, Run, Style
from tests.bot.stories.any_text import TEXTS

END = Position(1_000_000, 0)


def passage(*paragraphs: str) -> list[Piece]:
    return [Piece(Position(7 + n, 0), (Run(text),)) for n, text in enumerate(paragraphs)]


def text_between(blocks: list[tuple[int, Block]], start: Position, end: Position) -> str:
    return quoting.plain(quoting.pieces(blocks, start, end))


def letters(text: str) -> str:
    """What has to be the same: neither white space, nor what is invisible, nor which quotation
    marks are used."""
    one = str.maketrans("“”„‟«»＂‘’‚‛‹›＇", '"' * 7 + "'" * 7)
    seen = (char for char in text if not (char.isspace() or unicodedata.category(char) == "Cf"))
    return "".join(seen).translate(one)


PARAGRAPHS = st.lists(st.tuples(st.sampled_from(Kind), TEXTS), min_size=1, max_size=6)


@given(PARAGRAPHS, st.data())
def test_any_trimmed_slice_is_found_and_shown_to_the_letter(
    paragraphs: list[tuple[Kind, str]], data: st.DataObject
) -> None:
    blocks = [(n, Block(kind, (Run(text),), text)) for n, (kind, text) in enumerate(paragraphs, 3)]
    start = Position(3, data.draw(st.integers(0, len(blocks[0][1].text))))
    end = Position(2 + len(blocks), data.draw(st.integers(0, len(blocks[-1][1].text))))
    page = quoting.pieces(blocks, start, end)
    shown = quoting.plain(page)
    first = data.draw(st.integers(0, len(shown)))
    trimmed = shown[first : data.draw(st.integers(first, len(shown)))]
    found = quoting.find(page, trimmed)
    if not letters(trimmed):
        assert found is None
        return
    assert found is not None
    assert start <= found[0] < found[1] <= end
    told = text_between(blocks, *found)
    assert letters(told) == letters(trimmed)
    assert told in shown
    if letters(shown).find(letters(trimmed)) == letters(shown).rfind(letters(trimmed)):
        assert letters(text_between(blocks, start, found[0])) == letters(shown[:first])


FOUND = {
    "to the letter": ("the lamp was out", "the lamp was out"),
    "typed quotation marks": ('"Go!" he said', "“Go!” he said"),
    "typed apostrophes": ("didn't", "didn’t"),
    "other white space": ("the  lamp\nwas out", "the lamp was out"),
    "across paragraphs": ("out.\n“Go!”", "out.\n\n“Go!”"),
    "copied as Markdown": ("He *didn't* go \\*at\\* all", "He didn’t go *at* all"),
}


@pytest.mark.parametrize(("typed", "shown"), FOUND.values(), ids=FOUND)
def test_what_is_found(typed: str, shown: str) -> None:
    page = passage("Look: the lamp was out.", "“Go!” he said. He didn’t go *at* all.")
    found = quoting.find(page, typed)
    assert found is not None
    blocks = [(one.at.ordinal, Block(Kind.PROSE, one.runs, one.text)) for one in page]
    assert text_between(blocks, *found) == shown


@pytest.mark.parametrize(
    "typed", ["The lamp was out", "the lamp is out", "out. He", "", " \n ", "**", "\u200b"]
)
def test_what_is_not_found(typed: str) -> None:
    page = passage("Look: the lamp was out.", "“Go!” he said. He didn’t go *at* all.")
    assert quoting.find(page, typed) is None


def test_the_first_of_several_places() -> None:
    page = passage("no no no")
    assert quoting.find(page, "no") == (Position(7, 0), Position(7, 2))


def test_headings_and_notes_are_not_of_the_text() -> None:
    kinds = [Kind.HEADING, Kind.NOTE, Kind.PROSE, Kind.BREAK, Kind.WARNING, Kind.PROSE]
    blocks = [(n, Block(kind, (Run(kind.value),), kind.value)) for n, kind in enumerate(kinds)]
    assert text_between(blocks, Position(0, 0), END) == "prose\n\nbreak\n\nprose"


def test_a_passage_keeps_its_styles() -> None:
    block = Block(Kind.PROSE, (Run("He "), Run("ran", Style.ITALIC), Run(" away")), "")
    (piece,) = quoting.pieces([(0, block)], Position(0, 1), Position(0, 8))
    assert piece.runs == (Run("e "), Run("ran", Style.ITALIC), Run(" a"))


HOLDS = [("the LAMP", True), ("lamps", False), ("“go!”", True), ('"go!"', True), ("lamp go", False)]


@pytest.mark.parametrize(("words", "expected"), HOLDS)
def test_whether_words_stand_in_it(words: str, expected: bool) -> None:
    assert quoting.holds("The lamp. “Go!”", words) is expected


NAMES = [
    ("Anna saw Mr. Ames", "anna", True),
    ("Annabel saw Mr. Ames", "anna", False),
    ("Anna's hat", "Anna", True),
    ("Anna saw Mr. Ames", "Mr.", True),
    ("Anna saw Mr. Ames", "Ames", True),
    ("Éloïse", "Éloïse", True),
    ("李明说：走吧", "李明", True),
    ("민수가 왔다", "민수", True),
    ("a+ b", "a+", True),
]


@pytest.mark.parametrize(("text", "name", "expected"), NAMES)
def test_whether_somebody_is_named_in_it(text: str, name: str, expected: bool) -> None:
    assert quoting.names(text, name) is expected
