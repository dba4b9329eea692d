"""Readers: how far each has come, and the page that reading opens at."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, bindparam, delete, func, select

from bot.companion import places
from bot.companion.horizon import START, horizon
from bot.companion.places import Stored
from bot.companion.tables import reads
from bot.db.metadata import upsert
from bot.delivery import service as outbox
from bot.errors import Conflict, NotFound
from bot.people import service as people
from bot.people.service import Member
from bot.serials import pages
from bot.serials.pages import ChapterFacts, Page, Part
from bot.serials.posting import EXCERPT
from bot.stories import service as stories
from bot.stories.model import Block, Kind, Position, Shown
from bot.stories.service import Story

LAST_PAGE = -1


@dataclass(frozen=True, slots=True)
class Marked:
    """After "I've read this": how many have, and what Undo goes back to where one is due."""

    part: Part
    readers: int
    undo: Stored | None


@dataclass(frozen=True, slots=True)
class Opened:
    """The page at which reading goes on; None: everything published has been read."""

    page: Page | None
    last: int  # the number of the last part published


_READ = upsert(reads).on_conflict_do_nothing()
_READERS = select(func.count()).select_from(reads).where(reads.c.excerpt_id == bindparam("excerpt"))


def readers(conn: Connection, excerpt_id: int) -> int:
    """How many have pressed "I've read this" under the part."""
    return conn.scalars(_READERS, {"excerpt": excerpt_id}).one()


def story_readers(conn: Connection, serial_id: int) -> int:
    """How many have pressed it under any part."""
    parts = pages.ids(conn, serial_id)
    return conn.scalars(
        select(func.count(reads.c.person_id.distinct())).where(reads.c.excerpt_id.in_(parts))
    ).one()


def mark_read(conn: Connection, member: Member, guild_id: int, excerpt_id: int, now: int) -> Marked:
    """The reader has read up to the end of this part. Pressed twice it counts once."""
    part = published_part(conn, guild_id, excerpt_id)
    person_id = people.person_id(conn, member, now)
    conn.execute(_READ, {"excerpt_id": excerpt_id, "person_id": person_id, "read_at": now})
    before = places.load(conn, person_id, part.story_id)
    come = pages.last_begun(conn, part.serial_id, before.horizon or START)
    jumped = part.number - come > 1 and not before.following
    _advance(
        conn, person_id, part.story_id, before, part.end, max(before.bookmark or START, part.end)
    )
    return Marked(part, readers(conn, excerpt_id), before if jumped else None)


def unmark_read(
    conn: Connection, member: Member, guild_id: int, excerpt_id: int, before: Stored, now: int
) -> Part:
    """Take "I've read this" back, to the place as it was before; a reader who has moved on since
    stays where they are."""
    part = published_part(conn, guild_id, excerpt_id)
    person_id = people.person_id(conn, member, now)
    conn.execute(
        delete(reads).where(reads.c.excerpt_id == excerpt_id, reads.c.person_id == person_id)
    )
    now_at = places.load(conn, person_id, part.story_id)
    if now_at.horizon == part.end and not now_at.following:
        places.save(conn, person_id, part.story_id, before)
    outbox.mark_dirty(conn, EXCERPT, excerpt_id)
    return part


def open_page(conn: Connection, member: Member, serial_id: int, story_id: int, now: int) -> Opened:
    """Show the page where the reader stopped: in the first published part that ends after their
    bookmark."""
    person_id = people.person_id(conn, member, now)
    stored = places.load(conn, person_id, story_id)
    mark = stored.bookmark or START
    found = pages.first_unread(conn, serial_id, mark)
    last = pages.last_published(conn, serial_id)
    part = found and pages.numbered(conn, serial_id, found)
    if not part:
        return Opened(None, last)
    number = max((n for n, start in enumerate(part.pages) if start <= mark), default=0)
    return _show(conn, person_id, stored, part, number, last)


def turn_to(
    conn: Connection,
    member: Member,
    guild_id: int,
    serial_id: int,
    number: int,
    page: int,
    now: int,
) -> Opened:
    """Show a page that the reader turns to; after the last part comes the end. Raises NotFound."""
    last = pages.last_published(conn, serial_id)
    if number == last + 1:
        return Opened(None, last)
    part = pages.numbered(conn, serial_id, number)
    if part is None or part.guild_id != guild_id or not part.published or page >= len(part.pages):
        raise NotFound("That page is not here any more. Open the story again with `/story read`.")
    person_id = people.person_id(conn, member, now)
    stored = places.load(conn, person_id, part.story_id)
    page = len(part.pages) - 1 if page == LAST_PAGE else page
    return _show(conn, person_id, stored, part, page, last)


def _show(
    conn: Connection, person_id: int, before: Stored, part: Part, number: int, last: int
) -> Opened:
    """The horizon takes the page in, and the bookmark lies at it, or behind it where nothing more
    is published."""
    is_last_page = number + 1 == len(part.pages)
    end = part.end if is_last_page else part.pages[number + 1]
    bookmark = end if is_last_page and part.number == last else part.pages[number]
    _advance(conn, person_id, part.story_id, before, end, bookmark)
    return Opened(pages.page(conn, part, number), last)


def set_place(
    conn: Connection, member: Member, serial_id: int, story_id: int, number: int | None, now: int
) -> Part | None:
    """Say how far one has read: to the end of part `number`, 0 for nothing, None for everything
    published, now and from now on. The one way to lower a horizon. Returns the part."""
    last = pages.last_published(conn, serial_id)
    if number is not None and number > last:
        raise NotFound(f"Part {last} is the last one out so far. Choose that or an earlier one.")
    part = pages.numbered(conn, serial_id, last if number is None else number)
    end = START if part is None else part.end
    stored = Stored(end, end, following=number is None)
    places.save(conn, people.person_id(conn, member, now), story_id, stored)
    return part


def go_on_to(
    conn: Connection, member: Member, serial_id: int, story_id: int, number: int | None, now: int
) -> None:
    """What a reader answers who is asked how far they are. As `set_place`, but it takes nobody
    back, as no question should. Raises NotFound."""
    person_id = people.person_id(conn, member, now)
    before = places.load(conn, person_id, story_id)
    if number is None:
        set_place(conn, member, serial_id, story_id, None, now)
    elif number == 0:
        _advance(conn, person_id, story_id, before, START, before.bookmark or START)
    else:
        part = pages.numbered(conn, serial_id, number)
        if part is None or not part.published:
            raise NotFound("That is not out yet. Choose an earlier place.")
        mark = max(before.bookmark or START, part.end)
        _advance(conn, person_id, story_id, before, part.end, mark)


def horizon_of(conn: Connection, member: Member, serial_id: int, story_id: int) -> Position | None:
    """Everything before this place may be shown to the reader. None: they have not said how far
    they are, and we have not seen it, so nothing may."""
    stored = places.load(conn, people.find(conn, member.discord_id), story_id)
    if stored.horizon is None and not stored.following:
        return None
    return horizon(stored.horizon, published(conn, serial_id), stored.following)


def reached(conn: Connection, member: Member, serial_id: int, story_id: int) -> int:
    """The number of the last part of which the reader may see anything; 0 for none."""
    limit = horizon_of(conn, member, serial_id, story_id)
    return pages.last_begun(conn, serial_id, limit or START)


def published(conn: Connection, serial_id: int) -> Position | None:
    """The end of what is published."""
    part = pages.numbered(conn, serial_id, pages.last_published(conn, serial_id))
    return part.end if part else None


def contents(conn: Connection, member: Member, serial_id: int, story_id: int) -> list[ChapterFacts]:
    """The chapters as this reader may see them: unread ones without their titles."""
    come = reached(conn, member, serial_id, story_id)
    return [
        chapter if chapter.first_part <= come else replace(chapter, title=None)
        for chapter in pages.contents(conn, serial_id, story_id)
    ]


def kept_notes(conn: Connection, member: Member, story: Story) -> list[Block]:
    """What readers may look up of the front matter: the labels that its author keeps for them, and
    notes once they have begun to read."""
    stored = places.load(conn, people.find(conn, member.discord_id), story.id)
    begun = stored.following or (stored.horizon or START) > START
    return [
        note.block
        for note in stories.notes(conn, story.id)
        if note.chapter_id is None
        and note.shown is Shown.KEEP
        and (begun or note.block.kind is not Kind.NOTE)
    ]


def _advance(
    conn: Connection,
    person_id: int,
    story_id: int,
    before: Stored,
    horizon: Position,
    bookmark: Position,
) -> None:
    after = replace(before, horizon=max(before.horizon or START, horizon), bookmark=bookmark)
    if after != before:
        places.save(conn, person_id, story_id, after)


def published_part(conn: Connection, guild_id: int, excerpt_id: int) -> Part:
    """Raises NotFound, Conflict."""
    part = pages.part(conn, excerpt_id)
    if part is None or part.guild_id != guild_id:
        raise NotFound("That part is not here any more.")
    if not part.published:
        raise Conflict("That part is only just being posted. Try again in a moment.")
    return part
