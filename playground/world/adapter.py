"""The one file that touches SimCord: its state and its rules, mended where Discord differs."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, TypeAlias

from simcord import intents, interactions
from simcord._clock import Clock as SimcordClock
from simcord.backend import Backend, serializers
from simcord.backend.access import channel_accessible, message_accessible, reaction_permissions
from simcord.backend.cdn import CdnStore
from simcord.backend.command_access import command_access
from simcord.backend.errors import BackendError as ApiError
from simcord.backend.errors import SetupError
from simcord.backend.models import Channel, Guild, Interaction, Message, Overwrite, Role
from simcord.components import walk_components
from simcord.enums import SELECT_TYPES, ChannelType, ComponentType, OptionType, OverwriteType
from simcord.http import routes
from simcord.http.router import dispatch

from bot.clock import TurnableClock

__all__ = [
    "SELECT_TYPES",
    "ApiError",
    "Backend",
    "Channel",
    "ChannelType",
    "ComponentType",
    "Discord",
    "Guild",
    "Json",
    "Listener",
    "Message",
    "Opened",
    "OptionType",
    "Overwrite",
    "OverwriteType",
    "Role",
    "SetupError",
    "Upload",
    "channel_accessible",
    "command_access",
    "intents",
    "interactions",
    "message_accessible",
    "reaction_permissions",
    "routes",
    "serializers",
    "walk_components",
]

Json: TypeAlias = dict[str, Any]  # JSON as Discord's API documents it
Listener: TypeAlias = Callable[[str, Json, int | None], None]  # event, payload, its only viewer

TOKEN_LIFETIME = 15 * 60.0  # seconds an interaction's token is good for
NONCE_LIFETIME = 5 * 60.0  # seconds; Discord says "the past few minutes"


class _Clock(SimcordClock):
    """Our clock as SimCord asks for it; never backwards, so ids keep their order."""

    def __init__(self, clock: TurnableClock) -> None:
        super().__init__()
        self._clock = clock
        self._latest = 0

    def now(self) -> datetime:
        self._latest = max(self._latest, self._clock.now())
        return datetime.fromtimestamp(self._latest / 1000, UTC)


class _Forgetful(list[Any]):
    """SimCord logs every event for ever; we keep a bounded log of our own."""

    def append(self, _: Any) -> None:
        pass


class _Cdn(CdnStore):
    base = ""

    def store_attachment(
        self,
        attachment_id: int,
        channel_id: int,
        filename: str,
        data: bytes,
        description: str | None,
    ) -> Json:
        stored = super().store_attachment(attachment_id, channel_id, filename, data, description)
        path = f"attachments/{channel_id}/{attachment_id}/{filename}"
        self._blobs[path] = self._blobs.pop(stored["url"])
        return {**stored, "url": f"{self.base}/{path}", "proxy_url": f"{self.base}/{path}"}


def _channel_payload(backend: Any, channel: Channel) -> Any:
    payload: Any = _payload_without_nsfw(backend, channel)
    if channel.guild_id is not None and not channel.is_thread:
        payload["nsfw"] = channel.id in backend.age_restricted
    return payload


_payload_without_nsfw = serializers.channel_payload
serializers.channel_payload = _channel_payload


@dataclass(slots=True)
class Upload:
    """A file as SimCord's routes want it."""

    filename: str
    fp: BytesIO
    description: str | None = None


@dataclass(eq=False, slots=True)
class Opened:
    """An interaction that somebody began, and what has come of it."""

    record: Interaction
    since: float  # by time.monotonic(): the three seconds are real whatever the clock says
    changed: asyncio.Event = field(default_factory=asyncio.Event)


