"""`/sprint plan`: sprints that come again."""

from discord import app_commands
from discord.app_commands import Choice, Range

from bot.errors import NotAllowed
from bot.people.times import parse_time, parse_weekdays, weekday_names
from bot.sprints import plans
from bot.sprints.plans import Plan
from bot.sprints.service import LONGEST_TITLE, Asked
from cogs.ui import labels
from cogs.ui.asking import actor, channel_to_post, guild_id
from cogs.ui.choosing import Option, pick, suggest
from cogs.ui.components import Interaction
from cogs.ui.formats import ROOM, fitting, plural, timestamp
from cogs.ui.posts import escape


async def suggest_plan(interaction: Interaction, typed: str) -> list[Choice[str]]:
    return suggest(await _options(interaction), typed)


async def _options(interaction: Interaction) -> list[Option[Plan]]:
    found = await interaction.client.services.database.read(plans.in_guild, guild_id(interaction))
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
        _check_moderator(interaction)
        services = interaction.client.services
        found = await services.database.write(
            plans.add,
            guild_id(interaction),
            channel_to_post(interaction),
            minute=parse_time(time),
            weekdays=parse_weekdays(weekdays),
            asked=Asked(0, minutes, title, rounds, pause),
            now=services.clock.now(),
            interaction_id=interaction.id,
        )
        await interaction.response.send_message(f"Planned.\n{_list(found)}", ephemeral=True)

    @app_commands.command(description="The sprints that are planned on this server")
    async def list(self, interaction: Interaction) -> None:
        found = await interaction.client.services.database.read(
            plans.in_guild, guild_id(interaction)
        )
        await interaction.response.send_message(_list(found), ephemeral=True)

    @app_commands.command(description="Have a planned sprint come no more")
    @app_commands.describe(plan="Which one")
    @app_commands.autocomplete(plan=suggest_plan)
    async def remove(self, interaction: Interaction, plan: str) -> None:
        _check_moderator(interaction)
        options = await _options(interaction)
        chosen = pick(options, plan, "I know no such plan here. Pick one of the suggestions.")
        await interaction.client.services.database.write(
            plans.remove, guild_id(interaction), chosen.id
        )
        await interaction.response.send_message(
            f"Removed: {_line(chosen)}. It won't come again.", ephemeral=True
        )


def _check_moderator(interaction: Interaction) -> None:
    if not actor(interaction).moderator:
        raise NotAllowed("For this you need the permission to manage messages here.")


def _when(plan: Plan) -> str:
    clock = f"{plan.slot.minute // 60:02}:{plan.slot.minute % 60:02}"
    return f"{clock} {weekday_names(plan.slot.weekdays)}"


def _list(found: list[Plan]) -> str:
    if not found:
        return "No sprints are planned. `/sprint plan add` has one come again and again."
    return fitting(labels.distinct([(_line(plan),) for plan in found], ROOM))


def _line(plan: Plan) -> str:
    title = f"**{escape(plan.title, 100)}**, " if plan.title else ""
    rounds = f"{plural(plan.rounds, 'round')} of " if plan.rounds > 1 else ""
    return (
        f"{title}{_when(plan)} ({plan.slot.zone.key}) in <#{plan.channel_id}>: {rounds}"
        f"{plural(plan.minutes, 'minute')}, next {timestamp(plan.next, 'R')}"
    )
