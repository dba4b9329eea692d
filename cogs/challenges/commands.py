"""`/challenge`: make one, join, look, leave, end."""

from collections.abc import Sequence
from datetime import date

import discord
from discord import ButtonStyle, app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.challenges import course, records, rules, service, standing
from bot.challenges.records import Challenge
from bot.challenges.rules import LONGEST, LONGEST_TITLE, NOVEMBER, Wanted
from bot.client import Bot
from bot.errors import BadInput, Conflict, NotFound
from bot.people.times import spoken
from bot.words import amounts
from bot.words.amounts import Unit
from cogs.challenges import cards, pictures
from cogs.challenges.buttons import (
    DaysButton,
    EndButton,
    NovemberButton,
    ask_to_join,
    check_moderates,
    create,
    move,
    server_today,
)
from cogs.challenges.messages import board_buttons, board_link
from cogs.ui.asking import can_see, guild_id, member
from cogs.ui.choosing import Option, pick, suggest
from cogs.ui.components import Interaction, row
from cogs.ui.dates import meant
from cogs.ui.formats import measured
from cogs.ui.pictures import illustrate
from cogs.ui.places import own_place

WHICH = "Which one, where there are several"
OTHERS = (
    "One tap makes it: {words:,} words in 30 days. Or say what else it is to be with `amount`, "
    "`first` and `last` (or `days`), `unit` and `title`."
)


async def suggest_challenge(interaction: Interaction, typed: str) -> list[Choice[str]]:
    return suggest(_options(await _visible(interaction)), typed)


