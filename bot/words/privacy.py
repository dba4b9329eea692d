"""What is held on a writer, and their going."""

from sqlalchemy import Connection, delete, select

from bot.db.held import Held, rows
from bot.delivery import service as outbox
from bot.jobs import service as jobs
from bot.words.streaks import WARNING
from bot.words.tables import (
    day_totals,
    entries,
    goals,
    listed,
    projects,
    starting_counts,
    writers,
)

# What refers to another comes before it.
TABLES = (goals, listed, day_totals, entries, writers, starting_counts, projects)


def held(conn: Connection, person_id: int) -> Held:
    return {
        table.name: rows(conn, select(table).where(table.c.person_id == person_id))
        for table in TABLES
    }


def erase(conn: Connection, person_id: int) -> None:
    jobs.cancel(conn, WARNING, str(person_id))
    outbox.forget(conn, WARNING, person_id)
    for table in TABLES:
        conn.execute(delete(table).where(table.c.person_id == person_id))
