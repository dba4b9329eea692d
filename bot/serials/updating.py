"""New versions of a serial's file: each kept until its author takes it or not, and undone."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.delivery import service as outbox
from bot.delivery.rules import State as Sending
from bot.errors import Conflict
from bot.people.service import Member
from bot.serials import earlier, notes, posting, quota, ratings, storing
from bot.serials.channels import MIRROR
from bot.serials.correcting import Part, Standing
from bot.serials.imports import Draft
from bot.serials.posting import ELSEWHERE, EXCERPT, PLANNED
from bot.serials.records import Actor, Serial, State, get, in_guild, owned
from bot.serials.revising import Change
from bot.serials.tables import cuts, excerpts, serials, updates
from bot.stories import changing, sizes
from bot.stories import service as stories
from bot.stories.model import Manuscript, Position

SHOWN_IN = (EXCERPT, MIRROR)  # kinds of message

# The new versions that wait to be taken.
_WAITING = (
    select(serials.c.id, serials.c.story_id)
    .join(updates, updates.c.draft_id == serials.c.id)
    .where(updates.c.new_from.is_(None))
)


@dataclass(frozen=True, slots=True)
class Version:
    """A new version that waits to be taken or discarded; `id` is its draft's. One that was `added`
    need not be the whole story."""

    id: int
    serial: Serial
    added: bool = False


def standing(conn: Connection, actor: Actor, guild_id: int, serial_id: int) -> Standing:
    """The serial's text and parts, for its author alone. Raises NotFound, NotAllowed."""
    serial = owned(conn, actor, guild_id, serial_id)
    return _standing(conn, serial.id, serial.story.id)


def keep(
    conn: Connection,
    actor: Actor,
    guild_id: int,
    serial_id: int,
    draft: Draft,
    now: int,
    interaction_id: int,
    *,
    most: int = quota.USUAL,
    added: bool = False,
    title: str | None = None,
    author: str | None = None,
) -> Version:
    """Keep a new version, instead of one that waits already. One that was `added` could still
    become a story of its own, with this title and author. A second time for an interaction
    changes nothing. Raises Conflict where the author then has more than `most` bytes of text."""
    serial = owned(conn, actor, guild_id, serial_id)
    story_id = stories.by_interaction(conn, interaction_id)
    if story_id is not None:
        draft_id = conn.scalars(select(serials.c.id).where(serials.c.story_id == story_id)).one()
        return Version(draft_id, serial, added)
    owner_id = serial.story.owner_id
    waits = conn.scalar(_WAITING.where(updates.c.serial_id == serial_id))
    kept = quota.Text(serial_id, quota.NEW, sizes.of_blocks(draft.manuscript.blocks))
    quota.check(conn, guild_id, owner_id, kept, most, instead_of=waits)
    story_id = stories.add(
        conn,
        guild_id=guild_id,
        owner_id=owner_id,
        title=title or serial.story.title,
        author=author or serial.story.author,
        manuscript=draft.manuscript,
        words=draft.words,
        terms=draft.terms,
        now=now,
        interaction_id=interaction_id,
    )
    draft_id = conn.scalars(
        insert(serials)
        .values(guild_id=guild_id, story_id=story_id, state=State.DRAFT)
        .returning(serials.c.id)
    ).one()
    storing.add_draft(conn, draft_id, story_id, draft)
    notes.arrange(conn, draft_id, story_id)
    _drop(conn, serial_id)  # not before: its id would be given again, and its old buttons answer
    values = {"draft_id": draft_id, "serial_id": serial_id, "added": int(added)}
    conn.execute(insert(updates).values(values))
    return Version(draft_id, serial, added)


def waiting(conn: Connection, member: Member, guild_id: int) -> list[Version]:
    """The member's new versions that they have not decided on."""
    mine = {
        one.id: one for one in in_guild(conn, guild_id) if one.owner_discord_id == member.discord_id
    }
    rows = conn.execute(
        select(updates).where(updates.c.serial_id.in_(mine), updates.c.new_from.is_(None))
    )
    return [Version(row.draft_id, mine[row.serial_id], bool(row.added)) for row in rows]


