"""A part in its channel, and the button under it."""

from discord import ButtonStyle

from bot.companion import service as companion
from bot.companion.places import Stored
from bot.db.engine import Database
from bot.delivery.discord_sender import Content
from bot.delivery.rules import Row
from bot.serials import pages, records
from bot.stories.model import Position
from cogs.story.reader import OpenButton
from cogs.ui import posts
from cogs.ui.asking import guild_id, member
from cogs.ui.components import Interaction, PersistentButton, row
from cogs.ui.formats import plural

NONE = -1  # in a custom_id: a place that was not set


class Posts:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def render(self, outgoing: Row) -> Content | None:
        part = await self._database.read(pages.part, outgoing.subject)
        if part is None:
            return None
        page = await self._database.read(pages.page, part, outgoing.part)
        for_adults = page.story.rating.for_adults
        if page.number + 1 < len(part.pages):
            return Content(posts.text(page), for_adults=for_adults)
        readers = await self._database.read(companion.readers, part.id)
        button = ReadButton(_label(readers), part.id, token=outgoing.nonce)
        return Content(posts.text(page), row(button), for_adults=for_adults)

    async def closing(self, outgoing: Row) -> Content | None:
        """Its button bears the nonce by which it is found again: the number may have changed."""
        serial = await self._database.read(records.find, outgoing.subject)
        if serial is None:
            return None
        readers = await self._database.read(companion.story_readers, serial.id)
        lines = [
            f"{posts.title(serial)} by {posts.escape(serial.story.author, posts.AUTHOR_LENGTH)} is "
            "complete: its last part is up."
        ]
        if readers:
            lines.append(f"Thank you to the {plural(readers, 'reader')} who came along.")
        lines.append("`/story read` keeps it readable from the start.")
        button = OpenButton("Read", serial.id, token=outgoing.nonce)
        return Content("\n".join(lines), row(button))


class ReadButton(PersistentButton, prefix="read"):
    """Counts the reader, moves their place here, and says so by its own label alone."""

    async def press(self, interaction: Interaction) -> None:
        (excerpt_id,) = self.state
        services = interaction.client.services
        marked = await services.database.write(
            companion.mark_read,
            member(interaction),
            guild_id(interaction),
            excerpt_id,
            services.clock.now(),
        )
        _, _, token = (self.item.custom_id or "").partition("~")
        button = ReadButton(_label(marked.readers), excerpt_id, token=token)
        await interaction.response.edit_message(view=row(button))
        if marked.undo is not None:
            undo = UndoButton(
                "Undo",
                excerpt_id,
                *_pack(marked.undo.horizon),
                *_pack(marked.undo.bookmark),
                style=ButtonStyle.secondary,
            )
            await interaction.followup.send(
                f"Noted: you have read up to {posts.place_name(marked.part)}.",
                view=row(undo),
                ephemeral=True,
            )


class UndoButton(PersistentButton, prefix="unread"):
    async def press(self, interaction: Interaction) -> None:
        excerpt_id, *packed = self.state
        services = interaction.client.services
        before = Stored(_unpack(packed[:2]), _unpack(packed[2:]))
        await services.database.write(
            companion.unmark_read,
            member(interaction),
            guild_id(interaction),
            excerpt_id,
            before,
            services.clock.now(),
        )
        await interaction.response.edit_message(
            content="Taken back: your place is where it was before.", view=None
        )


def _label(readers: int) -> str:
    return f"Read · {readers:,}" if readers else "I've read this"


def _pack(place: Position | None) -> tuple[int, int]:
    return (NONE, NONE) if place is None else (place.ordinal, place.offset)


def _unpack(packed: list[int]) -> Position | None:
    ordinal, offset = packed
    return None if ordinal == NONE else Position(ordinal, offset)
