"""Crediting a sprint with words that are logged while it is on, or just after it."""

from dataclasses import dataclass, replace

from sqlalchemy import Connection, select

from bot.errors import Conflict
from bot.people import service as people
from bot.people.service import Member
from bot.sprints import dates, records
from bot.sprints.counting import Counted, declare, heard, key, mine, reading, takes_counts
from bot.sprints.records import Participant, Round
from bot.sprints.rules import MINUTE, State
from bot.sprints.tables import participants, rounds, sprints
from bot.words import ledger, projects, settings, starting_counts
from bot.words import service as words
from bot.words.amounts import Amount, Sign, Unit
from bot.words.ledger import Entry
from bot.words.service import Wrote, checked_note

WITHIN_THE_HOUR = 60 * MINUTE
TOO_MUCH = (
    "I can't be sure that all of that was written in this sprint, so it stays logged beside it. "
    "`/sprint words` sets your count."
)


@dataclass(frozen=True, slots=True)
class Logged:
    """An entry. `round_id`: the round in which its writer may have it count instead, if it is
    private and can have been written there. `silenced`: it is private only because the writer may
    not write where they logged it."""

    wrote: Wrote
    round_id: int | None
    silenced: bool = False


def log(
    conn: Connection,
    member: Member,
    channel_id: int | None,
    said: Amount,
    *,
    now: int,
    interaction_id: int,
    project_id: int | None = None,
    day: str | None = None,
    unit: Unit = Unit.WORDS,
    note: str | None = None,
    private: bool | None = None,
    may_write: bool = True,
) -> Counted | Logged:
    """Log an amount for all to see, unless the member keeps it `private`, which is remembered once
    it is said, or may not write in the channel, so that nobody there is told. Words of today are
    the count of the sprint that one is in, if they were written there; all else is an entry. Raises
    BadInput, NotFound."""
    person_id = people.person_id(conn, member, now)
    if private is not None:
        settings.set_private(conn, person_id, private, now)
    alone = member.guild_id is None or settings.private(conn, person_id)
    if alone or not may_write:
        logged = log_privately(
            conn, member, channel_id, said, now=now, interaction_id=interaction_id,
            project_id=project_id, day=day, unit=unit, note=note,
        )  # fmt: skip
        return replace(logged, silenced=not alone)
    if day is None and unit is Unit.WORDS:
        counted = wrote(
            conn, member, channel_id, said, project_id, note, now=now, interaction_id=interaction_id
        )
        if counted is not None:
            return counted
    done = words.wrote(
        conn, member, said, now=now, interaction_id=interaction_id, project_id=project_id, day=day,
        unit=unit, note=note, public=True,
    )  # fmt: skip
    return Logged(done, None)


def log_privately(
    conn: Connection,
    member: Member,
    channel_id: int | None,
    said: Amount,
    *,
    now: int,
    interaction_id: int,
    project_id: int | None = None,
    day: str | None = None,
    unit: Unit = Unit.WORDS,
    note: str | None = None,
) -> Logged:
    """Log an amount that nobody else is shown, and that counts in no sprint unless its writer says
    so. Raises BadInput, NotFound."""
    done = words.wrote(
        conn, member, said, now=now, interaction_id=interaction_id, project_id=project_id, day=day,
        unit=unit, note=note,
    )  # fmt: skip
    if day is not None or unit is not Unit.WORDS:
        return Logged(done, None)
    added, project = _added(done.entry.amount), done.entry.place.project_id
    fitting = _round_for(conn, member, channel_id, added, project, now)
    return Logged(done, None if fitting is None else fitting.id)


def wrote(
    conn: Connection,
    member: Member,
    channel_id: int | None,
    said: Amount,
    project_id: int | None,
    note: str | None = None,
    *,
    now: int,
    interaction_id: int,
) -> Counted | None:
    """Words that a member logs while in a sprint are its count. None: they are in none, or there
    quietly, or have logged more than can have been written in it, so that it was elsewhere."""
    person_id = people.find(conn, member.discord_id)
    if person_id is None or member.guild_id is None:
        return None
    known = heard(conn, interaction_id)
    if known is not None:  # and the round may be over by now
        return declare(
            conn, member, member.guild_id, known, said, now=now, interaction_id=interaction_id
        )
    project_id = project_id or projects.default(conn, person_id, now)
    if said.sign is Sign.BARE:
        said = _added(said.number)
    elif said.sign is Sign.TOTAL:
        total = starting_counts.total(conn, person_id, project_id, Unit.WORDS)
        said = _added(said.number - total)
    found = _round_for(conn, member, channel_id, said, project_id, now)
    if found is None:
        return None
    return _count(conn, member, found, said, checked_note(note), now, interaction_id)


