"""What a member sets, takes along and takes away."""

from bot.client import Bot
from cogs.me.commands import Me
from cogs.me.erasing import EraseButton


async def setup(bot: Bot) -> None:
    bot.add_dynamic_items(EraseButton)
    await bot.add_cog(Me(bot))
