"""Which of one's projects is meant, where a command may name one."""

from discord.app_commands import Choice

from bot.words import projects
from cogs.ui.asking import member
from cogs.ui.components import Interaction
from cogs.ui.formats import shorten


async def suggest_project(interaction: Interaction, typed: str) -> list[Choice[str]]:
    mine = await interaction.client.services.database.read(projects.mine, member(interaction))
    return [
        Choice(name=shorten(one.project.title, 100), value=f"#{one.project.id}")
        for one in mine
        if typed.casefold() in one.project.title.casefold()
    ][:25]


async def project_named(interaction: Interaction, said: str | None) -> int | None:
    """The id of the project that was said; None if none was. Raises NotFound."""
    if said is None:
        return None
    found = await interaction.client.services.database.read(
        projects.find, member(interaction), said
    )
    return found.id
