from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.stories.formats.text import parse
from bot.stories.model import Block, Kind, Manuscript
from tests.bot.stories.any_text import TEXTS

REAL = Path(__file__).parents[5] / "shared/stories/000_b3064dc425a8a052.txt"

SIGNS = {Kind.HEADING: "#", Kind.PROSE: "", Kind.BREAK: "-", Kind.NOTE: "n"}


def shape(blocks: tuple[Block, ...]) -> list[str]:
    return [f"{SIGNS[block.kind]} {block.text}".strip() for block in blocks]


def chapters(text: str, *, markdown: bool = False) -> list[tuple[str | None, list[str]]]:
    return [(c.title, shape(c.blocks)) for c in parse(text, markdown=markdown).chapters]


def prose(text: str) -> list[str]:
    return [b.text for b in parse(text, markdown=False).blocks if b.kind is Kind.PROSE]


@given(TEXTS, st.booleans())
def test_the_sources_are_the_text(text: str, markdown: bool) -> None:
    manuscript = parse(text, markdown=markdown)
    assume(manuscript.blocks)
    assert "".join(block.source for block in manuscript.blocks) == text


@given(TEXTS, st.booleans())
def test_every_chapter_has_prose_and_begins_with_its_heading(text: str, markdown: bool) -> None:
    for number, chapter in enumerate(parse(text, markdown=markdown).chapters):
        assert any(block.kind is Kind.PROSE for block in chapter.blocks)
        assert (chapter.title is not None) == (chapter.blocks[0].kind is Kind.HEADING)
        assert number == 0 or chapter.title is not None


def test_chapters() -> None:
    text = (
        "Chapter 1\n\nOne.\n\n***\n\nTwo.\n\nPrologue: Sea\nThree.\n\n\nPart Two\n\nChapter 2\n\nX."
    )
    assert chapters(text) == [
        ("Chapter 1", ["# Chapter 1", "One.", "- ***", "Two."]),
        ("Prologue: Sea", ["# Prologue: Sea", "Three."]),
        ("Part Two · Chapter 2", ["# Part Two", "# Chapter 2", "X."]),
    ]


@pytest.mark.parametrize("markdown", [False, True])
def test_markdown_headings_in_any_file(markdown: bool) -> None:
    text = "# The *Sea*\nBy Jane Doe\n\n## One\nIt *was*.\n\n## Two\n\n#\n\nIt is."
    manuscript = parse(text, markdown=markdown)
    assert (manuscript.title, manuscript.author) == ("The Sea", "Jane Doe")
    assert shape(manuscript.front) == ["# The Sea", "n By Jane Doe"]
    assert chapters(text, markdown=markdown) == [
        ("One", ["# One", "It was."]),
        ("Two", ["# Two", "- #", "It is."]),
    ]


def test_underlined_headings() -> None:
    text = "The Sea\n=======\n\nOne\n---\n\nIt was.\n\nHe left\nthe house.\n---\nTwo.\n"
    assert chapters(text, markdown=True) == [
        ("One", ["# One", "It was.", "He left the house.", "- ---", "Two."])
    ]
    assert parse(text, markdown=True).title == "The Sea"
    in_plain_text = chapters("It was\n---\nThen it was not.\n")
    assert in_plain_text == [(None, ["It was", "- ---", "Then it was not."])]


@pytest.mark.parametrize(
    ("text", "title", "author"),
    [
        ("Title: The Sea\nAuthor: Jane\n\nIt was.", "The Sea", "Jane"),
        ("**Title:** *The Sea*\n\n**By:** Jane\n\nIt was.", "The Sea", "Jane"),
        ('---\ntitle: "The Sea"\nauthor: Jane\ntags:\n  - a\n---\n\nIt was.', "The Sea", "Jane"),
        ("The Sea\nby Jane Doe\n\nChapter 1\n\nIt was.", "The Sea", "Jane Doe"),
        ("THE SEA\n\nWritten by Jane Doe\n\nIt was.", "THE SEA", "Jane Doe"),
        ("The Sea\nA story by Jane\n\nIt was.", "The Sea", "Jane"),
        ("He would be gone\nby Friday morning at\nthe latest.\n\nIt was.", None, None),
        ("The Sea\n\nChapter 1\n\nIt was.", "The Sea", None),
        ("The Sea\nRating: T\n\nIt was.", "The Sea", None),
        ("# The Sea\n\nIt was.", None, None),
        ("# Chapter 1\n\n## One\n\nIt was.", None, None),
        ("# One\n\nIt was.\n\n# Two\n\nIt is.", None, None),
        ("“No,” he said.\n\nBy noon he was gone.\n\nIt was.", None, None),
        ("It was late.\n\nChapter 1\n\nIt was.", None, None),
    ],
)
def test_title_and_author(text: str, title: str | None, author: str | None) -> None:
    manuscript = parse(text, markdown=True)
    assert (manuscript.title, manuscript.author) == (title, author)
    assert shape(manuscript.chapters[-1].blocks)[-1] in ("It was.", "It is.")


