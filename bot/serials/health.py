"""What of a server's serials comes next, or is in trouble."""

from contextlib import suppress

from sqlalchemy import Connection, select

from bot.errors import Conflict
from bot.serials import posting, records, service
from bot.serials.records import SLOT, Actor, Serial, State
from bot.serials.tables import excerpts, slots


def about(conn: Connection, kind: str, subject: int) -> Serial | None:
    """The serial that a message is about, or the job of a slot."""
    serial_id: int | None = None
    if kind in posting.NOTICES:
        serial_id = subject
    elif kind in posting.OF_EXCERPTS:
        serial_id = conn.scalar(select(excerpts.c.serial_id).where(excerpts.c.id == subject))
    elif kind == SLOT:
        serial_id = conn.scalar(select(slots.c.serial_id).where(slots.c.id == subject))
    return None if serial_id is None else records.find(conn, serial_id)


def in_trouble(conn: Connection, guild_id: int) -> list[Serial]:
    """Those that the bot itself has paused or stopped."""
    return [
        serial
        for serial in records.in_guild(conn, guild_id)
        if serial.trouble and serial.state in (State.PAUSED, State.STOPPED)
    ]


def pinging(conn: Connection, guild_id: int) -> list[Serial]:
    """Those with a role that is pinged with each part."""
    return [serial for serial in records.in_guild(conn, guild_id) if serial.options.role_id]


def may_help(serial: Serial) -> bool:
    """Whether to try again may: what is paused for its channel's sake, or stopped, needs more."""
    return serial.state is State.PAUSED and serial.trouble == "refused"


def try_again(conn: Connection, actor: Actor, guild_id: int, now: int) -> None:
    """Resume those that are paused because Discord refused a part."""
    for serial in in_trouble(conn, guild_id):
        if may_help(serial):
            with suppress(Conflict):  # somebody has just done it
                service.resume(conn, actor, guild_id, serial.id, now)
