"""Public answers to commands: noted with whom they name, and deleted when one of these is erased or
the story that they quote goes."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, select

from bot.db.engine import wake
from bot.db.held import Held, rows
from bot.db.metadata import upsert
from bot.delivery.queue import new_nonce
from bot.delivery.rules import State
from bot.delivery.service import NOTICES, REMOVED
from bot.delivery.tables import outbox, public_answers


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message stands."""

    guild_id: int
    channel_id: int
    message_id: int


def note(
    conn: Connection, posted: Posted, person_ids: Collection[int], story_id: int | None = None
) -> None:
    """These people are named in the message, and the story is quoted."""
    if person_ids:
        where = {
            "guild_id": posted.guild_id, "channel_id": posted.channel_id,
            "message_id": posted.message_id, "story_id": story_id,
        }  # fmt: skip
        conn.execute(
            upsert(public_answers).on_conflict_do_nothing(),
            [{"person_id": person_id, **where} for person_id in sorted(person_ids)],
        )


def names(conn: Connection, person_id: int, message_id: int) -> bool:
    """Whether the person is noted as named in the message."""
    noted = select(public_answers.c.message_id).where(
        public_answers.c.person_id == person_id, public_answers.c.message_id == message_id
    )
    return conn.scalar(noted) is not None


def held(conn: Connection, person_id: int) -> Held:
    theirs = select(public_answers).where(public_answers.c.person_id == person_id)
    return {"public_answers": rows(conn, theirs)}


def erase_person(conn: Connection, person_id: int) -> None:
    _take_down(conn, public_answers.c.person_id == person_id)


def erase_stories(conn: Connection, story_ids: Collection[int]) -> None:
    _take_down(conn, public_answers.c.story_id.in_(story_ids))


def take_down(conn: Connection, messages: Collection[Posted]) -> None:
    """Have the outbox delete these messages, which it did not post."""
    if messages:
        conn.execute(
            upsert(outbox)
            .values(kind=REMOVED, part=0, priority=NOTICES, state=State.DELETING, due=0)
            .on_conflict_do_nothing(),
            [
                {
                    "subject": posted.message_id,
                    "guild_id": posted.guild_id,
                    "channel_id": posted.channel_id,
                    "message_id": posted.message_id,
                    "nonce": new_nonce(),
                }
                for posted in messages
            ],
        )
        wake(conn, "outbox")


def _take_down(conn: Connection, these: ColumnElement[bool]) -> None:
    columns = public_answers.c["guild_id", "channel_id", "message_id"]
    found = conn.execute(select(*columns).where(these).distinct()).all()
    take_down(conn, [Posted(*row) for row in found])
    conn.execute(delete(public_answers).where(these))
