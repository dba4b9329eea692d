from bot.client import Bot, Services
from bot.clock import SystemClock
from bot.companion import reminding, subscriptions
from bot.config import Settings
from bot.db.engine import Database
from bot.delivery.service import REMOVED
from bot.serials import posting, removal
from bot.serials.records import WEEKLY
from bot.words import streaks
from cogs.setup.health import KINDS

# Of these a member is told privately, and no server.
PRIVATE = {
    posting.RUNNING_LOW,
    posting.BLOCKED,
    posting.REFUSED,
    posting.EXPOSED,
    removal.TOLD,
    streaks.WARNING,
    WEEKLY,
    reminding.REMINDER,
    subscriptions.PART,
    subscriptions.STOPPED,
}
WITHOUT_TEXT = {REMOVED, posting.CROSSPOST}


async def test_there_are_words_for_whatever_a_server_is_posted(database: Database) -> None:
    bot = Bot(Services(Settings(_env_file=None), SystemClock(), database))
    await bot.setup_hook()
    assert KINDS.keys() - WITHOUT_TEXT == bot.sender.renderers.keys() - PRIVATE
