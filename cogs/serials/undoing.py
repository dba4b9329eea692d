"""Taking back what an author's file has changed, while nothing of it is posted."""

from bot.companion import corrections
from bot.db.engine import Database
from bot.serials import earlier, ratings
from bot.serials.records import Serial
from cogs.ui import posts
from cogs.ui.asking import actor, guild_id
from cogs.ui.components import Interaction, PersistentButton


class RevertButton(PersistentButton, prefix="revert"):
    """Its state: the serial, and the copy of what it was."""

    async def press(self, interaction: Interaction) -> None:
        serial_id, draft_id = self.state
        await interaction.response.defer()
        serial = await corrections.undo(
            interaction.client.services.database,
            actor(interaction),
            guild_id(interaction),
            serial_id,
            draft_id,
        )
        await interaction.edit_original_response(
            content=f"Undone: the text of {posts.title(serial)} is as it was before. I haven't "
            f"kept the file; `/serial add` takes it again.{_rating(serial)}",
            view=None,
        )


def _rating(serial: Serial) -> str:
    """What Undo leaves: the file may have raised the rating, and so paused the serial."""
    rating = serial.story.rating
    if serial.trouble == ratings.UNRESTRICTED:
        return (
            f"\nThe story is still rated {rating}, and paused. Lower that with `/serial rate`, or "
            f"make <#{serial.channel_id}> age-restricted; then `/serial resume` goes on."
        )
    if rating.for_adults:
        return f"\nThe story is still rated {rating}: `/serial rate` changes that."
    return ""


async def revert_buttons(database: Database, serial_id: int) -> list[PersistentButton]:
    """*Undo*, if the serial's last change can be undone."""
    copy = await database.read(earlier.of, serial_id)
    return [] if copy is None else [RevertButton("Undo", serial_id, copy)]
