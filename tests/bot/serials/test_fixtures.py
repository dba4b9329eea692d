"""Every file that the tests have, from its bytes to its parts."""

from pathlib import Path

import pytest

from benchmarks.novels import novel
from bot.serials.excerpts import DEFAULT_WORDS
from bot.serials.imports import prepare
from bot.serials.inspect import Inspection, inspect
from tests.bot.serials.cutting import assert_cut_well
from tests.bot.serials.making import SAMPLE
from tests.bot.stories.fixtures import ao3
from tests.bot.stories.formats.making import FILES, docx, paragraph, run
from tests.bot.stories.formats.test_pastes import PASTES
from tests.conftest import ROOT, SHARED

FIXTURES = ROOT / "tests" / "bot" / "stories" / "fixtures"
REAL = SHARED / "stories"
PROSE = SAMPLE.read_text(encoding="utf-8").partition("## Chapter Two")[2].split("\n\n")
FAKE_HEADINGS = docx(
    paragraph(run("Horseshoes", "<w:b/>")),
    *PROSE[2:20],
    paragraph(run("Under Your Feet", '<w:b/><w:sz w:val="32"/>')),
    *PROSE[20:40],
)


def on_disk(*paths: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in paths}


EVERY_FILE = {
    **FILES,
    "one-shot.html": ao3.html(chapters=False).encode(),
    "fake headings.docx": FAKE_HEADINGS,
    **{name: paste.encode() for name, paste in PASTES.items()},
    **on_disk(SAMPLE, *FIXTURES.glob("*.html"), *REAL.glob("*.txt")),
    **novel(20_000),
}


@pytest.mark.parametrize("words", [100, DEFAULT_WORDS, 1000])
@pytest.mark.parametrize("name", EVERY_FILE)
def test_a_file_is_cut_whole_and_within_limits(name: str, words: int) -> None:
    for chapter in prepare(name, EVERY_FILE[name]).manuscript.chapters:
        assert_cut_well(chapter.blocks, words)


def inspected(name: str) -> Inspection:
    return inspect(prepare(name, EVERY_FILE[name]))


def chapters(found: Inspection) -> list[tuple[str | None, int]]:
    return [(chapter["title"], chapter["words"]) for chapter in found["chapters"]]


def test_a_work_of_ao3_is_inspected_the_same_from_both_its_downloads() -> None:
    found = inspected("work.html")
    assert found == inspected("work.epub")
    assert (found["title"], found["author"]) == (ao3.TITLE, "wick, quill")
    assert chapters(found) == [
        ("Chapter 1: The Third Step", 68), ("Chapter 2", 52), ("Chapter 3: Asked", 13),
    ]  # fmt: skip
    front = found["front_matter"]
    assert (len(front), front[1], front[-1]) == (
        15, "Rating: Teen And Up Audiences", "End Notes: Thank you, all of you.",
    )  # fmt: skip
    assert "Summary: Edda keeps the lamp.\n\nSomebody keeps putting it out." in front
    assert found["warnings"] == []


def test_an_export_of_google_docs() -> None:
    found = inspected("google_docs.html")
    assert (found["title"], found["author"]) == ("The Weather Clerk", "Wren Hollow")
    assert chapters(found) == [("Chapter One", 43), ("Chapter Two", 15)]
    assert found["front_matter"] == ["by Wren Hollow"]
    assert found["warnings"] == []


def test_fake_headings_of_a_docx() -> None:
    found = inspected("fake headings.docx")
    assert chapters(found) == [("Horseshoes", 413), ("Under Your Feet", 469)]
    assert found["front_matter"] == found["warnings"] == []


def test_a_novel_is_the_same_in_four_formats() -> None:
    text, *others = (inspect(prepare(name, data)) for name, data in novel(40_000).items())
    assert all(other == text for other in others)
    assert 40_000 <= text["words"] < 50_000
    assert len(text["chapters"]) == 54
    assert text["front_matter"][0] == "By Mara Quill"
