"""What is held on someone who sprints, and their going: their place in old sprints is kept as "a
writer"."""

from sqlalchemy import CompoundSelect, Connection, delete, select, union, update

from bot.db.held import Held, rows
from bot.delivery import service as outbox
from bot.sprints import bell, records
from bot.sprints.rules import State
from bot.sprints.tables import declarations, participants, reminders, rounds, sprints

LIVE = [state for state in State if state.live]


def held(conn: Connection, person_id: int) -> Held:
    mine = participants.c.person_id == person_id
    return {
        "sprints": rows(conn, select(sprints).where(sprints.c.starter_id == person_id)),
        "participants": rows(
            conn,
            select(participants, rounds.c.starts_at, rounds.c.ends_at, sprints.c.guild_id)
            .join(rounds, rounds.c.id == participants.c.round_id)
            .join(sprints, sprints.c.id == rounds.c.sprint_id)
            .where(mine),
        ),
        "declarations": rows(
            conn,
            select(declarations)
            .join(participants, participants.c.id == declarations.c.participant_id)
            .where(mine),
        ),
        "reminders": rows(conn, select(reminders).where(reminders.c.person_id == person_id)),
    }


def erase(conn: Connection, person_id: int, now: int) -> None:
    """They leave the sprints that are on; the last one out cancels. Whatever message names them,
    mentions them or has a title of theirs is said anew without it."""
    mine = participants.c.person_id == person_id
    spoken_of = conn.scalars(_rounds_that_name(person_id)).all()
    on = conn.scalars(
        select(rounds.c.id)
        .join(participants, participants.c.round_id == rounds.c.id)
        .where(mine, participants.c.left_at.is_(None), rounds.c.state.in_(LIVE))
    ).all()
    left = [records.find(conn, round_id, lock=True) for round_id in on]
    conn.execute(
        update(participants).where(mine, participants.c.round_id.in_(on)).values(left_at=now)
    )
    conn.execute(
        update(participants).where(mine).values(person_id=None, project_id=None, entry_id=None)
    )
    conn.execute(
        update(sprints).where(sprints.c.starter_id == person_id).values(starter_id=None, title=None)
    )
    conn.execute(delete(reminders).where(reminders.c.person_id == person_id))
    for found in left:
        if found is not None:
            bell.after_a_change(conn, found, now)
    for kind in bell.KINDS:
        outbox.mark_dirty(conn, kind, *spoken_of)


def _rounds_that_name(person_id: int) -> CompoundSelect[int]:
    """Those they were in, all of the sprints they started, and of those they were told of."""
    theirs = select(sprints.c.id).where(sprints.c.starter_id == person_id)
    told_of = select(reminders.c.told_of).where(reminders.c.person_id == person_id)
    return union(
        select(participants.c.round_id).where(participants.c.person_id == person_id),
        select(rounds.c.id).where(rounds.c.sprint_id.in_(theirs.union(told_of))),
    )
