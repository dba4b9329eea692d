"""Chores that leave nothing of what was deleted in SQLite's files, each outside any transaction.

`secure_delete` overwrites what is deleted where it stands, but not every copy: a page that SQLite
has put together anew may keep, between its cells, what was there before. Only VACUUM writes all
pages afresh. It holds up writing for about 20 ms a megabyte.
"""

import sqlite3

WAIT_FOR_READERS = 250  # ms; meanwhile nobody writes


def empty_log(connection: sqlite3.Connection) -> bool:
    """Bring the write-ahead log into the database and cut it to nothing. False while somebody still
    reads from it."""
    (usual,) = connection.execute("PRAGMA busy_timeout").fetchone()
    connection.execute(f"PRAGMA busy_timeout = {WAIT_FOR_READERS}")
    try:
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    finally:
        connection.execute(f"PRAGMA busy_timeout = {usual}")
    return not busy


def vacuum(connection: sqlite3.Connection) -> bool:
    connection.execute("VACUUM")
    return True
