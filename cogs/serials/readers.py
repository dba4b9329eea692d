"""`/serial readers`: how many are where, where they stop, what they loved."""

from collections import Counter
from itertools import groupby

from bot.companion import readership
from bot.companion.readership import Readership, Standing
from bot.serials import pages, ratings
from bot.serials.extent import PartFacts
from bot.serials.records import Serial
from cogs.ui import posts, reactions
from cogs.ui.asking import is_restricted
from cogs.ui.components import Interaction
from cogs.ui.formats import fitting, plural

MOST_LOVED = 3
BARS = "▁▂▃▄▅▆▇█"
NOT_COUNTED = "-# Who does not want to be counted (`/me privacy`) is not."


async def answer(interaction: Interaction, serial: Serial) -> None:
    """Reactions are asked for, and that may take a while."""
    await interaction.response.defer(ephemeral=True)
    database = interaction.client.services.database
    found = await database.read(readership.readership, serial)
    up = await database.read(pages.posts, [standing.part.id for standing in found.parts])
    parts = {row.message_id: row.subject for row in up.values() if row.message_id}
    loved = await reactions.count(interaction.client, serial.channel_id, parts)
    mine = serial.owner_discord_id == interaction.user.id
    titled = mine and ratings.may_show(serial.story, restricted=is_restricted(interaction))
    await interaction.edit_original_response(content=told(serial, found, loved, titled=titled))


def told(serial: Serial, found: Readership, loved: Counter[int], *, titled: bool) -> str:
    """A moderator may not have reached a chapter, so only its author is shown its title."""
    if not found.parts:
        return f"Nothing of {posts.title(serial)} has been posted yet."
    lines = [
        f"{posts.title(serial)}: {plural(found.readers, 'reader')}, {found.caught_up:,} of them "
        f"caught up. “I've read this” was pressed {sum(one.pressed for one in found.parts):,}×."
    ]
    if found.stops:
        stops = (f"{_place(one.part, titled)} ({one.here:,})" for one in found.stops)
        lines.append(f"**Where they stop**: {' · '.join(stops)}")
    if most := _most_loved(found, loved, titled):
        lines.append(f"**What they loved**: {' · '.join(most)}")
    lines.append("**Where they are**, a bar a part; in brackets, how many pressed")
    most_here = max(one.here for one in found.parts)
    for _, group in groupby(found.parts, lambda one: one.part.chapter):
        lines.append(_chapter(list(group), most_here, titled))
    return fitting(lines, NOT_COUNTED)


def _most_loved(found: Readership, loved: Counter[int], titled: bool) -> list[str]:
    parts = {one.part.id: one.part for one in found.parts}
    return [
        f"{_place(parts[part_id], titled)} ({plural(count, 'reaction')})"
        for part_id, count in loved.most_common(MOST_LOVED)
        if count
    ]


def _chapter(parts: list[Standing], most: int, titled: bool) -> str:
    chapter = parts[0].part.place.chapter
    name = posts.chapter_name(chapter if titled else chapter.untitled)
    bars = "".join(_bar(one.here, most) for one in parts)
    pressed = ", ".join(f"{one.pressed:,}" for one in parts)
    return f"{name}: `{bars}` {sum(one.here for one in parts):,} ({pressed})"


def _bar(count: int, most: int) -> str:
    return BARS[-(-count * (len(BARS) - 1) // most)] if count else BARS[0]


def _place(part: PartFacts, titled: bool) -> str:
    return posts.place_name(part.place if titled else part.place.untitled)
