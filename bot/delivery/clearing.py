"""What is done to the remains of something removed is forgotten once it is done."""

from sqlalchemy import Connection

from bot.delivery import service as outbox
from bot.delivery.loop import Hooks
from bot.delivery.rules import Row


def _forget(conn: Connection, row: Row, now: int) -> None:
    outbox.forget(conn, outbox.REMOVED, row.subject)


HOOKS = Hooks(sent=_forget, gone=_forget)
