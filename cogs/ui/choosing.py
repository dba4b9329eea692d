"""Which serial is meant, where a command may name one."""

from collections.abc import Sequence

from discord.app_commands import Choice

from bot.errors import BadInput, NotFound
from bot.serials.records import Serial
from cogs.ui.formats import shorten

NONE_HERE = "There is no story here yet. An author adds one with `/serial add`."
NONE_OF_YOURS = "You have no story here. `/serial add` adds one."


def choices(serials: Sequence[Serial], typed: str) -> list[Choice[str]]:
    found = [one for one in serials if typed.casefold() in one.story.title.casefold()]
    return [Choice(name=shorten(one.story.title, 100), value=f"#{one.id}") for one in found[:25]]


def choose(
    serials: Sequence[Serial], said: str | None, channel_id: int | None, none: str = NONE_HERE
) -> Serial:
    """The serial that was said, else this channel's, else the only one. Raises NotFound (saying
    `none` where there is nothing to choose from), BadInput.

    `serials` are those that exist for the one who asks.
    """
    if said:
        named = [
            one
            for one in serials
            if said == f"#{one.id}" or said.casefold() == one.story.title.casefold()
        ]
        if not named:
            raise NotFound("I know no such story here. Pick one of the suggestions.")
        return named[0]
    if not serials:
        raise NotFound(none)
    here = [one for one in serials if one.channel_id == channel_id]
    if len(here or serials) > 1:
        raise BadInput(
            "There are several stories here: run it again and choose one in its last option."
        )
    return (here or list(serials))[0]