def version(conn: Connection, actor: Actor, guild_id: int, draft_id: int) -> Version:
    """For the serial's author alone. Raises NotAllowed, and Conflict where it is decided."""
    of = select(updates).where(updates.c.draft_id == draft_id, updates.c.new_from.is_(None))
    row = conn.execute(of).one_or_none()
    serial = None if row is None else owned(conn, actor, guild_id, row.serial_id)
    if row is None or serial is None or conn.scalar(of) is None:  # or while the serial was locked
        raise Conflict("That new version has been dealt with already.")
    return Version(draft_id, serial, bool(row.added))


def texts(
    conn: Connection, actor: Actor, guild_id: int, draft_id: int
) -> tuple[Version, Standing, Manuscript]:
    """The new version, and what it is a version of."""
    found = version(conn, actor, guild_id, draft_id)
    draft = get(conn, guild_id, draft_id)
    return (
        found,
        standing(conn, actor, guild_id, found.serial.id),
        changing.manuscript(conn, draft.story.id),
    )


def take(
    conn: Connection,
    actor: Actor,
    guild_id: int,
    draft_id: int,
    change: Change,
    *,
    most: int = quota.USUAL,
) -> Serial | None:
    """Write the change and drop the new version; what it replaces is kept for Undo. None where the
    serial is not any more what the change was made from. Raises Conflict, also where the author
    then has more than `most` bytes of text: a file that was added may be a stretch of the story."""
    serial = version(conn, actor, guild_id, draft_id).serial
    if not _is_as_before(conn, serial, change.standing):
        return None
    whole = quota.Text(serial.id, serial.id, change.size)
    quota.check(conn, guild_id, serial.story.owner_id, whole, most, instead_of=draft_id)
    earlier.keep(conn, serial, change.new_from)
    _write(conn, serial, change)
    draft = get(conn, guild_id, draft_id)
    ratings.raise_to(conn, serial, draft.story.rating)
    stories.remove(conn, draft.story.id)
    return get(conn, guild_id, serial.id)


def before(
    conn: Connection, actor: Actor, guild_id: int, serial_id: int, draft_id: int
) -> tuple[Standing, Standing]:
    """The serial as it is, and as it was before its last change. Raises Conflict where that can't
    be undone any more."""
    now = standing(conn, actor, guild_id, serial_id)
    row = conn.execute(
        select(updates.c.new_from, serials.c.story_id)
        .join(serials, serials.c.id == updates.c.draft_id)
        .where(updates.c.draft_id == draft_id, updates.c.serial_id == serial_id)
    ).one_or_none()
    posted = -1 if now.border is None else now.border.ordinal
    if row is None or row.new_from is None or row.new_from <= posted:
        raise Conflict(
            "That can't be undone any more: some of it has been posted, or the story has changed "
            "again since. `/serial add` takes the file as you want it."
        )
    return now, _standing(conn, draft_id, row.story_id)


def undo(
    conn: Connection, actor: Actor, guild_id: int, serial_id: int, draft_id: int, change: Change
) -> Serial | None:
    """Write the change back to what the serial was. None where it is not any more what that was
    made from. Raises Conflict."""
    serial = owned(conn, actor, guild_id, serial_id)
    if not _is_as_before(conn, serial, change.standing):
        return None
    if earlier.of(conn, serial_id) != draft_id:
        raise Conflict("That has been undone already, or the story has changed again since.")
    _write(conn, serial, change)
    earlier.drop(conn, serial_id)
    return get(conn, guild_id, serial_id)


def _is_as_before(conn: Connection, serial: Serial, before: Standing) -> bool:
    return (
        _parts(conn, serial.id) == before.parts
        and stories.source(conn, serial.story.id) == before.source
    )


