"""From a file to a draft, and from a draft to a serial or to the next chapter of one."""

from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.errors import BadInput, Conflict
from bot.people import service as people
from bot.people.service import Member
from bot.serials import channels, earlier, notes, posting, quota, ratings, storing, updating
from bot.serials.imports import Draft
from bot.serials.records import Actor, Serial, State, get, in_guild, owned
from bot.serials.tables import excerpts, serials, updates
from bot.serials.updating import Version
from bot.stories import service as stories
from bot.stories import sizes

LONGEST_TITLE, LONGEST_AUTHOR = 100, 60  # characters
MOST_DRAFTS = 40  # of one author in one server: some hand in all their chapters first


@dataclass(frozen=True, slots=True)
class Added:
    """A new draft, and the owner's ongoing stories that it might be the next chapter of."""

    serial: Serial
    parts: int
    ongoing: tuple[Serial, ...]


def add(
    conn: Connection,
    member: Member,
    guild_id: int,
    draft: Draft,
    *,
    title: str,
    author: str,
    now: int,
    interaction_id: int | None = None,
    most: int = quota.USUAL,
) -> Added:
    """Keep the draft until its author confirms it. A second time for an interaction changes
    nothing. Raises Conflict where the author then has more than `most` bytes of text."""
    owner_id = people.person_id(conn, member, now)
    known = interaction_id and stories.by_interaction(conn, interaction_id)
    if not known:
        _check_room(conn, member, guild_id)
        kept = quota.Text(quota.NEW, quota.NEW, sizes.of_blocks(draft.manuscript.blocks))
        quota.check(conn, guild_id, owner_id, kept, most)
        known = stories.add(
            conn,
            guild_id=guild_id,
            owner_id=owner_id,
            title=_clean(title, LONGEST_TITLE),
            author=_clean(author, LONGEST_AUTHOR),
            manuscript=draft.manuscript,
            words=draft.words,
            terms=draft.terms,
            now=now,
            interaction_id=interaction_id,
        )
        serial_id = conn.scalars(
            insert(serials)
            .values(guild_id=guild_id, story_id=known, state=State.DRAFT)
            .returning(serials.c.id)
        ).one()
        storing.add_draft(conn, serial_id, known, draft)
        notes.arrange(conn, serial_id, known)
    added = next(one for one in _mine(conn, member, guild_id) if one.story.id == known)
    total = posting.counts(conn, added.id).total
    return Added(added, total, ongoing(conn, member, guild_id))


def ongoing(conn: Connection, member: Member, guild_id: int) -> tuple[Serial, ...]:
    """The member's serials that a draft might be the next chapter of."""
    return tuple(
        one
        for one in _mine(conn, member, guild_id)
        if one.state is not State.DRAFT and not one.story.complete
    )


def mine(conn: Connection, member: Member, guild_id: int) -> tuple[Serial, ...]:
    """All the member's serials in the server, drafts too."""
    return tuple(_mine(conn, member, guild_id))


def _check_room(conn: Connection, member: Member, guild_id: int) -> None:
    """Raises Conflict where the member has as many drafts as anybody may."""
    drafted = [one for one in _mine(conn, member, guild_id) if one.state is State.DRAFT]
    if len(drafted) >= MOST_DRAFTS:
        raise Conflict(
            f"You have {MOST_DRAFTS} drafts here. Confirm or discard one first: `/serial status`."
        )


def _clean(name: str, longest: int) -> str:
    """Raises BadInput where nothing is left."""
    name = " ".join(name.split())[:longest].strip()
    if not name:
        raise BadInput("A story needs a title and an author: write a word at least.")
    return name


def _mine(conn: Connection, member: Member, guild_id: int) -> list[Serial]:
    return [one for one in in_guild(conn, guild_id) if one.owner_discord_id == member.discord_id]


def confirm(conn: Connection, actor: Actor, guild_id: int, serial_id: int, now: int) -> Serial:
    """The author's word that they wrote it or have leave; who and when is kept. Raises Conflict
    where too many of theirs wait for a moderator's leave."""
    serial = owned(conn, actor, guild_id, serial_id)
    if serial.state is State.DRAFT:
        channels.check_waiting(conn, serial)
    conn.execute(
        update(serials)
        .where(
            serials.c.id == serial_id,
            serials.c.state == State.DRAFT,
            serials.c.id.not_in(select(updates.c.draft_id)),  # a new version is none of its own
        )
        .values(
            state=State.READY,
            confirmed_by=people.person_id(conn, actor.member, now),
            confirmed_at=now,
        )
    )
    return get(conn, guild_id, serial.id)


