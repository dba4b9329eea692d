"""Migrations that die before their n-th statement: of an exception, or by SIGKILL.

Run as a program, it forks for each line "N PATH" and answers with the signal that ended the fork.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, event

from bot.db import migrate
from tests.conftest import ROOT


class Killed(BaseException):
    """Nothing may catch it."""


@contextmanager
def before_statement(number: int, die: Callable[[], None]) -> Iterator[None]:
    """`die` comes before that statement of any connection; a commit is one as well."""
    count = 0

    def statement(*_: object) -> None:
        nonlocal count
        count += 1
        if count == number:
            die()

    for name in ("before_cursor_execute", "commit"):
        event.listen(Engine, name, statement)
    try:
        yield
    finally:
        for name in ("before_cursor_execute", "commit"):
            event.remove(Engine, name, statement)


def raise_killed() -> None:
    raise Killed


@contextmanager
def killer() -> Iterator[Callable[[int, Path], bool]]:
    """A function that migrates a file in a process which is killed before the statement. It says
    whether that came: there may be fewer."""
    with subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=ROOT,
        text=True,
    ) as process:
        stdin, stdout = process.stdin, process.stdout
        assert stdin is not None
        assert stdout is not None

        def kill(number: int, path: Path) -> bool:
            print(number, path, file=stdin, flush=True)
            ended = int(stdout.readline())
            assert ended in (0, signal.SIGKILL)
            return ended == signal.SIGKILL

        yield kill
        stdin.close()


def main() -> None:
    for line in sys.stdin:
        number, _, path = line.strip().partition(" ")
        pid = os.fork()
        if pid == 0:
            with before_statement(int(number), lambda: os.kill(os.getpid(), signal.SIGKILL)):
                migrate.upgrade_file(Path(path))
            os._exit(0)
        _, status = os.waitpid(pid, 0)
        print(os.WTERMSIG(status) or os.WEXITSTATUS(status), flush=True)


if __name__ == "__main__":
    main()
