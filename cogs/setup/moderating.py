"""Moderators' tools: what a member wrote is removed where it stands."""

import discord
from discord import app_commands
from discord.ext import commands

from bot.client import Bot
from bot.companion import quotes
from bot.delivery import service as outbox
from bot.serials.records import Actor
from bot.sprints import bell
from bot.sprints import service as sprints
from cogs.ui.asking import guild_id, member
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
        """Of a sprint: its title, on all its messages. Of a quote: the quote, with all of them."""
        database, guild = self.bot.services.database, guild_id(interaction)
        found = await database.read(outbox.by_message, guild, message.id)
        quote_id = None if found is None else await database.read(quotes.of_message, found)
        if quote_id is not None:
            now = self.bot.services.clock.now()
            moderator = Actor(member(interaction), moderator=True)
            await database.write(quotes.remove, moderator, guild, quote_id, now)
            said = "The quote is removed. Its messages follow in a moment."
        elif found is None or found.kind not in bell.KINDS:
            said = "There is no text of a member's in that message that I could remove."
        elif await database.write(sprints.remove_title, guild, found.subject):
            said = "The sprint's title is removed. Its messages follow in a moment."
        else:
            said = "That sprint has no title."
        await interaction.response.send_message(said, ephemeral=True)
