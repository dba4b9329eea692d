"""Pictures beside what is said."""

import logging

import aiohttp
import discord

from bot.charts.data import Chart
from bot.charts.pictures import Pictures
from bot.delivery.discord_sender import Picture
from bot.errors import TooSoon
from cogs.ui.components import Interaction

PICTURES = "pictures"  # as members are told of too many

log = logging.getLogger(__name__)


async def drawn(pictures: Pictures, chart: Chart) -> Picture | None:
    png = await pictures.of(chart)
    return None if png is None else Picture(png, chart.said)


async def illustrate(interaction: Interaction, chart: Chart) -> None:
    """Put a picture to the answer that has been given: that is not kept waiting for one, and stands
    where there is none. Whoever has asked for many is told when there will be pictures again."""
    services = interaction.client.services
    try:
        services.cooldowns.pictures.use(interaction.user.id, PICTURES)
    except TooSoon as error:
        await interaction.followup.send(str(error), ephemeral=True)
        return
    picture = await drawn(services.pictures, chart)
    if picture is None:
        return
    try:
        await interaction.edit_original_response(attachments=[picture.file()])
    except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
        log.info("Interaction %d goes without its picture: %s", interaction.id, error)
