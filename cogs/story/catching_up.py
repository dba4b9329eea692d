"""`/story catch-up`: what a reader has missed, by number, and by title for those who ask."""

from discord.ui import View

from bot.companion import catching_up
from bot.companion.catching_up import Missed, Unread
from bot.serials import pages
from bot.serials.records import Serial
from cogs.story.asking_place import PlaceButton
from cogs.story.reader import OpenButton, serial_shown
from cogs.ui import posts
from cogs.ui.asking import member
from cogs.ui.components import Component, Interaction, PersistentButton, row
from cogs.ui.formats import MOST_LINES, fitting, plural

SUMMARY_LENGTH = 300  # characters


async def start(interaction: Interaction, serial: Serial) -> None:
    """Answer a command."""
    content, view = await _answer(interaction, serial)
    await interaction.response.send_message(content, view=view, ephemeral=True)


class TitlesButton(PersistentButton, prefix="titles"):
    async def press(self, interaction: Interaction) -> None:
        (serial_id,) = self.state
        serial = await serial_shown(interaction, serial_id)
        content, view = await _answer(interaction, serial, spoil=True)
        await interaction.response.edit_message(content=content, view=view)


class CatchUpPlaceButton(PlaceButton, prefix="catch-up-at"):
    async def answer(self, interaction: Interaction, serial: Serial, text: str) -> None:
        content, view = await _answer(interaction, serial)
        await interaction.response.edit_message(content=content, view=view)


async def _answer(
    interaction: Interaction, serial: Serial, *, spoil: bool = False
) -> tuple[str, View]:
    """The question first, to one of whom nobody knows how far they are."""
    found = await interaction.client.services.database.read(
        catching_up.unread, member(interaction), serial, spoil=spoil
    )
    if found is None:
        return CatchUpPlaceButton.question(serial, "catch-up", begun=False)
    return _text(serial, found), _view(serial, found, spoilt=spoil)


def _text(serial: Serial, found: Unread) -> str:
    name = posts.title(serial)
    if found.following:
        return (
            f"You read {name} as it is posted, so you have missed nothing. `/story place` says if "
            "you are further back."
        )
    if not found.chapters:
        return f"You have missed nothing of {name}."
    parts = sum(chapter.parts for chapter in found.chapters)
    words = sum(chapter.words for chapter in found.chapters)
    lines = [f"{name}, unread: {_amount(parts, words)}"]
    for chapter in found.chapters[:MOST_LINES]:
        lines += _chapter(chapter)
    return fitting(lines, more=len(found.chapters[MOST_LINES:]))


def _chapter(chapter: Missed) -> list[str]:
    name = posts.chapter_name(chapter.name)
    if chapter.first:
        name = f"[{name}]({posts.link(chapter.first)})"
    return [
        f"{name} · {_amount(chapter.parts, chapter.words)}",
        *(
            f"> {posts.escape(' '.join(text.split()), SUMMARY_LENGTH)}"
            for text in chapter.summaries[:MOST_LINES]
        ),
    ]


def _amount(parts: int, words: int) -> str:
    return f"{plural(parts, 'part')}, {plural(words, 'word')}, {pages.minutes(words)} min"


def _view(serial: Serial, found: Unread, *, spoilt: bool) -> View:
    buttons: list[Component] = []
    if found.chapters:
        buttons.append(OpenButton("Read on", serial.id))
        if not spoilt:
            buttons.append(TitlesButton("Show titles (spoils)", serial.id))
    return row(*buttons)
