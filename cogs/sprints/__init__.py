"""Word sprints in a channel: the board and its buttons, `/sprint`."""

from bot.client import Bot
from bot.sprints import bell
from cogs.sprints.buttons import ITEMS
from cogs.sprints.commands import Sprints
from cogs.sprints.messages import Messages


async def setup(bot: Bot) -> None:
    bot.add_dynamic_items(*ITEMS)
    messages = Messages(bot.services.database, bot.services.pictures)
    bot.sender.renderers |= {
        bell.BOARD: messages.board,
        bell.GO: messages.go,
        bell.BELL: messages.bell,
        bell.RESULTS: messages.results,
    }
    await bot.add_cog(Sprints(bot))