def _write(conn: Connection, serial: Serial, change: Change) -> None:
    """Raises Conflict."""
    before = change.standing
    if any(_is_under_way(conn, part_id) for part_id in change.edited):
        raise Conflict("A part that this corrects is being posted. Try again once it is up.")

    story_id = serial.story.id
    new = {one.ordinal: one.new for one in change.corrected}
    changing.correct(conn, story_id, new, change.corrected_terms)
    if change.moved:
        conn.execute(
            update(excerpts).where(excerpts.c.id == bindparam("part")),
            [{"part": part.id, **_place(part)} for part in change.moved],
        )
    planned = [part.id for part in before.parts if not part.posted]
    outbox.remove(conn, EXCERPT, *planned)  # some may have been refused after their first page
    conn.execute(delete(excerpts).where(excerpts.c.id.in_(planned)))
    conn.execute(delete(cuts).where(cuts.c.serial_id == serial.id))
    for chapter_id, (title, words) in change.described.items():
        changing.describe_chapter(conn, chapter_id, title, words)
    border = before.border
    ordinal = 0 if border is None else border.ordinal + 1
    last = None if border is None else before.blocks[border.ordinal][1]
    added = changing.go_on(
        conn,
        story_id,
        last,
        ordinal,
        change.rest,
        change.chapters,
        change.words,
        change.terms,
    )
    sizes.set_size(conn, story_id, change.size)
    _add(conn, serial.id, [last, *added], change)
    notes.arrange(conn, serial.id, story_id)
    for part_id in change.edited:
        for kind in SHOWN_IN:
            outbox.mark_dirty(conn, kind, part_id)
    posting.close(conn, serial.id)


def discard(conn: Connection, actor: Actor, guild_id: int, draft_id: int) -> Serial:
    """Drop a new version. Raises Conflict where it is decided."""
    serial = version(conn, actor, guild_id, draft_id).serial
    _drop(conn, serial.id)
    return serial


def drop_all(conn: Connection, serial_id: int) -> None:
    """Keep no other version of the serial."""
    _drop(conn, serial_id)
    earlier.drop(conn, serial_id)


def _drop(conn: Connection, serial_id: int) -> None:
    """Drop the serial's new version, if one waits."""
    for row in conn.execute(_WAITING.where(updates.c.serial_id == serial_id)).all():
        stories.remove(conn, row.story_id)


def _standing(conn: Connection, serial_id: int, story_id: int) -> Standing:
    blocks = stories.placed(conn, story_id)
    length = conn.scalar(select(serials.c.length).where(serials.c.id == serial_id))
    return Standing(tuple(blocks), _parts(conn, serial_id), length)


def _parts(conn: Connection, serial_id: int) -> tuple[Part, ...]:
    rows = conn.execute(
        select(excerpts).where(excerpts.c.serial_id == serial_id).order_by(excerpts.c.number)
    )
    return tuple(
        Part(
            row.id,
            row.chapter_id,
            Position(row.start_ordinal, row.start_offset),
            Position(row.end_ordinal, row.end_offset),
            tuple(Position(ordinal, offset) for ordinal, offset in row.pages),
            row.words,
            posted=row.state != PLANNED,
            elsewhere=row.state == ELSEWHERE,
        )
        for row in rows
    )


def _add(conn: Connection, serial_id: int, chapter_ids: list[int | None], change: Change) -> None:
    number = sum(part.posted for part in change.standing.parts)
    values: list[storing.Values] = [
        {"chapter_id": chapter_id, "state": PLANNED, **_place(part)}
        for chapter_id, parts in zip(chapter_ids, change.parts, strict=True)
        for part in parts
    ]
    storing.add(conn, serial_id, number + 1, values)


def _place(part: Part) -> dict[str, object]:
    return {
        "start_ordinal": part.start.ordinal,
        "start_offset": part.start.offset,
        "end_ordinal": part.end.ordinal,
        "end_offset": part.end.offset,
        "pages": [[page.ordinal, page.offset] for page in part.pages],
        "words": part.words,
    }


def _is_under_way(conn: Connection, part_id: int) -> bool:
    """Whether a post of it may be up without our knowing: it is looked for by its old text."""
    rows = (row for kind in SHOWN_IN for row in outbox.messages(conn, kind, part_id))
    return any(row.state in (Sending.SENDING, Sending.UNCERTAIN) for row in rows)
