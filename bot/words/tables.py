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

projects = Table(
    "projects",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", ForeignKey("persons.id", ondelete="CASCADE"), nullable=False),
    Column("title", String, nullable=False),
    Column("folded", String, nullable=False),  # the title, so that two that look alike are one
    Column("genre", String),
    Column("status", String, nullable=False, default="active"),
    Column("target", Integer),  # words
    Column("link", String),
    Column("created_at", BigInteger, nullable=False),
    Column("interaction_id", BigInteger, unique=True),
    Column("import_id", BigInteger),  # the import that made it
    UniqueConstraint("person_id", "folded"),
)

# Where a project stood before anything was logged for it.
starting_counts = Table(
    "starting_counts",
    metadata,
    Column(
        "project_id",
        ForeignKey("projects.id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("unit", String, primary_key=True),
    Column("person_id", ForeignKey("persons.id", ondelete="CASCADE"), nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("import_id", BigInteger),  # the import that said so
)

Index(None, starting_counts.c.person_id)

# How a writer likes things; who has no row likes them as they come.
writers = Table(
    "writers",
    metadata,
    Column("person_id", ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True),
    Column("project_id", ForeignKey("projects.id"), nullable=False),  # the default one
    Column("pace", Integer),  # the most words a minute that are believed
    Column("private", Integer, nullable=False, default=0),  # /wrote answers the writer alone
    Column("streak_hidden", Integer, nullable=False, default=0),
    Column("warning_minute", Integer),  # of the day, to be warned for the streak; NULL: never
    Column("warning_guild_id", BigInteger),  # whose zone that goes by, if they have none
)

Index(None, writers.c.project_id)

# Who is on which server's leaderboard.
listed = Table(
    "listed",
    metadata,
    Column("guild_id", BigInteger, primary_key=True),
    Column("person_id", ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True),
)

# The ledger. An amount is never changed: a correction is an entry of its own, with the first one,
# its root, named. Sums are over all; days and lists are of the roots.
entries = Table(
    "entries",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", ForeignKey("persons.id", ondelete="CASCADE"), nullable=False),
    Column("project_id", ForeignKey("projects.id"), nullable=False),
    Column("unit", String, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("day", String(10), nullable=False),  # ISO; the writer's own date
    Column("made_at", BigInteger, nullable=False),
    Column("source", String, nullable=False),
    Column("note", String),
    Column("guild_id", BigInteger),  # where it was made; NULL in direct messages
    Column("root_id", ForeignKey("entries.id")),
    Column("origin_id", ForeignKey("entries.id")),  # of one moved here: what it was at first
    Column("key", String, nullable=False, unique=True),  # of what made it: once is enough
    Column("void", Integer, nullable=False, default=0),  # a root whose corrections took all back
    Column("zone", String),  # in which a root was made; NULL: from before that was kept
    Column("left_off", Integer, nullable=False, default=0),  # its server's boards, by a moderator
    # 1: logged in its server for all to see. Of any other, nobody else is shown anything.
    Column("public", Integer, nullable=False, default=0),
    Column("import_id", BigInteger),  # the import that made it
)

Index(None, entries.c.person_id, entries.c.day)
Index(None, entries.c.person_id, entries.c.root_id)
Index(None, entries.c.project_id, entries.c.unit)
# With all that a server's sums need, so that none of its entries is looked up for them.
Index(
    "ix_entries_boards",
    entries.c.guild_id,
    entries.c.left_off,
    entries.c.public,
    entries.c.day,
    entries.c.unit,
    entries.c.person_id,
    entries.c.amount,
    entries.c.root_id,
    entries.c.void,
)
Index(None, entries.c.root_id)
Index(None, entries.c.origin_id)

# What a server's entries of a day add up to, without those left off its boards: kept beside the
# ledger, in the same transactions. `entries` are the roots that stand: zero is written too.
day_totals = Table(
    "day_totals",
    metadata,
    Column("guild_id", BigInteger, primary_key=True, autoincrement=False),
    Column("unit", String, primary_key=True),
    Column("person_id", ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("amount", BigInteger, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("changed", Integer, nullable=False),  # since that was last asked
    sqlite_with_rowid=False,
)

Index(None, day_totals.c.person_id)
Index(
    "ix_day_totals_changed",
    day_totals.c.guild_id,
    sqlite_where=text("changed = 1"),
    postgresql_where=text("changed = 1"),
)

goals = Table(
    "goals",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", ForeignKey("persons.id", ondelete="CASCADE"), nullable=False),
    Column("project_id", ForeignKey("projects.id")),  # NULL: all of them
    Column("unit", String, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("first_day", String(10), nullable=False),
    Column("last_day", String(10)),  # a target's; NULL: a habit
    Column("period", String),  # a habit's: day, week, month or year
    Column("weekdays", String, nullable=False, default="0123456"),  # digits, Monday is 0
    Column("interaction_id", BigInteger, unique=True),
)

Index(None, goals.c.person_id)
Index(None, goals.c.project_id)
