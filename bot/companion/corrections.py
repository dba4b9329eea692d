"""A new version of a story's file, taken, with readers' places in what it corrects."""

import asyncio

from sqlalchemy import Connection

from bot.companion import cards, characters, places, subscriptions
from bot.companion.tables import quotes
from bot.db.engine import Database
from bot.errors import Conflict
from bot.serials import quota, revising, updating
from bot.serials.records import Actor, Serial
from bot.serials.revising import Change

ATTEMPTS = 3


async def take(
    database: Database,
    actor: Actor,
    guild_id: int,
    draft_id: int,
    *,
    correcting: bool,
    most: int = quota.USUAL,
) -> tuple[Serial, Change]:
    """Take the new version, and correct posts or not. The serial may go on meanwhile, as working
    it out takes its time: then it is worked out anew. Raises Conflict, also where the author then
    has more than `most` bytes of text, NotFound, NotAllowed."""
    for _ in range(ATTEMPTS):
        version, standing, manuscript = await database.read(
            updating.texts, actor, guild_id, draft_id
        )
        change = await asyncio.to_thread(
            revising.prepare, standing, manuscript, correcting=correcting, added=version.added
        )
        serial = await database.write(apply, actor, guild_id, draft_id, change, most)
        if serial is not None:
            await characters.bind_again(database, actor, guild_id, serial.id)
            return serial, change
    raise Conflict("The story is being changed at this moment. Try again in a minute.")


async def undo(
    database: Database, actor: Actor, guild_id: int, serial_id: int, draft_id: int
) -> Serial:
    """Make the serial what it was before its last change, of which `draft_id` is the copy. Raises
    Conflict where something of that change has been posted."""
    for _ in range(ATTEMPTS):
        standing, before = await database.read(
            updating.before, actor, guild_id, serial_id, draft_id
        )
        change = await asyncio.to_thread(revising.undo, standing, before)
        serial = await database.write(apply_undo, actor, guild_id, serial_id, draft_id, change)
        if serial is not None:
            await characters.bind_again(database, actor, guild_id, serial.id)
            return serial
    raise Conflict("The story is being changed at this moment. Try again in a minute.")


def apply(
    conn: Connection,
    actor: Actor,
    guild_id: int,
    draft_id: int,
    change: Change,
    most: int = quota.USUAL,
) -> Serial | None:
    """None where the serial has gone on since. Readers' places stay at the words they were at; who
    had read ahead goes back to where the text is new."""
    serial = updating.take(conn, actor, guild_id, draft_id, change, most=most)
    if serial is not None:
        _follow(conn, serial, change)
    return serial


def apply_undo(
    conn: Connection, actor: Actor, guild_id: int, serial_id: int, draft_id: int, change: Change
) -> Serial | None:
    """As `apply`."""
    serial = updating.undo(conn, actor, guild_id, serial_id, draft_id, change)
    if serial is not None:
        _follow(conn, serial, change)
    return serial


def _follow(conn: Connection, serial: Serial, change: Change) -> None:
    moved = {one.ordinal: one.moved for one in change.corrected}
    places.follow(conn, serial.story.id, moved)
    places.follow_in(conn, quotes, ("start", "end"), serial.story.id, moved)
    cards.follow(conn, serial.story.id, moved)
    subscriptions.follow(conn, serial.id, moved)
    places.cut_back(conn, serial.story.id, change.new_from)
    subscriptions.cut_back(conn, serial.id, change.new_from)
