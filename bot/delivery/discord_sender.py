"""The outbox's way to Discord: render what a row stands for, post it, edit it, find it again."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

import aiohttp
import discord

from bot.delivery.rules import Row, SendFailed

HISTORY = 100  # messages that are looked through: Discord's most for one request

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Content:
    """A message as it stands now. Nobody is pinged and no link is unfolded."""

    text: str
    view: discord.ui.View | None = None


# None: there is nothing left to say, its subject is gone.
Renderer = Callable[[Row], Awaitable[Content | None]]


class DiscordSender:
    def __init__(self, client: discord.Client) -> None:
        self._client = client
        self.renderers: dict[str, Renderer] = {}

    async def post(self, row: Row) -> int | None:
        content = await self.renderers[row.kind](row)
        if content is None:
            return None
        channel = self._client.get_partial_messageable(row.channel_id)
        # Sent with enforce_nonce: a second message with this nonce is not made.
        if content.view is None:
            message = await _asked(
                channel.send(content.text, nonce=row.nonce, suppress_embeds=True)
            )
        else:
            message = await _asked(
                channel.send(content.text, view=content.view, nonce=row.nonce, suppress_embeds=True)
            )
        return message.id

    async def edit(self, row: Row) -> None:
        content = await self.renderers[row.kind](row)
        if content is None or row.message_id is None:
            return
        channel = self._client.get_partial_messageable(row.channel_id)
        message = channel.get_partial_message(row.message_id)
        await _asked(message.edit(content=content.text, view=content.view))

    async def find(self, row: Row) -> int | None:
        content = await self.renderers[row.kind](row)
        return await _asked(self._find(row, "" if content is None else content.text))

    async def _find(self, row: Row, text: str) -> int | None:
        """Ours is the message whose button bears the row's nonce, or, where it has no button, the
        one with the same text that is not older than the attempt."""
        channel = self._client.get_partial_messageable(row.channel_id)
        async for message in channel.history(limit=HISTORY):
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
            # A minute is allowed between Discord's clock and ours.
            fresh = message.created_at.timestamp() * 1000 > (row.attempted_at or 0) - 60_000
            if not ids and fresh and message.content == text:
                return message.id
        return None


async def _asked(request: Awaitable[T]) -> T:
    try:
        return await request
    except discord.HTTPException as error:
        raise SendFailed(error.status, error.code) from error
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise SendFailed(0) from error
