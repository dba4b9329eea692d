"""`/me`: what the bot holds on a member, and how they like things."""

import asyncio
import io
from typing import Literal

import discord
from discord import ButtonStyle, app_commands
from discord.ext import commands

from bot.client import Bot
from bot.community import likes
from bot.community import service as community
from bot.community.files import files
from bot.community.likes import Likes
from bot.people import service as people
from bot.people.times import parse_time
from bot.words.settings import FASTEST, SLOWEST
from cogs.me import cards
from cogs.me.erasing import WARNING, EraseButton
from cogs.me.importing import import_file
from cogs.me.zone import MyZoneSelect
from cogs.ui.asking import member
from cogs.ui.components import Interaction, row
from cogs.ui.direct_messages import open_direct_messages
from cogs.ui.zones import find_zones, options, question, suggest_zone


class Me(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.services = bot.services

    me = app_commands.Group(name="me", description="What I hold on you, and how you like things")

    @me.command(description="Your time zone: your days begin at your midnight")
    @app_commands.describe(
        zone="A city, a country, UTC+2, or what your clock shows now, like 21:40"
    )
    @app_commands.autocomplete(zone=suggest_zone)
    async def zone(self, interaction: Interaction, zone: str | None = None) -> None:
        database, now = self.services.database, self.services.clock.now()
        if zone is not None:
            places = await find_zones(interaction, zone)
            if len(places) > 1:
                menu = MyZoneSelect("Where are you?", options(interaction, places))
                await interaction.response.send_message(
                    question(interaction, zone, places), view=row(menu), ephemeral=True
                )
                return
            await database.write(likes.set_zone, member(interaction), places[0].zone, now)
        found = await database.read(people.zone_of, member(interaction))
        await self._say(interaction, cards.zone(found, now))

    @me.command(description="How fast you write: what is faster in a sprint is asked about")
    @app_commands.describe(words="Words a minute, at most")
    async def pace(
        self,
        interaction: Interaction,
        words: app_commands.Range[int, SLOWEST, FASTEST] | None = None,
    ) -> None:
        if words is not None:
            await self.services.database.write(
                likes.set_pace, member(interaction), words, self.services.clock.now()
            )
        await self._say(interaction, cards.pace(await self._likes(interaction)))

    @me.command(description="Who sees what you write")
    @app_commands.describe(
        private="Whether /wrote answers you alone",
        listed="Whether you are on this server's leaderboard",
        reading="Whether authors are told of you in their counts of readers",
    )
    async def privacy(
        self,
        interaction: Interaction,
        private: bool | None = None,
        listed: bool | None = None,
        reading: Literal["counted", "not counted"] | None = None,
    ) -> None:
        counted = None if reading is None else reading == "counted"
        if (private, listed, counted) != (None, None, None):
            await self.services.database.write(
                likes.set_privacy,
                member(interaction),
                private,
                listed,
                self.services.clock.now(),
                counted,
            )
        await self._say(interaction, cards.privacy(await self._likes(interaction)))

    @me.command(description="Whether others see your streak, and a word before it breaks")
    @app_commands.describe(
        hidden="Whether it is hidden",
        warning="When to tell you that today is not written yet, like 21:30; or off",
    )
    async def streak(
        self, interaction: Interaction, hidden: bool | None = None, warning: str | None = None
    ) -> None:
        minute = None
        if warning is not None:
            off = warning.strip().lower() == "off"
            minute = likes.NEVER if off else parse_time(warning)
        if hidden is not None or minute is not None:
            await self.services.database.write(
                likes.set_streak,
                member(interaction),
                hidden,
                minute,
                self.services.clock.now(),
            )
        liked = await self._likes(interaction)
        await self._say(interaction, cards.streak(liked))
        if liked.warning is not None:
            await open_direct_messages(interaction)

    @me.command(description="All that I hold on you, as two files")
    async def export(self, interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        held = await self.services.database.read(community.export, member(interaction))
        made = await asyncio.to_thread(files, held)
        await interaction.edit_original_response(
            content=cards.EXPORTED,
            attachments=[discord.File(io.BytesIO(data), name) for name, data in made.items()],
        )

    @me.command(name="import", description="Add entries from a CSV or from TrackBear's export")
    @app_commands.describe(file="A CSV with a date and an amount in each line, or TrackBear's zip")
    async def import_(self, interaction: Interaction, file: discord.Attachment) -> None:
        await import_file(interaction, file)

    @me.command(description="Have me forget you")
    async def erase(self, interaction: Interaction) -> None:
        button = EraseButton("Erase everything", style=ButtonStyle.danger)
        await interaction.response.send_message(WARNING, view=row(button), ephemeral=True)

    async def _likes(self, interaction: Interaction) -> Likes:
        return await self.services.database.read(likes.of, member(interaction))

    async def _say(self, interaction: Interaction, text: str) -> None:
        await interaction.response.send_message(text, ephemeral=True)