def count_entry(
    conn: Connection,
    member: Member,
    guild_id: int,
    entry_id: int,
    round_id: int,
    *,
    now: int,
    interaction_id: int,
) -> Counted:
    """Have what was logged privately be one's count in the round instead, for all to see. Raises
    NotFound, Conflict."""
    known = heard(conn, interaction_id)
    if known is not None:
        return declare(
            conn, member, guild_id, known, _added(0), now=now, interaction_id=interaction_id
        )
    entry = words.claim(conn, member, entry_id)
    found = records.get(conn, guild_id, round_id)
    if not takes_counts(found, now):
        raise Conflict("That sprint takes no more counts, so your words stay logged beside it.")
    said = _added(entry.amount)
    me = mine(conn, member, found)
    if me is None or me.left:
        raise Conflict("You aren't in that sprint any more, so your words stay logged beside it.")
    if not _is_of(conn, found, me, entry, now):
        raise Conflict(
            "Those words are logged for another day, unit or project than the sprint's, so they "
            "stay beside it."
        )
    if not _is_certain(conn, found, me, said, now):
        raise Conflict(TOO_MUCH)
    words.undo(conn, member, entry.id, now=now, interaction_id=interaction_id)
    return _count(conn, member, found, said, entry.note, now, interaction_id)


def _is_of(conn: Connection, found: Round, me: Participant, entry: Entry, now: int) -> bool:
    """Whether the entry is still of the day, unit and project that the participant's count is."""
    assert me.person_id is not None
    return (
        entry.place.unit is Unit.WORDS
        and entry.place.project_id == (me.project_id or projects.default(conn, me.person_id, now))
        and entry.place.day in dates.days_of(conn, me.person_id, found)
    )


def _round_for(
    conn: Connection,
    member: Member,
    channel_id: int | None,
    said: Amount,
    project_id: int,
    now: int,
) -> Round | None:
    """The round that a member is in, not quietly, with this project, if an addition to their count
    can have been written there; this channel's first."""
    person_id = people.find(conn, member.discord_id)
    row = conn.execute(
        select(participants.c.round_id, participants.c.project_id)
        .join(rounds, rounds.c.id == participants.c.round_id)
        .join(sprints, sprints.c.id == rounds.c.sprint_id)
        .where(
            participants.c.person_id == person_id,
            participants.c.left_at.is_(None),
            participants.c.quiet == 0,
            rounds.c.state.in_([State.RUNNING, State.COUNTING]),
            sprints.c.guild_id == member.guild_id,
        )
        .order_by((sprints.c.channel_id == channel_id).desc(), rounds.c.id.desc())
        .limit(1)
    ).one_or_none()
    if person_id is None or member.guild_id is None or row is None:
        return None
    if project_id != (row.project_id or projects.default(conn, person_id, now)):
        return None
    found = records.get(conn, member.guild_id, row.round_id)
    me = records.participant(conn, found.id, person_id)
    assert me is not None
    return found if _is_certain(conn, found, me, said, now) else None


def _is_certain(conn: Connection, found: Round, me: Participant, said: Amount, now: int) -> bool:
    """Whether an addition to the count of a participant is believed, and read as one."""
    sign = -1 if said.sign is Sign.LESS else 1
    read = reading(conn, found, me, said, now)
    return read.confirmed and read.written == (me.written or 0) + sign * said.number


def _count(
    conn: Connection,
    member: Member,
    found: Round,
    said: Amount,
    note: str | None,
    now: int,
    interaction_id: int,
) -> Counted:
    done = declare(
        conn, member, found.guild_id, found.id, said, now=now, interaction_id=interaction_id
    )
    if note is not None:
        person_id = people.person_id(conn, member, now)
        ledger.annotate(conn, person_id, key(found, person_id), note)
    return done


def _added(number: int) -> Amount:
    return Amount(Sign.MORE if number >= 0 else Sign.LESS, abs(number))


def counted_already(conn: Connection, member: Member, entry: Entry, now: int) -> bool:
    """Whether a sprint of theirs ended within the hour with just what this entry says: it may be
    the same."""
    found = conn.scalar(
        select(participants.c.id)
        .join(rounds, rounds.c.id == participants.c.round_id)
        .join(sprints, sprints.c.id == rounds.c.sprint_id)
        .where(
            participants.c.person_id == (people.find(conn, member.discord_id) or 0),
            participants.c.written == entry.amount,
            participants.c.confirmed == 1,
            rounds.c.finished_at >= now - WITHIN_THE_HOUR,
            sprints.c.guild_id == member.guild_id,
        )
        .limit(1)
    )
    return entry.amount != 0 and entry.place.unit is Unit.WORDS and found is not None
