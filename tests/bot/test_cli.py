"""`python -m bot` as an operator and an author meet it."""

import asyncio
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.config import Settings
from bot.db.engine import open_database
from bot.serials import records
from bot.serials.records import State
from bot.stories import service as stories
from bot.stories.formats import MAX_BYTES
from tests.bot.serials.making import MARA, SAMPLE, prose
from tests.bot.stories.fixtures import ao3
from tests.bot.stories.formats.making import FILES
from tests.conftest import ROOT, NewDatabase

Output = tuple[int, str, str]

STORY = f"# The Lantern\n\nBy Mara\n\nA/N: hello!\n\n## Chapter 1: Oil\n\n{prose('oil', 520)}\n"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `.env` and no settings but those of the test."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


class Shell:
    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Output:
        """Exit code, standard output, standard error."""
        self._monkeypatch.setattr(sys, "argv", ["bot", *map(str, arguments)])
        self._capsys.readouterr()
        code = main()
        return code, *self._capsys.readouterr()


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


def file(name: str, data: str | bytes) -> Path:
    path = Path(name)
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def python(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def test_inspect_in_json_has_the_agreed_shape(shell: Shell) -> None:
    code, out, err = shell("inspect", file("lantern.md", STORY), "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert list(found) == [
        "title", "author", "words", "front_matter", "chapters", "excerpts", "warnings",
    ]  # fmt: skip
    assert (found["title"], found["author"], found["words"]) == ("The Lantern", "Mara", 517)
    assert any("hello!" in note for note in found["front_matter"])
    assert found["chapters"] == [{"title": "Chapter 1: Oil", "words": 517, "excerpts": 2}]
    for n, excerpt in enumerate(found["excerpts"], start=1):
        assert list(excerpt) == ["n", "chapter", "chars", "words", "text"]
        assert (excerpt["n"], excerpt["chapter"]) == (n, 1)
        assert excerpt["chars"] == len(excerpt["text"])
    assert " ".join(e["text"] for e in found["excerpts"]).split() == prose("oil", 520).split()
    assert sum(e["words"] for e in found["excerpts"]) == 517
    assert found["warnings"] == []


def test_inspect_agrees_with_itself_on_the_sample(shell: Shell) -> None:
    code, out, _ = shell("inspect", SAMPLE, "--json")
    found = json.loads(out)
    assert code == 0
    assert len(found["chapters"]) >= 6
    assert found["words"] >= 6000
    assert found["front_matter"]
    assert sum(chapter["words"] for chapter in found["chapters"]) == found["words"]
    assert sum(chapter["excerpts"] for chapter in found["chapters"]) == len(found["excerpts"])
    assert [e["n"] for e in found["excerpts"]] == list(range(1, len(found["excerpts"]) + 1))
    for number, chapter in enumerate(found["chapters"], start=1):
        own = [e for e in found["excerpts"] if e["chapter"] == number]
        assert len(own) == chapter["excerpts"]
        assert abs(sum(e["words"] for e in own) - chapter["words"]) <= 5  # words of breaks


def test_inspect_for_people(shell: Shell) -> None:
    code, out, err = shell("inspect", file("lantern.md", STORY))
    assert (code, err) == (0, "")
    assert "The Lantern by Mara: 517 words" in out
    assert "Chapter 1: Oil: 517 words, 2 parts" in out
    assert "--- Chapter 1: Oil, part 2: " in out
    code, out, _ = shell("inspect", file("my_story.txt", prose("oil", 40)))
    assert code == 0
    assert "my_story by an unnamed author" in out


def test_ask_in_json_has_the_agreed_shape(shell: Shell) -> None:
    code, out, err = shell("ask", SAMPLE, "Why did the ghost train close?", "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert list(found) == ["passages"]
    assert 1 <= len(found["passages"]) <= 3
    first = found["passages"][0]
    assert list(first) == ["text", "chapter", "excerpt"]
    assert "on the grounds that it frightened nobody" in first["text"]
    excerpts = json.loads(shell("inspect", SAMPLE, "--json")[1])["excerpts"]
    (excerpt,) = [one for one in excerpts if one["n"] == first["excerpt"]]
    assert excerpt["chapter"] == first["chapter"]
    assert first["text"].split("\n")[0] in excerpt["text"]


def test_ask_for_people(shell: Shell) -> None:
    code, out, err = shell("ask", SAMPLE, "Why did the ghost train close?")
    assert (code, err) == (0, "")
    assert out.startswith("--- Chapter One: Mind the Cone, part 1 ---\n")
    assert "on the grounds that it frightened nobody" in out
    code, out, _ = shell("ask", SAMPLE, "What does the submarine captain eat?")
    assert (code, out) == (0, "Nothing in the story speaks of that.\n")
    code, out, err = shell("ask", SAMPLE, "what?")
    assert (code, out) == (1, "")
    assert err.startswith("Ask about somebody or something")


@pytest.mark.parametrize("name", FILES)
def test_inspect_reads_every_format(shell: Shell, name: str) -> None:
    code, out, err = shell("inspect", file(name, FILES[name]), "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert found["title"] in {"The Lantern", ao3.TITLE}
    assert found["chapters"]


def zip_file() -> bytes:
    path = Path("a.zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("story.txt", STORY)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \r\n\t\n", "is empty"),
        ("binary.txt", bytes(range(256)) * 20, "text"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(500), "isn't text"),
        ("zipped.txt", None, "is a zip archive"),
        ("story.docx", b"PK\x03\x04", "is damaged"),
        ("story.pdf", b"%PDF-1.7", "is a PDF"),
        ("notes.md", b"# Title\n\nA/N: hi\n\n***\n", "no story in that file"),
        ("huge.txt", b"word " * (MAX_BYTES // 5 + 1), "10 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("command", ["inspect", "import"])
def test_a_bad_file_gets_one_sentence_and_leaves_nothing(
    shell: Shell, command: str, name: str, data: bytes | None, sentence: str
) -> None:
    path = file(name, zip_file() if data is None else data)
    before = set(Path().iterdir())
    more = ("--server", 1, "--owner", 2) if command == "import" else ("--json",)
    code, out, err = shell(command, path, *more)
    assert (code, out) == (1, "")
    assert sentence in err
    assert err.count("\n") == 1
    assert ":" in err or ". " in err  # what is wrong, and what to do
    assert set(Path().iterdir()) == before


@pytest.mark.parametrize(("path", "why"), [("none.txt", "No such file"), (".", "directory")])
def test_what_is_no_file_gets_a_sentence(shell: Shell, path: str, why: str) -> None:
    code, out, err = shell("inspect", path)
    assert (code, out) == (1, "")
    assert why in err
    assert err.count("\n") == 1


def test_import_keeps_a_draft_to_the_letter(shell: Shell) -> None:
    code, out, err = shell(
        "import", file("lantern.md", STORY), "--server", 100, "--owner", MARA.discord_id,
        "--title", "The Lamp",
    )  # fmt: skip
    assert (code, err) == (0, "")
    assert "Added 'The Lamp': 517 words, 2 parts" in out

    async def look() -> None:
        async with open_database(Settings(_env_file=None).database_url) as database:
            (serial,) = await database.read(records.in_guild, 100)
            assert (serial.state, serial.owner_discord_id) == (State.DRAFT, MARA.discord_id)
            assert (serial.story.title, serial.story.author) == ("The Lamp", "Mara")
            assert await database.read(stories.source, serial.story.id) == STORY

    asyncio.run(look())


def test_import_waits_for_no_running_bot(shell: Shell) -> None:
    path = file("lantern.md", STORY)

    async def meanwhile() -> subprocess.CompletedProcess[str]:
        async with open_database(Settings(_env_file=None).database_url):
            return await asyncio.to_thread(python, "import", path, "--server", 1, "--owner", 2)

    done = asyncio.run(meanwhile())
    assert done.returncode == 1
    assert (
        done.stderr == "cliffhanger.db is in use by a running bot. Stop it first, then try again.\n"
    )


def test_check_makes_the_database_and_says_what_is_set(
    shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = shell("check")
    assert (code, err) == (0, "")
    assert out.splitlines() == [
        "The database is there and up to date.", "DISCORD_TOKEN is not set.",
    ]  # fmt: skip
    assert Path("data/cliffhanger.db").exists()
    monkeypatch.setenv("DISCORD_TOKEN", "very-secret")
    code, out, err = shell("check")
    assert "DISCORD_TOKEN is set." in out
    assert "very-secret" not in out + err


def test_check_on_postgres(
    shell: Shell, new_postgres: NewDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", new_postgres())
    assert shell("check")[0] == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("DATABASE_URL", "mysql://x"), ("LOG_LEVEL", "LOUD")],
)
def test_a_bad_setting_is_named(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    code, out, err = shell("check")
    assert (code, out) == (2, "")
    assert err.startswith(f"{name} in .env or the environment ")
    assert err.count("\n") == 1


def test_without_a_token_the_bot_asks_for_one(shell: Shell) -> None:
    code, out, err = shell("run")
    assert (code, out) == (1, "")
    assert err.startswith("DISCORD_TOKEN is not set")


def test_a_token_left_blank_is_none() -> None:
    """Nobody is asked whether it is good: where nobody answers, that would go on for ever."""
    done = python("run", DISCORD_TOKEN="", DISCORD_API_URL="http://127.0.0.1:9")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("DISCORD_TOKEN is not set")


@pytest.mark.parametrize(
    "url",
    ["sqlite:///in-the-way/a.db", "sqlite:///in-the-way", "postgresql://127.0.0.1:9/nowhere"],
    ids=["no folder", "no database", "no server"],
)
def test_a_database_that_cannot_be_opened_gets_a_sentence(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    file("in-the-way", "just a file")
    monkeypatch.setenv("DATABASE_URL", url)
    code, out, err = shell("check")
    assert (code, out) == (1, "")
    assert "DATABASE_URL" in err


def test_inspect_writes_utf_8_whatever_the_terminal() -> None:
    done = python("inspect", file("café.txt", "“Naïve,” she said.\n"), "--json", LC_ALL="C")
    assert done.returncode == 0
    assert json.loads(done.stdout)["excerpts"][0]["text"] == "“Naïve,” she said."
