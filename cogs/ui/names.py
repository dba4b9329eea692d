"""People as they are named to others."""

from collections.abc import Sequence

from bot.stories import markup
from cogs.ui.posts import escape

NAME_LENGTH = 32


def called(name: str | None) -> str:
    """None: someone who is gone, or was not seen in the server."""
    return escape(name, NAME_LENGTH) if name else "a writer"


def listing(names: Sequence[str | None], room: int) -> str:
    """All of them, or as many as there is room for, in characters."""
    shown = ""
    for number, name in enumerate(names):
        longer = f"{shown}, {called(name)}" if shown else called(name)
        if markup.length(longer) > room:
            return f"{shown} and {len(names) - number} more"
        shown = longer
    return shown
