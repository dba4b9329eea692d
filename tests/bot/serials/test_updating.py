"""A new version of the file: kept, then taken or dropped."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, insert, select, update

from bot.db.engine import Database
from bot.delivery import queue
from bot.delivery import service as outbox
from bot.errors import Conflict, NotAllowed, NotFound
from bot.people.service import Member
from bot.serials import drafts, pages, posting, records, removal, service, updating
from bot.serials.excerpts import PAGE_LENGTH
from bot.serials.imports import Draft
from bot.serials.posting import EXCERPT
from bot.serials.records import Actor, Serial, State
from bot.serials.revising import Change
from bot.serials.tables import cuts, serials
from bot.serials.tables import excerpts as excerpt_rows
from bot.stories import markup
from bot.stories import service as stories
from tests.bot.serials.making import (
    AUTHOR,
    DAY,
    ELSEWHERE,
    GUILD,
    MARA,
    MODERATOR,
    NINE,
    NOW,
    READER,
    active,
    add,
    days,
    draft,
    prose,
    published,
    turn,
)
from tests.bot.serials.taking import change, file, ids, keep, read, texts
from tests.bot.serials.test_drafts import sizes


def take(conn: Connection, serial: Serial, new: str | Draft, *, correcting: bool = False) -> Change:
    version = keep(conn, serial, new)
    found = change(conn, version, correcting=correcting)
    assert updating.take(conn, AUTHOR, GUILD, version, found) is not None
    return found


def dirty(conn: Connection) -> set[int]:
    """The parts whose posts are about to be edited."""
    return {row.subject for row in queue.due(conn, 1 << 50) if row.message_id is not None}


async def test_what_is_not_posted_takes_the_new_text(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        before = texts(conn, serial)
        new = file("oil", "flame").replace("number 30 of the oil", "number 30 of all the oil")
        take(conn, serial, new)
        first, second, *others = texts(conn, serial)
        assert first == before[0]
        assert second == before[1].replace("number 30 of the", "number 30 of all the")
        assert others == [text.replace("wick", "flame") for text in before[2:]]
        assert stories.source(conn, serial.story.id) == new
        after = records.get(conn, GUILD, serial.id)
        assert after.story.words == serial.story.words + 1
        assert [one.title for one in stories.contents(conn, serial.story.id)][1] == (
            "Chapter 2: The Flame"
        )
        assert dirty(conn) == set()
        assert len(days(conn, 5, NINE + DAY)) == 3
        assert updating.waiting(conn, MARA, GUILD) == []

    await database.write(use_case)


async def test_posted_text_is_corrected_only_where_that_is_wanted(database: Database) -> None:
    new = file().replace("number 3 of the oil", "number 3 of all the good oil")
    new = new.replace("number 40 of the oil", "number 40 of the good oil")

    def use_case(conn: Connection) -> None:
        serial = published(conn, 3)
        before, parts = texts(conn, serial), ids(conn, serial)
        words = pages.numbered(conn, serial.id, 1)
        with conn.begin_nested() as undone:
            found = take(conn, serial, new)
            assert (texts(conn, serial), dirty(conn)) == (before, set())
            assert (found.corrected, found.posts) == ((), 0)
            undone.rollback()
        found = take(conn, serial, new, correcting=True)
        assert texts(conn, serial) == [
            before[0].replace("number 3 of the", "number 3 of all the good"),
            before[1].replace("number 40 of the", "number 40 of the good"),
            *before[2:],
        ]
        assert found.posts == 2
        assert found.edited == tuple(parts[:2])
        assert dirty(conn) <= set(parts[:2])
        assert dirty(conn)
        assert ids(conn, serial)[:3] == parts[:3]
        after = pages.numbered(conn, serial.id, 1)
        assert words is not None
        assert after is not None
        assert after.words == words.words + 2
        assert stories.contents(conn, serial.story.id)[0].words == 520 // 11 * 11 + 3

    await database.write(use_case)


async def test_paragraphs_added_and_removed_among_what_is_posted_change_nothing(
    database: Database,
) -> None:
    first = prose("oil", 520).split("\n\n")
    new = file().replace(first[0] + "\n\n", "").replace(first[1], f"{first[1]}\n\nIt was new.")

    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        before = texts(conn, serial)
        found = take(conn, serial, new, correcting=True)
        assert (found.plan.added, found.plan.removed) == (("It was new.",), (first[0],))
        assert texts(conn, serial) == before
        assert stories.source(conn, serial.story.id) == file()

    await database.write(use_case)


async def test_chapters_that_are_the_same_keep_their_borders(database: Database) -> None:
    """A border moved by hand stays; what has changed is cut anew, to the length that is wanted."""

    def use_case(conn: Connection) -> None:
        serial = published(conn, 1, draft("oil", "wick", "flame"))
        last, moved = ids(conn, serial)[4:]
        row = conn.execute(select(excerpt_rows).where(excerpt_rows.c.id == last)).one()
        place = {"ordinal": row.start_ordinal + 1, "offset": 5}
        conn.execute(
            update(excerpt_rows)
            .where(excerpt_rows.c.id == last)
            .values(end_ordinal=place["ordinal"], end_offset=5)
        )
        conn.execute(
            update(excerpt_rows)
            .where(excerpt_rows.c.id == moved)
            .values(start_ordinal=place["ordinal"], start_offset=5, pages=[[place["ordinal"], 5]])
        )
        conn.execute(update(serials).where(serials.c.id == serial.id).values(length=100))
        conn.execute(insert(cuts).values(serial_id=serial.id, starts=[]))
        before = texts(conn, serial)
        assert len(before[4]) < 400
        take(
            conn, serial, file("oil", "wick", "flame").replace("0 of the wick", "0 of all the wick")
        )
        after = texts(conn, serial)
        assert after[:2] == before[:2]
        assert after[-2:] == before[-2:]
        assert len(after[2:-2]) == 5  # of about 100 words each
        assert conn.execute(select(cuts)).all() == []

        conn.execute(update(serials).where(serials.c.id == serial.id).values(length=0))
        take(conn, serial, file("oil", "wick", "flame"))
        assert texts(conn, serial)[2:] == ["\n\n".join(before[2:4]), *before[4:]]

    await database.write(use_case)


async def test_a_chapter_a_part(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        conn.execute(update(serials).where(serials.c.id == serial.id).values(length=0))
        take(conn, serial, file("oil", "flame", words=2000))
        assert len(texts(conn, serial)) == 3
        part = pages.numbered(conn, serial.id, 3)
        assert part is not None
        assert len(part.pages) > 1

    await database.write(use_case)


async def test_the_rest_of_a_paragraph_that_is_partly_posted(database: Database) -> None:
    """It is not posted, so it takes the new text as well; what is posted of it is corrected."""
    text = "# The Lantern\n\nBy Mara\n\n## One\n\n" + prose("oil", 1100).replace("\n\n", " ")

    def use_case(conn: Connection) -> None:
        serial = published(conn, 1, read(text))
        before = texts(conn, serial)
        assert len(before) > 3
        new = text.replace("number 95 of", "number 95 out of")
        take(conn, serial, f"{new}\n\nThe end.")
        after = texts(conn, serial)
        assert after[0] == before[0]
        whole = " ".join(before).replace("number 95 of", "number 95 out of")
        assert " ".join(after) == f"{whole}\n\nThe end."
        assert dirty(conn) == set()

        new = text.replace("number 2 of", "number 2 out of")
        assert take(conn, serial, new, correcting=True).posts == 1
        again = texts(conn, serial)
        assert again[0] == before[0].replace("number 2 of", "number 2 out of")
        assert " ".join(again[1:]) == " ".join(before[1:])

    await database.write(use_case)


async def test_a_correction_that_fits_no_message_is_left_out(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        before = texts(conn, serial)
        room = PAGE_LENGTH - markup.length(before[0])
        new = file().replace("number 3 of", "number 3 " + "so " * (room // 3) + "of")
        found = take(
            conn, serial, new.replace("number 4 of the", "number 4 in the"), correcting=True
        )
        assert found.too_long == ()
        assert markup.length(texts(conn, serial)[0]) <= PAGE_LENGTH
        assert markup.length(texts(conn, serial)[0]) > PAGE_LENGTH - 3

        longer = new.replace("number 4 of the", "number 4 into the")
        longer = longer.replace("number 8 of the", "number 8 in the")
        found = take(conn, serial, longer, correcting=True)
        assert [len(found.too_long), len(found.corrected)] == [1, 1]
        assert "number 4 in the" in texts(conn, serial)[0]
        assert "number 8 in the" in texts(conn, serial)[0]

    await database.write(use_case)


async def test_a_chapters_title_is_corrected(database: Database) -> None:
    new = file().replace("Chapter 1: The Oil", "Chapter 1: Oil")

    def use_case(conn: Connection) -> None:
        serial = published(conn, 3)
        with conn.begin_nested() as undone:
            take(conn, serial, new)
            assert stories.contents(conn, serial.story.id)[0].title == "Chapter 1: The Oil"
            undone.rollback()
        found = take(conn, serial, new, correcting=True)
        assert stories.contents(conn, serial.story.id)[0].title == "Chapter 1: Oil"
        assert found.edited == tuple(ids(conn, serial)[:2])
        assert found.posts == 2

    await database.write(use_case)


async def test_where_nothing_is_posted_all_of_it_is_replaced(database: Database) -> None:
    new = file("oil", "wick", "flame").replace("By Mara", "By Mara Quill")

    def use_case(conn: Connection) -> None:
        serial = active(conn)
        before = texts(conn, serial)
        take(conn, serial, new)
        assert stories.source(conn, serial.story.id) == new
        assert texts(conn, serial)[:4] == before
        assert len(texts(conn, serial)) == 6
        assert len(days(conn, 8)) == 6
        unconfirmed = add(conn)
        take(conn, unconfirmed, new)
        assert len(texts(conn, unconfirmed)) == 6
        assert records.get(conn, GUILD, unconfirmed.id).state is State.DRAFT

    await database.write(use_case)


async def test_a_part_on_its_way_is_posted_to_the_letter(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        turn(conn, NINE + DAY)
        before = texts(conn, serial)
        take(conn, serial, file().replace("number 30 of the oil", "number 30 out of the oil"))
        assert texts(conn, serial) == before
        assert posting.promised(conn, serial.id) == ids(conn, serial)[1]

        row = queue.due(conn, 1 << 50)[0]
        assert queue.begin(conn, row, NOW)
        version = keep(
            conn, serial, file().replace("number 30 of the oil", "number 30 out of the oil")
        )
        corrected = change(conn, version, correcting=True)
        with pytest.raises(Conflict, match="once it is up"):
            updating.take(conn, AUTHOR, GUILD, version, corrected)

    await database.write(use_case)


async def test_nothing_is_written_where_the_serial_has_gone_on(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        version = keep(conn, serial, file("oil", "flame"))
        early = change(conn, version)
        turn(conn, NINE + DAY)
        before = sizes(conn), texts(conn, serial)
        assert updating.take(conn, AUTHOR, GUILD, version, early) is None
        assert (sizes(conn), texts(conn, serial)) == before
        late = change(conn, version)
        drafts.append(conn, AUTHOR, GUILD, serial.id, add(conn, draft("smoke")).id)
        assert updating.take(conn, AUTHOR, GUILD, version, late) is None
        assert updating.take(conn, AUTHOR, GUILD, version, change(conn, version)) is not None
        with pytest.raises(Conflict, match="dealt with"):
            updating.take(conn, AUTHOR, GUILD, version, late)

    await database.write(use_case)


async def test_a_part_withdrawn_leaves_nothing_behind(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        turn(conn, NINE + DAY)
        service.pause(conn, AUTHOR, GUILD, serial.id)
        second = ids(conn, serial)[1]
        assert outbox.messages(conn, EXCERPT, second)
        take(conn, serial, file("oil", "flame"))
        assert outbox.messages(conn, EXCERPT, second) == []
        service.resume(conn, AUTHOR, GUILD, serial.id, NINE + DAY)
        assert len(days(conn, 5, NINE + 2 * DAY)) == 3

    await database.write(use_case)


async def test_a_complete_story_that_ends_where_it_is_is_closed(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 2)
        service.complete(conn, AUTHOR, GUILD, serial.id)
        assert outbox.messages(conn, posting.CLOSING, serial.id) == []
        take(conn, serial, file("oil"))
        assert posting.counts(conn, serial.id).left == 0
        assert len(outbox.messages(conn, posting.CLOSING, serial.id)) == 1

    await database.write(use_case)


async def test_a_new_version_is_no_serial_of_its_own(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        before = sizes(conn)
        version = keep(conn, serial, file("oil", "flame"))
        assert [one.id for one in records.in_guild(conn, GUILD)] == [serial.id]
        assert [one.id for one in drafts.ongoing(conn, MARA, GUILD)] == [serial.id]
        assert drafts.confirm(conn, AUTHOR, GUILD, version, NOW).state is State.DRAFT
        for _ in range(drafts.MOST_DRAFTS):
            add(conn)
        for one in records.in_guild(conn, GUILD)[1:]:
            drafts.discard(conn, AUTHOR, GUILD, one.id)
        (waits,) = updating.waiting(conn, MARA, GUILD)
        assert (waits.id, waits.serial.id) == (version, serial.id)
        assert updating.waiting(conn, READER, GUILD) == []
        assert updating.waiting(conn, MARA, ELSEWHERE) == []
        assert updating.discard(conn, AUTHOR, GUILD, version).id == serial.id
        assert sizes(conn) == before
        with pytest.raises(Conflict, match="dealt with"):
            updating.discard(conn, AUTHOR, GUILD, version)

    await database.write(use_case)


async def test_one_new_version_waits_at_a_time(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        first = keep(conn, serial, file("oil", "flame"))
        before = sizes(conn)
        assert keep(conn, serial, file("oil", "flame")) == first  # delivered twice
        keep(conn, serial, file("oil", "smoke"), interaction_id=8)
        assert sizes(conn) == before
        (waits,) = updating.waiting(conn, MARA, GUILD)
        assert "smoke" in stories.source(conn, records.get(conn, GUILD, waits.id).story.id)

    await database.write(use_case)


async def test_a_new_version_goes_with_its_serial(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        before = sizes(conn)
        serial = published(conn, 1)
        version = keep(conn, serial, file("oil", "flame"))
        removal.remove(conn, AUTHOR, GUILD, serial.id, removal.WORD, "")
        after = sizes(conn)
        assert [after[name] for name in ("stories", "serials", "updates", "paragraphs")] == [
            before[name] for name in ("stories", "serials", "updates", "paragraphs")
        ]
        with pytest.raises(Conflict):
            updating.discard(conn, AUTHOR, GUILD, version)

    await database.write(use_case)


async def test_only_the_author_may(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        version = keep(conn, serial, file("oil", "flame"))
        found = change(conn, version)
        uses: list[Callable[[Actor, int], object]] = [
            lambda actor, guild: updating.standing(conn, actor, guild, serial.id),
            lambda actor, guild: updating.keep(
                conn, actor, guild, serial.id, draft("smoke"), NOW, 8
            ),
            lambda actor, guild: updating.texts(conn, actor, guild, version),
            lambda actor, guild: updating.take(conn, actor, guild, version, found),
            lambda actor, guild: updating.discard(conn, actor, guild, version),
        ]
        before = sizes(conn), texts(conn, serial)
        for use in uses:
            for actor in (Actor(READER), MODERATOR):
                with pytest.raises(NotAllowed, match="Only the author"):
                    use(actor, GUILD)
            with pytest.raises(NotFound):
                use(Actor(Member(1, "Mara", ELSEWHERE)), ELSEWHERE)
        assert (sizes(conn), texts(conn, serial)) == before

    await database.write(use_case)
