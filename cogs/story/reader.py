"""The private reader: one page, back and on."""

from discord import ButtonStyle

from bot.companion import service as companion
from bot.companion.service import LAST_PAGE, Opened
from bot.errors import NotFound
from bot.serials import posting, ratings, records
from bot.serials.records import Schedule, Serial
from cogs.ui import posts
from cogs.ui.asking import can_see, guild_id, is_restricted, member
from cogs.ui.components import Interaction, PersistentButton, row
from cogs.ui.formats import timestamp


async def show(
    interaction: Interaction, serial: Serial, opened: Opened, *, turned: bool = False
) -> None:
    """Answer with the page, in place of the one that was turned."""
    if opened.page is None:
        database = interaction.client.services.database
        schedule = await database.read(records.schedule_of, serial)
        counts = await database.read(posting.counts, serial.id)
        content, buttons = _end(serial, schedule if counts.left else None, opened.last)
    else:
        content, buttons = posts.text(opened.page), _turns(opened, serial.id)
    if turned:
        await interaction.response.edit_message(content=content, view=row(*buttons))
    elif buttons:
        await interaction.response.send_message(content, view=row(*buttons), ephemeral=True)
    else:
        await interaction.response.send_message(content, ephemeral=True)


class TurnButton(PersistentButton, prefix="turn"):
    """Goes to a page: its state is serial, part and page; a part after the last is the end."""

    async def press(self, interaction: Interaction) -> None:
        serial_id, number, page = self.state
        services = interaction.client.services
        serial = await visible(interaction, serial_id)
        opened = await services.database.write(
            companion.turn_to,
            member(interaction),
            guild_id(interaction),
            serial_id,
            number,
            page,
            services.clock.now(),
        )
        await show(interaction, serial, opened, turned=True)


class OpenButton(PersistentButton, prefix="open"):
    """Opens the story where its reader stopped, as `/story read` does."""

    async def press(self, interaction: Interaction) -> None:
        (serial_id,) = self.state
        services = interaction.client.services
        serial = await visible(interaction, serial_id)
        opened = await services.database.write(
            companion.open_page,
            member(interaction),
            serial.id,
            serial.story.id,
            services.clock.now(),
        )
        await show(interaction, serial, opened)


async def visible(interaction: Interaction, serial_id: int) -> Serial:
    """The serial that a button is about, where its text may be shown. Raises NotFound,
    NotAllowed."""
    serial = await interaction.client.services.database.read(
        records.get, guild_id(interaction), serial_id
    )
    if not can_see(interaction, serial.channel_id):
        raise NotFound("That story is not here any more.")
    ratings.check(serial.story, restricted=is_restricted(interaction))
    return serial


def _turns(opened: Opened, serial_id: int) -> list[PersistentButton]:
    page = opened.page
    assert page is not None
    number = page.part.number
    back = (number, page.number - 1) if page.number else (number - 1, LAST_PAGE)
    on = (number, page.number + 1) if page.number + 1 < len(page.part.pages) else (number + 1, 0)
    return [
        TurnButton("‹ Back", serial_id, *back, disabled=back[0] == 0),
        TurnButton("Next ›", serial_id, *on, style=ButtonStyle.primary),
    ]


def _end(
    serial: Serial, schedule: Schedule | None, last: int
) -> tuple[str, list[PersistentButton]]:
    if last == 0:
        text = f"Nothing of {posts.title(serial)} has been posted yet."
    else:
        text = f"You have read everything of {posts.title(serial)} that is out."
    if schedule and schedule.next:
        text += f" The next part comes {timestamp(schedule.next, 'R')}."
    return text, [TurnButton("‹ Back", serial.id, last, LAST_PAGE)] if last else []
