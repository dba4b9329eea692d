"""How questions are read, and what answers them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.answers import (
    HALVES,
    Answering,
    draft,
    ours,
    plain,
    plain_passages,
    questions,
    score,
)
from bot.companion.asked_files import ask
from bot.companion.asking import LENGTH, MOST
from bot.companion.kinds import kinds, numbered
from bot.companion.questions import LONGEST, named, parse
from bot.errors import BadInput
from bot.serials.imports import prepare
from bot.stories.model import Kind
from tests.bot.stories.any_text import TEXTS

OIL = """\
# The Lantern

An old note says that the anchor is in the front matter.

## Chapter 1: Oil

Everybody called Dilys the Owl. She kept the lantern in the *old* window.

“Who took the oil?” said Tobias.

“Nobody,” said the Owl. “It leaked.”

* * *

The ferry came on Thursdays because the tide allowed it.

## Chapter 2: Wick

The storm took the ferry, and eleven sheep.
"""


@pytest.mark.parametrize(
    ("asks", "words", "chapter"),
    [
        ("Who has the key?", ["key"], None),
        ("why did the Admiral leave", ["admir", "leav"], None),
        ("What's in the box, and who put it there?", ["box", "put"], None),
        ("what does Dilys’s boat carry in chapter 3?", ["dili", "boat", "carri"], 3),
        ("What happens in Chapter Two?", [], 2),
        ("which chapter has the storm", ["storm"], None),
        ("谁拿了钥匙", ["谁拿", "拿了", "了钥", "钥匙", "匙"], None),
    ],
)
def test_what_is_asked(asks: str, words: list[str], chapter: int | None) -> None:
    question = parse(asks)
    assert (list(question.words), question.chapter) == (words, chapter)


@pytest.mark.parametrize(
    ("asks", "sentence"),
    [
        ("", "Ask about somebody"),
        ("what is it?", "Ask about somebody"),
        ("?!", "Ask about somebody"),
        ("a" * (LONGEST + 1), "at most 150 characters"),
    ],
)
def test_a_question_that_asks_nothing_gets_a_sentence(asks: str, sentence: str) -> None:
    with pytest.raises(BadInput, match=sentence):
        parse(asks)


@pytest.mark.parametrize(
    ("paragraph", "asks", "also"),
    [
        ("By day Mr Tamm slept. They called him the Owl.", "Where is the Owl?", "tamm"),
        ("They met Yusuf, whom everybody calls Batter.", "what did yusuf eat", "batter"),
        ("Then Captain Ilse Marrow came.", "who is Marrow?", "ils"),
        ("It was Lucas Fenner and everyone called him Lucky.", "where is Lucky", "fenner"),
    ],
)
def test_names_are_known_by_what_else_those_are_called(
    paragraph: str, asks: str, also: str
) -> None:
    before = parse(asks)
    assert also not in before.terms
    after = named(before, [paragraph, f"At last it was {paragraph.split()[-1]}"])
    assert also in after.terms


def test_names_are_known_by_what_the_author_says() -> None:
    characters = [("the Admiral", "Beatrice Garrity", "Aunt Bea"), ("Dilys",)]
    admiral = named(parse("why did the admiral laugh"), [], characters).words["admir"]
    assert admiral.terms.keys() == {"admir", "beatric", "garriti", "aunt", "bea"}
    assert admiral.weight < 1


def test_a_word_that_is_no_name_is_left_as_it_is() -> None:
    question = parse("where is the lantern?")
    assert named(question, ["Lantern in hand, she went for the lantern."]) == question


@pytest.mark.parametrize(
    ("asks", "has", "has_not"),
    [
        ("Why did she leave?", "She left because it rained.", "She left it there."),
        ("When does it sail?", "It sails on Thursday morning.", "It sails well."),
        ("Where is it?", "It lay under the bed.", "It lay still."),
        ("Who took it?", "It was taken by Tobias.", "It was taken."),
        ("What colour was it?", "It was green.", "It was wet."),
        ("What is he called?", "They named him.", "They saw him."),
        ("How old is she?", "She is eleven.", "She is old."),
        ("What did he say?", "“No,” he said.", "He would not."),
    ],
)
def test_a_question_word_asks_for_a_kind_of_thing(asks: str, has: str, has_not: str) -> None:
    asked = kinds(asks)
    assert any(kind.search(has) for kind in asked)
    assert not any(kind.search(has_not) for kind in asked)


def test_what_is_counted_stands_with_its_number() -> None:
    counts = numbered("How many planks are there?")
    assert counts is not None
    assert counts("There were 2,112 of the boards.")
    assert not counts("Forty people stood there, and far away from all of them lay some planks.")
    assert numbered("Who counted the planks?") is None


@pytest.mark.parametrize(
    ("asks", "says"),
    [
        ("Where is the light kept?", "the lantern in the old window"),
        ("Why does the ferry come then?", "because the tide allowed it"),
        ("How many sheep were lost?", "eleven sheep"),
        ("what happens in chapter 2", "The storm took the ferry"),
        ("what came in chapter 1?", "The ferry came on Thursdays"),
        ("where does Dilys keep the lantern", "She kept the lantern"),
    ],
)
def test_the_best_passage_comes_first(asks: str, says: str) -> None:
    first = ask(prepare("oil.md", OIL.encode()), asks)["passages"][0]
    assert says in first["text"]


@pytest.mark.parametrize(
    "asks",
    ["Who is the king of Spain?", "where is the anchor", "oil in chapter 2", "sheep in chapter 7"],
)
def test_what_is_not_there_is_said_to_be_not_there(asks: str) -> None:
    assert ask(prepare("oil.md", OIL.encode()), asks) == {"passages": []}


def test_a_line_of_dialogue_comes_with_those_around_it_but_no_other_scene() -> None:
    (first, *_) = ask(prepare("oil.md", OIL.encode()), "Who took the oil?")["passages"]
    assert first == {
        "text": "Everybody called Dilys the Owl. She kept the lantern in the old window.\n\n"
        "“Who took the oil?” said Tobias.\n\n“Nobody,” said the Owl. “It leaked.”",
        "chapter": 1,
        "excerpt": 1,
    }


SOME_QUESTION = st.sampled_from(
    ["word", "sentence length", "who said go", "what happens in chapter 1", "字 mary", "xxx", "a b"]
)


@given(TEXTS, SOME_QUESTION)
def test_every_passage_is_the_storys_own_text_without_a_gap(text: str, asks: str) -> None:
    try:
        story = prepare("any.txt", text.encode(errors="ignore"))
        passages = ask(story, asks)["passages"]
    except BadInput:
        return
    chapters = [
        "\n\n".join(block.text for block in chapter.blocks) for chapter in story.manuscript.chapters
    ]
    assert len(passages) <= MOST
    for passage in passages:
        assert 0 < len(passage["text"]) <= LENGTH
        assert passage["text"] in chapters[passage["chapter"] - 1]
        before = sum(map(len, story.cuts[: passage["chapter"] - 1]))
        cuts = len(story.cuts[passage["chapter"] - 1])
        assert before < passage["excerpt"] <= before + cuts


def test_the_words_of_right_passages_stand_in_their_stories() -> None:
    found = questions()
    assert len([one for one in found if one.says]) >= 60
    assert len([one for one in found if not one.says]) >= 8
    for half in HALVES:
        assert sum(one.half == half for one in found) * 2 == len(found)
    for question in found:
        chapters = draft(question.story).manuscript.chapters
        prose = [
            block.text
            for chapter in chapters
            for block in chapter.blocks
            if block.kind is Kind.PROSE
        ]
        for said in question.says:
            assert any(said in text for text in prose), question


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("other", [plain, plain_passages])
def test_it_answers_better_than_plain_bm25(half: str, other: Answering) -> None:
    mine, theirs = score(ours, half), score(other, half)
    assert mine.first >= theirs.first + 0.1
    assert mine.among_three >= theirs.among_three + 0.1
    assert mine.reciprocal >= theirs.reciprocal + 0.1


@pytest.mark.parametrize("half", HALVES)
def test_most_that_is_not_told_is_declined_and_little_that_is(half: str) -> None:
    mine = score(ours, half)
    assert mine.declined >= 0.75
    assert mine.wrongly_declined <= 0.15
