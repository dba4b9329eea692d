"""The reader's side: posts and their button, reading on, what the story is."""

from bot.client import Bot
from bot.companion.quotes import DAILY
from bot.serials import channels, posting
from bot.serials.records import WEEKLY
from cogs.story.commands import Story
from cogs.story.posts import NotifyButton, Posts, ReadButton, UndoButton
from cogs.story.quotes import AnotherButton, Quotes, RemoveButton, ShareButton
from cogs.story.reader import OpenButton, TurnButton
from cogs.story.weekly import Weekly


async def setup(bot: Bot) -> None:
    bot.add_dynamic_items(
        AnotherButton,
        NotifyButton,
        OpenButton,
        ReadButton,
        RemoveButton,
        ShareButton,
        UndoButton,
        TurnButton,
    )
    posts = Posts(bot.services.database)
    bot.sender.renderers[posting.EXCERPT] = posts.render
    bot.sender.renderers[posting.THREAD] = posts.thread
    bot.sender.renderers[channels.MIRROR] = posts.render
    bot.sender.renderers[posting.CLOSING] = posts.closing
    bot.sender.renderers[WEEKLY] = Weekly(bot).render
    quotes = Quotes(bot)
    bot.sender.renderers[DAILY] = quotes.of_the_day
    await bot.add_cog(quotes)
    await bot.add_cog(Story(bot))
