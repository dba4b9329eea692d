"""Quotes: one a passage, with a number for good, and nothing from beyond the reader's horizon."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, delete

from bot.community import service as community
from bot.companion import places, quotes
from bot.companion import service as companion
from bot.companion.places import Stored
from bot.companion.quotes import LONGEST, Quote, Wanted
from bot.companion.tables import quotes as table
from bot.db.engine import Database
from bot.delivery import queue
from bot.delivery import service as outbox
from bot.delivery.rules import State
from bot.errors import BadInput, Conflict, NotAllowed, NotFound
from bot.people import service as people
from bot.people.service import Member
from bot.serials import pages
from bot.serials.records import Actor, Serial
from bot.stories.model import Position
from tests.bot.companion.test_spoilers import copy
from tests.bot.serials.making import (
    AUTHOR,
    ELSEWHERE,
    GUILD,
    MARA,
    MODERATOR,
    NOW,
    READER,
    STORIES,
    days,
    draft,
    published,
)

INES = Member(3, "Ines", GUILD)
ANY = Wanted()


def line(theme: str, number: int) -> str:
    return f"Sentence number {number} of the {theme} has exactly these ten words."


def save(
    conn: Connection, serial: Serial, theme: str, number: int, member: Member = READER
) -> Quote:
    """Save one sentence, from whichever part it stands in."""
    for nth in range(1, pages.last_published(conn, serial.id) + 1):
        part = pages.numbered(conn, serial.id, nth)
        assert part is not None
        with suppress(BadInput):
            typed = line(theme, number)
            return quotes.save(conn, member, GUILD, part.id, 0, typed, NOW)[0]
    raise AssertionError(f"{theme} {number} is not out")


def at_part(conn: Connection, member: Member, serial: Serial, number: int | None) -> None:
    companion.set_place(conn, member, serial.id, serial.story.id, number, NOW)


def seen(conn: Connection, member: Member, serial: Serial, wanted: Wanted = ANY) -> set[int]:
    """The numbers of all that the reader finds, going from one to another."""
    try:
        found = quotes.find(conn, member, serial, wanted, 0)
    except NotFound:
        return set()
    numbers: set[int] = set()
    while found.number not in numbers:
        numbers.add(found.number)
        found = quotes.another(conn, member, serial, wanted, found.number)
    return numbers


async def test_a_passage_is_saved_once_whoever_saves_it(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 2)
        part = pages.numbered(conn, serial.id, 1)
        assert part is not None
        typed = f'{line("oil", 3)}  "'.removesuffix('  "')
        first, is_new = quotes.save(conn, READER, GUILD, part.id, 0, typed, NOW)
        assert (first.text, first.name, is_new) == (typed, "Tobias", True)
        assert first.part == part
        again, is_new = quotes.save(conn, INES, GUILD, part.id, 0, f" {typed}\n", NOW)
        assert (again, is_new) == (first, False)
        other, is_new = quotes.save(conn, INES, GUILD, part.id, 0, line("oil", 4), NOW)
        assert (other.name, is_new) == ("Ines", True)

    await database.write(use_case)


async def test_what_does_not_stand_there_is_not_saved(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 2)
        part = pages.numbered(conn, serial.id, 1)
        planned = pages.numbered(conn, serial.id, 3)
        assert part is not None
        assert planned is not None

        def refused(error: type[Exception], said: str, typed: str, excerpt_id: int) -> None:
            with pytest.raises(error, match=said):
                quotes.save(conn, READER, GUILD, excerpt_id, 0, typed, NOW)

        refused(BadInput, "does not stand in this part", "Sentence number three", part.id)
        refused(BadInput, "does not stand in this part", line("wick", 3), part.id)
        whole = quotes.page_text(conn, GUILD, part.id, 0)
        refused(BadInput, f"{len(whole):,} characters in .*a quote {LONGEST}", whole, part.id)
        refused(Conflict, "only just being posted", line("wick", 3), planned.id)
        with pytest.raises(NotFound):
            quotes.save(conn, READER, ELSEWHERE, part.id, 0, line("oil", 3), NOW)
        assert quotes.save(conn, READER, GUILD, part.id, 0, whole[:LONGEST], NOW)[1]

    await database.write(use_case)


async def test_a_quote_has_three_words(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        part = pages.numbered(conn, serial.id, 1)
        assert part is not None
        whole = line("oil", 3)
        first = whole.split()
        for typed in (first[0][0], first[0], " ".join(first[:2])):
            with pytest.raises(BadInput, match="a quote has at least 3 words"):
                quotes.save(conn, READER, GUILD, part.id, 0, typed, NOW)
        assert quotes.save(conn, READER, GUILD, part.id, 0, " ".join(first[:3]), NOW)[1]

    await database.write(use_case)


async def test_a_part_of_several_pages(database: Database) -> None:
    """Each page is trimmed by itself, and what is typed is found on it and on those before."""

    def use_case(conn: Connection) -> None:
        serial = published(conn, 1, draft("oil", words=700, length=700))
        part = pages.numbered(conn, serial.id, 1)
        assert part is not None
        assert len(part.pages) > 1
        texts = [quotes.page_text(conn, GUILD, part.id, page) for page in range(len(part.pages))]
        last = len(texts) - 1
        saved = []
        for number, text in enumerate(texts):
            assert text == pages.page(conn, part, number).text
            typed = text[:120]
            quote, is_new = quotes.save(conn, READER, GUILD, part.id, number, typed, NOW)
            assert (quote.text, is_new) == (typed.strip(), True)
            saved.append(quote)
            assert quotes.save(conn, READER, GUILD, part.id, last, typed, NOW) == (quote, False)
        across = f"{texts[0][-60:]} {texts[1][:60]}"
        with pytest.raises(BadInput):
            quotes.save(conn, READER, GUILD, part.id, 0, across, NOW)
        quote, _ = quotes.save(conn, READER, GUILD, part.id, 1, across, NOW)
        assert quote.text.split() == across.split()
        companion.turn_to(conn, INES, GUILD, serial.id, 1, 0, NOW)
        assert seen(conn, INES, serial) == {saved[0].number}  # the first page is all that was shown

    await database.write(use_case)


async def test_saving_moves_no_horizon_and_ones_own_are_seen(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 3)
        mine = save(conn, serial, "wick", 2)
        assert companion.horizon_of(conn, READER, serial.id, serial.story.id) is None
        assert seen(conn, READER, serial) == {mine.number}
        assert seen(conn, INES, serial) == set()
        at_part(conn, INES, serial, 3)
        assert seen(conn, INES, serial) == {mine.number}

    await database.write(use_case)


async def test_numbers_never_shift(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 2)
        at_part(conn, INES, serial, None)
        saved = [save(conn, serial, "oil", n) for n in range(3)]
        for quote in saved[1:]:
            quotes.remove(conn, AUTHOR, GUILD, quote.id, NOW)
        assert seen(conn, INES, serial) == {saved[0].number}
        other = save(conn, serial, "oil", 7)
        assert other.number not in {quote.number for quote in saved}
        assert seen(conn, INES, serial) == {saved[0].number, other.number}

    await database.write(use_case)


async def test_a_number_says_nothing_of_other_quotes(database: Database) -> None:
    """However many are saved before it, or lie ahead."""

    def alone(conn: Connection) -> int:
        return save(conn, published(conn, 3), "oil", 5).number

    def among_others(conn: Connection) -> int:
        serial = published(conn, 3)
        for theme, number in (("oil", 1), ("oil", 2), ("wick", 1), ("wick", 2)):
            save(conn, serial, theme, number)
        return save(conn, serial, "oil", 5).number

    assert await database.write(alone) == await database.write(among_others)


async def test_no_two_quotes_of_a_story_have_one_number(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quotes, "NUMBERS", 1)

    def use_case(conn: Connection) -> None:
        serial = published(conn, 2)
        assert [save(conn, serial, "oil", n).number for n in range(3)] == [1, 2, 3]

    await database.write(use_case)


async def test_who_may_remove_and_what_becomes_of_the_passage(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 2)
        mine, moderated = save(conn, serial, "oil", 1), save(conn, serial, "oil", 2)
        with pytest.raises(NotAllowed):
            quotes.remove(conn, Actor(INES), GUILD, mine.id, NOW)
        with pytest.raises(NotFound):
            quotes.remove(conn, MODERATOR, ELSEWHERE, mine.id, NOW)
        quotes.remove(conn, Actor(READER), GUILD, mine.id, NOW)
        quotes.remove(conn, MODERATOR, GUILD, moderated.id, NOW)
        with pytest.raises(NotFound, match="not here any more"):
            quotes.remove(conn, Actor(READER), GUILD, mine.id, NOW)
        mended = save(conn, serial, "oil", 1)  # a mistake
        assert mended.number not in (mine.number, moderated.number)
        with pytest.raises(Conflict, match="removed from the quotes"):
            save(conn, serial, "oil", 2, INES)
        assert save(conn, serial, "oil", 2, MARA).number == moderated.number

    await database.write(use_case)


async def test_what_is_looked_for(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 3)
        at_part(conn, INES, serial, None)
        three, one, two = (
            save(conn, serial, theme, number, who).number
            for theme, number, who in (("wick", 1, INES), ("oil", 1, READER), ("oil", 11, INES))
        )
        assert seen(conn, INES, serial, Wanted(text="OF THE OIL")) == {one, two}
        assert seen(conn, INES, serial, Wanted(text="number 1")) == {one, two, three}
        assert seen(conn, INES, serial, Wanted(character="wick")) == {three}
        assert seen(conn, INES, serial, Wanted(character="wic")) == set()
        assert seen(conn, INES, serial, Wanted(saver=READER.discord_id)) == {one}
        assert seen(conn, INES, serial, Wanted(saver=4711)) == set()
        assert seen(conn, INES, serial, Wanted(number=two)) == {two}
        assert seen(conn, INES, serial, Wanted(text="oil", saver=INES.discord_id)) == {two}
        for nth, number in enumerate((one, two, three), start=1):
            assert seen(conn, INES, serial, Wanted(nth=nth)) == {number}
        assert seen(conn, INES, serial, Wanted(nth=4)) == set()
        given = {quotes.find(conn, INES, serial, ANY, seed).number for seed in range(50)}
        assert given == {one, two, three}

    await database.write(use_case)


async def test_what_the_erased_saved_is_a_readers_and_not_everybodys(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 3)
        quote = save(conn, serial, "wick", 2)
        community.erase(conn, READER, NOW)
        assert seen(conn, INES, serial) == set()  # whom we do not know
        at_part(conn, INES, serial, 1)
        assert seen(conn, INES, serial) == set()
        at_part(conn, INES, serial, 3)
        assert seen(conn, INES, serial) == {quote.number}
        assert seen(conn, INES, serial, Wanted(saver=READER.discord_id)) == set()
        found = quotes.find(conn, INES, serial, ANY, 0)
        assert (found.saver, found.name) == (None, None)

    await database.write(use_case)


async def test_nothing_found_reads_the_same(database: Database) -> None:
    def use_case(conn: Connection) -> set[str]:
        serial = published(conn, 3)
        at_part(conn, INES, serial, 1)
        beyond = save(conn, serial, "wick", 2)
        said = set()
        for wanted in (Wanted(number=beyond.number), Wanted(nth=1), Wanted(text="wick"), ANY):
            with pytest.raises(NotFound) as refused:
                quotes.find(conn, INES, serial, wanted, 0)
            said.add(str(refused.value))
        return said

    assert len(await database.write(use_case)) == 1


async def test_what_shows_a_quote_goes_with_it(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 2)
        first, other = save(conn, serial, "oil", 1), save(conn, serial, "oil", 2)
        for n, quote in enumerate((first, first, other)):
            quotes.shared(conn, quote, STORIES, 9000 + n)
        row = outbox.by_message(conn, GUILD, 9001)
        assert row is not None
        assert quotes.of_message(conn, row) == first.id
        quotes.remove(conn, AUTHOR, GUILD, first.id, NOW)
        assert going(conn) == {9000, 9001}
        community.remove_serial(conn, AUTHOR, GUILD, serial.id, "REMOVE", "", NOW)
        assert 9002 in going(conn)
        assert conn.execute(table.select()).all() == []

    def going(conn: Connection) -> set[int | None]:
        due = queue.due(conn, 1 << 50)
        rows = [outbox.by_message(conn, GUILD, message_id) for message_id in range(9000, 9003)]
        assert due
        return {row.message_id for row in rows if row and row.state is State.DELETING}

    await database.write(use_case)


SAVED = [
    ("wick", 8, MARA), ("oil", 1, READER), ("flame", 0, MARA), ("oil", 19, MARA),
    ("wick", 20, READER), ("oil", 12, MARA),
]  # fmt: skip
WANTED = st.builds(
    Wanted,
    text=st.sampled_from([None, "oil", "number 1", "nothing"]),
    character=st.sampled_from([None, "wick", "oil"]),
    saver=st.sampled_from([None, READER.discord_id, MARA.discord_id]),
    nth=st.none() | st.integers(1, 9),
)


@settings(max_examples=settings().max_examples // 2)
@given(st.sampled_from(SAVED), st.integers(-80, 80), WANTED, st.integers(0, 1 << 30))
def test_beyond_the_horizon_there_is_nothing(
    near: tuple[str, int, Member], off: int, wanted: Wanted, seed: int
) -> None:
    """What is found, by someone who has read to about the end of one, is what is found where nobody
    ever saved anything further on."""
    with copy() as (conn, serial):
        days(conn, 5)
        ends = {}
        for theme, number, who in SAVED:
            *_, last = save(conn, serial, theme, number, who).paragraphs
            ends[theme, number] = Position(last.at.ordinal, last.at.offset + len(last.text))
        end = ends[near[0], near[1]]
        horizon = Position(end.ordinal, max(0, end.offset + off))
        ines = people.person_id(conn, INES, NOW)
        places.save(conn, ines, serial.story.id, Stored(horizon, horizon))
        limit = companion.horizon_of(conn, INES, serial.id, serial.story.id)
        assert limit is not None
        whole = told(conn, serial, wanted, seed)
        ends = {
            row.id: Position(row.end_ordinal, row.end_offset)
            for row in conn.execute(table.select())
        }
        beyond = [quote_id for quote_id, end in ends.items() if end > limit]
        conn.execute(delete(table).where(table.c.id.in_(beyond)))
        assert told(conn, serial, wanted, seed) == whole


def told(conn: Connection, serial: Serial, wanted: Wanted, seed: int) -> tuple[object, ...]:
    try:
        found = quotes.find(conn, INES, serial, wanted, seed)
    except NotFound as error:
        return (str(error),)
    following = quotes.another(conn, INES, serial, wanted, found.number)
    return found, following, seen(conn, INES, serial, wanted)
