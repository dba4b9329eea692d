"""Which of a writer's days a round's words belong to."""

from datetime import date

from sqlalchemy import Connection

from bot.people import service as people
from bot.sprints import records
from bot.sprints.records import Round
from bot.words import days, ledger


def days_of(conn: Connection, person_id: int, found: Round) -> list[date]:
    """The writer's days that the round touches; its words belong to the first of these, whenever
    they are declared."""
    zone = people.zone_of_person(conn, person_id, found.guild_id).zone
    return days.days_of(found.starts_at, found.ends_at, zone)


def move_to_new_end(conn: Connection, found: Round, ends_at: int, now: int) -> None:
    """The running round ends at `ends_at` instead: move what has been counted to the day that now
    holds most of it, unless its writer has moved it elsewhere."""
    entry_ids = {
        one.person_id: one.entry_id
        for one in records.participants_of(conn, found)
        if one.person_id is not None and one.entry_id is not None
    }
    zones = people.zones_of(conn, found.guild_id, set(entry_ids))
    for person_id, entry_id in entry_ids.items():
        zone = zones[person_id]
        before = days.days_of(found.starts_at, found.ends_at, zone)[0]
        after = days.days_of(found.starts_at, ends_at, zone)[0]
        if before == after:
            continue
        entry = ledger.get(conn, person_id, entry_id)
        if entry.place.day == before and not entry.void:
            ledger.move(
                conn, person_id, entry.id, entry.place.project_id, after, now,
                f"sprint-end:{found.id}:{person_id}",
            )  # fmt: skip
