"""The buttons of a challenge, and its form."""

from typing import Any

from discord import ButtonStyle
from discord.ui import TextInput, View

from bot.challenges import records, service, standing
from bot.challenges.records import Challenge
from bot.challenges.rules import Wanted, november
from bot.errors import Conflict, NotAllowed
from bot.sprints import crediting
from bot.words import amounts
from cogs.challenges import cards, pictures
from cogs.challenges.zone import NotMyTimeButton, ZoneSelect
from cogs.ui.asking import actor, channel_to_post, guild_id, member
from cogs.ui.components import Form, Interaction, PersistentButton, row
from cogs.ui.pictures import illustrate
from cogs.ui.sprint_counts import count_buttons

TODAY = "today"


class NovemberButton(PersistentButton, prefix="challenge-november"):
    """Its state: the year, and the channel."""

    async def press(self, interaction: Interaction) -> None:
        year, channel_id = self.state
        made = await create(interaction, november(year), channel_id)
        await interaction.response.edit_message(content=made, view=None)


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
        label="On which day", placeholder="yesterday, or like 2026-11-03", default=TODAY,
        required=False, max_length=20,
    )  # fmt: skip

    def __init__(self, challenge: Challenge) -> None:
        super().__init__()
        self._challenge = challenge
        self.title = f"Your {challenge.unit}"

    async def submitted(self, interaction: Interaction) -> None:
        noted, view = await self._log(interaction)
        services = interaction.client.services
        try:
            mine = await services.database.read(
                standing.mine, member(interaction), self._challenge, services.clock.now()
            )
        except Conflict as not_in_it:
            said = str(not_in_it)
        else:
            said = cards.mine(mine)
        await interaction.response.send_message(f"{noted}\n{said}", view=view, ephemeral=True)

    async def _log(self, interaction: Interaction) -> tuple[str, View]:
        """What is answered first, and with which buttons: nobody else is shown it as an entry."""
        services, unit = interaction.client.services, self._challenge.unit
        typed = self.day.value.strip().lower()
        done = await services.database.write(
            crediting.log_privately,
            member(interaction),
            interaction.channel_id,
            amounts.parse(self.amount.value),
            now=services.clock.now(),
            interaction_id=interaction.id,
            day=None if typed in ("", TODAY) else typed,
            unit=unit,
        )
        return cards.noted(self._challenge, done.wrote), row(*count_buttons(done))


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
    MoveButton, NovemberButton, JoinButton, InButton, WhereButton, AddButton, CertificateButton,
    EndButton, NotMyTimeButton, ZoneSelect,
)  # fmt: skip


def join_button(challenge_id: int) -> JoinButton:
    return JoinButton("Join", challenge_id, style=ButtonStyle.success)


def where_button(challenge_id: int, token: str = "") -> WhereButton:
    return WhereButton("Where am I?", challenge_id, token=token)


def certificate_button(challenge_id: int, token: str = "") -> CertificateButton:
    return CertificateButton("My certificate", challenge_id, style=ButtonStyle.primary, token=token)


async def create(interaction: Interaction, wanted: Wanted, channel_id: int) -> str:
    """Have the channel's moderator begin one there. Returns what to tell them. Raises NotAllowed,
    Conflict."""
    if not actor(interaction, channel_id).moderator:
        raise NotAllowed(f"For this you need the permission to manage messages in <#{channel_id}>.")
    services = interaction.client.services
    made = await services.database.write(
        service.create,
        guild_id(interaction),
        channel_to_post(interaction, channel_id),
        wanted,
        now=services.clock.now(),
        interaction_id=interaction.id,
    )
    return (
        f"{cards.title(made)} is up in <#{channel_id}>: {cards.asked(made)}. Everyone joins it "
        "there, you as well."
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


async def _challenge(interaction: Interaction, challenge_id: int) -> Challenge:
    return await interaction.client.services.database.read(
        records.get, guild_id(interaction), challenge_id
    )