class Challenges(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.services = bot.services

    challenge = app_commands.Group(
        name="challenge", description="So much in so many days, together", guild_only=True
    )

    @challenge.command(name="create", description="Begin one here; with no options, a November")
    @app_commands.describe(
        amount="How much each means to write, like 30000 or 30k",
        first="The first day, if not today, like Monday, 1 July or 2026-07-01",
        last="The last day, like 31 July or 2026-07-31",
        days="Or how many days; 30 if you say neither",
        unit="Of what, if not words",
        title="What it is called",
        channel="Where its board and its evenings are posted, if not here",
    )
    @app_commands.choices(unit=[Choice(name=unit.value, value=unit.value) for unit in Unit])
    async def create_(
        self,
        interaction: Interaction,
        amount: str | None = None,
        first: str | None = None,
        last: str | None = None,
        days: Range[int, 1, LONGEST] | None = None,
        unit: str | None = None,
        title: Range[str, 1, LONGEST_TITLE] | None = None,
        channel: discord.TextChannel | None = None,
    ) -> None:
        channel_id = (channel and channel.id) or interaction.channel_id or 0
        today = await server_today(interaction)
        if amount is None:
            if any((first, last, days, unit, title)):
                raise BadInput("Say the `amount` as well, like 30000.")
            year = rules.next_november(today)
            november = NovemberButton(
                f"November {year}", year, channel_id, style=ButtonStyle.primary
            )
            await interaction.response.send_message(
                OTHERS.format(words=NOVEMBER), view=row(november), ephemeral=True
            )
            return
        measure = Unit(unit or Unit.WORDS)
        wanted = rules.wanted(
            _number(amount, measure), measure, today,
            first=first, last=last, days=days, title=title,
        )  # fmt: skip
        made = await create(interaction, wanted, channel_id)
        buttons = _days_buttons(made, first, last, days, today)
        await interaction.response.send_message(
            cards.up(made, today),
            view=row(*buttons) if buttons else discord.utils.MISSING,
            ephemeral=True,
        )

    @challenge.command(description="Take part, by name or counted only")
    @app_commands.describe(target="Your own, if not what it is for", challenge=WHICH)
    @app_commands.autocomplete(challenge=suggest_challenge)
    async def join(
        self, interaction: Interaction, target: str | None = None, challenge: str | None = None
    ) -> None:
        found = _choose(await _visible(interaction), challenge)
        own = None if target is None else _number(target, found.unit)
        await ask_to_join(interaction, found.id, own)

    @challenge.command(description="Take part no longer; what you wrote stays yours")
    @app_commands.describe(challenge=WHICH)
    @app_commands.autocomplete(challenge=suggest_challenge)
    async def leave(self, interaction: Interaction, challenge: str | None = None) -> None:
        left = await self.services.database.write(
            service.leave,
            member(interaction),
            guild_id(interaction),
            _choose(await _visible(interaction), challenge).id,
            self.services.clock.now(),
        )
        await interaction.response.send_message(cards.left(left), ephemeral=True)

    @challenge.command(description="How the room stands, and where you are")
    @app_commands.describe(challenge=WHICH)
    @app_commands.autocomplete(challenge=suggest_challenge)
    async def board(self, interaction: Interaction, challenge: str | None = None) -> None:
        database, now = self.services.database, self.services.clock.now()
        found = _choose(await _visible(interaction), challenge)
        room = await database.read(standing.board, found, now)
        text = cards.board(room)
        if link := await board_link(database, found.id):
            text += f"\n[Where everyone sees it](<{link}>)"
        if own := await self._own_place(interaction, found):
            text += f"\n{own}"
        await interaction.response.send_message(
            text, view=board_buttons(found) or discord.utils.MISSING, ephemeral=True
        )
        if room.day:
            await illustrate(interaction, pictures.room(room))

    @challenge.command(description="Change its title or channel; before its first day, all of it")
    @app_commands.describe(
        challenge=WHICH,
        title="What it is called",
        amount="How much each means to write, like 30000 or 30k",
        first="The first day, like Monday, 1 July or 2026-07-01",
        last="The last day, like 31 July or 2026-07-31",
        channel="Where its board and its evenings are posted",
    )
    @app_commands.autocomplete(challenge=suggest_challenge)
    async def edit(
        self,
        interaction: Interaction,
        challenge: str | None = None,
        title: Range[str, 1, LONGEST_TITLE] | None = None,
        amount: str | None = None,
        first: str | None = None,
        last: str | None = None,
        channel: discord.TextChannel | None = None,
    ) -> None:
        found = _choose(await _visible(interaction), challenge)
        check_moderates(interaction, found)
        said, buttons, today = [], list[DaysButton](), await server_today(interaction)
        if any((title, amount, first, last)):
            was = Wanted(found.title, found.unit, found.amount, found.first, found.last)
            wanted = rules.changed(
                was, today, title=title, first=first, last=last,
                amount=None if amount is None else _number(amount, found.unit),
            )  # fmt: skip
            found = await self.services.database.write(
                service.edit, found.guild_id, found.id, wanted, self.services.clock.now()
            )
            said.append(cards.edited(found, today))
            if first or last:
                buttons = _days_buttons(
                    found, first or str(was.first), last or str(was.last), None, today
                )
        if channel is not None:
            said.append(await move(interaction, found, channel.id))
        if not said:
            raise BadInput("Say what to change: `title`, `amount`, `first`, `last` or `channel`.")
        await interaction.response.send_message(
            "\n".join(said),
            view=row(*buttons) if buttons else discord.utils.MISSING,
            ephemeral=True,
        )

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self.services.database.write(course.on_channel_gone, channel.guild.id, channel.id)

    @challenge.command(description="End one early, or call off one that has not begun")
    @app_commands.describe(challenge=WHICH)
    @app_commands.autocomplete(challenge=suggest_challenge)
    async def end(self, interaction: Interaction, challenge: str | None = None) -> None:
        found = _choose(await _visible(interaction), challenge)
        check_moderates(interaction, found)
        begun = await self.services.database.read(standing.begun, found, self.services.clock.now())
        if begun:
            label, what = "End it", "End it now? How it went is posted at once."
        else:
            label, what = "Call it off", "Call it off?"
        await interaction.response.send_message(
            f"{cards.title(found)}: {cards.asked(found)}. {what}",
            view=row(EndButton(label, found.id, style=ButtonStyle.danger)),
            ephemeral=True,
        )

    async def _own_place(self, interaction: Interaction, challenge: Challenge) -> str | None:
        """Where whoever asks is, if they are in it and listed."""
        now = self.services.clock.now()
        try:
            mine = await self.services.database.read(
                standing.mine, member(interaction), challenge, now
            )
        except Conflict:
            return None
        if mine.place is None:
            return None
        return own_place(mine.place, mine.progress.written, challenge.unit)


def _days_buttons(
    challenge: Challenge, first: str | None, last: str | None, days: int | None, today: date
) -> list[DaysButton]:
    """What else its days may have meant, as they were typed."""
    return [
        DaysButton(meant(other, today), challenge.id, begin.toordinal(), end.toordinal())
        for other, (begin, end) in rules.other_days_of(first, last, days, today).items()
    ]


async def _visible(interaction: Interaction) -> list[Challenge]:
    """Those whose channel the member sees, or whose channel is gone."""
    guild = interaction.guild
    found = await interaction.client.services.database.read(
        records.to_look_at, guild_id(interaction)
    )
    return [
        one
        for one in found
        if can_see(interaction, one.channel_id)
        or (guild is not None and guild.get_channel(one.channel_id) is None)
    ]


def _choose(found: Sequence[Challenge], said: str | None) -> Challenge:
    """The one that was said, else the only one. Raises BadInput, NotFound."""
    if said is None:
        if not found:
            raise NotFound("No challenge is on here. A moderator can begin one.")
        if len(found) > 1:
            raise BadInput("There are several: run it again and choose one as `challenge`.")
        return found[0]
    unknown = "I know no such challenge here. Pick one of the suggestions."
    return pick(_options(found), said, unknown)


def _options(found: Sequence[Challenge]) -> list[Option[Challenge]]:
    return [
        Option(
            challenge,
            f"#{challenge.id}",
            challenge.title,
            (f"from {spoken(challenge.first)}", measured(challenge.amount, challenge.unit)),
        )
        for challenge in found
    ]


def _number(typed: str, unit: Unit) -> int:
    """Raises BadInput."""
    number = amounts.parse_number(typed, unit)
    rules.check_amount(number)
    return number
