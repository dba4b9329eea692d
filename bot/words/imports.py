"""Entries from a file, added to the ledger: each once, however often the file comes."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, and_, delete, exists, func, or_, select

from bot.db.metadata import upsert
from bot.errors import Conflict, NotFound
from bot.people import service as people
from bot.people.service import Member
from bot.words import ledger, starting_counts
from bot.words.amounts import Unit
from bot.words.projects import MOST_PROJECTS, default, fold
from bot.words.service import TOTAL
from bot.words.tables import entries, goals, projects, writers
from bot.words.tables import starting_counts as starts_of
from bot.words.transfer import Line, Start

SOURCE = "import"
UNDONE_WITHIN = 30 * 86_400_000  # ms
EVERYTHING = 1 << 60  # more entries than anyone makes


@dataclass(frozen=True, slots=True)
class Added:
    """The lines that were new, and how many were there already."""

    lines: tuple[Line, ...]
    known: int


def add(
    conn: Connection,
    member: Member,
    lines: Iterable[Line],
    now: int,
    *,
    starts: Iterable[Start] = (),
    import_id: int | None = None,
) -> Added:
    """Add what the ledger does not have yet, each of several equal lines for itself; projects that
    are missing are made, and empty ones start where `starts` say. It was made in no server, so it
    counts on no server's boards. Raises Conflict."""
    person_id = people.person_id(conn, member, now)
    had = Counter(
        _content(entry.place.day, entry.amount, entry.place.unit, entry.project, entry.note)
        for entry in ledger.latest(conn, person_id, EVERYTHING)
    )
    imported = set(  # some of which may have been changed since
        conn.scalars(
            select(entries.c.key).where(
                entries.c.person_id == person_id, entries.c.source == SOURCE
            )
        )
    )
    seen: Counter[str] = Counter()
    new: dict[str, Line] = {}
    known = 0
    for line in lines:
        content = _content(line.day, line.amount, line.unit, line.project, line.note)
        seen[content] += 1
        digest = hashlib.sha256(f"{person_id}\n{content}\n{seen[content]}".encode())
        key = f"{SOURCE}:{digest.hexdigest()}"
        if seen[content] <= had[content] or key in imported:
            known += 1
        else:
            new[key] = line
    if new:
        ids = _project_ids(conn, person_id, new.values(), now, import_id)
        for start in starts:
            project_id = ids.get(fold(start.project or ""))
            if project_id and not starting_counts.total(conn, person_id, project_id, start.unit):
                starting_counts.put(
                    conn, person_id, project_id, start.unit, start.amount, import_id=import_id
                )
        conn.execute(
            upsert(entries).on_conflict_do_nothing(index_elements=["key"]),
            [
                {
                    "person_id": person_id,
                    "project_id": ids[fold(line.project or "")],
                    "unit": line.unit,
                    "amount": line.amount,
                    "day": line.day.isoformat(),
                    "made_at": now,
                    "source": SOURCE,
                    "note": line.note,
                    "key": key,
                    "import_id": import_id,
                }
                for key, line in new.items()
            ],
        )
    return Added(tuple(new.values()), known)


def undo(conn: Connection, member: Member, import_id: int, now: int) -> int:
    """Take a whole import out of the ledger, as if it had never been made, with the projects that
    were made for it alone. Returns how many entries it had. Raises NotFound, Conflict."""
    person_id = people.find(conn, member.discord_id) or 0
    theirs = and_(entries.c.person_id == person_id, entries.c.import_id == import_id)
    made = conn.execute(select(entries).where(theirs).with_for_update()).all()
    if not made:
        raise NotFound("That import is undone already.")
    if now - made[0].made_at > UNDONE_WITHIN:
        raise Conflict(
            "An import can be undone for 30 days. `/words history` changes single entries."
        )
    ids = select(entries.c.id).where(theirs)
    corrected = conn.scalar(select(func.count()).where(entries.c.root_id.in_(ids)))
    if corrected or any(entry.void for entry in made):
        raise Conflict(
            "You have changed some of its entries since, so I can't undo it as a whole. "
            "`/words history` changes single entries."
        )
    counted_on = conn.scalar(
        select(func.count()).where(
            entries.c.person_id == person_id,
            entries.c.source == TOTAL,
            entries.c.void == 0,
            entries.c.id > max(entry.id for entry in made),
            entries.c.project_id.in_({entry.project_id for entry in made}),
        )
    )
    if counted_on:
        raise Conflict(
            "You have set a running total since that counts on it. Take that back in "
            "`/words history`, then undo the import."
        )
    conn.execute(delete(entries).where(theirs))
    conn.execute(
        delete(starts_of).where(
            starts_of.c.person_id == person_id, starts_of.c.import_id == import_id
        )
    )
    _remove_unused_projects(conn, person_id, import_id)
    return len(made)


def _remove_unused_projects(conn: Connection, person_id: int, import_id: int) -> None:
    used = [
        exists().where(table.c.project_id == projects.c.id)
        for table in (entries, goals, writers, starts_of)
    ]
    conn.execute(
        delete(projects).where(
            projects.c.person_id == person_id, projects.c.import_id == import_id, ~or_(*used)
        )
    )


def _content(day: date, amount: int, unit: Unit, project: str | None, note: str | None) -> str:
    return "\n".join((day.isoformat(), str(amount), unit, fold(project or ""), note or ""))


def _project_ids(
    conn: Connection, person_id: int, lines: Iterable[Line], now: int, import_id: int | None
) -> dict[str, int]:
    """The ids of the writer's projects by their folded titles, those of the lines among them. The
    default one has none. Raises Conflict."""
    query = select(projects.c.folded, projects.c.id).where(projects.c.person_id == person_id)
    default_id = default(conn, person_id, now)
    there = {row.folded for row in conn.execute(query)}
    titles = {fold(line.project): line.project for line in lines if line.project}
    missing = [
        {
            "person_id": person_id,
            "title": title,
            "folded": folded,
            "created_at": now,
            "import_id": import_id,
        }
        for folded, title in titles.items()
        if folded not in there
    ]
    if len(there) + len(missing) > MOST_PROJECTS:
        raise Conflict(
            f"With that file you would have more than {MOST_PROJECTS} projects, which are the most."
        )
    if missing:
        conn.execute(upsert(projects).on_conflict_do_nothing(), missing)
    return {"": default_id} | {row.folded: row.id for row in conn.execute(query)}
