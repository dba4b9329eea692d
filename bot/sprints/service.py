"""Starting, joining, leaving, ending and cancelling a sprint."""

from dataclasses import dataclass

from sqlalchemy import Connection, delete, exists, select, update

from bot.db.metadata import upsert
from bot.delivery import service as outbox
from bot.errors import BadInput, Conflict, NotAllowed
from bot.people import service as people
from bot.people.service import Member
from bot.people.times import next_time
from bot.sprints import bell, counting, participation, records, reminders
from bot.sprints.records import Participant, Round
from bot.sprints.rules import MINUTE, State
from bot.sprints.tables import (
    declarations,
    participants,
    rounds,
    sprint_lengths,
    sprint_settings,
    sprints,
)
from bot.words import projects, starting_counts
from bot.words.amounts import Unit
from bot.words.projects import Project

LONGEST_TITLE = 80  # characters
SOON = 2  # minutes
NO_ROLE = 0
OVER = "That sprint is over. `/sprint start` begins another."
TOO_LATE_TO_CANCEL = "The bell has rung, so only a moderator can cancel that sprint now."


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
    """`again`: they were in already. `project` is the one that was named."""

    round: Round
    me: Participant
    again: bool = False
    project: Project | None = None


def starting_at(conn: Connection, guild_id: int, wait: int | None, at: str | None, now: int) -> int:
    """The instant in `wait` minutes, or the next one at which it is `at` where the server is (a
    time of day, or minutes past whichever hour, like ":15"); soon, if neither is said. Raises
    BadInput."""
    if at is None:
        return now + (SOON if wait is None else wait) * MINUTE
    if wait is not None:
        raise BadInput("Say when with `in` or with `at`, not with both.")
    return next_time(at, people.guild_zone(conn, guild_id).zone, now)


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
    minutes = asked.minutes or records.minutes(conn, guild_id, channel_id)
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
        raise Conflict(_why_not_yet(records.live(conn, guild_id, channel_id), now))
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
    with the same project ended, or quietly, without a count. Once in, it changes these; what one
    has counted stays, and goes to the project that is named. Raises NotFound, Conflict,
    BadInput."""
    person_id = people.person_id(conn, member, now)
    found = records.get(conn, guild_id, round_id, lock=True)
    if not found.state.live:
        raise Conflict(OVER)
    before = records.participant(conn, round_id, person_id)
    was_in = before is not None and not before.left
    switches = was_in and project_id is not None
    if found.state is State.COUNTING and not switches:
        raise Conflict("The bell has rung. What you wrote still counts: `/sprint words +250`.")
    if same:
        start = participation.ended_last(conn, round_id, person_id, project_id, now)
    if before is not None and switches and start is None:
        quiet = quiet or before.quiet
    participation.enter(
        conn, round_id, person_id, now, start=start, quiet=quiet, project_id=project_id
    )
    if before is not None and project_id is not None:
        counting.move_to_project(conn, found, person_id, project_id, now)
    outbox.mark_dirty(conn, bell.BOARD, round_id)
    if found.state is State.COUNTING:  # and who is there quietly now is waited for no more
        bell.after_a_change(conn, found, now)
        found = records.get(conn, guild_id, round_id)
    me = records.participant(conn, round_id, person_id)
    assert me is not None
    if start is not None:
        written_on = me.project_id or projects.default(conn, person_id, now)
        starting_counts.begin_at(conn, person_id, written_on, Unit.WORDS, start)
    project = projects.get(conn, person_id, project_id) if project_id is not None else None
    return Joined(found, me, was_in, project)


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
    has to agree, before the bell."""
    person_id = people.person_id(conn, member, now)
    found = records.get(conn, guild_id, round_id, lock=True)
    if not found.state.live:
        raise Conflict(OVER)
    here = participation.active(conn, round_id)
    if not moderator and person_id not in here and person_id != found.starter_id:
        raise NotAllowed("Only those in the sprint can cancel it, or a moderator.")
    if not moderator and (person_id != found.starter_id or here - {person_id}):
        if found.state is State.COUNTING:
            raise Conflict(TOO_LATE_TO_CANCEL)
        return False
    bell.cancel(
        conn, found, "by its starter" if person_id == found.starter_id else "by a moderator", now
    )
    return True


def agree(
    conn: Connection, member: Member, guild_id: int, round_id: int, proposer: int, now: int
) -> Round:
    """A second participant agrees to cancel what `proposer` (of Discord) wants cancelled, until the
    bell rings."""
    person_id = people.person_id(conn, member, now)
    found = records.get(conn, guild_id, round_id, lock=True)
    if not found.state.live:
        raise Conflict(OVER)
    if found.state is State.COUNTING:
        raise Conflict(TOO_LATE_TO_CANCEL)
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


def _why_not_yet(live: Round | None, now: int) -> str:
    if live is None or live.state is not State.COUNTING:
        return (
            "A sprint is on in this channel already. Join it on its board, or with `/sprint join`."
        )
    minutes = max(1, -(-((live.counting_until or now) - now) // MINUTE))
    return (
        "The last sprint in this channel is still being counted, for "
        f"{minutes} more minute{'s' * (minutes > 1)} at most. Then you can start another."
    )


def set_length(conn: Connection, guild_id: int, channel_id: int, minutes: int) -> None:
    """How long a sprint lasts in a channel if nobody says."""
    conn.execute(
        upsert(sprint_lengths)
        .values(channel_id=channel_id, guild_id=guild_id, minutes=minutes)
        .on_conflict_do_update(index_elements=["channel_id"], set_={"minutes": minutes})
    )


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
