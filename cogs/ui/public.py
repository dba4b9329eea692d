"""Answers that everyone sees are noted, so that they go with the people and the story in them."""

from collections.abc import Collection

from bot.delivery.public_answers import Posted
from bot.people import answers, service
from cogs.ui.asking import member
from cogs.ui.components import Interaction


async def note_answer(
    interaction: Interaction,
    message_id: int | None,
    person_ids: Collection[int] = (),
    story_id: int | None = None,
) -> None:
    """It names whoever asked, and these. What is said in a direct message is theirs alone."""
    guild_id, channel_id = interaction.guild_id, interaction.channel_id
    if guild_id is not None and channel_id is not None and message_id is not None:
        posted = Posted(guild_id, channel_id, message_id)
        await interaction.client.services.database.write(
            answers.note, posted, interaction.user.id, person_ids, story_id
        )


async def note_asker(interaction: Interaction) -> int:
    """The asker's person, made if unknown: their public answer could not be noted otherwise."""
    services = interaction.client.services
    return await services.database.write(
        service.person_id, member(interaction), services.clock.now()
    )
