"""What participants declare, and how it comes into the ledger."""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, insert, select, update

from bot.delivery import service as outbox
from bot.errors import Conflict
from bot.people import service as people
from bot.people.service import Member
from bot.sprints import bell, dates, participation, records, rules
from bot.sprints.records import Participant, Round
from bot.sprints.rules import LATE_COUNTS, MINUTE, Means, Reading, State
from bot.sprints.tables import declarations, participants
from bot.words import ledger, projects, settings, starting_counts
from bot.words import service as words
from bot.words.amounts import Amount, Sign, Unit
from bot.words.ledger import Entry, Place

WITHOUT_IT = "`/wrote 350` logs what you wrote; `/words history` puts right what is logged already."


@dataclass(frozen=True, slots=True)
class Counted:
    """`said` is the number that was declared, `other` what else it might have meant. Where it needs
    the start count, it comes to nothing until that is said. `entry`: what the ledger has of it, if
    anything; `other_day`: the other day that the round touches for its writer; `restored`: the
    private entry that was this count and stands for itself again."""

    round: Round
    me: Participant
    said: int
    other: Means | None = None
    needs_start: bool = False
    entry: Entry | None = None
    other_day: date | None = None
    restored: Entry | None = None


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
    """Say how much one has; whoever is not in yet is let in. For a day after the results a count
    still changes them. Raises NotFound, Conflict."""
    found, me = _round_and_me(conn, member, guild_id, round_id, now)
    if heard(conn, interaction_id) is not None:
        return _counted(conn, found, me, said.number)
    read = reading(conn, found, me, said, now)
    done = _store(conn, found, me, read, now=now, interaction_id=interaction_id, final=final)
    return _counted(conn, found, done, said.number, read.other, read.written is None)


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
        return _counted(conn, found, me, number)
    if start is None:
        read = rules.chosen(number, means, me.start)
    else:
        conn.execute(update(participants).where(participants.c.id == me.id).values(start=start))
        project_id = me.project_id or projects.default(conn, _person(me), now)
        starting_counts.begin_at(conn, _person(me), project_id, Unit.WORDS, start)
        total = Amount(Sign.TOTAL, number)
        read = reading(conn, found, replace(me, start=start), total, now)
    done = _store(conn, found, me, read, now=now, interaction_id=interaction_id)
    return _counted(conn, found, done, number, needs_start=read.written is None)


def undo(
    conn: Connection,
    member: Member,
    guild_id: int,
    round_id: int,
    *,
    now: int,
    interaction_id: int,
) -> Counted:
    """Take back what one declared last; what one had said before that stands again. If that was a
    private entry, it is one again. For a day after the results, or after the sprint was cancelled.
    Raises NotFound, Conflict."""
    found, me = _round_and_me(conn, member, guild_id, round_id, now, undoing=True)
    undone = conn.scalar(
        select(declarations.c.interaction_id).where(declarations.c.undone_by == interaction_id)
    )
    said = conn.execute(
        select(declarations)
        .where(declarations.c.participant_id == me.id, declarations.c.undone_by.is_(None))
        .order_by(declarations.c.id.desc())
        .limit(2)
    ).all()
    if undone is None:
        if not said:
            raise Conflict("You have no count in that sprint, so there is nothing to undo.")
        conn.execute(
            update(declarations)
            .where(declarations.c.id == said[0].id)
            .values(undone_by=interaction_id)
        )
        undone = said[0].interaction_id
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
    settled = _settled(conn, found, me, now)
    restored = words.restore(conn, _person(me), undone, now=now, interaction_id=interaction_id)
    return replace(_counted(conn, found, settled, 0), restored=restored)


def choose_day(
    conn: Connection,
    member: Member,
    guild_id: int,
    round_id: int,
    day: date,
    *,
    now: int,
    interaction_id: int,
) -> Counted:
    """Have one's count belong to the other day that the round touches. Raises NotFound,
    Conflict."""
    found = records.get(conn, guild_id, round_id)
    me = mine(conn, member, found)
    entry = None if me is None else _entry(conn, me)
    if me is None or entry is None:
        raise Conflict("You have no count in that sprint any more.")
    if day in dates.days_of(conn, _person(me), found):
        ledger.move(
            conn, _person(me), entry.id, entry.place.project_id, day, now, f"move:{interaction_id}"
        )
    return _counted(conn, found, me, me.written or 0)


