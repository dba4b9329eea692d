"""A character as a reader knows them."""

from discord.ui import View

from bot.companion import characters
from bot.companion.characters import Spot, Who
from bot.serials.records import Serial
from cogs.story.asking_place import PlaceButton, first_line, looked_up_to, plain
from cogs.ui import posts
from cogs.ui.asking import member
from cogs.ui.components import Interaction, row
from cogs.ui.formats import fitting, plural

LONGEST = 120  # characters of a name, escaped
MOST_CHAPTERS, CHAPTER_LENGTH = 30, 24


async def start(interaction: Interaction, serial: Serial, typed: str) -> None:
    """Answer a command. Raises NotFound."""
    content, view = await _answer(interaction, serial, plain(typed))
    await interaction.response.send_message(content, view=view, ephemeral=True)


class WhoPlaceButton(PlaceButton, prefix="who-at"):
    async def answer(self, interaction: Interaction, serial: Serial, text: str) -> None:
        content, view = await _answer(interaction, serial, text)
        await interaction.response.edit_message(content=content, view=view)


async def _answer(interaction: Interaction, serial: Serial, text: str) -> tuple[str, View]:
    """The question first, to one of whom nobody knows how far they are."""
    database = interaction.client.services.database
    await characters.look_for_names(database, serial)
    found = await database.read(characters.who, member(interaction), serial, text)
    if found is None:
        return WhoPlaceButton.question(serial, text, begun=False)
    return f"{first_line(text)}\n{card(found)}", row(WhoPlaceButton.further(serial.id))


def card(found: Who) -> str:
    lines = [f"**{_name(found.name)}**"]
    if found.aliases:
        lines.append(f"Also: {', '.join(map(_name, found.aliases))}")
    lines += [f"- {posts.escape(fact, 700)}" for fact in found.facts]
    if found.first and found.last:
        lines += [
            f"Named first in {_spot(found.first)}, last in {_spot(found.last)}.",
            f"How often: {_counts(found.chapters)}.",
        ]
    if found.together:
        lines.append(f"Named in the same scenes: {', '.join(map(_name, found.together))}.")
    lines += ["> " + line.replace("\n", "\n> ") for line in found.lines]
    counted = "-# Names are counted, not “she” or “he”."
    return fitting(lines, f"{counted}\n{looked_up_to(found.upto)}")


def _name(name: str) -> str:
    return posts.escape(name, LONGEST)


def _spot(spot: Spot) -> str:
    place = posts.place_name(spot.part.place)
    return f"[{place}]({posts.link(spot.post)})" if spot.post else place


def _counts(chapters: tuple[tuple[str, int], ...]) -> str:
    told = [
        f"{posts.escape(name, CHAPTER_LENGTH)} ({count:,})"
        for name, count in chapters[:MOST_CHAPTERS]
    ]
    left = chapters[MOST_CHAPTERS:]
    if left:
        told.append(f"{plural(len(left), 'more chapter')} ({sum(count for _, count in left):,})")
    return " · ".join(told)
