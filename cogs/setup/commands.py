"""`/help`, `/me zone` and `/setup zone`."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Bot
from bot.people import service as people
from bot.people import zones
from bot.people.service import Zone
from bot.serials import service as serials
from cogs.ui.asking import guild_id, member
from cogs.ui.components import Interaction
from cogs.ui.zones import suggest_zone

HELP = """\
**Reading** · `/story read` opens the story where you stopped; only you see it. `/story place` \
says how far you are, and nothing past that is shown to you. `/story chapters`, `/story about`.
**Writing** · `/serial add` with your story's file (.txt or .md). I show what I made of it; \
nothing is posted before you say so. Then `/serial schedule`, `preview`, `status`, `post-now`, \
`pause`, `resume`, `complete`. The next chapter: `/serial add` again.
**Times** · `/me zone` is yours, `/setup zone` the server's (needs *Manage Server*).
Your words go to this server and nowhere else, and no generative AI ever sees them."""


class Setup(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.services = bot.services

    me = app_commands.Group(name="me", description="What I know of you, and how you like things")
    settings = app_commands.Group(
        name="setup",
        description="How this server likes things",
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
    )

    @app_commands.command(description="What I do and how to begin")
    async def help(self, interaction: Interaction) -> None:
        await interaction.response.send_message(HELP, ephemeral=True)

    @me.command(name="zone", description="Your time zone: your days begin at your midnight")
    @app_commands.describe(zone="A city near you, or what time it is for you now, like 21:40")
    @app_commands.autocomplete(zone=suggest_zone)
    async def my_zone(self, interaction: Interaction, zone: str | None = None) -> None:
        database, now = self.services.database, self.services.clock.now()
        if zone is not None:
            await database.write(people.set_zone, member(interaction), zones.parse(zone), now)
        found = await database.read(people.zone_of, member(interaction))
        whose = "This server's" if found.whose == "the server's" else "Your"
        hint = "" if found.whose == "yours" else " `/me zone` with a city sets your own."
        await interaction.response.send_message(
            f"{whose} time zone is {_spoken(found, now)}.{hint}", ephemeral=True
        )

    @settings.command(name="zone", description="The server's time zone: what 09:00 means here")
    @app_commands.describe(zone="A city, or what time it is here now, like 21:40")
    @app_commands.autocomplete(zone=suggest_zone)
    @app_commands.checks.has_permissions(manage_guild=True)
    async def server_zone(self, interaction: Interaction, zone: str | None = None) -> None:
        database, now = self.services.database, self.services.clock.now()
        guild = guild_id(interaction)
        if zone is not None:
            await database.write(serials.set_guild_zone, guild, zones.parse(zone), now)
        found = await database.read(people.guild_zone, guild)
        await interaction.response.send_message(
            f"This server's time zone is {_spoken(found, now)}.", ephemeral=True
        )


def _spoken(zone: Zone, now: int) -> str:
    name = zone.zone.key
    unset = "" if zone.whose != "the default" else ", as none has been chosen"
    return f"**{name}**{unset}. It is {zones.local(name, now):%H:%M} there"
