"""A story on a schedule: from the author's file to the slots it is posted in."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, update

from bot.db.metadata import upsert
from bot.errors import Conflict, NotAllowed, NotFound
from bot.jobs import service as jobs
from bot.people import service as people
from bot.people.service import Member
from bot.people.tables import persons
from bot.serials import posting
from bot.serials.calendar import EVERY_DAY, Slot
from bot.serials.excerpts import Excerpt, Place
from bot.serials.imports import Draft
from bot.serials.tables import approvals, excerpts, serials, slots
from bot.stories import service as stories
from bot.stories.service import StoredChapter, Story
from bot.stories.tables import stories as stories_table

DEFAULT_MINUTE = 9 * 60


class State(StrEnum):
    DRAFT = "draft"  # until its author confirms that it is theirs
    READY = "ready"  # confirmed, not scheduled yet
    WAITING = "waiting"  # for a moderator's leave to post in its channel
    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"  # its channel is gone


@dataclass(frozen=True, slots=True)
class Serial:
    id: int
    guild_id: int
    story: Story
    state: State
    channel_id: int | None
    owner_discord_id: int | None
    trouble: str | None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a serial posts. `next` is the instant of its next slot, None while it does not run."""

    slot: Slot
    zone_unset: bool  # neither the slot nor the server has a time zone: it is the default
    next: int | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, and whether they may manage messages in the channel that it is about."""

    member: Member
    moderator: bool = False


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
) -> Added:
    """Keep the draft until its author confirms it. A second time for an interaction changes
    nothing."""
    owner_id = people.person_id(conn, member, now)
    known = interaction_id and stories.by_interaction(conn, interaction_id)
    if not known:
        story_id, chapters = stories.add(
            conn,
            guild_id=guild_id,
            owner_id=owner_id,
            title=title,
            author=author,
            manuscript=draft.manuscript,
            now=now,
            interaction_id=interaction_id,
        )
        serial_id = conn.scalars(
            insert(serials)
            .values(guild_id=guild_id, story_id=story_id, state=State.DRAFT)
            .returning(serials.c.id)
        ).one()
        _add_excerpts(conn, serial_id, chapters, draft.cuts)
        known = story_id
    mine = [one for one in in_guild(conn, guild_id) if one.owner_discord_id == member.discord_id]
    added = next(one for one in mine if one.story.id == known)
    ongoing = tuple(one for one in mine if one.state is not State.DRAFT and not one.story.complete)
    return Added(added, posting.counts(conn, added.id).total, ongoing)


def get(conn: Connection, guild_id: int, serial_id: int) -> Serial:
    """Raises NotFound, also for another server's serial."""
    found = _load(conn, serials.c.guild_id == guild_id, serials.c.id == serial_id)
    if not found:
        raise NotFound("That serial is not here any more.")
    return found[0]


def find(conn: Connection, serial_id: int) -> Serial | None:
    """For the bot's own messages, which know no server."""
    found = _load(conn, serials.c.id == serial_id)
    return found[0] if found else None


def in_guild(conn: Connection, guild_id: int) -> list[Serial]:
    return _load(conn, serials.c.guild_id == guild_id)


