"""Readers: how far each has come, and the page that reading opens at."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, bindparam, delete, func, select

from bot.companion import places, subscriptions
from bot.companion.horizon import START, horizon
from bot.companion.places import Stored
from bot.companion.tables import counted_reads, reads
from bot.db.metadata import upsert
from bot.delivery import service as outbox
from bot.delivery.rules import Row
from bot.errors import Conflict, NotFound
from bot.people import service as people
from bot.people.service import Member
from bot.serials import extent, pages, posting
from bot.serials.extent import Out
from bot.serials.pages import ChapterFacts, Page, Part
from bot.serials.posting import EXCERPT
from bot.serials.records import Serial
from bot.stories import service as stories
from bot.stories.model import Block, Kind, Position, Shown

LAST_PAGE = -1
MOST_CHAPTERS = 25  # that a menu holds


@dataclass(frozen=True, slots=True)
class Marked:
    """After "I've read this": how many have, and what Undo goes back to where one is due."""

    part: Part
    readers: int
    undo: Stored | None


@dataclass(frozen=True, slots=True)
class Opened:
    """The page at which reading goes on; None: everything that may be read has been. `last` is the
    number of the last part that may be, `chapters` those around the page that may be turned to, and
    `reached` of them up to which number the reader has come. `undo` is what Undo goes back to after
    a jump over several parts."""

    page: Page | None
    last: int
    chapters: tuple[ChapterFacts, ...] = ()
    reached: int = 0
    post: Row | None = None  # the page's, in the channel
    undo: Stored | None = None


_READ = upsert(reads).on_conflict_do_nothing()
_READERS = (
    select(func.count())
    .select_from(counted_reads)
    .where(counted_reads.c.excerpt_id == bindparam("excerpt"))
)


def readers(conn: Connection, excerpt_id: int) -> int:
    """How many have pressed "I've read this" under the part, of those who want to be counted."""
    return conn.scalars(_READERS, {"excerpt": excerpt_id}).one()


def story_readers(conn: Connection, serial_id: int) -> int:
    """How many have pressed it under any part."""
    parts = pages.ids(conn, serial_id)
    return conn.scalars(
        select(func.count(counted_reads.c.person_id.distinct())).where(
            counted_reads.c.excerpt_id.in_(parts)
        )
    ).one()


def mark_read(conn: Connection, member: Member, guild_id: int, excerpt_id: int, now: int) -> Marked:
    """The reader has read up to the end of this part. Pressed twice it counts once."""
    part = published_part(conn, guild_id, excerpt_id)
    person_id = people.person_id(conn, member, now)
    conn.execute(_READ, {"excerpt_id": excerpt_id, "person_id": person_id, "read_at": now})
    before = places.load(conn, person_id, part.story_id)
    come = pages.last_begun(conn, part.serial_id, before.horizon or START)
    jumped = part.number - come > 1 and not before.following
    bookmark = max(before.bookmark or START, part.end)
    places.advance(conn, person_id, part.story_id, before, part.end, bookmark)
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
    _go_back(conn, person_id, part.story_id, part.end, before)
    outbox.mark_dirty(conn, EXCERPT, excerpt_id)
    return part


def undo_jump(
    conn: Connection, member: Member, serial: Serial, number: int, page: int, before: Stored
) -> None:
    """Take a jump to this page back, as unmark_read does."""
    person_id = people.find(conn, member.discord_id, lock=True)
    part = pages.numbered(conn, serial.id, number)
    if part is not None and person_id is not None and page < len(part.pages):
        _go_back(conn, person_id, part.story_id, part.end_of(page), before)


def _go_back(
    conn: Connection, person_id: int, story_id: int, jumped_to: Position, before: Stored
) -> None:
    now_at = places.load(conn, person_id, story_id)
    if now_at.horizon == jumped_to and not now_at.following:
        places.save(conn, person_id, story_id, before)


def open_page(conn: Connection, member: Member, serial_id: int, story_id: int, now: int) -> Opened:
    """Show the page where the reader stopped: in the first part that ends after their bookmark."""
    person_id = people.person_id(conn, member, now)
    stored = places.load(conn, person_id, story_id)
    mark = stored.bookmark or START
    out = extent.out(conn, serial_id)
    found = pages.first_unread(conn, serial_id, mark, out.readable)
    part = found and pages.numbered(conn, serial_id, found)
    if not part:
        return Opened(None, out.readable)
    number = max((n for n, start in enumerate(part.pages) if start <= mark), default=0)
    return _show(conn, person_id, stored, part, number, out)


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
    out = extent.out(conn, serial_id)
    if number == out.readable + 1:
        return Opened(None, out.readable)
    part = pages.numbered(conn, serial_id, number) if number <= out.readable else None
    if part is None or part.guild_id != guild_id or page >= len(part.pages):
        raise NotFound("That page is not here any more. Open the story again with `/story read`.")
    person_id = people.person_id(conn, member, now)
    stored = places.load(conn, person_id, part.story_id)
    page = len(part.pages) - 1 if page == LAST_PAGE else page
    return _show(conn, person_id, stored, part, page, out)


def _show(
    conn: Connection, person_id: int, before: Stored, part: Part, number: int, out: Out
) -> Opened:
    """The horizon takes the page in, and the bookmark lies at it, or behind it where nothing more
    may be read."""
    end = part.end_of(number)
    is_last = part.number == out.readable and end == part.end
    bookmark = end if is_last else part.pages[number]
    places.advance(conn, person_id, part.story_id, before, end, bookmark)
    come = pages.last_begun(conn, part.serial_id, _horizon(conn, part.serial_id, before, out))
    reached = max(come, part.number)
    jumped = part.number - come > 1
    near = part.chapter - MOST_CHAPTERS + 1, part.chapter + MOST_CHAPTERS - 1
    return Opened(
        pages.page(conn, part, number),
        out.readable,
        _around(_told(conn, part.serial_id, part.story_id, reached, *near), part, out.readable),
        reached,
        pages.posts(conn, [part.id]).get((part.id, number)),
        before if jumped else None,
    )


def _around(chapters: list[ChapterFacts], part: Part, last: int) -> tuple[ChapterFacts, ...]:
    """As many of those that have begun as a menu holds, with the part's in their middle."""
    begun = [chapter for chapter in chapters if chapter.first_part <= last]
    here = sum(1 for chapter in begun if chapter.first_part <= part.number)
    start = max(0, min(here - 1 - MOST_CHAPTERS // 2, len(begun) - MOST_CHAPTERS))
    return tuple(begun[start : start + MOST_CHAPTERS])


def set_place(
    conn: Connection, member: Member, serial_id: int, story_id: int, number: int | None, now: int
) -> Part | None:
    """Say how far one has read: to the end of part `number`, 0 for nothing, None for everything
    published, now and from now on. The one way to lower a horizon. Returns the part."""
    out = extent.out(conn, serial_id)
    if number is not None and number > out.readable:
        raise NotFound(
            f"Part {out.readable} is the last one out so far. Choose that or an earlier one."
        )
    part = pages.numbered(conn, serial_id, out.published if number is None else number)
    end = START if part is None else part.end
    person_id = people.person_id(conn, member, now)
    places.save(conn, person_id, story_id, Stored(end, end, following=number is None))
    subscriptions.move(conn, person_id, serial_id, end)
    return part


def go_on_to(
    conn: Connection, member: Member, serial_id: int, story_id: int, number: int | None, now: int
) -> None:
    """What a reader answers who is asked how far they are. As `set_place`, but it takes nobody
    back, as no question should. Raises NotFound."""
    out = extent.out(conn, serial_id)
    if number is not None and number > out.readable:
        raise NotFound("That is not out yet. Choose an earlier place.")
    end = extent.end(conn, serial_id, out.published if number is None else number) or START
    person_id = people.person_id(conn, member, now)
    before = places.load(conn, person_id, story_id)
    after = Stored(
        max(before.horizon or START, end),
        max(before.bookmark or START, end),
        before.following or number is None,
    )
    places.save(conn, person_id, story_id, after)


def horizon_of(conn: Connection, member: Member, serial_id: int, story_id: int) -> Position | None:
    """Everything before this place may be shown to the reader. None: they have not said how far
    they are, and we have not seen it, so nothing may."""
    stored = places.load(conn, people.find(conn, member.discord_id), story_id)
    if stored.horizon is None and not stored.following:
        return None
    return _horizon(conn, serial_id, stored, extent.out(conn, serial_id))


def reached(conn: Connection, member: Member, serial_id: int, story_id: int) -> int:
    """The number of the last part of which the reader may see anything; 0 for none."""
    limit = horizon_of(conn, member, serial_id, story_id)
    return pages.last_begun(conn, serial_id, limit or START)


def _horizon(conn: Connection, serial_id: int, stored: Stored, out: Out) -> Position:
    published = extent.end(conn, serial_id, out.published)
    ahead = published
    if out.readable > out.published:
        ahead = extent.end(conn, serial_id, out.readable)
    return horizon(stored.horizon, published, stored.following, ahead)


def published(conn: Connection, serial_id: int) -> Position | None:
    """The end of what is published."""
    return extent.end(conn, serial_id, pages.last_published(conn, serial_id))


def contents(conn: Connection, member: Member, serial_id: int, story_id: int) -> list[ChapterFacts]:
    """The chapters as this reader may see them: unread ones without their titles."""
    return _told(conn, serial_id, story_id, reached(conn, member, serial_id, story_id))


def _told(
    conn: Connection, serial_id: int, story_id: int, come: int, *between: int
) -> list[ChapterFacts]:
    return [
        chapter if chapter.first_part <= come else replace(chapter, name=chapter.name.untitled)
        for chapter in pages.contents(conn, serial_id, story_id, *between)
    ]


def kept_notes(conn: Connection, member: Member, serial: Serial) -> list[Block]:
    """What readers may look up of the front matter: the labels that its author keeps for them, and
    notes once they have begun to read. Where the story starts at a later chapter, also what would
    have been posted before the first."""
    limit = horizon_of(conn, member, serial.id, serial.story.id)
    begun = limit is not None and limit > START
    shown = {Shown.KEEP}
    if posting.counts(conn, serial.id).elsewhere:
        shown.add(Shown.POST)
    return [
        note.block
        for note in stories.notes(conn, serial.story.id)
        if note.chapter_id is None
        and note.shown in shown
        and (begun or note.block.kind is not Kind.NOTE)
    ]


def published_part(conn: Connection, guild_id: int, excerpt_id: int) -> Part:
    """Raises NotFound, Conflict."""
    part = pages.part(conn, excerpt_id)
    if part is None or part.guild_id != guild_id:
        raise NotFound("That part is not here any more.")
    if not part.published:
        raise Conflict("That part is only just being posted. Try again in a moment.")
    return part
