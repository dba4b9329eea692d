"""Building a world of guilds, channels and people, and looking at it as one of them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, TypeAlias

import discord

from bot.clock import TurnableClock
from playground.world.adapter import (
    ApiError,
    Channel,
    ChannelType,
    Discord,
    Guild,
    Json,
    Listener,
    Message,
    Overwrite,
    OverwriteType,
    channel_accessible,
    message_accessible,
    serializers,
)
from playground.world.requests import Requests

ChannelKind: TypeAlias = Literal["text", "announcement", "category", "forum", "voice"]
KINDS: dict[ChannelKind, ChannelType] = {
    "text": ChannelType.TEXT,
    "announcement": ChannelType.NEWS,
    "category": ChannelType.CATEGORY,
    "forum": ChannelType.FORUM,
    "voice": ChannelType.VOICE,
}
NONE = discord.Permissions.none()

INVITED = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    read_message_history=True,
    embed_links=True,
    attach_files=True,
    add_reactions=True,
    manage_messages=True,
)
"""What a bot's own role may do unless told otherwise."""


class World:
    def __init__(self, clock: TurnableClock) -> None:
        self.discord = Discord(clock)
        self.answer = Requests(self.discord).answer
        self.discord.bot_user.name = "Cliffhanger"
        self.bot_id: int = self.discord.bot_user.id
        self.application_id: int = self.discord.application_id

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Hear every event; ephemeral messages come with the one who may see them."""
        self.discord.listeners.append(listener)
        return lambda: self.discord.listeners.remove(listener)

    # ---- building

    def guild(
        self,
        name: str,
        owner: int | None = None,
        *,
        bot_permissions: discord.Permissions = INVITED,
        channels: Sequence[str] = (),
    ) -> int:
        """A guild with the bot in it; the first of its text channels is its system channel."""
        return self.discord.found_guild(name, owner, bot_permissions.value, channels).id

    def channel(
        self,
        guild_id: int,
        name: str,
        kind: ChannelKind = "text",
        *,
        nsfw: bool = False,
        topic: str | None = None,
        parent: int | None = None,
    ) -> int:
        made = self.discord.create_channel(
            guild_id, name, type=KINDS[kind], topic=topic, parent_id=parent
        )
        if nsfw:
            self.discord.restrict_age(made.id, True)
        return made.id

    def thread(self, channel_id: int, name: str, owner: int) -> int:
        return self.discord.create_thread(channel_id, name, owner).id

    def user(self, name: str, *, bot: bool = False) -> int:
        return self.discord.make_user(name, bot=bot).id

    def join(self, guild_id: int, user_id: int, roles: Iterable[int] = ()) -> None:
        self.discord.add_member(guild_id, user_id, roles=roles, announce=True)

    def leave(self, guild_id: int, user_id: int) -> None:
        self.discord.remove_member(guild_id, user_id)

    def role(
        self,
        guild_id: int,
        name: str,
        permissions: discord.Permissions = NONE,
        *,
        mentionable: bool = False,
    ) -> int:
        made = self.discord.create_role(
            guild_id, name, permissions=permissions.value, mentionable=mentionable
        )
        return made.id

    def give_role(self, guild_id: int, user_id: int, role_id: int) -> None:
        self.discord.add_member_role(guild_id, user_id, role_id)

    def roles_of(self, guild_id: int, user_id: int) -> list[int]:
        return list(self.discord.get_guild(guild_id).members[user_id].role_ids)

    def set_bot_permissions(self, guild_id: int, permissions: discord.Permissions) -> None:
        role = self.discord.bot_role(guild_id)
        self.discord.edit_role(guild_id, role.id, {"permissions": permissions.value})

    def overwrite(
        self,
        channel_id: int,
        target_id: int,
        *,
        allow: discord.Permissions = NONE,
        deny: discord.Permissions = NONE,
    ) -> None:
        """Allow or deny a role (a guild's own id is @everyone) or a user things in a channel."""
        kind = OverwriteType.MEMBER if target_id in self.discord.users else OverwriteType.ROLE
        self.discord.set_overwrite(channel_id, Overwrite(target_id, kind, allow.value, deny.value))

    def clear_overwrite(self, channel_id: int, target_id: int) -> None:
        self.discord.delete_overwrite(channel_id, target_id)

    def set_nsfw(self, channel_id: int, nsfw: bool) -> None:
        self.discord.restrict_age(channel_id, nsfw)

    def set_nsfw_level(self, guild_id: int, level: discord.NSFWLevel) -> None:
        """What Discord itself has rated the whole guild."""
        self.discord.set_nsfw_level(guild_id, level.value)

    def set_available(self, guild_id: int, is_available: bool) -> None:
        self.discord.set_available(guild_id, is_available)

    def set_dms_open(self, user_id: int, is_open: bool) -> None:
        closed = self.discord.closed_dms
        (closed.discard if is_open else closed.add)(user_id)

    def delete_channel(self, channel_id: int) -> None:
        self.discord.delete_channel(channel_id)

    def delete_message(self, channel_id: int, message_id: int) -> None:
        self.discord.delete_message(channel_id, message_id)

    def remove_guild(self, guild_id: int) -> None:
        self.discord.remove_guild(guild_id)

    # ---- looking

    def guilds(self, viewer: int) -> list[Json]:
        return [
            {"id": str(guild.id), "name": guild.name, "owner_id": str(guild.owner_id)}
            for guild in self.discord.guilds.values()
            if viewer in guild.members
        ]

    def channels(self, guild_id: int, viewer: int) -> list[Json]:
        """The channels and threads the viewer may see, each thread after its channel."""
        guild = self.discord.get_guild(guild_id)
        threads = [self.discord.channels[id] for id in guild.thread_ids]
        ordered: list[Channel] = []
        for channel in sorted(self._plain_channels(guild), key=lambda c: c.position):
            ordered += [channel, *(t for t in threads if t.parent_id == channel.id)]
        return [
            dict(serializers.channel_payload(self.discord, channel))
            for channel in ordered
            if self.sees(viewer, channel.id)
        ]

    def _plain_channels(self, guild: Guild) -> list[Channel]:
        return [self.discord.channels[id] for id in guild.channel_ids]

    def members(self, guild_id: int) -> list[Json]:
        guild = self.discord.get_guild(guild_id)
        return [
            dict(serializers.member_payload(self.discord, guild, member))
            for member in guild.members.values()
        ]

    def roles(self, guild_id: int) -> list[Json]:
        guild = self.discord.get_guild(guild_id)
        return [dict(serializers.role_payload(role)) for role in guild.roles.values()]

    def users(self) -> list[Json]:
        return [dict(serializers.user_payload(user)) for user in self.discord.users.values()]

    def name(self, user_id: int) -> str:
        return self.discord.get_user(user_id).name

    def dm(self, user_id: int) -> int:
        return self.discord.get_dm_channel(user_id).id

    def sees(self, user_id: int, channel_id: int) -> bool:
        return channel_accessible(self.discord, channel_id, user_id)

    def may(self, user_id: int, channel_id: int, *permissions: str) -> bool:
        try:
            guild_id = self.discord.get_channel(channel_id).guild_id
            self.discord.require_permissions(guild_id, user_id, channel_id, *permissions)
        except ApiError:
            return False
        return True

    def messages(self, channel_id: int, viewer: int, limit: int = 50) -> list[Json]:
        """The latest messages, oldest first; ephemeral ones only for their viewer."""
        if not channel_accessible(self.discord, channel_id, viewer, history=True):
            return []
        found: list[Message] = []
        for message in reversed(self.discord.messages[channel_id].values()):
            if len(found) == limit:
                break
            if message.visible_to(viewer):
                found.append(message)
        return [self._payload(message, viewer) for message in reversed(found)]

    def message(self, channel_id: int, message_id: int, viewer: int) -> Json | None:
        message = self.discord.messages.get(channel_id, {}).get(message_id)
        if message is None or not message_accessible(self.discord, channel_id, message, viewer):
            return None
        return self._payload(message, viewer)

    def find_message(self, message_id: int) -> Message | None:
        for messages in self.discord.messages.values():
            if message_id in messages:
                return messages[message_id]
        return None

    def _payload(self, message: Message, viewer: int) -> Json:
        return dict(serializers.message_payload(self.discord, message, for_user=viewer))

    def commands(self, user_id: int, channel_id: int) -> list[Json]:
        """The application commands this person is shown in this channel, all three types."""
        if not self.sees(user_id, channel_id):
            return []
        return [
            command
            for kind in (1, 2, 3)
            for command in self.discord.visible_commands(
                user_id=user_id, channel_id=channel_id, type=kind
            )
        ]
