import pytest
from sqlalchemy import Connection, select

from bot.db.engine import Database
from bot.people import service as people
from bot.people.service import Member
from bot.sprints import records, reminders, service, tables
from bot.sprints.records import Round
from bot.sprints.reminders import ENOUGH_MISSED, MANY, MOST_TOLD, Told
from bot.sprints.rules import State
from bot.sprints.service import Asked
from tests.bot.sprints.making import (
    DAY,
    ELSEWHERE,
    GUILD,
    HERE,
    INES,
    MARA,
    MINUTE,
    NOW,
    THERE,
    TOBIAS,
    again,
    declare,
    join,
    live,
    started,
    turn,
)

ROLE = 555


def remind(
    conn: Connection, member: Member = TOBIAS, channel: int = HERE, *, once: bool = False
) -> int | None:
    return reminders.remind(conn, member, GUILD, channel, NOW, once=once)


def told(conn: Connection, found: Round) -> Told:
    return reminders.told(conn, found)


def waiting(conn: Connection) -> dict[int, int]:
    """Who is still told of sprints, and how many they have missed in a row."""
    rows = conn.execute(select(tables.reminders.c.person_id, tables.reminders.c.missed)).all()
    ids = people.discord_ids(conn, {row.person_id for row in rows})
    return {ids[row.person_id] or 0: row.missed for row in rows}


def hold(conn: Connection, day: int, *others: Member) -> Round:
    """A sprint of Mara's from start to results, with these in it."""
    found = started(conn, *others, now=NOW + day * DAY)
    for now in (found.ends_at, found.ends_at + 3 * MINUTE):
        turn(conn, now)
    assert again(conn, found).state is State.FINISHED
    return found


