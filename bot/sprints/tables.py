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

# One sprint of one or more rounds in a channel.
sprints = Table(
    "sprints",
    metadata,
    Column("id", Key, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("starter_id", ForeignKey("persons.id", ondelete="SET NULL")),  # NULL: it was planned
    Column("title", String),
    Column("minutes", Integer, nullable=False),
    Column("rounds", Integer, nullable=False),
    Column("pause", Integer, nullable=False),  # minutes from a bell to the next start
    Column("state", String, nullable=False),  # live, finished or cancelled
    Column("interaction_id", BigInteger, unique=True),
)

# One live sprint a channel.
Index(
    "uq_sprints_live",
    sprints.c.channel_id,
    unique=True,
    sqlite_where=text("state = 'live'"),
    postgresql_where=text("state = 'live'"),
)
Index(None, sprints.c.guild_id)

rounds = Table(
    "rounds",
    metadata,
    Column("id", Key, primary_key=True),
    Column("sprint_id", ForeignKey("sprints.id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("state", String, nullable=False),  # waiting, running, counting, finished, cancelled
    Column("starts_at", BigInteger, nullable=False),
    Column("ends_at", BigInteger, nullable=False),  # the bell, as promised or as brought forward
    Column("rang_at", BigInteger),  # the bell, as it rang
    Column("counting_until", BigInteger),
    Column("finished_at", BigInteger),
    Column("why", String),  # it was cancelled
    UniqueConstraint("sprint_id", "number"),
)

Index(None, rounds.c.finished_at)

participants = Table(
    "participants",
    metadata,
    Column("id", Key, primary_key=True),
    Column("round_id", ForeignKey("rounds.id", ondelete="CASCADE"), nullable=False),
    Column("person_id", ForeignKey("persons.id", ondelete="SET NULL")),  # NULL: "a writer"
    Column("project_id", ForeignKey("projects.id", ondelete="SET NULL")),
    Column("joined_at", BigInteger, nullable=False),
    Column("left_at", BigInteger),
    Column("quiet", Integer, nullable=False, default=0),  # here without a count
    Column("start", BigInteger),  # the running total they began at; NULL: not said
    # As the last declaration that stands left it; NULL: nothing said.
    Column("count", BigInteger),  # a running total
    Column("written", BigInteger),
    Column("confirmed", Integer, nullable=False, default=1),  # 0: too odd to be ranked unasked
    Column("final", Integer, nullable=False, default=0),
    Column("entry_id", ForeignKey("entries.id", ondelete="SET NULL")),  # in the ledger
    UniqueConstraint("round_id", "person_id"),
)

Index(None, participants.c.person_id)

# What participants said, in order; undoing takes back the last.
declarations = Table(
    "declarations",
    metadata,
    Column("id", Key, primary_key=True),
    Column("participant_id", ForeignKey("participants.id", ondelete="CASCADE"), nullable=False),
    Column("interaction_id", BigInteger, nullable=False, unique=True),
    Column("undone_by", BigInteger, unique=True),  # the interaction that did
    Column("count", BigInteger),
    Column("written", BigInteger),
    Column("confirmed", Integer, nullable=False),
    Column("final", Integer, nullable=False),
)

Index(None, declarations.c.participant_id)

# Recurring sprints: a local time of the server's, on some weekdays.
plans = Table(
    "plans",
    metadata,
    Column("id", Key, primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("channel_id", BigInteger, nullable=False),
    Column("minute", Integer, nullable=False),  # of the day
    Column("weekdays", String, nullable=False),  # digits, Monday is 0
    Column("used_date", String(10)),  # ISO; the last that a sprint was announced for
    Column("title", String),
    Column("minutes", Integer, nullable=False),
    Column("rounds", Integer, nullable=False),
    Column("pause", Integer, nullable=False),
    Column("interaction_id", BigInteger, unique=True),
)

Index(None, plans.c.guild_id)

# Who is told of sprints in a channel.
reminders = Table(
    "reminders",
    metadata,
    Column("channel_id", BigInteger, primary_key=True),
    Column("person_id", ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True),
    Column("guild_id", BigInteger, nullable=False),
    Column("once", Integer, nullable=False),  # the next sprint alone
    Column("told_of", ForeignKey("sprints.id", ondelete="SET NULL")),  # the last that they were
    Column("missed", Integer, nullable=False, default=0),  # in a row
)

Index(None, reminders.c.person_id)
Index(None, reminders.c.told_of)

# How long a sprint lasts in a channel if nobody says; one without a row goes by its server.
sprint_lengths = Table(
    "sprint_lengths",
    metadata,
    Column("channel_id", BigInteger, primary_key=True, autoincrement=False),
    Column("guild_id", BigInteger, nullable=False),
    Column("minutes", Integer, nullable=False),
)

# How a server likes its sprints; one without a row likes them as they come.
sprint_settings = Table(
    "sprint_settings",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("minutes", Integer),
    Column("counting", Integer),  # minutes
    Column("role_id", BigInteger),  # pinged instead of people once there are many
)
