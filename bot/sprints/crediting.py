"""Crediting a sprint with words that are logged while it is on, or just after it."""

from sqlalchemy import Connection, select

from bot.people import service as people
from bot.people.service import Member
from bot.sprints import records
from bot.sprints.counting import Counted, declare, heard, key, reading
from bot.sprints.rules import MINUTE, State
from bot.sprints.tables import participants, rounds, sprints
from bot.words import ledger, projects
from bot.words import service as words
from bot.words.amounts import Amount, Sign, Unit
from bot.words.ledger import Entry
from bot.words.service import Wrote, checked_note

WITHIN_THE_HOUR = 60 * MINUTE


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
) -> Counted | Wrote:
    """Log an amount: words of today are the count of the sprint that one is in, if they were
    written there; all else is an entry. Raises BadInput, NotFound."""
    if day is None and unit is Unit.WORDS:
        counted = wrote(
            conn, member, channel_id, said, project_id, note, now=now, interaction_id=interaction_id
        )
        if counted is not None:
            return counted
    return words.wrote(
        conn, member, said, now=now, interaction_id=interaction_id, project_id=project_id, day=day,
        unit=unit, note=note, private=private,
    )  # fmt: skip


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
    """Words that a member logs while in a sprint are its count. None: they are in none, or have
    logged more than can have been written in it, so that it was elsewhere."""
    person_id = people.find(conn, member.discord_id)
    if person_id is None or member.guild_id is None:
        return None
    known = heard(conn, interaction_id)
    if known is not None:  # and the round may be over by now
        return declare(
            conn, member, member.guild_id, known, said, now=now, interaction_id=interaction_id
        )
    mine = conn.execute(
        select(participants.c.round_id, participants.c.project_id)
        .join(rounds, rounds.c.id == participants.c.round_id)
        .join(sprints, sprints.c.id == rounds.c.sprint_id)
        .where(
            participants.c.person_id == person_id,
            participants.c.left_at.is_(None),
            rounds.c.state.in_([State.RUNNING, State.COUNTING]),
            sprints.c.guild_id == member.guild_id,
        )
        .order_by((sprints.c.channel_id == channel_id).desc(), rounds.c.id.desc())
        .limit(1)
    ).one_or_none()
    default = projects.default(conn, person_id, now)
    if mine is None or (project_id or default) != (mine.project_id or default):
        return None
    if said.sign is Sign.BARE:
        said = Amount(Sign.MORE, said.number)
    elif said.sign is Sign.TOTAL:
        more = said.number - ledger.total(conn, person_id, project_id or default, Unit.WORDS)
        said = Amount(Sign.MORE if more >= 0 else Sign.LESS, abs(more))
    found = records.get(conn, member.guild_id, mine.round_id)
    me = records.participant(conn, found.id, person_id)
    assert me is not None
    sign = -1 if said.sign is Sign.LESS else 1
    read = reading(conn, found, me, said, now)
    if not read.confirmed or read.written != (me.written or 0) + sign * said.number:
        return None
    note = checked_note(note)
    done = declare(
        conn, member, member.guild_id, mine.round_id, said, now=now, interaction_id=interaction_id
    )
    if note is not None:
        ledger.annotate(conn, person_id, key(done.round, person_id), note)
    return done


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
