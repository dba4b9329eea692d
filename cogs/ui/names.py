"""People as they are named to others."""

import unicodedata
from collections.abc import Sequence

from bot.stories import markup
from cogs.ui.formats import plural
from cogs.ui.posts import escape

NAME_LENGTH = 32

# A name that is written from right to left, or says so, would take along what stands around it. By
# Unicode's annex 9: such letters, the marks that turn the direction, and those that keep a name
# apart from the rest.
_LEFTWARD = {"R", "AL"}
_TURNS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
_APART = "\u2068{}\u2069"


def called(name: str | None) -> str:
    """None: someone who is gone, or was not seen in the server."""
    shown = escape((name or "").translate(_TURNS), NAME_LENGTH) or "a writer"
    leftward = any(unicodedata.bidirectional(letter) in _LEFTWARD for letter in shown)
    return _APART.format(shown) if leftward else shown


def listing(names: Sequence[str | None], room: int) -> str:
    """All of them, or as many as there is room for, in characters."""
    most = (room + 2) // 3  # a letter each, and what is between them
    shown = [called(name) for name in names[:most]]
    for count in range(len(shown), 0, -1):
        left = len(names) - count
        said = ", ".join(shown[:count]) + (f" and {left} more" if left else "")
        if markup.length(said) <= room:
            return said
    return plural(len(names), "writer")
