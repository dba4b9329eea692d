"""The author's side: a file becomes a serial, and the serial is posted."""

from bot.client import Bot
from bot.serials import posting
from cogs.serials.buttons import (
    AllowButton,
    AppendButton,
    ConfirmButton,
    DiscardButton,
    PostNowButton,
    PreviewButton,
    TitleButton,
)
from cogs.serials.commands import Serials
from cogs.serials.notices import Notices


async def setup(bot: Bot) -> None:
    bot.add_dynamic_items(
        AllowButton,
        AppendButton,
        ConfirmButton,
        DiscardButton,
        PostNowButton,
        PreviewButton,
        TitleButton,
    )
    notices = Notices(bot.services.database)
    bot.sender.renderers[posting.LEAVE] = notices.leave
    bot.sender.renderers[posting.RUNNING_LOW] = notices.running_low
    bot.sender.renderers[posting.BLOCKED] = notices.blocked
    bot.sender.renderers[posting.STOPPED] = notices.stopped
    bot.sender.renderers[posting.REFUSED] = notices.refused
    await bot.add_cog(Serials(bot))
