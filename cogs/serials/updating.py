"""A new version of a story's file, and the buttons that take it or not."""

import asyncio
from collections.abc import Sequence

from discord import ButtonStyle
from discord.ui import View

from bot.companion import corrections
from bot.serials import drafts, posting, ratings, records, revising, updating
from bot.serials.imports import Draft
from bot.serials.records import Serial, State
from bot.serials.revising import Change
from bot.serials.updating import Version
from cogs.serials import cards
from cogs.serials.appending import AppendButton, append_buttons, story_labels
from cogs.serials.buttons import DiscardButton, draft_buttons
from cogs.serials.rating import keep_hidden
from cogs.serials.undoing import revert_buttons
from cogs.serials.version_cards import card, update_label
from cogs.ui import posts
from cogs.ui.asking import actor, guild_id, is_restricted, member
from cogs.ui.components import Interaction, PersistentButton, row, rows
from cogs.ui.formats import plural

NEW_VERSION = "New version of"


class TakeButton(PersistentButton, prefix="take"):
    """Its state: the new version's draft, and whether posts are corrected."""

    async def press(self, interaction: Interaction) -> None:
        draft_id, correcting = self.state
        services = interaction.client.services
        database = services.database
        await interaction.response.defer()
        serial, change = await corrections.take(
            database,
            actor(interaction),
            guild_id(interaction),
            draft_id,
            correcting=bool(correcting),
            most=services.settings.story_quota,
        )
        serial = await keep_hidden(interaction, serial)
        schedule = await database.read(records.schedule_of, serial)
        counts = await database.read(posting.counts, serial.id)
        lines = [f"Taken. {cards.status(serial, schedule, counts)}"]
        if change.posts:
            corrected = plural(change.posts, "post")
            if ratings.may_show(
                serial.story, restricted=is_restricted(interaction, serial.channel_id)
            ):
                lines.append(f"I am correcting {corrected}.")
            else:
                lines.append(f"I correct {corrected} once the channel is age-restricted.")
        undo = await revert_buttons(database, serial.id)
        view = row(*undo)
        if serial.state is State.DRAFT:
            view = draft_buttons(serial, more=undo)
        await interaction.edit_original_response(content="\n".join(lines), view=view)


class DropButton(PersistentButton, prefix="drop"):
    async def press(self, interaction: Interaction) -> None:
        (draft_id,) = self.state
        serial = await interaction.client.services.database.write(
            updating.discard, actor(interaction), guild_id(interaction), draft_id
        )
        await interaction.response.edit_message(
            content=f"{posts.title(serial)} stays as it was. The new version is not kept.",
            view=None,
        )


class ReviewButton(PersistentButton, prefix="review"):
    """Shows again what a new version changes."""

    async def press(self, interaction: Interaction) -> None:
        (draft_id,) = self.state
        await interaction.response.defer(ephemeral=True, thinking=True)
        version, standing, manuscript = await interaction.client.services.database.read(
            updating.texts, actor(interaction), guild_id(interaction), draft_id
        )
        ratings.check(version.serial.story, restricted=is_restricted(interaction))
        change = await asyncio.to_thread(
            revising.prepare, standing, manuscript, correcting=True, added=version.added
        )
        await interaction.edit_original_response(
            content=await asyncio.to_thread(card, version.serial, change),
            view=choices(version, change),
        )


class OwnStoryButton(PersistentButton, prefix="own"):
    """Makes a story of its own of what would be a new version. Its state: the version's draft."""

    async def press(self, interaction: Interaction) -> None:
        (draft_id,) = self.state
        services = interaction.client.services
        database = services.database
        draft = await database.write(
            drafts.release,
            actor(interaction),
            guild_id(interaction),
            draft_id,
            most=services.settings.story_quota,
        )
        counts = await database.read(posting.counts, draft.id)
        await interaction.response.edit_message(
            content=cards.status(draft, None, counts), view=draft_buttons(draft)
        )


async def propose(interaction: Interaction, serial: Serial, draft: Draft) -> None:
    """Answer the author with what the file changes. It is kept if there is anything to take."""
    services = interaction.client.services
    who, here = actor(interaction), guild_id(interaction)
    standing = await services.database.read(updating.standing, who, here, serial.id)
    change = await asyncio.to_thread(revising.prepare, standing, draft.manuscript, correcting=True)
    if not change.plan.shares_text:
        await _offer_as_next(interaction, serial, draft)
        return
    view = None
    if change.without_posts or change.shown:
        version = await services.database.write(
            updating.keep,
            who,
            here,
            serial.id,
            draft,
            services.clock.now(),
            interaction.id,
            most=services.settings.story_quota,
        )
        view = choices(version, change)
    said = await asyncio.to_thread(card, serial, change)
    await interaction.edit_original_response(content=said, view=view)


async def _offer_as_next(interaction: Interaction, serial: Serial, draft: Draft) -> None:
    services = interaction.client.services
    said = f"That file shares no text with {posts.title(serial)}, so it is no new version of it."
    if serial.story.complete:
        await interaction.edit_original_response(
            content=f"{said} The story is complete: `/serial add` makes the file one of its own."
        )
        return
    added = await services.database.write(
        drafts.add,
        member(interaction),
        guild_id(interaction),
        draft,
        title=draft.title,
        author=serial.story.author,
        now=services.clock.now(),
        interaction_id=interaction.id,
        most=services.settings.story_quota,
    )
    discard = DiscardButton("Discard", added.serial.id, style=ButtonStyle.danger)
    await interaction.edit_original_response(
        content=f"{said} Is it the next chapter? It has {plural(added.serial.story.words, 'word')} "
        f"and makes {plural(added.parts, 'part')}.",
        view=row(*append_buttons([serial], added.serial), discard),
    )


async def waiting(
    interaction: Interaction, serials: Sequence[Serial]
) -> tuple[list[str], list[ReviewButton]]:
    """What to say of the member's new versions of these serials, and the ways to them."""
    found = await interaction.client.services.database.read(
        updating.waiting, member(interaction), guild_id(interaction)
    )
    versions = [one for one in found if one.serial in serials][:5]
    shown = story_labels(NEW_VERSION, [one.serial for one in versions])
    return (
        [
            f"A new version of {posts.story_title(label.removeprefix(f'{NEW_VERSION} '), 100)} is "
            "here, to be taken or discarded."
            for label in shown
        ],
        [ReviewButton(label, one.id) for one, label in zip(versions, shown, strict=True)],
    )


def choices(version: Version, change: Change) -> View:
    """The first button takes the new version. One that was added could be something else, too."""
    take, correct = "Take the new version", f"Correct {plural(change.posts, 'post')}"
    if version.added:
        take = correct = update_label(version.serial, change)
    buttons: list[PersistentButton] = []
    if change.without_posts:
        buttons.append(TakeButton(take, version.id, 0, style=ButtonStyle.success))
        correct = f"… and correct {plural(change.posts, 'post')}"
    if change.posts:
        buttons.append(TakeButton(correct, version.id, 1, style=ButtonStyle.success))
    discard = DropButton("Discard", version.id, style=ButtonStyle.danger)
    if not version.added:
        return row(*buttons, discard)
    others: list[PersistentButton] = []
    if version.serial.state is not State.DRAFT and not version.serial.story.complete:
        (label,) = story_labels("Next chapter of", [version.serial])
        others.append(AppendButton(label, version.serial.id, version.id))
    return rows(buttons, [*others, OwnStoryButton("A story of its own", version.id), discard])
