"""The outbox's way to Discord: render what a row stands for, post it, edit it, find it again."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TypeVar

import aiohttp
import discord

from bot.delivery.rules import Act, Row, SendFailed

HISTORY = 500  # messages that are looked through, from a minute before the attempt
CLOCKS_APART = 60_000  # ms allowed between Discord's clock and ours
ANSWER_WITHIN = 40  # seconds
LONGEST_SAID = 1024  # characters of a file's description
WAITED = 2_000  # ms, until it is looked again what a server or channel is like

# Levels of a server that Discord shows to adults alone.
ADULTS_ALONE = (discord.NSFWLevel.explicit, discord.NSFWLevel.age_restricted)

UNTITLED = "A story that was removed"  # a thread, once its chapter's title is not to be read

T = TypeVar("T")

# Whether Discord has failed in a request that discord.py then made again by itself.
_stumbled: ContextVar[bool] = ContextVar("stumbled", default=False)


def trace() -> aiohttp.TraceConfig:
    """Of a client's requests, for it to be made with: what Discord answered first may have been
    done, whatever it answers in the end."""

    async def note(
        session: aiohttp.ClientSession,
        context: SimpleNamespace,
        params: aiohttp.TraceRequestEndParams,
    ) -> None:
        if params.response.status >= 500:
            _stumbled.set(True)

    config = aiohttp.TraceConfig()
    config.on_request_end.append(note)
    return config


def is_age_restricted(channel: "discord.guild.GuildChannel | discord.Thread") -> bool:
    """Whether it is for adults alone: by itself, as a thread of such a channel, or because Discord
    has restricted its whole server."""
    return channel.is_nsfw() or channel.guild.nsfw_level in ADULTS_ALONE


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG, and what it shows for those who don't see it."""

    png: bytes
    said: str

    def file(self, name: str = "picture.png", *, spoiler: bool = False) -> discord.File:
        """To be sent once: sending reads it to its end."""
        data = io.BytesIO(self.png)
        return discord.File(data, name, description=self.said[:LONGEST_SAID], spoiler=spoiler)


@dataclass(frozen=True, slots=True)
class Content:
    """A message as it stands now. No link is unfolded, and of those it names only these are pinged,
    when it is posted: users and roles by their ids. What is `for_adults` is neither posted nor
    edited into a channel that is not known to be age-restricted. The picture says nothing that the
    text doesn't: where no files may be attached it goes without."""

    text: str
    view: discord.ui.View | None = None
    users: tuple[int, ...] = ()
    roles: tuple[int, ...] = ()
    for_adults: bool = False
    picture: Picture | None = None


# None: there is nothing left to say, its subject is gone.
Renderer = Callable[[Row], Awaitable[Content | None]]


def known_server(client: discord.Client, guild_id: int) -> discord.Guild | None:
    """The server as it stands; None where the bot isn't in it. Raises SendFailed while Discord
    doesn't show it."""
    guild = client.get_guild(guild_id)
    if guild.unavailable if guild else not client.is_ready():
        raise SendFailed(429, retry_after=WAITED)
    return guild