async def test_whoever_asked_is_told_on_the_board_and_the_starter_is_not(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        for member in (MARA, TOBIAS, INES):
            assert remind(conn, member) is None
        found = started(conn)
        assert set(told(conn, found).users) == {TOBIAS.discord_id, INES.discord_id}
        assert told(conn, started(conn, channel=THERE)) == Told()

    await database.write(use_case)


async def test_everyone_is_told_of_a_planned_sprint(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        for member in (MARA, TOBIAS):
            remind(conn, member)
        found = started(conn, starter=None)
        assert set(told(conn, found).users) == {MARA.discord_id, TOBIAS.discord_id}

    await database.write(use_case)


async def test_whoever_asks_while_one_is_on_is_told_of_the_next(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        remind(conn)
        assert told(conn, found) == Told()
        turn(conn, found.ends_at)
        turn(conn, found.ends_at + 3 * MINUTE)
        assert waiting(conn) == {TOBIAS.discord_id: 0}
        assert told(conn, hold(conn, 1)).users == (TOBIAS.discord_id,)

    await database.write(use_case)


async def test_another_servers_sprint_tells_nobody_here(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        remind(conn)
        found = service.start(conn, MARA, ELSEWHERE, HERE, Asked(NOW), now=NOW)
        assert told(conn, found) == Told()

    await database.write(use_case)


async def test_after_three_missed_in_a_row_it_stops(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        remind(conn)
        remind(conn, INES)
        for day in range(ENOUGH_MISSED - 1):
            hold(conn, day, INES)
        assert waiting(conn) == {TOBIAS.discord_id: 2, INES.discord_id: 0}
        hold(conn, 3, TOBIAS)
        assert waiting(conn) == {TOBIAS.discord_id: 0, INES.discord_id: 1}
        for day in range(4, 4 + ENOUGH_MISSED):
            found = hold(conn, day, INES)
        assert told(conn, found).users == (INES.discord_id,)
        assert waiting(conn) == {INES.discord_id: 0}
        assert told(conn, hold(conn, 8)).users == (INES.discord_id,)
        remind(conn)
        assert waiting(conn)[TOBIAS.discord_id] == 0

    await database.write(use_case)


@pytest.mark.parametrize("comes", [True, False])
async def test_once_is_once(database: Database, comes: bool) -> None:
    def use_case(conn: Connection) -> None:
        remind(conn, once=True)
        found = started(conn)
        assert told(conn, found).users == (TOBIAS.discord_id,)
        if comes:
            join(conn, TOBIAS, found, NOW)
        turn(conn, found.ends_at)
        turn(conn, found.ends_at + 3 * MINUTE)
        assert waiting(conn) == {}
        assert told(conn, hold(conn, 1)) == Told()

    await database.write(use_case)


async def test_one_that_is_called_off_was_not_missed_and_not_the_next(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        remind(conn)
        remind(conn, INES, once=True)
        for _ in range(ENOUGH_MISSED):
            found = started(conn)
            service.cancel(conn, MARA, GUILD, found.id, NOW, moderator=False)
        assert waiting(conn) == {TOBIAS.discord_id: 0, INES.discord_id: 0}

    await database.write(use_case)


async def test_a_planned_sprint_that_nobody_came_to_was_missed(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        remind(conn)
        found = started(conn, starter=None)
        turn(conn, found.ends_at)
        assert waiting(conn) == {TOBIAS.discord_id: 1}

    await database.write(use_case)


async def test_a_sprint_of_several_rounds_is_missed_once(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        remind(conn)
        remind(conn, INES)
        first = started(conn, INES, starter=None, rounds=2)
        turn(conn, first.ends_at)
        declare(conn, INES, first, "+10", first.ends_at)
        second = live(conn)
        assert told(conn, second) == Told()  # they know
        assert waiting(conn) == {TOBIAS.discord_id: 1, INES.discord_id: 0}
        service.leave(conn, INES, GUILD, second.id, second.starts_at)
        turn(conn, second.starts_at)
        turn(conn, second.ends_at)
        assert again(conn, second).state is State.CANCELLED
        assert waiting(conn) == {TOBIAS.discord_id: 1, INES.discord_id: 0}

    await database.write(use_case)


async def test_forgetting_is_for_this_channel(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        assert not reminders.forget(conn, TOBIAS, HERE)
        remind(conn)
        remind(conn, INES)
        remind(conn, channel=THERE)
        assert reminders.forget(conn, TOBIAS, HERE)
        assert not reminders.forget(conn, TOBIAS, HERE)
        assert told(conn, started(conn)).users == (INES.discord_id,)
        assert told(conn, started(conn, channel=THERE)).users == (TOBIAS.discord_id,)

    await database.write(use_case)


async def test_asked_again_counts_afresh(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        remind(conn)
        hold(conn, 0)
        assert waiting(conn) == {TOBIAS.discord_id: 1}
        remind(conn)
        assert waiting(conn) == {TOBIAS.discord_id: 0}
        remind(conn, once=True)
        hold(conn, 1)
        assert waiting(conn) == {}

    await database.write(use_case)


@pytest.mark.parametrize("count", [MANY, MANY + 1, MOST_TOLD + 5])
@pytest.mark.parametrize("role", [True, False])
async def test_many_are_told_by_a_role(database: Database, count: int, role: bool) -> None:
    def use_case(conn: Connection) -> None:
        if role:
            service.configure(conn, GUILD, role_id=ROLE)
        for n in range(count):
            said = remind(conn, Member(100 + n, f"writer {n}", GUILD))
            assert said == (ROLE if role else None)
        pings = told(conn, started(conn))
        if role and count > MANY:
            assert pings == Told(roles=(ROLE,))
        else:
            assert pings.roles == ()
            assert len(set(pings.users)) == min(count, MOST_TOLD)
        service.configure(conn, GUILD, role_id=service.NO_ROLE)
        assert records.settings(conn, GUILD).role_id is None
        assert told(conn, live(conn)).roles == ()

    await database.write(use_case)


async def test_the_bell_settles_it_though_the_bot_was_away(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        remind(conn)
        found = started(conn, wait=2)
        for now in (NOW + DAY, NOW + 2 * DAY):
            turn(conn, now)
        assert again(conn, found).state is State.FINISHED
        assert waiting(conn) == {TOBIAS.discord_id: 1}

    await database.write(use_case)
