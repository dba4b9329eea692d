"""Answering the HTTP API's calls: what comes before, and instead of, SimCord's own routes."""

import time
from collections.abc import Iterable, Mapping
from typing import Any

from playground.world.adapter import (
    ApiError,
    Discord,
    Json,
    Message,
    Opened,
    Upload,
    channel_accessible,
    dispatch,
    serializers,
)

TOKEN_LIFETIME = 15 * 60.0  # seconds that an interaction's token is good for
NONCE_LIFETIME = 5 * 60.0  # seconds; Discord says "the past few minutes"
KEPT_NONCES = 10_000


class Requests:
    def __init__(self, discord: Discord) -> None:
        self._discord = discord
        self._nonces: dict[tuple[int, str], tuple[float, int]] = {}

    def answer(
        self,
        method: str,
        path: str,
        body: Any = None,
        params: Mapping[str, str] | None = None,
        files: Iterable[Upload] = (),
        reason: str | None = None,
    ) -> Any:
        """What Discord replies with; raises ApiError."""
        parts = path.strip("/").split("/")
        opened = self._interaction_of(parts)
        query, uploads = dict(params or {}), list(files)
        try:
            match method, parts:
                case "POST", ["channels", channel, "messages"]:
                    return self._send(int(channel), path, body, uploads)
                case "GET", ["channels", channel, "messages"] if "around" not in query:
                    return self._history(int(channel), query)
                case "PATCH", ["channels", channel] if self._discord.get_channel(
                    int(channel)
                ).is_thread:
                    return self._edit_thread(int(channel), body)
                case "PATCH", ["channels", channel] if "nsfw" in body:
                    return self._restrict_age(int(channel), path, body, reason)
                case "POST", ["guilds", _, "channels"] if body.get("nsfw"):
                    made = dispatch(
                        self._discord, method, path, json=_without_nsfw(body), reason=reason
                    )
                    self._discord.restrict_age(int(made["id"]), True)
                    return {**made, "nsfw": True}
            return dispatch(
                self._discord, method, path, json=body, params=query, files=uploads, reason=reason
            )
        finally:
            if opened is not None:
                opened.changed.set()

    def _interaction_of(self, parts: list[str]) -> Opened | None:
        """The interaction a request is about, if it is about one and still in time."""
        if parts[0] == "interactions":
            opened = self._discord.opened.get(int(parts[1]))
            if opened is None or opened.record.token != parts[2]:
                raise ApiError(404, 10062, "Unknown interaction")
            late = time.monotonic() - opened.since > self._discord.answer_within
            if late and not opened.record.responded:
                raise ApiError(404, 10062, "Unknown interaction")
            return opened
        if (
            parts[0] != "webhooks"
            or len(parts) < 3
            or int(parts[1]) != self._discord.application_id
        ):
            return None
        opened = self._discord.opened.get(self._discord.interaction_tokens.get(parts[2], 0))
        if opened is None or time.monotonic() - opened.since > TOKEN_LIFETIME:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        if not opened.record.responded:
            raise ApiError(404, 10015, "Unknown Webhook")
        return opened

    def _restrict_age(self, channel_id: int, path: str, body: Json, reason: str | None) -> Any:
        restricted = self._discord.age_restricted
        before = set(restricted)
        (restricted.add if body["nsfw"] else restricted.discard)(channel_id)
        try:
            return dispatch(self._discord, "PATCH", path, json=_without_nsfw(body), reason=reason)
        except ApiError:
            self._discord.age_restricted = before
            raise

    def _edit_thread(self, thread_id: int, body: Json) -> Any:
        """Whoever began a thread may rename, close and open it; else, and where it is locked, that
        takes Manage Threads. An archived one must be opened first, or at once."""
        discord, bot = self._discord, self._discord.bot_user.id
        thread = discord.get_channel(thread_id)
        about = thread.thread_metadata
        assert about is not None
        needs = set(body) - {"name", "archived", "auto_archive_duration"}
        moderates = needs or about.locked or thread.owner_id != bot
        wanted = ["manage_threads"] * bool(moderates)
        discord.require_permissions(thread.guild_id, bot, thread_id, *wanted)
        if about.archived and body.get("archived") is not False:
            raise ApiError(400, 50083, "Thread is archived")
        changes = {key: value for key, value in body.items() if key == "name"}
        rest = {key: value for key, value in body.items() if key != "name"}
        return dict(
            serializers.channel_payload(
                discord, discord.edit_channel(thread_id, changes, thread_metadata=rest)
            )
        )

    def _send(self, channel_id: int, path: str, body: Json, files: list[Upload]) -> Any:
        discord = self._discord
        channel = discord.get_channel(channel_id)
        if discord.closed_dms.intersection(channel.recipient_ids):
            raise ApiError(403, 50007, "Cannot send messages to this user")
        wanted = ["attach_files"] * bool(files) + ["embed_links"] * bool(body.get("embeds"))
        discord.require_permissions(channel.guild_id, discord.bot_user.id, channel_id, *wanted)
        self._open_thread(channel_id)
        nonce = body.get("nonce")
        key = (channel_id, str(nonce))
        if nonce is not None and body.get("enforce_nonce"):
            sent_at, message_id = self._nonces.get(key, (float("-inf"), 0))
            if time.monotonic() - sent_at < NONCE_LIFETIME:
                earlier = discord.get_message(channel_id, message_id)  # deleted: 10008
                return {**serializers.message_payload(discord, earlier), "nonce": nonce}
        discord.nonce = nonce
        try:
            sent = dispatch(discord, "POST", path, json=body, files=files)
        finally:
            discord.nonce = None
        if nonce is not None:
            self._nonces.pop(key, None)  # so that the latest stand last
            self._nonces[key] = (time.monotonic(), int(sent["id"]))
            if len(self._nonces) > KEPT_NONCES:
                del self._nonces[next(iter(self._nonces))]
        return {**sent, "nonce": nonce}

    def _open_thread(self, channel_id: int) -> None:
        """A message opens a thread that is archived, unless it is locked."""
        discord, bot = self._discord, self._discord.bot_user.id
        thread = discord.get_channel(channel_id)
        about = thread.thread_metadata
        if about is None or not (about.archived or about.locked):
            return
        if about.locked:
            try:
                discord.require_permissions(thread.guild_id, bot, channel_id, "manage_threads")
            except ApiError as error:
                raise ApiError(400, 50083, "Thread is archived") from error
        if about.archived:
            discord.require_permissions(
                thread.guild_id, bot, channel_id, "send_messages_in_threads"
            )
            discord.edit_channel(channel_id, {}, thread_metadata={"archived": False})

    def _history(self, channel_id: int, params: Mapping[str, str]) -> list[Json]:
        """Newest first, read from the end: SimCord sorts the whole channel each time."""
        discord, bot = self._discord, self._discord.bot_user.id
        channel = discord.get_channel(channel_id)
        discord.require_permissions(channel.guild_id, bot, channel_id)
        if not channel_accessible(discord, channel_id, bot, history=True):
            return []
        limit = int(params.get("limit", 50))
        before = int(params.get("before", 1 << 64))
        after = int(params["after"]) if "after" in params else None
        found: list[Message] = []
        for message in reversed(discord.messages[channel_id].values()):
            if message.id <= after if after is not None else len(found) == limit:
                break
            if message.id < before and not message.is_ephemeral:
                found.append(message)
        nearest = found[-limit:] if after is not None else found
        return [dict(serializers.message_payload(discord, m, for_user=bot)) for m in nearest]


def _without_nsfw(body: Json) -> Json:
    return {key: value for key, value in body.items() if key != "nsfw"}
