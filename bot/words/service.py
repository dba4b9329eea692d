"""Logging what one wrote, and putting it right afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from bot.errors import BadInput, Conflict, NotFound
from bot.people import service as people
from bot.people.service import Member
from bot.words import days, goals, ledger, projects, starting_counts
from bot.words.amounts import Amount, Sign, Unit
from bot.words.goal_rules import Progress
from bot.words.ledger import TAKEN_BACK, Entry, Place
from bot.words.projects import Project

LONGEST_NOTE = 200
PAGE = 10  # entries

WROTE, TOTAL = "wrote", "total"  # the sources of amounts, and of what leads to a running total
SPRINT = "sprint"  # the source of entries that belong to a sprint


@dataclass(frozen=True, slots=True)
class Wrote:
    """An entry, with the sums in its unit: of its day over all projects, and its project's running
    total; and where the writer's goals stand today. `private`: nobody else is shown it.
    `offer_yesterday`: it may be yesterday's, as no date was said just after midnight."""

    entry: Entry
    today: date
    on_day: int
    total: int
    goals: list[Progress]
    private: bool
    offer_yesterday: bool


@dataclass(frozen=True, slots=True)
class FirstTotal:
    """A running total of a project that had none before: where the writer starts, or what they
    wrote on `day`."""

    project: Project
    unit: Unit
    amount: int
    day: date
    today: date


@dataclass(frozen=True, slots=True)
class History:
    """A page of a writer's entries, newest first; pages count from 0."""

    entries: list[Entry]
    page: int
    more: bool


def wrote(
    conn: Connection,
    member: Member,
    amount: Amount,
    *,
    now: int,
    interaction_id: int,
    project_id: int | None = None,
    day: str | None = None,
    unit: Unit = Unit.WORDS,
    note: str | None = None,
    public: bool = False,
) -> Wrote:
    """Log an amount, or what leads to a running total, on the day as it was typed. Raises BadInput,
    NotFound."""
    person_id = people.person_id(conn, member, now)
    zone = people.zone_of(conn, member).zone
    today = days.local_day(now, zone)
    written_on = today if day is None else days.parse_day(day, today)
    if project_id is None:
        project_id = projects.default(conn, person_id, now)
    projects.get(conn, person_id, project_id, lock=True)
    number = _signed(amount)
    if amount.sign is Sign.TOTAL:
        number -= starting_counts.total(conn, person_id, project_id, unit)
    entry = ledger.add(
        conn, person_id, Place(project_id, unit, written_on, member.guild_id), number,
        now=now, source=TOTAL if amount.sign is Sign.TOTAL else WROTE,
        key=f"wrote:{interaction_id}", note=checked_note(note), public=public,
    )  # fmt: skip
    return Wrote(
        entry,
        today,
        on_day=ledger.on_day(conn, person_id, entry.place.unit, entry.place.day),
        total=starting_counts.total(conn, person_id, entry.place.project_id, entry.place.unit),
        goals=goals.today(conn, person_id, today, guild_id=member.guild_id),
        private=not public,
        offer_yesterday=day is None and days.just_after_midnight(now, zone),
    )


def first_total(
    conn: Connection,
    member: Member,
    amount: Amount,
    *,
    now: int,
    project_id: int | None = None,
    day: str | None = None,
    unit: Unit = Unit.WORDS,
) -> FirstTotal | None:
    """What to ask about before this is logged: nobody can tell a manuscript that exists already
    from a day's work. None: there is nothing to ask. Raises BadInput, NotFound."""
    if amount.sign is not Sign.TOTAL or not amount.number:
        return None
    person_id = people.person_id(conn, member, now)
    today = goals.local_today(conn, member, now)
    if project_id is None:
        project_id = projects.default(conn, person_id, now)
    project = projects.get(conn, person_id, project_id)
    if not _is_empty(conn, person_id, project_id, unit):
        return None
    written_on = today if day is None else days.parse_day(day, today)
    return FirstTotal(project, unit, amount.number, written_on, today)


def start_there(
    conn: Connection, member: Member, project_id: int, unit: Unit, amount: int, now: int
) -> Project:
    """Have a project start at `amount`. Raises Conflict where something is logged for it by now,
    NotFound."""
    person_id = people.person_id(conn, member, now)
    project = projects.get(conn, person_id, project_id, lock=True)
    if _is_empty(conn, person_id, project_id, unit):
        starting_counts.put(conn, person_id, project_id, unit, amount)
    elif starting_counts.of(conn, project_id, unit) != amount:
        raise Conflict(
            "There is more in that project by now. `/project edit` sets where it starts."
        )
    return project


