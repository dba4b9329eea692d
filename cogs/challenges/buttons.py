"""The buttons of a challenge, and its form."""

from datetime import date, timedelta
from typing import Any

from discord import ButtonStyle
from discord.ui import TextInput, View

from bot.challenges import records, service, standing
from bot.challenges.records import Challenge
from bot.challenges.rules import Wanted, november
from bot.errors import Conflict, NotAllowed
from bot.people import service as people
from bot.people.dates import Reading
from bot.sprints import crediting
from bot.words import amounts, days
from bot.words import service as words
from bot.words.amounts import Amount
from cogs.challenges import cards, pictures
from cogs.challenges.zone import NotMyTimeButton, ZoneSelect
from cogs.ui.asking import actor, channel_to_post, guild_id, member
from cogs.ui.components import Form, Interaction, PersistentButton, row
from cogs.ui.dates import iso, meant, my_today, read_day
from cogs.ui.first_totals import answered, ask, first_total
from cogs.ui.pictures import illustrate
from cogs.ui.sprint_counts import count_buttons

TODAY = "today"


class NovemberButton(PersistentButton, prefix="challenge-november"):
    """Its state: the year, and the channel."""

    async def press(self, interaction: Interaction) -> None:
        year, channel_id = self.state
        made = await create(interaction, november(year), channel_id)
        today = await server_today(interaction)
        await interaction.response.edit_message(content=cards.up(made, today), view=None)


class DaysButton(PersistentButton, prefix="challenge-days"):
    """Gives a new challenge the days that were meant. Its state: the challenge, its first and its
    last day."""

    async def press(self, interaction: Interaction) -> None:
        challenge_id, first, last = self.state
        challenge = await _challenge(interaction, challenge_id)
        check_moderates(interaction, challenge)
        services, today = interaction.client.services, await server_today(interaction)
        changed = await services.database.write(
            service.set_days,
            challenge.guild_id,
            challenge_id,
            date.fromordinal(first),
            date.fromordinal(last),
            services.clock.now(),
        )
        await interaction.response.edit_message(content=cards.up(changed, today), view=None)


class JoinButton(PersistentButton, prefix="challenge-join"):
    async def press(self, interaction: Interaction) -> None:
        await ask_to_join(interaction, self.state[0], None)


class InButton(PersistentButton, prefix="challenge-in"):
    """Joins. Its state: the challenge, whether one is listed, and one's own target, 0 for none
    said."""

    async def press(self, interaction: Interaction) -> None:
        challenge_id, listed, target = self.state
        services = interaction.client.services
        now = services.clock.now()
        done = await services.database.write(
            service.join,
            member(interaction),
            guild_id(interaction),
            challenge_id,
            listed=bool(listed),
            target=target or None,
            now=now,
        )
        buttons: list[PersistentButton] = [where_button(challenge_id)]
        if done.zone.whose != "yours":
            buttons.append(NotMyTimeButton("Not my time", challenge_id, now))
        await interaction.response.edit_message(content=cards.joined(done, now), view=row(*buttons))


class WhereButton(PersistentButton, prefix="challenge-where"):
    async def press(self, interaction: Interaction) -> None:
        challenge = await _challenge(interaction, self.state[0])
        services = interaction.client.services
        found = await services.database.read(
            standing.mine, member(interaction), challenge, services.clock.now()
        )
        await interaction.response.send_message(cards.mine(found), ephemeral=True)
        if way := pictures.way(found):
            await illustrate(interaction, way)


class AddButton(PersistentButton, prefix="challenge-add"):
    async def press(self, interaction: Interaction) -> None:
        challenge = await interaction.client.services.database.read(
            service.joinable, guild_id(interaction), self.state[0]
        )
        await interaction.response.send_modal(AddForm(challenge))


