"""The composition root: everything is made here, once, and handed to what needs it."""

import asyncio
import hashlib
import json
import logging
from collections.abc import Callable

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.client import Bot, Services
from bot.clock import Clock
from bot.config import Settings
from bot.db import facts
from bot.db.engine import open_database
from bot.delivery.loop import OutboxLoop
from bot.delivery.rules import SendFailed
from bot.jobs.loop import JobLoop
from bot.serials import posting
from bot.serials.records import SLOT

log = logging.getLogger(__name__)

TRY_AGAIN = 10  # seconds

JOBS = {SLOT: posting.on_slot}
HOOKS = {posting.EXCERPT: posting.HOOKS}


async def run(
    settings: Settings, clock: Clock, token: str, ready: Callable[[Bot], None] = lambda bot: None
) -> None:
    """Run the bot until cancelled; `ready` is called once it has logged in.

    Raises DatabaseBusy, discord.LoginFailure.
    """
    point_at(settings)
    async with (
        open_database(settings.database_url) as database,
        Bot(Services(settings, clock, database)) as bot,
    ):
        await _login(bot, token)
        await _sync(bot)
        ready(bot)
        try:
            async with asyncio.TaskGroup() as loops:
                loops.create_task(JobLoop(database, clock, JOBS).run())
                loops.create_task(OutboxLoop(database, clock, bot.sender, HOOKS).run())
                await bot.connect()
        except BaseExceptionGroup as group:
            if group.subgroup((SendFailed, discord.ConnectionClosed)):
                raise discord.LoginFailure("the token is no longer good") from group
            raise


async def _login(bot: Bot, token: str) -> None:
    """Log in, however long Discord takes to be there: a machine may start before its network."""
    while True:
        try:
            return await bot.login(token)
        except (OSError, aiohttp.ClientError) as error:
            log.warning("Discord can't be reached (%s). Trying again in %d s", error, TRY_AGAIN)
            await asyncio.sleep(TRY_AGAIN)


def point_at(settings: Settings) -> None:
    """Where Discord is; elsewhere only if the settings say so."""
    if settings.discord_api_url:
        Route.BASE = settings.discord_api_url.rstrip("/")
    if settings.discord_gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway_url)


async def _sync(bot: Bot) -> None:
    """Tell Discord the commands, if they are not the ones it was told last."""
    commands = [command.to_dict(bot.tree) for command in bot.tree.get_commands()]
    text = json.dumps([discord.version_info[:3], bot.application_id, commands], sort_keys=True)
    fingerprint = hashlib.sha256(text.encode()).hexdigest()
    database = bot.services.database
    if await database.read(facts.recall, "commands") == fingerprint:
        return
    await bot.tree.sync()
    await database.write(facts.remember, "commands", fingerprint)
    log.info("Told Discord about %d commands", len(commands))
