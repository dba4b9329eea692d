"""The composition root: everything is made here, once, and handed to what needs it."""

import asyncio
from collections.abc import Callable

from bot import logs
from bot.challenges import course
from bot.client import Bot, Services, point_at
from bot.clock import Clock
from bot.community import cleaning
from bot.companion import daily, reminding, sending, weekly
from bot.companion.quotes import DAILY
from bot.config import Settings
from bot.cooldowns import Cooldowns
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
    channels.LEAVE: channels.LEAVE_HOOKS,
    removal.TOLD: removal.HOOKS,
    **bell.HOOKS,
    **course.HOOKS,
    **sending.HOOKS,
    **streaks.HOOKS,
}

SYNC_FIRST = 5  # seconds that Discord has to take the commands before the bot goes on without


async def run(
    settings: Settings, clock: Clock, token: str, ready: Callable[[Bot], None] = lambda bot: None
) -> None:
    """Run the bot until cancelled; then nothing new is begun, and what is under way has a few
    seconds. `ready` is called once it has logged in.

    Raises DatabaseBusy, DatabaseUnusable, TokenRefused.
    """
    logs.quieten_libraries()
    point_at(settings)
    async with (
        open_database(settings.database_url) as database,
        Bot(Services(settings, clock, database, cooldowns=Cooldowns.by(clock))) as bot,
    ):
        await bot.log_in(token)
        ready(bot)
        try:
            async with asyncio.TaskGroup() as work:
                commands = work.create_task(bot.sync_commands())
                await asyncio.wait({commands}, timeout=SYNC_FIRST)
                work.create_task(JobLoop(database, clock, JOBS, cleaning.CHORES).run())
                work.create_task(OutboxLoop(database, clock, bot.sender, HOOKS).run())
                work.create_task(bot.stay_connected())
        except BaseExceptionGroup as group:
            if group.subgroup((SendFailed, TokenRefused)):
                raise TokenRefused from group
            raise
