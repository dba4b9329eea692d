"""`/character`: the cards that authors keep on their characters."""

import asyncio
from collections.abc import Sequence

import discord
from discord import SelectOption, app_commands
from discord.app_commands import Choice, Range
from discord.ext import commands

from bot.client import Bot, defer
from bot.companion import card_files, characters, keeping, proposing
from bot.companion import cards as stored
from bot.companion.binding import UNBOUND, Bound
from bot.companion.keeping import LONGEST_FACT, LONGEST_NAME, Draft
from bot.companion.known import Card
from bot.companion.names import Proposal
from bot.errors import BadFile, UserError
from bot.serials import ratings, records
from bot.serials.records import Serial
from cogs.story import card_forms, cards
from cogs.story.cards import Desk
from cogs.ui import posts
from cogs.ui.asking import actor, guild_id, is_restricted
from cogs.ui.choosing import NONE_OF_YOURS, Option, choose, suggest, suggest_stories
from cogs.ui.components import Interaction, PersistentSelect, row
from cogs.ui.formats import fitting, plural, shorten

MOST = 25  # options of a menu
PROPOSED = """\
Names that stand in {title}, those named most often first. Choose the characters among them; other \
names are added with `/character add` and a name. Nothing is shown to readers before you choose."""
NOTHING_LEFT = """\
I find no more names in the story that look like a character's. Add one with its `name`."""


async def mine(interaction: Interaction) -> list[Serial]:
    found = await interaction.client.services.database.read(records.in_guild, guild_id(interaction))
    return [serial for serial in found if serial.owner_discord_id == interaction.user.id]


async def at_desk(interaction: Interaction, story: str | None, *, bind_again: bool = False) -> Desk:
    serial = await choose(interaction, await mine(interaction), story, NONE_OF_YOURS)
    if bind_again:
        database = interaction.client.services.database
        await characters.bind_again(database, actor(interaction), serial.guild_id, serial.id)
    return await cards.desk(interaction, serial.id)


async def at_cards(interaction: Interaction, story: str | None) -> tuple[Serial, list[Card]]:
    """The story and its cards, without the text, which takes longer."""
    serial = await choose(interaction, await mine(interaction), story, NONE_OF_YOURS)
    ratings.check(serial.story, restricted=is_restricted(interaction))
    return serial, await interaction.client.services.database.read(
        stored.mine, actor(interaction), serial.guild_id, serial.id
    )


async def bound_in(interaction: Interaction, serial: Serial, said: str | None) -> Bound:
    """The place in the text that the author means. Raises BadInput."""
    if said is None:
        return UNBOUND
    text = await interaction.client.services.database.read(
        stored.text, actor(interaction), serial.guild_id, serial.id
    )
    return await asyncio.to_thread(text.bound, said)


async def suggest_story(interaction: Interaction, typed: str) -> list[Choice[str]]:
    return await suggest_stories(interaction, await mine(interaction), typed)


async def suggest_card(interaction: Interaction, typed: str) -> list[Choice[str]]:
    try:
        serial = await choose(interaction, await mine(interaction), interaction.namespace.story)
        ratings.check(serial.story, restricted=is_restricted(interaction))
        kept = await interaction.client.services.database.read(
            stored.mine, actor(interaction), guild_id(interaction), serial.id
        )
    except UserError:  # said when the command is run
        return []
    names = [card.name.text for card in kept]
    return suggest([Option(name, name, name) for name in names], typed)


async def keep(interaction: Interaction, serial: Serial, drafts: Sequence[Draft]) -> list[Card]:
    database = interaction.client.services.database
    kept = await database.write(
        keeping.keep, actor(interaction), guild_id(interaction), serial.id, drafts
    )
    await characters.look_for_names(database, serial)
    return kept


