"""The way to write to a member privately."""

import discord

from bot.people import service as people
from cogs.ui.components import Interaction


async def open_direct_messages(interaction: Interaction) -> None:
    """So that the member can be told things later. Opened in answer to them, for bots that open
    them unasked are blocked."""
    try:
        channel = await interaction.user.create_dm()
    except discord.HTTPException:
        return
    await interaction.client.services.database.write(
        people.set_dm_channel, interaction.user.id, channel.id
    )
