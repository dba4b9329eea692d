"""`/health`: what comes next, what is stuck and why, and a button that tries it again."""

import math
import time

import discord
from discord import ButtonStyle, app_commands
from discord.ext import commands
from discord.ui import View

from bot.challenges import records
from bot.client import Bot
from bot.community import health
from bot.community.health import About, Health, Timer, Told
from bot.companion.quotes import DAILY
from bot.delivery.health import WAITING
from bot.delivery.rules import State
from bot.delivery.service import REMOVED
from bot.people.greeting import GREETING
from bot.serials import channels, posting
from bot.sprints import bell
from cogs.ui import posts
from cogs.ui.access import not_pinged
from cogs.ui.asking import check_manages, guild_id, member
from cogs.ui.components import Interaction, PersistentButton, row
from cogs.ui.formats import fitting, plural, shorten, timestamp
from cogs.ui.permissions import lacking

KINDS = {
    posting.EXCERPT: "a part of {title}",
    posting.THREAD: "the thread of a chapter of {title}",
    posting.CROSSPOST: "the crosspost of a part of {title}",
    channels.MIRROR: "a mirrored part of {title}",
    channels.LEAVE: "the question whether {title} may be posted",
    posting.STOPPED: "word that a story's channel is gone",
    posting.CLOSING: "the closing post of {title}",
    bell.BOARD: "a sprint's board",
    bell.GO: "a sprint's start",
    bell.BELL: "a sprint's bell",
    bell.RESULTS: "a sprint's results",
    records.BOARD: "a challenge's board",
    records.SUMMARY: "an evening of a challenge",
    records.HOMELESS: "word that a challenge's channel is gone",
    records.FINAL: "the end of a challenge",
    GREETING: "my first words here",
    DAILY: "the quote of the day",
    REMOVED: "the clearing away of what was removed",
}
ERROR_LENGTH = 80


class HealthCheck(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot

    @app_commands.command(description="What comes next here, what is stuck and why")
    @app_commands.guild_only()
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.checks.has_permissions(manage_guild=True)
    async def health(self, interaction: Interaction) -> None:
        content, view = await panel(interaction)
        await interaction.response.send_message(
            content, view=view or discord.utils.MISSING, ephemeral=True
        )


class TryAgainButton(PersistentButton, prefix="try-again"):
    async def press(self, interaction: Interaction) -> None:
        check_manages(interaction)
        services = interaction.client.services
        tried = await services.database.write(
            health.try_again, member(interaction), guild_id(interaction), services.clock.now()
        )
        content, view = await panel(interaction)
        await interaction.response.edit_message(content=f"{_tried(*tried)}\n{content}", view=view)


async def panel(interaction: Interaction) -> tuple[str, View | None]:
    began = time.perf_counter()
    found = await interaction.client.services.database.read(health.of, guild_id(interaction))
    took = time.perf_counter() - began
    lines = [*_usual(found), _state(interaction.client.latency, took)]
    unpinged = [
        f"{posts.title(serial)}: {why}"
        for serial in found.pinging
        if (why := not_pinged(interaction.guild, serial))
    ]
    if found.well and not unpinged:
        return "\n".join([*lines, "✅ Nothing is stuck."]), None
    stuck = [
        *(_timer(timer) for timer in found.failing),
        *(_message(told, interaction.guild) for told in found.stuck),
        *(f"{posts.title(serial)}: {posts.trouble(serial)}" for serial in found.serials),
        *unpinged,
    ]
    button = TryAgainButton("Try again", style=ButtonStyle.primary)
    return (
        fitting([*lines, *(f"⚠️ {line}" for line in stuck)]),
        row(button) if any(found.mendable) else None,
    )


def _usual(found: Health) -> list[str]:
    coming, last = found.coming, found.last
    said = ["Next: nothing is planned here.", "Last: I have posted nothing here yet."]
    if coming is not None:
        said[0] = f"Next: {_words(coming.about)}, {timestamp(coming.due)} {_when(coming.due)}."
    if last is not None and last.message.sent_at is not None:
        sent_at = last.message.sent_at
        said[1] = (
            f"Last: {_words(last.about)} in <#{last.message.channel_id}>, {timestamp(sent_at)} "
            f"{_when(sent_at)}."
        )
    return said


def _state(latency: float, took: float) -> str:
    """Both in seconds. Discord's is not known before its first heartbeat."""
    discord_ms = f"{latency * 1000:.0f} ms" if math.isfinite(latency) else "a time not yet known"
    return f"-# Discord answers in {discord_ms}, the database in {took * 1000:.0f} ms."


def _timer(timer: Timer) -> str:
    error = shorten(timer.error.replace("`", "'"), ERROR_LENGTH)
    return (
        f"{_words(timer.about)}, due {timestamp(timer.due)}: an error of mine has stopped it "
        f"{plural(timer.attempts, 'time')} (`{error}`). Whoever runs me finds it in my log. "
        f"{_next_try(timer.next_try)}"
    )


def _message(told: Told, guild: discord.Guild | None) -> str:
    message = told.message
    where = f"{_words(told.about)} in <#{message.channel_id}>"
    if message.state is State.FAILED:
        return f"{where}: Discord refused it as it was."
    if message.state in WAITING:
        needed = lacking(guild, message.channel_id, message.act)
        return f"{where} waits: I need {needed} there, and go on by myself after that."
    change = "a change to " if message.state is State.SENT else ""
    return f"{change}{where}: Discord has not taken it yet. {_next_try(message.next_try or 0)}"


def _next_try(real_time: int) -> str:
    return f"Next try: {_when(real_time)}." if real_time else "I am trying it again now."


def _words(about: About) -> str:
    """What it is, to someone who runs a server."""
    title = "a story" if about.title is None else posts.story_title(about.title)
    return KINDS.get(about.kind, "a message").format(title=title)


def _when(milliseconds: int) -> str:
    return f"({timestamp(milliseconds, 'R')})"


def _tried(timers: int, messages: int, serials: int) -> str:
    counted = ((timers, "timer"), (messages, "message"), (serials, "serial"))
    tried = [plural(number, noun) for number, noun in counted if number]
    if not tried:
        return "There was nothing left to try again."
    return f"Trying again: {', '.join(tried)}. `/health` says whether it has helped."
