"""The one file that touches SimCord: its state and its rules, mended where Discord differs."""

import asyncio
import re
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, TypeAlias

import discord
from simcord import intents, interactions
from simcord._clock import Clock as SimcordClock
from simcord.backend import Backend, serializers
from simcord.backend.access import channel_accessible, message_accessible, reaction_permissions
from simcord.backend.cdn import CdnStore
from simcord.backend.errors import BackendError as ApiError
from simcord.backend.errors import SetupError
from simcord.backend.models import Channel, Guild, Interaction, Message, Overwrite, Role
from simcord.components import walk_components
from simcord.enums import SELECT_TYPES, ChannelType, ComponentType, OptionType, OverwriteType
from simcord.http import routes as _routes  # noqa: F401 (importing them registers them)
from simcord.http.router import dispatch

from bot.clock import TurnableClock

__all__ = [
    "SELECT_TYPES",
    "ApiError",
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
    "dispatch",
    "intents",
    "interactions",
    "message_accessible",
    "reaction_permissions",
    "serializers",
    "walk_components",
]

Json: TypeAlias = dict[str, Any]  # JSON as Discord's API documents it
Listener: TypeAlias = Callable[[str, Json, int | None], None]  # event, payload, its only viewer

KEPT_INTERACTIONS = 20 * 60.0  # seconds: longer than their tokens are good for


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
        name = re.sub(r"[^\w.()-]+", "_", filename)
        stored = super().store_attachment(attachment_id, channel_id, name, data, description)
        path = f"attachments/{channel_id}/{attachment_id}/{name}"
        self._blobs[path] = self._blobs.pop(stored["url"])
        if name != filename:
            stored["title"] = filename.rpartition(".")[0] or filename
        return {**stored, "url": f"{self.base}/{path}", "proxy_url": f"{self.base}/{path}"}


def _channel_payload(backend: Any, channel: Channel) -> Any:
    payload: Any = _payload_without_nsfw(backend, channel)
    if channel.guild_id is not None and not channel.is_thread:
        payload["nsfw"] = channel.id in backend.age_restricted
    return payload


_payload_without_nsfw = serializers.channel_payload
serializers.channel_payload = _channel_payload


def _guild_payload(backend: Any, guild: Guild) -> Any:
    payload: Any = _payload_without_level(backend, guild)
    return {
        **payload,
        "nsfw_level": backend.nsfw_levels.get(guild.id, 0),
        "roles": [_with_tags(backend, role) for role in payload["roles"]],
    }


def _with_tags(backend: Any, role: Any) -> Json:
    """Discord says whose a bot's own role is; the only managed roles here are our bot's."""
    tags = {"tags": {"bot_id": str(backend.bot_user.id)}} if role["managed"] else {}
    return {**role, **tags}


_payload_without_level = serializers.guild_create_payload
serializers.guild_create_payload = _guild_payload

VOICE = (ChannelType.VOICE, ChannelType.STAGE_VOICE)
THINKING = 1 << 7  # a message's flag while its answer is deferred
COMMAND = 2  # a kind of interaction
SUBCOMMANDS = (1, 2)  # kinds of option: a subcommand, a group of them


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
        self.age_restricted: set[int] = set()  # channels
        self.nsfw_levels: dict[int, int] = {}  # of guilds, where it is not 0
        self.unavailable: set[int] = set()  # guilds
        self.closed_dms: set[int] = set()
        self.listeners: list[Listener] = []
        self.opened: dict[int, Opened] = {}
        self.answer_within = 3.0  # seconds
        self.nonce: str | int | None = None  # of the message that is just being sent
        super().__init__(clock=_Clock(clock))
        self.transcript = _Forgetful()
        self.http_requests = _Forgetful()
        self.cdn: _Cdn = _Cdn()

    # ---- events

    def emit(self, event: str, payload: Mapping[str, Any]) -> None:
        shown = dict(payload)
        if event == "GUILD_CREATE":  # without the key it is a new guild, with it a returning one
            shown.pop("unavailable", None)
        elif event == "MESSAGE_CREATE" and self.nonce is not None:
            shown["nonce"] = self.nonce
        elif event in ("GUILD_ROLE_CREATE", "GUILD_ROLE_UPDATE"):
            shown["role"] = _with_tags(self, shown["role"])
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

    def require_permissions(
        self, guild_id: int | None, user_id: int, channel_id: int | None, *names: str
    ) -> None:
        """The chat of a voice channel is for those who may connect."""
        if channel_id is not None and self.get_channel(channel_id).type in VOICE:
            super().require_permissions(guild_id, user_id, channel_id)
            allowed = self.compute_permissions(guild_id or 0, user_id, channel_id)
            if not discord.Permissions(allowed).connect:
                raise ApiError(403, 50001, "Missing Access")
        super().require_permissions(guild_id, user_id, channel_id, *names)

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
        left = ("content", "embeds", "components", "attachments", "poll", "stickers")
        if not any(fields.get(key, getattr(message, key)) for key in left):
            raise ApiError(400, 50006, "Cannot send an empty message")
        was_thinking = message.flags & THINKING
        message = super().edit_message(channel_id, message_id, fields)
        if was_thinking:
            message.edited_timestamp = None  # completed, not edited
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
        if options.get("message_id") is None:
            return super().create_thread(parent_id, name, owner_id, **options)
        # Discord writes "… started a thread" into the channel only where the message is an old one.
        thread = super().create_thread(parent_id, name, owner_id, **{**options, "broadcast": False})
        self.announce_thread_create(thread)
        return thread

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

    def restrict_age(self, channel_id: int, nsfw: bool) -> None:
        (self.age_restricted.add if nsfw else self.age_restricted.discard)(channel_id)
        self.announce_channel_update(channel_id)

    def set_nsfw_level(self, guild_id: int, level: int) -> None:
        self.nsfw_levels[guild_id] = level
        self.edit_guild(guild_id, {})

    def set_available(self, guild_id: int, is_available: bool) -> None:
        """As in an outage: the bot is told that the guild is away, and hears nothing of it until it
        is told again what is in it."""
        if not is_available:
            self.unavailable.add(guild_id)
            self.publish("GUILD_DELETE", {"id": str(guild_id), "unavailable": True}, None)
        elif guild_id in self.unavailable:
            self.unavailable.discard(guild_id)
            payload = serializers.guild_create_payload(self, self.get_guild(guild_id))
            self.publish("GUILD_CREATE", dict(payload), None)

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
        payload["authorizing_integration_owners"] = {"0": str(record.guild_id or 0)}
        record.expires_at = record.initial_response_deadline = None  # they run on the turned clock
        if kind == COMMAND:
            record.command_name = _spoken(data)
        if source is not None:
            record.source_message_id = source.id
            payload["message"] = dict(serializers.message_payload(self, source))
        opened = self.opened[record.id] = Opened(record, time.monotonic())
        self.publish("INTERACTION_CREATE", payload, user_id)
        return opened

    def _forget_old_interactions(self) -> None:
        forgotten = time.monotonic() - KEPT_INTERACTIONS
        while self.opened:
            key, oldest = next(iter(self.opened.items()))
            if oldest.since > forgotten:
                break
            del self.opened[key], self.interactions[key]
            del self.interaction_tokens[oldest.record.token]


def _spoken(data: Json) -> str:
    """A command with its subcommands, as it is typed."""
    words, options = [data["name"]], data.get("options") or []
    while options and options[0]["type"] in SUBCOMMANDS:
        words.append(options[0]["name"])
        options = options[0].get("options") or []
    return " ".join(words)


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
