"""What hangs under an author's cards: menus of what is on them and of places, and the form."""

import asyncio
from typing import Any

import discord
from discord import ButtonStyle, SelectOption
from discord.ui import TextInput, View

from bot.companion import cards as stored
from bot.companion import keeping
from bot.companion.binding import FROM_START, LONGEST_QUOTATION, Bound, Text
from bot.companion.cards import Entry, Kind
from bot.companion.characters import look_for_names
from bot.companion.keeping import LONGEST_FACT, LONGEST_NAME
from bot.companion.known import Card, Fact, Name
from bot.errors import NotFound
from cogs.story import cards
from cogs.story.cards import Desk, desk
from cogs.ui.asking import actor, guild_id
from cogs.ui.components import Form, Interaction, PersistentButton, PersistentSelect, row, rows
from cogs.ui.formats import shorten

MOST = 25  # options of a menu


def overview(desk: Desk) -> tuple[str, View]:
    """All cards, and a menu of them."""
    options = [
        SelectOption(label=shorten(card.name.text, 100), value=str(card.id))
        for card in cards.in_question_first(desk)[:MOST]
    ]
    menu = [CardMenu("See and change …", options, desk.serial.id)] if options else []
    return cards.all_of(desk), row(*menu)


async def panel(desk: Desk, card: Card) -> tuple[str, View]:
    """The card, a menu of what is on it, and one of places for the first thing that has none."""
    serial_id = desk.serial.id
    options = [
        SelectOption(label=shorten(thing.text, 100), value=":".join(map(str, stored.entry(thing))))
        for thing in card.things
    ]
    lines: list[list[PersistentSelect]] = [[EntryMenu("Change or bind …", options, serial_id)]]
    if left := cards.unbound(desk, card):
        asked = f"“{shorten(left[0].text, 60)}” may be known from …"
        places = await asyncio.to_thread(_places, desk.text, card, left[0])
        lines.append([PlaceMenu(asked, places, serial_id, *stored.entry(left[0]))])
    return cards.one(desk, card), rows(*lines)


async def show(interaction: Interaction, serial_id: int, card_id: int, *, edit: bool) -> None:
    """Answer with the card as it is now, or put it in the place of the message that was pressed."""
    at = await desk(interaction, serial_id)
    card = next((card for card in at.cards if card.id == card_id), None)
    if card is None:
        raise NotFound("That card is not here any more.")
    content, view = await panel(at, card)
    if edit:
        await interaction.response.edit_message(content=content, view=view)
    else:
        await interaction.response.send_message(content, view=view, ephemeral=True)


class CardMenu(PersistentSelect, prefix="card"):
    """Its state: the serial; its values: cards."""

    async def chosen(self, interaction: Interaction, value: str) -> None:
        (serial_id,) = self.state
        await show(interaction, serial_id, int(value), edit=True)


class EntryMenu(PersistentSelect, prefix="card-entry"):
    """Its state: the serial; its values: the kind and the id of a thing on the card."""

    async def chosen(self, interaction: Interaction, value: str) -> None:
        (serial_id,) = self.state
        at = await desk(interaction, serial_id)
        kind, entry_id = map(int, value.split(":"))
        _, thing = stored.find(at.cards, (Kind(kind), entry_id))
        await interaction.response.send_modal(EntryForm(serial_id, thing, _said(at.text, thing)))


class PlaceMenu(PersistentSelect, prefix="card-place"):
    """Its state: the serial, and the kind and the id of what is bound; its values: places."""

    async def chosen(self, interaction: Interaction, value: str) -> None:
        serial_id, kind, entry_id = self.state
        bound = Bound(FROM_START)
        if value != FROM_START:
            paragraph_id, offset = map(int, value.split(":"))
            bound = Bound(None, paragraph_id, offset)
        card = await interaction.client.services.database.write(
            keeping.bind,
            actor(interaction),
            guild_id(interaction),
            serial_id,
            (Kind(kind), entry_id),
            bound,
        )
        await show(interaction, serial_id, card.id, edit=True)


class RemoveCardButton(PersistentButton, prefix="uncard"):
    """Its state: the serial and the card."""

    async def press(self, interaction: Interaction) -> None:
        serial_id, card_id = self.state
        await interaction.client.services.database.write(
            keeping.remove, actor(interaction), guild_id(interaction), serial_id, card_id
        )
        await interaction.response.edit_message(content="The card is removed.", view=None)


class EntryForm(Form, title="What readers may know"):
    said: TextInput[Any] = TextInput(
        label="Name, alias or fact (empty: take it off)", required=False
    )
    known_from: TextInput[Any] = TextInput(
        label="From where readers may know it",
        placeholder="A quotation that tells it; or: start; or a part's number. Empty: nowhere yet.",
        style=discord.TextStyle.paragraph,
        required=False,
        max_length=LONGEST_QUOTATION + 100,
    )

    def __init__(self, serial_id: int, thing: Name | Fact, known_from: str) -> None:
        super().__init__()
        self._serial_id = serial_id
        self._entry: Entry = stored.entry(thing)
        self._known_from = known_from
        self.said.default = thing.text
        self.said.max_length = LONGEST_FACT if isinstance(thing, Fact) else LONGEST_NAME
        self.known_from.default = known_from

    async def submitted(self, interaction: Interaction) -> None:
        at = await desk(interaction, self._serial_id)
        bound = None
        if self.known_from.value.strip() != self._known_from:
            bound = await asyncio.to_thread(at.text.bound, self.known_from.value)
        database = interaction.client.services.database
        card = await database.write(
            keeping.change,
            actor(interaction),
            guild_id(interaction),
            self._serial_id,
            self._entry,
            self.said.value,
            bound,
        )
        await look_for_names(database, at.serial)
        await show(interaction, self._serial_id, card.id, edit=True)


def removal(serial_id: int, card: Card) -> tuple[str, View]:
    button = RemoveCardButton("Remove", serial_id, card.id, style=ButtonStyle.danger)
    return (
        f"This removes the card of **{cards.name(card.name)}** with all that is on it. The story "
        "stays as it is.",
        row(button),
    )


def _places(text: Text, card: Card, thing: Name | Fact) -> list[SelectOption]:
    """The paragraphs that name what is bound, or whom it is about."""
    name = thing.text if isinstance(thing, Name) else card.name.text
    found = [
        SelectOption(
            label=shorten(" ".join(place.text.split()), 100),
            value=f"{place.id}:{len(place.text)}",
            description=f"in part {text.part_of(place)}",
        )
        for place in text.places(name)
    ]
    return [SelectOption(label="The start of the story", value=FROM_START), *found]


def _said(text: Text, thing: Name | Fact) -> str:
    """From where it may be known, as its author could have said it."""
    if thing.said is not None or thing.known is None:
        return thing.said or ""
    return f"part {text.part(thing.known)}"
