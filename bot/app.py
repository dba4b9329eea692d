"""The composition root: everything is made here, once, and handed to what needs it."""

import asyncio
from collections.abc import Callable

from bot.challenges import course
from bot.client import Bot, Services, point_at
from bot.clock import Clock
from bot.community import cleaning
from bot.companion import daily, reminding, sending, weekly
from bot.companion.quotes import DAILY
from bot.config import Settings
from bot.db.engine import open_database
from bot.delivery import clearing
from bot.delivery.loop import OutboxLoop
from bot.delivery.rules import SendFailed
from bot.delivery.service import REMOVED
from bot.errors import TokenRefused
from bot.jobs.loop import JobLoop
from bot.serials import channels, posting, removal
from bot.serials.records import SLOT, WEEKLY
from bot.sprints import bell, plans
from bot.words import streaks

JOBS = {
    SLOT: posting.on_slot,
    WEEKLY: weekly.on_sunday,
    DAILY: daily.on_time,
    bell.STEP: bell.on_step,
    plans.COMING: plans.on_coming,
    **cleaning.JOBS,
    **course.JOBS,
    **reminding.JOBS,
    **sending.JOBS,
    **streaks.JOBS,
}
HOOKS = {
    REMOVED: clearing.HOOKS,
    posting.EXCERPT: posting.HOOKS,
    channels.MIRROR: channels.HOOKS,
    removal.TOLD: removal.HOOKS,
    **bell.HOOKS,
    **course.HOOKS,
    **sending.HOOKS,
    **streaks.HOOKS,
}


async def run(
    settings: Settings, clock: Clock, token: str, ready: Callable[[Bot], None] = lambda bot: None
) -> None:
    """Run the bot until cancelled; `ready` is called once it has logged in.

    Raises DatabaseBusy, TokenRefused.
    """
    point_at(settings)
    async with (
        open_database(settings.database_url) as database,
        Bot(Services(settings, clock, database)) as bot,
    ):
        await bot.log_in(token)
        await bot.sync_commands()
        ready(bot)
        try:
            async with asyncio.TaskGroup() as loops:
                loops.create_task(JobLoop(database, clock, JOBS, cleaning.CHORES).run())
                loops.create_task(OutboxLoop(database, clock, bot.sender, HOOKS).run())
                await bot.stay_connected()
        except BaseExceptionGroup as group:
            if group.subgroup((SendFailed, TokenRefused)):
                raise TokenRefused from group
            raise
