import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.db.engine import open_database


@pytest.mark.parametrize("again", [False, True], ids=["new", "not new"])
async def test_a_file_is_in_write_ahead_mode_before_anyone_uses_it(
    tmp_path: Path, again: bool
) -> None:
    """The switch needs the file alone: made by the first to come, it fails whoever comes second,
    "database is locked", or holds them up for seconds."""
    path = tmp_path / "bot.db"
    for _ in range(1 + again):
        async with open_database(f"sqlite+aiosqlite:///{path}"):
            with closing(sqlite3.connect(path)) as connection:
                assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
