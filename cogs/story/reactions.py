"""What readers put under posts: asked of Discord when it is wanted, so that none is missed."""

from collections.abc import Sequence

import discord

from bot.client import Bot

MOST_MESSAGES = 300  # looked through, a hundred a request


async def count_reactions(
    bot: Bot, channel_id: int | None, message_ids: Sequence[int]
) -> dict[int, int]:
    """How many reactions each of these messages has; empty where Discord doesn't let us look."""
    if channel_id is None or not message_ids:
        return {}
    wanted = set(message_ids)
    after, before = discord.Object(min(wanted) - 1), discord.Object(max(wanted) + 1)
    channel = bot.get_partial_messageable(channel_id)
    try:
        return {
            message.id: sum(reaction.count for reaction in message.reactions)
            async for message in channel.history(limit=MOST_MESSAGES, after=after, before=before)
            if message.id in wanted
        }
    except discord.HTTPException:
        return {}
