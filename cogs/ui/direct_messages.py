"""The way to write to a member privately."""

import discord

from bot.errors import NotAllowed
from bot.people import service as people
from cogs.ui.components import Interaction


async def open_direct_messages(interaction: Interaction) -> int | None:
    """So that the member can be told things later. Opened in answer to them, for bots that open
    them unasked are blocked. Returns the channel's id; None where there can be none."""
    try:
        channel = await interaction.user.create_dm()
    except discord.HTTPException:
        return None
    await interaction.client.services.database.write(
        people.set_dm_channel, interaction.user.id, channel.id
    )
    return channel.id


async def direct_channel(interaction: Interaction) -> int:
    """The same, for what can be done in no other way. Raises NotAllowed."""
    channel_id = await open_direct_messages(interaction)
    if channel_id is None:
        raise NotAllowed(
            "Discord does not let me write to you. Allow direct messages from this server in its "
            "privacy settings, then try again."
        )
    return channel_id
