"""`/serial`: from an author's file to a part a day."""

import asyncio

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands

from bot.client import Bot
from bot.serials import drafts, posting, ratings, records
from bot.serials import service as serials
from bot.serials.records import MOST_AHEAD, Serial, State
from bot.stories.model import Rating
from cogs.serials import buttons, cards, preview, readers, removing, scheduling, skipping, updating
from cogs.serials.rating import pause_exposed, rate
from cogs.serials.reading import Reader
from cogs.ui import posts
from cogs.ui.asking import actor, can_see, guild_id, is_restricted, member
from cogs.ui.choosing import NONE_OF_YOURS, choices, choose
from cogs.ui.components import Interaction, row
from cogs.ui.formats import RATINGS, fitting
from cogs.ui.zones import suggest_zone


async def governed(interaction: Interaction, mine_alone: bool = True) -> list[Serial]:
    """The serials that this member has a say in: their own, and for moderators those they see."""
    found = await interaction.client.services.database.read(records.in_guild, guild_id(interaction))
    return [
        serial
        for serial in found
        if serial.owner_discord_id == interaction.user.id
        or (
            not mine_alone
            and can_see(interaction, serial.channel_id)
            and actor(interaction, serial.channel_id).moderator
        )
    ]


async def suggest_mine(interaction: Interaction, typed: str) -> list[Choice[str]]:
    return choices(await governed(interaction), typed)


async def suggest_governed(interaction: Interaction, typed: str) -> list[Choice[str]]:
    return choices(await governed(interaction, mine_alone=False), typed)


