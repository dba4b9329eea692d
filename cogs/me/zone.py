"""Which time zone is meant, where several are called that."""

from bot.community import likes
from bot.people import service as people
from bot.people import zones
from cogs.me import cards
from cogs.ui.asking import member
from cogs.ui.components import Interaction, PersistentSelect


class MyZoneSelect(PersistentSelect, prefix="my-zone"):
    """A value: the zone's name."""

    async def chosen(self, interaction: Interaction, value: str) -> None:
        services = interaction.client.services
        database, now = services.database, services.clock.now()
        await database.write(likes.set_zone, member(interaction), zones.known(value), now)
        found = await database.read(people.zone_of, member(interaction))
        await interaction.response.edit_message(content=cards.zone(found, now), view=None)
