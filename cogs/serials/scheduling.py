"""Where and when a serial is posted, and what is done with each part."""

from datetime import date

import discord

from bot.delivery.rules import Act
from bot.errors import Conflict, NotAllowed
from bot.people import service as people
from bot.people import times
from bot.people.dates import Side, named, read
from bot.serials import channels, ratings, records
from bot.serials import service as serials
from bot.serials.records import Serial, State
from cogs.serials import cards
from cogs.ui import posts
from cogs.ui.access import check_giveable, check_gives
from cogs.ui.asking import actor, check_writable, guild_id, is_restricted, server
from cogs.ui.components import Interaction, PersistentButton
from cogs.ui.dates import meant
from cogs.ui.formats import RATINGS
from cogs.ui.permissions import lacking, may_do
from cogs.ui.zones import read_zone


async def schedule(
    interaction: Interaction,
    chosen: Serial,
    channel: discord.TextChannel | None,
    *,
    time: str | None,
    zone: str | None,
    weekdays: str | None,
    starts: str | None,
    role: discord.Role | None,
    threads: bool | None,
    crosspost: bool | None,
    previously: bool | None,
    read_ahead: int | None,
) -> tuple[str, list["StartsButton"]]:
    """Returns the answer and what it offers."""
    if chosen.state is State.DRAFT:
        raise Conflict("First confirm that you wrote it or have leave: `/serial status`.")
    services = interaction.client.services
    running_in = None if chosen.state is State.STOPPED else chosen.channel_id
    channel_id = channel.id if channel else running_in or interaction.channel_id
    assert channel_id is not None
    check_writable(interaction, channel_id)
    ratings.check(chosen.story, restricted=is_restricted(interaction, channel_id))
    _check_options(interaction, channel_id, role, threads, crosspost)
    wanted_zone = None if zone is None else await read_zone(interaction, zone)
    now = services.clock.now()
    here = await services.database.read(people.guild_zone, chosen.guild_id)
    today = times.local(now, here.zone).date()
    begins = read(starts, today, Side.COMING) if starts else None
    options = {"threads": threads, "crossposts": crosspost, "previously": previously}
    said = {name: int(value) for name, value in options.items() if value is not None}
    wanted: dict[str, int | None] = {**said}
    if read_ahead is not None:
        wanted["read_ahead"] = read_ahead
    if role is not None:
        wanted["role_id"] = None if role.is_default() else role.id
    done = await services.database.write(
        serials.schedule,
        actor(interaction, channel_id),
        chosen.guild_id,
        chosen.id,
        channel_id=channel_id,
        now=now,
        minutes=() if time is None else times.parse_times(time),
        zone=wanted_zone,
        weekdays=None if weekdays is None else times.parse_weekdays(weekdays),
        starts_on=None if begins is None else begins.day,
        options=wanted,
        interaction_id=interaction.id,
    )
    timetable = await services.database.read(records.schedule_of, done)
    answer = cards.scheduled(done, timetable)
    if done.options.crossposts and done.story.rating.for_adults:
        answer += (
            f"\nIt {RATINGS[done.story.rating]}, so its parts aren't published to other servers."
        )
    if begins is None:
        return answer, []
    answer += f"\n{_nothing_before(begins.day, today)}"
    if begins.other is None:
        return answer, []
    label = meant(begins.other, today)
    return answer, [StartsButton(label, done.id, begins.other.toordinal())]


class StartsButton(PersistentButton, prefix="serial-starts"):
    """Has nothing of a serial be posted before the day that was meant. Its state: the serial, and
    that day."""

    async def press(self, interaction: Interaction) -> None:
        serial_id, ordinal = self.state
        services, guild = interaction.client.services, guild_id(interaction)
        day = date.fromordinal(ordinal)
        serial = await services.database.read(records.get, guild, serial_id)
        if serial.channel_id is None:
            raise Conflict("It isn't scheduled any more. `/serial schedule` schedules it.")
        now = services.clock.now()
        done = await services.database.write(
            serials.schedule,
            actor(interaction, serial.channel_id),
            guild,
            serial_id,
            channel_id=serial.channel_id,
            now=now,
            starts_on=day,
            interaction_id=interaction.id,
        )
        timetable = await services.database.read(records.schedule_of, done)
        here = await services.database.read(people.guild_zone, guild)
        before = _nothing_before(day, times.local(now, here.zone).date())
        await interaction.response.edit_message(
            content=f"{cards.scheduled(done, timetable)}\n{before}", view=None
        )


def _nothing_before(day: date, today: date) -> str:
    return f"Nothing is posted before {named(day, today)}."


async def mirror(interaction: Interaction, chosen: Serial, channel: discord.TextChannel) -> str:
    """Show it in one more channel, or no more if it is shown there. Returns the answer."""
    database = interaction.client.services.database
    who = actor(interaction, channel.id)
    name = posts.title(chosen)
    if channel.id in await database.read(channels.mirrored, chosen.id):
        await database.write(channels.unmirror, who, guild_id(interaction), chosen.id, channel.id)
        return f"{name} is not shown in {channel.mention} any more. What is there stays."
    check_writable(interaction, channel.id)
    ratings.check(chosen.story, restricted=is_restricted(interaction, channel.id))
    allowed = await database.write(
        channels.mirror,
        who,
        guild_id(interaction),
        chosen.id,
        channel.id,
        interaction.client.services.clock.now(),
    )
    if allowed:
        return f"Each new part of {name} is shown in {channel.mention} too. Again stops it."
    return (
        f"Each new part of {name} will be shown in {channel.mention} too, as soon as someone who "
        "may manage messages there allows it. I have asked them."
    )


def _check_options(
    interaction: Interaction,
    channel_id: int,
    role: discord.Role | None,
    threads: bool | None,
    crosspost: bool | None,
) -> None:
    """Raises NotAllowed where something is wanted that can't be done there."""
    guild = server(interaction)
    channel = guild.get_channel(channel_id)
    if not isinstance(channel, discord.TextChannel):
        return
    if crosspost and not channel.is_news():
        raise NotAllowed(f"{channel.mention} is no announcement channel, so nobody follows it.")
    if threads and not may_do(guild, channel_id, Act.THREAD):
        needed = lacking(guild, channel_id, Act.THREAD)
        raise NotAllowed(
            f"To begin a thread for each chapter I need {needed} in {channel.mention}."
        )
    if role is None or role.is_default():
        return
    check_giveable(guild, role)
    check_gives(interaction, guild, role)