P = "He walked along the quay for a while and watched the boats come in with the tide."


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        (f"Author's Note: Hi.\n\n{P}\n\n{P}", 1),
        (f"Author’s Notes - Hi.\n\n{P}\n\n{P}", 1),
        (f"A/N Hi all!\n\n{P}\n\n{P}", 1),
        (f"*AN: Hi.*\n\n{P}\n\n{P}", 1),
        (f"(A/N: Hi.)\n\n{P}\n\n{P}", 1),
        (f"Author's Note\n\nHi.\n\n{P}\n\n{P}", 2),
        (f"A/N: Hi.\n\nMore of it.\n\nDisclaimer: not mine.\n\n{P}\n\n{P}", 3),
        (f"Author's Note\n\nHi.\n\nMore.\n\nRating: T\n\n{P}\n\n{P}", 4),
        (f"Disclaimer: no.\n\nHe read it.\n\nNote: burn this.\n\n{P}\n\n{P}", 1),
        (f"Title: A\nPairing: B/C\nRating: T\nWord count: 9\n\n{P}", 4),
        (f"Summary: A long\nsummary.\nWarnings: none\n\n{P}", 2),
        (f"A/N: Hi.\n\nThanks for your reviews!\n\n***\n\n{P}", 2),
        (f"A/N: Hi.\n\n{P}\n\n***\n\n{P}", 1),
        (f"{P}\n\n{P}\n\nA/N: Please review!", 1),
        (f"{P}\n\n---\n\nAuthor's note: That's it.\n\nSee you next week!\n\nJane", 3),
        (f"A/N: Hi.\n\n{P}\n\n{P}\n\nA/N: Bye.", 2),
        (f"{P}\n\nA/N: a note amid it all.\n\n{P}", 0),
        (f"{P}\n\nNotes lay about. Title deeds, too.", 0),
        (f"An hour passed.\n\nAuthors noted it.\n\n{P}", 0),
        (f"## Author's Note\n\nHi.\n\nHo.\n\n## One\n\n{P}", 3),
        (f"## One\n\n{P}\n\n## Author's Note\n\n{P}", 2),
        (f"## One\n\nA/N: Hi.\n\n{P}\n\n## Two\n\nDisclaimer: no.\n\n{P}", 2),
    ],
)
def test_notes(text: str, notes: int) -> None:
    manuscript = parse(text, markdown=False)
    found = [block for block in manuscript.blocks if block.kind is Kind.NOTE]
    assert len(found) == notes
    assert all(P not in block.text for block in found) or "## Author" in text
    assert manuscript.words


def test_guesses_are_said() -> None:
    between = parse(f"A/N: Hi.\n\nMore.\n\nDisclaimer: no.\n\n{P}\n\n{P}", markdown=False)
    assert between.warnings == ("I took “More.” for a part of the author's note.",)
    amid = parse(f"{P}\n\nA/N: mind this.\n\n{P}", markdown=False)
    assert "will be posted with the story" in amid.warnings[0]
    before = parse(f"{P}\n\nChapter 1\n\n{P}", markdown=False)
    assert "before the first heading" in before.warnings[0]
    empty = parse(f"Chapter 1\n\n{P}\n\nChapter 2\n", markdown=False)
    assert empty.warnings == ("Nothing stands under the heading “Chapter 2”.",)
    assert [chapter.title for chapter in empty.chapters] == ["Chapter 1"]


LONG = (
    "The sea was grey that morning, and the boats lay still at their moorings all along the quay. "
    * 2
)
WRAPPED = (
    "It was late when they came\nback to the house, and\nnobody spoke. “Well,” she\nsaid at last."
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (WRAPPED, [WRAPPED.replace("\n", " ")]),
        (f"{WRAPPED}\n\n{WRAPPED}", [WRAPPED.replace("\n", " ")] * 2),
        ("One.\r\n\r\nTwo\r\nlines.", ["One.", "Two lines."]),
        ("One.\r\rTwo\rlines.", ["One.", "Two lines."]),
        ("One.\n \t\u200b\xa0\nTwo.", ["One.", "Two."]),
        ("\ufeff\u200bOne.\n\n\xa0\xa0Two.\u200b", ["One.", "Two."]),
        (f"{LONG}\n{LONG}\n“No.”\n{LONG}", [LONG.strip(), LONG.strip(), "“No.”", LONG.strip()]),
        ("He left.\n“Oh,” she said.\nIt was over at last.\nNobody came.", 4),
        (
            "\tHe left\nthe house.\n\tShe stayed.\n\t“Oh.”",
            ["He left the house.", "She stayed.", "“Oh.”"],
        ),
        ("　他走了。\n　她没有走。\n　天黑了。", ["他走了。", "她没有走。", "天黑了。"]),
        ("    It was late when they\n    came back to the\n    house at last.", 1),
        ("One.\x0cTwo.", ["One. Two."]),
        ("- One\n- two\n\n> Three\n> four", ["- One", "- two", "> Three", "> four"]),
    ],
)
def test_paragraphs(text: str, expected: list[str] | int) -> None:
    found = prose(text)
    assert found == expected or len(found) == expected


def test_a_wrapped_line_that_looks_like_a_heading_is_prose() -> None:
    text = "He had read as far as\nChapter 3\nwhen the bell rang.\n\nPart of me\nstayed."
    assert prose(text) == [
        "He had read as far as Chapter 3 when the bell rang.",
        "Part of me stayed.",
    ]


def test_nothing_but_white_space_or_notes_has_no_chapters() -> None:
    assert parse(" \n\t", markdown=False) == Manuscript(None, None, (), (), ())
    assert parse("Author's note: hi", markdown=False).chapters == ()
    assert parse("Chapter 1\n\nChapter 2", markdown=False).chapters == ()


@pytest.mark.skipif(
    not REAL.exists(), reason="the fan author's chapter stands beside the repository"
)
def test_a_fan_authors_chapter() -> None:
    text = REAL.read_text(encoding="utf-8")
    manuscript = parse(text, markdown=False)
    assert "".join(block.source for block in manuscript.blocks) == text
    assert [block.text.split()[0] for block in manuscript.front] == [
        "Author's",
        "Prepare",
        "Disclaimer:",
    ]
    (chapter,) = manuscript.chapters
    assert chapter.blocks[0].text.startswith("Ianto paused")
    assert {block.kind for block in chapter.blocks} == {Kind.PROSE}
    assert 1750 < manuscript.words < 1900
