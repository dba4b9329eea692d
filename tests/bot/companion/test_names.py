from pathlib import Path
from time import process_time, thread_time

import pytest

from bot.companion.mentions import find
from bot.companion.names import core, propose
from bot.serials.imports import prepare
from bot.stories.model import Kind
from tests.bot.serials.making import SAMPLE
from tests.conftest import SHARED

# Who is named in the sample story, each by their names there.
SAMPLE_PEOPLE = [
    {"the Admiral", "Beatrice", "Bea", "Miss Garrity"},
    {"Change", "Dilys", "Dilys Garrity", "Dil"},
    {"the Owl", "Mr Tamm"},
    {"Clipboard", "Councillor Peake", "Councillor Desmond Peake", "Desmond Peake", "Desmond"},
    {"Batter", "Yusuf"},
    {"Granddad", "Sidney", "Sid", "Sparks"},
    {"Lucky", "Lucky Fenner", "Lucas Fenner"},
    {"Malik", "Mrs Malik"},
    {"Mum"},
]

LETTERS = str.maketrans("0123456789", "ghijklmnop")


def prose(path: Path) -> list[str]:
    manuscript = prepare(path.name, path.read_bytes()).manuscript
    blocks = (block for chapter in manuscript.chapters for block in chapter.blocks)
    return [block.text for block in blocks if block.kind is Kind.PROSE]


def proposed(*paragraphs: str) -> dict[str, tuple[str, ...]]:
    return {one.name: one.others for one in propose(paragraphs)}


def test_the_sample_storys_people_are_found_and_little_else() -> None:
    found = propose(prose(SAMPLE))
    names = {name for one in found for name in (one.name, *one.others)}
    people = set().union(*SAMPLE_PEOPLE)
    assert all(names & theirs for theirs in SAMPLE_PEOPLE)
    assert len(names & people) >= 0.85 * len(names)  # precision: 24 of 26
    assert len(names & people) >= 0.85 * len(people)  # recall: 24 of 27
    assert [one.name for one in found[:4]] == ["the Admiral", "Batter", "the Owl", "Granddad"]


def test_what_is_proposed_is_found_in_the_text_again() -> None:
    paragraphs = [
        *prose(SAMPLE),
        "So Mr. Quill’s dog saw Mrs.  Quill and Ana de la\nCruz, he said.",
    ]
    for one in propose(paragraphs):
        names = [one.name, *one.others]
        assert all(find(names, enumerate(paragraphs))), names


def test_a_story_from_elsewhere_gives_its_main_characters_first() -> None:
    path = SHARED / "stories" / "000_b3064dc425a8a052.txt"
    if not path.exists():
        pytest.skip("the shared stories are not beside this checkout")
    found = propose(prose(path))
    assert [one.name for one in found[:3]] == ["Jack", "Ianto", "the Doctor"]
    assert not {"TARDIS", "Cardiff", "Torchwood", "Millennium"} & {one.name for one in found}


def test_a_novel_takes_well_under_a_second() -> None:
    text = prose(SAMPLE)
    novel = text * (120_000 // sum(len(one.split()) for one in text) + 1)
    before = process_time()
    propose(novel)
    assert process_time() - before < 2  # measured: 0.3; machines of tests are slow


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("“Where to, Tobias?” said the boy.", "Tobias"),
        ("“Tobias!” she cried. The dog saw Tobias first.", "Tobias"),
        ("Then Mrs Garrity laughed.", "Mrs Garrity"),
        ("Then Mr. Peake laughed. He did.", "Mr. Peake"),
        ("A gull cried. “No,” said the Admiral.", "the Admiral"),
        ("It was Great-aunt Beatrice who asked.", "Great-aunt Beatrice"),
        ("“I will,” said Ana de la Cruz.", "Ana de la Cruz"),
        ("That is Edda’s lamp, and Edda lit it.", "Edda"),
        ("He looked at Jean-Luc. Then Jean-Luc smiled.", "Jean-Luc"),
    ],
)
def test_names_are_found_by_what_stands_around_them(text: str, name: str) -> None:
    assert name in proposed(text)


@pytest.mark.parametrize(
    "text",
    [
        "Suddenly it rained. Suddenly it stopped.",  # only begins sentences
        "They went to Paris. He lived in Paris, near Lyon.",
        "“See you on Monday,” he said, in March.",
        "He read the SIGN. STOP, it said.",
        "I’d gone. But I’d come back, and I’ll stay.",
        "The hero asked the Foreshore Committee for Station Street.",
        "She saw a rose, the rose, another rose; only once a Rose said no.",
    ],
)
def test_other_words_with_capitals_are_not(text: str) -> None:
    assert proposed(text) == {}


def test_forms_of_one_name_are_one_proposal() -> None:
    text = "Then Tobias Quill laughed. “Well, Tobias?” said Tobias. “Yes,” said old Tobias."
    assert proposed(text) == {"Tobias": ("Tobias Quill",)}
    two = f"{text} “Me too,” said Tobias Peake."
    assert proposed(two).keys() == {"Tobias", "Tobias Quill", "Tobias Peake"}
    titled = "“Hm,” said the Doctor. “Yes, Doctor,” she said. So the Doctor went."
    assert proposed(titled) == {"the Doctor": ("Doctor",)}
    relatives = "“Hm,” said Dilys Garrity. “Hm,” said Miss Garrity."
    assert proposed(relatives).keys() == {"Dilys Garrity", "Miss Garrity"}


def test_a_names_core_is_without_titles() -> None:
    assert core("Councillor Desmond Peake") == "Desmond Peake"
    assert core("the Admiral") == "Admiral"
    assert core("Mrs") == "Mrs"


@pytest.mark.parametrize(
    "paragraph",
    [
        "Mr " * 50_000,
        "of Mara " * 20_000,
        " ".join(
            f"said Zed{chr(97 + n % 26)}{n % 9_000:x}".translate(LETTERS) for n in range(20_000)
        ),
        "Mara, " * 20_000,
    ],
)
def test_a_story_that_was_made_to_take_long_takes_a_moment(paragraph: str) -> None:
    began = thread_time()
    propose([paragraph])
    assert thread_time() - began < 4