class Characters(commands.Cog):
    def __init__(self, bot: Bot) -> None:
        self.services = bot.services

    character = app_commands.Group(
        name="character",
        description="What readers may know of your characters, and from where",
        guild_only=True,
    )

    @character.command(description="Add a character; without a name, choose from those in the text")
    @app_commands.describe(
        name="Their name as it stands in the text",
        known_from="If it stands nowhere: start, a part's number, or a quotation",
        story="Which story, if you have several",
    )
    @app_commands.rename(known_from="from")
    @app_commands.autocomplete(story=suggest_story)
    async def add(
        self,
        interaction: Interaction,
        name: Range[str, 1, LONGEST_NAME] | None = None,
        known_from: str | None = None,
        story: str | None = None,
    ) -> None:
        if name is None:
            await _propose(interaction, await at_desk(interaction, story))
            return
        serial, _ = await at_cards(interaction, story)
        bound = await bound_in(interaction, serial, known_from)
        await self._keep(interaction, serial, Draft(name, bound))

    @character.command(description="Another name of a character")
    @app_commands.describe(
        character="Whose",
        alias="The name, as it stands in the text",
        known_from="From where it may be known whose it is: a quotation, a part's number, or start",
        story="Which story, if you have several",
    )
    @app_commands.rename(known_from="from")
    @app_commands.autocomplete(character=suggest_card, story=suggest_story)
    async def alias(
        self,
        interaction: Interaction,
        character: str,
        alias: Range[str, 1, LONGEST_NAME],
        known_from: str | None = None,
        story: str | None = None,
    ) -> None:
        serial, kept = await at_cards(interaction, story)
        card = stored.named(kept, character)
        bound = await bound_in(interaction, serial, known_from)
        await self._keep(interaction, serial, Draft(card.name.text, aliases=((alias, bound),)))

    @character.command(description="Something that is so of a character")
    @app_commands.describe(
        character="Of whom",
        fact="In a sentence",
        known_from="From where it may be known: a quotation, a part's number, or start",
        story="Which story, if you have several",
    )
    @app_commands.rename(known_from="from")
    @app_commands.autocomplete(character=suggest_card, story=suggest_story)
    async def fact(
        self,
        interaction: Interaction,
        character: str,
        fact: Range[str, 1, LONGEST_FACT],
        known_from: str | None = None,
        story: str | None = None,
    ) -> None:
        serial, kept = await at_cards(interaction, story)
        card = stored.named(kept, character)
        bound = await bound_in(interaction, serial, known_from)
        await self._keep(interaction, serial, Draft(card.name.text, facts=((fact, bound),)))

    async def _keep(self, interaction: Interaction, serial: Serial, draft: Draft) -> None:
        (card,) = await keep(interaction, serial, [draft])
        await card_forms.show(interaction, serial.id, card.id, edit=False)

    @character.command(description="See your characters, change what is on a card, and bind it")
    @app_commands.describe(
        character="Whom; all of them if not said", story="Which story, if you have several"
    )
    @app_commands.autocomplete(character=suggest_card, story=suggest_story)
    async def edit(
        self, interaction: Interaction, character: str | None = None, story: str | None = None
    ) -> None:
        desk = await at_desk(interaction, story, bind_again=True)
        if character is None:
            content, view = card_forms.overview(desk)
        else:
            content, view = await card_forms.panel(desk, stored.named(desk.cards, character))
        await interaction.response.send_message(content, view=view, ephemeral=True)

    @character.command(description="Remove a character's card")
    @app_commands.describe(character="Whose", story="Which story, if you have several")
    @app_commands.autocomplete(character=suggest_card, story=suggest_story)
    async def remove(
        self, interaction: Interaction, character: str, story: str | None = None
    ) -> None:
        serial, kept = await at_cards(interaction, story)
        content, view = card_forms.removal(serial.id, stored.named(kept, character))
        await interaction.response.send_message(content, view=view, ephemeral=True)

    @character.command(name="import", description="Add characters from a YAML file")
    @app_commands.describe(file="The file", story="Which story, if you have several")
    @app_commands.autocomplete(story=suggest_story)
    async def bring(
        self, interaction: Interaction, file: discord.Attachment, story: str | None = None
    ) -> None:
        if file.size > card_files.MAX_BYTES:
            raise BadFile(
                f"That file is larger than {card_files.MAX_BYTES // 1000} KB: send it in pieces."
            )
        desk = await at_desk(interaction, story)
        await defer(interaction)
        async with self.services.file_turns.of(interaction.user.id):
            read = await asyncio.to_thread(card_files.read, await file.read(), desk.text)
        kept = await keep(interaction, desk.serial, read.drafts)
        await _show_kept(interaction, desk, kept, read.unfound)


class ProposalMenu(PersistentSelect, prefix="card-names"):
    """Its state: the serial; its values: names that were proposed."""

    async def all_chosen(self, interaction: Interaction, values: Sequence[str]) -> None:
        (serial_id,) = self.state
        await interaction.response.defer()
        desk = await cards.desk(interaction, serial_id)
        drafts = await asyncio.to_thread(proposing.accepted, desk.text, desk.cards, values)
        await _show_kept(interaction, desk, await keep(interaction, desk.serial, drafts))


async def _propose(interaction: Interaction, desk: Desk) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    found = await asyncio.to_thread(proposing.proposals, desk.text, desk.cards)
    if not found:
        await interaction.edit_original_response(content=NOTHING_LEFT)
        return
    options = [
        SelectOption(label=one.name, value=one.name, description=_described(one))
        for one in found[:MOST]
    ]
    menu = ProposalMenu("The characters are …", options, desk.serial.id, most=len(options))
    content = PROPOSED.format(title=posts.title(desk.serial))
    await interaction.edit_original_response(content=content, view=row(menu))


def _described(proposal: Proposal) -> str:
    often = plural(proposal.count, "time")
    others = f"also {', '.join(proposal.others)} · " if proposal.others else ""
    return shorten(f"{often} · {others}…{proposal.example}…", 100)


async def _show_kept(
    interaction: Interaction, desk: Desk, kept: Sequence[Card], unfound: Sequence[str] = ()
) -> None:
    """In the place of "is thinking…", or of the menu."""
    desk = await cards.desk(interaction, desk.serial.id)
    content, view = card_forms.overview(desk)
    said = [f"Kept: {plural(len(kept), 'character')}.", *unfound]
    await interaction.edit_original_response(
        content=fitting([*said, *content.splitlines()]), view=view
    )
