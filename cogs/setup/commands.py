"""`/help` and `/setup`."""

import discord
from discord import app_commands
from discord.app_commands import Choice
from discord.ext import commands

from bot.client import Bot
from bot.community import service as community
from bot.companion import daily
from bot.errors import BadInput
from bot.people import service as people
from bot.people.times import parse_time
from cogs.setup.entries import panel
from cogs.setup.zone import ServerZoneSelect, server_zone
from cogs.ui.asking import check_writable, guild_id
from cogs.ui.components import Interaction, row
from cogs.ui.formats import timestamp
from cogs.ui.zones import find_zones, options, question, suggest_zone

HELP = """\
**Reading** · `/story read` opens the story where you stopped; only you see it. `/story place` \
says how far you are, and nothing past that is shown to you. `/story search`, `ask` and `who` look \
something up, `catch-up` is what you missed, `subscribe` sends you parts at your own hour; \
`quote`, `chapters`, `about`.
**Posting a story** · `/serial add` with its file: DOCX, EPUB, HTML (as AO3 gives it), Markdown \
or plain text. I show what I made of it; nothing is posted before you say so. Then \
`/serial schedule`, `preview`, `status`, `post-now`, `pause`, `resume`, `complete`. The next \
chapter: `/serial add` again. `/character add` keeps who is in it, for `/story who`.
**Writing** · `/sprint start`, or *Join* on the board of one; *Enter words* when the bell rings. \
`/wrote 350` logs what you wrote; `/words history` puts it right. `/goal set`, `/project create`, \
`/stats`, `/leaderboard`; `/challenge create` for a November together.
**You** · `/me zone` is your time zone. `/me privacy`, and all that I hold on you: `/me export`, \
`/me import`, `/me erase`.
**Moderators** (*Manage Server*) · `/setup zone` is the server's time zone; `/health` says what is \
stuck and tries it again.
Your words go to this server and nowhere else, and no generative AI ever sees them."""

NO_QUOTES = "There is no quote of the day here. Choose a `channel` to have one."
WEEK_DAYS = {"Sunday": 6, "Monday": 0}
MORNING = 9 * 60  # minutes since midnight, unless told otherwise


class Setup(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.services = bot.services

    settings = app_commands.Group(
        name="setup",
        description="How this server likes things",
        guild_only=True,
        default_permissions=discord.Permissions(manage_guild=True),
    )

    @app_commands.command(description="What I do and how to begin")
    async def help(self, interaction: Interaction) -> None:
        await interaction.response.send_message(HELP, ephemeral=True)

    @settings.command(name="zone", description="The server's time zone: what 09:00 means here")
    @app_commands.describe(
        zone="A city, a country, UTC+2, or what the clock here shows now, like 21:40"
    )
    @app_commands.autocomplete(zone=suggest_zone)
    @app_commands.checks.has_permissions(manage_guild=True)
    async def zone(self, interaction: Interaction, zone: str | None = None) -> None:
        database, now = self.services.database, self.services.clock.now()
        guild = guild_id(interaction)
        if zone is not None:
            places = await find_zones(interaction, zone)
            if len(places) > 1:
                menu = ServerZoneSelect("Where is this server?", options(interaction, places))
                await interaction.response.send_message(
                    question(interaction, zone, places), view=row(menu), ephemeral=True
                )
                return
            await database.write(community.set_guild_zone, guild, places[0].zone, now)
        found = await database.read(people.guild_zone, guild)
        await interaction.response.send_message(server_zone(found, now), ephemeral=True)

    @settings.command(description="On which day this server's weeks begin")
    @app_commands.describe(begins="For boards, goals and statistics; Monday if nobody says")
    @app_commands.choices(begins=[Choice(name=day, value=day) for day in WEEK_DAYS])
    @app_commands.checks.has_permissions(manage_guild=True)
    async def week(self, interaction: Interaction, begins: str | None = None) -> None:
        database, guild = self.services.database, guild_id(interaction)
        if begins is not None:
            await database.write(people.set_week, guild, WEEK_DAYS[begins])
        weekday = await database.read(people.week_begins, guild)
        (named,) = [day for day, number in WEEK_DAYS.items() if number == weekday]
        await interaction.response.send_message(f"Weeks begin on {named} here.", ephemeral=True)

    @settings.command(name="quotes", description="A quote of the day; without a channel, no more")
    @app_commands.describe(
        channel="Where it is posted", time="At what time of day here, like 09:00"
    )
    @app_commands.checks.has_permissions(manage_guild=True)
    async def quote_of_the_day(
        self,
        interaction: Interaction,
        channel: discord.TextChannel | None = None,
        time: str | None = None,
    ) -> None:
        database, guild = self.services.database, guild_id(interaction)
        if channel is None and time is not None:
            raise BadInput("Choose the `channel` as well, or neither to have no quote of the day.")
        if channel is None:
            stopped = await database.write(daily.stop, guild)
            said = "There is no quote of the day any more." if stopped else NO_QUOTES
        else:
            check_writable(interaction, channel.id)
            minute = MORNING if time is None else parse_time(time)
            now = self.services.clock.now()
            due = await database.write(daily.start, guild, channel.id, minute, now)
            said = (
                f"A quote of the day comes in {channel.mention}, next {timestamp(due)}, from "
                f"stories that everyone here sees, once there are {daily.ENOUGH} to choose from. "
                "Without `channel`, `/setup quotes` ends it."
            )
        await interaction.response.send_message(said, ephemeral=True)

    @settings.command(description="A member's entries here, to leave one off this server's boards")
    @app_commands.describe(member="Whose entries")
    @app_commands.checks.has_permissions(manage_guild=True)
    async def entries(self, interaction: Interaction, member: discord.User) -> None:
        content, view = await panel(self.services.database, guild_id(interaction), member.id)
        await interaction.response.send_message(content, view=view, ephemeral=True)
