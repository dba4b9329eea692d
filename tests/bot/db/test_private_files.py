"""Whatever the umask, nobody but its owner reads the database or what lies beside it."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.db import facts
from bot.db.engine import open_database
from bot.errors import DatabaseUnusable

URL = "sqlite+aiosqlite:///data/cliffhanger.db"
FILES = [f"cliffhanger.db{ending}" for ending in ("", "-shm", "-wal", ".lock")]


@pytest.fixture(params=[0, 0o022, 0o277], ids=oct)
def _umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def make(folder: Path, mode: int, *files: str) -> None:
    folder.mkdir()
    folder.chmod(mode)
    for name in files:
        (folder / name).touch()
        (folder / name).chmod(0o644)


def write_text(path: Path) -> None:
    path.write_text("just a file\n" * 100)


def modes(folder: Path) -> dict[str, int]:
    return {file.name: stat.S_IMODE(file.stat().st_mode) for file in sorted(folder.iterdir())}


@pytest.mark.usefixtures("_umask")
async def test_new_ones() -> None:
    async with open_database(URL) as database:
        await database.write(facts.remember, "name", "value")
        assert modes(Path("data")) == dict.fromkeys(FILES, 0o600)
        assert modes(Path())["data"] == 0o700


async def test_those_of_an_older_version() -> None:
    folder = Path("data")
    names = [f"cliffhanger.db{ending}" for ending in ("", ".lock", ".before-0001")]
    make(folder, 0o755, *names)
    with closing(sqlite3.connect(folder / "cliffhanger.db")) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    async with open_database(URL) as database:
        await database.write(facts.remember, "name", "value")
        assert set(modes(folder).values()) == {0o600}
        assert modes(Path())["data"] == 0o700


async def test_a_folder_of_the_operators_choice_stays_as_it_is() -> None:
    shared = Path("shared")
    make(shared, 0o750, "notes.txt")
    async with open_database("sqlite+aiosqlite:///shared/bot.db"):
        assert modes(Path())["shared"] == 0o750
        assert modes(shared) | {"notes.txt": 0o600} == dict.fromkeys(modes(shared), 0o600)
        assert modes(shared)["notes.txt"] == 0o644


@pytest.mark.parametrize(
    ("path", "why"),
    [("file/bot.db", "Not a directory"), ("folder", "Is a directory"), ("file", "not a database")],
)
async def test_what_can_not_be_opened_is_named_with_its_cause(
    tmp_path: Path, path: str, why: str
) -> None:
    make(tmp_path / "folder", 0o755)
    write_text(tmp_path / "file")
    with pytest.raises(DatabaseUnusable, match=why) as caught:
        async with open_database(f"sqlite+aiosqlite:///{path}"):
            pass
    assert f"database {path} (DATABASE_URL)" in str(caught.value)


async def test_a_failure_of_those_who_use_it_is_not_taken_for_the_databases() -> None:
    with pytest.raises(OSError, match="something else"):
        async with open_database(URL):
            raise OSError("something else")


async def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    url = "postgresql+asyncpg://bot:secret@127.0.0.1:9/nowhere"
    with pytest.raises(
        DatabaseUnusable, match=r"127\.0\.0\.1:9/nowhere .*can't be opened"
    ) as caught:
        async with open_database(url):
            pass
    assert "secret" not in str(caught.value)


async def test_a_server_without_the_database_says_so(postgres: str) -> None:
    url = postgres.replace("postgresql://", "postgresql+asyncpg://").replace("/postgres?", "/none?")
    with pytest.raises(DatabaseUnusable, match='database "none" does not exist'):
        async with open_database(url):
            pass
