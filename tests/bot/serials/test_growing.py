"""A story that grows: taken back while nothing new is posted, and started at a later chapter."""

import pytest
from sqlalchemy import Connection

from bot.companion import corrections
from bot.companion import service as companion
from bot.db.engine import Database
from bot.errors import BadInput, Conflict, NotAllowed
from bot.serials import (
    drafts,
    earlier,
    extent,
    finding,
    pages,
    posting,
    revising,
    service,
    starting,
    updating,
)
from bot.serials.comparing import Overlap
from bot.serials.records import Serial, State
from bot.stories import service as stories
from tests.bot.serials.making import (
    AUTHOR,
    DAY,
    GUILD,
    MARA,
    MODERATING_AUTHOR,
    MODERATOR,
    NINE,
    NOW,
    READER,
    STORIES,
    add,
    days,
    deliver,
    draft,
    published,
    ready,
)
from tests.bot.serials.taking import change, file, ids, keep, read, texts
from tests.bot.serials.test_drafts import sizes


def snapshot(conn: Connection, serial: Serial) -> object:
    """The serial's text, chapters and parts."""
    placed = [(n, one.kind, one.runs) for n, _, one in stories.placed(conn, serial.story.id)]
    told = [(one.number, one.title, one.words) for one in stories.contents(conn, serial.story.id)]
    parts = [
        (part.number, part.part, part.parts, part.pages, part.end, part.words)
        for number in range(1, posting.counts(conn, serial.id).total + 1)
        if (part := pages.numbered(conn, serial.id, number))
    ]
    return placed, told, parts, texts(conn, serial)


def take(conn: Connection, serial: Serial, new: str, *, correcting: bool = False) -> int:
    """Returns the copy of what the serial was."""
    version = keep(conn, serial, new)
    found = change(conn, version, correcting=correcting)
    assert updating.take(conn, AUTHOR, GUILD, version, found)
    copy = earlier.of(conn, serial.id)
    assert copy is not None
    return copy


def undo(conn: Connection, serial: Serial, copy: int) -> None:
    standing, before = updating.before(conn, AUTHOR, GUILD, serial.id, copy)
    found = revising.undo(standing, before)
    assert corrections.apply_undo(conn, AUTHOR, GUILD, serial.id, copy, found)


