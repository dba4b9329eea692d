from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from bot.db.metadata import Key, metadata

# How far a reader has come in a story. NULL: they have not said, and we have not seen.
places = Table(
    "places",
    metadata,
    Column("person_id", ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), primary_key=True),
    # The horizon: everything before this place may be shown.
    Column("horizon_ordinal", Integer),
    Column("horizon_offset", Integer),
    # The bookmark: where reading opens.
    Column("bookmark_ordinal", Integer),
    Column("bookmark_offset", Integer),
    Column("following", Integer, nullable=False, default=0),  # reads every post as it comes
)

# Who pressed "I've read this" under which part.
reads = Table(
    "reads",
    metadata,
    Column("excerpt_id", ForeignKey("excerpts.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True),
    Column("read_at", BigInteger, nullable=False),
)

Index(None, reads.c.person_id)

# Who does not want to be counted among the readers.
uncounted = Table(
    "uncounted",
    metadata,
    Column("person_id", ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True),
)

# Parts of a story by direct message, at the reader's own hour.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Key, primary_key=True),
    Column("serial_id", ForeignKey("serials.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", ForeignKey("persons.id", ondelete="CASCADE"), nullable=False),
    Column("minute", Integer, nullable=False),  # of the reader's day
    Column("weekdays", String, nullable=False),  # digits, Monday is 0
    # Everything before this place has been sent, or was read before.
    Column("place_ordinal", Integer, nullable=False),
    Column("place_offset", Integer, nullable=False),
    Column("promised", ForeignKey("excerpts.id", ondelete="SET NULL")),  # the part on its way
    Column("why_stopped", String),  # NULL: it runs
    UniqueConstraint("person_id", "serial_id"),
)

Index(None, subscriptions.c.serial_id)
Index(None, subscriptions.c.promised)
