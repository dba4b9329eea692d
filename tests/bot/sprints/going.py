"""Leaving and cancelling a sprint."""

from sqlalchemy import Connection

from bot.people.service import Member
from bot.sprints import service
from bot.sprints.records import Round
from tests.bot.sprints.making import GUILD, NOW


def leave(conn: Connection, member: Member, found: Round, now: int = NOW) -> Round:
    return service.leave(conn, member, GUILD, found.id, now)


def cancel(conn: Connection, member: Member, found: Round, *, moderator: bool = False) -> bool:
    return service.cancel(conn, member, GUILD, found.id, NOW, moderator=moderator)
