"""A server is greeted once, where the bot may speak."""

from sqlalchemy import Connection, select, update

from bot.delivery import service as outbox
from bot.people import service as people
from bot.people.tables import guilds

GREETING = "greeting"


def greeted(conn: Connection, guild_id: int) -> bool:
    when = conn.scalar(select(guilds.c.greeted_at).where(guilds.c.id == guild_id))
    return when is not None


def greet(conn: Connection, guild_id: int, owner_id: int | None, channel_id: int, now: int) -> None:
    """Promise the first words to a server's channel, unless they have been."""
    people.know_guild(conn, guild_id)
    claimed = conn.execute(
        update(guilds)
        .where(guilds.c.id == guild_id, guilds.c.greeted_at.is_(None))
        .values(greeted_at=now, owner_id=owner_id, notice_channel_id=channel_id)
    )
    if claimed.rowcount:
        outbox.add(conn, GREETING, guild_id, guild_id=guild_id, channel_id=channel_id)


def forget(conn: Connection, guild_id: int) -> None:
    """The bot was removed: should it be invited again, it introduces itself again."""
    conn.execute(update(guilds).where(guilds.c.id == guild_id).values(greeted_at=None))
    outbox.forget(conn, GREETING, guild_id)
