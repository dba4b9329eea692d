"""The parts to come are read, cut outside of any transaction, for that takes time, and written if
they are still what was read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import groupby, takewhile

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.delivery import service as outbox
from bot.jobs import service as jobs
from bot.people import service as people
from bot.people import times
from bot.people.times import Slot
from bot.serials import notes, posting, storing
from bot.serials.coming import Change, Coming, Cut, Rest, restored
from bot.serials.excerpts import Place
from bot.serials.records import SLOT, Actor, Serial, owned
from bot.serials.tables import cuts, excerpts, serials, slots
from bot.stories import service as stories
from bot.stories.model import Position


def read(conn: Connection, actor: Actor, guild_id: int, serial_id: int, now: int) -> Coming:
    """The serial's parts to come, without text, for its author alone. Raises NotFound,
    NotAllowed."""
    serial = owned(conn, actor, guild_id, serial_id)
    rows = _planned(conn, serial_id)
    chapters = {chapter.id: chapter for chapter in stories.contents(conn, serial.story.id)}
    rests = tuple(
        Rest(
            chapter := chapters[chapter_id],
            tuple(Place(row.start_ordinal - chapter.first, row.start_offset) for row in of),
        )
        for chapter_id, of in groupby(rows, lambda row: int(row.chapter_id))
    )
    said = conn.execute(select(serials).where(serials.c.id == serial_id)).one()
    return Coming(
        serial,
        rests,
        rows[0].number if rows else posting.counts(conn, serial_id).total + 1,
        sum(row.words for row in rows),
        said.length,
        conn.scalar(select(func.max(cuts.c.id)).where(cuts.c.serial_id == serial_id)) or 0,
        _undo(conn, serial_id, rests, said.length),
        _timetable(conn, serial, said.starts_on, now),
    )


def with_text(conn: Connection, coming: Coming, at: Position | None = None) -> Coming:
    """The same with the text of every chapter, or of the one that the position is in."""
    index = None if at is None else coming.index(at)
    rests = list(coming.rests)
    for number, rest in enumerate(rests):
        if at is None or number == index:
            rests[number] = replace(rest, blocks=stories.chapter_blocks(conn, rest.chapter.id))
    return replace(coming, rests=tuple(rests))


def write(
    conn: Connection, actor: Actor, guild_id: int, coming: Coming, cut: Cut, interaction_id: int
) -> bool:
    """Cut the parts to come so. False: they are no longer what was read, so it must be thought
    over again. An interaction that comes twice, or after a later one, changes nothing."""
    serial_id = owned(conn, actor, guild_id, coming.serial.id).id
    recut_by = conn.scalars(select(serials.c.recut_by).where(serials.c.id == serial_id)).one()
    if recut_by is not None and interaction_id <= recut_by:
        return True
    rows = _planned(conn, serial_id)
    starts = [[row.start_ordinal, row.start_offset] for row in rows]
    expected = [rest.position(start) for rest in coming.rests for start in rest.starts]
    if starts != [[start.ordinal, start.offset] for start in expected]:
        return False
    if not cut.chapters and cut.length == coming.length:
        return True
    if cut.undone is None:
        values = {"serial_id": serial_id, "starts": starts, "length": coming.length}
        conn.execute(insert(cuts).values(values))
    else:
        conn.execute(delete(cuts).where(cuts.c.serial_id == serial_id, cuts.c.id >= cut.undone))
    conn.execute(
        update(serials)
        .where(serials.c.id == serial_id)
        .values(length=cut.length, recut_by=interaction_id)
    )
    _replace(conn, coming, cut, rows)
    return True


def _replace(
    conn: Connection, coming: Coming, cut: Cut, rows: Sequence[Row[tuple[object, ...]]]
) -> None:
    """Parts before the first that changes stay; what is up of the others is deleted."""
    before = [storing.values(row) for row in rows]
    after: list[storing.Values] = []
    for index, rest in enumerate(coming.rests):
        if index in cut.chapters:
            after += storing.rows(rest.chapter, rest.blocks, cut.chapters[index])
        else:
            after += [values for values in before if values["chapter_id"] == rest.chapter.id]
    pairs = zip(before, after, strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    gone = [row.id for row in rows[same:]]
    outbox.remove(conn, posting.EXCERPT, *gone)
    conn.execute(delete(excerpts).where(excerpts.c.id.in_(gone)))
    storing.add(conn, coming.serial.id, coming.first + same, after[same:])
    notes.arrange(conn, coming.serial.id, coming.serial.story.id)


def _planned(conn: Connection, serial_id: int) -> Sequence[Row[tuple[object, ...]]]:
    return conn.execute(
        select(excerpts)
        .where(excerpts.c.serial_id == serial_id, excerpts.c.state == posting.PLANNED)
        .order_by(excerpts.c.number)
    ).all()


def _undo(
    conn: Connection, serial_id: int, rests: tuple[Rest, ...], length: int | None
) -> Change | None:
    """The last change of which something is left to take back."""
    last = select(cuts).where(cuts.c.serial_id == serial_id).order_by(cuts.c.id.desc()).limit(1)
    row = conn.execute(last).one_or_none()
    while row is not None:
        starts = restored(rests, [Position(*start) for start in row.starts])
        if row.length != length or starts != tuple(rest.starts for rest in rests):
            return Change(row.id, starts, row.length)
        row = conn.execute(last.where(cuts.c.id < row.id)).one_or_none()
    return None


def _timetable(
    conn: Connection, serial: Serial, starts_on: str | None, now: int
) -> tuple[tuple[Slot, int], ...]:
    """The serial's slots, each with the instant after which it comes next."""
    rows = conn.execute(select(slots).where(slots.c.serial_id == serial.id)).all()
    due = jobs.due_by_key(conn, SLOT, [str(row.id) for row in rows])
    here = people.guild_zone(conn, serial.guild_id).zone.key
    used = date.fromisoformat(starts_on) - timedelta(days=1) if starts_on else None
    found = []
    for row in rows:
        slot = times.slot(row.minute, row.zone or here, row.weekdays)
        # One that is not running has no timer.
        when = due.get(str(row.id)) or times.next_slot(slot, now, used)[1]
        found.append((slot, when - 1))
    return tuple(found)
