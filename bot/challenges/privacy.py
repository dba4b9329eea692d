"""What is held on someone who takes part in challenges, and their going."""

from sqlalchemy import Connection, delete, select

from bot.challenges.records import KINDS
from bot.challenges.tables import badges, challengers
from bot.db.held import Held, rows
from bot.delivery import service as outbox

TABLES = (badges, challengers)


def held(conn: Connection, person_id: int) -> Held:
    return {
        table.name: rows(conn, select(table).where(table.c.person_id == person_id))
        for table in TABLES
    }


def erase(conn: Connection, person_id: int) -> None:
    """Whatever message has their name is said anew without it."""
    theirs = select(challengers.c.challenge_id).where(challengers.c.person_id == person_id)
    challenge_ids = conn.scalars(theirs).all()
    for table in TABLES:
        conn.execute(delete(table).where(table.c.person_id == person_id))
    for kind in KINDS:
        outbox.mark_dirty(conn, kind, *challenge_ids)
