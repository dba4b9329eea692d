import asyncio
import logging
import sys
from collections.abc import Iterator
from random import Random

import psutil
import pytest

from bot.errors import BadFile
from bot.serials import sandbox
from bot.serials.imports import prepare
from bot.serials.sandbox import read_story
from tests.bot.serials.making import SAMPLE
from tests.bot.stories.formats.making import epub

PAGES = ("OEBPS/a.xhtml", "OEBPS/b.xhtml")
LONG = b"It was late, and she had not slept.\n\n" * 20_000


def children() -> set[int]:
    return {child.pid for child in psutil.Process().children()}


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """A zombie would be a child, too."""
    before = children()
    yield
    assert children() == before


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
