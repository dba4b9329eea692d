"""The command line: `python -m bot COMMAND`."""

import argparse
import asyncio
import json
import logging
import os
import sys
from pathlib import Path

import discord
from pydantic import ValidationError

from bot import app
from bot.clock import SystemClock
from bot.config import Settings
from bot.db.engine import open_database
from bot.errors import BadFile, BadInput, UserError
from bot.people.service import Member
from bot.serials import drafts
from bot.serials.imports import Draft, prepare
from bot.serials.inspect import inspect
from bot.stories.formats import MAX_BYTES


def main() -> int:
    arguments = _parser().parse_args()
    try:
        settings = Settings()
    except ValidationError as error:
        for problem in error.errors():
            name = str(problem["loc"][0]).upper()
            print(f"{name} in .env or the environment: {problem['msg']}", file=sys.stderr)
        return 2
    logging.basicConfig(
        level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    try:
        match arguments.command:
            case "inspect":
                _inspect(arguments.file, as_json=arguments.json)
            case "import":
                asyncio.run(_import(settings, arguments))
            case "check":
                asyncio.run(_check(settings))
            case _:
                asyncio.run(_run(settings))
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Cliffhanger")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("run", help="run the bot (the default); needs DISCORD_TOKEN")
    commands.add_parser("check", help="check the settings and bring the database up to date")
    inspect_file = commands.add_parser("inspect", help="show what the bot makes of a story's file")
    inspect_file.add_argument("file", type=Path)
    inspect_file.add_argument("--json", action="store_true")
    import_file = commands.add_parser("import", help="add a story as a draft of a member's")
    import_file.add_argument("file", type=Path)
    import_file.add_argument("--server", type=int, required=True, help="the server's Discord id")
    import_file.add_argument("--owner", type=int, required=True, help="the author's Discord id")
    import_file.add_argument("--title")
    import_file.add_argument("--author", help="the name it is published under")
    return parser


async def _run(settings: Settings) -> None:
    if settings.discord_token is None:
        raise BadInput("DISCORD_TOKEN is not set: put it into .env, or try the playground first.")
    try:
        await app.run(settings, SystemClock(), settings.discord_token.get_secret_value())
    except discord.LoginFailure:
        raise BadInput(
            "Discord does not know this DISCORD_TOKEN: reset it and copy it anew."
        ) from None


async def _check(settings: Settings) -> None:
    async with open_database(settings.database_url):
        print("The database is there and up to date.")
    print(f"DISCORD_TOKEN is {'set' if settings.discord_token else 'not set'}.")


def _prepare(path: Path) -> Draft:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise BadFile(f"{path.name} is larger than {MAX_BYTES // 1_000_000} MB.")
        return prepare(path.name, path.read_bytes())
    except OSError as error:
        raise BadFile(f"{path} can't be read: {os.strerror(error.errno or 0)}.") from None


def _inspect(path: Path, *, as_json: bool) -> None:
    found = inspect(_prepare(path).manuscript)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    author = found["author"] or "an unnamed author"
    print(f"{found['title'] or path.stem} by {author}: {found['words']:,} words")
    for note in found["front_matter"]:
        print(f"  kept, not posted: {note[:100]}")
    for number, chapter in enumerate(found["chapters"], start=1):
        title = chapter["title"] or f"Chapter {number}"
        print(f"  {title}: {chapter['words']:,} words, {chapter['excerpts']} parts")
    for warning in found["warnings"]:
        print(f"  note: {warning}")
    for excerpt in found["excerpts"]:
        print(f"\n--- part {excerpt['n']}, {excerpt['words']} words ---\n{excerpt['text']}")


async def _import(settings: Settings, arguments: argparse.Namespace) -> None:
    draft = _prepare(arguments.file)
    author = arguments.author or draft.manuscript.author or "its author"
    async with open_database(settings.database_url) as database:
        added = await database.write(
            drafts.add,
            Member(arguments.owner, author, arguments.server),
            arguments.server,
            draft,
            title=arguments.title or draft.title,
            author=author,
            now=SystemClock().now(),
        )
    print(
        f"Added {added.serial.story.title!r}: {added.serial.story.words:,} words, {added.parts} "
        "parts. It is a draft until its author confirms it in the server: /serial status."
    )


if __name__ == "__main__":
    sys.exit(main())