def rename(
    conn: Connection, actor: Actor, guild_id: int, serial_id: int, *, title: str, author: str
) -> Serial:
    serial = owned(conn, actor, guild_id, serial_id)
    stories.rename(
        conn, serial.story.id, _clean(title, LONGEST_TITLE), _clean(author, LONGEST_AUTHOR)
    )
    return get(conn, guild_id, serial_id)


def discard(conn: Connection, actor: Actor, guild_id: int, serial_id: int) -> Serial:
    """Drop a draft. Raises Conflict where it has been confirmed."""
    serial = owned(conn, actor, guild_id, serial_id)
    if serial.state is not State.DRAFT:
        raise Conflict(f"{serial.story.quoted} is confirmed, so it is no draft any more.")
    updating.drop_all(conn, serial_id)
    stories.remove(conn, serial.story.id)
    return serial


def keep_version(
    conn: Connection,
    actor: Actor,
    guild_id: int,
    serial_id: int,
    draft: Draft,
    *,
    title: str,
    author: str,
    now: int,
    interaction_id: int,
    most: int = quota.USUAL,
) -> Version:
    """Keep an added file as a new version of the serial, though it could still become a story of
    its own."""
    return updating.keep(
        conn,
        actor,
        guild_id,
        serial_id,
        draft,
        now,
        interaction_id,
        most=most,
        added=True,
        title=_clean(title, LONGEST_TITLE),
        author=_clean(author, LONGEST_AUTHOR),
    )


def release(
    conn: Connection, actor: Actor, guild_id: int, draft_id: int, *, most: int = quota.USUAL
) -> Serial:
    """Make a waiting new version a draft of its own. Raises Conflict where it is decided, where
    there are too many drafts, or where the author then has more than `most` bytes of text."""
    _check_room(conn, actor.member, guild_id)
    updating.version(conn, actor, guild_id, draft_id)
    story = get(conn, guild_id, draft_id).story
    alone = quota.Text(draft_id, draft_id, sizes.of_story(conn, story.id))
    quota.check(conn, guild_id, story.owner_id, alone, most, instead_of=draft_id)
    conn.execute(delete(updates).where(updates.c.draft_id == draft_id))
    return get(conn, guild_id, draft_id)


def append(
    conn: Connection,
    actor: Actor,
    guild_id: int,
    serial_id: int,
    draft_id: int,
    *,
    most: int = quota.USUAL,
) -> Serial:
    """Make the draft's chapters the next ones of the serial; what it was is kept for Undo. Posted
    parts do not move. Raises Conflict, also where the author then has more than `most` bytes of
    text."""
    serial = owned(conn, actor, guild_id, serial_id)
    draft = owned(conn, actor, guild_id, draft_id)
    if draft.state is not State.DRAFT or serial.story.complete:
        raise Conflict("That chapter has been dealt with already.")
    size = sum(sizes.of_story(conn, one.story.id) for one in (serial, draft))
    whole = quota.Text(serial_id, serial_id, size)
    quota.check(conn, guild_id, serial.story.owner_id, whole, most, instead_of=draft_id)
    earlier.keep(conn, serial, stories.length(conn, serial.story.id))
    ratings.raise_to(conn, serial, draft.story.rating)
    grown = stories.append(conn, serial.story.id, draft.story.id)
    last = posting.counts(conn, serial_id).total
    rows = conn.execute(select(excerpts).where(excerpts.c.serial_id == draft_id)).all()
    if rows:
        conn.execute(
            update(excerpts).where(excerpts.c.id == bindparam("part")),
            [
                {
                    "part": row.id,
                    "serial_id": serial_id,
                    "number": row.number + last,
                    "start_ordinal": row.start_ordinal + grown,
                    "end_ordinal": row.end_ordinal + grown,
                    "pages": [[ordinal + grown, offset] for ordinal, offset in row.pages],
                    "state": posting.PLANNED,
                }
                for row in rows
            ],
        )
    updating.drop_all(conn, draft_id)
    stories.remove(conn, draft.story.id)
    notes.arrange(conn, serial_id, serial.story.id)
    return get(conn, guild_id, serial_id)
