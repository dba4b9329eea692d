"""Files that atheris makes up, guided by what they make the readers do, until one of them gives
neither a story nor a sentence: `python -m tests.bot.stories.formats.fuzz -max_total_time=600`."""

import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from tests.bot.stories.formats.making import FILES

try:
    import atheris
except ImportError:
    sys.exit("Install atheris with `pip install atheris` (on Linux or macOS), then run this again.")

with atheris.instrument_imports(include=["bot"]):
    from bot.errors import UserError
    from bot.serials.imports import prepare

NAMES = sorted(FILES)


def read(data: bytes) -> None:
    """Its first byte says what the file is called."""
    with suppress(UserError):
        prepare(NAMES[data[0] % len(NAMES)] if data else "", data[1:])


def main() -> None:
    with tempfile.TemporaryDirectory() as corpus:
        for number, name in enumerate(NAMES):
            (Path(corpus) / name).write_bytes(bytes([number]) + FILES[name])
        atheris.Setup([*sys.argv, corpus], read)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
