"""What it takes to read and cut a novel, as the bot does it, in a process of its own."""

import asyncio
import io
import sys
import zipfile
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from subprocess import DEVNULL
from time import perf_counter

import mammoth
import psutil
from selectolax.lexbor import LexborHTMLParser

from benchmarks.novels import novel
from bot.serials.sandbox import read_story

WORDS = 120_000
RUNS = 5


@dataclass(frozen=True, slots=True)
class Reading:
    """Medians in seconds: `bare` is what the parser alone needs for the same bytes. `memory` is the
    most that `inspect` holds, its two processes together, in MB."""

    format: str
    whole: float
    bare: float
    memory: float


async def readings(folder: Path) -> AsyncIterator[Reading]:
    for name, data in novel(WORDS).items():
        kind, parse = _PARSERS[name]
        whole, bare = [], []
        for _ in range(RUNS):
            began = perf_counter()
            await read_story(name, data)
            done = perf_counter()
            parse(data)
            whole.append(done - began)
            bare.append(perf_counter() - done)
        path = folder / name
        path.write_bytes(data)
        memory = await asyncio.to_thread(_memory_to_inspect, path)
        yield Reading(kind, median(whole), median(bare), memory)


def _memory_to_inspect(path: Path) -> float:
    command = [sys.executable, "-m", "bot", "inspect", "--json", str(path)]
    peak = 0
    with psutil.Popen(command, stdout=DEVNULL) as process:
        while process.poll() is None:
            with suppress(psutil.NoSuchProcess):
                both = [process, *process.children()]
                peak = max(peak, sum(one.memory_info().rss for one in both))
    return peak / 1e6


def _parse_epub(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            if name.endswith(".xhtml"):
                LexborHTMLParser(archive.read(name))


def _parse_docx(data: bytes) -> None:
    mammoth.convert_to_html(io.BytesIO(data))


_PARSERS: dict[str, tuple[str, Callable[[bytes], object]]] = {
    "novel.txt": ("text", bytes.decode),
    "novel.html": ("HTML", LexborHTMLParser),
    "novel.epub": ("EPUB", _parse_epub),
    "novel.docx": ("DOCX", _parse_docx),
}
