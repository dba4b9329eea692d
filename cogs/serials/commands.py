"""`/serial`: from an author's file to a part a day."""

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands

from bot.client import Bot
from bot.serials import posting, ratings, records
from bot.serials import service as serials
from bot.serials.records import MOST_AHEAD, Serial
from bot.stories.model import Rating
from cogs.serials import (
    adding,
    cards,
    preview,
    readers,
    removing,
    scheduling,
    skipping,
    standing,
    updating,
)
from cogs.serials.choosing import governed, suggest_governed, suggest_mine
from cogs.serials.rating import hide_exposed, rate
from cogs.serials.reading import Reader
from cogs.ui.asking import actor, is_restricted
from cogs.ui.choosing import NONE_OF_YOURS, choose
from cogs.ui.components import Interaction, row
from cogs.ui.formats import RATINGS
from cogs.ui.zones import suggest_zone


class Serials(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.services = bot.services
        self._reader = Reader()

    serial = app_commands.Group(
        name="serial", description="Post your story here, a part at a time", guild_only=True
    )

    @serial.command(description="Add your story, its next chapter, or all of it as it has grown")
    @app_commands.describe(
        file="The story: DOCX, EPUB, HTML (as AO3 gives it), Markdown or plain text",
        title="Its title, if the file does not say",
        author="The name it is published under, if not your own",
    )
    async def add(
        self,
        interaction: Interaction,
        file: discord.Attachment,
        title: app_commands.Range[str, 1, 100] | None = None,
        author: app_commands.Range[str, 1, 60] | None = None,
    ) -> None:
        draft = await self._reader.read(interaction, file)
        await adding.answer(interaction, draft, title, author)

    @serial.command(description="A new version of your story's file: what is posted stays")
    @app_commands.describe(
        file="The whole story as it is now, in any format that /serial add takes",
        serial="Which story, if you have several",
    )
    @app_commands.autocomplete(serial=suggest_mine)
    async def update(
        self, interaction: Interaction, file: discord.Attachment, serial: str | None = None
    ) -> None:
        chosen = await choose(interaction, await governed(interaction), serial, NONE_OF_YOURS)
        ratings.check(chosen.story, restricted=is_restricted(interaction))
        draft = await self._reader.read(interaction, file)
        await updating.propose(interaction, chosen, draft)

    @serial.command(description="Where and when your story is posted")
    @app_commands.describe(
        channel="Where; this channel if it is posted nowhere yet",
        time="The time of day, like 09:00 or 9 pm; several: 09:00 and 18:00",
        zone="The time zone of that time; the server's if not said",
        weekdays="daily, weekdays, weekends, or like: mon wed fri",
        starts="The day before which nothing is posted, like Monday or 24 December",
        role="Pinged with each part; members take it with Notify me. @everyone: nobody is",
        threads="Begin a thread for each chapter, to talk about it",
        crosspost="In an announcement channel: publish each part to those who follow it",
        previously="Recall the end of the part before above each part",
        read_ahead="Parts past the last one posted that readers may read privately; 0 is none",
        serial="Which story, if you have several",
    )
    @app_commands.autocomplete(serial=suggest_mine, zone=suggest_zone)
    async def schedule(
        self,
        interaction: Interaction,
        channel: discord.TextChannel | None = None,
        time: str | None = None,
        zone: str | None = None,
        weekdays: str | None = None,
        starts: str | None = None,
        role: discord.Role | None = None,
        threads: bool | None = None,
        crosspost: bool | None = None,
        previously: bool | None = None,
        read_ahead: app_commands.Range[int, 0, MOST_AHEAD] | None = None,
        serial: str | None = None,
    ) -> None:
        chosen = await choose(interaction, await governed(interaction), serial, NONE_OF_YOURS)
        said, offered = await scheduling.schedule(
            interaction,
            chosen,
            channel,
            time=time,
            zone=zone,
            weekdays=weekdays,
            starts=starts,
            role=role,
            threads=threads,
            crosspost=crosspost,
            previously=previously,
            read_ahead=read_ahead,
        )
        view = row(*offered) if offered else discord.utils.MISSING
        await interaction.response.send_message(said, view=view, ephemeral=True)

    @serial.command(description="Show your story in one more channel, or stop that")
    @app_commands.describe(channel="Which one", serial="Which story, if you have several")
    @app_commands.autocomplete(serial=suggest_mine)
    async def mirror(
        self, interaction: Interaction, channel: discord.TextChannel, serial: str | None = None
    ) -> None:
        chosen = await choose(interaction, await governed(interaction), serial, NONE_OF_YOURS)
        await self._say(interaction, await scheduling.mirror(interaction, chosen, channel))

    @serial.command(description="See the coming parts exactly as they will be posted, and cut them")
    @app_commands.describe(
        length="Cut what is to come anew: words of a part, or a chapter a day",
        finish="Cut it so that the last part is out by this date, like Friday or 24 December",
        serial="Which story, if you have several",
    )
    @app_commands.autocomplete(serial=suggest_mine, length=preview.suggest_length)
    async def preview(
        self,
        interaction: Interaction,
        length: str | None = None,
        finish: str | None = None,
        serial: str | None = None,
    ) -> None:
        chosen = await choose(interaction, await governed(interaction), serial, NONE_OF_YOURS)
        await preview.answer(interaction, chosen.id, length, finish)

    @serial.command(description="How far your stories are, what comes next, what is wrong")
    @app_commands.describe(serial="Which story, to see it alone")
    @app_commands.autocomplete(serial=suggest_governed)
    async def status(self, interaction: Interaction, serial: str | None = None) -> None:
        await standing.answer(interaction, serial)

    @serial.command(description="Post nothing until you resume it")
    @app_commands.describe(serial="Which story, if there are several")
    @app_commands.autocomplete(serial=suggest_governed)
    async def pause(self, interaction: Interaction, serial: str | None = None) -> None:
        chosen = await choose(
            interaction,
            await governed(interaction, mine_alone=False),
            serial,
            NONE_OF_YOURS,
        )
        done = await self.services.database.write(
            serials.pause, actor(interaction, chosen.channel_id), chosen.guild_id, chosen.id
        )
        await self._say_status(interaction, done)

    @serial.command(description="Go on posting")
    @app_commands.describe(serial="Which story, if there are several")
    @app_commands.autocomplete(serial=suggest_governed)
    async def resume(self, interaction: Interaction, serial: str | None = None) -> None:
        chosen = await choose(
            interaction,
            await governed(interaction, mine_alone=False),
            serial,
            NONE_OF_YOURS,
        )
        ratings.check(chosen.story, restricted=is_restricted(interaction, chosen.channel_id))
        done = await self.services.database.write(
            serials.resume,
            actor(interaction, chosen.channel_id),
            chosen.guild_id,
            chosen.id,
            self.services.clock.now(),
        )
        await self._say_status(interaction, done)

    @serial.command(name="post-now", description="Post the next part now; the schedule stays")
    @app_commands.describe(serial="Which story, if you have several")
    @app_commands.autocomplete(serial=suggest_mine)
    async def post_now(self, interaction: Interaction, serial: str | None = None) -> None:
        chosen = await choose(interaction, await governed(interaction), serial, NONE_OF_YOURS)
        done = await self.services.database.write(
            serials.post_now,
            actor(interaction),
            chosen.guild_id,
            chosen.id,
            self.services.clock.now(),
            interaction.id,
        )
        await self._say(interaction, f"The next part is on its way to <#{done.channel_id}>.")

    @serial.command(description="Say that your story is finished: no further chapters will come")
    @app_commands.describe(serial="Which story, if you have several")
    @app_commands.autocomplete(serial=suggest_mine)
    async def complete(self, interaction: Interaction, serial: str | None = None) -> None:
        chosen = await choose(interaction, await governed(interaction), serial, NONE_OF_YOURS)
        done = await self.services.database.write(
            serials.complete, actor(interaction), chosen.guild_id, chosen.id
        )
        await self._say_status(interaction, done)

    @serial.command(description="Post nothing at the next time; the part comes with the one after")
    @app_commands.describe(serial="Which story, if you have several")
    @app_commands.autocomplete(serial=suggest_mine)
    async def skip(self, interaction: Interaction, serial: str | None = None) -> None:
        chosen = await choose(interaction, await governed(interaction), serial, NONE_OF_YOURS)
        done = await self.services.database.write(
            serials.skip,
            actor(interaction),
            chosen.guild_id,
            chosen.id,
            self.services.clock.now(),
            interaction.id,
        )
        await interaction.response.send_message(
            skipping.skipped(done), view=row(skipping.button(done)), ephemeral=True
        )

    @serial.command(description="Your story and its parts as one Markdown file")
    @app_commands.describe(serial="Which story, if you have several")
    @app_commands.autocomplete(serial=suggest_mine)
    async def export(self, interaction: Interaction, serial: str | None = None) -> None:
        chosen = await choose(interaction, await governed(interaction), serial, NONE_OF_YOURS)
        await removing.export(interaction, chosen.id)

    @serial.command(description="Whom a story suits; moderators may raise it")
    @app_commands.describe(rating="Whom it suits", serial="Which story, if there are several")
    @app_commands.choices(
        rating=[Choice(name=f"It {suits}", value=one.value) for one, suits in RATINGS.items()]
    )
    @app_commands.autocomplete(serial=suggest_governed)
    async def rate(self, interaction: Interaction, rating: str, serial: str | None = None) -> None:
        chosen = await choose(
            interaction,
            await governed(interaction, mine_alone=False),
            serial,
            NONE_OF_YOURS,
        )
        done = await rate(interaction, chosen.id, chosen.channel_id, Rating(rating))
        await self._say_status(interaction, done)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A channel may have lost its age restriction while we were away."""
        await hide_exposed(self.services, guild)

    @commands.Cog.listener()
    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        """The whole server may have lost it."""
        await hide_exposed(self.services, after)

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        await hide_exposed(self.services, after.guild)

    @commands.Cog.listener()
    async def on_thread_join(self, thread: discord.Thread) -> None:
        """It may have been archived, and so unknown, until now."""
        await hide_exposed(self.services, thread.guild)

    @serial.command(description="Remove a story for good, with its posts")
    @app_commands.describe(serial="Which story, if there are several")
    @app_commands.autocomplete(serial=suggest_governed)
    async def remove(self, interaction: Interaction, serial: str | None = None) -> None:
        chosen = await choose(
            interaction,
            await governed(interaction, mine_alone=False),
            serial,
            NONE_OF_YOURS,
        )
        counts = await self.services.database.read(posting.counts, chosen.id)
        mine = chosen.owner_discord_id == interaction.user.id
        content, view = removing.warning(chosen, counts, mine)
        await interaction.response.send_message(content, view=view, ephemeral=True)

    @serial.command(description="How many readers are where, where they stop, what they loved")
    @app_commands.describe(serial="Which story, if there are several")
    @app_commands.autocomplete(serial=suggest_governed)
    async def readers(self, interaction: Interaction, serial: str | None = None) -> None:
        chosen = await choose(
            interaction,
            await governed(interaction, mine_alone=False),
            serial,
            NONE_OF_YOURS,
        )
        await readers.answer(interaction, chosen)

    async def _say_status(self, interaction: Interaction, serial: Serial) -> None:
        database = self.services.database
        schedule = await database.read(records.schedule_of, serial)
        counts = await database.read(posting.counts, serial.id)
        await self._say(interaction, cards.status(serial, schedule, counts))

    async def _say(self, interaction: Interaction, text: str) -> None:
        await interaction.response.send_message(text, ephemeral=True)
