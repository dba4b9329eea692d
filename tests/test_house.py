"""The house keeps its shape: who imports whom, and nothing goes undocumented."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from discord import app_commands

from bot.client import Bot, Services
from bot.clock import SystemClock
from bot.config import Settings
from bot.db.engine import open_database
from playground.__main__ import PlaygroundSettings
from tests.conftest import ROOT

# bot's rooms from the ground up: each may use those before it and these few everywhere.
EVERYWHERE = {"clock", "errors", "ids", "db", "jobs", "delivery", "people"}
MAY_USE: dict[str, set[str]] = {
    "clock": set(),
    "errors": set(),
    "ids": set(),
    "logs": set(),
    "turns": set(),
    "config": set(),
    "cooldowns": {"clock", "errors"},
    "db": {"errors"},
    "jobs": {"clock", "errors", "db"},
    "delivery": {"clock", "errors", "db"},
    "people": {"clock", "errors", "db", "jobs", "delivery"},
    "charts": set(),
    "words": EVERYWHERE,
    "sprints": EVERYWHERE | {"words"},
    "challenges": EVERYWHERE | {"words"},
    "stories": EVERYWHERE,
    "serials": EVERYWHERE | {"stories"},
    "companion": EVERYWHERE | {"serials", "stories"},
    "community": EVERYWHERE | {"words", "sprints", "challenges", "stories", "serials", "companion"},
}
SPEAKS_DISCORD = {"bot/client.py", "bot/delivery/discord_sender.py"}
COMMAND_SIZE = 8000  # characters of names, descriptions and values: Discord's limit


def imports(path: Path) -> Iterator[str]:
    """Full names of what a file imports."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def sources(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", sources("bot"), ids=lambda path: str(path.relative_to(ROOT)))
def test_bot_knows_neither_discord_nor_cogs_nor_playground(path: Path) -> None:
    outside = {name.split(".")[0] for name in imports(path)}
    assert not outside & {"cogs", "playground", "tests"}
    if str(path.relative_to(ROOT)) not in SPEAKS_DISCORD:
        assert "discord" not in outside
    room = path.relative_to(ROOT / "bot").parts[0].removesuffix(".py")
    used = {name.split(".")[1] for name in imports(path) if name.startswith("bot.")}
    if room in MAY_USE and "migrations" not in path.parts:  # which fill any room's tables
        assert used <= MAY_USE[room] | {room}


@pytest.mark.parametrize("path", sources("cogs"), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_cog_uses_bot_and_the_shared_ui_alone(path: Path) -> None:
    feature = path.relative_to(ROOT / "cogs").parts[0]
    for name in imports(path):
        outer, _, inner = name.partition(".")
        assert outer not in {"playground", "tests", "sqlalchemy"}
        if outer == "cogs":
            assert inner.split(".")[0] in {feature, "ui"}


def test_only_a_rooms_own_modules_touch_its_tables() -> None:
    """A feature calls another's service functions with the same connection, never its tables."""
    for path in [*sources("bot"), *sources("cogs")]:
        room = ".".join(path.relative_to(ROOT).parts[:2])
        for name in imports(path):
            module, _, _ = name.rpartition(".")
            if module.endswith(".tables"):
                assert module == f"{room}.tables", path


def test_whatever_counts_readers_leaves_out_who_chose_not_to_be_counted() -> None:
    """It counts `counted_places` and `counted_reads`, not the tables themselves."""
    for path in sources("bot/companion"):
        text = path.read_text()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Assign | ast.AnnAssign | ast.Return | ast.Expr):
                statement = ast.get_source_segment(text, node) or ""
                if "func.count" in statement:
                    assert not re.search(r"\b(places|reads)\b", statement), f"{path}: {statement}"


def test_every_setting_is_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text()
    for name in {**Settings.model_fields, **PlaygroundSettings.model_fields}:
        assert re.search(rf"^#?{name.upper()}=", example, re.MULTILINE), name


async def every_command(tmp_path: Path) -> list[app_commands.Command[Any, ..., Any]]:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}") as database:
        bot = Bot(Services(Settings(_env_file=None), SystemClock(), database))
        await bot.setup_hook()
        for command in bot.tree.get_commands():
            text = json.dumps(command.to_dict(bot.tree), ensure_ascii=False)
            assert len(text) < COMMAND_SIZE, command.name  # stricter than need be: it has the keys
        return [
            command
            for command in bot.tree.walk_commands()
            if isinstance(command, app_commands.Command)
        ]


async def test_every_command_is_documented_and_fits(tmp_path: Path) -> None:
    """Each has a line of a table, with its options; a writer's is in the guide for writers."""
    everyone, writers = documented("commands.md"), documented("writers.md")
    for command in await every_command(tmp_path):
        assert command.module is not None
        for_writers = command.module.split(".")[1] in ("me", "sprints", "words")
        line = (writers if for_writers else everyone | writers)[f"/{command.qualified_name}"]
        for parameter in command.parameters:
            assert f"`{parameter.display_name}`" in line, command.qualified_name
            assert len(parameter.choices) <= 25


def documented(name: str) -> dict[str, str]:
    """A guide's commands, each with its line."""
    lines = (ROOT / "docs" / name).read_text().splitlines()
    return {line.split("`")[1]: line for line in lines if line.startswith("| `/")}
