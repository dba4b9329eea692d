"""`/words history`: the entries by the page, and one of them to put right."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from discord import ButtonStyle, SelectOption
from discord.ui import TextInput, View

from bot.people.dates import Reading, Side, read
from bot.sprints import correcting
from bot.words import amounts, service
from bot.words.ledger import Entry
from bot.words.projects import LONGEST_TITLE
from bot.words.service import LONGEST_NOTE, History
from cogs.ui.asking import member
from cogs.ui.components import Form, Interaction, PersistentButton, PersistentSelect, row, rows
from cogs.ui.dates import meant, my_today
from cogs.ui.projects import project_named
from cogs.words import cards


async def send_history(interaction: Interaction) -> None:
    found = await _page(interaction, 0)
    await interaction.response.send_message(
        cards.history(found), view=_page_view(found), ephemeral=True
    )


class PageButton(PersistentButton, prefix="words-page"):
    async def press(self, interaction: Interaction) -> None:
        await _turn_to(interaction, self.state[0])


class EntrySelect(PersistentSelect, prefix="words-entries"):
    """The entries of a page, to choose one. Its state: the page."""

    async def chosen(self, interaction: Interaction, value: str) -> None:
        entry = await interaction.client.services.database.read(
            service.show, member(interaction), int(value)
        )
        await _show(interaction, entry, self.state[0])


class EditButton(PersistentButton, prefix="words-edit"):
    """The state of this and those below: the entry, and the page it was chosen from."""

    async def press(self, interaction: Interaction) -> None:
        entry_id, page = self.state
        entry = await interaction.client.services.database.read(
            service.show, member(interaction), entry_id
        )
        await interaction.response.send_modal(EditForm(entry, page))


class EditForm(Form, title="Edit"):
    amount: TextInput[Any] = TextInput(label="Amount", max_length=20)
    note: TextInput[Any] = TextInput(label="Note", max_length=LONGEST_NOTE, required=False)

    def __init__(self, entry: Entry, page: int) -> None:
        super().__init__()
        self._entry_id, self._page, self._unit = entry.id, page, entry.place.unit
        self.amount.default = str(entry.amount)
        self.note.default = entry.note

    async def submitted(self, interaction: Interaction) -> None:
        services = interaction.client.services
        entry = await services.database.write(
            correcting.edit,
            member(interaction),
            self._entry_id,
            amounts.parse(self.amount.value, self._unit),
            self.note.value,
            now=services.clock.now(),
            interaction_id=interaction.id,
        )
        await _show(interaction, entry, self._page)


class MoveButton(PersistentButton, prefix="words-move"):
    async def press(self, interaction: Interaction) -> None:
        entry_id, page = self.state
        entry = await interaction.client.services.database.read(
            service.show, member(interaction), entry_id
        )
        await interaction.response.send_modal(MoveForm(entry, page))


class MoveForm(Form, title="Move"):
    date: TextInput[Any] = TextInput(
        label="Date", placeholder="yesterday, Monday, 3 Nov", max_length=40
    )
    project: TextInput[Any] = TextInput(label="Project", max_length=LONGEST_TITLE)

    def __init__(self, entry: Entry, page: int) -> None:
        super().__init__()
        self._entry_id, self._page, self._day = entry.id, page, entry.place.day
        self.date.default = entry.place.day.isoformat()
        self.project.default = entry.project

    async def submitted(self, interaction: Interaction) -> None:
        services, today = interaction.client.services, await my_today(interaction)
        when = Reading(self._day)  # which may be yet to come
        if self.date.value.strip() != self._day.isoformat():
            when = read(self.date.value, today, Side.PAST)
        entry = await services.database.write(
            service.move,
            member(interaction),
            self._entry_id,
            day=when.day.isoformat(),
            project_id=await project_named(interaction, self.project.value),
            now=services.clock.now(),
            interaction_id=interaction.id,
        )
        other = []
        if when.other is not None:
            state = entry.id, self._page, when.other.toordinal()
            other = [OtherDayButton(meant(when.other, today), *state)]
        await _show(interaction, entry, self._page, other)


class OtherDayButton(PersistentButton, prefix="words-other-day"):
    """Moves an entry to what else its date may have meant. Its state: the entry, the page, and that
    day."""

    async def press(self, interaction: Interaction) -> None:
        entry_id, page, day = self.state
        services = interaction.client.services
        entry = await services.database.write(
            service.move,
            member(interaction),
            entry_id,
            day=date.fromordinal(day).isoformat(),
            now=services.clock.now(),
            interaction_id=interaction.id,
        )
        await _show(interaction, entry, page)


class RemoveButton(PersistentButton, prefix="words-undo"):
    async def press(self, interaction: Interaction) -> None:
        entry_id, page = self.state
        services = interaction.client.services
        await services.database.write(
            correcting.undo,
            member(interaction),
            entry_id,
            now=services.clock.now(),
            interaction_id=interaction.id,
        )
        await _turn_to(interaction, page)


async def _page(interaction: Interaction, page: int) -> History:
    return await interaction.client.services.database.read(
        service.history, member(interaction), page
    )


async def _turn_to(interaction: Interaction, page: int) -> None:
    found = await _page(interaction, page)
    await interaction.response.edit_message(content=cards.history(found), view=_page_view(found))


async def _show(
    interaction: Interaction, entry: Entry, page: int, other: Sequence[PersistentButton] = ()
) -> None:
    """An entry, and what can be done with it."""
    changes: list[PersistentButton] = [
        EditButton("Edit", entry.id, page),
        MoveButton("Move", entry.id, page),
        RemoveButton("Undo", entry.id, page, style=ButtonStyle.danger),
    ]
    await interaction.response.edit_message(
        content=cards.entry(entry), view=row(*changes, *other, PageButton("‹ Back", page))
    )


def _page_view(found: History) -> View:
    if not found.entries:
        return View(timeout=None)
    options = [
        SelectOption(label=cards.option(entry), value=str(entry.id)) for entry in found.entries
    ]
    turns = [
        PageButton("‹ Back", found.page - 1, disabled=found.page == 0),
        PageButton("Next ›", found.page + 1, disabled=not found.more),
    ]
    menu = EntrySelect("Choose an entry", options, found.page)
    return rows([menu], turns if found.page or found.more else [])
