"""What the bot may do in a channel, and the names of what it lacks."""

import discord

from bot.delivery.rules import Act
from cogs.ui.asking import Channel, needed_to_post, permission_names, writable

# A thread at a message needs no *Send Messages in Threads*: nothing is written in it.
NEEDED_FOR = {
    Act.THREAD: discord.Permissions(
        view_channel=True, read_message_history=True, create_public_threads=True
    ),
    Act.UNTITLE: discord.Permissions(view_channel=True, send_messages_in_threads=True),
    Act.CROSSPOST: discord.Permissions(view_channel=True, send_messages=True),
}


def may_do(guild: discord.Guild, channel_id: int, act: Act) -> bool:
    channel = guild.get_channel_or_thread(channel_id)
    if channel is None:
        return False
    if act is Act.POST:
        return writable(guild, channel)
    return channel.permissions_for(guild.me) >= NEEDED_FOR[act]


def lacking(guild: discord.Guild | None, channel_id: int, act: Act) -> str:
    """The permissions that the bot lacks for it, by their names in Discord; all that it takes where
    it seems to have them, as Discord has refused it all the same."""
    channel: Channel | None = guild.get_channel_or_thread(channel_id) if guild else None
    needed = needed_to_post(channel) if act is Act.POST else NEEDED_FOR[act]
    if guild and channel:
        missing = needed & ~channel.permissions_for(guild.me)
        needed = missing if missing.value else needed
    return permission_names(needed)
