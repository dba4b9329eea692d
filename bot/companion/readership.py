"""How many readers are where, for the author of what they read: counts, never names."""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, select

from bot.companion.horizon import START
from bot.companion.tables import counted_places, counted_reads, reads, uncounted
from bot.db.metadata import upsert
from bot.delivery import service as outbox
from bot.people import service as people
from bot.people.service import Member
from bot.serials import extent
from bot.serials.extent import PartFacts
from bot.serials.posting import EXCERPT
from bot.serials.records import Serial
from bot.stories.model import Position

MOST_STOPS = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """A part that is out: how many have come as far as it and no further, and how many have pressed
    "I've read this" under it."""

    part: PartFacts
    here: int
    pressed: int


@dataclass(frozen=True, slots=True)
class Readership:
    """The parts that are out, in order, and how many have begun the story."""

    parts: tuple[Standing, ...]
    readers: int

    @property
    def caught_up(self) -> int:
        return self.parts[-1].here if self.parts else 0

    @property
    def stops(self) -> list[Standing]:
        """Where most of those stand who are not caught up, the most first."""
        waiting = [standing for standing in self.parts[:-1] if standing.here]
        return sorted(waiting, key=lambda standing: -standing.here)[:MOST_STOPS]


def readership(conn: Connection, serial: Serial) -> Readership:
    """Of those who want to be counted."""
    last = extent.out(conn, serial.id).published
    parts = extent.parts(conn, serial.id, serial.story.id)[:last]
    here = _here(conn, serial.story.id, parts)
    rows = conn.execute(
        select(counted_reads.c.excerpt_id, func.count().label("readers"))
        .where(counted_reads.c.excerpt_id.in_([part.id for part in parts]))
        .group_by(counted_reads.c.excerpt_id)
    )
    pressed = {row.excerpt_id: row.readers for row in rows}
    standings = (Standing(part, here[part.number], pressed.get(part.id, 0)) for part in parts)
    return Readership(tuple(standings), here.total())


def _here(conn: Connection, story_id: int, parts: list[PartFacts]) -> Counter[int]:
    """How many readers stand in which of these parts, by its number. Who follows the channel, or
    reads ahead, is in the last."""
    starts = [part.start for part in parts]
    where = counted_places.c["horizon_ordinal", "horizon_offset", "following"]
    rows = conn.execute(
        select(*where, func.count().label("readers"))
        .where(counted_places.c.story_id == story_id)
        .group_by(*where)
    )
    here: Counter[int] = Counter()
    for row in rows:
        come = START
        if row.horizon_ordinal is not None:
            come = Position(row.horizon_ordinal, row.horizon_offset)
        number = len(parts) if row.following else bisect_left(starts, come)
        if number:
            here[number] += row.readers
    return here


def is_counted(conn: Connection, person_id: int) -> bool:
    found = select(uncounted.c.person_id).where(uncounted.c.person_id == person_id)
    return conn.scalar(found) is None


def set_counted(conn: Connection, member: Member, counted: bool, now: int) -> None:
    """Whether the member is counted among readers; what the buttons under posts say follows."""
    person_id = people.person_id(conn, member, now)
    if counted is is_counted(conn, person_id):
        return
    if counted:
        conn.execute(delete(uncounted).where(uncounted.c.person_id == person_id))
    else:
        conn.execute(upsert(uncounted).values(person_id=person_id).on_conflict_do_nothing())
    pressed = select(reads.c.excerpt_id).where(reads.c.person_id == person_id)
    for excerpt_id in conn.scalars(pressed).all():
        outbox.mark_dirty(conn, EXCERPT, excerpt_id)
