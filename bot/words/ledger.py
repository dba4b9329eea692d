"""The ledger: what was written, when, for which project. Only ever added to; an import that is
undone is taken out whole (imports.py)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import ColumnElement, Connection, ScalarSelect, func, or_, select, update

from bot.db.metadata import upsert
from bot.errors import NotFound
from bot.people import service as people
from bot.words import day_totals
from bot.words.amounts import Unit
from bot.words.tables import entries, projects

TAKEN_BACK = "That entry was taken back. `/words history` shows what there is."


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry belongs: a project, a unit, a date of the writer's, and the server it was made
    in (None in direct messages)."""

    project_id: int
    unit: Unit
    day: date
    guild_id: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it stands, corrections included. `void`: all of it was taken back, or moved."""

    id: int
    place: Place
    project: str
    amount: int
    made_at: int
    source: str
    note: str | None
    void: bool


def add(
    conn: Connection,
    person_id: int,
    place: Place,
    amount: int,
    *,
    now: int,
    source: str,
    key: str,
    note: str | None = None,
    public: bool = False,
) -> Entry:
    """Make an entry, once for each `key`. It is private unless it is said to be `public`."""
    _insert(
        conn, person_id, place, amount, now=now, source=source, key=key, note=note, public=public,
        zone=_zone(conn, person_id, place),
    )  # fmt: skip
    entry_id = _keyed(conn, key)
    assert entry_id is not None
    return get(conn, person_id, entry_id)


def get(conn: Connection, person_id: int, entry_id: int) -> Entry:
    """The entry, or what it became when it was moved. Raises NotFound, also for another's."""
    found = _load(conn, entries.c.person_id == person_id, entries.c.id == _current(entry_id))
    if not found:
        raise NotFound("That entry is not here any more.")
    return found[0]


def correct(
    conn: Connection,
    person_id: int,
    entry_id: int,
    amount: int,
    note: str | None,
    now: int,
    key: str,
) -> Entry:
    """Have the entry say `amount` and `note` from now on; once for each `key`. Raises NotFound."""
    entry = claim(conn, person_id, entry_id)
    if _correct(conn, person_id, entry, amount, now=now, source="edit", key=key, void=False):
        conn.execute(update(entries).where(entries.c.id == entry.id).values(note=note))
    return get(conn, person_id, entry.id)


def undo(conn: Connection, person_id: int, entry_id: int, now: int, key: str) -> Entry:
    """Take the entry back, so that its day is as if it had never been made."""
    entry = _locked(conn, person_id, entry_id)
    if not entry.void:
        _correct(conn, person_id, entry, 0, now=now, source="undo", key=key, void=True)
    return get(conn, person_id, entry.id)


def restore(conn: Connection, person_id: int, undone: str, now: int, key: str) -> Entry | None:
    """Have the entry that was undone with the key `undone` say again what it said; once for each
    `key`. None if nothing was."""
    correction = conn.execute(
        select(entries.c.root_id, entries.c.amount).where(
            entries.c.person_id == person_id, entries.c.key == undone
        )
    ).one_or_none()
    if correction is None or correction.root_id is None:
        return None
    entry = _locked(conn, person_id, correction.root_id)
    if entry.void:
        amount = entry.amount - correction.amount
        _correct(conn, person_id, entry, amount, now=now, source="edit", key=key, void=False)
    return get(conn, person_id, entry.id)


def move(
    conn: Connection,
    person_id: int,
    entry_id: int,
    project_id: int,
    day: date,
    now: int,
    key: str,
) -> Entry:
    """Have the entry belong to another project or day, as if it had been made there; once for each
    `key`. Raises NotFound."""
    entry = claim(conn, person_id, entry_id)
    place = replace(entry.place, project_id=project_id, day=day)
    if place != entry.place and _keyed(conn, key) is None:
        old = conn.execute(select(entries).where(entries.c.id == entry.id)).one()
        _correct(conn, person_id, entry, 0, now=now, source="move", key=f"{key}:from", void=True)
        _insert(
            conn, person_id, place, entry.amount, now=entry.made_at, source=entry.source, key=key,
            note=entry.note, origin_id=old.origin_id or old.id, left_off=old.left_off,
            public=bool(old.public), zone=old.zone,
        )  # fmt: skip
    return get(conn, person_id, entry.id)


