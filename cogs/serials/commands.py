"""`/serial`: from an author's file to a part a day."""

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands

from bot.client import Bot
from bot.errors import Conflict
from bot.people import times, zones
from bot.serials import drafts, posting, records
from bot.serials import service as serials
from bot.serials.records import Serial, State
from cogs.serials import buttons, cards, removing, skipping, updating
from cogs.serials.reading import Reader
from cogs.ui import posts
from cogs.ui.asking import actor, can_see, check_writable, guild_id, member
from cogs.ui.choosing import NONE_OF_YOURS, choices, choose
from cogs.ui.components import Interaction, row
from cogs.ui.formats import fitting
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
        await interaction.edit_original_response(
            content=cards.added(added, draft),
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
        draft = await self._reader.read(interaction, file)
        if draft is not None:
            await updating.propose(interaction, chosen, draft)

    @serial.command(description="Where and when your story is posted")
    @app_commands.describe(
        channel="Where; this channel if it is posted nowhere yet",
        time="The time of day, like 09:00 or 9 pm",
        zone="The time zone of that time; the server's if not said",
        weekdays="daily, weekdays, weekends, or like: mon wed fri",
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
        serial: str | None = None,
    ) -> None:
        chosen = choose(await governed(interaction), serial, interaction.channel_id, NONE_OF_YOURS)
        if chosen.state is State.DRAFT:
            raise Conflict("First confirm that you wrote it or have leave: `/serial status`.")
        running_in = None if chosen.state is State.STOPPED else chosen.channel_id
        channel_id = channel.id if channel else running_in or interaction.channel_id
        assert channel_id is not None
        check_writable(interaction, channel_id)
        done = await self.services.database.write(
            serials.schedule,
            actor(interaction, channel_id),
            guild_id(interaction),
            chosen.id,
            channel_id=channel_id,
            now=self.services.clock.now(),
            minute=None if time is None else times.parse_time(time),
            zone=None if zone is None else zones.parse(zone),
            weekdays=None if weekdays is None else times.parse_weekdays(weekdays),
            interaction_id=interaction.id,
        )
        timetable = await self.services.database.read(records.schedule_of, done)
        await self._say(interaction, cards.scheduled(done, timetable))

    @serial.command(description="See the coming parts exactly as they will be posted")
    @app_commands.describe(serial="Which story, if you have several")
    @app_commands.autocomplete(serial=suggest_mine)
    async def preview(self, interaction: Interaction, serial: str | None = None) -> None:
        chosen = choose(await governed(interaction), serial, interaction.channel_id, NONE_OF_YOURS)
        counts = await self.services.database.read(posting.counts, chosen.id)
        number = min(counts.published + 1, counts.total)
        content, view = await buttons.preview(interaction, chosen.id, number, 0)
        await interaction.response.send_message(content, view=view, ephemeral=True)

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

    async def _say_status(self, interaction: Interaction, serial: Serial) -> None:
        database = self.services.database
        schedule = await database.read(records.schedule_of, serial)
        counts = await database.read(posting.counts, serial.id)
        await self._say(interaction, cards.status(serial, schedule, counts))

    async def _say(self, interaction: Interaction, text: str) -> None:
        await interaction.response.send_message(text, ephemeral=True)
