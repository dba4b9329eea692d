"""What is held on a reader, and their going."""

from sqlalchemy import Connection, delete, select

from bot.companion.tables import places, reads
from bot.db.held import Held, rows


def held(conn: Connection, person_id: int) -> Held:
    return {
        "places": rows(conn, select(places).where(places.c.person_id == person_id)),
        "reads": rows(conn, select(reads).where(reads.c.person_id == person_id)),
    }


def erase(conn: Connection, person_id: int) -> None:
    for table in (places, reads):
        conn.execute(delete(table).where(table.c.person_id == person_id))
