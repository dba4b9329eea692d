"""What is held on a reader, and their going."""

from sqlalchemy import Connection, delete, select

from bot.companion import reminding
from bot.companion import subscriptions as sending
from bot.companion.tables import places, reads, subscriptions, uncounted
from bot.db.held import Held, rows


def held(conn: Connection, person_id: int) -> Held:
    return {
        "places": rows(conn, select(places).where(places.c.person_id == person_id)),
        "reads": rows(conn, select(reads).where(reads.c.person_id == person_id)),
        "uncounted": rows(conn, select(uncounted).where(uncounted.c.person_id == person_id)),
        "subscriptions": rows(
            conn, select(subscriptions).where(subscriptions.c.person_id == person_id)
        ),
        "reminders_to_read_on": reminding.held(conn, person_id),
    }


def erase(conn: Connection, person_id: int) -> None:
    sending.erase(conn, person_id)
    reminding.erase(conn, person_id)
    for table in (places, reads, uncounted):
        conn.execute(delete(table).where(table.c.person_id == person_id))
