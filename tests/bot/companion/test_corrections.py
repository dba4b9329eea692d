"""A new version taken: readers stay where they are, and a serial that goes on meanwhile is met."""

import asyncio

import pytest
from sqlalchemy import Connection

from bot.companion import corrections, places, quotes, search, subscriptions
from bot.companion import service as companion
from bot.companion.keeping import Draft
from bot.companion.places import Stored
from bot.companion.quotes import Wanted
from bot.db.engine import Database
from bot.errors import Conflict
from bot.jobs import service as jobs
from bot.people import service as people
from bot.people.service import Member
from bot.serials import earlier, pages, posting, revising, service, updating
from bot.serials.records import Serial
from bot.serials.revising import Change
from bot.stories import service as stories
from bot.stories.model import Position
from tests.bot.companion import casting
from tests.bot.companion.test_service import reached
from tests.bot.companion.test_service import read as mark_read
from tests.bot.serials.making import (
    AUTHOR,
    DAY,
    GUILD,
    NINE,
    NOW,
    READER,
    STORIES,
    days,
    prose,
    published,
)
from tests.bot.serials.taking import file, keep, read, texts

TEXT = prose("oil", 1100).replace("\n\n", " ")  # one paragraph, of several parts
BETTER = TEXT.replace("number 2 of", "number 2 out of").replace("number 30 of", "number 30 in")
HEAD = "# The Lantern\n\nBy Mara\n\n## One\n\n"
WORDS = ("Sentence number 1 ", "Sentence number 3 ", "number 29 ", "exactly", "number 31 ")


async def test_readers_stay_at_the_words_they_were_at(database: Database) -> None:
    readers = [Member(40 + n, f"Reader {n}", GUILD) for n in range(len(WORDS))]

    def begin(conn: Connection) -> tuple[Serial, Serial]:
        serial, other = published(conn, 2, read(HEAD + TEXT)), published(conn, 1, read(HEAD + TEXT))
        mark_read(conn, 1, serial)
        mark_read(conn, 1, other)
        for reader, word in zip(readers, WORDS, strict=True):
            place = Position(3, TEXT.index(word))
            person_id = people.person_id(conn, reader, NOW)
            places.save(conn, person_id, serial.story.id, Stored(place, place))
            subscriptions.subscribe(conn, reader, serial, 77, NOW)
        return serial, other

    def check(conn: Connection, serial: Serial, other: Serial, text: str) -> None:
        for reader, word in zip(readers, WORDS, strict=True):
            place = Position(3, text.index(word))
            person_id = people.find(conn, reader.discord_id)
            assert places.load(conn, person_id, serial.story.id) == Stored(place, place)
            subscribed = subscriptions.mine(conn, reader, serial.id)
            assert subscribed is not None
            assert subscribed.place == place
        for one in (serial, other):
            first = pages.numbered(conn, one.id, 1)
            assert first is not None
            stored = places.load(conn, people.find(conn, READER.discord_id), one.story.id)
            assert stored == Stored(first.end, first.end)
            assert reached(conn, one) == 1

    serial, other = await database.write(begin)
    for correcting, text in ((False, TEXT), (True, BETTER)):
        version = await database.write(keep, serial, HEAD + BETTER)
        await corrections.take(database, AUTHOR, GUILD, version, correcting=correcting)
        await database.write(check, serial, other, text)


async def test_a_quote_keeps_its_words(database: Database) -> None:
    """Words before it in its paragraph are corrected."""
    quoted = "Sentence number 3 of the oil has exactly these ten words."

    def begin(conn: Connection) -> Serial:
        serial = published(conn, 2, read(HEAD + TEXT))
        part = pages.numbered(conn, serial.id, 1)
        assert part is not None
        quotes.save(conn, READER, GUILD, part.id, 0, quoted, NOW)
        return serial

    serial = await database.write(begin)
    version = await database.write(keep, serial, HEAD + BETTER)
    await corrections.take(database, AUTHOR, GUILD, version, correcting=True)
    found = await database.read(quotes.find, READER, serial, Wanted(), 0)
    assert found.text == quoted


def posting_meanwhile(
    monkeypatch: pytest.MonkeyPatch, database: Database, serial: Serial, times: int
) -> None:
    """So many times a part is posted while the change is being worked out."""
    prepare = revising.prepare
    loop = asyncio.get_running_loop()
    waits = [n + 1 for n in range(times)]

    def slowly(*given: object, **options: object) -> Change:
        found: Change = prepare(*given, **options)  # type: ignore[arg-type] # handed on
        if waits:
            posted = database.write(days, 1, NINE + waits.pop(0) * DAY)
            asyncio.run_coroutine_threadsafe(posted, loop).result()
        return found

    monkeypatch.setattr(revising, "prepare", slowly)


