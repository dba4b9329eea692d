"""The export, and that adding it again makes the same story."""

import io
import random
import re
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import NotAllowed
from bot.serials import drafts, exports
from bot.serials.exports import Export
from bot.serials.imports import Draft, prepare
from bot.stories.formats import read
from bot.stories.model import Block, Kind, Manuscript, Rating, Run, Style
from bot.stories.service import Story
from tests.bot.serials.making import (
    AUTHOR,
    GUILD,
    MODERATOR,
    SAMPLE,
    active,
    add,
    draft,
    ready,
    sample,
)
from tests.bot.stories.fixtures import ao3
from tests.conftest import ROOT

FIXTURES = ROOT / "tests" / "bot" / "stories" / "fixtures"

STYLED = """\
## One

A *first* line, **bold and *both* of it**, ~~struck~~ and <u>under</u>lined, un*believ*able.

Stars \\* and \\_ and \\<i> stay; so do 1 < 2, [brackets] & `ticks`.

* * *

Roses are red,\\
violets blue.

&#67;hapter 5 was where he had stopped reading the night before.

A/N: Thank you.
"""


def exported(conn: Connection, added: Draft) -> str:
    serial = ready(conn, added)
    return exports.markdown(exports.export(conn, AUTHOR, GUILD, serial.id))


def from_file(path: Path) -> Draft:
    return prepare(path.name, path.read_bytes())


def told(manuscript: Manuscript) -> list[tuple[str | None, int, list[str]]]:
    """Each chapter's title, words and paragraphs."""
    return [
        (
            chapter.title,
            chapter.words,
            [" ".join(block.text.split()) for block in chapter.blocks if block.kind is Kind.PROSE],
        )
        for chapter in manuscript.chapters
    ]


def looks(manuscript: Manuscript) -> list[tuple[str, Style]]:
    """Each letter that is no white space with its style."""
    return [
        (letter, run.style)
        for block in manuscript.blocks
        if block.kind is Kind.PROSE
        for run in block.runs
        for letter in run.text
        if not letter.isspace()
    ]


async def test_it_says_where_each_part_ends(database: Database) -> None:
    text = await database.write(exported, draft())
    assert text.startswith("---\ntitle: The Lantern\nauthor: Mara\n---\n")
    assert text.count("\n## Chapter ") == 2
    marks = [text.index(f"<!-- part {number} ends -->") for number in (1, 2, 3, 4)]
    assert marks == sorted(marks)
    assert marks[1] < text.index("## Chapter 2") < marks[2]
    assert text.endswith("<!-- part 4 ends -->\n")


@pytest.mark.parametrize(
    "path",
    [SAMPLE, *sorted(FIXTURES.glob("*.html")), *sorted(FIXTURES.glob("*.txt"))],
    ids=lambda path: path.name,
)
async def test_added_again_it_is_the_same(database: Database, path: Path) -> None:
    before = from_file(path)
    text = await database.write(exported, before)
    after = prepare("export.md", text.encode())
    assert told(after.manuscript) == told(before.manuscript)
    assert looks(after.manuscript) == looks(before.manuscript)
    assert after.words == before.words


async def test_notes_are_block_quotes_and_stay_notes(database: Database) -> None:
    before = prepare("work.html", ao3.html().encode())
    text = await database.write(exported, before)
    assert "\n> Rating: Teen And Up Audiences\n" in text
    assert re.search(r"^> .*Content note: storms\.$", text, re.MULTILINE)
    after = read("export.md", text.encode())
    assert told(after) == told(before.manuscript)
    assert looks(after) == looks(before.manuscript)


async def test_what_is_set_in_type_survives(database: Database) -> None:
    before = prepare("styled.md", STYLED.encode())
    text = await database.write(exported, before)
    assert "A *first* line, **bold and** ***both*** **of it**, ~~struck~~" in text
    assert "> A/N: Thank you." in text
    after = read("export.md", text.encode())
    assert told(after) == told(before.manuscript)
    assert looks(after) == looks(before.manuscript)


async def test_chapters_that_were_added_later_are_chapters(database: Database) -> None:
    def use_case(conn: Connection) -> str:
        serial = active(conn, prepare("solo.txt", b"The first day of it all was long."))
        more = add(conn, draft("flame"))
        drafts.append(conn, AUTHOR, GUILD, serial.id, more.id)
        last = add(conn, prepare("end.txt", b"And then the last day of it came."))
        drafts.append(conn, AUTHOR, GUILD, serial.id, last.id)
        return exports.markdown(exports.export(conn, AUTHOR, GUILD, serial.id))

    text = await database.write(use_case)
    found = read("export.md", text.encode())
    titles = [chapter.title for chapter in found.chapters]
    assert titles == [None, "Chapter 1: The Flame", "Chapter 3"]
    assert [chapter.words for chapter in found.chapters][::2] == [8, 8]


async def test_it_is_the_authors_alone(database: Database) -> None:
    serial = await database.write(ready, sample())
    with pytest.raises(NotAllowed):
        await database.read(exports.export, MODERATOR, GUILD, serial.id)


words = st.text(st.sampled_from("ab .,*_~`<>[]&#!\\-“”"), min_size=1, max_size=12)
runs = st.lists(st.builds(Run, words, st.integers(0, 15).map(Style)), min_size=1, max_size=5)


@given(runs)
def test_any_type_is_read_as_it_was(found: list[Run]) -> None:
    lines = (Run("He saw it there, "), *found, Run(" and went on with his day."))
    block = Block(Kind.PROSE, lines, "")
    text = exports.markdown(made(block))
    assert looks(read("export.md", text.encode())) == looks(
        Manuscript(None, None, (block,), (), ())
    )


def made(block: Block) -> Export:
    story = Story(1, GUILD, 1, "The Lantern!", "Mara", False, 5, 1, Rating.TEEN, Rating.GENERAL)
    return Export(story, {1: 1}, [(0, 1, block)], {0: [(len(block.text), 1)]})


def test_a_large_one_is_zipped() -> None:
    letters = random.Random(7)
    text = "".join(letters.choices("abcdefghijkl ", k=exports.ZIPPED_FROM))
    name, data = exports.file(made(Block(Kind.PROSE, (Run(text),), "")))
    assert name == "the-lantern.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.read("the-lantern.md").decode().endswith("<!-- part 1 ends -->\n")
    small, _ = exports.file(made(Block(Kind.PROSE, (Run("Short."),), "")))
    assert small == "the-lantern.md"
