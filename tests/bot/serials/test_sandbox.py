import asyncio
import logging
import resource
import struct
import sys
import time
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


PAGE = "<html><head><meta charset='{}'></head><body><p>{}</p></body></html>"
ENCODINGS = {
    "windows-1251": "Была ночь.",
    "iso-8859-2": "Było późno.",
    "koi8-r": "Была ночь.",
    "macintosh": "Il était tard.",
    "shift_jis": "夜だった。",
    "euc-kr": "밤이었다.",
    "big5": "天黑了。",
}
FILES = {
    "a.docx": docx("It was late."),
    "a.epub": epub({"a.xhtml": "<p>It was late.</p>"}),
    "a.html": b"<html><body><h1>One</h1><p>It was <b>late</b>.</p></body></html>",
    "a.txt": "It was late; très tard.".encode("cp1252"),
    "b.txt": "It was late.".encode("utf-16"),
    "c.txt": "It was late.".encode("utf-32"),
    **{f"{code}.html": PAGE.format(code, text).encode(code) for code, text in ENCODINGS.items()},
}


@pytest.mark.parametrize("name", FILES)
async def test_all_that_is_needed_is_loaded_before_no_file_can_be_opened(name: str) -> None:
    found = await read_story(name, FILES[name])
    assert found == prepare(name, FILES[name])
    assert sum(found.words)


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


# The sandbox, with this in the place of what reads the file.
TAKEN_OVER = """
import os, socket, sys, time
from bot.errors import BadFile
from bot.serials import sandboxed

def prepare(name, data):
    {}

sandboxed.prepare = prepare
sys.exit(sandboxed.main())
"""


def take_over(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    monkeypatch.setattr(sandbox, "_COMMAND", (sys.executable, "-c", TAKEN_OVER.format(code)))


async def test_it_is_told_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot:secret@host/name")
    take_over(monkeypatch, "raise BadFile(repr(sorted(os.environ.items())))")
    with pytest.raises(BadFile, match=r"^\[") as error:
        await read_story("a.txt", b"It was late.")
    assert "secret" not in str(error.value)


@pytest.mark.parametrize(
    "opening",
    [
        "socket.socket()",
        "socket.socketpair()",
        "open('/etc/passwd')",
        "open('/proc/self/environ')",
        "os.pipe()",
        "os.close(0), socket.socket()",  # in the place of what it has read to its end
        "os.dup2(1, 0)",
    ],
)
async def test_it_opens_neither_files_nor_sockets(
    opening: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    take_over(monkeypatch, f"raise BadFile(f'It has {{{opening}}}')")
    with pytest.raises(BadFile, match=r"^I can't read that file"):
        await read_story("a.txt", b"It was late.")


@pytest.mark.parametrize(
    "failing",
    [
        "raise ValueError('They met in Ravenglass.')",
        "sys.stderr.write('They met in Ravenglass.'); os._exit(1)",
        "os.write(1, b'They met in Ravenglass.'); os._exit(1)",
        "os.write(1, b'They met in Ravenglass.'); os._exit(0)",
        "[int(data)]",
    ],
)
async def test_what_goes_wrong_is_logged_without_the_story(
    failing: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    take_over(monkeypatch, failing)
    with pytest.raises(BadFile, match=r"^I can't read that file"):
        await read_story("a.txt", b"They met in Ravenglass.")
    assert "Reading a story ended with" in caplog.text
    assert "Ravenglass" not in caplog.text


async def test_where_it_went_wrong_is_logged(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    take_over(monkeypatch, "raise KeyError(name)")
    with pytest.raises(BadFile):
        await read_story("a.txt", b"It was late.")
    assert "KeyError\n" in caplog.text
    assert "sandboxed.py:" in caplog.text


async def test_a_file_that_takes_too_much_work_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    code = TAKEN_OVER.format("while True: pass")
    code = code.replace("sandboxed.prepare", "sandboxed.CPU_SECONDS = 1; sandboxed.prepare")
    monkeypatch.setattr(sandbox, "_COMMAND", (sys.executable, "-c", code))
    with pytest.raises(BadFile, match=r"after \d+ seconds of work: send"):
        await read_story("a.txt", b"It was late.")


async def test_an_answer_without_end_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "_LONGEST_ANSWER", 1_000_000)
    monkeypatch.setattr(sandbox, "SECONDS", 20)  # after which there is another sentence
    take_over(monkeypatch, "while not time.sleep(0.01): os.write(1, bytes(1 << 16))")
    with pytest.raises(BadFile, match=r"^I can't read that file"):
        await read_story("a.txt", b"It was late.")


async def test_a_sentence_without_end_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    take_over(monkeypatch, "raise BadFile('No. ' * 1_000_000)")
    with pytest.raises(BadFile, match=r"^(No\. )+$") as error:
        await read_story("a.txt", b"It was late.")
    assert len(str(error.value)) <= 1000


async def test_a_file_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "SECONDS", 0.01)
    with pytest.raises(BadFile, match=r"after 0\.01 seconds"):
        await read_story("a.txt", LONG)


async def test_a_file_has_twenty_seconds_of_work(monkeypatch: pytest.MonkeyPatch) -> None:
    take_over(
        monkeypatch, f"raise BadFile(str(sandboxed.resource.getrlimit({resource.RLIMIT_CPU})))"
    )
    with pytest.raises(BadFile, match=r"^\(20, 21\)$"):
        await read_story("a.txt", b"It was late.")


async def test_a_file_has_two_minutes_of_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    take_over(monkeypatch, "time.sleep(600)")
    loop, before, turned = asyncio.get_running_loop(), children(), 0
    monkeypatch.setattr(loop, "time", lambda: time.monotonic() + turned)
    reading = asyncio.create_task(read_story("a.txt", b"It was late."))
    await reader_of(reading, before)
    for _ in range(20):  # after which it waits for the answer
        await asyncio.sleep(0.01)
    turned = 100
    await asyncio.sleep(0.1)
    assert not reading.done()
    turned = 121
    with pytest.raises(BadFile, match=r"after 120 seconds: send"):
        await reading


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
    assert "ended with -9: no reason" in caplog.text


@pytest.mark.parametrize("answer", ["", "{}", '{"title": "A"}', "[" * 100_000, "\\xff"])
async def test_a_reader_that_was_taken_over_is_not_believed(
    answer: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    monkeypatch.setattr(sandbox, "_COMMAND", (sys.executable, "-c", f"print('{answer}', end='')"))
    with pytest.raises(BadFile, match=r"^I can't read that file"):
        await read_story("a.txt", b"It was late.")
