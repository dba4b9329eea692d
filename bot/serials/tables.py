from sqlalchemy import (
    JSON,
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

serials = Table(
    "serials",
    metadata,
    Column("id", Key, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("state", String, nullable=False),
    Column("channel_id", BigInteger),  # where it is published; others mirror it
    Column("confirmed_by", ForeignKey("persons.id")),
    Column("confirmed_at", BigInteger),
    Column("start_now", Integer, nullable=False, default=0),  # part 1 as soon as it is approved
    Column("trouble", String),  # why nothing is posted, if nothing is
    Column("starts_on", String),  # ISO; the local date before which no slot posts
    Column("role_id", BigInteger),  # of Discord, pinged with each part
    Column("threads", Integer, nullable=False, server_default="0"),  # one to discuss each chapter
    Column("crossposts", Integer, nullable=False, server_default="0"),
    Column("previously", Integer, nullable=False, server_default="0"),  # recalled above each part
    Column("length", Integer),  # words of a part; NULL: as it is by default; 0: a chapter a part
    # Parts past the last one published that readers may read privately.
    Column("read_ahead", Integer, nullable=False, server_default="0"),
    Column("recut_by", BigInteger),  # the last interaction that changed the parts to come
)

# Drafts that are other versions of a serial's story: a new one that waits to be taken, and what the
# story was before its last change, for Undo.
updates = Table(
    "updates",
    metadata,
    Column("draft_id", ForeignKey("serials.id", ondelete="CASCADE"), primary_key=True),
    Column("serial_id", ForeignKey("serials.id", ondelete="CASCADE"), nullable=False),
    Column("added", Integer, nullable=False, server_default="0"),  # by /serial add
    # NULL: it waits. Else the story's text is new from this ordinal on, and Undo works until
    # something from there on is posted.
    Column("new_from", Integer),
)

# Channels that show what is published in the serial's own.
mirrors = Table(
    "mirrors",
    metadata,
    Column("serial_id", ForeignKey("serials.id", ondelete="CASCADE"), primary_key=True),
    Column("channel_id", BigInteger, primary_key=True),
)

# How the parts to come were cut before their author changed it, for Undo.
cuts = Table(
    "cuts",
    metadata,
    Column("id", Key, primary_key=True),
    Column("serial_id", ForeignKey("serials.id", ondelete="CASCADE"), nullable=False),
    Column("starts", JSON, nullable=False),  # [[ordinal, offset], …]: where each part begins
    Column("length", Integer),
)

# A moderator's word that this serial may post in this channel.
approvals = Table(
    "approvals",
    metadata,
    Column("serial_id", ForeignKey("serials.id", ondelete="CASCADE"), primary_key=True),
    Column("channel_id", BigInteger, primary_key=True),
    Column("approved_by", ForeignKey("persons.id", ondelete="SET NULL")),  # NULL: erased since
    Column("approved_at", BigInteger, nullable=False),
)

slots = Table(
    "slots",
    metadata,
    Column("id", Key, primary_key=True),
    Column("serial_id", ForeignKey("serials.id", ondelete="CASCADE"), nullable=False),
    Column("minute", Integer, nullable=False),
    Column("zone", String),  # NULL: the server's
    Column("weekdays", String, nullable=False),  # digits, Monday is 0
    Column("next_date", String),  # ISO; the local date that the slot's job will post for
)

# Local dates on which a slot posts nothing.
skips = Table(
    "skips",
    metadata,
    Column("slot_id", ForeignKey("slots.id", ondelete="CASCADE"), primary_key=True),
    Column("local_date", String, primary_key=True),
    Column("interaction_id", BigInteger, nullable=False, unique=True),
)

# Serials that a moderator removed, until their authors have been told.
removals = Table(
    "removals",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", ForeignKey("persons.id", ondelete="CASCADE"), nullable=False),
    Column("title", String, nullable=False),
    Column("reason", String),
)

excerpts = Table(
    "excerpts",
    metadata,
    Column("id", Key, primary_key=True),
    Column("serial_id", ForeignKey("serials.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("chapter_id", ForeignKey("chapters.id", ondelete="CASCADE"), nullable=False),
    # From (start, offset) to just before (end, offset), by the paragraphs' ordinals.
    Column("start_ordinal", Integer, nullable=False),
    Column("start_offset", Integer, nullable=False),
    Column("end_ordinal", Integer, nullable=False),
    Column("end_offset", Integer, nullable=False),
    Column("pages", JSON, nullable=False),  # [[ordinal, offset], …]: where each begins
    Column("words", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("slot_id", ForeignKey("slots.id", ondelete="SET NULL")),
    Column("local_date", String),
    Column("interaction_id", BigInteger, unique=True),  # that asked for it to be posted now
    Column("published_at", BigInteger),
    UniqueConstraint("serial_id", "number"),
    UniqueConstraint("slot_id", "local_date"),
)

# At most one excerpt of a serial is on its way.
Index(
    "uq_excerpts_promised",
    excerpts.c.serial_id,
    unique=True,
    sqlite_where=text("state = 'promised'"),
    postgresql_where=text("state = 'promised'"),
)
Index(None, serials.c.guild_id)
Index(None, slots.c.serial_id)
Index(None, removals.c.person_id)
Index(None, updates.c.serial_id)
Index(None, cuts.c.serial_id)
Index(None, excerpts.c.chapter_id)
