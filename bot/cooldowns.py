"""How often one member may ask for what takes a lot of work. Kept in memory, by real time."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from math import ceil

from bot.clock import Clock
from bot.errors import TooSoon

MANY = 1000  # members, above which those who have waited long enough are forgotten


class Cooldown:
    """`at_once` uses in a row, and one more for every `seconds` that pass."""

    def __init__(self, clock: Callable[[], float], at_once: int, seconds: float) -> None:
        self._clock = clock
        self._slack = (at_once - 1) * seconds
        self._seconds = seconds
        self._rested: dict[Hashable, float] = {}  # when each member will have all their uses again

    def wait(self, member_id: Hashable) -> float:
        """The seconds until the next use of the member, or of the member in a channel; 0: it has
        been used now."""
        now = self._clock()
        rested = max(self._rested.get(member_id, now), now)
        if rested - now > self._slack:
            return rested - now - self._slack
        if len(self._rested) >= MANY:
            self._rested = {one: when for one, when in self._rested.items() if when > now}
        self._rested[member_id] = rested + self._seconds
        return 0

    def use(self, member_id: int, what: str) -> None:
        """Raises TooSoon."""
        if wait := ceil(self.wait(member_id)):
            seconds = "a second" if wait == 1 else f"{wait} seconds"
            raise TooSoon(f"That's a lot of {what} in a row. Try again in {seconds}.")


@dataclass(frozen=True, slots=True)
class Cooldowns:
    questions: Cooldown
    pictures: Cooldown
    lines: Cooldown  # that `/wrote` says to everyone, by member and channel

    @classmethod
    def by(cls, clock: Clock) -> "Cooldowns":
        return cls(
            questions=Cooldown(clock.monotonic, 10, 3),
            pictures=Cooldown(clock.monotonic, 5, 5),
            lines=Cooldown(clock.monotonic, 5, 10),
        )
