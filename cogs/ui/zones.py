"""Time zones, suggested as one types."""

from discord.app_commands import Choice

from bot.people import zones
from cogs.ui.components import Interaction


async def suggest_zone(interaction: Interaction, typed: str) -> list[Choice[str]]:
    now = interaction.client.services.clock.now()
    return [Choice(name=zones.label(zone, now), value=zone) for zone in zones.suggest(typed, now)]
