"""The reader's side: posts and their button, reading on, parts by direct message, what the story
is and who is in it."""

from functools import partial

from bot.client import Bot
from bot.companion import reminding, subscriptions
from bot.companion.quotes import DAILY
from bot.serials import channels, posting
from bot.serials.records import WEEKLY
from cogs.story import reader
from cogs.story.ask import AskPlaceButton, ShareAnswerButton
from cogs.story.card_commands import Characters, ProposalMenu
from cogs.story.card_forms import CardMenu, EntryMenu, PlaceMenu, RemoveCardButton
from cogs.story.catching_up import CatchUpPlaceButton, TitlesButton
from cogs.story.commands import Story
from cogs.story.posts import NotifyButton, Posts, ReadButton, UndoButton
from cogs.story.quotes import AnotherButton, Quotes, RemoveButton, ShareButton
from cogs.story.reader import (
    ChapterSelect,
    JumpBackButton,
    OpenButton,
    TomorrowButton,
    TurnButton,
)
from cogs.story.search import SearchButton, SearchPlaceButton
from cogs.story.subscribing import Letters, NextPartButton, UnsubscribeButton
from cogs.story.weekly import Weekly
from cogs.story.who import WhoPlaceButton


async def setup(bot: Bot) -> None:
    bot.add_dynamic_items(NotifyButton, OpenButton, ReadButton, UndoButton, TurnButton)
    bot.add_dynamic_items(ChapterSelect, JumpBackButton, TomorrowButton, TitlesButton)
    bot.add_dynamic_items(NextPartButton, UnsubscribeButton)
    bot.add_dynamic_items(SearchButton, SearchPlaceButton, WhoPlaceButton, CatchUpPlaceButton)
    bot.add_dynamic_items(AskPlaceButton, ShareAnswerButton)
    bot.add_dynamic_items(CardMenu, EntryMenu, PlaceMenu, ProposalMenu, RemoveCardButton)
    bot.add_dynamic_items(AnotherButton, RemoveButton, ShareButton)
    posts = Posts(bot)
    bot.sender.renderers[posting.EXCERPT] = posts.render
    bot.sender.renderers[posting.THREAD] = posts.thread
    bot.sender.renderers[channels.MIRROR] = posts.render
    bot.sender.renderers[posting.CLOSING] = posts.closing
    letters = Letters(bot)
    bot.sender.renderers[subscriptions.PART] = letters.part
    bot.sender.renderers[subscriptions.STOPPED] = letters.stopped
    bot.sender.renderers[reminding.REMINDER] = partial(reader.reminder, bot.services.database)
    bot.sender.renderers[WEEKLY] = Weekly(bot).render
    quotes = Quotes(bot)
    bot.sender.renderers[DAILY] = quotes.of_the_day
    await bot.add_cog(quotes)
    await bot.add_cog(Story(bot))
    await bot.add_cog(Characters(bot))
