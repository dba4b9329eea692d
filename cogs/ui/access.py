"""What roles give, and who sees a channel: Discord's objects as `bot.people.access` weighs them."""

import discord

from bot.delivery.discord_sender import is_age_restricted
from bot.errors import NotAllowed
from bot.people import access
from bot.people.access import Channel, Overwrite, Server
from bot.serials import ratings
from bot.serials.records import Serial
from cogs.ui.asking import check_may_answer, server
from cogs.ui.components import Interaction

MAY_WRITE = discord.Permissions(view_channel=True, send_messages=True)


def check_giveable(guild: discord.Guild, role: discord.Role) -> None:
    """Raises NotAllowed where the bot may not give the role to members, or its ping says nothing.
    A role that changes what its members may do, in the server or in a channel, is never given."""
    if does := effect(guild, role):
        raise NotAllowed(
            f"{role.mention} {does}, so I don't hand it out. Choose a role that is there for pings "
            "alone."
        )
    check_removable(guild, role)
    if not (role.mentionable or guild.me.guild_permissions.mention_everyone):
        raise NotAllowed(
            f"I can't ping {role.mention}: in its settings, allow anyone to mention it."
        )


def check_removable(guild: discord.Guild, role: discord.Role) -> None:
    """Raises NotAllowed where the bot may not take the role from members, whatever it gives."""
    if not guild.me.guild_permissions.manage_roles or role >= guild.me.top_role or role.managed:
        raise NotAllowed(
            f"So that members can take {role.mention} with *Notify me*, and give it back, I need "
            "*Manage Roles*, and a role of my own above it."
        )


def effect(guild: discord.Guild, role: discord.Role) -> str | None:
    """What the role does besides being pinged; None of one that is there for pings alone."""
    channels = [_channel(channel) for channel in guild.channels]
    given, taken = access.effect(_weighed(guild), channels, role.id, role.permissions.value)
    if given or role.managed:
        return "may do things that not everyone may"
    return "keeps its members from things that everyone may do" if taken else None


def pinged(guild: discord.Guild | None, role_id: int | None) -> int | None:
    """The role, if it is still there for pings alone: no other is pinged with parts."""
    role = guild.get_role(role_id) if guild and role_id else None
    return role.id if guild and role and not effect(guild, role) else None


def not_pinged(guild: discord.Guild | None, serial: Serial) -> str | None:
    """Why the serial's role is pinged no more, and what mends that."""
    role = guild.get_role(serial.options.role_id or 0) if guild else None
    does = effect(guild, role) if guild and role else None
    if role is None or does is None:
        return None
    return (
        f"I no longer ping {role.mention} with its parts: by now that role {does}. "
        "`/serial schedule` chooses another `role`."
    )


def check_gives(interaction: Interaction, guild: discord.Guild, role: discord.Role) -> None:
    """Raises NotAllowed where the member may not have this role given out: Discord would not let
    them give it themselves."""
    person = interaction.user
    # Not the interaction's permissions: those are this channel's, where *Manage Roles* means
    # *Manage Permissions*.
    if not isinstance(person, discord.Member) or not person.guild_permissions.manage_roles:
        raise NotAllowed(
            "To have a role handed out with *Notify me* you need *Manage Roles* in the whole "
            "server, not just in a channel."
        )
    if person.id != guild.owner_id and role >= person.top_role:
        raise NotAllowed(
            f"{role.mention} is not below your own highest role, so you can't hand it out."
        )


def check_shareable(interaction: Interaction, serial: Serial) -> None:
    """Raises NotAllowed where the member may not write here, or where somebody sees this channel
    who doesn't see the story's. The refusal says where it works."""
    check_may_answer(interaction)
    guild, here = server(interaction), interaction.channel
    if isinstance(here, discord.Thread):
        here = here.parent
    story = guild.get_channel(serial.channel_id or 0)
    if story is None or not isinstance(here, discord.abc.GuildChannel):
        raise NotAllowed(
            "I can't tell who may see the story here. Post a link to the part instead."
        )
    if access.all_see(_weighed(guild), _channel(here), _channel(story)):
        return
    refusal = f"Not everyone in {here.mention} can see {story.mention}."
    better = _like(interaction, guild, story, serial)
    if better is None:
        raise NotAllowed(f"{refusal} Post a link to the part instead.")
    raise NotAllowed(f"{refusal} Share it in {better.mention}, or post a link to the part.")


def seen_by_all(guild: discord.Guild, channel_id: int) -> set[int]:
    """The text channels that everyone sees who sees this one."""
    here = guild.get_channel(channel_id)
    if here is None:
        return set()
    everyone = _weighed(guild)
    return {
        channel.id
        for channel in guild.text_channels
        if access.all_see(everyone, _channel(here), _channel(channel))
    }


def _like(
    interaction: Interaction, guild: discord.Guild, story: discord.abc.GuildChannel, serial: Serial
) -> discord.TextChannel | None:
    """Where the member may write, the story may be shown, and the same people are as in its own
    channel: beside that if there is such a channel, else there."""
    person = interaction.user
    if not isinstance(person, discord.Member):
        return None
    found = [
        channel
        for channel in guild.text_channels
        if channel.overwrites == story.overwrites
        and channel.permissions_for(person) >= MAY_WRITE
        and ratings.may_show(serial.story, restricted=is_age_restricted(channel))
    ]
    return min(
        found, key=lambda one: (one == story, one.category_id != story.category_id), default=None
    )


def _weighed(guild: discord.Guild) -> Server:
    """Without bots' own roles, which no member has."""
    roles = {
        role.id: role.permissions.value
        for role in guild.roles
        if not (role.is_default() or role.is_bot_managed())
    }
    return Server(guild.default_role.permissions.value, roles)


def _channel(channel: discord.abc.GuildChannel) -> Channel:
    """Without what it says of bots' own roles, of roles that are gone, of this bot, and of the
    server's owner, who sees everything."""
    guild, roles, members = channel.guild, {}, {}
    everyone = access.NOTHING
    for target, said in channel.overwrites.items():
        allow, deny = said.pair()
        overwrite = Overwrite(allow.value, deny.value)
        if target.id == guild.id:
            everyone = overwrite
        elif isinstance(target, discord.Role):
            if not target.is_bot_managed():
                roles[target.id] = overwrite
        elif target.id not in (guild.me.id, guild.owner_id) and not _is_role(target):
            members[target.id] = overwrite
    return Channel(everyone, roles, members)


def _is_role(target: discord.Member | discord.Object) -> bool:
    return isinstance(target, discord.Object) and target.type is discord.Role
