"""`/sprint`: start one, be in one, count, end it."""

import discord
from discord import app_commands
from discord.app_commands import Range
from discord.ext import commands

from bot.client import Bot
from bot.errors import BadInput, NotAllowed, NotFound
from bot.sprints import counting, meant, records, reminders, results, service
from bot.sprints.records import Round
from bot.sprints.service import LONGEST_TITLE, Asked
from bot.words import amounts
from cogs.sprints import cards
from cogs.sprints.buttons import AgreeButton, LeaveButton, declare, join
from cogs.sprints.plans import PlanGroup
from cogs.ui.asking import actor, channel_to_post, guild_id, may_answer, member
from cogs.ui.components import Interaction, row
from cogs.ui.formats import plural
from cogs.ui.projects import project_named, suggest_project
from cogs.ui.public import note_answer
from cogs.ui.sprint_counts import other_day_buttons

SAME, QUIET = "same", "quiet"


class Sprints(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.services = bot.services

    sprint = app_commands.Group(
        name="sprint", description="Write together against the clock", guild_only=True
    )
    sprint.add_command(PlanGroup())

    @sprint.command(description="Start a sprint in this channel; you are in it")
    @app_commands.rename(wait="in")
    @app_commands.describe(
        minutes="How long, in minutes",
        wait="Minutes until it starts; 0 is at once, 2 if you don't say",
        at="Or the time it starts at, in the server's time zone, like 21:30, or :15 past the hour",
        title="What it is called",
        rounds="How many rounds, one after another",
        pause="Minutes from a bell to the next round's start",
        project="What you write on, if not your usual project",
    )
    @app_commands.autocomplete(project=suggest_project)
    async def start(
        self,
        interaction: Interaction,
        minutes: Range[int, 1, 180] | None = None,
        wait: Range[int, 0, 1440] | None = None,
        at: str | None = None,
        title: Range[str, 1, LONGEST_TITLE] | None = None,
        rounds: Range[int, 1, 10] = 1,
        pause: Range[int, 0, 60] = 5,
        project: str | None = None,
    ) -> None:
        database, now = self.services.database, self.services.clock.now()
        here, channel = guild_id(interaction), channel_to_post(interaction, threads=True)
        if not may_answer(interaction):
            raise NotAllowed("You may not write in this channel yourself.")
        starts_at = await database.read(service.starting_at, here, wait, at, now)
        begun = await database.write(
            service.start,
            member(interaction),
            here,
            channel,
            Asked(starts_at, minutes, title, rounds, pause),
            now=now,
            interaction_id=interaction.id,
            project_id=await project_named(interaction, project),
        )
        await interaction.response.send_message(
            cards.started(begun), view=row(LeaveButton("Leave", begun.id)), ephemeral=True
        )

    @sprint.command(name="join", description="Be in the sprint of this channel")
    @app_commands.describe(
        count=f"Your count now, or “{SAME}” as where you ended last, or “{QUIET}” for no count",
        project="What you write on, if not your usual project",
    )
    @app_commands.autocomplete(project=suggest_project)
    async def join_(
        self, interaction: Interaction, count: str | None = None, project: str | None = None
    ) -> None:
        said = (count or "").strip().lower()
        await join(
            interaction,
            (await self._live(interaction)).id,
            start=amounts.parse_total(said) if said not in ("", SAME, QUIET) else None,
            same=said == SAME,
            quiet=said == QUIET,
            project_id=await project_named(interaction, project),
        )

    @sprint.command(description="Be in the sprint no longer; you won't be pinged")
    async def leave(self, interaction: Interaction) -> None:
        left = await self.services.database.write(
            service.leave,
            member(interaction),
            guild_id(interaction),
            (await self._live(interaction)).id,
            self.services.clock.now(),
        )
        await self._say(interaction, cards.left(left, interaction.channel_id))

    @sprint.command(description="Say how much you have written")
    @app_commands.describe(
        count="12350 is your running total, +350 is new in this sprint, -40 takes back",
        final="You are done, and the results needn't wait for you",
    )
    async def words(self, interaction: Interaction, count: str, final: bool = False) -> None:
        found = await self._meant(interaction)
        await declare(interaction, found.id, count, final=final)

    @sprint.command(description="Take back what you declared last")
    async def undo(self, interaction: Interaction) -> None:
        found = await self._meant(interaction, undo=True)
        done = await self.services.database.write(
            counting.undo,
            member(interaction),
            guild_id(interaction),
            found.id,
            now=self.services.clock.now(),
            interaction_id=interaction.id,
        )
        await interaction.response.send_message(
            cards.undone(done, interaction.channel_id),
            view=row(*other_day_buttons(done)),
            ephemeral=True,
        )

    @sprint.command(description="Ring the bell now; while counting, show the results now")
    async def end(self, interaction: Interaction) -> None:
        ended = await self.services.database.write(
            service.end,
            member(interaction),
            guild_id(interaction),
            (await self._live(interaction)).id,
            self.services.clock.now(),
            moderator=actor(interaction).moderator,
        )
        await self._say(interaction, cards.ended(ended, interaction.channel_id))

    @sprint.command(description="Call the sprint off; what was written stays yours")
    async def cancel(self, interaction: Interaction) -> None:
        found = await self._live(interaction)
        done = await self.services.database.write(
            service.cancel,
            member(interaction),
            guild_id(interaction),
            found.id,
            self.services.clock.now(),
            moderator=actor(interaction).moderator,
        )
        if done:
            await self._say(interaction, cards.cancelled(found, interaction.channel_id))
            return
        answer = await interaction.response.send_message(
            cards.proposal(interaction.user.id, found, interaction.channel_id),
            view=row(AgreeButton("Agree", found.id, interaction.user.id)),
        )
        await note_answer(interaction, answer.message_id)

    @sprint.command(description="How long it goes on, and where you are in it")
    async def status(self, interaction: Interaction) -> None:
        found = await self._live(interaction)
        me = await self.services.database.read(counting.mine, member(interaction), found)
        await self._say(interaction, cards.status(found, me))

    @sprint.command(description="Your best sprints")
    async def best(self, interaction: Interaction) -> None:
        best = await self.services.database.read(results.best_of, member(interaction))
        await self._say(interaction, cards.best(best))

    @sprint.command(description="Be told before sprints in this channel")
    @app_commands.describe(when="Always, never, or before the next one alone")
    @app_commands.choices(
        when=[app_commands.Choice(name=name, value=name) for name in ("on", "off", "next")]
    )
    async def remind(self, interaction: Interaction, when: str) -> None:
        database, me = self.services.database, member(interaction)
        channel = channel_to_post(interaction, threads=True)
        if when == "off":
            await database.write(reminders.forget, me, channel)
            await self._say(interaction, "You won't be told of sprints here.")
            return
        role_id = await database.write(
            reminders.remind,
            me,
            guild_id(interaction),
            channel,
            self.services.clock.now(),
            once=when == "next",
        )
        await self._say(interaction, cards.reminded(once=when == "next", role_id=role_id))

    @sprint.command(description="How this server likes its sprints (needs Manage Server)")
    @app_commands.describe(
        minutes="How long one is if nobody says",
        channel="Where it is so long, if not everywhere",
        counting="Minutes for counting, from the bell to the results",
        role="Pinged instead of people once more than ten ask to be told; @everyone is none",
    )
    @app_commands.checks.has_permissions(manage_guild=True)
    async def settings(
        self,
        interaction: Interaction,
        minutes: Range[int, 1, 180] | None = None,
        counting: Range[int, 1, 15] | None = None,
        role: discord.Role | None = None,
        channel: discord.TextChannel | discord.VoiceChannel | discord.Thread | None = None,
    ) -> None:
        if channel is not None:
            await self._set_length(interaction, channel.id, minutes, counting, role)
            return
        role_id = None if role is None else service.NO_ROLE if role.is_default() else role.id
        settings = await self.services.database.write(
            service.configure,
            guild_id(interaction),
            minutes=minutes,
            counting=counting,
            role_id=role_id,
        )
        mentionable = role is None or role.is_default() or role.mentionable
        await self._say(interaction, cards.settings(settings, mentionable=mentionable))

    async def _set_length(
        self,
        interaction: Interaction,
        channel_id: int,
        minutes: int | None,
        counting: int | None,
        role: discord.Role | None,
    ) -> None:
        """`/sprint settings` for one channel."""
        database, here = self.services.database, guild_id(interaction)
        if counting is not None or role is not None:
            raise BadInput("Only `minutes` can differ from channel to channel.")
        if minutes is not None:
            await database.write(service.set_length, here, channel_id, minutes)
        lasts = await database.read(records.minutes, here, channel_id)
        await self._say(
            interaction,
            f"In <#{channel_id}> a sprint lasts {plural(lasts, 'minute')} if nobody says.",
        )

    async def _live(self, interaction: Interaction) -> Round:
        found = await self.services.database.read(
            records.live, guild_id(interaction), interaction.channel_id or 0
        )
        if found is None:
            raise NotFound("There is no sprint in this channel. `/sprint start` begins one.")
        return found

    async def _meant(self, interaction: Interaction, *, undo: bool = False) -> Round:
        return await self.services.database.read(
            meant.round_to_undo if undo else meant.round_to_count,
            member(interaction),
            guild_id(interaction),
            interaction.channel_id or 0,
            self.services.clock.now(),
        )

    async def _say(self, interaction: Interaction, text: str) -> None:
        await interaction.response.send_message(text, ephemeral=True)
