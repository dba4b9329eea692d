"""Which round is meant by a member who counts, or undoes, without saying where."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Row, or_, select

from bot.errors import Conflict
from bot.people import service as people
from bot.people.service import Member
from bot.sprints import records
from bot.sprints.records import Round
from bot.sprints.rules import LATE_COUNTS, MINUTE, State
from bot.sprints.tables import participants, rounds, sprints

JUST_OVER = 60 * MINUTE  # in which a round may be meant by someone who hasn't joined it
NOTHING_TO_COUNT = (
    "There is no sprint here to count for. `/sprint start` begins one; `/wrote 350` logs words "
    "without one."
)
NOTHING_TO_UNDO = (
    "You have no count in a sprint of the last day. `/words history` has everything you logged."
)


@dataclass(frozen=True, slots=True)
class _Mine:
    """A round that one is or was in, of the last day. `over`: finished, or cancelled."""

    round_id: int
    here: bool
    over: bool
    cancelled: bool
    counted: bool


def round_to_count(
    conn: Connection, member: Member, guild_id: int, channel_id: int, now: int
) -> Round:
    """The round that a count is for, this channel's first. Raises Conflict."""
    live = records.live(conn, guild_id, channel_id)
    mine = _mine(conn, member, guild_id, channel_id, now)
    here = [one for one in mine if one.here]
    in_it = live is not None and any(one.round_id == live.id for one in here)
    if live is not None and (in_it or live.state is State.COUNTING):
        return live
    finished = [one for one in here if one.over and not one.cancelled]
    yet_to_count = next((one for one in finished if not one.counted), None)
    if yet_to_count is not None:
        return records.get(conn, guild_id, yet_to_count.round_id)
    if live is not None and live.state is State.RUNNING:
        return live
    on_elsewhere = next((one for one in mine if not one.over), None)
    if on_elsewhere is not None:
        return records.get(conn, guild_id, on_elsewhere.round_id)
    over = [one.round_id for one in here]
    if (just_over := _just_over(conn, guild_id, channel_id, now)) is not None:
        over.append(just_over)
    if over:
        return records.get(conn, guild_id, max(over))
    if live is not None:
        return live
    if mine:
        return records.get(conn, guild_id, mine[0].round_id)
    raise Conflict(NOTHING_TO_COUNT)


def round_to_undo(
    conn: Connection, member: Member, guild_id: int, channel_id: int, now: int
) -> Round:
    """The latest round that one has a count in, this channel's first. Raises Conflict."""
    counted = [one for one in _mine(conn, member, guild_id, channel_id, now) if one.counted]
    for one in sorted(counted, key=lambda one: not one.here):
        return records.get(conn, guild_id, one.round_id)
    raise Conflict(NOTHING_TO_UNDO)


def _mine(
    conn: Connection, member: Member, guild_id: int, channel_id: int, now: int
) -> Sequence[_Mine]:
    """Latest first."""
    said_something = or_(participants.c.written.is_not(None), participants.c.count.is_not(None))
    found = conn.execute(
        select(rounds.c.id, sprints.c.channel_id, rounds.c.state, said_something.label("counted"))
        .join(sprints, sprints.c.id == rounds.c.sprint_id)
        .join(participants, participants.c.round_id == rounds.c.id)
        .where(
            participants.c.person_id == people.find(conn, member.discord_id),
            sprints.c.guild_id == guild_id,
            rounds.c.state != State.WAITING,
            or_(rounds.c.finished_at.is_(None), rounds.c.finished_at >= now - LATE_COUNTS),
        )
        .order_by(rounds.c.id.desc())
    )
    return [_as_mine(row, channel_id) for row in found]


def _as_mine(row: Row[tuple[int, int, str, bool]], channel_id: int) -> _Mine:
    return _Mine(
        row.id,
        row.channel_id == channel_id,
        row.state in (State.FINISHED, State.CANCELLED),
        row.state == State.CANCELLED,
        bool(row.counted),
    )


def _just_over(conn: Connection, guild_id: int, channel_id: int, now: int) -> int | None:
    round_id: int | None = conn.scalar(
        select(rounds.c.id)
        .join(sprints, sprints.c.id == rounds.c.sprint_id)
        .where(
            sprints.c.guild_id == guild_id,
            sprints.c.channel_id == channel_id,
            rounds.c.state == State.FINISHED,
            rounds.c.finished_at >= now - JUST_OVER,
        )
        .order_by(rounds.c.id.desc())
        .limit(1)
    )
    return round_id
