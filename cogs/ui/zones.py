"""Time zones: read, suggested as one types, asked about, and told."""

import asyncio

from discord import SelectOption
from discord.app_commands import Choice

from bot.errors import BadInput
from bot.people import zones
from bot.people.places import Place, atlas
from bot.people.service import Zone
from cogs.ui.choosing import Option, suggest
from cogs.ui.components import Interaction
from cogs.ui.posts import escape

PATIENCE = 1.0  # seconds, of the three that Discord has
LONGEST_TYPED = 200  # characters, of what a question repeats


async def suggest_zone(interaction: Interaction, typed: str) -> list[Choice[str]]:
    now = interaction.client.services.clock.now()
    if not typed:
        prepare()
    loop = asyncio.get_running_loop()
    suggesting = loop.run_in_executor(None, zones.suggest, typed, now)
    done, _ = await asyncio.wait([suggesting], timeout=PATIENCE)
    places = suggesting.result() if done else zones.suggest_large(typed)
    return suggest([Option(it.zone, it.zone, zones.label(it, now)) for it in places], "")


def prepare() -> None:
    """Have the atlas loaded by the time that a member has typed something."""
    asyncio.get_running_loop().run_in_executor(None, atlas)


async def find_zones(interaction: Interaction, typed: str) -> list[Place]:
    """What may be meant, one place or several to choose from. Raises BadInput."""
    return await asyncio.to_thread(zones.find, typed, interaction.client.services.clock.now())


async def read_zone(interaction: Interaction, typed: str) -> str:
    """The one zone that is meant. Raises BadInput, naming those that may be."""
    places = await find_zones(interaction, typed)
    if len(places) > 1:
        raise BadInput(f"{question(interaction, typed, places)} Pick one of the suggestions.")
    return places[0].zone


def question(interaction: Interaction, typed: str, places: list[Place]) -> str:
    now = interaction.client.services.clock.now()
    return zones.question(escape(typed, LONGEST_TYPED), places, now)


def options(interaction: Interaction, places: list[Place]) -> list[SelectOption]:
    """What to put in a menu; the values are zones."""
    now = interaction.client.services.clock.now()
    return [
        SelectOption(label=zones.label(place, now), value=place.zone)
        for place in places[: zones.SUGGESTED]
    ]


def spoken(zone: Zone, now: int) -> str:
    """ "**Asia/Tokyo**. It is 17:00 there" """
    key = zone.zone.key
    unset = "" if zone.whose != "the default" else ", as none has been chosen"
    return f"**{zones.zone_name(key)}**{unset}. It is {zones.local(key, now):%H:%M} there"
