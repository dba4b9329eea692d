"""What is held on a reader, and their going."""

from sqlalchemy import Connection, delete, select, update

from bot.companion.quotes import take_down
from bot.companion.tables import places, quotes, reads
from bot.db.held import Held, rows
from bot.stories import privacy as stories


def held(conn: Connection, person_id: int) -> Held:
    return {
        "places": rows(conn, select(places).where(places.c.person_id == person_id)),
        "quotes": rows(conn, select(quotes).where(quotes.c.person_id == person_id)),
        "reads": rows(conn, select(reads).where(reads.c.person_id == person_id)),
    }


def erase(conn: Connection, person_id: int) -> None:
    """What they saved stays, as a reader's; what shows quotes of their own stories goes."""
    take_down(conn, stories.of(conn, person_id))
    conn.execute(update(quotes).where(quotes.c.person_id == person_id).values(person_id=None))
    for table in (places, reads):
        conn.execute(delete(table).where(table.c.person_id == person_id))
