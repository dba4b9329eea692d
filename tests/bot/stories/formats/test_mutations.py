"""Whatever comes instead of a file: a story or a sentence, never anything else.

`MUTATIONS=10000 pytest -k mutations` tries so many; else it is as many as five seconds hold.
"""

import io
import os
import zipfile
from collections.abc import Callable
from itertools import count
from random import Random
from time import monotonic

from bot.errors import UserError
from bot.serials.imports import prepare
from tests.bot.stories.formats.making import FILES, zipped

SECONDS = 5
LARGEST = 200_000  # bytes
LONGEST = 10  # seconds that one file may take
MUTATIONS = int(os.environ.get("MUTATIONS", "0"))


def flipped(data: bytearray, random: Random) -> None:
    for _ in range(random.choice((1, 1, 3, 20))):
        data[random.randrange(len(data))] = random.randrange(256)


def cut(data: bytearray, random: Random) -> None:
    start, end = slice_of(data, random)
    del data[start:end]


def doubled(data: bytearray, random: Random) -> None:
    start, end = slice_of(data, random)
    data[end:end] = data[start:end] * random.choice((1, 2, 100))


def spliced(data: bytearray, random: Random) -> None:
    """With a piece of another file, or of mark-up."""
    other = random.choice(
        [*FILES.values(), b"<p><i><b>", b"&#0;&bogus;", b"]]>", b"\xff\xfe", b"\n# "]
    )
    start, end = slice_of(other, random)
    place = random.randrange(len(data))
    data[place : place + random.choice((0, 0, 10))] = other[start:end]


def swapped(data: bytearray, random: Random) -> None:
    """What stands between two tags, or words, with what stands elsewhere."""
    parts = bytes(data).split(b"<" if b"<" in data else b" ")
    one, other = random.randrange(len(parts)), random.randrange(len(parts))
    parts[one], parts[other] = parts[other], parts[one]
    data[:] = (b"<" if b"<" in data else b" ").join(parts)


def slice_of(data: bytes | bytearray, random: Random) -> tuple[int, int]:
    start = random.randrange(len(data))
    return start, start + random.choice((1, 4, 30, 300, len(data)))


MUTATORS: tuple[Callable[[bytearray, Random], None], ...] = (
    flipped,
    cut,
    doubled,
    spliced,
    swapped,
)


def mutated(data: bytes, random: Random) -> bytes:
    found = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 5))):
        if found:
            random.choice(MUTATORS)(found, random)
            del found[LARGEST:]
    return bytes(found)


def mutated_within(data: bytes, random: Random) -> bytes:
    """An archive in order, and a member of it that is not."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    name = random.choice(list(members))
    content = members.pop(name)
    if random.random() < 0.9:
        members[name] = mutated(content, random)
    return zipped(members)


def test_a_mutated_file_is_a_story_or_refused() -> None:
    """Each by its number, so that what fails can be made again."""
    ends = monotonic() + SECONDS
    for number in range(MUTATIONS) if MUTATIONS else count():
        if not MUTATIONS and monotonic() > ends:
            break
        random = Random(number)
        name = random.choice(list(FILES))
        within = FILES[name].startswith(b"PK") and random.random() < 0.8
        data = (mutated_within if within else mutated)(FILES[name], random)
        began = monotonic()
        try:
            prepare(name, data)
        except UserError:
            pass
        except Exception as error:
            raise AssertionError(f"mutation {number}, of {name}") from error
        assert monotonic() - began < LONGEST, f"mutation {number}, of {name}"
