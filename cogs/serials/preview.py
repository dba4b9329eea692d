"""The coming parts exactly as they will look, and what their author does to the cut."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import date
from functools import partial
from typing import TypeVar

from discord import SelectOption
from discord.app_commands import Choice
from discord.ui import View

from bot.errors import BadInput, Conflict, NotFound
from bot.people.dates import named
from bot.serials import coming, pages, posting, ratings, recutting
from bot.serials.coming import Coming, Cut
from bot.stories import service as stories
from bot.stories.model import Position
from cogs.serials import cards
from cogs.ui import posts
from cogs.ui.asking import actor, guild_id, is_restricted
from cogs.ui.components import Interaction, PersistentButton, PersistentSelect, row, rows
from cogs.ui.dates import meant
from cogs.ui.formats import shorten

LENGTHS = ("150 words", "300 words", "500 words", "1,000 words", "a chapter a day")
LONGEST_LENGTH = 6  # digits
LAST_PAGE = -1
T = TypeVar("T")

PATIENCE = 1.0  # seconds, of the three that Discord has


async def suggest_length(interaction: Interaction, typed: str) -> list[Choice[str]]:
    lengths = [name for name in LENGTHS if typed.casefold() in name]
    if typed.isdecimal() and len(typed) <= LONGEST_LENGTH:
        lengths.append(f"{int(typed):,} words")
    return [Choice(name=name, value=name) for name in dict.fromkeys(lengths)]


async def answer(
    interaction: Interaction, serial_id: int, length: str | None, finish: str | None
) -> None:
    """Show the next part; first cut anew what is to come, if a length or a date was typed."""
    if length and finish:
        raise BadInput("Choose a `length` or a date to `finish` by, not both.")
    now = interaction.client.services.clock.now()
    if length:
        change = partial(coming.recut, length=coming.parse_length(length))
    elif finish:
        change = partial(coming.finish, typed=finish, now=now)
    else:
        content, view = await _next(interaction, serial_id)
        await interaction.response.send_message(content, view=view, ephemeral=True)
        return
    await interaction.response.defer(ephemeral=True, thinking=True)
    changed = await _change(interaction, serial_id, change)
    said, offered = await asyncio.to_thread(cards.recut, changed), []
    if finish:
        by, today = coming.finish_by(changed, finish, now), coming.today_of(changed, now)
        said = f"To be out by {named(by.day, today)}: {said}"
        if by.other is not None:
            offered.append(FinishButton(meant(by.other, today), serial_id, by.other.toordinal()))
    await interaction.edit_original_response(content=said, view=row(*offered))
    content, view = await _next(interaction, serial_id)
    await interaction.followup.send(content, view=view, ephemeral=True)


async def cut_like(interaction: Interaction, draft_id: int, serial_id: int) -> None:
    """Cut a draft as the serial is that it becomes part of."""
    serial = await _coming(interaction, serial_id)
    if serial.length is not None:
        await _change(interaction, draft_id, partial(coming.recut, length=serial.length))


async def patiently(interaction: Interaction, work: Coroutine[None, None, T]) -> T:
    """Do the work; where it takes longer than a moment, tell Discord to wait."""
    working = asyncio.create_task(work)
    try:
        await asyncio.wait({working}, timeout=PATIENCE)
        if not working.done() and not interaction.response.is_done():
            await interaction.response.defer()
        return await working
    finally:
        working.cancel()


async def edit(interaction: Interaction, content: str, view: View | None) -> None:
    """Change the message that was pressed, whether or not Discord has been told to wait."""
    if interaction.response.is_done():
        await interaction.edit_original_response(content=content, view=view)
    else:
        await interaction.response.edit_message(content=content, view=view)


class PreviewButton(PersistentButton, prefix="preview"):
    """Shows the author a page exactly as it will be posted. Its state: serial, part and page, and
    whether it turns the preview it stands under or opens one."""

    async def press(self, interaction: Interaction) -> None:
        serial_id, number, page, turns = self.state
        content, view = await _preview(interaction, serial_id, number, page)
        if turns:
            await interaction.response.edit_message(content=content, view=view)
        else:
            await interaction.response.send_message(content, view=view, ephemeral=True)


class FinishButton(PersistentButton, prefix="finish-by"):
    """Cuts what is to come so that it is out by the date that was meant. Its state: the serial, and
    that date."""

    async def press(self, interaction: Interaction) -> None:
        serial_id, ordinal = self.state
        day, now = date.fromordinal(ordinal), interaction.client.services.clock.now()
        change = partial(coming.finish, typed=day.isoformat(), now=now)
        changed = await _change(interaction, serial_id, change)
        said = await asyncio.to_thread(cards.recut, changed)
        by = named(day, coming.today_of(changed, now))
        await edit(interaction, f"To be out by {by}: {said}", None)


class CutButton(PersistentButton, prefix="cut"):
    """Puts a menu of places under the page. Its state: serial, part and page."""

    async def press(self, interaction: Interaction) -> None:
        serial_id, number, page = self.state
        database = interaction.client.services.database
        _check_shown(interaction, await _coming(interaction, serial_id))
        part = await database.read(pages.numbered, serial_id, number)
        if part is None or page >= len(part.pages):
            raise NotFound("There is no such part any more.")
        blocks = await database.read(
            stories.blocks, part.story_id, part.pages[0].ordinal, part.end.ordinal
        )
        found = await asyncio.to_thread(coming.places, part, page, blocks)
        if not found:
            raise Conflict("There is no end of a sentence to cut at on this page.")
        options = [
            SelectOption(label=shorten(text, 100), value=f"{place.ordinal}:{place.offset}")
            for place, text in found
        ]
        menu = PlaceMenu("The new part begins with …", options, serial_id, number)
        back = PreviewButton("Cancel", serial_id, number, page, 1)
        await interaction.response.edit_message(view=rows([menu], [back]))


class PlaceMenu(PersistentSelect, prefix="cut-at"):
    """Has a part begin at the place that is chosen. Its state: serial and part."""

    async def chosen(self, interaction: Interaction, value: str) -> None:
        serial_id, number = self.state
        ordinal, offset = value.split(":")
        place = Position(int(ordinal), int(offset))
        await _edit(
            interaction,
            serial_id,
            (number, LAST_PAGE),
            partial(coming.cut_at, position=place),
            place,
        )


class JoinButton(PersistentButton, prefix="join"):
    """Its state: serial, part, and where the next part begins."""

    async def press(self, interaction: Interaction) -> None:
        serial_id, number, ordinal, offset = self.state
        border = Position(ordinal, offset)
        await _edit(
            interaction, serial_id, (number, 0), partial(coming.join, border=border), border
        )


class UndoButton(PersistentButton, prefix="uncut"):
    """Its state: serial, part, and the change that was the last one."""

    async def press(self, interaction: Interaction) -> None:
        serial_id, number, newest = self.state
        await _edit(interaction, serial_id, (number, 0), partial(coming.undo, newest=newest))


async def _edit(
    interaction: Interaction,
    serial_id: int,
    shown: tuple[int, int],
    change: Callable[[Coming], Cut],
    at: Position | None = None,
) -> None:
    """Change the cut and show what has come of it, in the place of the preview."""
    await _change(interaction, serial_id, change, at)
    content, view = await _preview(interaction, serial_id, *shown)
    await edit(interaction, content, view)


async def _change(
    interaction: Interaction,
    serial_id: int,
    change: Callable[[Coming], Cut],
    at: Position | None = None,
) -> Coming:
    """Change what is to come, or of it the chapter that `at` is in."""
    return await patiently(interaction, _recut(interaction, serial_id, change, at))


async def _recut(
    interaction: Interaction, serial_id: int, change: Callable[[Coming], Cut], at: Position | None
) -> Coming:
    """If it is no longer what was read once it is cut, for a part may have been posted, it is read
    and cut again."""
    database = interaction.client.services.database
    who, where = actor(interaction), guild_id(interaction)
    written = False
    while not written:
        bare = await _coming(interaction, serial_id)
        read = await database.read(recutting.with_text, bare, at)
        cut = await asyncio.to_thread(change, read)
        written = await database.write(recutting.write, who, where, read, cut, interaction.id)
    return await _coming(interaction, serial_id)


async def _coming(interaction: Interaction, serial_id: int) -> Coming:
    services = interaction.client.services
    return await services.database.read(
        recutting.read, actor(interaction), guild_id(interaction), serial_id, services.clock.now()
    )


def _check_shown(interaction: Interaction, coming: Coming) -> None:
    ratings.check(coming.serial.story, restricted=is_restricted(interaction))


async def _next(interaction: Interaction, serial_id: int) -> tuple[str, View]:
    counts = await interaction.client.services.database.read(posting.counts, serial_id)
    return await _preview(interaction, serial_id, counts.out + 1, 0)


async def _preview(
    interaction: Interaction, serial_id: int, number: int, page_number: int
) -> tuple[str, View]:
    """A page of any part, posted or not, for the serial's author alone; the last page, and the last
    part, where there are not so many."""
    database = interaction.client.services.database
    left = await _coming(interaction, serial_id)
    _check_shown(interaction, left)
    number = max(1, min(number, left.first + left.parts - 1))
    part = await database.read(pages.numbered, serial_id, number)
    if part is None:
        raise NotFound("There is no such part any more.")
    last = len(part.pages) - 1
    page_number = last if page_number == LAST_PAGE else min(page_number, last)
    page = await database.read(pages.page, part, page_number)
    back = (number, page_number - 1) if page_number else (number - 1, LAST_PAGE)
    on = (number, page_number + 1) if page_number < last else (number + 1, 0)
    turns = [
        PreviewButton("‹ Back", serial_id, *back, 1, disabled=back[0] == 0),
        PreviewButton("Next ›", serial_id, *on, 1, disabled=on[0] > part.total),
    ]
    if number < left.first:
        return posts.text(page, part.role_id), rows(turns)
    border = left.border_after(number)
    at = (border.ordinal, border.offset) if border else (0, 0)
    changes = [
        CutButton("Cut here…", serial_id, number, page_number),
        JoinButton("Join with next", serial_id, number, *at, disabled=border is None),
        UndoButton("Undo", serial_id, number, left.newest, disabled=left.undo is None),
    ]
    return posts.text(page, part.role_id), rows(turns, changes)
