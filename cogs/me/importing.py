"""`/me import`: a file, a question where it may hold running totals, and taking it back."""

import asyncio
import io

import discord
from discord import ButtonStyle
from discord.ui import View

from bot.client import defer
from bot.errors import BadInput
from bot.people import service as people
from bot.words import days, imports, transfer
from bot.words.transfer import Found
from cogs.me import cards
from cogs.ui.asking import member
from cogs.ui.components import Interaction, PersistentButton, row


async def import_file(interaction: Interaction, file: discord.Attachment) -> None:
    """Add a file's entries. Where it is not clear what the amounts are, ask: the file stays in the
    question and is kept nowhere else. Raises BadInput."""
    if file.size > transfer.MOST_BYTES:
        raise BadInput(transfer.TOO_LARGE)
    await defer(interaction)
    data, found = await _read(interaction, file)
    if found.totals:
        await interaction.edit_original_response(
            content=cards.ASK_TOTALS,
            attachments=[discord.File(io.BytesIO(data), file.filename)],
            view=row(
                AmountsButton("Running totals", 1, style=ButtonStyle.primary),
                AmountsButton("Daily amounts", 0),
            ),
        )
        return
    text, view = await _add(interaction, found, totals=False)
    await interaction.edit_original_response(content=text, view=view)


class AmountsButton(PersistentButton, prefix="import-amounts"):
    """Says what the amounts of the file in the message are. Its state: whether running totals."""

    async def press(self, interaction: Interaction) -> None:
        assert interaction.message is not None
        (totals,) = self.state
        (file,) = interaction.message.attachments
        await interaction.response.defer()
        _, found = await _read(interaction, file)
        text, view = await _add(interaction, found, totals=bool(totals))
        await interaction.edit_original_response(content=text, view=view, attachments=[])


class UndoImportButton(PersistentButton, prefix="import-undo"):
    """Its state: the import."""

    async def press(self, interaction: Interaction) -> None:
        services = interaction.client.services
        undone = await services.database.write(
            imports.undo, member(interaction), self.state[0], services.clock.now()
        )
        await interaction.response.edit_message(content=cards.import_undone(undone), view=None)


async def _read(interaction: Interaction, file: discord.Attachment) -> tuple[bytes, Found]:
    services = interaction.client.services
    zone = (await services.database.read(people.zone_of, member(interaction))).zone
    async with services.file_turns.of(interaction.user.id):
        data, today = await file.read(), days.local_day(services.clock.now(), zone)
        return data, await asyncio.to_thread(transfer.read, data, today)


async def _add(interaction: Interaction, found: Found, *, totals: bool) -> tuple[str, View]:
    """What is answered, with *Undo* where something was added."""
    lines, starts = list(found.lines), list[transfer.Start]()
    if totals:
        lines, starts = await asyncio.to_thread(transfer.written_between, found.lines)
    services = interaction.client.services
    added = await services.database.write(
        imports.add, member(interaction), lines, services.clock.now(), starts=starts,
        import_id=interaction.id,
    )  # fmt: skip
    undo = [UndoImportButton("Undo this import", interaction.id)] if added.lines else []
    return cards.imported(added, found.skipped), row(*undo)
