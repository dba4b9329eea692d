"""Which of one's projects is meant, where a command may name one."""

from discord.app_commands import Choice

from bot.words import projects
from cogs.ui.asking import member
from cogs.ui.choosing import Option, suggest
from cogs.ui.components import Interaction


async def suggest_project(interaction: Interaction, typed: str) -> list[Choice[str]]:
    mine = await interaction.client.services.database.read(projects.mine, member(interaction))
    options = [
        Option(listed.project, f"#{listed.project.id}", listed.project.title) for listed in mine
    ]
    return suggest(options, typed)


async def project_named(interaction: Interaction, said: str | None) -> int | None:
    """The id of the project that was said; None if none was. Raises NotFound."""
    if said is None:
        return None
    found = await interaction.client.services.database.read(
        projects.find, member(interaction), said
    )
    return found.id
