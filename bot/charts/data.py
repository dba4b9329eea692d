"""What the pictures show, each with a sentence that says it. Pure, and without Matplotlib: a
message's words and its picture come from the same values."""

from dataclasses import dataclass
from datetime import date, timedelta

Span = tuple[str, bool]  # a text, and whether it is in italics

MOST_BARS = 15


@dataclass(frozen=True, slots=True)
class Calendar:
    """A month of writing. `amounts`: of its days from the first to the last, None where nothing is
    logged."""

    title: str
    unit: str
    today: date
    amounts: tuple[int | None, ...]
    week_begins: int = 0  # a weekday, Monday is 0

    @property
    def total(self) -> int:
        return sum(amount or 0 for amount in self.amounts)

    @property
    def said(self) -> str:
        month = f"{self.today:%B %Y}"
        logged = [amount for amount in self.amounts if amount is not None]
        if not logged:
            return f"{month}: nothing is logged yet."
        said = f"{month}: {measured(self.total, self.unit)} on {measured(len(logged), 'days')}"
        if len(logged) == 1 or max(logged) <= 0:
            return f"{said}."
        best = self.amounts.index(max(logged)) + 1
        return f"{said}; the most on {best} {self.today:%B}: {max(logged):,}."


@dataclass(frozen=True, slots=True)
class Cumulative:
    """The way to a target. `amounts`: what was written on each day from `first` to today; `pars`:
    where an even pace would be on the evening of each day from `first` to the last."""

    title: str
    unit: str
    goal: int
    first: date
    amounts: tuple[int, ...]
    pars: tuple[int, ...]

    @property
    def written(self) -> int:
        return sum(self.amounts)

    @property
    def today(self) -> date:
        return self.first + timedelta(days=len(self.amounts) - 1)

    @property
    def last(self) -> date:
        return self.first + timedelta(days=len(self.pars) - 1)

    @property
    def elapsed(self) -> int | None:
        """In so many days that was written; today counts once something is written on it. None:
        there is no pace to speak of, or nothing to go."""
        days = len(self.amounts) - (self.amounts[-1] <= 0)
        ends = not 0 < self.written < self.goal or len(self.amounts) == len(self.pars)
        return None if ends or days < 1 else days

    @property
    def finish(self) -> date | None:
        """When the goal is reached at the pace so far, if that is in time."""
        days = self.elapsed and -(-self.goal * self.elapsed // self.written)
        return self.first + timedelta(days - 1) if days and days <= len(self.pars) else None

    @property
    def said(self) -> str:
        day, days = len(self.amounts), len(self.pars)
        return stands(self.written, self.goal, self.unit, day, days, self.pars[day - 1])


@dataclass(frozen=True, slots=True)
class Bars:
    """A sprint's results. `lines`: place, name and what was written, the first place first."""

    title: str
    unit: str
    lines: tuple[tuple[int, str, int], ...]

    @property
    def total(self) -> int:
        return sum(amount for _, _, amount in self.lines)

    @property
    def shown(self) -> tuple[tuple[int, str, int], ...]:
        """The first few. Those who tie for the last bar are all shown or all left out, unless
        everyone ties."""
        first = self.lines[:MOST_BARS]
        if len(self.lines) == len(first):
            return first
        following, _, _ = self.lines[MOST_BARS]
        return tuple(line for line in first if line[0] != following) or first

    @property
    def left_out(self) -> int:
        return len(self.lines) - len(self.shown)

    @property
    def said(self) -> str:
        told = [f"{place}. {name}, {amount:,}" for place, name, amount in self.shown]
        if self.left_out:
            told.append(f"and {self.left_out} more")
        return f"Together {measured(self.total, self.unit)}. {'; '.join(told)}"


@dataclass(frozen=True, slots=True)
class Thermometer:
    """What a room has written of all its members' goals added up, on a day of so many. Without a
    goal, 0."""

    title: str
    unit: str
    written: int
    goal: int
    par: int
    day: int
    days: int

    @property
    def stands(self) -> str:
        return stands(self.written, self.goal, self.unit, self.day, self.days, self.par)

    @property
    def said(self) -> str:
        return f"{self.title}: {self.stands}."


@dataclass(frozen=True, slots=True)
class Certificate:
    """What someone wrote from a first to a last day, on so many days. Without a goal, 0."""

    title: str
    name: str
    unit: str
    written: int
    goal: int
    first: date
    last: date
    days: int

    @property
    def reached(self) -> bool:
        return 0 < self.goal <= self.written

    @property
    def dates(self) -> str:
        first, last = spoken(self.first), spoken(self.last)
        return f"on {first}" if first == last else f"from {first} to {last}"

    @property
    def said(self) -> str:
        written, days = measured(self.written, self.unit), measured(self.days, "days")
        reached = f" The goal of {self.goal:,} is reached." if self.reached else ""
        return f"{self.title}: {self.name} wrote {written} {self.dates}, on {days}.{reached}"


@dataclass(frozen=True, slots=True)
class QuoteCard:
    """A quote in the story of this title. What is `under` it: who wrote it, and where it stands."""

    paragraphs: tuple[tuple[Span, ...], ...]
    title: str
    under: str


Chart = Calendar | Cumulative | Bars | Thermometer | Certificate
Data = Chart | QuoteCard


def stands(written: int, goal: int, unit: str, day: int, days: int, par: int) -> str:
    """Where a target stands on a day of so many, like "23,410 of 50,000 words, day 15 of 30, 1,590
    behind par"."""
    if not goal:
        return f"{measured(written, unit)}, day {day} of {days}"
    said = f"{written:,} of {measured(goal, unit)}, day {day} of {days}"
    if written >= goal:
        return f"{said}: done"
    if written == par:
        return f"{said}, on par"
    return f"{said}, {abs(written - par):,} {'behind' if written < par else 'ahead of'} par"


def measured(number: int, unit: str) -> str:
    """The unit in the plural."""
    return f"{number:,} {unit.removesuffix('s') if number == 1 else unit}"


def spoken(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
