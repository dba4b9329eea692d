"""The least that a discord.py bot can be: it answers "pong" to /pong."""

import discord
from discord import app_commands

from bot.client import point_at
from bot.config import Settings


class BareBot(discord.Client):
    def __init__(self) -> None:
        super().__init__(intents=discord.Intents(guilds=True), max_messages=None)
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        self.tree.add_command(pong)
        await self.tree.sync()


@app_commands.command()
async def pong(interaction: discord.Interaction) -> None:
    """Answer."""
    await interaction.response.send_message("pong")


if __name__ == "__main__":
    settings = Settings()
    assert settings.discord_token is not None
    point_at(settings)
    BareBot().run(settings.discord_token.get_secret_value(), log_handler=None)
