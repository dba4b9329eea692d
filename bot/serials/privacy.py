"""An author's serials and a moderator's approvals: given out, and their going."""

from sqlalchemy import Connection, select, update

from bot.db.held import Held, rows
from bot.serials import removal
from bot.serials.tables import approvals, cuts, removals, serials, skips, slots
from bot.stories import privacy as stories


def held(conn: Connection, person_id: int) -> Held:
    theirs = _of(conn, person_id)
    return {
        "serials": rows(conn, select(serials).where(serials.c.id.in_(theirs))),
        "cuts": rows(conn, select(cuts).where(cuts.c.serial_id.in_(theirs))),
        "slots": rows(conn, select(slots).where(slots.c.serial_id.in_(theirs))),
        "skips": rows(
            conn,
            select(skips)
            .join(slots, slots.c.id == skips.c.slot_id)
            .where(slots.c.serial_id.in_(theirs)),
        ),
        "approvals": rows(conn, select(approvals).where(approvals.c.approved_by == person_id)),
        "removals": rows(conn, select(removals).where(removals.c.person_id == person_id)),
    }


def lock(conn: Connection, person_id: int) -> None:
    """Nobody else changes their serials until the transaction ends."""
    theirs = serials.c.story_id.in_(stories.of(conn, person_id))
    conn.execute(select(serials.c.id).where(theirs).order_by(serials.c.id).with_for_update()).all()


def erase(conn: Connection, person_id: int) -> None:
    """Their serials and all their posts go. What they allowed to others stays allowed."""
    removal.take_down(conn, _of(conn, person_id))
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
