"""*Not my time*: whose days went by the server's clock says what their own shows."""

from typing import Any
from zoneinfo import ZoneInfo

from discord.ui import TextInput

from bot.challenges import service
from bot.community import likes
from bot.people import service as people
from bot.people import zones
from cogs.ui.asking import guild_id, member
from cogs.ui.components import Form, Interaction, PersistentButton, PersistentSelect, row
from cogs.ui.zones import find_zones, options, prepare, spoken


class NotMyTimeButton(PersistentButton, prefix="not-my-time"):
    """The state of this and the menu: the challenge, and when they joined it."""

    async def press(self, interaction: Interaction) -> None:
        prepare()
        await interaction.response.send_modal(TimeForm(self.state))


class TimeForm(Form, title="Your time"):
    typed: TextInput[Any] = TextInput(
        label="What time is it for you now?", placeholder="21:40, or a city near you", max_length=60
    )

    def __init__(self, joined: tuple[int, ...]) -> None:
        super().__init__()
        self._joined = joined

    async def submitted(self, interaction: Interaction) -> None:
        found = await find_zones(interaction, self.typed.value)
        await interaction.response.send_message(
            "Which of these is your time?",
            view=row(
                ZoneSelect(
                    "Choose a city with your time", options(interaction, found), *self._joined
                )
            ),
            ephemeral=True,
        )


class ZoneSelect(PersistentSelect, prefix="my-time"):
    """A value: the zone's name."""

    async def chosen(self, interaction: Interaction, value: str) -> None:
        services, (challenge_id, joined_at) = interaction.client.services, self.state
        now, zone = services.clock.now(), zones.known(value)
        await services.database.write(
            service.begin_where_they_are,
            member(interaction),
            guild_id(interaction),
            challenge_id,
            joined_at,
            ZoneInfo(zone),
        )
        await services.database.write(likes.set_zone, member(interaction), zone, now)
        found = await services.database.read(people.zone_of, member(interaction))
        await interaction.response.edit_message(
            content=f"Your time zone is {spoken(found, now)}. Your days begin at your midnight.",
            view=None,
        )
