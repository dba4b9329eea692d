"""Who is in a round."""

from sqlalchemy import Connection, insert, select

from bot.db.metadata import upsert
from bot.errors import BadInput
from bot.sprints.records import Participant, Round
from bot.sprints.tables import participants
from bot.words import projects


def enter(
    conn: Connection,
    round_id: int,
    person_id: int,
    joined_at: int,
    *,
    start: int | None = None,
    quiet: bool = False,
    project_id: int | None = None,
) -> None:
    """Someone who is in already, or was, keeps their time and what they said, unless they say it
    anew."""
    said: dict[str, int | None] = {"left_at": None, "quiet": int(quiet)}
    if start is not None:
        said["start"] = start
    if project_id is not None:
        said["project_id"] = project_id
    conn.execute(
        upsert(participants)
        .values(round_id=round_id, person_id=person_id, joined_at=joined_at, **said)
        .on_conflict_do_update(index_elements=["round_id", "person_id"], set_=said)
    )


def active(conn: Connection, round_id: int) -> set[int]:
    """The persons in the round who have not left."""
    found = conn.scalars(
        select(participants.c.person_id).where(
            participants.c.round_id == round_id,
            participants.c.left_at.is_(None),
            participants.c.person_id.is_not(None),
        )
    )
    return set(found)


def all_have_counted(conn: Connection, round_id: int) -> bool:
    """Nobody in the round is still to say how much they wrote."""
    waiting_for = conn.scalar(
        select(participants.c.id)
        .where(
            participants.c.round_id == round_id,
            participants.c.left_at.is_(None),
            participants.c.person_id.is_not(None),
            participants.c.quiet == 0,
            participants.c.final == 0,
        )
        .limit(1)
    )
    return waiting_for is None


def carry_over(conn: Connection, everyone: list[Participant], after: Round, now: int) -> None:
    """Those who were there in the round before are in the next, and begin where they ended. Who
    said nothing may be gone, and is not pinged again."""
    rows = [
        {
            "round_id": after.id,
            "person_id": one.person_id,
            "project_id": one.project_id,
            "joined_at": now,
            "quiet": int(one.quiet),
            "start": one.count,
        }
        for one in everyone
        if goes_on(one)
    ]
    conn.execute(insert(participants), rows)


def goes_on(one: Participant) -> bool:
    said_something = one.written is not None or one.count is not None
    return one.person_id is not None and not one.left and (one.quiet or said_something)


def ended_last(
    conn: Connection, round_id: int, person_id: int, project_id: int | None, now: int
) -> int:
    """The running total at which the person's last round with the project ended, this one apart.
    Raises BadInput."""
    default = projects.default(conn, person_id, now)
    same_project = participants.c.project_id == (project_id or default)
    if project_id in (None, default):
        same_project |= participants.c.project_id.is_(None)
    count: int | None = conn.scalar(
        select(participants.c.count)
        .where(
            participants.c.person_id == person_id,
            participants.c.round_id != round_id,
            participants.c.count.is_not(None),
            same_project,
        )
        .order_by(participants.c.id.desc())
        .limit(1)
    )
    if count is None:
        raise BadInput(
            "I don't know where you ended last time. Press *Join*, or give your count: "
            "`/sprint join 12350`."
        )
    return count
