"""How a writer likes things: who sees what they write, and how fast they may be believed to be."""

from sqlalchemy import Column, Connection, select, update

from bot.errors import BadInput
from bot.words import projects
from bot.words.tables import writers

PACE = 150  # words a minute
SLOWEST, FASTEST = 10, 1000


def private(conn: Connection, person_id: int) -> bool:
    """Whether `/wrote` answers this writer alone."""
    return bool(_said(conn, person_id, writers.c.private))


def set_private(conn: Connection, person_id: int, private: bool, now: int) -> None:
    _say(conn, person_id, now, private=int(private))


def pace(conn: Connection, person_id: int) -> int:
    """The most words a minute that are believed of them in a sprint."""
    return _said(conn, person_id, writers.c.pace) or PACE


def set_pace(conn: Connection, person_id: int, pace: int, now: int) -> None:
    """Raises BadInput."""
    if not SLOWEST <= pace <= FASTEST:
        raise BadInput(f"A pace is between {SLOWEST} and {FASTEST:,} words a minute.")
    _say(conn, person_id, now, pace=pace)


def streak_hidden(conn: Connection, person_id: int) -> bool:
    return bool(_said(conn, person_id, writers.c.streak_hidden))


def set_streak_hidden(conn: Connection, person_id: int, hidden: bool, now: int) -> None:
    _say(conn, person_id, now, streak_hidden=int(hidden))


def _said(conn: Connection, person_id: int, column: Column[int]) -> int | None:
    found: int | None = conn.scalar(select(column).where(writers.c.person_id == person_id))
    return found


def _say(conn: Connection, person_id: int, now: int, **values: int) -> None:
    projects.default(conn, person_id, now)
    conn.execute(update(writers).where(writers.c.person_id == person_id).values(**values))
