"""How a server's messages fare: the last that went out, and those that do not."""

from dataclasses import dataclass

from sqlalchemy import Connection, Row, select, update

from bot.db.engine import wake
from bot.delivery import queue, service
from bot.delivery.rules import Act, State
from bot.delivery.tables import outbox

OFTEN = 3  # attempts from which on a message is shown as one that does not go out
WAITING = (State.BLOCKED, State.UNCERTAIN, State.KEPT)  # for a permission


@dataclass(frozen=True, slots=True)
class Message:
    """What it is about, where, and what is done. `sent_at` is by the Clock, `next_try` is real
    time."""

    kind: str
    subject: int
    channel_id: int
    act: Act
    state: State
    sent_at: int | None
    next_try: int | None


_COLUMNS = [
    outbox.c[name] for name in ("kind", "subject", "channel_id", "act", "state", "sent_at", "due")
]


def last_sent(conn: Connection, guild_id: int) -> Message | None:
    row = conn.execute(
        select(*_COLUMNS)
        .where(
            outbox.c.guild_id == guild_id,
            outbox.c.sent_at.is_not(None),
            outbox.c.state == State.SENT,
        )
        .order_by(outbox.c.sent_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else _message(row)


def stuck(conn: Connection, guild_id: int) -> list[Message]:
    """What was refused, waits for a permission, or has been tried often; the oldest first. One that
    is SENT is to be edited."""
    here = select(outbox.c.id, *_COLUMNS).where(outbox.c.guild_id == guild_id)
    stands = here.where(outbox.c.state.in_([State.FAILED, *WAITING]))
    backs_off = here.where(outbox.c.due.is_not(None), outbox.c.attempts >= OFTEN)
    # Not one query with an "or": SQLite would read all that the server was ever posted.
    rows = conn.execute(stands.union(backs_off).order_by("id"))
    return [_message(row) for row in rows]


def try_again(conn: Connection, guild_id: int) -> None:
    """Post what was refused, which is known not to be up, as if for the first time, and go on once
    with what waits for a permission. What backs off does so at Discord's wish, and is left alone.
    """
    refused = outbox.c.guild_id == guild_id, outbox.c.state == State.FAILED
    for message_id in conn.scalars(select(outbox.c.id).where(*refused)).all():
        conn.execute(
            update(outbox)
            .where(outbox.c.id == message_id, *refused)
            .values(
                state=State.PENDING, due=0, nonce=queue.new_nonce(), attempted_at=None,
                attempts=0, error=None,
            )
        )  # fmt: skip
    service.unblock(conn, service.blocked_channels(conn, guild_id))
    wake(conn, "outbox")


def _message(row: Row[tuple[object, ...]]) -> Message:
    return Message(
        row.kind, row.subject, row.channel_id, Act(row.act), State(row.state), row.sent_at, row.due
    )
