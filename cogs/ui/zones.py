"""Time zones, suggested as one types, and told."""

from discord.app_commands import Choice

from bot.people import zones
from bot.people.service import Zone
from cogs.ui.choosing import Option, suggest
from cogs.ui.components import Interaction


async def suggest_zone(interaction: Interaction, typed: str) -> list[Choice[str]]:
    now = interaction.client.services.clock.now()
    options = [Option(zone, zone, zones.label(zone, now)) for zone in zones.suggest(typed, now)]
    return suggest(options, "")


def spoken(zone: Zone, now: int) -> str:
    """ "**Asia/Tokyo**. It is 17:00 there" """
    name = zone.zone.key
    unset = "" if zone.whose != "the default" else ", as none has been chosen"
    return f"**{name}**{unset}. It is {zones.local(name, now):%H:%M} there"
