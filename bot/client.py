"""The Discord client: what it listens to, which cogs it loads, and what it says when one fails."""

import asyncio
import hashlib
import json
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from importlib import import_module
from itertools import count

import aiohttp
import discord
import yarl
from discord import app_commands
from discord.ext import commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.charts.pictures import Pictures
from bot.clock import LONGEST_FINISH, Clock, SystemClock
from bot.config import Settings
from bot.cooldowns import Cooldowns
from bot.db import facts
from bot.db.engine import Database
from bot.delivery.discord_sender import DiscordSender, is_discords, trace
from bot.delivery.rules import backoff
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

# What discord.py raises where Discord is ill: the last three where a page comes instead of JSON.
UNWELL = (
    discord.DiscordException, aiohttp.ClientError, OSError, KeyError, TypeError, ValueError,
)  # fmt: skip
AUTHENTICATION_FAILED = 4004  # the gateway's code for a token that it does not know
EVENT = (
    "discord.py: "  # what discord.py calls the tasks that handle events, and then the event's name
)
LONGEST_SENTENCE = 900  # characters; Discord takes 2,000, and counts some of them twice

RESTARTING = (
    "I'm being restarted and couldn't finish this in time. Please look whether it worked, and if "
    "not, try again in a minute."
)

# Set in an interaction's `extras` by whatever answers it.
CLAIMED = "claimed"
DEFERRED = "deferred"  # whose answer so far only asks to wait


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
        self.handlers: dict[asyncio.Task[object], discord.Interaction] = {}
        self._loading_cogs = False
        logging.getLogger("discord.client").addFilter(_without_traceback)

    async def setup_hook(self) -> None:
        self._loading_cogs = True
        # Not as discord.py's extensions: those are thrown out of memory when a bot closes, and
        # this takes half of a start.
        for extension in EXTENSIONS:
            await import_module(extension).setup(self)

    async def log_in(self, token: str) -> None:
        """However long Discord takes to be there and well: a machine may start before its network.
        Raises TokenRefused."""

        async def attempt() -> None:
            await self.http.close()  # the session of the attempt before
            self.http.connector = discord.utils.MISSING
            await self.login(token)

        await self._persist("log in", attempt)
        self._loading_cogs = False

    async def _persist(self, what: str, attempt: Callable[[], Awaitable[object]]) -> None:
        """Try again, with growing waits, whatever Discord, its front or the network answers: all
        of them have bad days. Only a refused token is final."""
        for attempts in count():
            wait = backoff(attempts, None) / 1000
            try:
                await attempt()
                return
            except (discord.ConnectionClosed, discord.PrivilegedIntentsRequired):
                raise
            except UNWELL as error:
                if self._loading_cogs:
                    raise
                if _refuses_token(error):
                    raise TokenRefused from None
                if isinstance(error, discord.RateLimited):
                    wait = max(wait, error.retry_after)
                status = isinstance(error, discord.HTTPException) and error.status
                why = f"it answered {status}" if status else error or type(error).__name__
                log.warning("Discord won't let me %s: %s. Trying again in %d s", what, why, wait)
                log.debug("This is how it went", exc_info=True)
            await asyncio.sleep(wait)

    async def stay_connected(self) -> None:
        """Raises TokenRefused. At the end no more interactions are taken, and those under way are
        answered."""
        try:
            await self._persist("connect", self._connect)
        finally:
            await self._finish()

    async def _connect(self) -> None:
        try:
            await self.connect()
        except discord.ConnectionClosed as error:
            if error.code == AUTHENTICATION_FAILED:
                raise TokenRefused from None
            raise
        except AttributeError as error:
            if self._socket() is None:  # discord.py wants to resume what has never begun
                raise ConnectionError("the gateway does not answer") from error
            raise

    def _socket(self) -> DiscordWebSocket | None:
        return self.ws

    async def _finish(self) -> None:
        """Have Discord send nothing more, let the handlers end, and tell whoever waits longer."""
        closing = [asyncio.create_task(socket.close())] if (socket := self._socket()) else []
        events = [task for task in asyncio.all_tasks() if task.get_name().startswith(EVENT)]
        if pending := {*closing, *events, *self.handlers}:
            _, late = await asyncio.wait(pending, timeout=LONGEST_FINISH)
            waiting = [self.handlers[task] for task in late if task in self.handlers]
            for task in late:
                task.cancel()
            answers = [respond(interaction, RESTARTING, fails=True) for interaction in waiting]
            await asyncio.gather(*answers, return_exceptions=True)

    async def sync_commands(self) -> None:
        """Tell Discord the commands, if they are not the ones it was told last. Raises
        TokenRefused."""
        commands = [command.to_dict(self.tree) for command in self.tree.get_commands()]
        text = json.dumps([discord.version_info[:3], self.application_id, commands], sort_keys=True)
        fingerprint = hashlib.sha256(text.encode()).hexdigest()
        database = self.services.database
        if await database.read(facts.recall, "commands") == fingerprint:
            return
        await self._persist("take the commands", self.tree.sync)
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
        claim(interaction)
        await respond(
            interaction,
            "That form or button is from before I was restarted or updated, so I can't tell what "
            "it was for. Please run the command again.",
        )

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        log.exception("The handler of %s failed", event_method)


