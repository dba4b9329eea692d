"""Readers' reactions, counted from what Discord shows of the messages in a channel."""

from collections import Counter
from collections.abc import Mapping

import discord

LATEST = 300  # messages that are looked at, up to the last part: three requests


async def count(
    client: discord.Client, channel_id: int | None, parts: Mapping[int, int]
) -> Counter[int]:
    """How often there were reactions to each part, by its id; `parts` are their ids by those of the
    messages in the channel that are theirs. Empty where they can't be seen."""
    if channel_id is None or not parts:
        return Counter()
    channel = client.get_partial_messageable(channel_id)
    found: Counter[int] = Counter()
    try:
        async for message in channel.history(limit=LATEST, before=discord.Object(max(parts) + 1)):
            if message.id in parts:
                found[parts[message.id]] += sum(one.count for one in message.reactions)
    except discord.HTTPException:
        return Counter()
    return found
