"""Who is asking, from where, and what they may do there."""

import discord

from bot.client import Bot
from bot.delivery.discord_sender import is_age_restricted
from bot.errors import NotAllowed, ServerUnavailable
from bot.people.service import Member
from bot.serials.records import Actor, Serial
from cogs.ui.components import Interaction

WRITABLE = discord.Permissions(view_channel=True, send_messages=True, read_message_history=True)
NEEDED = "*View Channel*, *Send Messages* and *Read Message History*"
IN_THREADS = discord.Permissions(
    view_channel=True, send_messages_in_threads=True, read_message_history=True
)
IN_VOICE = discord.Permissions(
    view_channel=True, send_messages=True, read_message_history=True, connect=True
)

Channel = discord.abc.GuildChannel | discord.Thread


def member(interaction: Interaction) -> Member:
    user = interaction.user
    return Member(user.id, user.display_name, interaction.guild_id)


def guild_id(interaction: Interaction) -> int:
    if interaction.guild_id is None:
        raise NotAllowed("This only works in a server.")
    return interaction.guild_id


def server(interaction: Interaction) -> discord.Guild:
    """Where they are, with its channels and roles. Raises NotAllowed, ServerUnavailable."""
    if interaction.guild is None:
        raise NotAllowed("This only works in a server.")
    if interaction.guild.unavailable:
        raise ServerUnavailable
    return interaction.guild


def actor(interaction: Interaction, channel_id: int | None = None) -> Actor:
    """The one who asks, and whether they moderate the channel (this one if none is given)."""
    if channel_id is None or channel_id == interaction.channel_id:
        permissions = interaction.permissions
    else:
        permissions = _permissions(interaction, channel_id)
    return Actor(member(interaction), permissions.manage_messages)


def is_restricted(interaction: Interaction, channel_id: int | None = None) -> bool:
    """Whether the channel (this one if none is given) is for adults alone; a thread is as its
    channel."""
    channel = interaction.channel
    if channel_id is not None and channel_id != interaction.channel_id:
        channel = server(interaction).get_channel(channel_id)
    return isinstance(channel, discord.TextChannel | discord.Thread) and is_age_restricted(channel)


def unrestricted_channels(guild: discord.Guild) -> set[int]:
    """Those of the server that are not for adults alone. An archived thread is not among them:
    Discord doesn't say whose it is, so nobody knows whether it is restricted."""
    channels = {one.id for one in guild.channels if not is_age_restricted(one)}
    return channels | {one.id for one in guild.threads if not is_age_restricted(one)}


def manages_server(interaction: Interaction) -> bool:
    """Whether the member may manage it as a whole, whatever an overwrite says in this channel."""
    person = interaction.user
    return isinstance(person, discord.Member) and person.guild_permissions.manage_guild


def check_manages(interaction: Interaction) -> None:
    """For what a press does: a button outlives the permission to ask for it. Raises NotAllowed."""
    if not manages_server(interaction):
        raise NotAllowed("For this you need the permission to manage the server.")


def can_see(interaction: Interaction, channel_id: int | None) -> bool:
    return channel_id is not None and _permissions(interaction, channel_id).view_channel


def is_gone(interaction: Interaction, channel_id: int) -> bool:
    """Whether the server has no such channel any more."""
    return server(interaction).get_channel(channel_id) is None


async def sees_from_afar(client: Bot, serial: Serial, user_id: int) -> bool:
    """Whether someone sees the serial's channel, where they are not asking from its server: Discord
    is asked who they are there. Raises ServerUnavailable where it can't tell."""
    guild = client.get_guild(serial.guild_id)
    if guild is not None and guild.unavailable:
        raise ServerUnavailable
    channel = guild.get_channel(serial.channel_id or 0) if guild else None
    if guild is None or channel is None:
        return False
    try:
        return channel.permissions_for(await guild.fetch_member(user_id)).view_channel
    except discord.NotFound:
        return False
    except discord.HTTPException as error:
        raise ServerUnavailable from error


