from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, String, Table

from bot.db.metadata import Key, metadata

# A person keeps a key of their own, so that erasing someone is a few deletes and one update.
persons = Table(
    "persons",
    metadata,
    Column("id", Key, primary_key=True),
    Column("discord_id", BigInteger, unique=True),
    Column("zone", String),
    Column("dm_channel_id", BigInteger),
    Column("created_at", BigInteger, nullable=False),
)

names = Table(
    "names",
    metadata,
    Column("person_id", ForeignKey("persons.id", ondelete="CASCADE"), primary_key=True),
    Column("guild_id", BigInteger, primary_key=True),
    Column("name", String, nullable=False),
)

guilds = Table(
    "guilds",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("zone", String),
    Column("week_begins", Integer),  # a weekday, Monday is 0; NULL: not said
    Column("owner_id", BigInteger),  # of Discord
    Column("greeted_at", BigInteger),
    Column("notice_channel_id", BigInteger),  # where the bot may speak to the admins
)

Index(None, names.c.guild_id)
Index(None, guilds.c.owner_id)