class DiscordSender:
    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self.renderers: dict[str, Renderer] = {}

    async def post(self, row: Row) -> int | None:
        content = await self.renderers[row.kind](row)
        if content is None:
            return None
        if content.for_adults and not self._is_restricted(row):
            raise SendFailed(429, retry_after=WAITED)
        channel = self._client.get_partial_messageable(row.channel_id)
        # Sent with enforce_nonce: a second message with this nonce is not made.
        pings = discord.AllowedMentions(
            everyone=False,
            users=[discord.Object(user) for user in content.users],
            roles=[discord.Object(role) for role in content.roles],
        )
        message = await _asked(
            channel.send(
                content.text,
                view=content.view or discord.utils.MISSING,
                files=self._files(row, content),
                nonce=row.nonce,
                allowed_mentions=pings,
                suppress_embeds=True,
            )
        )
        return message.id

    async def edit(self, row: Row) -> None:
        content = await self.renderers[row.kind](row)
        if content is None or row.message_id is None:
            return
        channel = self._client.get_partial_messageable(row.channel_id)
        message = channel.get_partial_message(row.message_id)
        if content.for_adults:
            await self._check_seen_by_adults_alone(row, message)
        await _asked(
            message.edit(
                content=content.text, view=content.view, attachments=self._files(row, content)
            )
        )

    async def act(self, row: Row) -> None:
        """A thread is called what its kind's renderer says; where that may not be read, none is
        begun."""
        if row.act is Act.UNTITLE:
            await _asked(self._untitle(row.target or 0))
            return
        channel = self._client.get_partial_messageable(row.channel_id, guild_id=row.guild_id)
        message = channel.get_partial_message(row.target or 0)
        if message.guild is None:
            raise SendFailed(0)  # it is not known here yet
        if row.act is Act.CROSSPOST:
            await _asked(message.publish())
        elif content := await self.renderers[row.kind](row):
            known_server(self._client, message.guild.id)
            if not content.for_adults or self._is_restricted(row):
                await _asked(message.create_thread(name=content.text))

    async def _untitle(self, thread_id: int) -> None:
        """A thread has its first message's id. One that is archived can't be renamed, and is opened
        for it."""
        thread = await self._client.fetch_channel(thread_id)
        if isinstance(thread, discord.Thread) and thread.name != UNTITLED:
            archived = thread.archived
            await thread.edit(name=UNTITLED, archived=False)
            if archived:
                await thread.edit(archived=True)

    async def find(self, row: Row) -> int | None:
        content = await self.renderers[row.kind](row)
        return await _asked(self._find(row, None if content is None else content.text))

    async def delete(self, row: Row) -> None:
        message_id = row.message_id or await _asked(self._find(row, None))
        if message_id is not None:
            channel = self._client.get_partial_messageable(row.channel_id)
            await _asked(channel.get_partial_message(message_id).delete())

    async def _find(self, row: Row, text: str | None) -> int | None:
        """Ours is the message whose button bears the row's nonce, or, where it has no button, the
        one with the same text."""
        await self._check_readable(row)
        since = (row.attempted_at or 0) - CLOCKS_APART
        after = discord.Object(max(0, since - discord.utils.DISCORD_EPOCH) << 22)
        channel = self._client.get_partial_messageable(row.channel_id)
        async for message in channel.history(limit=HISTORY, after=after, oldest_first=True):
            if message.author != self._client.user:
                continue
            ids = [
                child.custom_id or ""
                for line in message.components
                if isinstance(line, discord.ActionRow)
                for child in line.children
            ]
            if any(row.nonce in custom_id for custom_id in ids):
                return message.id
            if not ids and message.content == text:
                return message.id
        return None

    def _files(self, row: Row, content: Content) -> list[discord.File]:
        guild = self._client.get_guild(row.guild_id or 0)
        channel = guild.get_channel_or_thread(row.channel_id) if guild else None
        may_attach = row.guild_id is None
        if guild and channel:
            may_attach = channel.permissions_for(guild.me).attach_files
        return [content.picture.file()] if content.picture and may_attach else []

    def _is_restricted(self, row: Row) -> bool:
        guild = self._client.get_guild(row.guild_id or 0)
        channel = guild.get_channel(row.channel_id) if guild else None
        return isinstance(channel, discord.TextChannel) and is_age_restricted(channel)

    async def _check_seen_by_adults_alone(self, row: Row, message: discord.PartialMessage) -> None:
        """Discord copies each edit of a crossposted message to all who follow its channel. Raises
        SendFailed, as if a permission were missing: the edit waits until the channel changes."""
        guild = known_server(self._client, row.guild_id or 0)
        channel = guild.get_channel(row.channel_id) if guild else None
        if not self._is_restricted(row):
            raise SendFailed(403, 50013)
        followed = isinstance(channel, discord.TextChannel) and channel.is_news()
        if followed and (await _asked(message.fetch())).flags.crossposted:
            raise SendFailed(403, 50013)

    async def _check_readable(self, row: Row) -> None:
        """Without Read Message History Discord shows an empty channel, which proves nothing."""
        if row.guild_id is None:
            return
        guild = self._client.get_guild(row.guild_id)
        channel = guild.get_channel_or_thread(row.channel_id) if guild else None
        if channel is None:
            fetched = await self._client.fetch_channel(row.channel_id)  # says so if it is gone
            if isinstance(fetched, discord.Thread):  # one that is archived is not known here
                channel = fetched
        if guild is None or channel is None:
            raise SendFailed(0)  # it is there, and not known here yet
        if not channel.permissions_for(guild.me).read_message_history:
            raise SendFailed(403, 50013)


def is_discords(error: discord.HTTPException) -> bool:
    """What stands in front of Discord answers with a page, whatever its status: that says nothing
    about the request."""
    return error.response.headers.get("Content-Type") == "application/json"


async def _asked(request: Awaitable[T]) -> T:
    _stumbled.set(False)
    try:
        async with asyncio.timeout(ANSWER_WITHIN):
            return await request
    except discord.RateLimited as error:
        wait = int(error.retry_after * 1000)
        raise SendFailed(429, retry_after=wait, unclear=_stumbled.get()) from error
    except discord.HTTPException as error:
        if not is_discords(error):
            raise SendFailed(0) from error
        raise SendFailed(error.status, error.code, unclear=_stumbled.get()) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise SendFailed(0) from error
