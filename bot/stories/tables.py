from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.db.metadata import Key, metadata

stories = Table(
    "stories",
    metadata,
    Column("id", Key, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("owner_id", ForeignKey("persons.id"), nullable=False),
    Column("title", String, nullable=False),
    Column("author", String, nullable=False),
    Column("complete", Integer, nullable=False, default=0),
    Column("rating", String, nullable=False, server_default="teen"),
    Column("least_rating", String, nullable=False, server_default="general"),  # by moderators
    Column("bytes", BigInteger, nullable=False, server_default="0"),  # of its text, as UTF-8
    Column("created_at", BigInteger, nullable=False),
    # The interaction that brought it, so that one delivered twice adds it once.
    Column("interaction_id", BigInteger, unique=True),
)

chapters = Table(
    "chapters",
    metadata,
    Column("id", Key, primary_key=True),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("title", String),
    Column("words", Integer, nullable=False),
    Column("first", Integer, nullable=False),  # the ordinal of its first paragraph
    UniqueConstraint("story_id", "number"),
)

# Every block of the file, headings and notes too: joined by ordinal, `source` is the file's text.
paragraphs = Table(
    "paragraphs",
    metadata,
    Column("id", Key, primary_key=True),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), nullable=False),
    Column("chapter_id", ForeignKey("chapters.id", ondelete="CASCADE")),
    Column("ordinal", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("runs", JSON, nullable=False),  # [[text, style], …]
    Column("source", Text, nullable=False),
    Column("shown", String),  # a note's: posted, kept to be looked up, or neither
    UniqueConstraint("story_id", "ordinal"),
)

Index(None, stories.c.guild_id)
Index(None, stories.c.owner_id)
Index(None, paragraphs.c.chapter_id)