class Discord(Backend):
    CROSSPOSTED_FLAG = 1 << 0

    def __init__(self, clock: TurnableClock) -> None:
        self.age_restricted: set[int] = set()
        self.closed_dms: set[int] = set()
        self.listeners: list[Listener] = []
        self.opened: dict[int, Opened] = {}
        self.answer_within = 3.0  # seconds
        self._nonces: dict[tuple[int, str], tuple[float, int]] = {}
        self._nonce: str | int | None = None
        super().__init__(clock=_Clock(clock))
        self.transcript = _Forgetful()
        self.http_requests = _Forgetful()
        self.cdn: _Cdn = _Cdn()

    # ---- events

    def emit(self, event: str, payload: Mapping[str, Any]) -> None:
        shown = dict(payload)
        if event == "GUILD_CREATE":  # without the key it is a new guild, with it a returning one
            shown.pop("unavailable", None)
        elif event == "MESSAGE_CREATE" and self._nonce is not None:
            shown["nonce"] = self._nonce
        self.publish(event, shown, None)

    def publish(self, event: str, payload: Json, viewer: int | None) -> None:
        for listener in tuple(self.listeners):
            listener(event, payload, viewer)

    def _publish_ephemeral(self, event: str, message: Message, payload: Json | None = None) -> None:
        assert message.interaction_metadata is not None
        viewer = int(message.interaction_metadata["user"]["id"])
        if payload is None:
            payload = dict(serializers.message_payload(self, message, for_user=viewer))
        self.publish(event, payload, viewer)

    # ---- what SimCord does otherwise

    def commit_message(self, message: Message, *, broadcast: bool = True) -> Message:
        message.embeds = _with_attachments(message.embeds, message.attachments)
        message = super().commit_message(message, broadcast=broadcast)
        if message.is_ephemeral:
            self._publish_ephemeral("MESSAGE_CREATE", message)
        return message

    def edit_message(self, channel_id: int, message_id: int, fields: Json) -> Message:
        message = self.get_message(channel_id, message_id)
        if fields.get("embeds"):
            files = fields.get("attachments") or message.attachments
            fields = {**fields, "embeds": _with_attachments(fields["embeds"], files)}
        message = super().edit_message(channel_id, message_id, fields)
        if message.is_ephemeral:
            self._publish_ephemeral("MESSAGE_UPDATE", message)
        return message

    def delete_message(self, channel_id: int, message_id: int) -> None:
        message = self.get_message(channel_id, message_id)
        super().delete_message(channel_id, message_id)
        if message.is_ephemeral:
            gone: Json = {"id": str(message_id), "channel_id": str(channel_id)}
            self._publish_ephemeral("MESSAGE_DELETE", message, gone)

    def create_thread(self, parent_id: int, name: str, owner_id: int, **options: Any) -> Channel:
        if options.get("message_id") in self.channels:
            raise ApiError(400, 160004, "A thread has already been created for this message")
        return super().create_thread(parent_id, name, owner_id, **options)

    def delete_channel(self, channel_id: int) -> None:
        channel = self.get_channel(channel_id)
        super().delete_channel(channel_id)
        if channel.guild_id is None:
            return
        guild = self.get_guild(channel.guild_id)
        for thread_id in list(guild.thread_ids):
            if self.channels[thread_id].parent_id == channel_id:
                guild.thread_ids.remove(thread_id)
                del self.channels[thread_id]
                self.messages.pop(thread_id, None)

    def found_guild(
        self, name: str, owner_id: int | None, bot_permissions: int, channels: Iterable[str]
    ) -> Guild:
        """A guild announced only once it is whole, as when a bot is invited to it."""
        listeners, self.listeners = self.listeners, []
        try:
            guild = self.create_guild(name, owner_id=owner_id)
            self.bot_role(guild.id).permissions = bot_permissions
            for channel_name in channels:
                self.create_channel(guild.id, channel_name)
        finally:
            self.listeners = listeners
        guild.system_channel_id = guild.channel_ids[0] if guild.channel_ids else None
        self.emit("GUILD_CREATE", dict(serializers.guild_create_payload(self, guild)))
        return guild

    def bot_role(self, guild_id: int) -> Role:
        return next(role for role in self.get_guild(guild_id).roles.values() if role.managed)

    # ---- interactions

    def open_interaction(
        self, kind: int, channel_id: int, user_id: int, data: Json, source: Message | None = None
    ) -> Opened:
        self._forget_old_interactions()
        record, payload = interactions.base_payload(
            self,
            type=kind,
            channel_id=channel_id,
            guild_id=self.get_channel(channel_id).guild_id,
            user_id=user_id,
            data=data,
        )
        record.expires_at = record.initial_response_deadline = None  # they run on the turned clock
        if source is not None:
            record.source_message_id = source.id
            payload["message"] = dict(serializers.message_payload(self, source))
        opened = self.opened[record.id] = Opened(record, time.monotonic())
        self.publish("INTERACTION_CREATE", payload, user_id)
        return opened

    def _forget_old_interactions(self) -> None:
        now = time.monotonic()
        for key, old in list(self.opened.items()):
            if now - old.since < TOKEN_LIFETIME:
                break
            del self.opened[key], self.interactions[key], self.interaction_tokens[old.record.token]

    def _interaction_of(self, parts: list[str]) -> Opened | None:
        """The interaction a request is about, if it is about one and still in time."""
        if parts[0] == "interactions":
            opened = self.opened.get(int(parts[1]))
            if opened is None or opened.record.token != parts[2]:
                raise ApiError(404, 10062, "Unknown interaction")
            late = time.monotonic() - opened.since > self.answer_within
            if late and not opened.record.responded:
                raise ApiError(404, 10062, "Unknown interaction")
            return opened
        if parts[0] != "webhooks" or len(parts) < 3 or int(parts[1]) != self.application_id:
            return None
        opened = self.opened.get(self.interaction_tokens.get(parts[2], 0))
        if opened is None or time.monotonic() - opened.since > TOKEN_LIFETIME:
            raise ApiError(401, 50027, "Invalid Webhook Token")
        if not opened.record.responded:
            raise ApiError(404, 10015, "Unknown Webhook")
        return opened

    # ---- requests

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        params: Mapping[str, str] | None = None,
        files: Iterable[Upload] = (),
        reason: str | None = None,
    ) -> Any:
        """Answer one call of the HTTP API; raises ApiError."""
        parts = path.strip("/").split("/")
        opened = self._interaction_of(parts)
        query, uploads = dict(params or {}), list(files)
        try:
            match method, parts:
                case "POST", ["channels", channel, "messages"]:
                    return self._send(int(channel), path, body, uploads)
                case "GET", ["channels", channel, "messages"] if "around" not in query:
                    return self._history(int(channel), query)
                case "PATCH", ["channels", channel] if isinstance(body, dict) and "nsfw" in body:
                    return self._set_age_restriction(int(channel), path, body, reason)
                case "POST", ["guilds", _, "channels"] if body.get("nsfw"):
                    body = {key: value for key, value in body.items() if key != "nsfw"}
                    made = dispatch(self, method, path, json=body, reason=reason)
                    self.restrict_age(int(made["id"]), True)
                    return {**made, "nsfw": True}
            return dispatch(
                self, method, path, json=body, params=query, files=uploads, reason=reason
            )
        finally:
            if opened is not None:
                opened.changed.set()

    def restrict_age(self, channel_id: int, nsfw: bool) -> None:
        (self.age_restricted.add if nsfw else self.age_restricted.discard)(channel_id)
        self.announce_channel_update(channel_id)

    def _set_age_restriction(
        self, channel_id: int, path: str, body: Json, reason: str | None
    ) -> Any:
        rest = {key: value for key, value in body.items() if key != "nsfw"}
        before = channel_id in self.age_restricted
        (self.age_restricted.add if body["nsfw"] else self.age_restricted.discard)(channel_id)
        try:
            return dispatch(self, "PATCH", path, json=rest, reason=reason)
        except ApiError:
            (self.age_restricted.add if before else self.age_restricted.discard)(channel_id)
            raise

    def _send(self, channel_id: int, path: str, body: Json, files: list[Upload]) -> Any:
        channel = self.get_channel(channel_id)
        if self.closed_dms.intersection(channel.recipient_ids):
            raise ApiError(403, 50007, "Cannot send messages to this user")
        wanted = ["attach_files"] * bool(files) + ["embed_links"] * bool(body.get("embeds"))
        self.require_permissions(channel.guild_id, self.bot_user.id, channel_id, *wanted)
        nonce = body.get("nonce")
        key = (channel_id, str(nonce))
        if nonce is not None and body.get("enforce_nonce"):
            sent_at, message_id = self._nonces.get(key, (float("-inf"), 0))
            if time.monotonic() - sent_at < NONCE_LIFETIME:
                earlier = self.get_message(channel_id, message_id)  # deleted: 10008
                return {**serializers.message_payload(self, earlier), "nonce": nonce}
        self._nonce = nonce
        try:
            sent = dispatch(self, "POST", path, json=body, files=files)
        finally:
            self._nonce = None
        if nonce is None:
            return sent
        self._nonces.pop(key, None)
        self._nonces[key] = (time.monotonic(), int(sent["id"]))
        if len(self._nonces) > 10_000:
            del self._nonces[next(iter(self._nonces))]
        return {**sent, "nonce": nonce}

    def _history(self, channel_id: int, params: Mapping[str, str]) -> list[Json]:
        """Newest first, read from the end: SimCord sorts the whole channel each time."""
        channel = self.get_channel(channel_id)
        self.require_permissions(channel.guild_id, self.bot_user.id, channel_id)
        if not channel_accessible(self, channel_id, self.bot_user.id, history=True):
            return []
        limit = int(params.get("limit", 50))
        before = int(params.get("before", 1 << 64))
        after = int(params["after"]) if "after" in params else None
        found: list[Message] = []
        for message in reversed(self.messages[channel_id].values()):
            if after is None and len(found) == limit:
                break
            if after is not None and message.id <= after:
                break
            if message.id < before and not message.is_ephemeral:
                found.append(message)
        nearest = found[-limit:] if after is not None else found
        bot = self.bot_user.id
        return [dict(serializers.message_payload(self, m, for_user=bot)) for m in nearest]


def _with_attachments(embeds: list[Json], attachments: list[Json]) -> list[Json]:
    """The embeds with their `attachment://name` addresses turned into the files' own."""
    urls = {f"attachment://{file['filename']}": file["url"] for file in attachments}

    def resolve(part: Any) -> Any:
        if not isinstance(part, dict):
            return part
        wanted = [
            key for key in ("url", "icon_url") if str(part.get(key)).startswith("attachment:")
        ]
        for key in wanted:
            if part[key] not in urls:
                raise ApiError(400, 50035, f"Invalid Form Body: no file for {part[key]}")
        return {**part, **{key: urls[part[key]] for key in wanted}}

    return [{key: resolve(value) for key, value in embed.items()} for embed in embeds]
