from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Subquery,
    Table,
    UniqueConstraint,
    select,
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


def _known_from() -> tuple[Column[object], ...]:
    """From where it may be known: a place in the text, or as its author said it (`said`: a
    quotation, or that it is known from the start). No place: nobody is shown it. The place is a
    paragraph's id, as ordinals of what is not posted change with a new version of the text."""
    return (
        Column("said", String),
        Column("paragraph_id", ForeignKey("paragraphs.id", ondelete="SET NULL")),
        Column("offset", Integer),
    )


# The cards that authors keep on their characters.
characters = Table(
    "characters",
    metadata,
    Column("id", Key, primary_key=True),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), nullable=False),
)

# A character's name and their aliases. A name is known from where it first stands in the text as
# well.
character_names = Table(
    "character_names",
    metadata,
    Column("id", Key, primary_key=True),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), nullable=False),
    Column("character_id", ForeignKey("characters.id", ondelete="CASCADE"), nullable=False),
    Column("alias", Integer, nullable=False),
    Column("name", String, nullable=False),
    Column("folded", String, nullable=False),
    *_known_from(),
    # Where it stands in what is published: [[ordinal, start, end], …], up to this ordinal.
    Column("mentions", JSON, nullable=False),
    Column("searched", Integer, nullable=False),
    UniqueConstraint("story_id", "folded"),
)

character_facts = Table(
    "character_facts",
    metadata,
    Column("id", Key, primary_key=True),
    Column("character_id", ForeignKey("characters.id", ondelete="CASCADE"), nullable=False),
    Column("text", String, nullable=False),
    *_known_from(),
    UniqueConstraint("character_id", "text"),
)

# Who does not want to be counted among the readers.
uncounted = Table(
    "uncounted",
    metadata,
    Column("person_id", ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True),
)


def _of_the_counted(table: Table, name: str) -> Subquery:
    uncounted_ones = select(uncounted.c.person_id)
    return select(table).where(table.c.person_id.not_in(uncounted_ones)).subquery(name)


# The places and reads of those who want to be counted: whatever counts readers counts these.
counted_places = _of_the_counted(places, "counted_places")
counted_reads = _of_the_counted(reads, "counted_reads")

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

Index(None, reads.c.person_id)
Index(None, subscriptions.c.serial_id)
Index(None, subscriptions.c.promised)
Index(None, characters.c.story_id)
Index(None, character_names.c.character_id)
Index(None, character_names.c.paragraph_id)
Index(None, character_facts.c.paragraph_id)

# Passages that somebody saved: a place each, never a copy. A number is given once: the buttons of a
# quote have it. Of one that was removed its row stays, so that no other gets its number; and its
# place, unless it was removed by who had saved it, so that nobody saves that passage again.
quotes = Table(
    "quotes",
    metadata,
    Column("id", Key, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("story_id", ForeignKey("stories.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("person_id", ForeignKey("persons.id", ondelete="SET NULL")),  # NULL: erased since
    Column("start_ordinal", Integer),
    Column("start_offset", Integer),
    Column("end_ordinal", Integer),
    Column("end_offset", Integer),
    Column("created_at", BigInteger, nullable=False),
    Column("removed_at", BigInteger),
    UniqueConstraint("story_id", "number"),
    UniqueConstraint("story_id", "start_ordinal", "start_offset", "end_ordinal", "end_offset"),
)

# Where and when a server has a quote of the day.
quote_times = Table(
    "quote_times",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("minute", Integer, nullable=False),  # since midnight, in the server's time zone
)

# The quote of each day; NULL until it is chosen, and where there was none.
quote_days = Table(
    "quote_days",
    metadata,
    Column("id", Key, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("day", String, nullable=False),  # ISO, local
    Column("quote_id", ForeignKey("quotes.id", ondelete="CASCADE")),
    UniqueConstraint("guild_id", "day"),
)

Index(None, quotes.c.person_id)
Index(None, quotes.c.guild_id)
Index(None, quote_days.c.quote_id)