def mine(conn: Connection, member: Member, found: Round) -> Participant | None:
    person_id = people.find(conn, member.discord_id)
    return None if person_id is None else records.participant(conn, found.id, person_id)


def check_open(conn: Connection, guild_id: int, round_id: int, now: int) -> None:
    """Whether a count would be taken. Raises NotFound, Conflict."""
    _check_open(records.get(conn, guild_id, round_id), now)


def _check_open(found: Round, now: int, *, undoing: bool = False) -> None:
    if found.state is State.WAITING:
        raise Conflict(
            "The sprint has not begun yet. To say where you start: `/sprint join 12350`."
        )
    if not takes_counts(found, now, undoing=undoing):
        how = "was cancelled" if found.state is State.CANCELLED else "is over"
        raise Conflict(f"That sprint {how}. {WITHOUT_IT}")


def _round_and_me(
    conn: Connection,
    member: Member,
    guild_id: int,
    round_id: int,
    now: int,
    *,
    undoing: bool = False,
) -> tuple[Round, Participant]:
    """Both locked. Whoever is not in it is let in. Raises Conflict where nothing can be counted."""
    person_id = people.person_id(conn, member, now)
    found = records.get(conn, guild_id, round_id, lock=True)
    _check_open(found, now, undoing=undoing)
    me = records.participant(conn, round_id, person_id)
    if me is None:
        participation.enter(conn, round_id, person_id, found.starts_at)
        outbox.mark_dirty(conn, bell.BOARD, round_id)
        me = records.participant(conn, round_id, person_id)
    assert me is not None
    return found, me


def takes_counts(found: Round, now: int, *, undoing: bool = False) -> bool:
    if found.state in (State.RUNNING, State.COUNTING):
        return True
    over = (State.FINISHED, State.CANCELLED) if undoing else (State.FINISHED,)
    return found.state in over and now - (found.finished_at or 0) <= LATE_COUNTS


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
        Place(project_id, Unit.WORDS, dates.days_of(conn, person_id, found)[0], found.guild_id),
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
    return replace(stands, entry_id=entry_id)


def _counted(
    conn: Connection,
    found: Round,
    me: Participant,
    said: int,
    other: Means | None = None,
    needs_start: bool = False,
) -> Counted:
    entry = _entry(conn, me)
    touched = [] if entry is None else dates.days_of(conn, _person(me), found)
    other_day = None
    if entry is not None and entry.place.day in touched:
        other_day = next((day for day in touched if day != entry.place.day), None)
    return Counted(found, me, said, other, needs_start, entry, other_day)


def _entry(conn: Connection, me: Participant) -> Entry | None:
    """What the ledger has of a participant's count."""
    entry = None if me.entry_id is None else ledger.get(conn, _person(me), me.entry_id)
    return None if entry is None or entry.void else entry


def move_to_project(
    conn: Connection, found: Round, person_id: int, project_id: int, now: int
) -> None:
    """What someone has counted in the round belongs to this project from now on."""
    entry_id = conn.scalar(
        select(participants.c.entry_id).where(
            participants.c.round_id == found.id, participants.c.person_id == person_id
        )
    )
    if entry_id is None:
        return
    projects.get(conn, person_id, project_id, lock=True)
    entry = ledger.get(conn, person_id, entry_id)
    if not entry.void:
        ledger.move(
            conn, person_id, entry.id, project_id, entry.place.day, now,
            f"{key(found, person_id)}:from:{entry.id}",
        )  # fmt: skip


def key(found: Round, person_id: int) -> str:
    """Of the entry in the ledger."""
    return f"sprint:{found.id}:{person_id}"


def _person(me: Participant) -> int:
    assert me.person_id is not None
    return me.person_id
