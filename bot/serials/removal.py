"""A serial that goes for good, with its story and its posts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select

from bot.delivery import service as outbox
from bot.delivery.loop import Hooks
from bot.delivery.rules import Row
from bot.errors import BadInput
from bot.jobs import service as jobs
from bot.people import service as people
from bot.serials import channels, posting, updating
from bot.serials.records import WEEKLY, Actor, Serial, governed
from bot.serials.tables import excerpts, removals
from bot.stories import service as stories

TOLD = "serial.removed"  # the kind of a message that tells the author
WORD = "REMOVE"
LONGEST_REASON = 500  # characters


@dataclass(frozen=True, slots=True)
class Removal:
    """What its author is told of."""

    title: str
    reason: str | None


def take_down(conn: Connection, serial_ids: Sequence[int]) -> None:
    """Post nothing more of these serials, and delete what has been posted, for they go."""
    for serial_id in serial_ids:
        posting.cancel_slots(conn, serial_id)
        jobs.cancel(conn, WEEKLY, str(serial_id))
    parts = conn.scalars(select(excerpts.c.id).where(excerpts.c.serial_id.in_(serial_ids))).all()
    outbox.remove(conn, posting.EXCERPT, *parts)
    outbox.remove(conn, channels.MIRROR, *parts)
    outbox.untitle_threads(conn, posting.THREAD, *parts)
    outbox.forget(conn, posting.CROSSPOST, *parts)
    for kind in posting.NOTICES:
        outbox.remove(conn, kind, *serial_ids)


def remove(
    conn: Connection, actor: Actor, guild_id: int, serial_id: int, typed: str, reason: str
) -> Serial:
    """Remove the serial, with its story, schedule, posts and all that readers left in it, once the
    title or WORD is typed. Its author is told if it was a moderator. Raises BadInput, NotFound,
    NotAllowed."""
    serial = governed(conn, actor, guild_id, serial_id)
    if _plain(typed) not in (_plain(serial.story.title), _plain(WORD)):
        raise BadInput(
            f"Nothing is removed, as you typed neither {WORD} nor the title of "
            f"{serial.story.quoted}."
        )
    take_down(conn, [serial_id])
    updating.drop_all(conn, serial_id)
    stories.remove(conn, serial.story.id)
    if serial.owner_discord_id != actor.member.discord_id:
        _tell(conn, serial, " ".join(reason.split()) or None)
    return serial


def told(conn: Connection, removal_id: int) -> Removal | None:
    row = conn.execute(select(removals).where(removals.c.id == removal_id)).one_or_none()
    return None if row is None else Removal(row.title, row.reason)


def _plain(typed: str) -> str:
    return " ".join(typed.split()).casefold()


def _tell(conn: Connection, serial: Serial, reason: str | None) -> None:
    channel_id = people.dm_channel(conn, serial.story.owner_id)
    if channel_id is None:
        return
    removal_id = conn.scalars(
        insert(removals)
        .values(person_id=serial.story.owner_id, title=serial.story.title, reason=reason)
        .returning(removals.c.id)
    ).one()
    outbox.add(conn, TOLD, removal_id, guild_id=None, channel_id=channel_id)


def _forget(conn: Connection, row: Row, now: int) -> None:
    conn.execute(delete(removals).where(removals.c.id == row.subject))
    outbox.forget(conn, TOLD, row.subject)


HOOKS = Hooks(sent=_forget, blocked=_forget, gone=_forget, refused=_forget)
