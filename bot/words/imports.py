"""Entries from a file, added to the ledger: each once, however often the file comes."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from bot.db.metadata import upsert
from bot.errors import Conflict
from bot.people import service as people
from bot.people.service import Member
from bot.words import ledger
from bot.words.amounts import Unit
from bot.words.projects import MOST_PROJECTS, default, fold
from bot.words.tables import entries, projects
from bot.words.transfer import Line

SOURCE = "import"
EVERYTHING = 1 << 60  # more entries than anyone makes


@dataclass(frozen=True, slots=True)
class Added:
    """The lines that were new, and how many were there already."""

    lines: tuple[Line, ...]
    known: int


def add(conn: Connection, member: Member, lines: Iterable[Line], now: int) -> Added:
    """Add what the ledger does not have yet, each of several equal lines for itself; projects that
    are missing are made. It was made in no server, so it counts on no server's boards. Raises
    Conflict."""
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
        ids = _project_ids(conn, person_id, new.values(), now)
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
                }
                for key, line in new.items()
            ],
        )
    return Added(tuple(new.values()), known)


def _content(day: date, amount: int, unit: Unit, project: str | None, note: str | None) -> str:
    return "\n".join((day.isoformat(), str(amount), unit, fold(project or ""), note or ""))


def _project_ids(
    conn: Connection, person_id: int, lines: Iterable[Line], now: int
) -> dict[str, int]:
    """The ids of the writer's projects by their folded titles, those of the lines among them. The
    default one has none. Raises Conflict."""
    query = select(projects.c.folded, projects.c.id).where(projects.c.person_id == person_id)
    default_id = default(conn, person_id, now)
    there = {row.folded for row in conn.execute(query)}
    titles = {fold(line.project): line.project for line in lines if line.project}
    missing = [
        {"person_id": person_id, "title": title, "folded": folded, "created_at": now}
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
