"""Writers with something written, and a look at the queries that read it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from sqlalchemy import Connection, create_engine, event

from bot.db.metadata import metadata
from bot.people import service as people
from bot.people.service import Member
from bot.words import ledger, projects
from bot.words.amounts import Unit
from bot.words.ledger import Entry, Place

GUILD, ELSEWHERE = 100, 200
MARA, TOBIAS, INES = Member(1, "Mara", GUILD), Member(2, "Tobias", GUILD), Member(3, "Ines", GUILD)

HONOLULU = Member(4, "Kai", GUILD)  # 10 hours behind UTC
KIRITIMATI = Member(5, "Tebora", GUILD)  # 14 hours ahead

numbers = iter(range(1, 1_000_000))


def ms(utc: str) -> int:
    return int(datetime.fromisoformat(utc).replace(tzinfo=UTC).timestamp() * 1000)


def on(day: str) -> date:
    return date.fromisoformat(day)


def person(conn: Connection, member: Member, zone: str | None = None) -> int:
    if zone is not None:
        people.set_zone(conn, member, zone, 0)
    return people.person_id(conn, member, 0)


def both_ends_of_the_world(conn: Connection) -> None:
    person(conn, HONOLULU, "Pacific/Honolulu")
    person(conn, KIRITIMATI, "Pacific/Kiritimati")


def write(
    conn: Connection,
    amount: int,
    day: str,
    *,
    member: Member = MARA,
    unit: Unit = Unit.WORDS,
    project_id: int | None = None,
    guild_id: int | None = GUILD,
    at: str | None = None,
    source: str = "wrote",
    public: bool = True,
) -> Entry:
    """An entry that all may see, made at noon of its day by UTC, unless told otherwise."""
    person_id = person(conn, member)
    place = Place(project_id or projects.default(conn, person_id, 0), unit, on(day), guild_id)
    return ledger.add(
        conn, person_id, place, amount,
        now=ms(at or f"{day}T12:00"), source=source, key=f"key:{next(numbers)}",
        public=public,
    )  # fmt: skip


def project(conn: Connection, title: str, member: Member = MARA) -> int:
    made = projects.create(conn, member, title, now=0, interaction_id=next(numbers))
    return made.project.id


@contextmanager
def in_memory() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.begin() as conn:
        yield conn
    engine.dispose()


def plans(conn: Connection, use_case: Callable[[Connection], object]) -> list[str]:
    """How SQLite goes about each query of the use case."""
    asked: list[tuple[str, tuple[object, ...]]] = []

    def note(
        _: object, __: object, statement: str, parameters: tuple[object, ...], *___: object
    ) -> None:
        asked.append((statement, parameters))

    event.listen(conn, "before_cursor_execute", note)
    use_case(conn)
    event.remove(conn, "before_cursor_execute", note)
    return [
        "\n".join(
            row.detail
            for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        )
        for statement, parameters in asked
    ]
