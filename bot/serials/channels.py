"""Where a serial may be posted by leave of moderators, and the channels that mirror its own."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select

from bot.db.metadata import upsert
from bot.delivery import service as outbox
from bot.delivery.loop import Hooks
from bot.delivery.rules import Row
from bot.errors import BadInput, Conflict
from bot.people import service as people
from bot.serials.records import Actor, Serial, State, in_guild, owned
from bot.serials.tables import approvals, excerpts, mirrors, serials

MIRROR = "excerpt.mirror"  # kinds of message: about an excerpt,
LEAVE = "serial.leave"  # and about a serial
MOST = 5  # of a serial
MOST_WAITING = 10  # confirmed stories of one author in one server without leave for their channel


def mirror(
    conn: Connection, actor: Actor, guild_id: int, serial_id: int, channel_id: int, now: int
) -> bool:
    """Show the serial there too. The actor's being a moderator there is leave enough; else one is
    asked, and it is False. Raises BadInput, NotFound, NotAllowed."""
    serial = owned(conn, actor, guild_id, serial_id)
    if serial.channel_id in (None, channel_id):
        raise BadInput(
            "A story is mirrored from the channel that it is posted in: choose that one first, "
            "with `/serial schedule`, and then another here."
        )
    if channel_id not in mirrored(conn, serial_id) and len(mirrored(conn, serial_id)) >= MOST:
        raise BadInput(f"{serial.story.quoted} is shown in {MOST} more channels: that is the most.")
    conn.execute(
        upsert(mirrors).values(serial_id=serial_id, channel_id=channel_id).on_conflict_do_nothing()
    )
    if actor.moderator:
        allow(conn, actor, serial_id, channel_id, now)
    allowed = approved(conn, serial_id, channel_id)
    if not allowed:
        ask(conn, guild_id, serial_id, channel_id)
    return allowed


def unmirror(
    conn: Connection, actor: Actor, guild_id: int, serial_id: int, channel_id: int
) -> None:
    owned(conn, actor, guild_id, serial_id)
    conn.execute(
        delete(mirrors).where(mirrors.c.serial_id == serial_id, mirrors.c.channel_id == channel_id)
    )


def mirrored(conn: Connection, serial_id: int) -> Sequence[int]:
    return conn.scalars(select(mirrors.c.channel_id).where(mirrors.c.serial_id == serial_id)).all()


def show(
    conn: Connection, guild_id: int, serial_id: int, excerpt_id: int, pages: int, not_after: int
) -> None:
    """Promise a part that has just been published to every mirror; one that can't show it in time
    leaves it out."""
    for channel_id in mirrored(conn, serial_id):
        if approved(conn, serial_id, channel_id):
            outbox.add(
                conn, MIRROR, excerpt_id, guild_id=guild_id, channel_id=channel_id,
                parts=range(pages), priority=outbox.EXCERPTS, not_after=not_after,
            )  # fmt: skip


def ask(conn: Connection, guild_id: int, serial_id: int, channel_id: int) -> None:
    """Ask the channel's moderators to let the serial be posted there. A request that is there
    already says from now on what is wanted now."""
    outbox.add(conn, LEAVE, serial_id, guild_id=guild_id, channel_id=channel_id)
    outbox.mark_dirty(conn, LEAVE, serial_id)


def check_waiting(conn: Connection, serial: Serial) -> None:
    """Raises Conflict where as many others of its author's as may be wait for leave."""
    others = [
        one.id
        for one in in_guild(conn, serial.guild_id)
        if one.story.owner_id == serial.story.owner_id
        and one.id != serial.id
        and one.state not in (State.DRAFT, State.STOPPED)
    ]
    allowed = conn.scalars(
        select(serials.c.id)
        .join(
            approvals,
            (approvals.c.serial_id == serials.c.id)
            & (approvals.c.channel_id == serials.c.channel_id),
        )
        .where(serials.c.id.in_(others))
    ).all()
    if len(others) - len(allowed) >= MOST_WAITING:
        raise Conflict(
            f"{MOST_WAITING} of your stories here have no moderator's leave yet, so another has to "
            "wait. Once one of them is allowed in its channel, or you `/serial remove` one, try "
            "again."
        )


def allow(conn: Connection, actor: Actor, serial_id: int, channel_id: int, now: int) -> None:
    """A moderator's leave, for good unless it is taken back."""
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
    outbox.mark_dirty(conn, LEAVE, serial_id)


def take_back(conn: Connection, serial_id: int, channel_id: int | None) -> None:
    """The moderators' leave; where it is wanted again there is a new request."""
    conn.execute(
        delete(approvals).where(
            approvals.c.serial_id == serial_id, approvals.c.channel_id == channel_id
        )
    )
    outbox.forget(conn, LEAVE, serial_id, channel_id=channel_id)


def approved(conn: Connection, serial_id: int, channel_id: int) -> bool:
    """Whether moderators allow the serial in this channel."""
    return (
        conn.scalar(
            select(approvals.c.approved_at).where(
                approvals.c.serial_id == serial_id, approvals.c.channel_id == channel_id
            )
        )
        is not None
    )


def _on_gone(conn: Connection, row: Row, now: int) -> None:
    theirs = select(excerpts.c.serial_id).where(excerpts.c.id == row.subject)
    conn.execute(
        delete(mirrors).where(
            mirrors.c.serial_id.in_(theirs), mirrors.c.channel_id == row.channel_id
        )
    )
    outbox.forget(conn, MIRROR, row.subject, channel_id=row.channel_id)


def _ask_anew(conn: Connection, row: Row, now: int) -> None:
    """The request has been deleted: another takes its place if leave is still wanted."""
    outbox.forget(conn, LEAVE, row.subject, channel_id=row.channel_id)
    if not approved(conn, row.subject, row.channel_id):
        outbox.add(conn, LEAVE, row.subject, guild_id=row.guild_id, channel_id=row.channel_id)


HOOKS = Hooks(gone=_on_gone)
LEAVE_HOOKS = Hooks(deleted=_ask_anew)
