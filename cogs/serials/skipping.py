"""A day off: the answer to `/serial skip`, and the way back."""

from datetime import date

from bot.serials import service as serials
from bot.serials.service import Skipped
from cogs.ui import posts
from cogs.ui.asking import actor, guild_id
from cogs.ui.components import Interaction, PersistentButton
from cogs.ui.formats import timestamp


class PostAfterAllButton(PersistentButton, prefix="unskip"):
    """Its state: serial, slot and the day's ordinal."""

    async def press(self, interaction: Interaction) -> None:
        serial_id, slot_id, day = self.state
        services = interaction.client.services
        done = await services.database.write(
            serials.unskip,
            actor(interaction),
            guild_id(interaction),
            serial_id,
            slot_id,
            date.fromordinal(day),
            services.clock.now(),
        )
        await interaction.response.edit_message(
            content=f"{posts.title(done.serial)} is posted on {_spoken(done.day)} after all. "
            f"{_next(done)}",
            view=None,
        )


def skipped(done: Skipped) -> str:
    return (
        f"Nothing of {posts.title(done.serial)} is posted on {_spoken(done.day)}. {_next(done)} "
        "No part is lost."
    )


def button(done: Skipped) -> PostAfterAllButton:
    return PostAfterAllButton("Post after all", done.serial.id, done.slot_id, done.day.toordinal())


def _next(done: Skipped) -> str:
    return f"The next part comes {timestamp(done.next, 'F')} ({timestamp(done.next, 'R')})."


def _spoken(day: date) -> str:
    return f"{day:%A}, {day.day} {day:%B}"
