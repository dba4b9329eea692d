"""What is held on a writer, and their going."""

from sqlalchemy import Connection, delete, select

from bot.db.held import Held, rows
from bot.words.tables import entries, goals, listed, projects, writers

# What refers to another comes before it.
TABLES = (goals, listed, entries, writers, projects)


def held(conn: Connection, person_id: int) -> Held:
    return {
        table.name: rows(conn, select(table).where(table.c.person_id == person_id))
        for table in TABLES
    }


def erase(conn: Connection, person_id: int) -> None:
    for table in TABLES:
        conn.execute(delete(table).where(table.c.person_id == person_id))
