"""Which round is meant by a count, or an undo, that names none."""

from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import Conflict
from bot.people.service import Member
from bot.sprints import meant, service
from tests.bot.sprints.making import (
    DAY,
    GUILD,
    HALF,
    HERE,
    HOUR,
    INES,
    MARA,
    MINUTE,
    NOW,
    ODALYS,
    THERE,
    TOBIAS,
    declare,
    join,
    refused,
    rung,
    started,
    turn,
    undo,
)


def to_count(conn: Connection, member: Member, now: int, channel: int = HERE) -> int:
    return meant.round_to_count(conn, member, GUILD, channel, now).id


def to_undo(conn: Connection, member: Member, now: int, channel: int = HERE) -> int:
    return meant.round_to_undo(conn, member, GUILD, channel, now).id


async def test_the_round_that_is_on_or_the_one_before(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        with refused(conn, Conflict, "no sprint here"):
            to_count(conn, MARA, NOW)
        first = rung(conn, TOBIAS)
        assert [to_count(conn, one, first.ends_at) for one in (MARA, INES)] == [first.id] * 2
        declare(conn, MARA, first, "+10", first.ends_at)
        over = first.ends_at + 3 * MINUTE
        turn(conn, over)
        assert [to_count(conn, one, over) for one in (MARA, TOBIAS, INES)] == [first.id] * 3

        second = started(conn, starter=INES, wait=2, now=over)
        assert [to_count(conn, one, over) for one in (MARA, TOBIAS)] == [first.id] * 2
        now = second.starts_at
        turn(conn, now)
        # Who has yet to count there counts there; who has can only mean the one that is on.
        assert [to_count(conn, one, now) for one in (TOBIAS, MARA, ODALYS)] == [
            first.id, second.id, second.id,
        ]  # fmt: skip
        turn(conn, second.ends_at)  # whoever comes now is told that what they wrote counts
        assert to_count(conn, TOBIAS, second.ends_at) == second.id
        turn(conn, second.ends_at + HOUR)
        with refused(conn, Conflict, "no sprint here"):
            to_count(conn, MARA, second.ends_at + DAY + 2 * HOUR)

    await database.write(use_case)


async def test_a_count_after_the_results_is_for_the_sprint_that_has_just_ended(
    database: Database,
) -> None:
    """It used to change the one before, for who had not joined the last."""

    def use_case(conn: Connection) -> None:
        first = rung(conn)
        declare(conn, MARA, first, "+126", first.ends_at)
        second = started(conn, starter=TOBIAS, now=first.ends_at)
        turn(conn, second.ends_at)
        over = second.ends_at + 3 * MINUTE
        turn(conn, over)
        assert to_count(conn, MARA, over) == second.id
        assert to_undo(conn, MARA, over) == first.id
        assert to_count(conn, MARA, over + 2 * HOUR) == first.id
        with refused(conn, Conflict, "no sprint here"):
            to_count(conn, INES, over + 2 * HOUR)

    await database.write(use_case)


async def test_a_sprint_in_another_channel_is_found(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        there = started(conn, TOBIAS, channel=THERE)
        assert to_count(conn, MARA, HALF) == there.id
        with refused(conn, Conflict, "no sprint here"):
            to_count(conn, INES, HALF)
        declare(conn, MARA, there, "+30", HALF)
        assert to_undo(conn, MARA, HALF) == there.id

        here = started(conn, starter=ODALYS, now=HALF)  # on, where she types
        assert to_count(conn, MARA, HALF) == here.id
        join(conn, MARA, here, HALF)
        declare(conn, MARA, here, "+5", HALF)
        assert to_undo(conn, MARA, HALF) == here.id
        assert to_undo(conn, MARA, HALF, THERE) == there.id
        undo(conn, MARA, here, HALF)
        assert to_undo(conn, MARA, HALF) == there.id
        undo(conn, MARA, there, HALF)
        with refused(conn, Conflict, "/words history"):
            to_undo(conn, MARA, HALF)

    await database.write(use_case)


async def test_what_is_meant_after_a_cancelled_sprint(database: Database) -> None:
    """Not the one before."""

    def use_case(conn: Connection) -> None:
        first = rung(conn)
        declare(conn, MARA, first, "+20", first.ends_at)
        found = started(conn, TOBIAS, now=first.ends_at)
        now = first.ends_at + MINUTE
        declare(conn, MARA, found, "+30", now)
        service.cancel(conn, MARA, GUILD, found.id, now, moderator=True)
        assert to_count(conn, MARA, now) == found.id  # where it is refused, and says so
        assert to_undo(conn, MARA, now) == found.id
        undo(conn, MARA, found, now)
        assert to_undo(conn, MARA, now) == first.id
        with refused(conn, Conflict, "no sprint here.*/wrote"):
            to_count(conn, INES, now, THERE)

    await database.write(use_case)
