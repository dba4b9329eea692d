"""What is done with each piece of an author's front matter and notes."""

from discord import SelectOption
from discord.ui import View

from bot.serials import notes, ratings, records
from bot.serials.notes import Piece
from bot.stories.model import Kind, Shown
from cogs.ui import posts
from cogs.ui.asking import actor, guild_id, is_restricted
from cogs.ui.components import Interaction, PersistentButton, PersistentSelect, row
from cogs.ui.formats import MOST_LINES, fitting, plural, shorten

MOST = 25  # options of a menu
LOOKED_AT = 500  # characters of a note, of which fewer are shown
DONE = {
    Shown.POST: "posted first",
    Shown.KEEP: "in `/story about`",
    Shown.DROP: "not shown",
}
KINDS = {Kind.NOTE: "note", Kind.WARNING: "content note", Kind.LABEL: "label line"}
TURNED = {
    Shown.POST: "Post it",
    Shown.KEEP: "Keep it for /story about",
    Shown.DROP: "Show it to nobody",
}
EXPLAINED = """\
What stands around your story, and what readers see of it; the menu changes that. Content notes \
are posted in spoiler bars. Tags can spoil."""


class NotesButton(PersistentButton, prefix="notes"):
    async def press(self, interaction: Interaction) -> None:
        (serial_id,) = self.state
        content, view = await _panel(interaction, serial_id)
        await interaction.response.send_message(content, view=view, ephemeral=True)


class NoteSelect(PersistentSelect, prefix="note"):
    """Its values: a note's ordinal or the kind of those that stand with chapters, and what is to be
    done with it."""

    async def chosen(self, interaction: Interaction, value: str) -> None:
        (serial_id,) = self.state
        piece, _, shown = value.partition(":")
        await interaction.client.services.database.write(
            notes.show,
            actor(interaction),
            guild_id(interaction),
            serial_id,
            int(piece) if piece.isdecimal() else Kind(piece),
            Shown(shown),
        )
        content, view = await _panel(interaction, serial_id)
        await interaction.response.edit_message(content=content, view=view)


async def _panel(interaction: Interaction, serial_id: int) -> tuple[str, View]:
    database = interaction.client.services.database
    serial = await database.read(
        records.owned, actor(interaction), guild_id(interaction), serial_id
    )
    ratings.check(serial.story, restricted=is_restricted(interaction))
    found = await database.read(notes.pieces, serial)
    if not found:
        return "There are no notes or tags around your story.", row()
    lines = [f"- **{_done(one)}** · {posts.escape(_name(one), 90)}" for one in found[:MOST_LINES]]
    options = [
        SelectOption(
            label=shorten(_name(one), 100),
            value=f"{one.kind if one.ordinal is None else one.ordinal}:{one.next}",
            description=TURNED[one.next],
        )
        for one in found[:MOST]
    ]
    menu = NoteSelect("Change what is shown", options, serial_id)
    return fitting([EXPLAINED, *lines], more=len(found[MOST_LINES:])), row(menu)


def _name(piece: Piece) -> str:
    text = shorten(" ".join(piece.text[:LOOKED_AT].split()), 70)
    if piece.ordinal is not None:
        return text
    return f"{plural(piece.count, KINDS[piece.kind])} with chapters, like: {shorten(text, 50)}"


def _done(piece: Piece) -> str:
    if piece.ordinal is None and piece.shown is Shown.POST:
        return "posted where you put them"
    return DONE[piece.shown]
