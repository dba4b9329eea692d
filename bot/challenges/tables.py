from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table, text

from bot.db.metadata import Key, metadata

challenges = Table(
    "challenges",
    metadata,
    Column("id", Key, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("title", String, nullable=False),
    Column("folded", String, nullable=False),  # the title, so that two that look alike are one
    Column("unit", String, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("first_day", String(10), nullable=False),  # ISO, as all days here
    Column("last_day", String(10), nullable=False),
    Column("state", String, nullable=False),  # running, over or cancelled
    Column("summed_up", String(10), nullable=False),  # the last evening that was
    Column("interaction_id", BigInteger, unique=True),
)

# Of those that run, a server has one by each title.
Index(
    "uq_challenges_running",
    challenges.c.guild_id,
    challenges.c.folded,
    unique=True,
    sqlite_where=text("state = 'running'"),
    postgresql_where=text("state = 'running'"),
)
Index(None, challenges.c.guild_id)

challengers = Table(
    "challengers",
    metadata,
    Column("challenge_id", ForeignKey("challenges.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True),
    Column("target", BigInteger, nullable=False),
    Column("first_day", String(10), nullable=False),  # the challenge's, or theirs if they came late
    Column("listed", Integer, nullable=False),  # by name; 0: counted only
    Column("left_at", BigInteger),
)

Index(None, challengers.c.person_id)

badges = Table(
    "badges",
    metadata,
    Column("challenge_id", ForeignKey("challenges.id", ondelete="CASCADE"), primary_key=True),
    Column("person_id", ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True),
    Column("badge", String, primary_key=True),
    Column("granted_at", BigInteger, nullable=False),
    Column("said_on", String(10)),  # the evening whose summary tells it; NULL: the next one's
)

Index(None, badges.c.person_id)
