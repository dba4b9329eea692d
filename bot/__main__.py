"""The command line: `python -m bot COMMAND`."""

import argparse
import asyncio
import json
import os
import sys
from pathlib import Path

from bot.process import discard_output, quit_on_signals, run_until_stopped, say

if __name__ == "__main__":  # what follows takes a second to load
    quit_on_signals(0 if sys.argv[1:] in ([], ["run"]) else 130)

from rich.console import Console
from sqlalchemy.exc import DBAPIError

from bot import logs
from bot.clock import SystemClock
from bot.companion.asked_files import ask
from bot.config import Settings, complaints
from bot.db.engine import open_database
from bot.errors import BadFile, BadInput, UserError
from bot.people import service as people
from bot.people.service import Member
from bot.serials import drafts
from bot.serials.imports import Draft
from bot.serials.inspect import chapter_names, inspect, places
from bot.serials.sandbox import read_story
from bot.stories.formats import MAX_BYTES


def main() -> int:
    arguments = _parser().parse_args()
    try:
        settings = Settings()
    except (OSError, ValueError) as error:
        print(complaints(error), file=sys.stderr)
        return 2
    logs.configure(settings.log_level)
    try:
        _do(settings, arguments)
        if sys.stdout is not None:
            sys.stdout.flush()
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # whoever read it has read enough
        discard_output()
        return 1
    except OSError as error:
        discard_output()
        print(f"That failed: {error}", file=sys.stderr)
        return 1
    except DBAPIError as error:
        print(f"The database failed (DATABASE_URL): {error.orig}", file=sys.stderr)
        return 1
    return 0


def _do(settings: Settings, arguments: argparse.Namespace) -> None:
    match arguments.command:
        case "inspect":
            asyncio.run(_inspect(arguments.file, as_json=arguments.json))
        case "ask":
            asyncio.run(_ask(arguments.file, arguments.question, as_json=arguments.json))
        case "import":
            asyncio.run(_import(settings, arguments))
        case "check":
            asyncio.run(_check(settings))
        case _:
            run_until_stopped(_run(settings))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description="Cliffhanger")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser("run", help="run the bot (the default); needs DISCORD_TOKEN")
    commands.add_parser("check", help="check the settings and bring the database up to date")
    inspect_file = commands.add_parser("inspect", help="show what the bot makes of a story's file")
    inspect_file.add_argument("file", type=Path)
    inspect_file.add_argument("--json", action="store_true")
    ask_file = commands.add_parser("ask", help="what a story's readers are answered, at its end")
    ask_file.add_argument("file", type=Path)
    ask_file.add_argument("question")
    ask_file.add_argument("--json", action="store_true")
    import_file = commands.add_parser("import", help="add a story as a draft of a member's")
    import_file.add_argument("file", type=Path)
    import_file.add_argument("--server", type=int, help="its Discord id; the only one if not said")
    import_file.add_argument(
        "--owner", type=int, help="the author's Discord id; else the server's owner"
    )
    import_file.add_argument("--title")
    import_file.add_argument("--author", help="the name it is published under")
    return parser


async def _run(settings: Settings) -> None:
    if settings.discord_token is None:
        raise BadInput("DISCORD_TOKEN is not set: put it into .env, or try the playground first.")
    from bot import app  # loading discord.py takes longer than inspecting a story

    token = settings.discord_token.get_secret_value()
    await app.run(settings, SystemClock(), token, ready=lambda bot: _say_invite(bot.invite()))


def _say_invite(address: str) -> None:
    say(f"Cliffhanger is running. To add it to a server: {address}")


async def _check(settings: Settings) -> None:
    async with open_database(settings.database_url):
        say("The database is there and up to date.")
    say(f"DISCORD_TOKEN is {'set' if settings.discord_token else 'not set'}.")


async def _read(path: Path, *, quiet: bool = False) -> Draft:
    """On a terminal it shows that it is at work; where the output goes elsewhere, rich does not."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)  # as much as it takes to see that it is too much
    except OSError as error:
        raise BadFile(f"{path} can't be read: {os.strerror(error.errno or 0)}.") from None
    with Console(quiet=quiet).status("Reading …"):
        return await read_story(path.name, data)


async def _inspect(path: Path, *, as_json: bool) -> None:
    draft = await _read(path, quiet=as_json)
    found = inspect(draft)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    author = found["author"] or "an unnamed author"
    print(f"{found['title'] or path.stem} by {author}: {found['words']:,} words")
    for note in found["front_matter"]:
        print(f"  kept, not posted: {note[:100]}")
    for name, chapter in zip(chapter_names(draft), found["chapters"], strict=True):
        print(f"  {name}: {chapter['words']:,} words, {chapter['excerpts']} parts")
    for warning in found["warnings"]:
        print(f"  note: {warning}")
    for place, excerpt in zip(places(draft), found["excerpts"], strict=True):
        print(f"\n--- {place}: {excerpt['words']} words ---\n{excerpt['text']}")


async def _ask(path: Path, question: str, *, as_json: bool) -> None:
    draft = await _read(path, quiet=as_json)
    found = ask(draft, question)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    if not found["passages"]:
        print("Nothing in the story speaks of that.")
    shown = places(draft)
    for passage in found["passages"]:
        print(f"--- {shown[passage['excerpt'] - 1]} ---")
        print(f"{passage['text']}\n")


async def _import(settings: Settings, arguments: argparse.Namespace) -> None:
    draft = await _read(arguments.file)
    author = arguments.author or draft.manuscript.author or "its author"
    async with open_database(settings.database_url) as database:
        known = await database.read(people.known_guilds)
        server = arguments.server or (next(iter(known)) if len(known) == 1 else None)
        if server is None:
            raise BadInput("Say which server with --server and its Discord id.")
        owner = arguments.owner or known.get(server)
        if owner is None:
            raise BadInput("Say whose story it is with --owner and their Discord id.")
        added = await database.write(
            drafts.add,
            Member(owner, author, server),
            server,
            draft,
            title=arguments.title or draft.title,
            author=author,
            now=SystemClock().now(),
            most=settings.story_quota,
        )
    say(
        f"Added {added.serial.story.title!r}: {added.serial.story.words:,} words, {added.parts} "
        "parts. It is a draft until its author confirms it in the server: /serial status."
    )


if __name__ == "__main__":
    sys.exit(main())
