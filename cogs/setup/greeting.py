"""Servers come and go: the first word on joining, and permissions that return."""

import discord
from discord.ext import commands

from bot.client import Bot
from bot.delivery import service as outbox
from bot.delivery.discord_sender import Content
from bot.delivery.rules import Row
from bot.people import greeting
from cogs.ui.asking import may_write
from cogs.ui.permissions import may_do

FIRST_WORDS = """\
Hello! I'm Cliffhanger. I post stories here a part at a time and never spoil anyone, and I run \
word sprints.
**Authors:** `/serial add` with your story as DOCX, EPUB, HTML (as AO3 gives it), Markdown or \
plain text. I show you what I made of it before anything is posted.
**Readers:** `/story read` opens the story where you stopped, for your eyes only.
**Writers:** `/sprint start` begins a sprint in two minutes; `/wrote 350` logs what you wrote.
**Moderators:** `/setup zone` sets what “09:00” means here. `/help` has the rest.
No generative AI, anywhere: what I say about a story is the story, quoted."""


class Greeter(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.services = bot.services

    async def render(self, row: Row) -> Content:
        return Content(FIRST_WORDS)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """At each start, for every server: it may have invited us while we were away."""
        await self._greet(guild)
        await self._unblock(guild)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self.on_guild_available(guild)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self.services.database.write(greeting.forget, guild.id)

    @commands.Cog.listener()
    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        """The whole server may be age-restricted now."""
        await self._unblock(after)

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        await self._unblock(after.guild)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self._unblock(channel.guild)

    @commands.Cog.listener()
    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        await self._unblock(after.guild)

    @commands.Cog.listener()
    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        if after == after.guild.me:
            await self._unblock(after.guild)

    async def _greet(self, guild: discord.Guild) -> None:
        database, channel = self.services.database, _place_to_speak(guild)
        if channel is None or await database.read(greeting.greeted, guild.id):
            return
        now = self.services.clock.now()
        await database.write(greeting.greet, guild.id, guild.owner_id, channel.id, now)

    async def _unblock(self, guild: discord.Guild) -> None:
        """Go on where a missing permission, or age restriction, may have been given back, or the
        channel is gone: the next try will say so."""
        database = self.services.database
        for act, channels in (await database.read(outbox.blocked, guild.id)).items():
            going_on = [
                channel_id
                for channel_id in channels
                if guild.get_channel_or_thread(channel_id) is None or may_do(guild, channel_id, act)
            ]
            if going_on:
                await database.write(outbox.unblock, going_on, [act])


def _place_to_speak(guild: discord.Guild) -> discord.TextChannel | None:
    """The system channel, else the first that we may write in."""
    candidates = [guild.system_channel, *guild.text_channels]
    return next((one for one in candidates if one and may_write(guild, one.id)), None)
