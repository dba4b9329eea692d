"""What a server sets once, moderators' tools, help, and the first word on joining."""

from bot.client import Bot
from bot.people.greeting import GREETING
from cogs.setup.commands import Setup
from cogs.setup.entries import EntrySelect
from cogs.setup.greeting import Greeter
from cogs.setup.health import HealthCheck, TryAgainButton
from cogs.setup.moderating import Moderating
from cogs.setup.zone import ServerZoneSelect


async def setup(bot: Bot) -> None:
    bot.add_dynamic_items(EntrySelect, ServerZoneSelect, TryAgainButton)
    greeter = Greeter(bot)
    bot.sender.renderers[GREETING] = greeter.render
    await bot.add_cog(greeter)
    await bot.add_cog(Setup(bot))
    await bot.add_cog(Moderating(bot))
    await bot.add_cog(HealthCheck(bot))
