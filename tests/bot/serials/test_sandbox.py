import asyncio
import logging
import struct
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import psutil
import pytest

from bot.errors import BadFile
from bot.serials import sandbox
from bot.serials.imports import prepare
from bot.serials.sandbox import read_story
from tests.bot.serials.making import SAMPLE
from tests.bot.stories.formats.making import docx, epub, zipped

PAGES = ("OEBPS/a.xhtml", "OEBPS/b.xhtml")
STORY = {"a.xhtml": "<p>It was late.</p>"}
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>'
OUTSIDE = '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
SIZE = 50_000_000
LONG = b"It was late, and she had not slept.\n\n" * 20_000


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


@pytest.fixture(autouse=True)
def _nothing_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A zombie would be a child, too."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = children()
    yield
    assert children() == before
    assert list(tmp_path.iterdir()) == []


async def reader_of(reading: asyncio.Task[object], before: set[int]) -> psutil.Process:
    """The process, once it is there."""
    while not (found := children() - before):
        assert not reading.done()
        await asyncio.sleep(0)
    return psutil.Process(found.pop())


async def test_a_story_comes_out_as_it_is() -> None:
    data = SAMPLE.read_bytes()
    assert await read_story(SAMPLE.name, data) == prepare(SAMPLE.name, data)
    text = "# *So*\n\n“Naïve,”\u2028she **_said_** ~~so~~.\n\n***\n\nΩ \U0001f600\n"
    assert await read_story("café.md", text.encode()) == prepare("café.md", text.encode())


async def test_what_is_wrong_with_a_file_is_told() -> None:
    with pytest.raises(BadFile, match=r"^I found no story in that file, .*\.$"):
        await read_story("a.md", b"# Only a heading\n")


async def test_several_are_read_at_once() -> None:
    stories = [f"It was {number} o’clock.\n".encode() for number in range(4)]
    found = await asyncio.gather(*(read_story("a.txt", story) for story in stories))
    assert found == [prepare("a.txt", story) for story in stories]


async def test_a_file_that_takes_too_much_memory_is_given_up() -> None:
    """Within all that an archive may be, and 400 MB as soon as it is text."""
    stuff = f"{Random(0).randbytes(500).hex()}{'x' * 99_000}".encode()
    page = "\U0001f600".encode() + stuff * 399
    data = epub({"a.xhtml": "", "b.xhtml": ""}, more=dict.fromkeys(PAGES, page))
    assert len(data) < 1_000_000
    with pytest.raises(BadFile, match="more memory than I have"):
        await read_story("a.epub", data)


def lying(data: bytes, size: int) -> bytes:
    """Whose headers say 1,000 bytes of a member that has so many."""
    return data.replace(struct.pack("<I", size), struct.pack("<I", 1000))


HOSTILE: dict[str, tuple[bytes, str]] = {
    "entities in a package.epub": (
        epub(STORY, more={"OEBPS/content.opf": f"{BOMB}<package><a b='&l9;'/>&l9;</package>"}),
        "That file (?:declares entities|is damaged)",
    ),
    "entities in a container.epub": (
        epub(STORY, more={"META-INF/container.xml": f"{BOMB}<container/>"}),
        "That file declares entities",
    ),
    "entities in contents.epub": (
        epub(
            STORY,
            manifest='<item id="n" href="toc.ncx" media-type="application/x-dtbncx+xml"/>',
            more={"OEBPS/toc.ncx": f"{BOMB}<ncx>&l9;</ncx>"},
        ),
        "That file declares entities",
    ),
    "entities.docx": (docx("It was &l9;", dtd=BOMB), "That file declares entities"),
    "another file.docx": (docx("It was &b;", dtd=OUTSIDE), "That file declares entities"),
    "another file.epub": (
        epub(STORY, more={"OEBPS/a.xhtml": f"{OUTSIDE}<html><body><p>&b;</p></body></html>"}),
        "That file declares entities",
    ),
    "400 MB.epub": (
        epub(STORY, more={f"{n}.xhtml": bytes(10_000_000) for n in range(40)}),
        "That file unpacks to far more than a story",
    ),
    "400 MB.docx": (
        zipped({"word/document.xml": bytes(400_000_000)}),
        "That file unpacks to far more than a story",
    ),
    "zips in zips.zip": (
        zipped({"a.zip": zipped({"b.zip": zipped({"c.txt": bytes(SIZE)})})}),
        "That file is a zip archive: unpack it",
    ),
    "a zip for a page.epub": (
        epub(STORY, more={"OEBPS/a.xhtml": zipped({"b.xhtml": bytes(SIZE)})}),
        "That file isn't text",
    ),
    "a zip for a text.docx": (
        zipped({"word/document.xml": zipped({"word/document.xml": bytes(SIZE)})}),
        "That file is damaged",
    ),
    "a lie.docx": (
        lying(zipped({"word/document.xml": bytes(SIZE)}), SIZE),
        "That file is damaged",
    ),
    "a lie.epub": (
        lying(epub(STORY, more={"OEBPS/a.xhtml": bytes(SIZE)}), SIZE),
        "That file is damaged",
    ),
    "a path.epub": (
        epub(STORY, more={"../../a.xhtml": "<p>"}),
        "That file holds a path that leads out",
    ),
    "a path.docx": (
        zipped({"word/document.xml": "<a/>", "/etc/passwd": ""}),
        "That file holds a path that leads out",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_file_costs_a_sentence(name: str) -> None:
    data, sentence = HOSTILE[name]
    assert len(data) < 1_000_000
    assert (await read_story("a.txt", b"It was late.")).words == (3,)
    opened = psutil.Process().num_fds()
    with pytest.raises(BadFile, match=rf"^{sentence}.*\w\.$") as error:
        await read_story(name, data)
    assert ". " not in str(error.value)
    assert psutil.Process().num_fds() == opened
    assert (await read_story("a.txt", b"It was late.")).words == (3,)


async def test_entities_in_a_page_stay_as_they_are() -> None:
    page = f"{BOMB.replace('DOCTYPE a', 'DOCTYPE html')}<html><p>It was &l9; late.</p></html>"
    found = await read_story("a.html", page.encode())
    assert found.manuscript.blocks[-1].text == "It was &l9; late."


async def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", 0.01)
    with pytest.raises(BadFile, match=r"after 0\.01 seconds"):
        await read_story("a.txt", LONG)


async def test_it_ends_with_whoever_asked() -> None:
    before = children()
    reading = asyncio.create_task(read_story("a.txt", LONG))
    await reader_of(reading, before)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading


async def test_a_reader_that_dies_is_a_bad_file(caplog: pytest.LogCaptureFixture) -> None:
    before = children()
    reading = asyncio.create_task(read_story("a.txt", LONG))
    (await reader_of(reading, before)).kill()
    with pytest.raises(BadFile, match=r"^I can't read that file: save"):
        await reading
    assert "ended with -9" in caplog.text


@pytest.mark.parametrize("answer", ["", "{}", '{"title": "A"}', "[" * 100_000, "\\xff"])
async def test_a_reader_that_was_taken_over_is_not_believed(
    answer: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    monkeypatch.setattr(sandbox, "_COMMAND", (sys.executable, "-c", f"print('{answer}', end='')"))
    with pytest.raises(BadFile, match=r"^I can't read that file"):
        await read_story("a.txt", b"It was late.")
