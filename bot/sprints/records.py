"""Sprints as they are read."""

from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    bindparam,
    case,
    func,
    select,
    text,
)

from bot.errors import NotFound
from bot.people import service as people
from bot.sprints.rules import SHORTEST_FOR_BEST, State
from bot.sprints.tables import participants, rounds, sprint_lengths, sprint_settings, sprints

DEFAULT_MINUTES, DEFAULT_COUNTING = 20, 3


@dataclass(frozen=True, slots=True)
class Settings:
    """How a server likes its sprints; times in minutes."""

    minutes: int = DEFAULT_MINUTES
    counting: int = DEFAULT_COUNTING
    role_id: int | None = None  # pinged instead of people once there are many


@dataclass(frozen=True, slots=True)
class Round:
    """A round with what is to be known of its sprint. Instants in ms."""

    id: int
    sprint_id: int
    guild_id: int
    channel_id: int
    starter_id: int | None
    title: str | None
    minutes: int
    rounds: int
    pause: int
    number: int
    state: State
    starts_at: int
    ends_at: int
    rang_at: int | None
    counting_until: int | None
    finished_at: int | None
    why: str | None

    @property
    def late(self) -> int:
        """How late the bell rang."""
        return (self.rang_at or self.ends_at) - self.ends_at


@dataclass(frozen=True, slots=True)
class Participant:
    """`name` is None for someone who has been erased."""

    id: int
    person_id: int | None
    discord_id: int | None
    name: str | None
    project_id: int | None
    joined_at: int
    left: bool
    quiet: bool
    start: int | None
    count: int | None
    written: int | None
    confirmed: bool
    final: bool
    entry_id: int | None  # what their count was in the ledger when it was first made

    @property
    def ranked(self) -> bool:
        return self.written is not None and self.confirmed


@dataclass(frozen=True, slots=True)
class Best:
    """Someone's records; `words` and `wpm` are None where there are none yet."""

    words: int | None
    wpm: int | None
    sprints: int


_ROUND_COLUMNS = [
    rounds.c.id, rounds.c.sprint_id, sprints.c.guild_id, sprints.c.channel_id,
    sprints.c.starter_id, sprints.c.title, sprints.c.minutes, sprints.c.rounds, sprints.c.pause,
    rounds.c.number, rounds.c.state, rounds.c.starts_at, rounds.c.ends_at, rounds.c.rang_at,
    rounds.c.counting_until, rounds.c.finished_at, rounds.c.why,
]  # fmt: skip
_IS_LIVE = text("sprints.state = 'live'")  # to the letter, or SQLite would not use the index
_ROUNDS = select(*_ROUND_COLUMNS).join(sprints, sprints.c.id == rounds.c.sprint_id)
_FIND = _ROUNDS.where(rounds.c.id == bindparam("round"))
_LOCK = _FIND.with_for_update(of=rounds)
_LIVE = _ROUNDS.where(
    sprints.c.guild_id == bindparam("guild"),
    sprints.c.channel_id == bindparam("channel"),
    _IS_LIVE,
    rounds.c.state.in_([State.WAITING, State.RUNNING, State.COUNTING]),
)
_PARTICIPANTS = (
    select(participants)
    .where(participants.c.round_id == bindparam("round"))
    .order_by(participants.c.id)
)
_PARTICIPANT = select(participants).where(
    participants.c.round_id == bindparam("round"), participants.c.person_id == bindparam("person")
)
_COUNTED = (
    rounds.c.state == State.FINISHED,
    participants.c.written.is_not(None),
    participants.c.confirmed == 1,
)
_SETTINGS = select(sprint_settings).where(sprint_settings.c.guild_id == bindparam("guild"))


def find(conn: Connection, round_id: int, *, lock: bool = False) -> Round | None:
    """For the bot itself, which is in every server. Locked, nothing else changes it until the
    transaction ends (SQLite has one writer anyway and leaves this out)."""
    return _one(conn, _LOCK if lock else _FIND, {"round": round_id})


def get(conn: Connection, guild_id: int, round_id: int, *, lock: bool = False) -> Round:
    """Raises NotFound, also for another server's."""
    found = find(conn, round_id, lock=lock)
    if found is None or found.guild_id != guild_id:
        raise NotFound("That sprint is not here any more.")
    return found


