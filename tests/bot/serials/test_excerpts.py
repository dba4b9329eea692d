import json
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.serials import borders, excerpts
from bot.serials.borders import Cost
from bot.serials.excerpts import DEFAULT_WORDS, cut
from bot.serials.imports import prepare
from bot.serials.inspect import inspect
from bot.stories.formats.text import parse
from bot.stories.model import Block, Kind, Run, Style
from tests.bot.serials.cutting import assert_cut_well
from tests.bot.stories.any_text import TEXTS

REAL = Path(__file__).parents[4] / "shared/stories/000_b3064dc425a8a052.txt"


def prose(*paragraphs: str) -> list[Block]:
    return [Block(Kind.PROSE, (Run(text),), text + "\n\n") for text in paragraphs]


# Paragraphs that no page holds.
LONG = st.lists(
    st.sampled_from(
        [
            "He went on, past the inn, and over the hill, and down to the sea, where he stayed for "
            "a while, as one may, and came back.",
            "“Go! Now, I mean,” he said.",
            "Well... it cost 3.50, Mr. Hale said; nobody but Ann believed him.",
            "He *never* did. She (who knew?) did.",
        ]
    ),
    min_size=40,
).map(" ".join)


def texts(blocks: list[Block], words: int = DEFAULT_WORDS) -> list[str]:
    return [excerpts.text(blocks, one.start, one.end) for one in cut(blocks, words)]


@given(TEXTS | LONG, st.sampled_from([1, 50, DEFAULT_WORDS, 301, 700, 2000]), st.booleans())
def test_any_text_is_cut_whole_and_within_limits(text: str, words: int, markdown: bool) -> None:
    for chapter in parse(text, markdown=markdown).chapters:
        assert_cut_well(chapter.blocks, words)


def sentence(words: int, first: str = "He") -> str:
    return f"{first} {'went ' * (words - 2)}on."