def confirm(conn: Connection, actor: Actor, guild_id: int, serial_id: int, now: int) -> Serial:
    """The author's word that they wrote it or have leave; who and when is kept."""
    serial = owned(conn, actor, guild_id, serial_id)
    conn.execute(
        update(serials)
        .where(serials.c.id == serial_id, serials.c.state == State.DRAFT)
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
    stories.rename(conn, serial.story.id, title, author)
    return get(conn, guild_id, serial_id)


def discard(conn: Connection, actor: Actor, guild_id: int, serial_id: int) -> Serial:
    """Drop a draft. Raises Conflict where it has been confirmed."""
    serial = owned(conn, actor, guild_id, serial_id)
    if serial.state is not State.DRAFT:
        raise Conflict(f"*{serial.story.title}* is confirmed, so it is no draft any more.")
    conn.execute(delete(excerpts).where(excerpts.c.serial_id == serial_id))
    stories.remove(conn, serial.story.id)
    return serial


def append(conn: Connection, actor: Actor, guild_id: int, serial_id: int, draft_id: int) -> Serial:
    """Make the draft's chapters the next ones of the serial. Posted parts do not move."""
    serial = owned(conn, actor, guild_id, serial_id)
    draft = owned(conn, actor, guild_id, draft_id)
    if draft.state is not State.DRAFT or serial.story.complete:
        raise Conflict("That chapter has been dealt with already.")
    last = conn.scalar(select(func.max(excerpts.c.number)).where(excerpts.c.serial_id == serial_id))
    conn.execute(
        update(excerpts)
        .where(excerpts.c.serial_id == draft_id)
        .values(serial_id=serial_id, number=excerpts.c.number + (last or 0))
    )
    stories.append(conn, serial.story.id, draft.story.id)
    return get(conn, guild_id, serial_id)


def schedule(
    conn: Connection,
    actor: Actor,
    guild_id: int,
    serial_id: int,
    *,
    channel_id: int,
    now: int,
    minute: int | None = None,
    zone: str | None = None,
    weekdays: frozenset[int] | None = None,
    start_now: bool = False,
    interaction_id: int | None = None,
) -> Serial:
    """Post the serial in this channel from its next slot on, or from now on.

    What is not said stays as it was; at first: 09:00 in the server's zone, daily. Where the actor
    is no moderator of the channel and none has given leave, it waits for one.
    """
    serial = owned(conn, actor, guild_id, serial_id)
    if serial.state is State.DRAFT:
        raise Conflict("First confirm that you wrote it or have leave: `/serial status`.")
    said = {
        "minute": minute,
        "zone": zone,
        "weekdays": None if weekdays is None else "".join(map(str, sorted(weekdays))),
    }
    said = {name: value for name, value in said.items() if value is not None}
    slot_id = conn.scalar(select(slots.c.id).where(slots.c.serial_id == serial_id))
    if slot_id is None:
        defaults = {"minute": DEFAULT_MINUTE, "weekdays": "".join(map(str, sorted(EVERY_DAY)))}
        conn.execute(insert(slots).values(serial_id=serial_id, **(defaults | said)))
    elif said:
        conn.execute(update(slots).where(slots.c.id == slot_id).values(**said))
    if serial.channel_id not in (None, channel_id):
        posting.withdraw_promised(conn, serial_id)
    conn.execute(
        update(serials)
        .where(serials.c.id == serial_id)
        .values(channel_id=channel_id, state=State.WAITING, start_now=int(start_now), trouble=None)
    )
    if actor.moderator:
        approve(conn, actor, guild_id, serial_id, channel_id, now, interaction_id)
    elif _approved(conn, serial_id, channel_id):
        _activate(conn, guild_id, serial_id, now, interaction_id)
    else:
        posting.ask_leave(conn, guild_id, serial_id, channel_id)
    return get(conn, guild_id, serial_id)


def approve(
    conn: Connection,
    actor: Actor,
    guild_id: int,
    serial_id: int,
    channel_id: int,
    now: int,
    interaction_id: int | None,
) -> Serial:
    """A moderator's leave for the serial to post in this channel; it begins if it waited."""
    if not actor.moderator:
        raise NotAllowed("Someone with *Manage Messages* in this channel needs to allow it.")
    serial = get(conn, guild_id, serial_id)
    conn.execute(
        upsert(approvals)
        .values(
            serial_id=serial_id,
            channel_id=channel_id,
            approved_by=people.person_id(conn, actor.member, now),
            approved_at=now,
        )
        .on_conflict_do_nothing()
    )
    if serial.state is State.WAITING and serial.channel_id == channel_id:
        _activate(conn, guild_id, serial_id, now, interaction_id)
        posting.leave_given(conn, serial_id)
    return get(conn, guild_id, serial_id)


def pause(conn: Connection, actor: Actor, guild_id: int, serial_id: int) -> Serial:
    """Post nothing until it is resumed. What is not posted yet waits as well."""
    serial = _governed(conn, actor, guild_id, serial_id)
    if serial.state not in (State.ACTIVE, State.WAITING):
        raise Conflict(f"*{serial.story.title}* is not running, so there is nothing to pause.")
    _set_state(conn, serial_id, State.PAUSED)
    posting.cancel_slots(conn, serial_id)
    posting.withdraw_promised(conn, serial_id)
    return get(conn, guild_id, serial_id)


def resume(conn: Connection, actor: Actor, guild_id: int, serial_id: int, now: int) -> Serial:
    serial = _governed(conn, actor, guild_id, serial_id)
    if serial.state is not State.PAUSED or serial.channel_id is None:
        raise Conflict(f"*{serial.story.title}* is not paused.")
    if _approved(conn, serial_id, serial.channel_id):
        _activate(conn, guild_id, serial_id, now, None)
    else:
        _set_state(conn, serial_id, State.WAITING)
    return get(conn, guild_id, serial_id)


def post_now(
    conn: Connection,
    actor: Actor,
    guild_id: int,
    serial_id: int,
    now: int,
    interaction_id: int | None,
) -> Serial:
    """Promise the next part now; the schedule goes on as it was."""
    serial = owned(conn, actor, guild_id, serial_id)
    if serial.state is not State.ACTIVE:
        raise Conflict(
            f"*{serial.story.title}* is not running. `/serial schedule` or `/serial resume` "
            "starts it."
        )
    if posting.asked_before(conn, interaction_id):
        return serial
    if posting.promised(conn, serial_id):
        raise Conflict("A part is on its way already.")
    if not posting.promise(conn, serial_id, now, interaction_id=interaction_id):
        raise Conflict("Every part has been posted. Add the next chapter with `/serial add`.")
    return serial


def complete(conn: Connection, actor: Actor, guild_id: int, serial_id: int) -> Serial:
    serial = owned(conn, actor, guild_id, serial_id)
    if not stories.mark_complete(conn, serial.story.id):
        raise Conflict(f"*{serial.story.title}* is complete already.")
    return get(conn, guild_id, serial_id)


def set_guild_zone(conn: Connection, guild_id: int, zone: str | None, now: int) -> None:
    """Change the server's time zone, and with it the slots that have none of their own."""
    people.set_guild_zone(conn, guild_id, zone)
    for serial_id in conn.scalars(
        select(serials.c.id).where(serials.c.guild_id == guild_id, serials.c.state == State.ACTIVE)
    ).all():
        posting.schedule_slots(conn, guild_id, serial_id, now)


def schedule_of(conn: Connection, serial: Serial) -> Schedule | None:
    row = conn.execute(select(slots).where(slots.c.serial_id == serial.id)).first()
    if row is None:
        return None
    slot = posting.slot(row.minute, row.zone, row.weekdays, serial.guild_id, conn)
    unset = row.zone is None and people.guild_zone(conn, serial.guild_id).whose == "the default"
    return Schedule(slot, unset, jobs.due_at(conn, posting.SLOT, str(row.id)))


def owned(conn: Connection, actor: Actor, guild_id: int, serial_id: int) -> Serial:
    """The serial, for its author alone. Raises NotFound, NotAllowed."""
    serial = get(conn, guild_id, serial_id)
    if serial.owner_discord_id != actor.member.discord_id:
        raise NotAllowed(f"Only the author of *{serial.story.title}* can do that.")
    return serial


def _governed(conn: Connection, actor: Actor, guild_id: int, serial_id: int) -> Serial:
    if actor.moderator:
        return get(conn, guild_id, serial_id)
    return owned(conn, actor, guild_id, serial_id)


def _activate(
    conn: Connection, guild_id: int, serial_id: int, now: int, interaction_id: int | None
) -> None:
    _set_state(conn, serial_id, State.ACTIVE)
    posting.schedule_slots(conn, guild_id, serial_id, now)
    wanted = conn.execute(
        update(serials)
        .where(serials.c.id == serial_id, serials.c.start_now == 1)
        .values(start_now=0)
    )
    if wanted.rowcount and not posting.promised(conn, serial_id):
        posting.promise(conn, serial_id, now, interaction_id=interaction_id)


def _set_state(conn: Connection, serial_id: int, state: State) -> None:
    conn.execute(update(serials).where(serials.c.id == serial_id).values(state=state, trouble=None))


def _approved(conn: Connection, serial_id: int, channel_id: int) -> bool:
    return (
        conn.scalar(
            select(approvals.c.approved_at).where(
                approvals.c.serial_id == serial_id, approvals.c.channel_id == channel_id
            )
        )
        is not None
    )


def _load(conn: Connection, *conditions: ColumnElement[bool]) -> list[Serial]:
    rows = conn.execute(
        select(serials, persons.c.discord_id)
        .join(stories_table, stories_table.c.id == serials.c.story_id)
        .join(persons, persons.c.id == stories_table.c.owner_id)
        .where(*conditions)
        .order_by(serials.c.id)
    ).all()
    if not rows:
        return []
    told = {one.id: one for one in stories.in_guild(conn, rows[0].guild_id)}
    return [
        Serial(
            row.id, row.guild_id, told[row.story_id], State(row.state), row.channel_id,
            row.discord_id, row.trouble,
        )
        for row in rows
    ]  # fmt: skip


def _add_excerpts(
    conn: Connection,
    serial_id: int,
    chapters: Sequence[StoredChapter],
    cuts: Sequence[Sequence[Excerpt]],
) -> None:
    values: list[dict[str, object]] = []
    for chapter, cut in zip(chapters, cuts, strict=True):
        for excerpt in cut:
            start, end = excerpt.start, _closed(chapter, excerpt.end)
            values.append(
                {
                    "serial_id": serial_id,
                    "number": len(values) + 1,
                    "chapter_id": chapter.id,
                    "start_paragraph_id": chapter.paragraph_ids[start.block],
                    "start_offset": start.offset,
                    "end_paragraph_id": chapter.paragraph_ids[end.block],
                    "end_offset": end.offset,
                    "pages": [
                        [chapter.paragraph_ids[page.block], page.offset] for page in excerpt.pages
                    ],
                    "words": excerpt.words,
                    "state": posting.PLANNED,
                }
            )
    if values:
        conn.execute(insert(excerpts), values)


def _closed(chapter: StoredChapter, end: Place) -> Place:
    """The end as a place in the last block that it takes in, for the block after the last has
    no paragraph to name."""
    if end.offset == 0 and end.block > 0:
        return Place(end.block - 1, len(chapter.blocks[end.block - 1].text))
    return end
