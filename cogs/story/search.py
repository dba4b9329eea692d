"""`/story search`: passages with what was looked for in bold, and where they stand."""

from dataclasses import replace

from discord.ui import View

from bot.companion import search
from bot.companion.search import Found, Passage
from bot.companion.snippets import Snippet
from bot.serials.records import Serial
from bot.stories import markup
from cogs.story.asking_place import PlaceButton, asked, first_line, looked_up_to, plain, stands
from cogs.story.reader import serial_shown
from cogs.ui.asking import member
from cogs.ui.components import Interaction, PersistentButton, row
from cogs.ui.formats import ROOM, plural

LAST_CHAPTER = 99_999
LONGEST = search.LONGEST - len(f" chapter:{LAST_CHAPTER}")  # characters of what is typed

_LESS = 10  # characters that a snippet loses at a time until it fits


async def start(interaction: Interaction, serial: Serial, typed: str, chapter: int | None) -> None:
    """Answer a command. Raises BadInput."""
    text = plain(typed if chapter is None else f"{typed} chapter:{chapter}")
    content, view = await _answer(interaction, serial, text, 0)
    await interaction.response.send_message(content, view=view, ephemeral=True)


class SearchPlaceButton(PlaceButton, prefix="search-at"):
    async def answer(self, interaction: Interaction, serial: Serial, text: str) -> None:
        content, view = await _answer(interaction, serial, text, 0)
        await interaction.response.edit_message(content=content, view=view)


class SearchButton(PersistentButton, prefix="search"):
    """Turns to a page: its state is serial and page."""

    async def press(self, interaction: Interaction) -> None:
        serial_id, page = self.state
        serial = await serial_shown(interaction, serial_id)
        content, view = await _answer(interaction, serial, asked(interaction), page)
        await interaction.response.edit_message(content=content, view=view)


async def _answer(
    interaction: Interaction, serial: Serial, text: str, page: int
) -> tuple[str, View]:
    """The question first, to one of whom nobody knows how far they are."""
    found = await interaction.client.services.database.read(
        search.find, member(interaction), serial, search.parse(text), page
    )
    if found is None:
        return SearchPlaceButton.question(serial, text, begun=False)
    further = SearchPlaceButton.further(serial.id)
    if found.pages < 2:
        return _page(serial, text, found), row(further)
    back = SearchButton("‹ Back", serial.id, found.page - 1, disabled=found.page == 0)
    on = SearchButton("Next ›", serial.id, found.page + 1, disabled=found.page + 1 == found.pages)
    return _page(serial, text, found), row(back, on, further)


def _page(serial: Serial, text: str, found: Found) -> str:
    last = looked_up_to(found.up_to)
    if not found.passages:
        return f"{first_line(text)}\nNothing in what you have read says that.\n{last}"
    count = f" · {plural(found.total, 'passage')}"
    if found.total > search.RANKED:
        count += ", in the story's order"
    if found.pages > 1:
        count += f", page {found.page + 1:,} of {found.pages:,}"
    first = first_line(text, count)
    room = (ROOM - markup.length(first) - markup.length(last)) // search.A_PAGE - 1
    shown = [_passage(serial.guild_id, passage, room) for passage in found.passages]
    return "\n".join([first, *shown, last])


def _passage(guild_id: int, passage: Passage, room: int) -> str:
    """Where it stands and what it says, in `room` UTF-16 units."""
    place = stands(guild_id, passage.part.place, passage.message)
    return f"{place}\n> {_quote(passage.snippet, room - markup.length(place) - 3)}"


def _quote(snippet: Snippet, room: int) -> str:
    runs = [replace(run, text=run.text.replace("\n", " ")) for run in snippet.runs]
    before = "… " if snippet.start else ""
    length, after = sum(len(run.text) for run in runs), " …" if snippet.cut_after else ""
    while True:
        quote = before + markup.markdown(markup.slice_runs(runs, 0, length)).strip() + after
        if markup.length(quote) <= room:
            return quote
        length, after = max(0, length - _LESS), " …"
