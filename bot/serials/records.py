"""Serials as they are read: what each is, whose, and when it posts."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection, Select, bindparam, select

from bot.errors import NotAllowed, NotFound
from bot.jobs import service as jobs
from bot.people import service as people
from bot.people.service import Member
from bot.people.times import Slot, slot
from bot.serials.tables import serials, slots, updates
from bot.stories import service as stories
from bot.stories.service import Story

MOST_AHEAD = 100  # parts that readers may be let read ahead
SLOT = "serial.slot"  # the kind of job that a slot's coming is
WEEKLY = "serial.weekly"  # of the job, and of the message, that tells an author of the week


class State(StrEnum):
    DRAFT = "draft"  # until its author confirms that it is theirs
    READY = "ready"  # confirmed, not scheduled yet
    WAITING = "waiting"  # for a moderator's leave to post in its channel
    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"  # its channel is gone


@dataclass(frozen=True, slots=True)
class Options:
    """What is done with each part besides posting it."""

    role_id: int | None  # pinged
    threads: bool  # one at the first post of each chapter
    crossposts: bool
    previously: bool  # the last lines of the part before stand above it
    read_ahead: int  # parts past the last one published that readers may read privately


@dataclass(frozen=True, slots=True)
class Serial:
    id: int
    guild_id: int
    story: Story
    state: State
    channel_id: int | None
    owner_discord_id: int | None
    trouble: str | None
    starts_on: date | None
    options: Options


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a serial posts. `slots` differ in their time of day alone, and are in its order. `next`
    is the instant of the next one, None while it does not run."""

    slots: tuple[Slot, ...]
    zone_unset: bool  # neither the slots nor the server have a time zone: it is the default
    next: int | None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, and whether they may manage messages in the channel that it is about."""

    member: Member
    moderator: bool = False


_FIND = select(serials).where(serials.c.id == bindparam("serial"))
_OF_STORY = select(serials).where(serials.c.story_id == bindparam("story"))
_GET = _FIND.where(serials.c.guild_id == bindparam("guild"))
# A new version of a serial is none of its own.
_IN_GUILD = (
    select(serials)
    .where(
        serials.c.guild_id == bindparam("guild"), serials.c.id.not_in(select(updates.c.draft_id))
    )
    .order_by(serials.c.id)
)


def get(conn: Connection, guild_id: int, serial_id: int) -> Serial:
    """Raises NotFound, also for another server's serial."""
    found = _load(conn, _GET, {"guild": guild_id, "serial": serial_id})
    if not found:
        raise NotFound("That serial is not here any more.")
    return found[0]


def find(conn: Connection, serial_id: int) -> Serial | None:
    """For the bot's own messages, which know no server."""
    found = _load(conn, _FIND, {"serial": serial_id})
    return found[0] if found else None


def of_story(conn: Connection, story_id: int) -> Serial | None:
    found = _load(conn, _OF_STORY, {"story": story_id})
    return found[0] if found else None


def in_guild(conn: Connection, guild_id: int) -> list[Serial]:
    return _load(conn, _IN_GUILD, {"guild": guild_id})


def schedule_of(conn: Connection, serial: Serial) -> Schedule | None:
    rows = conn.execute(
        select(slots).where(slots.c.serial_id == serial.id).order_by(slots.c.minute)
    ).all()
    if not rows:
        return None
    here = people.guild_zone(conn, serial.guild_id)
    due = jobs.due_by_key(conn, SLOT, [str(row.id) for row in rows])
    return Schedule(
        tuple(slot(row.minute, row.zone or here.zone.key, row.weekdays) for row in rows),
        rows[0].zone is None and here.whose == "the default",
        min(due.values(), default=None),
    )


def owned(conn: Connection, actor: Actor, guild_id: int, serial_id: int) -> Serial:
    """The serial, for its author alone, and locked until the transaction ends. Raises NotFound,
    NotAllowed."""
    people.find(conn, actor.member.discord_id, lock=True)
    lock(conn, serial_id)
    serial = get(conn, guild_id, serial_id)
    if serial.owner_discord_id != actor.member.discord_id:
        raise NotAllowed(f"Only the author of {serial.story.quoted} can do that.")
    return serial


def governed(conn: Connection, actor: Actor, guild_id: int, serial_id: int) -> Serial:
    """The serial, for its author and for moderators, locked as well."""
    if actor.moderator:
        people.find(conn, actor.member.discord_id, lock=True)
        lock(conn, serial_id)
        return get(conn, guild_id, serial_id)
    return owned(conn, actor, guild_id, serial_id)


def lock(conn: Connection, serial_id: int) -> None:
    """Nothing else changes the serial until the transaction ends. SQLite has one writer
    anyway and leaves this out."""
    conn.execute(select(serials.c.id).where(serials.c.id == serial_id).with_for_update())


def _load(
    conn: Connection, query: Select[tuple[object, ...]], where: dict[str, int]
) -> list[Serial]:
    rows = conn.execute(query, where).all()
    told = stories.by_ids(conn, {row.story_id for row in rows})
    owners = people.discord_ids(conn, {story.owner_id for story in told.values()})
    return [
        Serial(
            row.id,
            row.guild_id,
            told[row.story_id],
            State(row.state),
            row.channel_id,
            owners[told[row.story_id].owner_id],
            row.trouble,
            row.starts_on and date.fromisoformat(row.starts_on),
            Options(
                row.role_id,
                bool(row.threads),
                bool(row.crossposts),
                bool(row.previously),
                row.read_ahead,
            ),
        )
        for row in rows
    ]