def live(conn: Connection, guild_id: int, channel_id: int) -> Round | None:
    """The round that is on in the channel."""
    return _one(conn, _LIVE, {"guild": guild_id, "channel": channel_id})


def settings(conn: Connection, guild_id: int) -> Settings:
    row = conn.execute(_SETTINGS, {"guild": guild_id}).one_or_none()
    if row is None:
        return Settings()
    return Settings(
        row.minutes or DEFAULT_MINUTES, row.counting or DEFAULT_COUNTING, row.role_id or None
    )


def minutes(conn: Connection, guild_id: int, channel_id: int) -> int:
    """How long a sprint lasts in the channel if nobody says."""
    own = conn.scalar(
        select(sprint_lengths.c.minutes).where(
            sprint_lengths.c.channel_id == channel_id, sprint_lengths.c.guild_id == guild_id
        )
    )
    return settings(conn, guild_id).minutes if own is None else own


def participants_of(conn: Connection, found: Round) -> list[Participant]:
    """Everyone who is or was in the round, in the order they came."""
    rows = conn.execute(_PARTICIPANTS, {"round": found.id}).all()
    ids = {row.person_id for row in rows if row.person_id is not None}
    discord_ids = people.discord_ids(conn, ids)
    names = people.names_of(conn, found.guild_id, ids)
    return [
        _participant(row._mapping, discord_ids.get(row.person_id), names.get(row.person_id))
        for row in rows
    ]


def participant(
    conn: Connection, round_id: int, person_id: int, *, lock: bool = False
) -> Participant | None:
    """Without a name, for deciding and not for showing."""
    query = _PARTICIPANT.with_for_update() if lock else _PARTICIPANT
    row = conn.execute(query, {"round": round_id, "person": person_id}).one_or_none()
    return None if row is None else _participant(row._mapping, None, None)


def bests_before(conn: Connection, found: Round, person_ids: set[int]) -> dict[int, int]:
    """The fastest each has been in the server before this round, in words a minute."""
    time = _own_time()
    rows = conn.execute(
        select(participants.c.person_id, func.max(participants.c.written * 60_000.0 / time))
        .join(rounds, rounds.c.id == participants.c.round_id)
        .join(sprints, sprints.c.id == rounds.c.sprint_id)
        .where(
            participants.c.person_id.in_(person_ids),
            sprints.c.guild_id == found.guild_id,
            rounds.c.id < found.id,
            *_COUNTED,
            time >= SHORTEST_FOR_BEST,
        )
        .group_by(participants.c.person_id)
    )
    return {person_id: round(best) for person_id, best in rows}


def best(conn: Connection, person_id: int, guild_id: int | None = None) -> Best:
    """The person's records, everywhere or in one server."""
    time = _own_time()
    fast = case((time >= SHORTEST_FOR_BEST, participants.c.written * 60_000.0 / time))
    here = [] if guild_id is None else [sprints.c.guild_id == guild_id]
    row = conn.execute(
        select(func.max(participants.c.written), func.max(fast), func.count())
        .join(rounds, rounds.c.id == participants.c.round_id)
        .join(sprints, sprints.c.id == rounds.c.sprint_id)
        .where(participants.c.person_id == person_id, *_COUNTED, *here)
    ).one()
    return Best(row[0], None if row[1] is None else round(row[1]), row[2])


def _own_time() -> ColumnElement[int]:
    """As rules.own_time."""
    began = case(
        (participants.c.joined_at > rounds.c.starts_at, participants.c.joined_at),
        else_=rounds.c.starts_at,
    )
    time = rounds.c.ends_at - began
    return case((time > 1000, time), else_=1000)


def _one(
    conn: Connection, query: Select[tuple[object, ...]], where: dict[str, int]
) -> Round | None:
    row = conn.execute(query, where).one_or_none()
    return None if row is None else _round(row._mapping)


def _round(row: RowMapping) -> Round:
    return Round(**{**row, "state": State(row["state"])})


def _participant(row: RowMapping, discord_id: int | None, name: str | None) -> Participant:
    return Participant(
        row["id"], row["person_id"], discord_id, name, row["project_id"], row["joined_at"],
        row["left_at"] is not None, bool(row["quiet"]), row["start"], row["count"],
        row["written"], bool(row["confirmed"]), bool(row["final"]),
        row["entry_id"],
    )  # fmt: skip