def settle(
    conn: Connection,
    person_id: int,
    place: Place,
    amount: int | None,
    *,
    now: int,
    source: str,
    key: str,
) -> int | None:
    """Have the one public entry of this `key` say `amount`; None: nothing was written, not even
    zero. Returns the id it was first made with, None where there is none. It stays where it was
    made, or where its writer has moved it; only what had been taken back is said again for the
    project of `place`."""
    entry_id = _keyed(conn, key)
    if entry_id is None:
        if amount is None:
            return None
        _insert(
            conn, person_id, place, amount, now=now, source=source, key=key, public=True,
            zone=_zone(conn, person_id, place),
        )  # fmt: skip
        return _keyed(conn, key)
    entry = _locked(conn, person_id, entry_id)
    if (amount is None) != entry.void or (amount or 0) != entry.amount:
        count = conn.scalar(select(func.count()).where(entries.c.root_id == entry.id)) or 0
        _correct(
            conn, person_id, entry, amount or 0, now=now, source="edit",
            key=f"{key}:{entry.id}:{count + 1}", void=amount is None,
        )  # fmt: skip
        if entry.void and entry.place.project_id != place.project_id:
            move(
                conn, person_id, entry_id, place.project_id, entry.place.day, now,
                f"{key}:{entry.id}:{count + 1}:project",
            )  # fmt: skip
    return entry_id


def first_id(conn: Connection, entry_id: int) -> int:
    """The id of what the entry was before all its moves."""
    found: int = conn.scalars(select(_origin(entry_id))).one()
    return found


def annotate(conn: Connection, person_id: int, key: str, note: str) -> None:
    """Put a note to the entry that was made with this key, wherever it is now."""
    entry_id = _keyed(conn, key)
    if entry_id is not None:
        entry = get(conn, person_id, entry_id)
        conn.execute(update(entries).where(entries.c.id == entry.id).values(note=note))


def total(conn: Connection, person_id: int, project_id: int, unit: Unit) -> int:
    """What has been written for the project in all."""
    found: int = conn.scalars(
        select(func.coalesce(func.sum(entries.c.amount), 0)).where(
            entries.c.person_id == person_id,
            entries.c.project_id == project_id,
            entries.c.unit == unit,
        )
    ).one()
    return int(found)


def on_day(conn: Connection, person_id: int, unit: Unit, day: date) -> int:
    """What has been written on one day, for whichever project."""
    found: int = conn.scalars(
        select(func.coalesce(func.sum(entries.c.amount), 0)).where(
            entries.c.person_id == person_id,
            entries.c.day == day.isoformat(),
            entries.c.unit == unit,
        )
    ).one()
    return int(found)


def latest(conn: Connection, person_id: int, limit: int, skip: int = 0) -> list[Entry]:
    """The writer's entries that have not been taken back, newest first."""
    mine = entries.c.person_id == person_id
    return _load(conn, mine, entries.c.void == 0, limit=limit, skip=skip)


def standing(conn: Connection, person_id: int, entry_ids: Sequence[int]) -> list[Entry]:
    """Those of these entries that have been neither taken back nor moved, newest first."""
    mine = entries.c.person_id == person_id
    return _load(conn, mine, entries.c.void == 0, entries.c.id.in_(entry_ids))


def days(conn: Connection, person_id: int) -> list[date]:
    """The dates with an entry, zeros included, in order."""
    found = conn.scalars(
        select(entries.c.day)
        .where(entries.c.person_id == person_id, entries.c.root_id.is_(None), entries.c.void == 0)
        .distinct()
        .order_by(entries.c.day)
    )
    return [date.fromisoformat(day) for day in found]


def _locked(conn: Connection, person_id: int, entry_id: int) -> Entry:
    """Nobody else corrects or moves it meanwhile. SQLite has one writer anyway and leaves this
    out."""
    conn.execute(select(entries.c.id).where(entries.c.id == _origin(entry_id)).with_for_update())
    return get(conn, person_id, entry_id)