def paragraph(words: int) -> str:
    """Of sentences of ten words."""
    return " ".join([sentence(10)] * (words // 10))


BREAK = Block(Kind.BREAK, (Run("* * *"),), "* * *\n\n")
NOTE = Block(Kind.NOTE, (Run("A/N: hi"),), "A/N: hi\n\n")
HEADING = Block(Kind.HEADING, (Run("Chapter 1"),), "Chapter 1\n\n")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He came. She left.", ["He came.", "She left."]),
        ("He came... She left? Yes! Now.", ["He came... She left?", "Yes!", "Now."]),
        (
            "Mr. Hale met Dr. J. R. Roe. St. Ives slept.",
            ["Mr. Hale met Dr. J. R. Roe.", "St. Ives slept."],
        ),
        ("See No. 5 on p. 7. Go.", ["See No. 5 on p. 7.", "Go."]),
        ("“Go!” he said. “Now.” Mary ran.", ["“Go!” he said.", "“Now.” Mary ran."]),
        ("“Go!” Mary said. She ran.", ["“Go!” Mary said.", "She ran."]),
        ('"Go." "No." He sat.', ['"Go."', '"No." He sat.']),
        ("‘Go!’ said he. ‘Why?’ Ann asked.", ["‘Go!’ said he.", "‘Why?’ Ann asked."]),
        ("“Go! Run!” he said.", ["“Go!", "Run!” he said."]),
        (
            "He ran (she did not. Why?). Then he fell.",
            ["He ran (she did not.", "Why?).", "Then he fell."],
        ),
        ("It cost 3.50 at 5 p.m. daily. Ha.", ["It cost 3.50 at 5 p.m. daily.", "Ha."]),
        (
            "他走了。她说：「走吧！」他不走。「不！」「好。」",
            ["他走了。", "她说：「走吧！」他不走。", "「不！」", "「好。」"],
        ),
        ("... And then", ["... And then"]),
        ("No end", ["No end"]),
        ("End. ”", ["End. ”"]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    """Where every sentence is long enough to be an excerpt, that is where it is cut."""
    stops = [offset for offset, cost in borders.sentences(text) if cost < Cost.JOINED]
    assert [text[a:b].strip() for a, b in pairwise([0, *stops, len(text)])] == expected


@pytest.mark.parametrize(
    ("before", "after", "cost"),
    [
        ("He left.", "She stayed.", Cost.PARAGRAPH),
        ("“Go,” he said.", "She stayed.", Cost.PARAGRAPH),
        ("“Go,” he said.", "“No,” she said.", Cost.EXCHANGE),
        ("'Go,' he said.", "'No,' she said.", Cost.EXCHANGE),
        ("— Va.", "— Non.", Cost.EXCHANGE),
        ("He sat. “Go.” He rose.", "She rose. “No.”", Cost.BEAT),
        ("Three days later", "She came.", Cost.SPEECH),
        ("“I know,”", "She said it softly.", Cost.JOINED),
        ("“Go!”", "he said.", Cost.JOINED),
        ("He wrote:", "Dear Ann.", Cost.JOINED),
    ],
)
def test_between_paragraphs(before: str, after: str, cost: Cost) -> None:
    assert borders.between(before, after, gap=False) is cost
    with_gap = borders.between(before, after, gap=True)
    assert with_gap is (Cost.GAP if cost < Cost.SENTENCE else cost)


def test_a_line_that_heads_a_scene_begins_it() -> None:
    assert borders.between("He left.", "Three days later", gap=False) is Cost.GAP


def test_headings_and_notes_are_in_no_excerpt() -> None:
    blocks = [HEADING, NOTE, BREAK, *prose("One."), NOTE, *prose("Two."), BREAK, NOTE]
    assert texts(blocks) == ["One.\n\nTwo."]
    assert texts([HEADING, NOTE, BREAK]) == []


def test_scene_ends_come_first_and_keep_their_line() -> None:
    scenes = [*prose(paragraph(100), paragraph(100)), BREAK, *prose(*[paragraph(100)] * 3)]
    assert [text.endswith("\\* \\* \\*") for text in texts(scenes)] == [True, False]


def test_paragraphs_stay_whole_where_they_can() -> None:
    blocks = prose(*[paragraph(110)] * 8)
    assert all(one.start.offset == 0 for one in cut(blocks))


def test_an_exchange_stays_whole_where_it_can() -> None:
    talk = ["“Go,” he said. " + paragraph(28), "“No,” she said. " + paragraph(28)] * 3
    blocks = prose(paragraph(100), paragraph(80), *talk, paragraph(100), paragraph(100))
    found = cut(blocks)
    assert not {one.start.block for one in found} & set(range(3, 8))
    assert len(found) > 1


def test_no_tiny_excerpt_is_left_over() -> None:
    for words in range(310, 1000, 70):
        sizes = [one.words for one in cut(prose(*[sentence(10)] * (words // 10)))]
        assert min(sizes) > 0.6 * max(sizes)


def test_a_line_of_dialogue_stays_with_its_tag() -> None:
    line = f"“{paragraph(140)} Stop!” Mary said."
    for lead in range(10, 300, 10):
        for text in texts(prose(f"{paragraph(lead)} {line} {paragraph(200)}")):
            assert text.count("Stop!”") == text.count("Mary said.")


def test_a_sentence_without_end_is_cut_at_clauses_then_at_words() -> None:
    (first, *_) = texts(prose("and on, " * 600))
    assert first.endswith("and on,")
    (first, *_) = texts(prose("andon " * 600))
    assert first.endswith("andon")
    assert len(texts(prose("x" * 5000))) == 3


def test_a_longer_excerpt_has_pages() -> None:
    blocks = prose(*[paragraph(100)] * 30)
    for one in cut(blocks, 900):
        assert 700 < one.words < 1100
        assert len(one.pages) in (3, 4)
        assert all(place.offset == 0 for place in one.pages)


def test_emphasis_is_closed_where_a_page_ends() -> None:
    blocks = [Block(Kind.PROSE, (Run(paragraph(500), Style.ITALIC),), "")]
    assert all(text.count("*") == 2 and text[0] == text[-1] == "*" for text in texts(blocks))


def test_a_novel_in_one_chapter_is_cut_in_time() -> None:
    """Its length must not matter but in proportion: 200,000 words take about a second."""
    blocks = prose(*[paragraph(80)] * 250)
    started = time.process_time()
    assert sum(one.words for one in cut(blocks)) == 20_000
    assert time.process_time() - started < 2


@pytest.mark.skipif(
    not REAL.exists(), reason="the fan author's chapter stands beside the repository"
)
def test_a_fan_authors_chapter() -> None:
    view = inspect(prepare(REAL.name, REAL.read_bytes()))
    assert [(part["n"], part["chapter"]) for part in view["excerpts"]] == [
        (n, 1) for n in range(1, 7)
    ]
    assert view["chapters"] == [{"title": None, "words": view["words"], "excerpts": 6}]
    assert sum(part["words"] for part in view["excerpts"]) == view["words"]
    assert len(view["front_matter"]) == 3
    assert [part["text"].split()[-3:] for part in view["excerpts"]] == [
        ["slip", "away", "again."],
        ["mantra", "of", "IantoIantoIanto."],
        ["they", "couldn't", "exist?"],
        ["in", "his", "voice."],  # an exchange of 600 words must be cut; here both pause
        ["to", "show", 'you."'],
        ['"Nowhere', "in", 'particular."'],  # the flashback stays whole
    ]
    assert json.loads(json.dumps(view)) == view
