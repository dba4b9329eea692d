from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table

from bot.db.metadata import metadata

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
