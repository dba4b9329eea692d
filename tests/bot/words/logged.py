"""Amounts that are logged, and what is done to them."""

from datetime import UTC, date, datetime

from sqlalchemy import Connection

from bot.people import service as people
from bot.people.service import Member
from bot.sprints import crediting
from bot.sprints.crediting import Logged
from bot.words import amounts, projects
from bot.words import service as words
from bot.words.amounts import Unit
from bot.words.ledger import Entry
from bot.words.service import Wrote

GUILD, ELSEWHERE = 100, 200
MARA, TOBIAS = Member(1, "Mara", GUILD), Member(2, "Tobias", GUILD)


def ms(utc: str) -> int:
    return int(datetime.fromisoformat(utc).replace(tzinfo=UTC).timestamp() * 1000)


NOON = ms("2026-11-03T12:00")
TODAY, YESTERDAY = date(2026, 11, 3), date(2026, 11, 2)

numbers = iter(range(1, 1_000_000))


def wrote(
    conn: Connection,
    typed: str,
    member: Member = MARA,
    *,
    now: int = NOON,
    interaction_id: int | None = None,
    project_id: int | None = None,
    day: str | None = None,
    unit: Unit = Unit.WORDS,
    note: str | None = None,
    private: bool | None = None,
) -> Wrote:
    done = crediting.log(
        conn,
        member,
        None,
        amounts.parse(typed),
        now=now,
        interaction_id=interaction_id or next(numbers),
        project_id=project_id,
        day=day,
        unit=unit,
        note=note,
        private=private,
    )
    assert isinstance(done, Logged)  # nobody is in a sprint
    return done.wrote


def edit(conn: Connection, entry_id: int, typed: str, note: str | None = None) -> Entry:
    return words.edit(
        conn, MARA, entry_id, amounts.parse(typed), note, now=NOON, interaction_id=next(numbers)
    )


def move(
    conn: Connection, entry_id: int, day: str | None = None, project_id: int | None = None
) -> Entry:
    return words.move(
        conn,
        MARA,
        entry_id,
        day=day,
        project_id=project_id,
        now=NOON,
        interaction_id=next(numbers),
    )


def undo(conn: Connection, entry_id: int, member: Member = MARA) -> Entry:
    return words.undo(conn, member, entry_id, now=NOON, interaction_id=next(numbers))


def history(conn: Connection, member: Member = MARA) -> list[Entry]:
    return words.history(conn, member, 0).entries


def poems(conn: Connection, member: Member = MARA) -> int:
    people.person_id(conn, member, NOON)
    made = projects.create(conn, member, "Poems", now=NOON, interaction_id=next(numbers))
    return made.project.id
