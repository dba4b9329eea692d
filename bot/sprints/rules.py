"""What a count means, how fast it was written, who stands where. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.words.amounts import Amount, Sign

MINUTE = 60_000  # ms
LATE_COUNTS = 24 * 60 * MINUTE  # after the results, in which a count still changes them
SHORTEST_FOR_BEST = 5 * MINUTE  # a burst of a minute is no record
LATE_BELL = 10_000  # ms from which on the bell says how late it is


class State(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    COUNTING = "counting"
    FINISHED = "finished"
    CANCELLED = "cancelled"

    @property
    def live(self) -> bool:
        return self in (State.WAITING, State.RUNNING, State.COUNTING)


class Means(StrEnum):
    """What a number that was said is."""

    WRITTEN = "written"  # in this sprint, in all
    TOTAL = "total"  # the running total of what they work on


@dataclass(frozen=True, slots=True)
class Reading:
    """What a declaration comes to. `written` is None where it is a total and the start count is
    missing. `count` is the running total, if known. Not `confirmed`: too odd to be ranked unasked.
    `other` is what else the number might mean."""

    written: int | None
    count: int | None
    confirmed: bool = True
    other: Means | None = None


def read(
    said: Amount, *, start: int | None, written: int | None, minutes: float, pace: int
) -> Reading:
    """What someone means who began at `start` (None: not said), has declared `written` so far and
    has been writing for `minutes`, at `pace` words a minute at most."""

    def plausible(words: int) -> bool:
        return 0 <= words <= pace * (minutes + 1)

    def as_written(words: int, *, other: Means | None = None) -> Reading:
        count = None if start is None else start + words
        return Reading(words, count, plausible(words), other)

    match said.sign:
        case Sign.LESS:
            return as_written((written or 0) - said.number)
        case Sign.MORE:
            more = (written or 0) + said.number
            if not written:
                return as_written(more)
            if plausible(more) or not plausible(said.number):
                return as_written(more, other=Means.WRITTEN)
            return as_written(said.number)
        case Sign.TOTAL:
            if start is None:
                return Reading(None, said.number, confirmed=False)
            return as_written(said.number - start)
    as_total = None if start is None else said.number - start
    if said.number in (0, as_total):
        return as_written(said.number)
    if as_total is not None and plausible(as_total):
        return Reading(
            as_total, said.number, other=Means.WRITTEN if plausible(said.number) else None
        )
    if plausible(said.number):
        return as_written(said.number, other=Means.TOTAL)
    return Reading(as_total, said.number, confirmed=False, other=Means.WRITTEN)


def chosen(number: int, means: Means, start: int | None) -> Reading:
    """What it comes to once they have said what they mean."""
    if means is Means.WRITTEN:
        return Reading(number, None if start is None else start + number)
    if start is None:
        return Reading(None, number, confirmed=False)
    return Reading(number - start, number)


def own_time(starts_at: int, ends_at: int, joined_at: int) -> int:
    """The milliseconds that someone had who joined then; at least one second, so that there is a
    speed."""
    return max(ends_at - max(starts_at, joined_at), 1000)


def wpm(words: int, milliseconds: int) -> int:
    """Words a minute, rounded."""
    return round(words * MINUTE / milliseconds)


def places(scores: Sequence[int]) -> list[int]:
    """The place of each score, counted from 1; equal scores share one."""
    return [1 + sum(other > score for other in scores) for score in scores]
