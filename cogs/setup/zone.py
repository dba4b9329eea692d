"""Which time zone is the server's, where several are called that."""

from bot.community import service as community
from bot.errors import NotAllowed
from bot.people import service as people
from bot.people import zones
from bot.people.service import Zone
from cogs.ui.asking import guild_id
from cogs.ui.components import Interaction, PersistentSelect
from cogs.ui.zones import spoken


class ServerZoneSelect(PersistentSelect, prefix="server-zone"):
    """A value: the zone's name."""

    async def chosen(self, interaction: Interaction, value: str) -> None:
        if not interaction.permissions.manage_guild:
            raise NotAllowed("Only members with *Manage Server* set its time zone.")
        services, guild = interaction.client.services, guild_id(interaction)
        database, now = services.database, services.clock.now()
        await database.write(community.set_guild_zone, guild, zones.known(value), now)
        found = await database.read(people.guild_zone, guild)
        await interaction.response.edit_message(content=server_zone(found, now), view=None)


def server_zone(zone: Zone, now: int) -> str:
    return f"This server's time zone is {spoken(zone, now)}."
