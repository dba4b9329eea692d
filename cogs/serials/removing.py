"""Taking a serial away, or along: the export, and the removal that is asked twice."""

import asyncio
import io
from typing import Any

import discord
from discord import ButtonStyle
from discord.ui import TextInput, View

from bot.community import service as community
from bot.serials import exports, ratings, records, removal
from bot.serials.posting import Counts
from bot.serials.records import Actor, Serial
from cogs.ui import posts
from cogs.ui.asking import actor, guild_id, is_restricted, member
from cogs.ui.components import Form, Interaction, PersistentButton, row
from cogs.ui.formats import plural

EXPORTED = """\
Your story, and where its parts end. `/serial add` takes the file in again."""


async def export(interaction: Interaction, serial_id: int) -> None:
    """Answer the author with the file. Raises NotAllowed where its text may not be shown."""
    serial = await interaction.client.services.database.read(
        records.owned, actor(interaction), guild_id(interaction), serial_id
    )
    ratings.check(serial.story, restricted=is_restricted(interaction))
    await interaction.response.defer(ephemeral=True, thinking=True)
    found = await interaction.client.services.database.read(
        exports.export, actor(interaction), guild_id(interaction), serial_id
    )
    name, data = await asyncio.to_thread(exports.file, found)
    await interaction.edit_original_response(
        content=EXPORTED, attachments=[discord.File(io.BytesIO(data), name)]
    )


def warning(serial: Serial, counts: Counts, mine: bool) -> tuple[str, View]:
    """What will go, before it is asked a second time."""
    posted = f"its {plural(counts.published, 'posted part')}" if counts.published else "its posts"
    lines = [
        f"This removes {posts.title(serial)}: the story, its schedule, {posted} here, and where "
        "readers are in it. It can't be undone."
    ]
    if mine:
        lines.append("*Export first* gives you the story as a file.")
    else:
        lines.append("Its author is told privately that a moderator removed it, not who.")
    remove = RemoveButton("Remove…", serial.id, style=ButtonStyle.danger)
    buttons = [ExportButton("Export first", serial.id), remove] if mine else [remove]
    return "\n".join(lines), row(*buttons)


class ExportButton(PersistentButton, prefix="export"):
    async def press(self, interaction: Interaction) -> None:
        (serial_id,) = self.state
        await export(interaction, serial_id)


class RemoveButton(PersistentButton, prefix="remove"):
    async def press(self, interaction: Interaction) -> None:
        (serial_id,) = self.state
        serial = await interaction.client.services.database.read(
            records.get, guild_id(interaction), serial_id
        )
        mine = serial.owner_discord_id == interaction.user.id
        await interaction.response.send_modal(RemoveForm(serial_id, mine))


class RemoveForm(Form, title="Remove the story for good"):
    typed: TextInput[Any] = TextInput(
        label=f"Type the story's title, or {removal.WORD}", max_length=120
    )
    reason: TextInput[Any] = TextInput(
        label="Why, for its author (may be empty)",
        style=discord.TextStyle.paragraph,
        required=False,
        max_length=removal.LONGEST_REASON,
    )

    def __init__(self, serial_id: int, mine: bool) -> None:
        super().__init__()
        self._serial_id = serial_id
        if mine:
            self.remove_item(self.reason)

    async def submitted(self, interaction: Interaction) -> None:
        database = interaction.client.services.database
        serial = await database.read(records.get, guild_id(interaction), self._serial_id)
        await database.write(
            community.remove_serial,
            _asking(interaction, serial),
            serial.guild_id,
            serial.id,
            self.typed.value,
            self.reason.value,
            interaction.client.services.clock.now(),
        )
        await interaction.response.edit_message(
            content=f"{posts.title(serial)} is removed. I am deleting its posts, and whatever was "
            "shared of it here.",
            view=None,
        )


def _asking(interaction: Interaction, serial: Serial) -> Actor:
    """A serial that has no channel is its author's alone."""
    if serial.channel_id is None:
        return Actor(member(interaction))
    return actor(interaction, serial.channel_id)