class AddForm(Form, title="Your words"):
    amount: TextInput[Any] = TextInput(
        label="How much", placeholder="350, or =12350 for your running total", max_length=40
    )
    day: TextInput[Any] = TextInput(
        label="On which day", placeholder="yesterday, Monday, 3 Nov", default=TODAY,
        required=False, max_length=40,
    )  # fmt: skip

    def __init__(self, challenge: Challenge) -> None:
        super().__init__()
        self._challenge = challenge
        self.title = f"Your {challenge.unit}"

    async def submitted(self, interaction: Interaction) -> None:
        typed, unit = self.day.value.strip().lower(), self._challenge.unit
        said = amounts.parse(self.amount.value, unit)
        when = None if typed in ("", TODAY) else await read_day(interaction, typed)
        first = await first_total(interaction, said, None, iso(when), unit)
        if first is not None:
            await ask(interaction, first, when, AddFirstButton, self._challenge.id)
            return
        text, view = await _add(interaction, self._challenge, said, None, when)
        await interaction.response.send_message(text, view=view, ephemeral=True)


class AddFirstButton(PersistentButton, prefix="challenge-add-first"):
    """Logs the first running total of a project. Its state: the project, the unit, the total, the
    day, the other day it may have meant, and the challenge."""

    async def press(self, interaction: Interaction) -> None:
        *about, challenge_id = self.state
        challenge = await _challenge(interaction, challenge_id)
        project_id, _, said, when = await answered(interaction, about)
        text, view = await _add(interaction, challenge, said, project_id, when)
        await interaction.response.edit_message(content=text, view=view)


async def _add(
    interaction: Interaction,
    challenge: Challenge,
    said: Amount,
    project_id: int | None,
    when: Reading | None,
) -> tuple[str, View]:
    """Log it, as an entry that nobody else is shown. Returns the answer and its buttons."""
    services = interaction.client.services
    done = await services.database.write(
        crediting.log_privately,
        member(interaction),
        interaction.channel_id,
        said,
        now=services.clock.now(),
        interaction_id=interaction.id,
        project_id=project_id,
        day=iso(when),
        unit=challenge.unit,
    )
    wrote, buttons = done.wrote, list[PersistentButton](count_buttons(done))
    about = challenge.id, wrote.entry.id
    if wrote.offer_yesterday:
        yesterday = wrote.entry.place.day - timedelta(days=1)
        buttons.append(YesterdayButton("That was yesterday", *about, yesterday.toordinal()))
    if when is not None and when.other is not None:
        label = meant(when.other, wrote.today)
        buttons.append(OtherDayButton(label, *about, when.other.toordinal()))
    noted = cards.noted(challenge, wrote.entry, wrote.today)
    return f"{noted}\n{await _where_they_are(interaction, challenge)}", row(*buttons)


class YesterdayButton(PersistentButton, prefix="challenge-yesterday"):
    """Moves what was added to the day before. Its state: the challenge, the entry, and that day."""

    async def press(self, interaction: Interaction) -> None:
        await _move(interaction, *self.state)


class OtherDayButton(PersistentButton, prefix="challenge-other-day"):
    """Moves an entry to what else its date may have meant. Its state: the challenge, the entry, and
    that day."""

    async def press(self, interaction: Interaction) -> None:
        await _move(interaction, *self.state)


async def _move(interaction: Interaction, challenge_id: int, entry_id: int, day: int) -> None:
    """Have what was added be of another day."""
    challenge = await _challenge(interaction, challenge_id)
    services = interaction.client.services
    entry = await services.database.write(
        words.move,
        member(interaction),
        entry_id,
        day=date.fromordinal(day).isoformat(),
        now=services.clock.now(),
        interaction_id=interaction.id,
    )
    noted = cards.noted(challenge, entry, await my_today(interaction))
    said = await _where_they_are(interaction, challenge)
    await interaction.response.edit_message(content=f"{noted}\n{said}", view=None)


class CertificateButton(PersistentButton, prefix="challenge-certificate"):
    async def press(self, interaction: Interaction) -> None:
        challenge = await _challenge(interaction, self.state[0])
        found = await interaction.client.services.database.read(
            standing.certificate, member(interaction), challenge
        )
        await interaction.response.send_message(cards.certificate(found), ephemeral=True)
        await illustrate(interaction, pictures.certificate(found))


