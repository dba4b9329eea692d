"""Challenges in a channel: the board and its buttons, `/challenge`."""

from bot.client import Bot
from cogs.challenges.buttons import ITEMS
from cogs.challenges.commands import Challenges
from cogs.challenges.messages import Messages


async def setup(bot: Bot) -> None:
    bot.add_dynamic_items(*ITEMS)
    bot.sender.renderers |= Messages(bot.services).renderers
    await bot.add_cog(Challenges(bot))
