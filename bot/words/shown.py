"""Which entries of the ledger others are shown something of."""

from sqlalchemy import ColumnElement, and_, case

from bot.words.tables import entries

# 1 for an entry that has not been taken back, 0 for that and for a correction.
STANDS = case((and_(entries.c.root_id.is_(None), entries.c.void == 0), 1), else_=0)

# Logged for all to see, and not left off the boards by a moderator.
SHOWN = and_(entries.c.left_off == 0, entries.c.public == 1)


def entered_in(guild_id: int) -> ColumnElement[bool]:
    """What counts on a server's leaderboard and in its statistics."""
    return and_(entries.c.guild_id == guild_id, SHOWN)
