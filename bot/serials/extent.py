"""How far a serial reaches: its parts, and those of them that may be read."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import BindParameter, Connection, bindparam, case, func, select

from bot.serials.posting import PUBLISHED
from bot.serials.records import State
from bot.serials.tables import excerpts, serials
from bot.stories import service as stories
from bot.stories.model import Position


@dataclass(frozen=True, slots=True)
class PartFacts:
    """Where a part stands, for those who count parts; `part` is its number in the chapter."""

    id: int
    number: int
    chapter: int
    part: int
    words: int
    start: Position


@dataclass(frozen=True, slots=True)
class Out:
    """The numbers of the last part that is published, and of the last that readers may read: its
    author may let them read ahead. 0 where there is none."""

    published: int
    readable: int


_SERIAL: BindParameter[int] = bindparam("serial")
_OUT = (
    select(
        func.max(case((excerpts.c.state == PUBLISHED, excerpts.c.number))).label("published"),
        func.max(excerpts.c.number).label("total"),
        serials.c.read_ahead,
        serials.c.state,
    )
    .join(serials, serials.c.id == excerpts.c.serial_id)
    .where(excerpts.c.serial_id == _SERIAL)
    .group_by(serials.c.id)
)
_END = select(excerpts.c.end_ordinal, excerpts.c.end_offset).where(
    excerpts.c.serial_id == _SERIAL, excerpts.c.number == bindparam("nth")
)
_PARTS = select(excerpts).where(excerpts.c.serial_id == _SERIAL).order_by(excerpts.c.number)


def out(conn: Connection, serial_id: int) -> Out:
    """Nobody reads ahead before part 1 is out, or while the serial does not run."""
    row = conn.execute(_OUT, {"serial": serial_id}).one_or_none()
    if row is None or row.published is None:
        return Out(0, 0)
    ahead = row.read_ahead if row.state == State.ACTIVE else 0
    return Out(row.published, min(row.published + ahead, row.total))


def end(conn: Connection, serial_id: int, number: int) -> Position | None:
    """Where part `number` ends; None where there is no such part."""
    row = conn.execute(_END, {"serial": serial_id, "nth": number}).one_or_none()
    return None if row is None else Position(row.end_ordinal, row.end_offset)


def parts(conn: Connection, serial_id: int, story_id: int) -> list[PartFacts]:
    """All of the serial's, in order."""
    chapters = {chapter.id: chapter.number for chapter in stories.contents(conn, story_id)}
    in_chapter: Counter[int] = Counter()
    found = []
    for row in conn.execute(_PARTS, {"serial": serial_id}):
        in_chapter[row.chapter_id] += 1
        found.append(
            PartFacts(
                row.id,
                row.number,
                chapters[row.chapter_id],
                in_chapter[row.chapter_id],
                row.words,
                Position(row.start_ordinal, row.start_offset),
            )
        )
    return found