async def test_a_part_posted_meanwhile_stays_as_it_was_posted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    serial = await database.write(published, 1)
    before = await database.read(texts, serial)
    version = await database.write(keep, serial, file("oil", "flame"))
    posting_meanwhile(monkeypatch, database, serial, 2)
    await corrections.take(database, AUTHOR, GUILD, version, correcting=False)
    after = await database.read(texts, serial)
    assert after[:3] == before[:3]
    assert "flame" in after[3]
    assert len(await database.write(days, 3, NINE + 9 * DAY)) == 1


async def test_what_never_stands_still_is_left_as_it_is(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    serial = await database.write(published, 1, read(file(words=2000)))
    before = await database.read(texts, serial)
    version = await database.write(keep, serial, file("oil", "flame"))
    posting_meanwhile(monkeypatch, database, serial, corrections.ATTEMPTS)
    with pytest.raises(Conflict, match="Try again in a minute"):
        await corrections.take(database, AUTHOR, GUILD, version, correcting=False)
    assert await database.read(texts, serial) == before
    (waits,) = await database.read(updating.waiting, AUTHOR.member, GUILD)
    assert waits.id == version


async def test_two_presses_take_it_once(database: Database) -> None:
    serial = await database.write(published, 1)
    version = await database.write(keep, serial, file("oil", "flame"))
    done = await asyncio.gather(
        *(corrections.take(database, AUTHOR, GUILD, version, correcting=True) for _ in range(2)),
        return_exceptions=True,
    )
    assert sorted(isinstance(one, Conflict) for one in done) == [False, True]
    assert await database.read(stories.source, serial.story.id) == file("oil", "flame")


async def take_back(database: Database, serial: Serial) -> None:
    copy = await database.read(earlier.of, serial.id)
    assert copy is not None
    await corrections.undo(database, AUTHOR, GUILD, serial.id, copy)


@pytest.mark.parametrize("taken_back", [True, False])
async def test_who_has_read_ahead_has_not_read_what_takes_its_place(
    database: Database, taken_back: bool
) -> None:
    """Chapter 3 is read before it is posted. Then it is taken back and another one is added, or a
    new version has another one in its place."""
    behind, quoted = Member(41, "Odo", GUILD), "Sentence number 3 of the oil has exactly these ten"
    end = len(file("oil", "wick").strip().split("\n\n"))  # the ordinal of chapter 3's heading

    async def take(*themes: str) -> None:
        version = await database.write(keep, serial, file(*themes))
        await corrections.take(database, AUTHOR, GUILD, version, correcting=False)

    def read_ahead(conn: Connection) -> None:
        service.schedule(
            conn, AUTHOR, GUILD, serial.id, channel_id=STORIES, now=NOW, options={"read_ahead": 9}
        )
        last = posting.counts(conn, serial.id).total
        for member, number in ((behind, 4), (READER, last)):
            companion.set_place(conn, member, serial.id, serial.story.id, number, NOW)
            subscriptions.subscribe(conn, member, serial, 77, NOW)
            subscription = subscriptions.mine(conn, member, serial.id)
            assert subscription is not None
            jobs.cancel(conn, subscriptions.SLOT, str(subscription.id))  # nothing is sent
        first = pages.numbered(conn, serial.id, 1)
        assert first is not None
        quotes.save(conn, READER, GUILD, first.id, 0, quoted, NOW)
        told = casting.text(conn, serial).bound("Sentence number 3 of the flame")
        casting.keep(conn, serial, Draft("the keeper", facts=(("Burns.", told),)))

    def found(conn: Connection, word: str) -> int:
        matches = search.find(conn, READER, serial, search.parse(word), 0)
        assert matches is not None
        return matches.total

    def check(conn: Connection) -> None:
        fourth = pages.numbered(conn, serial.id, 4)
        assert fourth is not None
        for member, place in ((behind, fourth.end), (READER, Position(end, 0))):
            person_id = people.find(conn, member.discord_id)
            assert places.load(conn, person_id, serial.story.id) == Stored(place, place)
            subscription = subscriptions.mine(conn, member, serial.id)
            assert subscription is not None
            assert subscription.place == place
        assert reached(conn, serial) == 4
        assert (found(conn, "oil") > 0, found(conn, "flame"), found(conn, "ash")) == (True, 0, 0)
        assert quotes.find(conn, READER, serial, Wanted(), 0).text == quoted
        (card,) = casting.keep(conn, serial, Draft("the keeper"))
        assert [fact.known for fact in card.facts] == [None]

    serial = await database.write(published, 3)
    await take("oil", "wick", "flame")
    await database.write(read_ahead)
    assert await database.read(found, "flame") > 0
    if taken_back:
        await take_back(database, serial)
    await take("oil", "wick", "ash")
    assert await database.read(found, "ash") == 0  # while it may be read ahead,
    assert len(await database.write(days, 3, NINE + 3 * DAY)) == 3
    await database.write(check)  # and once it is posted
