"""The outbox, as plain functions of a connection. Each change is conditional on the state."""

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

from bot.db.engine import wake
from bot.db.metadata import upsert
from bot.delivery.rules import Act, Row, State
from bot.delivery.tables import outbox

BELLS, EXCERPTS, NOTICES = 0, 1, 2  # priorities: the lower goes first
REMOVED = "removed"  # the kind of a message whose subject is gone

# ms, longer than any POST takes: after it, a POST whose sender has vanished is anyone's to settle.
IN_FLIGHT = 50_000

COLUMNS = [
    outbox.c[name]
    for name in (
        "id", "kind", "subject", "part", "guild_id", "channel_id", "state", "nonce",
        "attempted_at", "attempts", "not_after", "message_id", "act", "target",
    )
]  # fmt: skip

_MESSAGES = (
    select(*COLUMNS)
    .where(
        outbox.c.kind == bindparam("kind"),
        outbox.c.subject.in_(bindparam("subjects", expanding=True)),
    )
    .order_by(outbox.c.subject, outbox.c.channel_id, outbox.c.part)
)


def add(
    conn: Connection,
    kind: str,
    subject: int,
    *,
    guild_id: int | None,
    channel_id: int,
    parts: range = range(1),
    priority: int = NOTICES,
    not_after: int | None = None,
) -> None:
    """Promise the subject's parts to a channel, in order. One already promised stays as it is,
    unless it was withdrawn: then it is wanted again. Later than `not_after` (by the Clock) the
    first part is no longer wanted; once it is up, the others follow however late."""
    before = None
    for part in parts:
        values = {
            "state": State.PENDING, "due": 0, "nonce": new_nonce(),
            "not_after": not_after if before is None else None,
            "after_id": before, "priority": priority, "attempted_at": None, "attempts": 0,
            "error": None,
        }  # fmt: skip
        statement = upsert(outbox).values(
            kind=kind, subject=subject, part=part, guild_id=guild_id, channel_id=channel_id,
            **values,
        )  # fmt: skip
        conn.execute(
            statement.on_conflict_do_update(
                index_elements=["kind", "subject", "channel_id", "part"],
                set_=values,
                where=outbox.c.state == State.WITHDRAWN,
            )
        )
        before = conn.scalars(
            select(outbox.c.id).where(
                outbox.c.kind == kind,
                outbox.c.subject == subject,
                outbox.c.channel_id == channel_id,
                outbox.c.part == part,
            )
        ).one()
    wake(conn, "outbox")


def do(
    conn: Connection, act: Act, kind: str, subject: int, part: int, guild_id: int, channel_id: int,
    message_id: int,
) -> None:  # fmt: skip
    """Promise that something is done to a message that is up."""
    conn.execute(
        upsert(outbox)
        .values(
            kind=kind, subject=subject, part=part, guild_id=guild_id, channel_id=channel_id,
            act=act, target=message_id, priority=NOTICES, state=State.PENDING, due=0,
            nonce=new_nonce(),
        )
        .on_conflict_do_nothing()
    )  # fmt: skip
    wake(conn, "outbox")


def answered(
    conn: Connection, kind: str, subject: int, *, guild_id: int, channel_id: int, message_id: int
) -> None:
    """A message about the subject is up already, as the answer to an interaction: it is known from
    now on, and goes with its subject."""
    conn.execute(
        upsert(outbox)
        .values(
            kind=kind, subject=subject, part=message_id, guild_id=guild_id, channel_id=channel_id,
            priority=NOTICES, state=State.SENT, nonce=new_nonce(), message_id=message_id,
        )
        .on_conflict_do_nothing()
    )  # fmt: skip


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
    return [_row(row) for row in conn.execute(_DUE, {"now": real_now})]


def begin(conn: Connection, row: Row, real_now: int) -> bool:
    """Note that a POST is about to be made. False: another process has it."""
    return _change(
        conn,
        row,
        outbox.c.attempts == row.attempts,
        state=State.SENDING,
        due=real_now + IN_FLIGHT,
        attempted_at=row.attempted_at or real_now,
        attempts=row.attempts + 1,
    )


def withdraw_late(conn: Connection, row: Row, now: int) -> bool:
    return row.state is State.PENDING and _change(
        conn, row, outbox.c.not_after < now, state=State.WITHDRAWN, due=None
    )


