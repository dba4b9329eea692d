"""Whom a story suits: said by its author, raised by moderators, held to by the channels."""

import discord
from discord import SelectOption

from bot.client import Services
from bot.community import service as community
from bot.serials import records
from bot.serials.records import Serial
from bot.stories.model import Rating
from cogs.ui import posts
from cogs.ui.asking import actor, guild_id, server, unrestricted_channels
from cogs.ui.components import Interaction, PersistentSelect
from cogs.ui.formats import RATINGS


class RatingSelect(PersistentSelect, prefix="rating"):
    """Under a draft."""

    async def chosen(self, interaction: Interaction, value: str) -> None:
        (serial_id,) = self.state
        serial = await rate(interaction, serial_id, None, Rating(value))
        said = f"{posts.title(serial)} {RATINGS[serial.story.rating]}."
        if serial.story.rating.for_adults:
            said += " Its text is posted and shown in age-restricted channels alone."
        await interaction.response.send_message(said, ephemeral=True)


def rating_menu(serial: Serial) -> RatingSelect:
    options = [
        SelectOption(label=f"It {suits}", value=rating.value, default=rating is serial.story.rating)
        for rating, suits in RATINGS.items()
    ]
    return RatingSelect("Whom it suits", options, serial.id)


async def rate(
    interaction: Interaction, serial_id: int, channel_id: int | None, rating: Rating
) -> Serial:
    """`channel_id`: whose moderators may raise it."""
    services = interaction.client.services
    return await services.database.write(
        community.rate,
        actor(interaction, channel_id),
        guild_id(interaction),
        serial_id,
        rating,
        unrestricted_channels(server(interaction)),
        services.clock.now(),
    )


async def keep_hidden(interaction: Interaction, serial: Serial) -> Serial:
    """The serial after text has joined it, paused where that is for adults and everyone sees it."""
    if not serial.story.rating.for_adults:
        return serial
    services, guild = interaction.client.services, server(interaction)
    await hide_exposed(services, guild)
    return await services.database.read(records.get, guild.id, serial.id)


async def hide_exposed(services: Services, guild: discord.Guild) -> None:
    unrestricted = unrestricted_channels(guild)
    if await services.database.read(community.exposed, guild.id, unrestricted):
        await services.database.write(
            community.hide_exposed, guild.id, unrestricted, services.clock.now()
        )
