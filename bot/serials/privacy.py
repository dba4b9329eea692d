"""An author's serials and a moderator's approvals: given out, and their going."""

from sqlalchemy import Connection, select, update

from bot.db.held import Held, rows
from bot.delivery import service as outbox
from bot.serials import posting
from bot.serials.tables import approvals, excerpts, serials, slots
from bot.stories import privacy as stories


def held(conn: Connection, person_id: int) -> Held:
    theirs = _of(conn, person_id)
    return {
        "serials": rows(conn, select(serials).where(serials.c.id.in_(theirs))),
        "slots": rows(conn, select(slots).where(slots.c.serial_id.in_(theirs))),
        "approvals": rows(conn, select(approvals).where(approvals.c.approved_by == person_id)),
    }


def erase(conn: Connection, person_id: int) -> None:
    """Their serials post nothing more and are gone. What they allowed to others stays allowed."""
    theirs = _of(conn, person_id)
    for serial_id in theirs:
        posting.cancel_slots(conn, serial_id)
    parts = conn.scalars(select(excerpts.c.id).where(excerpts.c.serial_id.in_(theirs)))
    outbox.forget(conn, posting.EXCERPT, *parts)
    for kind in posting.NOTICES:
        outbox.forget(conn, kind, *theirs)
    conn.execute(
        update(approvals).where(approvals.c.approved_by == person_id).values(approved_by=None)
    )
    stories.erase(conn, person_id)


def _of(conn: Connection, person_id: int) -> list[int]:
    return list(
        conn.scalars(
            select(serials.c.id).where(serials.c.story_id.in_(stories.of(conn, person_id)))
        )
    )
