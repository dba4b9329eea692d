"""Starting, joining, leaving, ending and cancelling a sprint."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, exists, select, update

from bot.db.metadata import upsert
from bot.delivery import service as outbox
from bot.errors import BadInput, Conflict, NotAllowed
from bot.people import service as people
from bot.people.service import Member
from bot.people.times import Slot, next_slot
from bot.sprints import bell, participation, records, reminders
from bot.sprints.records import Participant, Round
from bot.sprints.rules import MINUTE, State
from bot.sprints.tables import declarations, participants, rounds, sprint_settings, sprints

LONGEST_TITLE = 80  # characters
SOON = 2  # minutes
NO_ROLE = 0
OVER = "That sprint is over. `/sprint start` begins another."


@dataclass(frozen=True, slots=True)
class Asked:
    """What a sprint is to be. `minutes` (None: as the server likes) and `pause` in minutes,
    `starts_at` an instant."""

    starts_at: int
    minutes: int | None = None
    title: str | None = None
    rounds: int = 1
    pause: int = 5


@dataclass(frozen=True, slots=True)
class Joined:
    round: Round
    me: Participant


def starting_at(conn: Connection, guild_id: int, wait: int | None, at: int | None, now: int) -> int:
    """The instant in `wait` minutes, or the next one at which it is `at` (minutes of the day) where
    the server is; soon, if neither is said. Raises BadInput."""
    if at is None:
        return now + (SOON if wait is None else wait) * MINUTE
    if wait is not None:
        raise BadInput("Say when with `in` or with `at`, not with both.")
    _, instant = next_slot(Slot(at, people.guild_zone(conn, guild_id).zone), now)
    return instant


def start(
    conn: Connection,
    member: Member | None,
    guild_id: int,
    channel_id: int,
    asked: Asked,
    *,
    now: int,
    interaction_id: int | None = None,
    project_id: int | None = None,
) -> Round:
    """Begin a sprint, with the member in it; None: it was planned, and nobody is. Raises Conflict
    where one is on in the channel."""
    if interaction_id is not None and (known := _asked_by(conn, interaction_id)):
        return known
    person_id = None if member is None else people.person_id(conn, member, now)
    minutes = asked.minutes or records.settings(conn, guild_id).minutes
    sprint_id = conn.scalar(
        upsert(sprints)
        .values(
            guild_id=guild_id, channel_id=channel_id, starter_id=person_id,
            title=clean(asked.title), minutes=minutes, rounds=asked.rounds,
            pause=asked.pause, state="live", interaction_id=interaction_id,
        )
        .on_conflict_do_nothing()
        .returning(sprints.c.id)
    )  # fmt: skip
    if sprint_id is None:
        raise Conflict(
            "A sprint is on in this channel already. Join it on its board, or with `/sprint join`."
        )
    running = asked.starts_at <= now
    starts_at = max(asked.starts_at, now)
    begun = bell.begin_round(conn, sprint_id, 1, starts_at, minutes, running=running)
    if person_id is not None:
        participation.enter(conn, begun.id, person_id, now, project_id=project_id)
    reminders.tell(conn, begun, person_id)
    return begun


def join(
    conn: Connection,
    member: Member,
    guild_id: int,
    round_id: int,
    *,
    now: int,
    start: int | None = None,
    same: bool = False,
    quiet: bool = False,
    project_id: int | None = None,
) -> Joined:
    """Be in the round: at 0 written, from the start count `start`, from where one's last sprint
    with the same project ended, or quietly, without a count. Once in, it changes these. Raises
    NotFound, Conflict, BadInput."""
    person_id = people.person_id(conn, member, now)
    found = records.get(conn, guild_id, round_id, lock=True)
    if found.state is State.COUNTING:
        raise Conflict("The bell has rung. What you wrote still counts: `/sprint words +250`.")
    if not found.state.live:
        raise Conflict(OVER)
    if same:
        start = participation.ended_last(conn, round_id, person_id, project_id, now)
    participation.enter(
        conn, round_id, person_id, now, start=start, quiet=quiet, project_id=project_id
    )
    outbox.mark_dirty(conn, bell.BOARD, round_id)
    me = records.participant(conn, round_id, person_id)
    assert me is not None
    return Joined(found, me)


def leave(conn: Connection, member: Member, guild_id: int, round_id: int, now: int) -> Round:
    """Be no longer pinged; what one has declared stays. The last one out cancels."""
    person_id = people.person_id(conn, member, now)
    found = records.get(conn, guild_id, round_id, lock=True)
    me = records.participant(conn, round_id, person_id)
    if me is None or me.left:
        raise Conflict("You are not in that sprint.")
    if not found.state.live:
        raise Conflict(OVER)
    it_is_me = participants.c.id == me.id
    counted = exists().where(declarations.c.participant_id == participants.c.id)
    if not conn.execute(delete(participants).where(it_is_me, ~counted)).rowcount:
        conn.execute(update(participants).where(it_is_me).values(left_at=now))
    outbox.mark_dirty(conn, bell.BOARD, round_id)
    bell.after_a_change(conn, found, now)
    return records.get(conn, guild_id, round_id)


def end(
    conn: Connection, member: Member, guild_id: int, round_id: int, now: int, *, moderator: bool
) -> Round:
    """Ring the bell now, or, while counting, have the results now. For the starter, moderators, and
    where the starter is not in it, anyone in it."""
    person_id = people.person_id(conn, member, now)
    found = records.get(conn, guild_id, round_id, lock=True)
    here = participation.active(conn, round_id)
    without_its_starter = person_id in here and found.starter_id not in here
    if not (moderator or person_id == found.starter_id or without_its_starter):
        raise NotAllowed("Whoever started the sprint can end it early, or a moderator.")
    if found.state is State.WAITING:
        raise Conflict("It has not begun yet. `/sprint cancel` calls it off.")
    if not found.state.live:
        raise Conflict(OVER)
    bell.bring_forward(conn, found, now)
    return records.get(conn, guild_id, round_id)


def cancel(
    conn: Connection, member: Member, guild_id: int, round_id: int, now: int, *, moderator: bool
) -> bool:
    """Call it off. True: done, by the starter alone or by a moderator; False: another participant
    has to agree."""
    person_id = people.person_id(conn, member, now)
    found = records.get(conn, guild_id, round_id, lock=True)
    if not found.state.live:
        raise Conflict(OVER)
    here = participation.active(conn, round_id)
    if not moderator and person_id not in here and person_id != found.starter_id:
        raise NotAllowed("Only those in the sprint can cancel it, or a moderator.")
    if not moderator and (person_id != found.starter_id or here - {person_id}):
        return False
    bell.cancel(
        conn, found, "by its starter" if person_id == found.starter_id else "by a moderator", now
    )
    return True


def agree(
    conn: Connection, member: Member, guild_id: int, round_id: int, proposer: int, now: int
) -> Round:
    """A second participant agrees to cancel what `proposer` (of Discord) wants cancelled."""
    person_id = people.person_id(conn, member, now)
    found = records.get(conn, guild_id, round_id, lock=True)
    if not found.state.live:
        raise Conflict(OVER)
    if member.discord_id == proposer:
        raise NotAllowed("Somebody else in the sprint has to agree.")
    if person_id not in participation.active(conn, round_id):
        raise NotAllowed("Only those in the sprint can agree to cancel it.")
    bell.cancel(conn, found, "by those in it", now)
    return records.get(conn, guild_id, round_id)


def remove_title(conn: Connection, guild_id: int, round_id: int) -> bool:
    """A moderator removes the title. False: there was none."""
    found = records.get(conn, guild_id, round_id)
    changed = conn.execute(
        update(sprints)
        .where(sprints.c.id == found.sprint_id, sprints.c.title.is_not(None))
        .values(title=None)
    )
    for other in conn.scalars(select(rounds.c.id).where(rounds.c.sprint_id == found.sprint_id)):
        for kind in bell.KINDS:
            outbox.mark_dirty(conn, kind, other)
    return changed.rowcount == 1


def configure(
    conn: Connection,
    guild_id: int,
    *,
    minutes: int | None = None,
    counting: int | None = None,
    role_id: int | None = None,
) -> records.Settings:
    """Change how a server likes its sprints; what is not said stays, and NO_ROLE takes the role
    away."""
    said = {
        name: value
        for name, value in (("minutes", minutes), ("counting", counting), ("role_id", role_id))
        if value is not None
    }
    if said:
        conn.execute(
            upsert(sprint_settings)
            .values(guild_id=guild_id, **said)
            .on_conflict_do_update(index_elements=["guild_id"], set_=said)
        )
    return records.settings(conn, guild_id)


def _asked_by(conn: Connection, interaction_id: int) -> Round | None:
    round_id: int | None = conn.scalar(
        select(rounds.c.id)
        .join(sprints, sprints.c.id == rounds.c.sprint_id)
        .where(sprints.c.interaction_id == interaction_id, rounds.c.number == 1)
    )
    return None if round_id is None else records.find(conn, round_id)


def clean(title: str | None) -> str | None:
    """A title as it is kept. Raises BadInput."""
    plain = " ".join((title or "").split())
    if len(plain) > LONGEST_TITLE:
        raise BadInput(f"A title has {LONGEST_TITLE} characters at most.")
    return plain or None
