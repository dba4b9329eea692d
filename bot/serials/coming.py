"""The parts to come, and what their author may do to the cut. Pure; lengths are in words."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from heapq import merge
from itertools import islice, takewhile, zip_longest

from bot.errors import BadInput, Conflict
from bot.people import times
from bot.people.dates import Reading, Side, read
from bot.people.times import Slot
from bot.serials.excerpts import WHOLE, Excerpt, Place, Uncut
from bot.serials.pages import Part
from bot.serials.records import Serial
from bot.stories.model import Block, Position
from bot.stories.service import Chapter

SHORTEST, LONGEST = 50, 5000  # words that may be asked for
_STEP = 10  # words between the lengths that are tried to finish by a date
LOOKED_AT = 500  # characters of the text after a place, of which fewer are shown
MOST_PLACES = 25  # that a menu holds

Starts = tuple[tuple[Place, ...], ...]  # of each chapter's parts to come


@dataclass(frozen=True, slots=True)
class Rest:
    """What is to come of a chapter: where each part begins, by the chapter's blocks, which are
    here only where they were asked for."""

    chapter: Chapter
    starts: tuple[Place, ...]
    blocks: tuple[Block, ...] = ()

    def place(self, position: Position) -> Place:
        return Place(position.ordinal - self.chapter.first, position.offset)

    def position(self, place: Place) -> Position:
        return Position(self.chapter.first + place.block, place.offset)


@dataclass(frozen=True, slots=True)
class Change:
    """How the parts to come were before their author changed them."""

    id: int
    starts: Starts
    length: int | None


@dataclass(frozen=True, slots=True)
class Coming:
    """The parts to come. `first` is the number of the first of them, `newest` the id of the last
    change (0: none), `undo` the last one that can still be taken back. `timetable` holds the
    serial's slots, each with the instant after which it comes next."""

    serial: Serial
    rests: tuple[Rest, ...]
    first: int
    words: int
    length: int | None
    newest: int
    undo: Change | None
    timetable: tuple[tuple[Slot, int], ...]

    @property
    def parts(self) -> int:
        return sum(len(rest.starts) for rest in self.rests)

    @property
    def last_day(self) -> date | None:
        """The local date of the last part, where it is known when they come."""
        comings = merge(*(times.comings(slot, after) for slot, after in self.timetable))
        days = [day for _, day in islice(comings, self.parts)]
        return days[-1] if days else None

    def times_until(self, last: date) -> int:
        """How often the serial's slots come up to and including that date; of each no more than
        there are words, for there can't be more parts."""
        return sum(
            sum(1 for _ in takewhile(lambda coming: coming[1] <= last, islice(comings, self.words)))
            for comings in (times.comings(slot, after) for slot, after in self.timetable)
        )

    def index(self, position: Position) -> int | None:
        """Which of the rests the position is in."""
        begun = sum(1 for rest in self.rests if rest.chapter.first <= position.ordinal)
        return begun - 1 if begun else None

    def border_after(self, number: int) -> Position | None:
        """Where the chapter of part `number` goes on with the next part."""
        index = number - self.first
        for rest in self.rests:
            if index < len(rest.starts):
                after = rest.starts[index + 1 : index + 2]
                return rest.position(after[0]) if after else None
            index -= len(rest.starts)
        return None


@dataclass(frozen=True, slots=True)
class Cut:
    """What is to be written: the chapters that change, by their index among the rests, and the
    length for what is added later. `undone`: the change that this takes back."""

    length: int | None
    chapters: dict[int, list[Excerpt]] = field(default_factory=dict)
    undone: int | None = None


def parse_length(typed: str) -> int:
    """The words in "300 words" or "300", WHOLE for "a chapter a day". Raises BadInput."""
    plain = typed.lower().replace(",", "")
    if "chapter" in plain:
        return WHOLE
    said = re.fullmatch(r"\s*(?:about )?(\d{1,6})\s*(?:words?)?(?: a (?:part|day))?\s*", plain)
    if said and SHORTEST <= int(said[1]) <= LONGEST:
        return int(said[1])
    raise BadInput(
        f"“{typed}” is no length for a part. Write a number of words from {SHORTEST} to "
        f"{LONGEST:,}, like 300 words, or: a chapter a day."
    )


def places(part: Part, page: int, blocks: Sequence[Block]) -> list[tuple[Position, str]]:
    """Where the page of a part may be cut, in order, with the text that follows. Where there are
    many it is ends of paragraphs first, then those near the middle. `blocks` go from the part's
    first to its last."""
    first = part.pages[0].ordinal
    start, end = (
        Place(position.ordinal - first, position.offset)
        for position in (*part.pages, part.end)[page : page + 2]
    )
    begin = Place(0, part.pages[0].offset)
    found = [(at, cost) for at, cost in Uncut(blocks, [begin]).borders() if start <= at < end]
    wanted = sorted(
        range(len(found)), key=lambda index: (found[index][1], abs(2 * index + 1 - len(found)))
    )
    return [
        (
            Position(first + at.block, at.offset),
            blocks[at.block].text[at.offset : at.offset + LOOKED_AT].strip(),
        )
        for at, _ in (found[index] for index in sorted(wanted[:MOST_PLACES]))
    ]


