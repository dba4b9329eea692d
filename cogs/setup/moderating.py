"""Moderators' tools: what a member wrote is removed where it stands."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Bot
from bot.delivery import service as outbox
from bot.sprints import bell
from bot.sprints import service as sprints
from cogs.ui.asking import guild_id
from cogs.ui.components import Interaction


class Moderating(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.menu = app_commands.ContextMenu(name="Remove text", callback=self.remove_text)

    async def cog_load(self) -> None:
        self.bot.tree.add_command(self.menu)

    async def cog_unload(self) -> None:
        self.bot.tree.remove_command(self.menu.name, type=self.menu.type)

    @app_commands.guild_only()
    @app_commands.default_permissions(manage_messages=True)
    @app_commands.checks.has_permissions(manage_messages=True)
    async def remove_text(self, interaction: Interaction, message: discord.Message) -> None:
        """Of a sprint: its title, on all its messages."""
        database, guild = self.bot.services.database, guild_id(interaction)
        found = await database.read(outbox.by_message, guild, message.id)
        if found is None or found.kind not in bell.KINDS:
            said = "There is no text of a member's in that message that I could remove."
        elif await database.write(sprints.remove_title, guild, found.subject):
            said = "The sprint's title is removed. Its messages follow in a moment."
        else:
            said = "That sprint has no title."
        await interaction.response.send_message(said, ephemeral=True)
