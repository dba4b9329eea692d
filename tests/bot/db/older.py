"""Databases as each released version left them, with something in every table."""

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    LargeBinary,
    MetaData,
    String,
    Table,
    insert,
    inspect,
    text,
)

from bot.db.migrate import MIGRATIONS

NEWEST_FIRST = [script.revision for script in ScriptDirectory(str(MIGRATIONS)).walk_revisions()]
NEWEST = NEWEST_FIRST[0]
OLDER = NEWEST_FIRST[:0:-1]  # oldest first

# What a column holds in the two rows of its table, by the end of its name; of several the first.
# Those that aren't named have a text of their own in each row, or a number.
REALISTIC: dict[str, tuple[object, object]] = {
    "discord_id": (1 << 60, (1 << 60) + 1),
    "guild_id": (1 << 59, 1 << 58),
    "interaction_id": (1 << 57, (1 << 57) + 1),
    "_at": (1_772_323_200_000, 1_772_409_600_000),
    "day": ("2026-03-01", "2026-03-02"),
    "date": ("2026-03-01", "2026-03-02"),
    "summed_up": ("2026-03-01", "2026-03-02"),
    "zone": ("Europe/London", "America/St_Johns"),
    "weekdays": ("0123456", "024"),
    "runs": ([["Mara lit the “last” lamp. ", 0], ["Naïve!", 2]], [["The wick burned — blue.", 0]]),
    "pages": ([[1, 0]], [[2, 0]]),
    "starts": ([[1, 0]], [[2, 0]]),
    "mentions": ([[1, 0]], [[2, 4]]),
    "paragraphs.kind": ("prose", "prose"),
    "outbox.kind": ("excerpt", "results"),
    "outbox.state": ("sent", "sending"),
    "outbox.act": ("post", "thread"),
    "serials.state": ("active", "paused"),
    "excerpts.state": ("published", "promised"),
    "sprints.state": ("finished", "live"),
    "rounds.state": ("finished", "running"),
    "challenges.state": ("over", "running"),
    "rating": ("teen", "explicit"),
    "unit": ("words", "words"),
}


def build(conn: Connection, revision: str) -> None:
    """Bring an empty database to the revision and fill every table of it."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = conn
    command.upgrade(config, revision)
    metadata = MetaData()
    metadata.reflect(conn, only=lambda name, _: not name.startswith(("alembic", "search_index")))
    for table in metadata.sorted_tables:
        for number in (1, 2):
            row = {column.name: _value(table, column, number) for column in table.columns}
            conn.execute(insert(table), row)
    if inspect(conn).has_table("search_index"):
        terms = "INSERT INTO search_index (rowid, terms) VALUES (:row, :terms)"
        conn.execute(text(terms), {"row": 1 << 24 | 1, "terms": "mara lit last lamp naiv"})


def _value(table: Table, column: Column[object], number: int) -> object:
    for key in column.foreign_keys:
        if key.column.table is table:  # the second row follows the first
            return None if number == 1 else 1
        return number
    for name, values in REALISTIC.items():
        if f"{table.name}.{column.name}".endswith(name):
            return values[number - 1]
    if isinstance(column.type, JSON):
        return [number]
    if isinstance(column.type, String):
        return f"{number} “é” {table.name}.{column.name}"[: column.type.length]
    if isinstance(column.type, LargeBinary):
        return bytes([number])
    return number % 2 if isinstance(column.type, Boolean) else number
