"""`/story place`: the places that one may say, and which is meant."""

import re

from discord.app_commands import Choice

from bot.companion import service as companion
from bot.serials.pages import ChapterFacts
from bot.serials.records import Serial
from bot.stories import naming
from cogs.ui.asking import member
from cogs.ui.choosing import Option, pick, suggest
from cogs.ui.components import Interaction
from cogs.ui.formats import plural

CAUGHT_UP, START = "caught up", "start"
FINISHED, ALL_OUT = "finished", "all that is out of"  # a chapter
UNKNOWN = """\
I don't know that place. Pick one of the suggestions, or type a chapter, or a part's number."""

_NUMBER = re.compile(r"\d{1,6}")
_CHAPTER = re.compile(rf"(?:(?:{FINISHED}|{ALL_OUT}) )?(.*)")
_NUMBERED = re.compile(r"chapter (\d{1,6})")


async def suggestions(interaction: Interaction, serial: Serial, typed: str) -> list[Choice[str]]:
    """Chapters go by number, and by title only if one has reached them."""
    found: list[Option[int | None]] = [
        Option(None, CAUGHT_UP, "caught up: I read every part as it comes"),
        Option(0, START, "at the start"),
    ]
    for chapter in await _out(interaction, serial):
        done = FINISHED if chapter.published_parts == chapter.parts else ALL_OUT
        found.append(_option(chapter, f"{done} {chapter.name}"))
    return suggest(found, typed)


async def part_number(interaction: Interaction, serial: Serial, at: str) -> int | None:
    """None: caught up. Raises NotFound, BadInput."""
    said = " ".join(at.casefold().split())
    if said == CAUGHT_UP:
        return None
    if said == START:
        return 0
    if _NUMBER.fullmatch(said):
        return int(said)
    out = await _out(interaction, serial)
    match = _CHAPTER.fullmatch(said)
    chapter = match[1] if match else said
    if number := _NUMBERED.fullmatch(chapter):
        index = naming.numbered([one.name for one in out], int(number[1]))
        if index is not None:
            return out[index].last_out
    return pick([_option(one, str(one.name)) for one in out], chapter, UNKNOWN)


def _option(chapter: ChapterFacts, name: str) -> Option[int | None]:
    details = chapter.name.numbered, plural(chapter.words, "word")
    return Option(chapter.last_out, str(chapter.last_out), name, details)


async def _out(interaction: Interaction, serial: Serial) -> list[ChapterFacts]:
    facts = await interaction.client.services.database.read(
        companion.contents, member(interaction), serial.id, serial.story.id
    )
    return [chapter for chapter in facts if chapter.published_parts]