def cut_at(coming: Coming, position: Position) -> Cut:
    """Have a part begin here. Raises Conflict where none can."""
    index = coming.index(position)
    if index is not None:
        rest = coming.rests[index]
        place = rest.place(position)
        if place in rest.starts:
            return Cut(coming.length)
        uncut = Uncut(rest.blocks, rest.starts)
        if any(place == border for border, _ in uncut.borders()):
            return Cut(coming.length, {index: uncut.at([*rest.starts, place])})
    raise Conflict(
        "That part has been posted, or changed, since. `/serial preview` shows how it is now."
    )


def join(coming: Coming, border: Position) -> Cut:
    """Have no part begin here, but the first of a chapter and of what is to come."""
    index = coming.index(border)
    if index is None or coming.rests[index].place(border) not in coming.rests[index].starts[1:]:
        return Cut(coming.length)
    rest = coming.rests[index]
    kept = [start for start in rest.starts if start != rest.place(border)]
    return Cut(coming.length, {index: Uncut(rest.blocks, kept).at(kept)})


def undo(coming: Coming, newest: int) -> Cut:
    """Take the last change back, of what is still to come, if `newest` is the last still. Raises
    Conflict where all that was changed is out."""
    if newest != coming.newest:
        return Cut(coming.length)
    if coming.undo is None:
        raise Conflict("What you changed has been posted since, so it can't be taken back.")
    chapters = {
        index: Uncut(rest.blocks, starts).at(starts)
        for index, (rest, starts) in enumerate(zip(coming.rests, coming.undo.starts, strict=True))
        if starts != rest.starts
    }
    return Cut(coming.undo.length, chapters, coming.undo.id)


def recut(coming: Coming, length: int) -> Cut:
    """All that is to come in parts of about so many words, or of WHOLE chapters."""
    return _evenly(coming, _uncut(coming), length)


def finish(coming: Coming, typed: str, now: int) -> Cut:
    """All that is to come in the shortest parts that are out by the date that was typed. Raises
    BadInput, Conflict."""
    if not coming.rests:
        raise Conflict(
            "Every part has been posted, so nothing is left to finish. Add the next chapter with "
            "`/serial add`."
        )
    if not coming.timetable:
        raise BadInput(
            f"I can't tell when {coming.serial.story.quoted} finishes, as it has no schedule yet. "
            "`/serial schedule` sets one; or choose a `length`."
        )
    day = finish_by(coming, typed, now).day
    chances = coming.times_until(day)
    if len(coming.rests) > chances:
        raise BadInput(
            f"Chapters to come: {len(coming.rests)}; times to post up to {times.spoken(day)}: "
            f"{chances}. Even a chapter a day is too slow: choose a later date, or post more "
            "often with `/serial schedule`."
        )
    uncut = _uncut(coming)
    lengths = range(SHORTEST, LONGEST + 1, _STEP)

    def fits(length: int) -> bool:
        return sum(chapter.count(length) for chapter in uncut) <= chances

    found = bisect_left(lengths, True, key=fits)
    return _evenly(coming, uncut, lengths[found] if found < len(lengths) else WHOLE)


def finish_by(coming: Coming, typed: str, now: int) -> Reading:
    """The date that was typed, where the serial is posted. Raises BadInput."""
    return read(typed, today_of(coming, now), Side.COMING)


def today_of(coming: Coming, now: int) -> date:
    return times.local(now, coming.timetable[0][0].zone).date()


def restored(rests: Sequence[Rest], starts: Sequence[Position]) -> Starts:
    """Where the parts to come would begin if they began where they once did. Chapters added since
    stay as they are, and the first part begins where what is posted ends."""
    found = []
    for rest, following in zip_longest(rests, rests[1:]):
        told = [
            rest.place(start)
            for start in starts
            if rest.chapter.first <= start.ordinal
            and (following is None or start.ordinal < following.chapter.first)
        ]
        later = (place for place in told if place > rest.starts[0])
        found.append((rest.starts[0], *later) if told else rest.starts)
    return tuple(found)


def _uncut(coming: Coming) -> list[Uncut]:
    return [Uncut(rest.blocks, rest.starts[:1]) for rest in coming.rests]


def _evenly(coming: Coming, uncut: Sequence[Uncut], length: int) -> Cut:
    cut = {index: chapter.evenly(length) for index, chapter in enumerate(uncut)}
    return Cut(
        length,
        {
            index: parts
            for index, parts in cut.items()
            if tuple(part.start for part in parts) != coming.rests[index].starts
        },
    )
