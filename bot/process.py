"""The process: how it ends when a signal asks it to, and what it prints."""

import asyncio
import logging
import os
import signal
import sys
from collections.abc import Coroutine

log = logging.getLogger(__name__)

SIGNALS = (signal.SIGTERM, signal.SIGINT)
LONGEST_STOP = 4.5  # seconds


def quit_on_signals(code: int) -> None:
    """End with this exit code as soon as a signal comes, without a word: for as long as there is
    nothing to finish. As a container's first process it would otherwise be deaf to SIGTERM."""
    for number in SIGNALS:
        signal.signal(number, lambda *_: os._exit(code))
    if hasattr(signal, "SIGHUP"):  # Windows has none
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


def run_until_stopped(main: Coroutine[object, object, None]) -> None:
    """Run `main` to its end, or cancel it when a signal comes. What it hasn't finished after
    LONGEST_STOP is left undone: the next start settles that, as after a crash. Where a signal has
    ended it, this does not return: the process ends with code 0."""
    with asyncio.Runner() as runner:
        loop = runner.get_loop()
        task = loop.create_task(main)

        def cancel() -> None:
            log.info("Stopping")
            task.cancel()

        def stop(*_: object) -> None:
            for number in SIGNALS:
                signal.signal(number, signal.SIG_IGN)
            if hasattr(signal, "setitimer"):
                signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
                signal.setitimer(signal.ITIMER_REAL, LONGEST_STOP)
            if not loop.is_closed():
                loop.call_soon_threadsafe(cancel)

        for number in SIGNALS:
            signal.signal(number, stop)
        try:
            loop.run_until_complete(task)
        except asyncio.CancelledError:
            log.info("Stopped")
            runner.close()
            os._exit(0)  # Python's own end takes seconds where the machine is busy


def say(text: str) -> None:
    """Print it, if anyone listens. Standard output may be closed, or a file on a full disk."""
    try:
        print(text, flush=True)
    except OSError:
        discard_output()


def discard_output() -> None:
    """What was not written would fail once more at the end of the process."""
    if sys.stdout is None:
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