def check_writable(interaction: Interaction, channel_id: int) -> None:
    """Raises NotAllowed where the bot, or the member, may not post. A thread will not do: Discord
    archives it, and then nobody can tell who may see it."""
    guild = server(interaction)
    if not isinstance(guild.get_channel(channel_id), discord.TextChannel):
        raise NotAllowed("A story is posted in a text channel: choose one with `channel`.")
    if not may_write(guild, channel_id):
        raise NotAllowed(
            f"I may not post in <#{channel_id}>. Give me {NEEDED} there, then try again."
        )
    mine = _permissions(interaction, channel_id)
    if not (mine.view_channel and mine.send_messages):
        raise NotAllowed("You may not write in that channel yourself.")


def may_answer(interaction: Interaction) -> bool:
    """Whether the member may write where they are; in direct messages they may."""
    if interaction.guild_id is None:
        return True
    if isinstance(interaction.channel, discord.Thread):
        return interaction.permissions.send_messages_in_threads
    return interaction.permissions.send_messages


def check_may_answer(interaction: Interaction) -> None:
    """For what everyone is to see. Raises NotAllowed where the member may not write themselves."""
    if not may_answer(interaction):
        raise NotAllowed("You may not write in this channel, so I don't share in it either.")


def channel_to_post(
    interaction: Interaction, channel_id: int | None = None, *, threads: bool = False
) -> int:
    """The channel (this one if none is given), if the bot may post there and find again what it
    posted. A thread is one only where `threads` are welcome. Raises NotAllowed."""
    guild, channel_id = server(interaction), channel_id or interaction.channel_id or 0
    channel: Channel | None = guild.get_channel_or_thread(channel_id)
    if channel is None and isinstance(interaction.channel, discord.Thread):
        channel = interaction.channel  # not known otherwise, so a private one or just opened
    if isinstance(channel, discord.Thread) and not threads:
        raise NotAllowed(
            "A thread is archived when it falls silent, so this needs a channel: run the command "
            "in one."
        )
    if channel is None or not writable(guild, channel):
        needed = permission_names(needed_to_post(channel))
        raise NotAllowed(
            f"I may not post in <#{channel_id}>. Give me {needed} there, or try another channel."
        )
    return channel_id


def may_write(guild: discord.Guild, channel_id: int) -> bool:
    """Whether the bot may post here and, after a crash, find what it posted."""
    channel = guild.get_channel(channel_id)
    return channel is not None and writable(guild, channel)


def writable(guild: discord.Guild, channel: Channel) -> bool:
    allowed = channel.permissions_for(guild.me)
    if isinstance(channel, discord.Thread) and channel.is_private() and channel.me is None:
        return allowed.manage_threads and allowed >= IN_THREADS  # others have to be added
    return allowed >= needed_to_post(channel)


def needed_to_post(channel: Channel | None) -> discord.Permissions:
    """Threads have a permission of their own to write in them, and the chat of a voice channel is
    for those who may connect."""
    if isinstance(channel, discord.Thread):
        return IN_THREADS
    if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
        return IN_VOICE
    return WRITABLE


def permission_names(permissions: discord.Permissions) -> str:
    """By what Discord's settings call them, like "*View Channel* and *Connect*"."""
    *names, last = [f"*{_permission_name(flag)}*" for flag, is_set in permissions if is_set]
    return f"{', '.join(names)} and {last}" if names else last


def _permission_name(flag: str) -> str:
    return "View Channel" if flag == "read_messages" else flag.replace("_", " ").title()


def _permissions(interaction: Interaction, channel_id: int) -> discord.Permissions:
    channel, user = server(interaction).get_channel(channel_id), interaction.user
    if channel is None or not isinstance(user, discord.Member):
        return discord.Permissions.none()
    return channel.permissions_for(user)