class Tree(app_commands.CommandTree[Bot]):
    async def interaction_check(self, interaction: discord.Interaction[Bot], /) -> bool:
        """Nothing is suggested while the server isn't shown to the bot."""
        claim(interaction)
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


def claim(interaction: discord.Interaction) -> None:
    """Each handler calls this before its first wait: it is the one that answers, and before the
    bot stops it is waited for."""
    interaction.extras[CLAIMED] = True
    client, task = interaction.client, asyncio.current_task()
    assert isinstance(client, Bot)
    assert task is not None
    client.handlers[task] = interaction
    task.add_done_callback(lambda task: client.handlers.pop(task, None))


async def defer(interaction: discord.Interaction) -> None:
    """Tell who asked to wait. The handler puts its answer in the place of that, or else why there
    is none is put there."""
    await interaction.response.defer(ephemeral=True, thinking=True)
    interaction.extras[DEFERRED] = True


async def reply_error(interaction: discord.Interaction, error: Exception) -> None:
    """The one place where a failure becomes words: a UserError's sentence, or an apology with a
    code that finds the traceback in the log."""
    if isinstance(error, app_commands.CommandInvokeError | app_commands.TransformerError):
        cause = error.__cause__
        error = cause if isinstance(cause, Exception) else error
    if isinstance(error, UserError):
        await respond(interaction, str(error), fails=True)
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
        fails=True,
    )


async def respond(interaction: discord.Interaction, sentence: str, *, fails: bool = False) -> None:
    """Say it to the one who asked, whether or not the interaction has been answered. What they
    typed may be quoted in it, and be longer than a message. `fails`: no other answer comes."""
    if interaction.type is discord.InteractionType.autocomplete:
        return
    sentence = sentence if len(sentence) <= LONGEST_SENTENCE else sentence[:LONGEST_SENTENCE] + "…"
    try:
        if fails and DEFERRED in interaction.extras:
            await interaction.edit_original_response(content=sentence)
        elif interaction.response.is_done():
            await interaction.followup.send(sentence, ephemeral=True)
        else:
            await interaction.response.send_message(sentence, ephemeral=True)
    except discord.HTTPException as error:
        if not _too_late(error):
            raise
        log.info("Interaction %d was answered already, or too late", interaction.id)


def _refuses_token(error: Exception) -> bool:
    cause = error.__cause__ if isinstance(error, discord.LoginFailure) else error
    return isinstance(cause, discord.HTTPException) and cause.status == 401 and is_discords(cause)


def _without_traceback(record: logging.LogRecord) -> bool:
    """That discord.py has to connect again is no fault of ours, and one line says why."""
    if record.exc_info and str(record.msg).startswith("Attempting a reconnect"):
        why = record.exc_info[1]
        record.msg, record.args = f"{record.getMessage()}: {why or type(why).__name__}", ()
        record.exc_info = None
        record.levelno, record.levelname = logging.WARNING, "WARNING"
    return True


def _too_late(error: Exception) -> bool:
    """10062: the interaction is no more. 40060: it has been answered."""
    return isinstance(error, discord.InteractionResponded) or (
        isinstance(error, discord.HTTPException) and error.code in (10062, 40060)
    )