def sent(conn: Connection, row: Row, message_id: int | None, now: int) -> bool:
    changed_meanwhile = case((outbox.c.dirty == 1, 0), else_=None)
    return _change(
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


def withdraw(conn: Connection, row: Row) -> bool:
    """What is up stays."""
    return row.state is not State.SENT and _change(conn, row, state=State.WITHDRAWN, due=None)


def try_again(conn: Connection, row: Row, error: str, due: int) -> bool:
    """Nothing was posted: begin anew, with a nonce of its own, at `due` (real time)."""
    return _change(
        conn, row, state=State.PENDING, due=due, attempted_at=None, nonce=new_nonce(), error=error
    )


def settle_later(conn: Connection, row: Row, error: str, due: int) -> bool:
    """Nobody knows whether it was posted: the same nonce again, or a look, at `due`."""
    return _change(conn, row, due=due, error=error)


def block(conn: Connection, row: Row, error: str, state: State) -> bool:
    """A permission is missing: to post it (BLOCKED), or to look whether it is up (UNCERTAIN)."""
    attempted_at = row.attempted_at if state is State.UNCERTAIN else None
    return _change(conn, row, state=state, due=None, attempted_at=attempted_at, error=error)


def fail(conn: Connection, row: Row, error: str, state: State) -> bool:
    """FAILED or GONE."""
    return _change(conn, row, state=state, due=None, error=error)


def mark_dirty(conn: Connection, kind: str, subject: int) -> None:
    """What these messages show has changed: edit each as soon as may be, and one that is just being
    posted once it is up."""
    conn.execute(
        update(outbox)
        .where(
            outbox.c.kind == kind,
            outbox.c.subject == subject,
            outbox.c.state.in_([State.SENT, State.SENDING]),
        )
        .values(dirty=1, due=case((outbox.c.state == State.SENT, 0), else_=outbox.c.due))
    )
    wake(conn, "outbox")


def begin_edit(conn: Connection, row: Row, real_now: int) -> bool:
    return _change(conn, row, dirty=2, due=real_now + IN_FLIGHT, attempts=row.attempts + 1)


def edited(conn: Connection, row: Row) -> None:
    """Done, unless something changed while the edit was on its way."""
    _change(conn, row, outbox.c.dirty == 2, dirty=0, due=None, attempts=0, error=None)


def edit_later(conn: Connection, row: Row, error: str, due: int | None) -> None:
    _change(conn, row, dirty=0 if due is None else 1, due=due, error=error)


def remove(conn: Connection, kind: str, *subjects: int) -> None:
    """The subjects are gone: post nothing of them any more, and delete what is up in channels. What
    is kept until then names nothing. A POST on its way is awaited, for it may be up."""
    theirs = outbox.c.kind == kind, outbox.c.subject.in_(subjects)
    conn.execute(update(outbox).where(*theirs).values(after_id=None))
    up = outbox.c.state.in_([State.SENDING, State.UNCERTAIN]) | outbox.c.message_id.is_not(None)
    conn.execute(delete(outbox).where(*theirs, ~up | outbox.c.guild_id.is_(None)))
    conn.execute(
        update(outbox)
        .where(*theirs)
        .values(
            kind=REMOVED,
            subject=outbox.c.id,
            part=0,
            state=State.DELETING,
            due=case((outbox.c.state == State.SENDING, outbox.c.due), else_=0),
            dirty=0,
            attempts=0,
            error=None,
        )
    )
    wake(conn, "outbox")


def begin_deletion(conn: Connection, row: Row, real_now: int) -> bool:
    return _change(
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


def unblock(conn: Connection, channel_ids: list[int]) -> None:
    """The bot may write and read in these channels again."""
    for blocked, goes_on_as in (
        (State.BLOCKED, State.PENDING),
        (State.UNCERTAIN, State.SENDING),
        (State.KEPT, State.DELETING),
    ):
        conn.execute(
            update(outbox)
            .where(outbox.c.channel_id.in_(channel_ids), outbox.c.state == blocked)
            .values(state=goes_on_as, due=0, error=None)
        )
    wake(conn, "outbox")


def blocked_channels(conn: Connection, guild_id: int) -> list[int]:
    """The channels in which a message waits for a permission."""
    return list(
        conn.scalars(
            select(outbox.c.channel_id)
            .where(
                outbox.c.guild_id == guild_id,
                outbox.c.state.in_([State.BLOCKED, State.UNCERTAIN, State.KEPT]),
            )
            .distinct()
        )
    )


def release_all(conn: Connection) -> None:
    """A process that has the database to itself begins: what was in flight is its to settle."""
    in_flight = outbox.c.state.in_([State.SENDING, State.DELETING])
    conn.execute(update(outbox).where(in_flight).values(due=0))
    conn.execute(update(outbox).where(outbox.c.dirty == 2).values(dirty=1, due=0))


def forget(conn: Connection, kind: str, *subjects: int, channel_id: int | None = None) -> None:
    """In every channel, unless one is said."""
    here = () if channel_id is None else (outbox.c.channel_id == channel_id,)
    theirs = outbox.c.kind == kind, outbox.c.subject.in_(subjects), *here
    conn.execute(update(outbox).where(*theirs).values(after_id=None))
    conn.execute(delete(outbox).where(*theirs))


def forget_unsent(conn: Connection, kind: str, subject: int) -> None:
    """Promise the subject no more. What is up stays, and is not posted again should the subject be
    promised anew: then what is missing follows."""
    conn.execute(
        delete(outbox).where(
            outbox.c.kind == kind, outbox.c.subject == subject, outbox.c.state != State.SENT
        )
    )


def forget_channel(conn: Connection, channel_id: int) -> None:
    conn.execute(delete(outbox).where(outbox.c.channel_id == channel_id))


def by_message(conn: Connection, guild_id: int, message_id: int) -> Row | None:
    """What a message in the server stands for; None where the outbox did not post it."""
    row = conn.execute(
        select(*COLUMNS).where(outbox.c.message_id == message_id, outbox.c.guild_id == guild_id)
    ).one_or_none()
    return None if row is None else _row(row)


def messages(conn: Connection, kind: str, *subjects: int) -> list[Row]:
    rows = conn.execute(_MESSAGES, {"kind": kind, "subjects": subjects})
    return [_row(row) for row in rows]


def _change(conn: Connection, row: Row, *conditions: ColumnElement[bool], **values: object) -> bool:
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


def _row(record: Record[tuple[object, ...]]) -> Row:
    values = dict(record._mapping)
    return Row(**{**values, "state": State(values["state"]), "act": Act(values["act"])})


def new_nonce() -> str:
    return secrets.token_urlsafe(16)  # 22 characters; Discord allows 25
