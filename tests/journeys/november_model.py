"""A November beside the bot's, kept in the plainest way: who wrote how much on which of their own
dates. What ought to be told of it is worked out anew, with none of the bot's rules."""

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import ceil
from zoneinfo import ZoneInfo

from playground.people import Person

Names = dict[str, set[str]]  # by the badge


@dataclass(eq=False)
class Writer:
    """`wrote`: the amounts of each of their dates; `first`: their own first day, once they have
    joined; `told`: the badges of which no evening speaks any more."""

    person: Person
    zone: str | None = None
    target: int = 50_000
    listed: bool = True
    first: date | None = None
    within: bool = False
    wrote: defaultdict[date, list[int]] = field(default_factory=lambda: defaultdict(list))
    badges: dict[str, int] = field(default_factory=dict)  # when each was earned
    told: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return self.person.name


class November:
    """All texts are without what keeps a name apart from what stands around it."""

    def __init__(self, year: int, zone: str) -> None:
        self.title = f"**November {year}**"
        self.zone = zone
        self.days = [date(year, 11, day) for day in range(1, 31)]
        self.writers: list[Writer] = []
        self._past_halfway = False

    @property
    def room(self) -> list[Writer]:
        return [one for one in self.writers if one.within]

    def today(self, writer: Writer, now: int) -> date:
        zone = ZoneInfo(writer.zone or self.zone)
        return datetime.fromtimestamp(now / 1000, UTC).astimezone(zone).date()

    def day_of_sprint(self, writer: Writer, began: datetime, minutes: int) -> date:
        """The date that most of its minutes have where the writer is; of two with as many the
        earlier."""
        zone = ZoneInfo(writer.zone or self.zone)
        dates = Counter(
            (began.astimezone(UTC) + timedelta(minutes=minute)).astimezone(zone).date()
            for minute in range(minutes)
        )
        return min(day for day, many in dates.items() if many == max(dates.values()))

    def written(self, writer: Writer, until: date | None = None) -> int:
        return sum(sum(writer.wrote[day]) for day in self.days if until is None or day <= until)

    def par(self, writer: Writer, evening: date) -> int:
        assert writer.first is not None
        theirs = [day for day in self.days if day >= writer.first]
        return ceil(Fraction(writer.target * sum(day <= evening for day in theirs), len(theirs)))

    def board(self, now: int) -> list[str]:
        """The room against its par, and everyone's place, in any order."""
        total, target = self._together(None)
        par = sum(self.par(one, self.today(one, now)) for one in self.room)
        apart = f"{total - par:,} ahead" if total > par else f"{par - total:,} to go"
        shares = {one: Fraction(self.written(one), one.target) for one in self.room if one.listed}
        lines = [
            f"**{1 + sum(other > share for other in shares.values())}. {one.name}** · "
            f"{int(100 * share)}% · {self.written(one):,} of {one.target:,}"
            for one, share in shares.items()
        ]
        unlisted = len(self.room) - len(shares)
        return [
            f"**{total:,} of {target:,} words** together · par this evening {par:,}: {apart}",
            *sorted(lines),
            f"{len(self.room)} writers in it, {unlisted} of them counted only.",
        ]

    def look(self, now: int) -> None:
        """Who has earned a badge by now keeps it."""
        for one in self.room:
            for badge in self._earned(one, over=self.today(one, now) > self.days[-1]):
                one.badges.setdefault(badge, now)

    def tell(self) -> Names:
        """The badges that are told now, and never again."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for one in self.room:
            for badge in one.badges.keys() - one.told:
                one.told.add(badge)
                if one.listed:
                    found[badge].add(one.name)
        return dict(found)

    def evening(self, day: date) -> list[str]:
        """What it says of the day and of all days up to it."""
        past = [
            (one.badges["halfway"], one.name)
            for one in self.room
            if one.listed and "halfway" in one.badges
        ]
        first_past_halfway = bool(past) and not self._past_halfway
        self._past_halfway = bool(past)
        wrote = {each: one for each in self.days if each <= day and (one := self._wrote_on(each))}
        today, before = wrote.pop(day, []), list(wrote.values())
        total, target = self._together(day)
        par = sum(self.par(one, day) for one in self.room)
        apart = f"{total - par:,} ahead of" if total > par else f"{par - total:,} behind"
        number = self.days.index(day) + 1
        if not today:
            said = "A quiet day so far. Whatever still comes counts, also when you log it later."
        else:
            said = f"**{sum(today):,} words today.** "
            if first_past_halfway:
                said += f"**{min(past)[1]}** is the first on the board past halfway!"
            elif before and sum(today) > max(map(sum, before)):
                said += f"The biggest day so far, by {len(today)} writers!"
            elif len(today) == len(self.room):
                said += "Everyone who is in it has written today!"
            elif before and len(today) > max(map(len, before)):
                said += f"{len(today)} have written, more than on any day before!"
            else:
                said += f"{len(today)} of {len(self.room)} have written."
        return [
            f"{self.title} · day {number} of 30",
            said,
            f"Together {total:,} of {target:,} words, day {number} of 30, {apart} par.",
        ]

    def final(self) -> list[str]:
        """How much they wrote together, and who reached their target and who did not."""
        wrote = {one: self.written(one) for one in self.room if self.written(one)}
        return [
            f"{self.title} is over: **{sum(wrote.values()):,} words** by {len(wrote)} writers",
            *sorted(
                f"{reached}: **{one.name}** {amount:,}"
                for one, amount in wrote.items()
                if one.listed
                for reached in ["Reached their target" if amount >= one.target else "Wrote"]
            ),
        ]

    def certificate(self, writer: Writer) -> str:
        days = [day for day in self.days if writer.wrote[day]]
        assert writer.first is not None
        return (
            f"**{writer.name}** wrote **{self.written(writer):,} words** for {self.title}, from "
            f"{min([writer.first, *days]).day} November {days[0].year} to 30 November "
            f"{days[0].year}, on {len(days)} days."
        )

    def _together(self, until: date | None) -> tuple[int, int]:
        return (
            sum(self.written(one, until) for one in self.room),
            sum(one.target for one in self.room),
        )

    def _wrote_on(self, day: date) -> list[int]:
        """How much each of those did who made an entry."""
        return [sum(one.wrote[day]) for one in self.room if one.wrote[day]]

    def _earned(self, writer: Writer, *, over: bool) -> set[str]:
        written = self.written(writer)
        days = {day for day in self.days if writer.wrote[day]}
        most = max((sum(writer.wrote[day]) for day in days), default=0)
        has = {
            "first words": most > 0,
            "1,667 in a day": most >= 1_667,
            "halfway": 2 * written >= writer.target,
            "par every day": over and self._kept_par(writer),
        }
        has |= {f"{n:,} words": written >= n for n in (5_000, 10_000, 25_000, 40_000, 50_000)}
        has |= {
            f"{n} days in a row": any(
                days.issuperset(self.days[at : at + n]) for at in range(31 - n)
            )
            for n in (3, 7, 14, 21, 30)
        }
        return {badge for badge, earned in has.items() if earned}

    def _kept_par(self, writer: Writer) -> bool:
        return all(
            self.written(writer, day) >= self.par(writer, day)
            for day in self.days
            if writer.first is not None and day >= writer.first
        )


def plain(content: str) -> str:
    return re.sub(r"\\(.)|[\u2068\u2069]", r"\1", content)


def badges_in(content: str) -> Names:
    told = re.findall(r"^- (.+): (.+)$", plain(content), re.MULTILINE)
    return {badge: set(names.split(", ")) for badge, names in told}


def board_in(content: str) -> list[str]:
    """As `November.board` has it: without the heading, the bar, and what counts."""
    _, room, *lines, writers, _ = plain(content).splitlines()
    return [room.partition(" ")[2], *sorted(lines), writers]


def evening_in(content: str) -> list[str]:
    return plain(content).splitlines()[:3]


def final_in(content: str) -> list[str]:
    """As `November.final` has it."""
    lines = plain(content).splitlines()
    named = [
        f"{heading}: {one}"
        for heading, colon, names in (line.partition(": ") for line in lines)
        if heading in ("Reached their target", "Wrote") and colon
        for one in names.split(" · ")
    ]
    return [lines[0].partition(".")[0], *sorted(named)]
