"""Quotes: saved from a post's menu, shown privately, shared in spoiler bars."""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ButtonStyle, app_commands
from discord.ext import commands
from discord.ui import TextInput

from bot.charts.data import QuoteCard
from bot.client import Bot
from bot.companion import daily, quotes, quoting
from bot.companion.quotes import Quote, Wanted
from bot.delivery import service as outbox
from bot.delivery.discord_sender import Content, Picture, known_server
from bot.delivery.rules import Row
from bot.errors import NotFound
from bot.serials import channels, pages, posting, ratings, records
from bot.serials.records import Serial
from bot.stories import markup
from bot.stories.model import Run, Style
from cogs.story import reader
from cogs.ui import posts
from cogs.ui.access import check_shareable, seen_by_all
from cogs.ui.asking import (
    actor,
    guild_id,
    is_restricted,
    member,
)
from cogs.ui.components import Form, Interaction, PersistentButton, row
from cogs.ui.pictures import PICTURES
from cogs.ui.public import note_answer, note_asker

LONGEST_TEXT, LONGEST_NAME = 32, 24  # characters that are looked for: they go into a custom_id
CUSTOM_ID = 100  # characters: Discord's limit
ROOM = 1500  # characters of a message for the quote itself


class Quotes(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.menu = app_commands.ContextMenu(name="Save a quote", callback=self.save_quote)

    async def cog_load(self) -> None:
        self.bot.tree.add_command(self.menu)

    async def cog_unload(self) -> None:
        self.bot.tree.remove_command(self.menu.name, type=self.menu.type)

    @app_commands.guild_only()
    async def save_quote(self, interaction: Interaction, message: discord.Message) -> None:
        read, guild = self.bot.services.database.read, guild_id(interaction)
        found = await read(outbox.by_message, guild, message.id)
        part = None
        if found is not None and found.kind in (posting.EXCERPT, channels.MIRROR):
            part = await read(pages.part, found.subject)
        if found is None or part is None:
            raise NotFound("Quotes are saved from a part of a story: from the menu of such a post.")
        serial = await read(records.get, guild, part.serial_id)
        ratings.check(serial.story, restricted=is_restricted(interaction))
        text = await read(quotes.page_text, guild, part.id, found.part)
        if not text:
            raise NotFound("That post has nothing but notes in it: quotes are of the story itself.")
        await interaction.response.send_modal(QuoteForm(part.id, found.part, text))

    async def of_the_day(self, outgoing: Row) -> Content | None:
        guild = known_server(self.bot, outgoing.guild_id or 0)
        quote = await self.bot.services.database.write(
            daily.of_the_day,
            outgoing.subject,
            outgoing.channel_id,
            seen_by_all(guild, outgoing.channel_id) if guild else (),
        )
        return None if quote is None else Content(f"The quote of the day: {_public(quote)}")


class QuoteForm(Form, title=f"A quote of up to {quotes.LONGEST} characters"):
    typed: TextInput[Any] = TextInput(
        label="Cut off what is before and after",
        style=discord.TextStyle.paragraph,
        placeholder=f"Up to {quotes.LONGEST} characters, as they stand in the story",
    )

    def __init__(self, excerpt_id: int, page: int, text: str) -> None:
        super().__init__()
        self._page = excerpt_id, page
        self.typed.default = text

    async def submitted(self, interaction: Interaction) -> None:
        services = interaction.client.services
        quote, is_new = await services.database.write(
            quotes.save,
            member(interaction),
            guild_id(interaction),
            *self._page,
            self.typed.value,
            services.clock.now(),
        )
        said = "Saved." if is_new else "That has been saved already."
        await interaction.response.send_message(
            f"{said} {_private(quote)}", view=row(*_buttons(interaction, quote)), ephemeral=True
        )


async def show(interaction: Interaction, serial: Serial, wanted: Wanted, *, share: bool) -> None:
    """Answer with a quote. Raises NotFound, NotAllowed."""
    ratings.check(serial.story, restricted=is_restricted(interaction))
    if share:
        check_shareable(interaction, serial)
    quote = await interaction.client.services.database.read(
        quotes.find, member(interaction), serial, wanted, interaction.id
    )
    if not share:
        await interaction.response.send_message(
            _private(quote), view=row(*_buttons(interaction, quote, wanted)), ephemeral=True
        )
        return
    await note_asker(interaction)
    answer = await interaction.response.send_message(
        f"A quote {_public(quote)}", suppress_embeds=True
    )
    await _note(interaction, quote, answer.message_id)


class AnotherButton(PersistentButton, prefix="quote"):
    """Its state: the serial, the quote that is shown, and whose are looked for; behind it the words
    and the name that are."""

    async def press(self, interaction: Interaction) -> None:
        serial_id, number, saver = self.state
        _, _, token = (self.item.custom_id or "").partition("~")
        text, _, character = token.partition("\t")
        wanted = Wanted(text or None, character or None, saver or None)
        serial = await reader.serial_shown(interaction, serial_id)
        quote = await interaction.client.services.database.read(
            quotes.another, member(interaction), serial, wanted, number
        )
        await interaction.response.edit_message(
            content=_private(quote), view=row(*_buttons(interaction, quote, wanted))
        )


class ShareButton(PersistentButton, prefix="quote-share"):
    async def press(self, interaction: Interaction) -> None:
        quote = await _pressed(interaction, self.state)
        interaction.client.services.cooldowns.pictures.use(interaction.user.id, PICTURES)
        await interaction.response.defer()
        check_shareable(interaction, quote.serial)
        await note_asker(interaction)
        card = await interaction.client.services.pictures.of(_card(quote))
        story = quote.serial.story
        said = (  # read out without being clicked, so it has nothing of the quote itself
            f"A card with a quote {_public_place(quote)} of {story.title} by {story.author}. The "
            "words are in the message, in spoiler bars."
        )
        file = discord.utils.MISSING
        if card is not None:
            file = Picture(card, said).file("quote.png", spoiler=True)
        message = await interaction.followup.send(
            f"A card with a quote {_public(quote)}", file=file, suppress_embeds=True, wait=True
        )
        await _note(interaction, quote, message.id)


class RemoveButton(PersistentButton, prefix="quote-remove"):
    async def press(self, interaction: Interaction) -> None:
        quote = await _pressed(interaction, self.state)
        services = interaction.client.services
        await services.database.write(
            quotes.remove,
            actor(interaction, quote.serial.channel_id),
            guild_id(interaction),
            quote.id,
            services.clock.now(),
        )
        await interaction.response.edit_message(
            content="The quote is removed, and what shows it here goes with it.",
            view=None,
        )


async def _pressed(interaction: Interaction, state: Sequence[int]) -> Quote:
    """The quote that a button is under, as far as whoever presses it has read."""
    serial_id, number = state
    serial = await reader.serial_shown(interaction, serial_id)
    return await interaction.client.services.database.read(
        quotes.find, member(interaction), serial, Wanted(number=number), 0
    )


async def _note(interaction: Interaction, quote: Quote, message_id: int | None) -> None:
    """So that the message goes with the quote, and with whoever shared it."""
    await note_answer(interaction, message_id)
    if interaction.channel_id is not None and message_id is not None:
        await interaction.client.services.database.write(
            quotes.shared, quote, interaction.channel_id, message_id
        )


def _buttons(
    interaction: Interaction, quote: Quote, wanted: Wanted | None = None
) -> list[PersistentButton]:
    here = quote.serial.id, quote.number
    buttons: list[PersistentButton] = [ShareButton("Share as card", *here)]
    if wanted is not None and wanted.nth is None:
        words = f"{wanted.text or ''}\t{wanted.character or ''}"
        another = AnotherButton(
            "Another", *here, wanted.saver or 0, style=ButtonStyle.primary, token=words
        )
        if markup.length(another.item.custom_id or "") <= CUSTOM_ID:
            buttons.insert(0, another)
    if quotes.may_remove(quote, actor(interaction, quote.serial.channel_id)):
        buttons.append(RemoveButton("Remove", *here, style=ButtonStyle.danger))
    return buttons


def _private(quote: Quote) -> str:
    saver = posts.escape(quote.name, posts.AUTHOR_LENGTH) if quote.name else "a reader"
    lines = [f"> {line}" for line in _markdown(quote).split("\n")]
    place = posts.place_name(quote.part.place)
    head = f"A quote of {posts.title(quote.serial)}, from {place}:"
    return "\n".join([head, *lines, f"-# Saved by {saver}."])


def _public(quote: Quote) -> str:
    story = quote.serial.story
    return (
        f"{_public_place(quote)} of {posts.title(quote.serial)} by "
        f"{posts.escape(story.author, posts.AUTHOR_LENGTH)}\n"
        f"||{_markdown(quote)}||"
    )


def _public_place(quote: Quote) -> str:
    """How far it goes, without a chapter's title, which may not be known."""
    return f"from {posts.place_name(quote.part.place.untitled)}"


def _markdown(quote: Quote) -> str:
    """Without its emphasis where that takes too much room."""
    styled = quoting.APART.join(markup.markdown(piece.runs).strip() for piece in quote.paragraphs)
    return styled if markup.length(styled) <= ROOM else markup.markdown((Run(quote.text),))


def _card(quote: Quote) -> QuoteCard:
    story = quote.serial.story
    paragraphs = tuple(
        tuple((run.text, Style.ITALIC in run.style) for run in piece.runs)
        for piece in quote.paragraphs
    )
    under = f"{story.author} · {_public_place(quote)}"
    return QuoteCard(paragraphs, story.title, under)
