"""Who is where on a board: ties stay together, and whoever asks is told their own place."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.stories import markup
from bot.words.amounts import Unit
from cogs.ui.formats import ROOM, fitting, measured
from cogs.ui.names import listing

SPARE = 40  # characters, for "… and 12 more" or a short line


@dataclass(frozen=True, slots=True)
class Ranked:
    """A line of a board. Those who tie have the same `place` and `amount`: what a line that they
    share says. `name` is None for someone who is gone."""

    place: int
    name: str | None
    amount: str
    line: str


def ranking(
    head: Sequence[str], ranked: Sequence[Ranked], last: str = "", *, after: Sequence[str] = ()
) -> str:
    """The lines of a board that one message holds, and then `after`, if there is room. Those who
    tie are all there: where their lines don't fit, they share one."""
    room = ROOM - SPARE - _length([*head, last])
    lines, left_out = list(head), 0
    for place, group in groupby(ranked, key=lambda one: one.place):
        tied = list(group)
        shown = [one.line for one in tied]
        if _length(shown) > room and len(tied) > 1:
            begin, end = f"**{place}.** ", f" · {tied[0].amount}"
            for_names = max(0, room - _length([begin + end]) - SPARE)
            names = listing([one.name for one in tied], for_names)
            shown = [begin + names + end]
        if left_out or _length(shown) > room:
            left_out += len(tied)
        else:
            lines += shown
            room -= _length(shown)
    if left_out:
        lines.append(f"… and {left_out:,} more")
    return fitting(lines + list(after) * (not left_out), last)


def own_place(place: int, amount: int, unit: Unit) -> str:
    """ "You're 23rd with 812 words." """
    return f"You're {ordinal(place)} with {measured(amount, unit)}."


def ordinal(number: int) -> str:
    """ "23rd" """
    teen = number % 100 in (11, 12, 13)
    ending = "th" if teen else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def _length(lines: Sequence[str]) -> int:
    return sum(markup.length(line) + 1 for line in lines)