def _is_empty(conn: Connection, person_id: int, project_id: int, unit: Unit) -> bool:
    start = starting_counts.of(conn, project_id, unit)
    return not start and not ledger.total(conn, person_id, project_id, unit)


def history(conn: Connection, member: Member, page: int) -> History:
    """A page, or the one before it where it has become empty."""
    person_id = people.find(conn, member.discord_id)
    if person_id is None:
        return History([], 0, False)
    found = ledger.latest(conn, person_id, PAGE + 1, page * PAGE)
    if not found and page > 0:
        return history(conn, member, page - 1)
    return History(found[:PAGE], page, len(found) > PAGE)


def show(conn: Connection, member: Member, entry_id: int) -> Entry:
    """Raises NotFound."""
    _, entry = _mine(conn, member, entry_id)
    if entry.void:
        raise NotFound(TAKEN_BACK)
    return entry


def claim(conn: Connection, member: Member, entry_id: int) -> Entry:
    """The entry, which nobody else changes before this transaction ends. Raises NotFound."""
    person_id, _ = _mine(conn, member, entry_id, lock=True)
    return ledger.claim(conn, person_id, entry_id)


def standing(conn: Connection, member: Member, entry_ids: Sequence[int]) -> list[Entry]:
    """Those of these entries of theirs that stand as they were made."""
    person_id = people.find(conn, member.discord_id)
    return [] if person_id is None else ledger.standing(conn, person_id, entry_ids)


def edit(
    conn: Connection,
    member: Member,
    entry_id: int,
    amount: Amount,
    note: str | None,
    *,
    now: int,
    interaction_id: int,
) -> Entry:
    """Have an entry say another amount or note. Raises BadInput, NotFound."""
    person_id, entry = _mine(conn, member, entry_id, lock=True)
    return ledger.correct(
        conn,
        person_id,
        entry.id,
        _signed(amount),
        checked_note(note),
        now,
        f"edit:{interaction_id}",
    )


def move(
    conn: Connection,
    member: Member,
    entry_id: int,
    *,
    day: str | None = None,
    project_id: int | None = None,
    now: int,
    interaction_id: int,
) -> Entry:
    """Have an entry belong to another day, as typed, or project. Raises BadInput, NotFound."""
    person_id, entry = _mine(conn, member, entry_id, lock=True)
    today = goals.local_today(conn, member, now)
    written_on = entry.place.day
    if day is not None and day != written_on.isoformat():  # its own may be yet to come
        written_on = days.parse_day(day, today)
    if project_id is None:
        project_id = entry.place.project_id
    projects.get(conn, person_id, project_id, lock=True)
    return ledger.move(
        conn, person_id, entry.id, project_id, written_on, now, f"move:{interaction_id}"
    )


def undo(
    conn: Connection, member: Member, entry_id: int, *, now: int, interaction_id: int
) -> Entry:
    """Take an entry back. Once it has been, nothing more happens. Raises NotFound."""
    person_id, entry = _mine(conn, member, entry_id, lock=True)
    return ledger.undo(conn, person_id, entry.id, now, f"undo:{interaction_id}")


def restore(
    conn: Connection, person_id: int, undone_by: int, *, now: int, interaction_id: int
) -> Entry | None:
    """Bring back what an interaction undid, if it did undo something."""
    return ledger.restore(conn, person_id, f"undo:{undone_by}", now, f"restore:{interaction_id}")


def _mine(
    conn: Connection, member: Member, entry_id: int, *, lock: bool = False
) -> tuple[int, Entry]:
    person_id = people.find(conn, member.discord_id, lock=lock)
    if person_id is None:
        raise NotFound("You have not written anything here yet.")
    return person_id, ledger.get(conn, person_id, entry_id)


def _signed(amount: Amount) -> int:
    return -amount.number if amount.sign is Sign.LESS else amount.number


def checked_note(note: str | None) -> str | None:
    """Raises BadInput."""
    plain = " ".join((note or "").split())
    if len(plain) > LONGEST_NOTE:
        raise BadInput(f"A note has {LONGEST_NOTE} characters at most.")
    return plain or None
