"""What runs in the sandbox: `python -m bot.serials.sandboxed` takes a file's name, as JSON, a line
end and the file on standard input, and puts out the draft as lines of JSON: all but the chapters,
then each chapter."""

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, replace

from bot.errors import BadFile
from bot.serials.imports import Draft, prepare
from bot.stories.formats import load_readers

if sys.platform != "win32":
    import resource

CPU_SECONDS = 20
MEMORY = 512 << 20  # bytes

_TOO_LARGE = (
    "Reading that file takes more memory than I have: "
    "send the story in smaller pieces, or as plain text."
)
READ, REFUSED, FAILED = 0, 3, 4  # exit codes; Python's own is 1


def main() -> int:
    _limit()
    name, _, data = sys.stdin.buffer.read().partition(b"\n")
    load_readers(data)
    _open_nothing_more()
    try:
        answer, code = "\n".join(_lines(prepare(json.loads(name), data))), READ
    except BadFile as error:
        answer, code = str(error), REFUSED
    except MemoryError:
        answer, code = _TOO_LARGE, REFUSED
    except Exception as error:
        answer, code = _where(error), FAILED
    sys.stdout.write(answer)
    return code


def _limit() -> None:
    """Not on Windows, and where the system refuses, not at all: there it is time alone."""
    if sys.platform == "win32":
        return
    for limit, soft, hard in (
        (resource.RLIMIT_AS, MEMORY, MEMORY),
        (resource.RLIMIT_CPU, CPU_SECONDS, CPU_SECONDS + 1),  # at the first it is told why it ends
        (resource.RLIMIT_FSIZE, 0, 0),  # it writes no files, nor its core
    ):
        with suppress(OSError, ValueError):
            resource.setrlimit(limit, (soft, hard))


def _open_nothing_more() -> None:
    """Neither a file nor a socket; what is open stays so."""
    if sys.platform != "win32":
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _where(error: BaseException) -> str:
    """Which error, and from which lines of code: its own words may quote the story."""
    lines = [type(error).__name__]
    trace = error.__traceback__
    while trace is not None:
        lines.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    return "\n".join(lines)


def _lines(draft: Draft) -> Iterator[str]:
    manuscript = draft.manuscript
    yield json.dumps(asdict(replace(draft, manuscript=replace(manuscript, chapters=()))))
    for chapter in manuscript.chapters:
        yield json.dumps(asdict(chapter))


if __name__ == "__main__":
    sys.exit(main())
