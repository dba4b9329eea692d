"""What a member sets, takes along and takes away."""

from bot.client import Bot
from cogs.me.commands import Me
from cogs.me.erasing import EraseButton
from cogs.me.importing import AmountsButton, UndoImportButton
from cogs.me.zone import MyZoneSelect


async def setup(bot: Bot) -> None:
    bot.add_dynamic_items(EraseButton, AmountsButton, UndoImportButton, MyZoneSelect)
    await bot.add_cog(Me(bot))
