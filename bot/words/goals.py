"""A writer's goals: targets and habits."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    ScalarSelect,
    and_,
    case,
    delete,
    func,
    or_,
    select,
    update,
)

from bot import ids
from bot.db.metadata import upsert
from bot.errors import Conflict, NotFound
from bot.people import service as people
from bot.people.service import Member
from bot.words import days, goal_rules, projects
from bot.words.amounts import Unit
from bot.words.goal_rules import Period, Progress, Wanted
from bot.words.tables import entries, goals, writers
from bot.words.tables import projects as titles

MOST_GOALS = 25
NO_SUCH = "You have no such goal. Pick one of the suggestions; `/goal list` shows yours."


@dataclass(frozen=True, slots=True)
class Course:
    """How a target has gone: `amounts` were written on each day from its first to today; `pars`
    are where an even pace would be on the evening of each of all its days."""

    target: Progress
    amounts: tuple[int, ...]
    pars: tuple[int, ...]


def local_today(conn: Connection, member: Member, now: int) -> date:
    return days.local_day(now, people.zone_of(conn, member).zone)


def today(
    conn: Connection,
    person_id: int,
    today: date,
    *which: ColumnElement[bool],
    guild_id: int | None = None,
) -> list[Progress]:
    """Where the person's goals, or `which` of them, stand on what is today for them, oldest first.
    A week is as in the server that they ask in."""
    week_begins = people.week_begins(conn, guild_id)
    spans = {period: goal_rules.span(period, today, week_begins) for period in Period}
    first_day = case(
        {period: first.isoformat() for period, (first, _) in spans.items()},
        value=goals.c.period,
        else_=goals.c.first_day,
    )
    last_day = case(
        {period: last.isoformat() for period, (_, last) in spans.items()},
        value=goals.c.period,
        else_=goals.c.last_day,
    )
    rows = conn.execute(
        select(
            goals,
            titles.c.title,
            _sum(entries.c.day.between(first_day, last_day)).label("written"),
            _sum(entries.c.day == today.isoformat()).label("written_today"),
        )
        .outerjoin(titles, titles.c.id == goals.c.project_id)
        .where(goals.c.person_id == person_id, *which)
        .order_by(goals.c.id)
    )
    return [
        goal_rules.progress(
            row["id"], _wanted(row), row["title"], int(row["written"]), int(row["written_today"]),
            today, week_begins,
        )
        for row in rows.mappings()
    ]  # fmt: skip


def create(
    conn: Connection, member: Member, wanted: Wanted, *, now: int, interaction_id: int
) -> Progress:
    """Raises Conflict, NotFound."""
    person_id = people.person_id(conn, member, now)
    if wanted.project_id is not None:
        projects.get(conn, person_id, wanted.project_id, lock=True)
    _lock(conn, person_id, now)
    made = goals.c.interaction_id == interaction_id
    if conn.scalar(select(goals.c.id).where(made)) is None:
        count = select(func.count()).select_from(goals).where(goals.c.person_id == person_id)
        if conn.scalars(count).one() >= MOST_GOALS:
            raise Conflict(f"{MOST_GOALS} goals are the most. `/goal remove` makes room.")
        conn.execute(
            upsert(goals)
            .values(
                person_id=person_id, project_id=wanted.project_id, unit=wanted.unit,
                amount=wanted.amount, first_day=wanted.first_day.isoformat(),
                last_day=wanted.last_day and wanted.last_day.isoformat(), period=wanted.period,
                weekdays="".join(map(str, sorted(wanted.weekdays))), interaction_id=interaction_id,
            )
            .on_conflict_do_nothing(index_elements=["interaction_id"])
        )  # fmt: skip
    local = local_today(conn, member, now)
    return today(conn, person_id, local, made, guild_id=member.guild_id)[0]


def mine(conn: Connection, member: Member, now: int) -> list[Progress]:
    person_id = people.find(conn, member.discord_id)
    if person_id is None:
        return []
    local = local_today(conn, member, now)
    return today(conn, person_id, local, guild_id=member.guild_id)


def with_course(conn: Connection, member: Member, now: int) -> tuple[list[Progress], Course | None]:
    """Where all goals stand, and how the first of the targets that are running has gone."""
    found = mine(conn, member, now)
    running = (one for one in found if one.goal.last_day and one.begun and not one.over)
    target = next(running, None)
    if target is None:
        return found, None
    return found, Course(target, _amounts(conn, target), goal_rules.pars(target.goal))


def set_days(
    conn: Connection, member: Member, goal_id: int, first: date, last: date, now: int
) -> Progress:
    """Give a target of theirs another first and last day. Raises NotFound."""
    person_id = people.find(conn, member.discord_id)
    target = (goals.c.id == goal_id) & goals.c.last_day.is_not(None)
    changed = conn.execute(
        update(goals)
        .where(target, goals.c.person_id == person_id)
        .values(first_day=first.isoformat(), last_day=last.isoformat())
    )
    if person_id is None or not changed.rowcount:
        raise NotFound(NO_SUCH)
    return today(conn, person_id, local_today(conn, member, now), target)[0]


def remove(conn: Connection, member: Member, said: str, now: int) -> Progress:
    """Drop a goal, named `#id` as the suggestions have it; what was written stays. Raises
    NotFound."""
    number = ids.parse(said)
    person_id = people.find(conn, member.discord_id, lock=True)
    if number is None or person_id is None:
        raise NotFound(NO_SUCH)
    named = goals.c.id == number
    local = local_today(conn, member, now)
    found = today(conn, person_id, local, named, guild_id=member.guild_id)
    if not found:
        raise NotFound(NO_SUCH)
    conn.execute(delete(goals).where(named))
    return found[0]


def _amounts(conn: Connection, target: Progress) -> tuple[int, ...]:
    """What was written towards it on each day from its first to today."""
    first, today = target.first_day, target.today
    rows = conn.execute(
        select(entries.c.day, func.sum(entries.c.amount))
        .join(goals, _towards())
        .where(goals.c.id == target.id, entries.c.day.between(first.isoformat(), today.isoformat()))
        .group_by(entries.c.day)
    )
    by_day = {date.fromisoformat(day): int(amount) for day, amount in rows}
    dates = (first + timedelta(days=number) for number in range((today - first).days + 1))
    return tuple(by_day.get(day, 0) for day in dates)


def _lock(conn: Connection, person_id: int, now: int) -> None:
    """Nobody else adds a goal of theirs until the transaction ends. SQLite has one writer anyway
    and leaves this out."""
    projects.default(conn, person_id, now)
    conn.execute(
        select(writers.c.person_id).where(writers.c.person_id == person_id).with_for_update()
    )


def _sum(on_days: ColumnElement[bool]) -> ScalarSelect[int]:
    return (
        select(func.coalesce(func.sum(entries.c.amount), 0))
        .where(_towards(), on_days)
        .scalar_subquery()
    )


def _towards() -> ColumnElement[bool]:
    """What counts towards a goal."""
    return and_(
        entries.c.person_id == goals.c.person_id,
        entries.c.unit == goals.c.unit,
        or_(goals.c.project_id.is_(None), entries.c.project_id == goals.c.project_id),
    )


def _wanted(row: RowMapping) -> Wanted:
    return Wanted(
        row["amount"],
        Unit(row["unit"]),
        date.fromisoformat(row["first_day"]),
        date.fromisoformat(row["last_day"]) if row["last_day"] else None,
        Period(row["period"]) if row["period"] else None,
        frozenset(map(int, row["weekdays"])),
        row["project_id"],
    )
