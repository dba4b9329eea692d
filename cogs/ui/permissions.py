"""What the bot may do in a channel, and the names of what it lacks."""

import discord

from bot.delivery.rules import Act
from cogs.ui.asking import WRITABLE

# A thread at a message needs no *Send Messages in Threads*: nothing is written in it.
NEEDED_FOR = {
    Act.POST: WRITABLE,
    Act.THREAD: discord.Permissions(
        view_channel=True, read_message_history=True, create_public_threads=True
    ),
    Act.UNTITLE: discord.Permissions(view_channel=True, send_messages_in_threads=True),
    Act.CROSSPOST: discord.Permissions(view_channel=True, send_messages=True),
}


def may_do(guild: discord.Guild, channel_id: int, act: Act) -> bool:
    channel = guild.get_channel(channel_id)
    return channel is not None and channel.permissions_for(guild.me) >= NEEDED_FOR[act]


def lacking(guild: discord.Guild | None, channel_id: int, act: Act) -> str:
    """The permissions that the bot lacks for it, by their names in Discord; all that it takes where
    it seems to have them, as Discord has refused it all the same."""
    needed = NEEDED_FOR[act]
    channel = guild.get_channel(channel_id) if guild else None
    if guild and channel:
        missing = needed & ~channel.permissions_for(guild.me)
        needed = missing if missing.value else needed
    *names, last = [f"*{_name(flag)}*" for flag, is_needed in needed if is_needed]
    return f"{', '.join(names)} and {last}" if names else last


def _name(flag: str) -> str:
    """What Discord's settings call it."""
    return "View Channel" if flag == "read_messages" else flag.replace("_", " ").title()
