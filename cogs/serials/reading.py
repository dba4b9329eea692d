"""An author's file, read while they see that it goes on."""

import asyncio

import discord

from bot.client import defer
from bot.errors import BadFile
from bot.serials.imports import Draft
from bot.serials.sandbox import read_story
from bot.stories.formats import MAX_BYTES
from cogs.ui.components import Interaction

PATIENCE = 2  # seconds of "is thinking…"


class Reader:
    async def read(self, interaction: Interaction, file: discord.Attachment) -> Draft:
        """The story in the file. Raises BadFile."""
        if file.size > MAX_BYTES:
            raise BadFile(
                f"That file is larger than {MAX_BYTES // 1_000_000} MB. Send the story in pieces, "
                "a file for each part of it."
            )
        await defer(interaction)
        reading = asyncio.create_task(self._in_turn(interaction, file))
        try:
            await asyncio.wait({reading}, timeout=PATIENCE)
            if not reading.done():
                await interaction.edit_original_response(
                    content=f"Reading … {file.size / 1_000_000:.1f} MB"
                )
            return await reading
        finally:
            reading.cancel()

    async def _in_turn(self, interaction: Interaction, file: discord.Attachment) -> Draft:
        async with interaction.client.services.file_turns.of(interaction.user.id):
            return await read_story(file.filename, await file.read())
