"""A member's public entries, as the server's moderators see them."""

from discord import SelectOption
from discord.ui import View

from bot.community import service as community
from bot.db.engine import Database
from bot.words import boards
from bot.words.boards import Entered
from cogs.ui.asking import check_manages, guild_id
from cogs.ui.components import Interaction, PersistentSelect, row
from cogs.ui.formats import plural

PRIVATE = 0  # no entry's id
PRIVATE_OFF = "\nWhatever they logged privately by now is left out of challenges."
PRIVATE_ON = "\nWhatever they logged privately by now counts in challenges."


class EntrySelect(PersistentSelect, prefix="leave-off"):
    """Its state: the member, by their Discord id. A value: the entry (0: all that are private), and
    whether to leave it off."""

    async def chosen(self, interaction: Interaction, value: str) -> None:
        check_manages(interaction)
        (discord_id,) = self.state
        entry_id, off = map(int, value.split(":"))
        services, guild = interaction.client.services, guild_id(interaction)
        database, now = services.database, services.clock.now()
        done = ""
        if entry_id == PRIVATE:
            await database.write(community.leave_private_off, guild, discord_id, bool(off), now)
            done = PRIVATE_OFF if off else PRIVATE_ON
        else:
            await database.write(boards.leave_off, guild, entry_id, bool(off), now)
        content, view = await panel(database, guild, discord_id)
        await interaction.response.edit_message(content=f"{content}{done}", view=view)


async def panel(database: Database, guild: int, discord_id: int) -> tuple[str, View]:
    found = await database.read(community.entered, guild, discord_id)
    lines = [
        f"The latest entries of <@{discord_id}> in this server. One that you choose is left off "
        "its boards, or counts there again; in their own ledger it stays. What they log privately "
        "isn't shown to you either."
    ]
    if not found:
        lines = [f"<@{discord_id}> has made no entries in this server that others may see."]
    lines += [
        f"- ~~{_told(one)}~~ left off" if one.left_off else f"- {_told(one)}" for one in found
    ]
    options = [
        SelectOption(
            label=_told(one),
            value=f"{one.id}:{int(not one.left_off)}",
            description="Have it count again" if one.left_off else "Leave it off",
        )
        for one in found
    ]
    options += [
        SelectOption(
            label="All that they logged privately by now",
            value=f"{PRIVATE}:{off}",
            description="Leave it out of challenges" if off else "Have it count in challenges",
        )
        for off in (1, 0)
    ]
    return "\n".join(lines), row(EntrySelect("Choose an entry", options, discord_id))


def _told(one: Entered) -> str:
    return f"{one.day}: {plural(one.amount, one.unit.removesuffix('s'))}"
