"""A new version of a story's file: what it changes, and the buttons that take it or not."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from discord import ButtonStyle
from discord.ui import View

from bot.companion import corrections
from bot.serials import drafts, posting, ratings, records, revising, updating
from bot.serials.imports import Draft
from bot.serials.records import Serial
from bot.serials.revising import Change
from bot.serials.updating import Version
from bot.serials.versions import Correction, Plan
from cogs.serials import cards
from cogs.serials.buttons import DiscardButton, append_button
from cogs.ui import posts
from cogs.ui.asking import actor, guild_id, is_restricted, member
from cogs.ui.components import Interaction, PersistentButton, row
from cogs.ui.formats import fitting, plural, shorten

T = TypeVar("T")

EXAMPLES = 3  # of each kind
LONGEST = 120  # characters of one
LOOKED_AT = 2_000  # characters of a paragraph, of which fewer are shown
AROUND = 3  # words on either side of what differs
NAMED = 5  # chapters

REST = "the rest of the chapter that is being posted"


class TakeButton(PersistentButton, prefix="take"):
    """Its state: the new version's draft, and whether posts are corrected."""

    async def press(self, interaction: Interaction) -> None:
        draft_id, correcting = self.state
        database = interaction.client.services.database
        await interaction.response.defer()
        serial, change = await corrections.take(
            database,
            actor(interaction),
            guild_id(interaction),
            draft_id,
            correcting=bool(correcting),
        )
        schedule = await database.read(records.schedule_of, serial)
        counts = await database.read(posting.counts, serial.id)
        lines = [f"Taken. {cards.status(serial, schedule, counts)}"]
        if change.posts:
            lines.append(f"I am correcting {plural(change.posts, 'post')}.")
        await interaction.edit_original_response(content="\n".join(lines), view=None)


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
        change = await asyncio.to_thread(revising.prepare, standing, manuscript, correcting=True)
        await interaction.edit_original_response(
            content=await asyncio.to_thread(card, version.serial, change),
            view=_choices(version, change),
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
            updating.keep, who, here, serial.id, draft, services.clock.now(), interaction.id
        )
        view = _choices(version, change)
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
    )
    discard = DiscardButton("Discard", added.serial.id, style=ButtonStyle.danger)
    await interaction.edit_original_response(
        content=f"{said} Is it the next chapter? It has {plural(added.serial.story.words, 'word')} "
        f"and makes {plural(added.parts, 'part')}.",
        view=row(append_button(serial, added.serial), discard),
    )


async def waiting(
    interaction: Interaction, serials: Sequence[Serial]
) -> tuple[list[str], list[ReviewButton]]:
    """What to say of the member's new versions of these serials, and the ways to them."""
    found = await interaction.client.services.database.read(
        updating.waiting, member(interaction), guild_id(interaction)
    )
    versions = [one for one in found if one.serial in serials][:5]
    return (
        [
            f"A new version of {posts.title(one.serial)} is here, to be taken or discarded."
            for one in versions
        ],
        [
            ReviewButton(shorten(f"New version of {one.serial.story.title}", 80), one.id)
            for one in versions
        ],
    )


def _choices(version: Version, change: Change) -> View:
    buttons: list[PersistentButton] = []
    if change.without_posts:
        buttons.append(TakeButton("Take the new version", version.id, 0, style=ButtonStyle.success))
    if change.posts:
        correct = "… and correct" if change.without_posts else "Correct"
        buttons.append(
            TakeButton(
                f"{correct} {plural(change.posts, 'post')}",
                version.id,
                1,
                style=ButtonStyle.success,
            )
        )
    return row(*buttons, DropButton("Discard", version.id, style=ButtonStyle.danger))


def card(serial: Serial, change: Change) -> str:
    """What the file changes, what of it is left out and why."""
    plan = change.plan
    if plan.is_empty:
        return f"That file says of {posts.title(serial)} what I have already. I keep nothing of it."
    lines = [f"A new version of {posts.title(serial)}."]
    if not plan.goes_on_as_before:
        lines.append(_coming(plan))
    if change.shown:
        lines.append(
            f"{plural(len(change.shown), 'correction')} of posted text, "
            f"in {plural(change.posts, 'post')}:"
        )
        lines += _some(change.shown, _correction)
    if change.too_long:
        lines.append("Left out, as the post would be longer than Discord allows, or empty:")
        lines += _some(change.too_long, _correction)
    if plan.added:
        lines.append("Added among posted paragraphs, which stay as they are, so left out:")
        lines += _some(plan.added, _quoted)
    if plan.removed:
        lines.append("Not in the file, but posted, so it stays:")
        lines += _some(plan.removed, _quoted)
    takes = change.without_posts or change.shown
    return fitting(
        lines,
        "Nothing is changed until you take it."
        if takes
        else "So there is nothing to take. I keep nothing of the file.",
    )


def _coming(plan: Plan) -> str:
    counts = [
        f"{plural(number, 'paragraph')} {what}"
        for number, what in (
            (plan.changed, "changed"),
            (plan.more, "added"),
            (plan.fewer, "removed"),
        )
        if number
    ]
    changed = [chapter.title for chapter in plan.chapters if chapter.same is None]
    names = [REST] if plan.rest and plan.rest.same is None else []
    names += [posts.escape(title or "a chapter without a title", 70) for title in changed[:NAMED]]
    more = len(names) + len(changed[NAMED:]) - NAMED
    text = f"To come: {', '.join(counts) or 'the same paragraphs in other chapters'}"
    if names:
        text += f", in {', '.join(names[:NAMED])}"
    if more > 0:
        text += f" and {more} more"
    return f"{text}."


def _some(changes: Sequence[T], shown: Callable[[T], str]) -> Iterator[str]:
    yield from map(shown, changes[:EXAMPLES])
    if len(changes) > EXAMPLES:
        yield f"> … and {len(changes) - EXAMPLES} more"


def _quoted(text: str) -> str:
    return f"> {_line(text)}"


def _line(text: str) -> str:
    return posts.escape(" ".join(text[:LOOKED_AT].split()), LONGEST)


def _correction(correction: Correction) -> str:
    """What differs, with a few words around it."""
    old, new = correction.old.text.split(), correction.new.text.split()
    if old == new:
        return f"> “{_line(' '.join(old))}” in other styles"
    pairs = list(zip(old, new, strict=False))
    head = next((n for n, (a, b) in enumerate(pairs) if a != b), len(pairs))
    ends = list(zip(old[head:][::-1], new[head:][::-1], strict=False))
    tail = next((n for n, (a, b) in enumerate(ends) if a != b), len(ends))
    start, left = max(head - AROUND, 0), max(tail - AROUND, 0)
    before, after = (
        " ".join(["…"] * (start > 0) + words[start : len(words) - left] + ["…"] * (left > 0))
        for words in (old, new)
    )
    return f"> “{_line(before)}” → “{_line(after)}”"
