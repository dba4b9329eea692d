import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.companion.binding import FROM_START, UNBOUND, Bound, Text
from bot.errors import BadInput
from bot.stories.model import Position
from bot.stories.service import Paragraph

TEXT = Text(
    [
        Paragraph(11, 1, "It rained on Edda."),
        Paragraph(12, 2, "“You’re  the Owl,” said\nTobias."),
        Paragraph(15, 5, "It rained again, and the Owl laughed."),
    ],
    [Position(2, 12), Position(2, 31), Position(6, 3)],
)


@pytest.mark.parametrize(
    ("said", "bound"),
    [
        (None, UNBOUND),
        ("  ", UNBOUND),
        ("Start", Bound(FROM_START)),
        ("from the start", Bound(FROM_START)),
        ("part 1", Bound(None, 12, 12)),
        ("2", Bound(None, 12, 31)),
        ("part 3", Bound(None, 15, 37)),
        ("You're the Owl", Bound("You're the Owl", 12, 16)),
        ('"You\'re the Owl," said Tobias.', Bound("You're the Owl,\" said Tobias.", 12, 31)),
        ("rained again", Bound("rained again", 15, 15)),
    ],
)
def test_what_an_author_says_is_a_place(said: str | None, bound: Bound) -> None:
    assert TEXT.bound(said) == bound


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("It rained", "2 times"),
        ("you’re the owl", "I don't find"),  # case as written
        ("Edda. “You’re", "I don't find"),  # two paragraphs
        ("part 4", "the story has 3"),
        ("0", "no part 0"),
        (".*", "I don't find"),
        ("x" * 301, "a few words"),
    ],
)
def test_what_is_no_place_is_said(said: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        TEXT.bound(said)


def test_a_place_is_known_with_the_part_that_tells_it() -> None:
    assert TEXT.part(Position(0, 0)) == 0
    assert [TEXT.part(Position(2, offset)) for offset in (0, 12, 13, 31)] == [1, 1, 2, 2]
    assert TEXT.part(Position(5, 1)) == 3


def test_names_have_first_places() -> None:
    assert [one.id for one in TEXT.places("the Owl")] == [12, 15]
    assert TEXT.firsts(["Edda", "Nobody"]) == {"Edda": Position(1, 17)}
    assert TEXT.firsts(["Edda", "the Owl"], after=2) == {"the Owl": Position(5, 28)}
    pairs = [("Edda", "Tobias"), ("Edda", "Nobody")]
    assert TEXT.both(pairs) == [Bound(None, 12, 31), UNBOUND]


@given(
    st.lists(st.text(st.sampled_from("ab \n\t'’“"), max_size=12), max_size=4),
    st.text(st.sampled_from("ab '"), min_size=1, max_size=5).filter(
        lambda said: "a" in said or "b" in said
    ),
)
def test_a_quotation_ends_where_its_last_word_does(texts: list[str], said: str) -> None:
    words = [word.replace("'", "['’]") for word in said.split()]
    pattern = re.compile(r"\s+".join(words))
    there = [(n, match.end()) for n, text in enumerate(texts) for match in pattern.finditer(text)]
    story = Text([Paragraph(n + 10, n, text) for n, text in enumerate(texts)], [])
    if len(there) == 1:
        ((n, end),) = there
        assert story.bound(said) == Bound(said.strip(), n + 10, end)
    else:
        with pytest.raises(BadInput):
            story.bound(said)


def test_a_thousand_quotations_from_a_long_story_take_a_moment() -> None:
    paragraphs = [Paragraph(n, n, f"It rained, as it had on day {n}. " * 10) for n in range(4_000)]
    story = Text(paragraphs, [])
    began = time.thread_time()
    for n in range(1_000):
        with pytest.raises(BadInput):
            story.bound(f"It rained, as it had on day {n}. Then it was dry")
    assert time.thread_time() - began < 5
