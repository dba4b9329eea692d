"""A writer's projects. Everyone has one from the start, and one is always the default."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, select

from bot.db.metadata import upsert
from bot.words.tables import projects, writers

FIRST_TITLE = "My writing"


class Status(StrEnum):
    ACTIVE = "active"
    FINISHED = "finished"
    ARCHIVED = "archived"


@dataclass(frozen=True, slots=True)
class Project:
    """`target` in words."""

    id: int
    title: str
    genre: str | None
    status: Status
    target: int | None
    link: str | None


def default(conn: Connection, person_id: int, now: int) -> int:
    """The id of the project that words go to unless another is named; made if there is none."""
    found: int | None = conn.scalar(
        select(writers.c.project_id).where(writers.c.person_id == person_id)
    )
    if found is not None:
        return found
    conn.execute(
        upsert(projects)
        .values(person_id=person_id, title=FIRST_TITLE, folded=fold(FIRST_TITLE), created_at=now)
        .on_conflict_do_nothing(index_elements=["person_id", "folded"])
    )
    project_id = conn.scalars(
        select(projects.c.id).where(
            projects.c.person_id == person_id, projects.c.folded == fold(FIRST_TITLE)
        )
    ).one()
    conn.execute(
        upsert(writers)
        .values(person_id=person_id, project_id=project_id)
        .on_conflict_do_nothing(index_elements=["person_id"])
    )
    settled: int = conn.scalars(
        select(writers.c.project_id).where(writers.c.person_id == person_id)
    ).one()
    return settled


def fold(title: str) -> str:
    """The title as it is compared: without case, accents and doubled spaces."""
    plain = unicodedata.normalize("NFKD", title)
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).casefold().split())
