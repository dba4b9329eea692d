"""From one round of a sprint to the next."""

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.jobs import service as jobs
from bot.people import service as people
from bot.sprints import bell, participation, records, service
from bot.sprints.rules import State
from tests.bot.sprints.making import (
    GUILD,
    HERE,
    INES,
    MARA,
    MINUTE,
    NOW,
    ODALYS,
    TOBIAS,
    WHOLE,
    again,
    declare,
    join,
    lines,
    live,
    me,
    promises,
    rung,
    started,
    turn,
    wrote,
)


async def test_a_planned_sprint_waits_for_others_when_one_goes(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, TOBIAS, starter=None)
        assert service.leave(conn, TOBIAS, GUILD, found.id, NOW).state is State.RUNNING
        join(conn, INES, found, NOW + MINUTE)
        turn(conn, found.ends_at)
        assert again(conn, found).state is State.COUNTING

    await database.write(use_case)


async def test_rounds_carry_over_who_was_there_and_where_they_ended(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        first = started(conn, TOBIAS, ODALYS, rounds=3, pause=7)
        join(conn, MARA, first, NOW, start=500)
        join(conn, INES, first, NOW, quiet=True)
        turn(conn, first.ends_at)
        declare(conn, MARA, first, "800", first.ends_at)
        declare(conn, TOBIAS, first, "+100", first.ends_at)
        over = first.ends_at + 3 * MINUTE
        turn(conn, over)  # Odalys says nothing

        second = live(conn)
        assert (second.number, second.state, second.sprint_id) == (
            2, State.WAITING, first.sprint_id,
        )  # fmt: skip
        assert second.starts_at == first.ends_at + 7 * MINUTE  # from the bell
        assert second.ends_at == second.starts_at + 20 * MINUTE
        carried = {one.discord_id: one for one in records.participants_of(conn, second)}
        assert set(carried) == {MARA.discord_id, TOBIAS.discord_id, INES.discord_id}
        assert {id: one.start for id, one in carried.items()} == {
            MARA.discord_id: 800, TOBIAS.discord_id: None, INES.discord_id: None,
        }  # fmt: skip
        assert [id for id, one in carried.items() if one.quiet] == [INES.discord_id]
        assert all(one.written is None and not one.final for one in carried.values())
        assert promises(conn, second) == [bell.BOARD]

        turn(conn, second.starts_at)
        assert promises(conn, second) == [bell.BOARD, bell.GO]
        turn(conn, second.ends_at)
        assert declare(conn, MARA, second, "900", second.ends_at).me.written == 100
        declare(conn, TOBIAS, second, "0", second.ends_at)
        third = live(conn)
        assert third.number == 3
        assert len(participation.active(conn, third.id)) == 3
        turn(conn, third.starts_at)
        turn(conn, third.ends_at)
        turn(conn, third.ends_at + 3 * MINUTE)
        assert again(conn, third).state is State.FINISHED
        assert records.live(conn, GUILD, HERE) is None
        assert jobs.next_due(conn) is None
        assert [promises(conn, one) for one in (first, second, third)] == [
            [bell.BOARD, bell.BELL, bell.RESULTS], WHOLE, WHOLE,
        ]  # fmt: skip

    await database.write(use_case)


@pytest.mark.parametrize("typed", [None, "12350"])
async def test_a_next_round_only_for_those_who_were_there(
    database: Database, typed: str | None
) -> None:
    """Who gave a total without a start was; the next round begins with it."""

    def use_case(conn: Connection) -> None:
        first = rung(conn, rounds=2)
        if typed is not None:
            declare(conn, MARA, first, typed, first.ends_at)
        turn(conn, first.ends_at + 3 * MINUTE)
        assert again(conn, first).state is State.FINISHED
        second = records.live(conn, GUILD, HERE)
        if typed is None:
            assert second is None
            assert jobs.next_due(conn) is None
        else:
            assert second is not None
            assert me(conn, MARA, second).start == 12350

    await database.write(use_case)


async def test_whoever_left_is_not_carried_over(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        first = rung(conn, TOBIAS, rounds=2)
        declare(conn, MARA, first, "+10", first.ends_at)
        service.leave(conn, MARA, GUILD, first.id, first.ends_at)
        declare(conn, TOBIAS, first, "+10", first.ends_at)
        second = live(conn)
        assert participation.active(conn, second.id) == {people.find(conn, TOBIAS.discord_id)}
        over = service.leave(conn, TOBIAS, GUILD, second.id, first.ends_at)
        assert over.state is State.CANCELLED
        assert again(conn, first).state is State.FINISHED
        assert jobs.next_due(conn) is None

    await database.write(use_case)


@pytest.mark.parametrize(("pause", "wait"), [(0, 0), (2, 0), (3, 0), (10, 7)])
async def test_a_pause_that_is_over_before_the_counting_is(
    database: Database, pause: int, wait: int
) -> None:
    def use_case(conn: Connection) -> None:
        first = started(conn, rounds=2, pause=pause)
        declare(conn, MARA, first, "+10", NOW + MINUTE)
        turn(conn, first.ends_at)
        over = first.ends_at + 3 * MINUTE
        turn(conn, over)
        second = live(conn)
        assert second.starts_at == over + wait * MINUTE
        assert second.state is (State.WAITING if wait else State.RUNNING)

    await database.write(use_case)


async def test_an_earlier_round_is_counted_late_while_the_next_is_on(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        first = rung(conn, TOBIAS, rounds=2)
        declare(conn, MARA, first, "+10", first.ends_at)
        turn(conn, first.ends_at + 3 * MINUTE)
        second = live(conn)
        turn(conn, second.starts_at)
        declare(conn, TOBIAS, first, "+70", second.starts_at)
        assert lines(conn, first) == [(1, TOBIAS.discord_id, 70), (2, MARA.discord_id, 10)]
        assert wrote(conn, TOBIAS, "5", second.starts_at) is None  # he is not in the second
        done = wrote(conn, MARA, "5", second.starts_at)
        assert done is not None
        assert done.round.id == second.id
        assert lines(conn, second) == [(1, MARA.discord_id, 5)]

    await database.write(use_case)
