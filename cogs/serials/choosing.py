"""The serials that a member has a say in."""

from discord.app_commands import Choice

from bot.serials import records
from bot.serials.records import Serial
from cogs.ui.asking import actor, can_see, guild_id
from cogs.ui.choosing import suggest_stories
from cogs.ui.components import Interaction


async def governed(interaction: Interaction, mine_alone: bool = True) -> list[Serial]:
    """The serials that this member has a say in: their own, and for moderators those they see."""
    found = await interaction.client.services.database.read(records.in_guild, guild_id(interaction))
    return [
        serial
        for serial in found
        if serial.owner_discord_id == interaction.user.id
        or (
            not mine_alone
            and can_see(interaction, serial.channel_id)
            and actor(interaction, serial.channel_id).moderator
        )
    ]


async def suggest_mine(interaction: Interaction, typed: str) -> list[Choice[str]]:
    return await suggest_stories(interaction, await governed(interaction), typed)


async def suggest_governed(interaction: Interaction, typed: str) -> list[Choice[str]]:
    return await suggest_stories(interaction, await governed(interaction, mine_alone=False), typed)