class EndButton(PersistentButton, prefix="challenge-end"):
    async def press(self, interaction: Interaction) -> None:
        challenge = await _challenge(interaction, self.state[0])
        check_moderates(interaction, challenge)
        services = interaction.client.services
        ended = await services.database.write(
            service.end, challenge.guild_id, challenge.id, services.clock.now()
        )
        how = "is over; how it went follows" if ended.over else "is called off"
        await interaction.response.edit_message(content=f"{cards.title(ended)} {how}.", view=None)


class MoveButton(PersistentButton, prefix="challenge-move"):
    """Has a challenge whose channel is gone in the channel where this is pressed."""

    async def press(self, interaction: Interaction) -> None:
        challenge = await _challenge(interaction, self.state[0])
        check_moderates(interaction, challenge)
        moved = await move(interaction, challenge, interaction.channel_id or 0)
        await interaction.response.edit_message(content=moved, view=None)


ITEMS = (
    NovemberButton, DaysButton, JoinButton, InButton, WhereButton, AddButton, AddFirstButton,
    OtherDayButton, CertificateButton, EndButton, MoveButton, YesterdayButton, NotMyTimeButton,
    ZoneSelect,
)  # fmt: skip


def join_button(challenge_id: int) -> JoinButton:
    return JoinButton("Join", challenge_id, style=ButtonStyle.success)


def where_button(challenge_id: int, token: str = "") -> WhereButton:
    return WhereButton("Where am I?", challenge_id, token=token)


def certificate_button(challenge_id: int, token: str = "") -> CertificateButton:
    return CertificateButton("My certificate", challenge_id, style=ButtonStyle.primary, token=token)


async def server_today(interaction: Interaction) -> date:
    """Where the server is."""
    services = interaction.client.services
    found = await services.database.read(people.guild_zone, guild_id(interaction))
    return days.local_day(services.clock.now(), found.zone)


async def create(interaction: Interaction, wanted: Wanted, channel_id: int) -> Challenge:
    """Have the channel's moderator begin one there. Raises NotAllowed, Conflict."""
    if not actor(interaction, channel_id).moderator:
        raise NotAllowed(f"For this you need the permission to manage messages in <#{channel_id}>.")
    services = interaction.client.services
    return await services.database.write(
        service.create,
        guild_id(interaction),
        channel_to_post(interaction, channel_id),
        wanted,
        now=services.clock.now(),
        interaction_id=interaction.id,
    )


async def move(interaction: Interaction, challenge: Challenge, channel_id: int) -> str:
    """Post its board in another channel of the asker's. Returns what to tell them. Raises
    NotAllowed."""
    if not actor(interaction, channel_id).moderator:
        raise NotAllowed(f"For this you need the permission to manage messages in <#{channel_id}>.")
    await interaction.client.services.database.write(
        service.move,
        challenge.guild_id,
        challenge.id,
        channel_to_post(interaction, channel_id),
    )
    return f"{cards.title(challenge)} goes on in <#{channel_id}>."


async def ask_to_join(interaction: Interaction, challenge_id: int, target: int | None) -> None:
    challenge = await interaction.client.services.database.read(
        service.joinable, guild_id(interaction), challenge_id
    )
    listed = InButton("Listed", challenge_id, 1, target or 0, style=ButtonStyle.primary)
    unlisted = InButton("Counted only", challenge_id, 0, target or 0)
    await interaction.response.send_message(
        cards.joining(challenge, target), view=row(listed, unlisted), ephemeral=True
    )


def check_moderates(interaction: Interaction, challenge: Challenge) -> None:
    """Raises NotAllowed. Whoever manages the server may also where the channel is gone."""
    here = actor(interaction, challenge.channel_id).moderator
    if not (here or interaction.permissions.manage_guild):
        raise NotAllowed(
            f"For this you need the permission to manage messages in <#{challenge.channel_id}>."
        )


async def _where_they_are(interaction: Interaction, challenge: Challenge) -> str:
    services = interaction.client.services
    try:
        mine = await services.database.read(
            standing.mine, member(interaction), challenge, services.clock.now()
        )
    except Conflict as not_in_it:
        return str(not_in_it)
    return cards.mine(mine)


async def _challenge(interaction: Interaction, challenge_id: int) -> Challenge:
    return await interaction.client.services.database.read(
        records.get, guild_id(interaction), challenge_id
    )
