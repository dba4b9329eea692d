"""The recipe in CONTRIBUTING.md works to the letter."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent, indent

from tests.conftest import ROOT

COPIED = ("bot", "cogs", "docs", "playground", "tests")
SERVICE, COMMANDS = Path("bot/companion/service.py"), Path("cogs/story/commands.py")
UNIT, JOURNEY = (
    Path("tests/bot/companion/test_following.py"),
    Path("tests/journeys/test_following.py"),
)
TABLE = Path("docs/commands.md")
DOCUMENTED = "tests/test_house.py::test_every_command_is_documented_and_fits"


def blocks(recipe: str) -> list[str]:
    return [dedent(block) for block in re.findall(r"```\w+\n(.*?)```", recipe, re.DOTALL)]


def before(path: Path, mark: str, added: str) -> None:
    text = path.read_text()
    assert mark in text
    path.write_text(text.replace(mark, f"{added}{mark}", 1))


def test_the_recipe_works_to_the_letter(tmp_path: Path) -> None:
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    for name in ("pyproject.toml", ".env.example"):
        shutil.copy(ROOT / name, tmp_path)
    _, recipe = (ROOT / "CONTRIBUTING.md").read_text().split("## A new command", 1)
    query, unit, command, journey, line = blocks(recipe)
    imported = re.search(r"\(with `(.+?)` above\)", recipe)
    assert imported is not None
    before(tmp_path / SERVICE, "from bot.companion.tables import", f"{imported[1]}\n")
    before(tmp_path / SERVICE, "def mark_read(", f"{query}\n\n")
    before(tmp_path / COMMANDS, "    @commands.Cog.listener()", f"{indent(command, '    ')}\n")
    before(tmp_path / TABLE, "| `/story read`", line)
    (tmp_path / UNIT).write_text(unit)
    (tmp_path / JOURNEY).write_text(journey)
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "not postgres"]
    run = subprocess.run(
        [*pytest, str(UNIT), str(JOURNEY), DOCUMENTED],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout + run.stderr
