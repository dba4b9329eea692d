"""How times and numbers are written, and how much fits a message."""

from collections.abc import Sequence

from bot.stories import markup
from bot.stories.model import Rating
from bot.words.amounts import Unit

RATINGS = {
    Rating.GENERAL: "suits everyone",
    Rating.TEEN: "suits 13+",
    Rating.MATURE: "is mature, for 17+",
    Rating.EXPLICIT: "is explicit, for 18+",
}

MOST_LINES = 100  # of a list that are worth making: no message holds so many
ROOM = 1900  # of the 2,000 characters that Discord allows a message


def timestamp(milliseconds: int, style: str = "f") -> str:
    """Discord's own mark-up for an instant, which everyone sees in their own time zone."""
    return f"<t:{milliseconds // 1000}:{style}>"


def plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def measured(number: int, unit: Unit) -> str:
    return plural(number, unit.removesuffix("s"))


def shorten(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def fitting(lines: Sequence[str], last: str = "", *, more: int = 0) -> str:
    """As many lines as one message holds, and in any case the last; `more` follow that are not
    here."""
    room = ROOM - markup.length(last)
    shown: list[str] = []
    for line in lines:
        room -= markup.length(line) + 1
        if room < 0:
            break
        shown.append(line)
    left = len(lines) - len(shown) + more
    if left:
        shown.append(f"… and {left} more")
    return "\n".join([*shown, last] if last else shown)


def paged(lines: Sequence[str], most: int) -> list[str]:
    """All of the lines, as many on a page as one message holds, `most` of them at most."""
    pages: list[list[str]] = [[]]
    room = ROOM
    for line in lines:
        length = markup.length(line) + 1
        if pages[-1] and (length > room or len(pages[-1]) == most):
            pages.append([])
            room = ROOM
        pages[-1].append(line)
        room -= length
    return ["\n".join(page) for page in pages]