async def test_undo_gives_the_story_back_as_it_was(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        before, rows = snapshot(conn, serial), sizes(conn)
        copy = take(conn, serial, file("oil", "wick", "flame"))
        assert posting.counts(conn, serial.id).total == 6
        assert [one.id for one in drafts.mine(conn, MARA, GUILD)] == [serial.id]
        undo(conn, serial, copy)
        assert snapshot(conn, serial) == before
        assert sizes(conn) == rows
        with pytest.raises(Conflict, match="undone"):
            updating.before(conn, AUTHOR, GUILD, serial.id, copy)

    await database.write(use_case)


async def test_undo_gives_back_the_cut_and_what_posts_said(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1, draft("oil", "wick", length=100))
        before = snapshot(conn, serial)
        new = (
            file("oil", "wick")
            .replace("number 2 of", "number two of")
            .replace("wick has", "wick had")
        )
        copy = take(conn, serial, new, correcting=True)
        assert "number two of the oil" in texts(conn, serial)[0]
        assert snapshot(conn, serial) != before
        undo(conn, serial, copy)
        assert snapshot(conn, serial) == before

    await database.write(use_case)


async def test_what_has_been_posted_of_it_stays(database: Database) -> None:
    """Undo is there while the parts before what is new are posted, and not longer."""

    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        copy = take(conn, serial, file("oil", "wick", "flame"))
        days(conn, 3, NINE + DAY)
        assert earlier.of(conn, serial.id) == copy
        posting.promise(conn, serial.id, NINE + 3 * DAY)
        with pytest.raises(Conflict, match="has been posted"):
            updating.before(conn, AUTHOR, GUILD, serial.id, copy)
        deliver(conn, NINE + 3 * DAY)
        assert posting.counts(conn, serial.id).published == 5
        assert earlier.of(conn, serial.id) is None
        assert {one.state for one in drafts.mine(conn, MARA, GUILD)} == {State.ACTIVE}

    await database.write(use_case)


async def test_undo_after_parts_that_were_there_before(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        before = snapshot(conn, serial)
        copy = take(conn, serial, file("oil", "wick", "flame"))
        days(conn, 2, NINE + DAY)
        undo(conn, serial, copy)
        assert snapshot(conn, serial) == before
        assert posting.counts(conn, serial.id).published == 3

    await database.write(use_case)


async def test_a_later_change_ends_the_undo_of_an_earlier_one(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        first = take(conn, serial, file("oil", "wick", "flame"))
        between = snapshot(conn, serial)
        second = take(conn, serial, file("oil", "wick", "flame", "ash"))
        assert second != first
        with pytest.raises(Conflict, match="changed again"):
            updating.before(conn, AUTHOR, GUILD, serial.id, first)
        undo(conn, serial, second)
        assert snapshot(conn, serial) == between
        assert earlier.of(conn, serial.id) is None

    await database.write(use_case)


async def test_the_next_chapter_is_taken_back(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 2)
        before, rows = snapshot(conn, serial), sizes(conn)
        drafts.append(conn, AUTHOR, GUILD, serial.id, add(conn, draft("flame")).id)
        assert posting.counts(conn, serial.id).total == 6
        copy = earlier.of(conn, serial.id)
        assert copy is not None
        undo(conn, serial, copy)
        assert snapshot(conn, serial) == before
        assert sizes(conn) == rows

    await database.write(use_case)


async def test_only_its_author_takes_back(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        copy = take(conn, serial, file("oil", "wick", "flame"))
        with pytest.raises(NotAllowed):
            updating.before(conn, MODERATOR, GUILD, serial.id, copy)
        other = published(conn, 1, draft("fog"))
        with pytest.raises(Conflict):
            updating.before(conn, AUTHOR, GUILD, other.id, copy)

    await database.write(use_case)


async def test_a_part_posted_while_undo_is_worked_out(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        copy = take(conn, serial, file("oil", "wick", "flame"))
        found = revising.undo(*updating.before(conn, AUTHOR, GUILD, serial.id, copy))
        days(conn, 1, NINE + DAY)
        after = snapshot(conn, serial)
        assert corrections.apply_undo(conn, AUTHOR, GUILD, serial.id, copy, found) is None
        assert snapshot(conn, serial) == after

    await database.write(use_case)


async def test_nothing_of_another_version_outlives_the_story(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        add(conn)  # so that persons are there
        before = sizes(conn)
        serial = add(conn, draft("fog"))
        take(conn, serial, file("fog", "wick", "flame"))
        keep(conn, serial, file("fog", "wick", "flame", "ash"), 8)
        drafts.discard(conn, AUTHOR, GUILD, serial.id)
        assert sizes(conn) == before

    await database.write(use_case)


async def test_a_version_becomes_a_story_of_its_own(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        version = drafts.keep_version(
            conn, AUTHOR, GUILD, serial.id, read(file("oil", "wick", "flame")),
            title="The Other", author="M.", now=NOW, interaction_id=7,
        )  # fmt: skip
        assert version.added
        own = drafts.release(conn, AUTHOR, GUILD, version.id)
        assert (own.story.title, own.story.author, own.state) == ("The Other", "M.", State.DRAFT)
        confirmed = drafts.confirm(conn, AUTHOR, GUILD, own.id, NOW)
        assert confirmed.state is State.READY
        assert posting.counts(conn, own.id).total == 6
        with pytest.raises(Conflict):
            drafts.release(conn, AUTHOR, GUILD, version.id)

    await database.write(use_case)


async def test_the_story_with_the_most_in_common_is_found(database: Database) -> None:
    def use_case(conn: Connection) -> tuple[Serial, ...]:
        serials = tuple(published(conn, 1, draft(*of)) for of in (("oil", "wick"), ("fog", "bell")))
        add(conn, draft("ash", "smoke"))
        return serials

    first, second = await database.write(use_case)

    async def found(*themes: str) -> finding.Match | None:
        return await finding.closest(database, MARA, GUILD, draft(*themes).manuscript)

    grown = await found("oil", "wick", "flame")
    assert grown is not None
    assert (grown.serial.id, grown.comparison.overlap) == (first.id, Overlap.WHOLE)
    end = await found("bell", "sea")
    assert end is not None
    assert (end.serial.id, end.comparison.overlap) == (second.id, Overlap.STRETCH)
    drafted = await found("ash", "smoke", "rain")
    assert drafted is not None
    assert drafted.serial.state is State.DRAFT
    assert await found("sea", "rain") is None
    assert await finding.closest(database, READER, GUILD, draft("oil", "wick").manuscript) is None
    assert await finding.closest(database, MARA, GUILD + 1, draft("oil").manuscript) is None


async def test_a_file_of_the_last_chapters_takes_nothing_away(database: Database) -> None:
    """Posted up to chapter 1, it has chapters 3 and 4."""

    def use_case(conn: Connection) -> None:
        serial = published(conn, 2, draft("oil", "wick", "flame"))
        before = texts(conn, serial)
        given = read("## Chapter 3" + file("oil", "wick", "flame", "ash").split("## Chapter 3")[1])
        version = updating.keep(conn, AUTHOR, GUILD, serial.id, given, NOW, 7, added=True)
        _, standing, manuscript = updating.texts(conn, AUTHOR, GUILD, version.id)
        found = revising.prepare(standing, manuscript, correcting=True, added=True)
        assert found.added == ((4, "Chapter 4: The Ash"),)
        assert found.untouched == (1, 2)
        assert (found.plan.fewer, found.plan.removed, found.plan.corrections) == (0, (), ())
        assert updating.take(conn, AUTHOR, GUILD, version.id, found)
        assert texts(conn, serial)[:6] == before
        assert posting.counts(conn, serial.id).total == 8

    await database.write(use_case)


def start(conn: Connection, serial: Serial, number: int) -> Serial:
    return starting.start_at(conn, AUTHOR, GUILD, serial.id, number)


def out_by_chapter(conn: Connection, serial: Serial) -> list[int]:
    chapters = pages.contents(conn, serial.id, serial.story.id)
    return [chapter.published_parts for chapter in chapters]


def schedule(conn: Connection, serial: Serial) -> None:
    service.schedule(conn, MODERATING_AUTHOR, GUILD, serial.id, channel_id=STORIES, now=NOW)


async def test_a_story_starts_at_a_later_chapter(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = ready(conn, draft("oil", "wick", "flame"))
        start(conn, serial, 3)
        counts = posting.counts(conn, serial.id)
        assert (counts.published, counts.elsewhere, counts.left) == (0, 4, 2)
        schedule(conn, serial)
        # Not before the first part is posted: a moderator may not even have allowed it yet.
        assert extent.out(conn, serial.id) == extent.Out(0, 0)
        assert out_by_chapter(conn, serial) == [0, 0, 0]
        assert days(conn, 1) == ids(conn, serial)[4:5]
        part = pages.numbered(conn, serial.id, 5)
        assert part is not None
        assert (part.chapter, part.part, part.published) == (3, 1, True)
        assert extent.out(conn, serial.id) == extent.Out(5, 5)
        assert out_by_chapter(conn, serial) == [2, 2, 1]
        opened = companion.open_page(conn, READER, serial.id, serial.story.id, NOW)
        assert opened.page is not None
        assert opened.page.text == texts(conn, serial)[0]
        assert pages.published_between(conn, serial.id, 0, NINE) == [part]

    await database.write(use_case)


async def test_where_it_starts_can_be_changed_until_it_begins(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = ready(conn, draft("oil", "wick", "flame"))
        before = snapshot(conn, serial)
        start(conn, serial, 3)
        start(conn, serial, 2)
        assert posting.counts(conn, serial.id).elsewhere == 2
        start(conn, serial, 1)
        assert posting.counts(conn, serial.id).elsewhere == 0
        assert snapshot(conn, serial) == before
        for number in (0, 4):
            with pytest.raises(BadInput, match="chapters 1 to 3"):
                start(conn, serial, number)
        with pytest.raises(NotAllowed):
            starting.start_at(conn, MODERATOR, GUILD, serial.id, 2)
        schedule(conn, serial)
        days(conn, 1)
        with pytest.raises(Conflict, match="has begun"):
            start(conn, serial, 2)

    await database.write(use_case)


async def test_post_part_now_begins_at_that_chapter(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = ready(conn, draft("oil", "wick"))
        start(conn, serial, 2)
        service.schedule(
            conn, MODERATING_AUTHOR, GUILD, serial.id, channel_id=STORIES, now=NOW, start_now=True
        )
        assert posting.promised(conn, serial.id) == ids(conn, serial)[2]

    await database.write(use_case)


async def test_corrections_of_what_is_out_elsewhere_edit_no_post(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = ready(conn, draft("oil", "wick"))
        start(conn, serial, 2)
        schedule(conn, serial)
        days(conn, 1)
        new = file("oil", "wick").replace("number 2 of the oil", "number two of the oil")
        version = keep(conn, serial, new.replace("Chapter 1: The Oil", "Chapter 1: Oil"))
        found = change(conn, version)
        assert (found.posts, found.edited, found.shown) == (0, (), ())
        assert found.without_posts
        assert updating.take(conn, AUTHOR, GUILD, version, found)
        assert "number two of the oil" in texts(conn, serial)[0]
        counts = posting.counts(conn, serial.id)
        assert (counts.published, counts.elsewhere, counts.left) == (1, 2, 1)

    await database.write(use_case)
