"""What participants declare, and how it comes into the ledger."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, insert, select, update

from bot.delivery import service as outbox
from bot.errors import Conflict
from bot.people import service as people
from bot.people.service import Member
from bot.sprints import bell, participation, records, rules
from bot.sprints.records import Participant, Round
from bot.sprints.rules import LATE_COUNTS, MINUTE, Means, Reading, State
from bot.sprints.tables import declarations, participants, rounds, sprints
from bot.words import days, ledger, projects, settings
from bot.words.amounts import Amount, Sign, Unit
from bot.words.ledger import Place


@dataclass(frozen=True, slots=True)
class Counted:
    """`said` is the number that was declared, `other` what else it might have meant. Where it needs
    the start count, it comes to nothing until that is said."""

    round: Round
    me: Participant
    said: int
    other: Means | None = None
    needs_start: bool = False


def declare(
    conn: Connection,
    member: Member,
    guild_id: int,
    round_id: int,
    said: Amount,
    *,
    now: int,
    interaction_id: int,
    final: bool = False,
) -> Counted:
    """Say how much one has. Whoever is not in yet is let in, until the results are out. For a day
    after them a count still changes them. Raises NotFound, Conflict."""
    found, me = _round_and_me(conn, member, guild_id, round_id, now)
    if heard(conn, interaction_id) is not None:
        return Counted(found, me, said.number)
    read = reading(conn, found, me, said, now)
    done = _store(conn, found, me, read, now=now, interaction_id=interaction_id, final=final)
    return Counted(found, done, said.number, read.other, read.written is None)


def clarify(
    conn: Connection,
    member: Member,
    guild_id: int,
    round_id: int,
    number: int,
    means: Means,
    *,
    now: int,
    interaction_id: int,
    start: int | None = None,
) -> Counted:
    """Say what a number meant, and no doubt is left, or the `start` count that a total needs, which
    may be mistyped as well."""
    found, me = _round_and_me(conn, member, guild_id, round_id, now)
    if heard(conn, interaction_id) is not None:
        return Counted(found, me, number)
    if start is None:
        read = rules.chosen(number, means, me.start)
    else:
        conn.execute(update(participants).where(participants.c.id == me.id).values(start=start))
        total = Amount(Sign.TOTAL, number)
        read = reading(conn, found, replace(me, start=start), total, now)
    done = _store(conn, found, me, read, now=now, interaction_id=interaction_id)
    return Counted(found, done, number, needs_start=read.written is None)


def undo(
    conn: Connection,
    member: Member,
    guild_id: int,
    round_id: int,
    *,
    now: int,
    interaction_id: int,
) -> Counted:
    """Take back what one declared last; what one had said before that stands again."""
    found, me = _round_and_me(conn, member, guild_id, round_id, now)
    undone = conn.scalar(
        select(declarations.c.id).where(declarations.c.undone_by == interaction_id)
    )
    said = conn.execute(
        select(declarations)
        .where(declarations.c.participant_id == me.id, declarations.c.undone_by.is_(None))
        .order_by(declarations.c.id.desc())
        .limit(2)
    ).all()
    if undone is None:
        if not said:
            raise Conflict("There is nothing to take back: you have declared nothing.")
        conn.execute(
            update(declarations)
            .where(declarations.c.id == said[0].id)
            .values(undone_by=interaction_id)
        )
        before = said[1] if len(said) > 1 else None
        conn.execute(
            update(participants)
            .where(participants.c.id == me.id)
            .values(
                count=before and before.count,
                written=before and before.written,
                confirmed=before.confirmed if before else 1,
                final=before.final if before else 0,
            )
        )
    return Counted(found, _settled(conn, found, me, now), 0)


def mine(conn: Connection, member: Member, found: Round) -> Participant | None:
    person_id = people.find(conn, member.discord_id)
    return None if person_id is None else records.participant(conn, found.id, person_id)


def round_to_count(
    conn: Connection, member: Member, guild_id: int, channel_id: int, now: int
) -> Round:
    """The round in the channel that a count is for: the one that is on, or, if they have yet to
    count there, the one before. Raises Conflict."""
    live = records.live(conn, guild_id, channel_id)
    person_id = people.person_id(conn, member, now)
    started = live is not None and live.state is not State.WAITING
    if live is not None and started and records.participant(conn, live.id, person_id):
        return live
    row = conn.execute(
        select(rounds.c.id, participants.c.written)
        .join(sprints, sprints.c.id == rounds.c.sprint_id)
        .join(participants, participants.c.round_id == rounds.c.id)
        .where(
            sprints.c.guild_id == guild_id,
            sprints.c.channel_id == channel_id,
            participants.c.person_id == person_id,
            rounds.c.finished_at >= now - LATE_COUNTS,
            rounds.c.state == State.FINISHED,
        )
        .order_by(rounds.c.id.desc())
        .limit(1)
    ).one_or_none()
    if row is not None and not (started and row.written is not None):
        return records.get(conn, guild_id, row.id)
    if live is not None:
        return live
    raise Conflict(
        "There is no sprint here to count for. `/sprint start` begins one; `/wrote 350` logs words "
        "without one."
    )


def _round_and_me(
    conn: Connection, member: Member, guild_id: int, round_id: int, now: int
) -> tuple[Round, Participant]:
    """Both locked. Raises where there is nothing to count."""
    person_id = people.person_id(conn, member, now)
    found = records.get(conn, guild_id, round_id, lock=True)
    if found.state is State.WAITING:
        raise Conflict(
            "The sprint has not begun yet. To say where you start: `/sprint join 12350`."
        )
    if found.state is State.CANCELLED:
        raise Conflict("That sprint was cancelled. `/wrote 350` logs what you wrote.")
    me = records.participant(conn, round_id, person_id)
    if found.state is State.FINISHED and (
        me is None or now - (found.finished_at or 0) > LATE_COUNTS
    ):
        raise Conflict("That sprint is over. `/wrote 350` logs what you wrote.")
    if me is None:
        participation.enter(conn, round_id, person_id, found.starts_at)
        outbox.mark_dirty(conn, bell.BOARD, round_id)
        me = records.participant(conn, round_id, person_id)
    assert me is not None
    return found, me


def heard(conn: Connection, interaction_id: int) -> int | None:
    """The round in which this very declaration has been heard already."""
    round_id: int | None = conn.scalar(
        select(participants.c.round_id)
        .join(declarations, declarations.c.participant_id == participants.c.id)
        .where(declarations.c.interaction_id == interaction_id)
    )
    return round_id


def reading(conn: Connection, found: Round, me: Participant, said: Amount, now: int) -> Reading:
    """What it would come to, if it was declared now."""
    own_time = rules.own_time(found.starts_at, min(now, found.ends_at), me.joined_at)
    return rules.read(
        said,
        start=me.start,
        written=me.written,
        minutes=own_time / MINUTE,
        pace=settings.pace(conn, _person(me)),
    )


def _store(
    conn: Connection,
    found: Round,
    me: Participant,
    reading: Reading,
    *,
    now: int,
    interaction_id: int,
    final: bool = False,
) -> Participant:
    """Keep the declaration, and have participant and ledger say the same. While the start count is
    missing, what was written before stands."""
    done = final or found.state is not State.RUNNING
    said = {
        "count": reading.count,
        "written": me.written if reading.written is None else reading.written,
        "confirmed": int(me.confirmed if reading.written is None else reading.confirmed),
        "final": int(done and reading.confirmed),
    }
    conn.execute(
        insert(declarations).values(participant_id=me.id, interaction_id=interaction_id, **said)
    )
    conn.execute(update(participants).where(participants.c.id == me.id).values(quiet=0, **said))
    return _settled(conn, found, me, now)


def _settled(conn: Connection, found: Round, me: Participant, now: int) -> Participant:
    """The ledger and the messages follow. What is not confirmed is not in the ledger."""
    person_id = _person(me)
    stands = records.participant(conn, found.id, person_id)
    assert stands is not None
    project_id = stands.project_id or projects.default(conn, person_id, now)
    entry_id = ledger.settle(
        conn,
        person_id,
        Place(project_id, Unit.WORDS, _day(conn, person_id, found, now), found.guild_id),
        stands.written if stands.confirmed else None,
        now=now,
        source="sprint",
        key=key(found, person_id),
    )
    conn.execute(
        update(participants)
        .where(participants.c.id == me.id)
        .values(entry_id=entry_id, project_id=project_id)
    )
    if found.state is State.FINISHED:
        outbox.mark_dirty(conn, bell.RESULTS, found.id)
    else:
        bell.after_a_change(conn, found, now)
    return stands


def key(found: Round, person_id: int) -> str:
    """Of the entry in the ledger."""
    return f"sprint:{found.id}:{person_id}"


def _day(conn: Connection, person_id: int, found: Round, now: int) -> date:
    """The writer's date when they stopped writing, however late they count."""
    zone = people.zone_of_person(conn, person_id, found.guild_id)
    return days.local_day(min(now, found.ends_at), zone.zone)


def _person(me: Participant) -> int:
    assert me.person_id is not None
    return me.person_id
