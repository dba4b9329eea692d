"""The Discord client: what it listens to, which cogs it loads, and what it says when one fails."""

import asyncio
import hashlib
import json
import logging
import secrets
from dataclasses import dataclass, field
from importlib import import_module

import aiohttp
import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.charts.pictures import Pictures
from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.cooldowns import Cooldowns
from bot.db import facts
from bot.db.engine import Database
from bot.delivery.discord_sender import DiscordSender, trace
from bot.errors import TokenRefused, UserError
from bot.turns import Turns

log = logging.getLogger(__name__)

EXTENSIONS = (
    "cogs.setup", "cogs.me", "cogs.serials", "cogs.story", "cogs.sprints", "cogs.words",
    "cogs.challenges",
)  # fmt: skip

# Only what it needs: to see a channel, to write there and in its threads, with pictures, to begin a
# thread for a chapter, and to find its own messages again.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    read_message_history=True,
    attach_files=True,
)
SCOPES = ("bot", "applications.commands")

LONGEST_RATELIMIT = 30.0  # seconds that discord.py waits by itself; the outbox takes longer ones

FILES_AT_ONCE = 2  # that are read, each in up to half a gigabyte

TRY_AGAIN = 10  # seconds
AUTHENTICATION_FAILED = 4004  # the gateway's code for a token that it does not know
LONGEST_SENTENCE = 900  # characters; Discord takes 2,000, and counts some of them twice

# Set in an interaction's `extras` by whatever answers it.
CLAIMED = "claimed"


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    clock: Clock
    database: Database
    pictures: Pictures = field(default_factory=Pictures)
    file_turns: Turns = field(default_factory=lambda: Turns(FILES_AT_ONCE))
    cooldowns: Cooldowns = field(default_factory=lambda: Cooldowns.by(SystemClock()))


def point_at(settings: Settings) -> None:
    """Where Discord is; elsewhere only if the settings say so."""
    if settings.discord_api_url:
        Route.BASE = settings.discord_api_url.rstrip("/")
    if settings.discord_gateway_url:
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.discord_gateway_url)


class Bot(commands.Bot):
    """Carries the services and its own life cycle; what it does is in the cogs."""

    def __init__(self, services: Services) -> None:
        discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # it has no voice
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            intents=discord.Intents(guilds=True),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            max_ratelimit_timeout=LONGEST_RATELIMIT,
            tree_cls=Tree,
            http_trace=trace(),
        )
        self.services = services
        self.sender = DiscordSender(self)

    async def setup_hook(self) -> None:
        # Not as discord.py's extensions: those are thrown out of memory when a bot closes, and
        # this takes half of a start.
        for extension in EXTENSIONS:
            await import_module(extension).setup(self)

    async def log_in(self, token: str) -> None:
        """However long Discord takes to be there: a machine may start before its network. Raises
        TokenRefused."""
        while True:
            try:
                return await self.login(token)
            except discord.LoginFailure:
                raise TokenRefused from None
            except (OSError, aiohttp.ClientError) as error:
                log.warning("Discord can't be reached (%s). Trying again in %d s", error, TRY_AGAIN)
                await asyncio.sleep(TRY_AGAIN)

    async def stay_connected(self) -> None:
        """Raises TokenRefused."""
        try:
            await self.connect()
        except discord.ConnectionClosed as error:
            if error.code == AUTHENTICATION_FAILED:
                raise TokenRefused from None
            raise

    async def sync_commands(self) -> None:
        """Tell Discord the commands, if they are not the ones it was told last."""
        commands = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        text = json.dumps([discord.version_info[:3], self.application_id, commands], sort_keys=True)
        fingerprint = hashlib.sha256(text.encode()).hexdigest()
        database = self.services.database
        if await database.read(facts.recall, "commands") == fingerprint:
            return
        await self.tree.sync()
        await database.write(facts.remember, "commands", fingerprint)
        log.info("Told Discord about %d commands", len(commands))

    def invite(self) -> str:
        """The link that adds the bot to a server, with exactly what it needs."""
        assert self.application_id is not None
        return discord.utils.oauth_url(self.application_id, permissions=PERMISSIONS, scopes=SCOPES)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Answer what nothing else claims: a button or form that outlived its code or a restart.
        What claims an interaction does so before its first wait, and is scheduled before this."""
        if interaction.type not in (
            discord.InteractionType.component,
            discord.InteractionType.modal_submit,
        ):
            return
        if CLAIMED in interaction.extras or interaction.response.is_done():
            return
        await respond(
            interaction,
            "That form or button is from before I was restarted or updated, so I can't tell what "
            "it was for. Please run the command again.",
        )

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        log.exception("The handler of %s failed", event_method)


class Tree(app_commands.CommandTree[Bot]):
    async def interaction_check(self, interaction: discord.Interaction[Bot]) -> bool:
        """Nothing is suggested while the server isn't shown to the bot."""
        guild = interaction.guild
        if interaction.type is not discord.InteractionType.autocomplete or guild is None:
            return True
        if guild.unavailable:
            await interaction.response.autocomplete([])
        return not guild.unavailable

    async def on_error(
        self, interaction: discord.Interaction[Bot], error: app_commands.AppCommandError
    ) -> None:
        await reply_error(interaction, error)


async def reply_error(interaction: discord.Interaction, error: Exception) -> None:
    """The one place where a failure becomes words: a UserError's sentence, or an apology with a
    code that finds the traceback in the log."""
    if isinstance(error, app_commands.CommandInvokeError | app_commands.TransformerError):
        cause = error.__cause__
        error = cause if isinstance(cause, Exception) else error
    if isinstance(error, UserError):
        await respond(interaction, str(error))
        return
    if isinstance(error, app_commands.NoPrivateMessage):
        await respond(interaction, "This only works in a server.")
        return
    if isinstance(error, app_commands.MissingPermissions):
        names = ", ".join(error.missing_permissions).replace("_", " ").replace("guild", "server")
        await respond(interaction, f"For this you need the permission to {names}.")
        return
    if _too_late(error):
        log.info("Interaction %d was answered already, or too late", interaction.id)
        return
    code = secrets.token_hex(3)
    log.error("Error %s in interaction %d", code, interaction.id, exc_info=error)
    await respond(
        interaction,
        f"Sorry, something went wrong on my side. Please try again; if it stays, tell whoever runs "
        f"me the code `{code}`: it finds the trouble in my log.",
    )


async def respond(interaction: discord.Interaction, sentence: str) -> None:
    """Say it to the one who asked, whether or not the interaction has been answered. What they
    typed may be quoted in it, and be longer than a message."""
    sentence = sentence if len(sentence) <= LONGEST_SENTENCE else sentence[:LONGEST_SENTENCE] + "…"
    try:
        if interaction.response.is_done():
            await interaction.followup.send(sentence, ephemeral=True)
        else:
            await interaction.response.send_message(sentence, ephemeral=True)
    except discord.HTTPException as error:
        if not _too_late(error):
            raise
        log.info("Interaction %d was answered already, or too late", interaction.id)


def _too_late(error: Exception) -> bool:
    """10062: the interaction is no more. 40060: it has been answered."""
    return isinstance(error, discord.InteractionResponded) or (
        isinstance(error, discord.HTTPException) and error.code in (10062, 40060)
    )
