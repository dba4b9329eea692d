"""Notes that are posted with their parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import NotAllowed, NotFound
from bot.serials import drafts, excerpts, notes, pages
from bot.serials.imports import Draft, prepare
from bot.serials.records import Serial
from bot.stories import markup
from bot.stories.model import Block, Kind, Run, Shown
from tests.bot.serials.making import AUTHOR, GUILD, MODERATOR, active, add, days, draft, prose

STORY = """\
Title: The Lantern
Author: Mara
Rating: PG
Pairing: Edda/Tomas
Warnings: drowning
A/N: For Ann.

## Chapter 1: Oil

CW: a storm, {long}

{oil}

A/N: Thank you for reading!

## Chapter 2: Wick

A/N: We go on.

{wick}
"""


def noted(long: str = "and a wreck", words: int = 520) -> Draft:
    text = STORY.format(oil=prose("oil", words), wick=prose("wick", words), long=long)
    return prepare("lantern.txt", text.encode())


def posts(conn: Connection, serial: Serial) -> list[list[str]]:
    """The pages of each part."""
    found = []
    number = 1
    while part := pages.numbered(conn, serial.id, number):
        found.append([pages.page(conn, part, page).text for page in range(len(part.pages))])
        number += 1
    return found


def notes_in(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("> ")]


async def test_notes_are_posted_where_the_author_put_them(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        first, second, third, last = posts(conn, add(conn, noted()))
        assert notes_in("\n".join(first)) == [
            "> Warnings: ||drowning||",
            "> CW: ||a storm, and a wreck||",
        ]
        assert first[0].startswith("> Warnings: ||drowning||\n\n> CW:")
        assert second[-1].endswith("> A/N: Thank you for reading!")
        assert third[0].startswith("> A/N: We go on.")
        assert notes_in("\n".join(last)) == []

    await database.write(use_case)


async def test_a_short_note_and_its_part_are_one_message(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        first, *_ = posts(conn, add(conn, noted(words=180)))
        assert len(first) == 1
        assert first[0].endswith("> A/N: Thank you for reading!")

    await database.write(use_case)


async def test_a_long_note_takes_pages_of_its_own_within_the_limit(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = add(conn, noted(long=" ".join(f"peril number {n}," for n in range(300))))
        first, *_ = posts(conn, serial)
        assert len(first) > 3
        assert all(markup.length(page) <= excerpts.PAGE_LENGTH for page in first)
        for line in first[0].splitlines()[2:]:
            assert line.endswith("||")  # nothing of it stands open
        for page in first[1:-1]:
            assert page.startswith("> ||")
            assert page.endswith("||")
        assert "peril number 299" in "".join(first[:-1])

    await database.write(use_case)


async def test_its_author_says_what_is_done_with_each(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = add(conn, noted())
        before = posts(conn, serial)
        told = [
            (piece.kind, piece.text.split(":")[0], piece.count, piece.shown, piece.next)
            for piece in notes.pieces(conn, serial)
        ]
        assert told == [
            (Kind.LABEL, "Pairing", 1, Shown.DROP, Shown.POST),
            (Kind.WARNING, "Warnings", 1, Shown.POST, Shown.KEEP),
            (Kind.NOTE, "A/N", 1, Shown.KEEP, Shown.DROP),
            (Kind.NOTE, "A/N", 2, Shown.POST, Shown.DROP),
            (Kind.WARNING, "CW", 1, Shown.POST, Shown.DROP),
        ]
        front = notes.pieces(conn, serial)[2].ordinal
        assert front is not None
        notes.show(conn, AUTHOR, GUILD, serial.id, front, Shown.POST)
        notes.show(conn, AUTHOR, GUILD, serial.id, Kind.NOTE, Shown.DROP)
        first, second, third, _ = posts(conn, serial)
        assert notes_in("\n".join(first))[1] == "> A/N: For Ann."
        assert notes_in("\n".join(second + third)) == []
        notes.show(conn, AUTHOR, GUILD, serial.id, front, Shown.KEEP)
        notes.show(conn, AUTHOR, GUILD, serial.id, Kind.NOTE, Shown.POST)
        assert posts(conn, serial) == before
        with pytest.raises(NotAllowed):
            notes.show(conn, MODERATOR, GUILD, serial.id, front, Shown.DROP)
        with pytest.raises(NotFound):
            notes.show(conn, AUTHOR, GUILD, serial.id, 4711, Shown.DROP)

    await database.write(use_case)


async def test_what_is_posted_stays_as_it_is(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn, noted())
        days(conn, 1)
        before = posts(conn, serial)
        for posted in (Kind.WARNING, 0):
            with pytest.raises(NotFound, match="has been posted"):
                notes.show(conn, AUTHOR, GUILD, serial.id, posted, Shown.DROP)
        notes.show(conn, AUTHOR, GUILD, serial.id, Kind.NOTE, Shown.DROP)
        after = posts(conn, serial)
        assert after[0] == before[0]
        assert notes_in("\n".join(after[1])) == []

    await database.write(use_case)


async def test_a_note_above_the_next_chapter_is_posted_with_it(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn, draft("oil"))
        text = f"A/N: Late, I know!\n\nTitle: The Lantern\n\n{prose('flame', 200)}"
        more = add(conn, prepare("next.txt", text.encode()))
        assert notes_in(posts(conn, more)[0][0]) == []
        drafts.append(conn, AUTHOR, GUILD, serial.id, more.id)
        *_, (page,) = posts(conn, serial)
        assert page.startswith("> A/N: Late, I know!\n\nSentence number 0 of the flame")
        assert all(piece.ordinal is None for piece in notes.pieces(conn, serial))

    await database.write(use_case)


async def test_arranging_twice_changes_nothing(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = add(conn, noted(long="drops, " * 500))
        before = posts(conn, serial)
        for _ in range(3):
            notes.arrange(conn, serial.id, serial.story.id)
        assert posts(conn, serial) == before

    await database.write(use_case)


texts = st.text(st.sampled_from("ab \n*|:>.,"), min_size=1, max_size=80)


@given(texts, st.sampled_from([Kind.NOTE, Kind.WARNING]), st.data())
def test_nothing_of_a_warning_stands_outside_of_its_bars(
    text: str, kind: Kind, data: st.DataObject
) -> None:
    block = Block(kind, (Run(text),), text, Shown.POST)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    shown = excerpts.note(block, start, end)
    hidden = text[max(start, text.find(":") + 1) : end].strip()
    if kind is Kind.WARNING and hidden:
        lines = [line for line in shown.splitlines() if line.strip("> ")]
        assert lines[-1].endswith("||")
    if text[start:end].strip():
        assert all(line.startswith(">") for line in shown.splitlines())
    else:
        assert shown.strip("> ") == ""
