"""How far a serial reaches: its parts, and those of them that may be read."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import BindParameter, Connection, bindparam, case, func, select

from bot.serials.posting import PUBLISHED
from bot.serials.records import State
from bot.serials.tables import excerpts, serials
from bot.stories import naming
from bot.stories import outline as outlines
from bot.stories.model import Position
from bot.stories.naming import ChapterName, PlaceName


@dataclass(frozen=True, slots=True)
class PartFacts:
    """Where a part stands, for those who count parts."""

    id: int
    number: int
    chapter: int
    place: PlaceName
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


_LAST_CHAPTER = (
    select(excerpts.c.chapter_id)
    .where(excerpts.c.serial_id == _SERIAL, excerpts.c.state == PUBLISHED)
    .order_by(excerpts.c.number.desc())
    .limit(1)
)


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
    outline = outlines.of_story(conn, story_id)
    rows = conn.execute(_PARTS, {"serial": serial_id}).all()
    parts = Counter(row.chapter_id for row in rows)
    in_chapter: Counter[int] = Counter()
    found = []
    for row in rows:
        in_chapter[row.chapter_id] += 1
        found.append(
            PartFacts(
                row.id,
                row.number,
                outline.chapters[row.chapter_id][0],
                outline.place(row.chapter_id, in_chapter[row.chapter_id], parts[row.chapter_id]),
                row.words,
                Position(row.start_ordinal, row.start_offset),
            )
        )
    return found


def chapter_names(conn: Connection, serial_id: int, story_id: int) -> dict[int, ChapterName]:
    """What chapters are called, by their ids; the title of one that is not out has no say in what
    it is counted as."""
    chapters = outlines.of_story(conn, story_id).chapters
    last = conn.scalar(_LAST_CHAPTER, {"serial": serial_id})
    out = chapters[last][0] if last else 0
    titles = [name.title if number <= out else None for number, name in chapters.values()]
    return dict(zip(chapters, naming.chapter_names(titles), strict=True))
