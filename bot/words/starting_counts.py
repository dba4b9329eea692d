"""Where projects stood before anything was logged for them. Running totals go on from there;
nothing else counts it."""

from sqlalchemy import Connection, delete, select

from bot.db.metadata import upsert
from bot.words import ledger
from bot.words.amounts import Unit
from bot.words.tables import starting_counts


def of(conn: Connection, project_id: int, unit: Unit) -> int:
    found: int | None = conn.scalar(
        select(starting_counts.c.amount).where(
            starting_counts.c.project_id == project_id, starting_counts.c.unit == unit
        )
    )
    return found or 0


def put(
    conn: Connection,
    person_id: int,
    project_id: int,
    unit: Unit,
    amount: int,
    *,
    import_id: int | None = None,
) -> None:
    """Set the starting count; 0 takes it away. `import_id`: the import that said so."""
    here = starting_counts.c.project_id == project_id, starting_counts.c.unit == unit
    conn.execute(delete(starting_counts).where(*here))
    if amount:
        conn.execute(
            upsert(starting_counts).values(
                person_id=person_id, project_id=project_id, unit=unit, amount=amount,
                import_id=import_id,
            )
        )  # fmt: skip


def begin_at(conn: Connection, person_id: int, project_id: int, unit: Unit, amount: int) -> None:
    """Have a project start at what its writer says it stands at, while nothing is logged for it."""
    if not ledger.total(conn, person_id, project_id, unit):
        put(conn, person_id, project_id, unit, amount)


def total(conn: Connection, person_id: int, project_id: int, unit: Unit) -> int:
    """The running total: the starting count and all that has been logged since."""
    return of(conn, project_id, unit) + ledger.total(conn, person_id, project_id, unit)
