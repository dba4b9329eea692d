"""A stranger's file is read in a process of its own, which may die of it and is soon stopped.
Meanwhile the bot goes on answering."""

import asyncio
import json
import logging
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from bot.errors import BadFile
from bot.serials.imports import Draft
from bot.serials.sandboxed import READ, REFUSED, SECONDS
from bot.stories.model import Chapter

_log = logging.getLogger(__name__)

_COMMAND = (sys.executable, "-X", "utf8", "-W", "ignore", "-m", "bot.serials.sandboxed")
_ROOT = Path(__file__).parents[2]
_LONGEST_ANSWER = 200_000_000  # bytes
_DRAFT = TypeAdapter(Draft)
_CHAPTER = TypeAdapter(Chapter)


async def read_story(name: str, data: bytes) -> Draft:
    """As `imports.prepare`. Raises BadFile, also where that takes too long or too much memory."""
    process = await asyncio.create_subprocess_exec(
        *_COMMAND, cwd=_ROOT, stdin=PIPE, stdout=PIPE, stderr=STDOUT, start_new_session=True
    )  # in a session of its own, where a terminal's Ctrl-C does not reach it
    try:
        async with asyncio.timeout(SECONDS):
            answer = await _ask(process, json.dumps(name).encode() + b"\n" + data)
            code = await process.wait()
    except TimeoutError:
        raise BadFile(
            f"I stopped reading that file after {SECONDS} seconds: "
            "send the story in smaller pieces, or as plain text."
        ) from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code == REFUSED:
        raise BadFile(answer.decode(errors="replace"))
    with suppress(ValueError):
        if code == READ:
            return await asyncio.to_thread(_draft, answer)
    # A bug of ours, or a file that got the better of a library.
    _log.error("Reading a story ended with %d: %s", code, answer[-2000:].decode(errors="replace"))
    raise BadFile("I can't read that file: save the story as plain text (.txt) and send it anew.")


async def _ask(process: Process, question: bytes) -> bytes:
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(ConnectionError):  # it died before it had heard it all
        process.stdin.write(question)
        await process.stdin.drain()
    process.stdin.close()
    answer = bytearray()
    while len(answer) < _LONGEST_ANSWER and (piece := await process.stdout.read(1 << 20)):
        answer += piece
    return bytes(answer)


def _draft(answer: bytes) -> Draft:
    """Chapter by chapter, so that other threads get their turn."""
    head, *chapters = answer.splitlines()
    draft = _DRAFT.validate_json(head)
    found = tuple(map(_CHAPTER.validate_json, chapters))
    return replace(draft, manuscript=replace(draft.manuscript, chapters=found))
