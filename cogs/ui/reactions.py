"""Readers' reactions, counted from what Discord shows of the latest messages."""

from collections import Counter
from collections.abc import Mapping

import discord

LATEST = 300  # messages that are looked at: three requests


async def count(client: discord.Client, channel_id: int, parts: Mapping[int, int]) -> Counter[int]:
    """How often there were reactions to each part, by its id; `parts` are their ids by those of the
    messages in the channel that are theirs. Empty where they can't be seen."""
    channel = client.get_partial_messageable(channel_id)
    found: Counter[int] = Counter()
    try:
        async for message in channel.history(limit=LATEST):
            if message.id in parts:
                found[parts[message.id]] += sum(one.count for one in message.reactions)
    except discord.HTTPException:
        return Counter()
    return found
