"""What may be asked of the outbox, as plain functions of a connection."""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, case, delete, func, select, text, update

from bot.db.engine import wake
from bot.db.metadata import upsert
from bot.delivery.queue import COLUMNS, as_row, change, new_nonce
from bot.delivery.rules import Act, Edit, Row, State
from bot.delivery.tables import outbox

BELLS, EXCERPTS, NOTICES = 0, 1, 2  # priorities: the lower goes first
REMOVED = "removed"  # the kind of a message whose subject is gone

_UNEDITED = text("dirty = 3")  # Edit.BLOCKED, to the letter, or SQLite would not use the index
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


def withdraw(conn: Connection, row: Row) -> bool:
    """What is up stays."""
    return row.state is not State.SENT and change(conn, row, state=State.WITHDRAWN, due=None)


def mark_dirty(conn: Connection, kind: str, *subjects: int) -> None:
    """What these messages show has changed: edit each as soon as may be, and one that is just being
    posted, or may have been, once it is known to be up."""
    conn.execute(
        update(outbox)
        .where(
            outbox.c.kind == kind,
            outbox.c.subject.in_(subjects),
            outbox.c.state.in_([State.SENT, State.SENDING, State.UNCERTAIN]),
        )
        .values(dirty=Edit.WANTED, due=case((outbox.c.state == State.SENT, 0), else_=outbox.c.due))
    )
    wake(conn, "outbox")


def remove(
    conn: Connection, kind: str, *subjects: int, channel_ids: Collection[int] | None = None
) -> None:
    """The subjects are gone, at least from these channels: post nothing of them there any more, and
    delete what is up. What is kept until then names nothing. A POST on its way is awaited, for it
    may be up."""
    there = () if channel_ids is None else (outbox.c.channel_id.in_(channel_ids),)
    theirs = outbox.c.kind == kind, outbox.c.subject.in_(subjects), *there
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
            dirty=Edit.NONE,
            attempts=0,
            error=None,
        )
    )
    wake(conn, "outbox")


def untitle_threads(conn: Connection, kind: str, *subjects: int) -> None:
    """The subjects are gone: give the threads begun for them a name that says nothing, and begin no
    more of them."""
    theirs = outbox.c.kind == kind, outbox.c.subject.in_(subjects)
    begun = outbox.c.state.in_([State.SENT, State.SENDING])
    conn.execute(delete(outbox).where(*theirs, ~begun))
    conn.execute(
        update(outbox)
        .where(*theirs)
        .values(
            kind=REMOVED,
            subject=outbox.c.id,
            part=0,
            act=Act.UNTITLE,
            state=State.PENDING,
            due=case((outbox.c.state == State.SENDING, outbox.c.due), else_=0),
            attempted_at=None,
            attempts=0,
            error=None,
        )
    )
    wake(conn, "outbox")


def backlog(conn: Connection) -> int:
    """How many messages are to be posted, edited or deleted now."""
    return conn.scalars(
        select(func.count()).select_from(outbox).where(outbox.c.due.is_not(None))
    ).one()


def unblock(
    conn: Connection, channel_ids: Collection[int], acts: Collection[Act] = tuple(Act)
) -> None:
    """The bot has the permissions for these acts in these channels again."""
    for waiting, goes_on_as in (
        (State.BLOCKED, State.PENDING),
        (State.UNCERTAIN, State.SENDING),
        (State.KEPT, State.DELETING),
    ):
        conn.execute(
            update(outbox)
            .where(
                outbox.c.channel_id.in_(channel_ids),
                outbox.c.state == waiting,
                outbox.c.act.in_(acts),
            )
            .values(state=goes_on_as, due=0, error=None)
        )
    conn.execute(
        update(outbox)
        .where(
            outbox.c.channel_id.in_(channel_ids),
            outbox.c.state == State.SENT,
            outbox.c.dirty == Edit.BLOCKED,
            outbox.c.act.in_(acts),
        )
        .values(dirty=Edit.WANTED, due=0, error=None)
    )
    wake(conn, "outbox")


def blocked(conn: Connection, guild_id: int) -> dict[Act, list[int]]:
    """By acts, the channels in which a message, an edit or a deletion waits for a permission."""
    here = select(outbox.c.act, outbox.c.channel_id).where(outbox.c.guild_id == guild_id)
    waiting = here.where(outbox.c.state.in_([State.BLOCKED, State.UNCERTAIN, State.KEPT]))
    channels: dict[Act, list[int]] = {}
    for act, channel_id in conn.execute(waiting.union(here.where(_UNEDITED))):
        channels.setdefault(Act(act), []).append(channel_id)
    return channels


def blocked_channels(conn: Connection, guild_id: int) -> list[int]:
    """The channels in which anything waits for a permission."""
    return list({one for channels in blocked(conn, guild_id).values() for one in channels})


def forget(conn: Connection, kind: str, *subjects: int, channel_id: int | None = None) -> None:
    """In every channel, unless one is said."""
    here = () if channel_id is None else (outbox.c.channel_id == channel_id,)
    theirs = outbox.c.kind == kind, outbox.c.subject.in_(subjects), *here
    conn.execute(update(outbox).where(*theirs).values(after_id=None))
    conn.execute(delete(outbox).where(*theirs))


def forget_unsent(conn: Connection, kind: str, *subjects: int) -> None:
    """Promise the subjects no more. What is up stays, and is not posted again should a subject be
    promised anew: then what is missing follows."""
    conn.execute(
        delete(outbox).where(
            outbox.c.kind == kind, outbox.c.subject.in_(subjects), outbox.c.state != State.SENT
        )
    )


def forget_channel(conn: Connection, channel_id: int) -> None:
    conn.execute(delete(outbox).where(outbox.c.channel_id == channel_id))


def by_message(conn: Connection, guild_id: int, message_id: int) -> Row | None:
    """What a message in the server stands for; None where the outbox did not post it."""
    row = conn.execute(
        select(*COLUMNS).where(outbox.c.message_id == message_id, outbox.c.guild_id == guild_id)
    ).one_or_none()
    return None if row is None else as_row(row)


def messages(conn: Connection, kind: str, *subjects: int) -> list[Row]:
    rows = conn.execute(_MESSAGES, {"kind": kind, "subjects": subjects})
    return [as_row(row) for row in rows]
