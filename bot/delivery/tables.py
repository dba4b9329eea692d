from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
    text,
)

from bot.db.metadata import Key, metadata

outbox = Table(
    "outbox",
    metadata,
    Column("id", Key, primary_key=True),
    # What it says is rendered from these when it is sent; no text is kept.
    Column("kind", String, nullable=False),
    Column("subject", BigInteger, nullable=False),
    Column("part", BigInteger, nullable=False),  # page of the subject, or the occasion
    Column("guild_id", BigInteger),
    Column("channel_id", BigInteger, nullable=False),
    Column("act", String, nullable=False, server_default="post"),  # or what is done to a message:
    Column("target", BigInteger),  # its id
    Column("priority", Integer, nullable=False),
    Column("after_id", ForeignKey("outbox.id")),  # the page that must be up before this one
    Column("not_after", BigInteger),  # by the Clock; later than this it is no longer wanted
    Column("state", String, nullable=False),
    Column("due", BigInteger),  # real time from which the sender may take it; NULL: never
    Column("nonce", String, nullable=False),
    Column("attempted_at", BigInteger),  # real time of the first POST with this nonce
    Column("attempts", Integer, nullable=False, default=0),
    Column("message_id", BigInteger),
    Column("sent_at", BigInteger),  # by the Clock
    Column("dirty", Integer, nullable=False, default=0),  # an Edit's number
    Column("error", String),
    UniqueConstraint("kind", "subject", "channel_id", "part"),
)

Index(None, outbox.c.due)
Index(None, outbox.c.channel_id, outbox.c.state)
Index(None, outbox.c.guild_id, outbox.c.state)
Index(None, outbox.c.guild_id, outbox.c.due)
Index(None, outbox.c.guild_id, outbox.c.sent_at)
Index(None, outbox.c.message_id)
Index(
    "ix_outbox_unedited",
    outbox.c.guild_id,
    sqlite_where=text("dirty = 3"),
    postgresql_where=text("dirty = 3"),
)

# Answers that a command gave for everyone to see, by whom they name and the story they quote, so
# that they go with them. Kept as long as those are: someone may be erased years later.
public_answers = Table(
    "public_answers",
    metadata,
    Column("person_id", ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True),
    Column("message_id", BigInteger, primary_key=True, autoincrement=False),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE")),
    sqlite_with_rowid=False,
)

Index(
    "ix_public_answers_story_id",
    public_answers.c.story_id,
    sqlite_where=text("story_id IS NOT NULL"),
    postgresql_where=text("story_id IS NOT NULL"),
)
