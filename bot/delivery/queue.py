"""The outbox's rows as the loop takes them, and how each went. Each change is conditional on the
state, and says whether it won."""

import secrets

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    delete,
    func,
    or_,
    select,
    update,
)
from sqlalchemy import Row as Record

from bot.delivery.rules import Act, Edit, Row, State
from bot.delivery.tables import outbox

# ms, longer than any POST takes: after it, a POST whose sender has vanished is anyone's to settle.
IN_FLIGHT = 50_000

COLUMNS = [
    outbox.c[name]
    for name in (
        "id", "kind", "subject", "part", "guild_id", "channel_id", "state", "nonce",
        "attempted_at", "attempts", "not_after", "message_id", "act", "target",
    )
]  # fmt: skip


def _first_of_each_channel() -> Select[tuple[object, ...]]:
    before = outbox.alias("before")
    is_edit = case((outbox.c.state.in_([State.SENT, State.DELETING]), 1), else_=0)
    turn = func.row_number().over(
        partition_by=outbox.c.channel_id, order_by=(is_edit, outbox.c.priority, outbox.c.id)
    )
    ready = (
        select(*COLUMNS, outbox.c.priority, is_edit.label("is_edit"), turn.label("turn"))
        .outerjoin(before, before.c.id == outbox.c.after_id)
        .where(
            outbox.c.due <= bindparam("now"),
            or_(outbox.c.after_id.is_(None), before.c.state == State.SENT),
        )
        .subquery()
    )
    return (
        select(*(ready.c[column.name] for column in COLUMNS))
        .where(ready.c.turn == 1)
        .order_by(ready.c.is_edit, ready.c.priority, ready.c.id)
    )


# Made once: to make it takes several times as long as to run it, and it is run after every change.
_DUE = _first_of_each_channel()


def due(conn: Connection, real_now: int) -> list[Row]:
    """What may be sent now, the first of each channel: what is new before edits and deletions, and
    a page after the one before it."""
    return [as_row(row) for row in conn.execute(_DUE, {"now": real_now})]


def begin(conn: Connection, row: Row, real_now: int) -> bool:
    """Note that a POST is about to be made. False: another process has it."""
    return change(
        conn,
        row,
        outbox.c.attempts == row.attempts,
        state=State.SENDING,
        due=real_now + IN_FLIGHT,
        attempted_at=row.attempted_at or real_now,
        attempts=row.attempts + 1,
    )


def withdraw_late(conn: Connection, row: Row, now: int) -> bool:
    return row.state is State.PENDING and change(
        conn, row, outbox.c.not_after < now, state=State.WITHDRAWN, due=None
    )


def sent(conn: Connection, row: Row, message_id: int | None, now: int) -> bool:
    changed_meanwhile = case((outbox.c.dirty == Edit.WANTED, 0), else_=None)
    return change(
        conn,
        row,
        state=State.SENT,
        due=changed_meanwhile,
        message_id=message_id,
        sent_at=now,
        error=None,
        attempts=0,
    )


def came_up(conn: Connection, row: Row, message_id: int) -> None:
    """It was to be deleted while its POST was on its way."""
    conn.execute(
        update(outbox)
        .where(
            outbox.c.id == row.id,
            outbox.c.nonce == row.nonce,
            outbox.c.state == State.DELETING,
        )
        .values(message_id=message_id, due=0)
    )


def try_again(conn: Connection, row: Row, error: str, due: int) -> bool:
    """Nothing was posted: begin anew, with a nonce of its own, at `due` (real time)."""
    return change(
        conn, row, state=State.PENDING, due=due, attempted_at=None, nonce=new_nonce(), error=error
    )


def settle_later(conn: Connection, row: Row, error: str, due: int) -> bool:
    """Nobody knows whether it was posted: the same nonce again, or a look, at `due`."""
    return change(conn, row, due=due, error=error)


def block(conn: Connection, row: Row, error: str, state: State) -> bool:
    """A permission is missing: to post it (BLOCKED), or to look whether it is up (UNCERTAIN)."""
    attempted_at = row.attempted_at if state is State.UNCERTAIN else None
    return change(conn, row, state=state, due=None, attempted_at=attempted_at, error=error)


def fail(conn: Connection, row: Row, error: str, state: State) -> bool:
    """FAILED or GONE."""
    return change(conn, row, state=state, due=None, error=error)


def begin_edit(conn: Connection, row: Row, real_now: int) -> bool:
    return change(
        conn, row, dirty=Edit.UNDER_WAY, due=real_now + IN_FLIGHT, attempts=row.attempts + 1
    )


def edited(conn: Connection, row: Row) -> None:
    """Done, unless something changed while the edit was on its way."""
    under_way = outbox.c.dirty == Edit.UNDER_WAY
    change(conn, row, under_way, dirty=Edit.NONE, due=None, attempts=0, error=None)


def edit_later(conn: Connection, row: Row, error: str, due: int) -> None:
    change(conn, row, dirty=Edit.WANTED, due=due, error=error)


def leave_unedited(conn: Connection, row: Row, error: str, edit: Edit) -> None:
    """Until the permission comes (BLOCKED), or for good (NONE)."""
    change(conn, row, dirty=edit, due=None, error=error)


def begin_deletion(conn: Connection, row: Row, real_now: int) -> bool:
    return change(
        conn,
        row,
        outbox.c.attempts == row.attempts,
        due=real_now + IN_FLIGHT,
        attempts=row.attempts + 1,
    )


def deleted(conn: Connection, row: Row) -> None:
    conn.execute(delete(outbox).where(outbox.c.id == row.id, outbox.c.state == State.DELETING))


def put_off(conn: Connection, row: Row, error: str, due: int) -> None:
    """Handling it failed by a fault of ours: the channel's others go first until `due`."""
    conn.execute(
        update(outbox)
        .where(outbox.c.id == row.id, outbox.c.nonce == row.nonce, outbox.c.due.is_not(None))
        .values(due=due, attempts=outbox.c.attempts + 1, error=error)
    )


def release_all(conn: Connection) -> None:
    """A process that has the database to itself begins: what was in flight is its to settle."""
    in_flight = outbox.c.state.in_([State.SENDING, State.DELETING])
    conn.execute(update(outbox).where(in_flight).values(due=0))
    under_way = outbox.c.dirty == Edit.UNDER_WAY
    conn.execute(update(outbox).where(under_way).values(dirty=Edit.WANTED, due=0))


def change(conn: Connection, row: Row, *conditions: ColumnElement[bool], **values: object) -> bool:
    changed = conn.execute(
        update(outbox)
        .where(
            outbox.c.id == row.id,
            outbox.c.state == row.state,
            outbox.c.nonce == row.nonce,  # or another process has begun anew
            *conditions,
        )
        .values(**values)
    )
    return changed.rowcount == 1


def as_row(record: Record[tuple[object, ...]]) -> Row:
    values = dict(record._mapping)
    return Row(**{**values, "state": State(values["state"]), "act": Act(values["act"])})


def new_nonce() -> str:
    return secrets.token_urlsafe(16)  # 22 characters; Discord allows 25
