from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, UniqueConstraint

from bot.db.metadata import Key, metadata

# A job that is done is deleted: what it did is in its feature's own tables.
jobs = Table(
    "jobs",
    metadata,
    Column("id", Key, primary_key=True),
    Column("kind", String, nullable=False),
    Column("key", String, nullable=False),
    Column("guild_id", BigInteger),  # NULL: a member's own, or the bot's
    Column("due", BigInteger, nullable=False),  # by the Clock
    Column("not_before", BigInteger, nullable=False, default=0),  # real time: lease or backoff
    Column("owner", String),
    Column("attempts", Integer, nullable=False, default=0),
    Column("error", String),
    UniqueConstraint("kind", "key"),
)

Index(None, jobs.c.due)
Index(None, jobs.c.guild_id)
