"""A stranger's file is read in a process of its own, which may die of it and is soon stopped.
Meanwhile the bot goes on answering."""

import asyncio
import json
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from bot.errors import BadFile
from bot.serials.imports import Draft
from bot.serials.sandboxed import CPU_SECONDS, FAILED, READ, REFUSED
from bot.stories.model import Chapter

_log = logging.getLogger(__name__)

SECONDS = 120  # by the clock: a busy machine may take long over a file that is honest work

_COMMAND = (sys.executable, "-X", "utf8", "-W", "ignore", "-m", "bot.serials.sandboxed")
_ROOT = Path(__file__).parents[2]
# What Python and its libraries are found by; the rest of ours, such as the token, stays here.
_ENVIRONMENT = ("LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH", "SYSTEMROOT")
_OUT_OF_TIME = 0 if sys.platform == "win32" else -signal.SIGXCPU
_LONGEST_ANSWER = 200_000_000  # bytes
_LONGEST_SENTENCE = 1000  # bytes
_DRAFT = TypeAdapter(Draft)
_CHAPTER = TypeAdapter(Chapter)


async def read_story(name: str, data: bytes) -> Draft:
    """As `imports.prepare`. Raises BadFile, also where that takes too long or too much memory."""
    process = await asyncio.create_subprocess_exec(
        *_COMMAND,
        cwd=_ROOT,
        env=_environment(),
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        start_new_session=True,  # where a terminal's Ctrl-C does not reach it
    )
    try:
        async with asyncio.timeout(SECONDS):
            answer = await _ask(process, json.dumps(name).encode() + b"\n" + data)
            code = await process.wait()
    except TimeoutError:
        raise _too_slow(f"{SECONDS} seconds") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code == _OUT_OF_TIME:
        raise _too_slow(f"{CPU_SECONDS} seconds of work")
    if code == REFUSED:
        raise BadFile(answer[:_LONGEST_SENTENCE].decode(errors="replace"))
    with suppress(ValueError):
        if code == READ:
            return await asyncio.to_thread(_draft, answer)
    # A bug of ours, or a file that got the better of a library. Other answers may quote the story.
    where = answer[-_LONGEST_SENTENCE:].decode(errors="replace") if code == FAILED else "no reason"
    _log.error("Reading a story ended with %d: %s", code, where)
    raise BadFile("I can't read that file: save the story as plain text (.txt) and send it again.")


def _environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}


def _too_slow(limit: str) -> BadFile:
    return BadFile(
        f"I stopped reading that file after {limit}: "
        "send the story in smaller pieces, or as plain text."
    )


async def _ask(process: Process, question: bytes) -> bytes:
    """What it answers; the beginning, and then it is killed, where that is too long."""
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(ConnectionError):  # it died before it had heard it all
        process.stdin.write(question)
        await process.stdin.drain()
    process.stdin.close()
    answer = bytearray()
    while piece := await process.stdout.read(1 << 20):
        answer += piece
        if len(answer) > _LONGEST_ANSWER:
            process.kill()
            break
    return bytes(answer)


def _draft(answer: bytes) -> Draft:
    """Chapter by chapter, so that other threads get their turn."""
    head, *chapters = answer.splitlines()
    draft = _DRAFT.validate_json(head)
    found = tuple(map(_CHAPTER.validate_json, chapters))
    return replace(draft, manuscript=replace(draft.manuscript, chapters=found))