def claim(conn: Connection, person_id: int, entry_id: int) -> Entry:
    """The entry, which nobody else corrects, moves or takes back before this transaction ends.
    Raises NotFound where it has been taken back."""
    entry = _locked(conn, person_id, entry_id)
    if entry.void:
        raise NotFound(TAKEN_BACK)
    return entry


def _origin(entry_id: int) -> ScalarSelect[int]:
    """The id of what the entry was before all its moves."""
    moved = entries.alias("moved")
    return (
        select(func.coalesce(moved.c.origin_id, moved.c.id))
        .where(moved.c.id == entry_id)
        .scalar_subquery()
    )


def _current(entry_id: int) -> ScalarSelect[int]:
    """The id of what the entry is after all its moves."""
    moved, origin = entries.alias("current"), _origin(entry_id)
    return (
        select(func.max(moved.c.id))
        .where(or_(moved.c.id == origin, moved.c.origin_id == origin))
        .scalar_subquery()
    )


def _was(entry_id: int) -> ColumnElement[bool]:
    """What an entry was at first, and what it became with each move."""
    return or_(entries.c.id == entry_id, entries.c.origin_id == entry_id)


def _keyed(conn: Connection, key: str) -> int | None:
    found: int | None = conn.scalar(select(entries.c.id).where(entries.c.key == key))
    return found


def _zone(conn: Connection, person_id: int, place: Place) -> str:
    """Where the writer is, so that the entry's time of day stays what it is now."""
    return people.zone_of_person(conn, person_id, place.guild_id).zone.key


def _insert(
    conn: Connection,
    person_id: int,
    place: Place,
    amount: int,
    *,
    now: int,
    source: str,
    key: str,
    note: str | None = None,
    root_id: int | None = None,
    origin_id: int | None = None,
    left_off: int = 0,
    public: bool = False,
    standing: int = 1,
    zone: str | None = None,
) -> bool:
    """`standing`: by how many entries more there are then. `zone`: in which it is made."""
    inserted = conn.execute(
        upsert(entries)
        .values(
            person_id=person_id, project_id=place.project_id, unit=place.unit, amount=amount,
            day=place.day.isoformat(), made_at=now, source=source, note=note,
            guild_id=place.guild_id, root_id=root_id, origin_id=origin_id, key=key,
            left_off=left_off, public=int(public), zone=zone,
        )
        .on_conflict_do_nothing(index_elements=["key"])
    )  # fmt: skip
    if inserted.rowcount and place.guild_id is not None and not left_off:
        day_totals.add(
            conn, place.guild_id, place.unit, person_id, place.day, amount, standing, now
        )
    return inserted.rowcount == 1


def _correct(
    conn: Connection,
    person_id: int,
    entry: Entry,
    amount: int,
    *,
    now: int,
    source: str,
    key: str,
    void: bool,
) -> bool:
    root = conn.execute(
        select(entries.c.left_off, entries.c.public).where(entries.c.id == entry.id)
    ).one()
    made = _insert(
        conn, person_id, entry.place, amount - entry.amount, now=now, source=source, key=key,
        root_id=entry.id, left_off=root.left_off, public=bool(root.public),
        standing=entry.void - void,
    )  # fmt: skip
    if made:
        conn.execute(update(entries).where(entries.c.id == entry.id).values(void=int(void)))
    return made


def _load(
    conn: Connection, *conditions: ColumnElement[bool], limit: int | None = None, skip: int = 0
) -> list[Entry]:
    part = entries.alias("part")
    corrections = (
        select(func.coalesce(func.sum(part.c.amount), 0))
        .where(part.c.root_id == entries.c.id)
        .scalar_subquery()
    )
    rows = conn.execute(
        select(entries, projects.c.title, (entries.c.amount + corrections).label("stands"))
        .join(projects, projects.c.id == entries.c.project_id)
        .where(entries.c.root_id.is_(None), *conditions)
        .order_by(entries.c.id.desc())
        .limit(limit)
        .offset(skip)
    )
    return [
        Entry(
            row.id,
            Place(row.project_id, Unit(row.unit), date.fromisoformat(row.day), row.guild_id),
            row.title,
            int(row.stands),
            row.made_at,
            row.source,
            row.note,
            bool(row.void),
        )
        for row in rows
    ]
