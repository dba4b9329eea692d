"""What a server and a member set once, help, and the first word on joining."""

from bot.client import Bot
from bot.people.greeting import GREETING
from cogs.setup.commands import Setup
from cogs.setup.greeting import Greeter


async def setup(bot: Bot) -> None:
    greeter = Greeter(bot)
    bot.sender.renderers[GREETING] = greeter.render
    await bot.add_cog(greeter)
    await bot.add_cog(Setup(bot))
