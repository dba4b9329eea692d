"""`/serial add`: a new story, the next chapter of one, or one that has grown."""

import asyncio

from bot.serials import drafts, finding, ratings, revising, updating
from bot.serials.finding import Match
from bot.serials.imports import Draft
from bot.serials.records import State
from cogs.serials import buttons, cards
from cogs.serials.updating import choices
from cogs.serials.version_cards import card
from cogs.ui import posts
from cogs.ui.asking import actor, guild_id, is_restricted, member
from cogs.ui.components import Interaction


async def answer(
    interaction: Interaction, draft: Draft, title: str | None, author: str | None
) -> None:
    """Compare the file with what its author has here; then keep it as what it is found to be."""
    services = interaction.client.services
    match = await finding.closest(
        services.database, member(interaction), guild_id(interaction), draft.manuscript
    )
    named = title or draft.title
    by = author or draft.manuscript.author or interaction.user.display_name
    if match and match.comparison.overlap.is_version:
        renamed = title is not None and title.casefold() != match.serial.story.title.casefold()
        if await _update(interaction, match, draft, named, by, renamed=renamed):
            return
    added = await services.database.write(
        drafts.add,
        member(interaction),
        guild_id(interaction),
        draft,
        title=named,
        author=by,
        now=services.clock.now(),
        interaction_id=interaction.id,
        most=services.settings.story_quota,
    )
    shown = ratings.may_show(added.serial.story, restricted=is_restricted(interaction))
    await interaction.edit_original_response(
        content=await asyncio.to_thread(cards.added, added, draft, match, shown=shown),
        view=buttons.draft_buttons(added.serial, added.ongoing),
    )


async def _update(
    interaction: Interaction, match: Match, draft: Draft, title: str, author: str, *, renamed: bool
) -> bool:
    """Offer the file as a new version. False where nothing of it is new, and it was given another
    title: then it is to be a story of its own."""
    services = interaction.client.services
    serial = match.serial
    who, here = actor(interaction), guild_id(interaction)
    standing = await services.database.read(updating.standing, who, here, serial.id)
    change = await asyncio.to_thread(
        revising.prepare, standing, draft.manuscript, correcting=True, added=True
    )
    rating = draft.manuscript.rating
    shown = is_restricted(interaction) or not (
        serial.story.rating.for_adults or (rating is not None and rating.for_adults)
    )
    if change.without_posts or change.shown:
        version = await services.database.write(
            drafts.keep_version,
            who,
            here,
            serial.id,
            draft,
            title=title,
            author=author,
            now=services.clock.now(),
            interaction_id=interaction.id,
            most=services.settings.story_quota,
        )
        await interaction.edit_original_response(
            content=await asyncio.to_thread(card, serial, change, shown=shown),
            view=choices(version, change),
        )
        return True
    if renamed:
        return False
    text = await asyncio.to_thread(card, serial, change, shown=shown)
    if serial.state is State.DRAFT:
        await interaction.edit_original_response(
            content=f"{text} It is a draft until you confirm it.",
            view=buttons.draft_buttons(serial),
        )
        return True
    await interaction.edit_original_response(
        content=f"{text}\n-# To post {posts.title(serial)} a second time, as a story of its own, "
        "add it with another `title`."
    )
    return True
