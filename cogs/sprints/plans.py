"""`/sprint plan`: sprints that come again."""

from discord import app_commands
from discord.app_commands import Choice, Range

from bot.errors import NotAllowed
from bot.people.times import parse_time, parse_weekdays, weekday_names
from bot.people.zones import zone_name
from bot.sprints import plans
from bot.sprints.plans import Plan
from bot.sprints.service import LONGEST_TITLE, Asked
from cogs.ui import labels
from cogs.ui.asking import (
    actor,
    can_see,
    channel_to_post,
    guild_id,
    is_gone,
    manages_server,
)
from cogs.ui.choosing import Option, pick, suggest
from cogs.ui.components import Interaction
from cogs.ui.formats import ROOM, fitting, plural, timestamp
from cogs.ui.posts import escape


async def visible(interaction: Interaction) -> list[Plan]:
    """The plans whose channel this member sees. One whose channel is gone is left to those who
    manage the server."""
    found = await interaction.client.services.database.read(plans.in_guild, guild_id(interaction))
    return [
        plan
        for plan in found
        if can_see(interaction, plan.channel_id)
        or (is_gone(interaction, plan.channel_id) and manages_server(interaction))
    ]


def may_remove(interaction: Interaction, plan: Plan) -> bool:
    """Moderators of its channel may, and those who manage the server."""
    return actor(interaction, plan.channel_id).moderator or manages_server(interaction)


async def suggest_plan(interaction: Interaction, typed: str) -> list[Choice[str]]:
    found = [plan for plan in await visible(interaction) if may_remove(interaction, plan)]
    return suggest(_options(interaction, found), typed)


def _options(interaction: Interaction, found: list[Plan]) -> list[Option[Plan]]:
    options = []
    for plan in found:
        name = _when(plan) + (f": {plan.title}" if plan.title else "")
        channel = interaction.guild and interaction.guild.get_channel(plan.channel_id)
        where = f"#{channel.name}" if channel else ""
        length = f"{plural(plan.rounds, 'round')} of {plural(plan.minutes, 'minute')}"
        options.append(Option(plan, f"#{plan.id}", name, (where, length)))
    return options


class PlanGroup(app_commands.Group, name="plan", description="Sprints that come again"):
    @app_commands.command(description="Have a sprint here at a time of day, on some weekdays")
    @app_commands.describe(
        time="When it starts, in the server's time zone, like 21:30",
        weekdays="daily, weekdays, weekends, or like: mon wed fri",
        minutes="How long, in minutes",
        title="What it is called",
        rounds="How many rounds, one after another",
        pause="Minutes from a bell to the next round's start",
    )
    async def add(
        self,
        interaction: Interaction,
        time: str,
        weekdays: str = "daily",
        minutes: Range[int, 1, 180] | None = None,
        title: Range[str, 1, LONGEST_TITLE] | None = None,
        rounds: Range[int, 1, 10] = 1,
        pause: Range[int, 0, 60] = 5,
    ) -> None:
        if not actor(interaction).moderator:
            raise NotAllowed("For this you need the permission to manage messages here.")
        services = interaction.client.services
        await services.database.write(
            plans.add,
            guild_id(interaction),
            channel_to_post(interaction),
            minute=parse_time(time),
            weekdays=parse_weekdays(weekdays),
            asked=Asked(0, minutes, title, rounds, pause),
            now=services.clock.now(),
            interaction_id=interaction.id,
        )
        planned = _list(await visible(interaction), moderator=True)
        await interaction.response.send_message(f"Planned.\n{planned}", ephemeral=True)

    @app_commands.command(description="The sprints that are planned in channels you can see")
    async def list(self, interaction: Interaction) -> None:
        await interaction.response.send_message(
            _list(await visible(interaction), moderator=actor(interaction).moderator),
            ephemeral=True,
        )

    @app_commands.command(description="Stop a recurring sprint")
    @app_commands.describe(plan="Which one")
    @app_commands.autocomplete(plan=suggest_plan)
    async def remove(self, interaction: Interaction, plan: str) -> None:
        options = _options(interaction, await visible(interaction))
        chosen = pick(options, plan, "I know no such plan here. Pick one of the suggestions.")
        if not may_remove(interaction, chosen):
            raise NotAllowed(
                f"For this you need the permission to manage messages in <#{chosen.channel_id}>."
            )
        await interaction.client.services.database.write(
            plans.remove, guild_id(interaction), chosen.id
        )
        await interaction.response.send_message(
            f"Removed: {_line(chosen)}. It won't come again.", ephemeral=True
        )


def _when(plan: Plan) -> str:
    clock = f"{plan.slot.minute // 60:02}:{plan.slot.minute % 60:02}"
    return f"{clock} {weekday_names(plan.slot.weekdays)}"


def _list(found: list[Plan], *, moderator: bool) -> str:
    if not found and moderator:
        return "No sprints are planned. Schedule a recurring sprint with `/sprint plan add`."
    if not found:
        return "No sprints are planned. A moderator of a channel can schedule one there."
    return fitting(labels.distinct([(_line(plan),) for plan in found], ROOM))


def _line(plan: Plan) -> str:
    title = f"**{escape(plan.title, 100)}**, " if plan.title else ""
    rounds = f"{plural(plan.rounds, 'round')} of " if plan.rounds > 1 else ""
    return (
        f"{title}{_when(plan)} ({zone_name(plan.slot.zone.key)}) in <#{plan.channel_id}>: {rounds}"
        f"{plural(plan.minutes, 'minute')}, next {timestamp(plan.next, 'R')}"
    )
