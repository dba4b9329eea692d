"""A server is greeted once, where the bot may speak."""

from sqlalchemy import Connection, update

from bot.delivery import service as outbox
from bot.people import service as people
from bot.people.tables import guilds

GREETING = "greeting"


def greet(conn: Connection, guild_id: int, channel_id: int, now: int) -> None:
    people.know_guild(conn, guild_id)
    claimed = conn.execute(
        update(guilds)
        .where(guilds.c.id == guild_id, guilds.c.greeted_at.is_(None))
        .values(greeted_at=now, notice_channel_id=channel_id)
    )
    if claimed.rowcount:
        outbox.add(conn, GREETING, guild_id, guild_id=guild_id, channel_id=channel_id)


def forget(conn: Connection, guild_id: int) -> None:
    """The bot was removed: should it be invited again, it introduces itself again."""
    conn.execute(update(guilds).where(guilds.c.id == guild_id).values(greeted_at=None))
    outbox.forget(conn, GREETING, guild_id)