class Serials(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.services = bot.services
        self._reader = Reader()

    serial = app_commands.Group(
        name="serial", description="Post your story here, a part at a time", guild_only=True
    )

    @serial.command(description="Add your story, or its next chapter, from a file")
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
        if draft is None:
            return
        added = await self.services.database.write(
            drafts.add,
            member(interaction),
            guild_id(interaction),
            draft,
            title=title or draft.title,
            author=author or draft.manuscript.author or interaction.user.display_name,
            now=self.services.clock.now(),
            interaction_id=interaction.id,
        )
        shown = ratings.may_show(added.serial.story, restricted=is_restricted(interaction))
        await interaction.edit_original_response(
            content=await asyncio.to_thread(cards.added, added, draft, shown=shown),
            view=buttons.draft_buttons(added.serial, added.ongoing),
        )

    @serial.command(description="A new version of your story's file: what is posted stays")
    @app_commands.describe(
        file="The whole story as it is now, in any format that /serial add takes",
        serial="Which story, if you have several",
    )
    @app_commands.autocomplete(serial=suggest_mine)
    async def update(
        self, interaction: Interaction, file: discord.Attachment, serial: str | None = None
    ) -> None:
        chosen = choose(await governed(interaction), serial, interaction.channel_id, NONE_OF_YOURS)
        ratings.check(chosen.story, restricted=is_restricted(interaction))
        draft = await self._reader.read(interaction, file)
        if draft is not None:
            await updating.propose(interaction, chosen, draft)

    @serial.command(description="Where and when your story is posted")
    @app_commands.describe(
        channel="Where; this channel if it is posted nowhere yet",
        time="The time of day, like 09:00 or 9 pm; several: 09:00 and 18:00",
        zone="The time zone of that time; the server's if not said",
        weekdays="daily, weekdays, weekends, or like: mon wed fri",
        starts="The day before which nothing is posted, like 24 December",
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
        chosen = choose(await governed(interaction), serial, interaction.channel_id, NONE_OF_YOURS)
        said = await scheduling.schedule(
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
        await self._say(interaction, said)

    @serial.command(description="Show your story in one more channel, or stop that")
    @app_commands.describe(channel="Which one", serial="Which story, if you have several")
    @app_commands.autocomplete(serial=suggest_mine)
    async def mirror(
        self, interaction: Interaction, channel: discord.TextChannel, serial: str | None = None
    ) -> None:
        chosen = choose(await governed(interaction), serial, interaction.channel_id, NONE_OF_YOURS)
        await self._say(interaction, await scheduling.mirror(interaction, chosen, channel))

    @serial.command(description="See the coming parts exactly as they will be posted, and cut them")
    @app_commands.describe(
        length="Cut what is to come anew: words of a part, or a chapter a day",
        finish="Cut it so that the last part is out by this date, like 24 December",
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
        chosen = choose(await governed(interaction), serial, interaction.channel_id, NONE_OF_YOURS)
        await preview.answer(interaction, chosen.id, length, finish)

    @serial.command(description="How far your stories are, what comes next, what is wrong")
    @app_commands.describe(serial="Which story, to see it alone")
    @app_commands.autocomplete(serial=suggest_governed)
    async def status(self, interaction: Interaction, serial: str | None = None) -> None:
        found = await governed(interaction, mine_alone=False)
        if serial or not found:
            found = [choose(found, serial, interaction.channel_id, NONE_OF_YOURS)]
        database = self.services.database
        lines = [
            cards.status(
                one,
                await database.read(records.schedule_of, one),
                await database.read(posting.counts, one.id),
            )
            for one in found[:-11:-1]  # the latest first
        ]
        versions, reviews = await updating.waiting(interaction, found)
        lines = versions + lines
        drafted = [
            one
            for one in found
            if one.state is State.DRAFT and one.owner_discord_id == interaction.user.id
        ]
        if not drafted:
            await interaction.response.send_message(
                fitting(lines), view=row(*reviews), ephemeral=True
            )
            return
        ongoing = await database.read(drafts.ongoing, member(interaction), guild_id(interaction))
        await interaction.response.send_message(
            fitting(lines, f"The buttons are for {posts.title(drafted[-1])}."),
            view=buttons.draft_buttons(drafted[-1], ongoing, reviews),
            ephemeral=True,
        )

    @serial.command(description="Post nothing until you resume it")
    @app_commands.describe(serial="Which story, if there are several")
    @app_commands.autocomplete(serial=suggest_governed)
    async def pause(self, interaction: Interaction, serial: str | None = None) -> None:
        chosen = choose(
            await governed(interaction, mine_alone=False),
            serial,
            interaction.channel_id,
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
        chosen = choose(
            await governed(interaction, mine_alone=False),
            serial,
            interaction.channel_id,
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
        chosen = choose(await governed(interaction), serial, interaction.channel_id, NONE_OF_YOURS)
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
        chosen = choose(await governed(interaction), serial, interaction.channel_id, NONE_OF_YOURS)
        done = await self.services.database.write(
            serials.complete, actor(interaction), chosen.guild_id, chosen.id
        )
        await self._say_status(interaction, done)

    @serial.command(description="Post nothing at the next time; the part comes with the one after")
    @app_commands.describe(serial="Which story, if you have several")
    @app_commands.autocomplete(serial=suggest_mine)
    async def skip(self, interaction: Interaction, serial: str | None = None) -> None:
        chosen = choose(await governed(interaction), serial, interaction.channel_id, NONE_OF_YOURS)
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
        chosen = choose(await governed(interaction), serial, interaction.channel_id, NONE_OF_YOURS)
        await removing.export(interaction, chosen.id)

    @serial.command(description="Whom a story suits; moderators may raise it")
    @app_commands.describe(rating="Whom it suits", serial="Which story, if there are several")
    @app_commands.choices(
        rating=[Choice(name=f"It {suits}", value=one.value) for one, suits in RATINGS.items()]
    )
    @app_commands.autocomplete(serial=suggest_governed)
    async def rate(self, interaction: Interaction, rating: str, serial: str | None = None) -> None:
        chosen = choose(
            await governed(interaction, mine_alone=False),
            serial,
            interaction.channel_id,
            NONE_OF_YOURS,
        )
        done = await rate(interaction, chosen.id, chosen.channel_id, Rating(rating))
        await self._say_status(interaction, done)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        """A channel may have lost its age restriction while we were away."""
        await pause_exposed(self.services, guild)

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        await pause_exposed(self.services, after.guild)

    @serial.command(description="Remove a story for good, with its posts")
    @app_commands.describe(serial="Which story, if there are several")
    @app_commands.autocomplete(serial=suggest_governed)
    async def remove(self, interaction: Interaction, serial: str | None = None) -> None:
        chosen = choose(
            await governed(interaction, mine_alone=False),
            serial,
            interaction.channel_id,
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
        chosen = choose(
            await governed(interaction, mine_alone=False),
            serial,
            interaction.channel_id,
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
