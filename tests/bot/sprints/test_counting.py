import asyncio
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import Conflict
from bot.people import service as people
from bot.people.service import Member
from bot.sprints import bell, participation, results, service
from bot.sprints.counting import Counted
from bot.sprints.rules import Means, State
from bot.words import settings
from tests.bot.sprints.making import (
    DAY,
    GUILD,
    HALF,
    INES,
    MARA,
    MINUTE,
    NOW,
    ODALYS,
    SECOND,
    THERE,
    TOBIAS,
    again,
    clarify,
    declare,
    join,
    lines,
    logged,
    me,
    promises,
    refused,
    rung,
    started,
    turn,
    unchanged,
    undo,
    words,
    wrote,
)


async def test_the_ledger_follows_each_declaration(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        join(conn, MARA, found, NOW, start=500)
        for typed, written in (
            ("+100", 100),
            ("+50", 150),
            ("-40", 110),
            ("=900", 400),
            ("900", 400),
            ("0", 0),
            ("1000", 500),
        ):
            assert declare(conn, MARA, found, typed, HALF).me.written == written
            assert logged(conn, MARA) == {date(2026, 11, 3): written}

    await database.write(use_case)


async def test_a_declared_nothing_is_not_nothing_declared(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = rung(conn, TOBIAS)
        declare(conn, MARA, found, "0", found.ends_at)
        assert logged(conn, MARA) == {date(2026, 11, 3): 0}
        assert logged(conn, TOBIAS) == {}
        came = results.of(conn, again(conn, found))
        assert lines(conn, found) == [(1, MARA.discord_id, 0)]
        assert [one.discord_id for one in came.silent] == [TOBIAS.discord_id]

    await database.write(use_case)


async def test_results_come_as_soon_as_all_have_counted(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = rung(conn, TOBIAS, INES)
        join(conn, ODALYS, started(conn, starter=ODALYS, channel=THERE), NOW)  # elsewhere
        declare(conn, MARA, found, "+10", found.ends_at)
        declare(conn, TOBIAS, found, "0", found.ends_at)
        assert again(conn, found).state is State.COUNTING
        declare(conn, INES, found, "+30", found.ends_at + MINUTE)
        over = again(conn, found)
        assert (over.state, over.finished_at) == (State.FINISHED, found.ends_at + MINUTE)

    await database.write(use_case)


async def test_quiet_ones_are_not_waited_for_and_count_if_they_like(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        join(conn, TOBIAS, found, NOW, quiet=True)
        join(conn, INES, found, NOW, quiet=True)
        assert not declare(conn, INES, found, "+30", HALF, final=True).me.quiet
        turn(conn, found.ends_at)
        declare(conn, MARA, found, "+10", found.ends_at)
        assert again(conn, found).state is State.FINISHED
        came = results.of(conn, again(conn, found))
        assert [one.discord_id for one in came.quiet] == [TOBIAS.discord_id]
        assert came.silent == ()
        assert lines(conn, found) == [(1, INES.discord_id, 30), (2, MARA.discord_id, 10)]
        assert logged(conn, TOBIAS) == {}

    await database.write(use_case)


async def test_all_done_before_the_bell_is_done_with_it(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, TOBIAS)
        declare(conn, MARA, found, "+100", HALF, final=True)
        declare(conn, TOBIAS, found, "+50", HALF)  # goes on
        turn(conn, found.ends_at)
        assert again(conn, found).state is State.COUNTING
        declare(conn, TOBIAS, found, "+50", found.ends_at)
        assert again(conn, found).state is State.FINISHED

        found = started(conn, TOBIAS)
        for member in (MARA, TOBIAS):
            declare(conn, member, found, "+100", HALF, final=True)
        assert again(conn, found).state is State.RUNNING
        turn(conn, found.ends_at)
        assert again(conn, found).state is State.FINISHED
        assert promises(conn, found) == [bell.BOARD, bell.BELL, bell.RESULTS]

    await database.write(use_case)


async def test_everything_delivered_twice_is_once(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        join(conn, MARA, found, NOW, start=500)
        twice: list[Callable[[], Counted | None]] = [
            lambda: declare(conn, MARA, found, "+100", HALF, interaction_id=9001),
            lambda: declare(conn, MARA, found, "+50", HALF, interaction_id=9002),
            lambda: clarify(conn, found, 515, Means.TOTAL, interaction_id=9003),
            lambda: undo(conn, MARA, found, HALF, interaction_id=9004),
            lambda: wrote(conn, MARA, "20", HALF, interaction_id=9005),
        ]
        sums = []
        for act in twice:
            first = act()
            sums.append(words(conn, MARA))
            with unchanged(conn):
                second = act()
            assert first is not None
            assert second is not None
            assert second.round.id == first.round.id
            assert second.me.written == first.me.written
        assert sums == [100, 150, 15, 150, 170]
        with unchanged(conn):  # and long after
            for act in twice:
                act()

    await database.write(use_case)


async def test_the_last_count_delivered_twice_is_once(database: Database) -> None:
    """It brings the results; the second time there is no round left to count in."""

    def use_case(conn: Connection) -> None:
        found = rung(conn)
        assert wrote(conn, MARA, "350", found.ends_at, interaction_id=9001) is not None
        assert again(conn, found).state is State.FINISHED
        with unchanged(conn):
            known = wrote(conn, MARA, "350", found.ends_at, interaction_id=9001)
        assert known is not None
        assert known.me.written == 350

    await database.write(use_case)


async def test_many_count_at_once(database: Database) -> None:
    found = await database.write(started)
    members = [Member(n, f"writer {n}", GUILD) for n in range(100, 112)]
    for one in members:
        await database.write(join, one, found, NOW)
    await database.write(turn, found.ends_at)
    await asyncio.gather(
        *(
            database.write(
                declare, one, found, f"+{n}", found.ends_at, interaction_id=80_000 + n % 13
            )
            for n, one in [*enumerate([MARA, *members])] * 2
        )
    )
    over = await database.read(again, found)
    assert over.state is State.FINISHED
    ranked = await database.read(lines, found)
    assert [written for _, _, written in ranked] == list(range(12, -1, -1))
    assert [await database.read(words, one) for one in members] == list(range(1, 13))
    assert await database.read(promises, found) == [bell.BOARD, bell.BELL, bell.RESULTS]


async def test_the_last_ones_count_at_once(database: Database) -> None:
    """Whichever comes last brings the results."""
    for day in range(5):
        found = await database.write(started, TOBIAS, INES, now=NOW + day * DAY)
        now = found.ends_at
        await database.write(turn, now)
        await asyncio.gather(
            *(database.write(declare, one, found, "+10", now) for one in (MARA, TOBIAS, INES))
        )
        assert (await database.read(again, found)).state is State.FINISHED


async def test_one_counts_many_times_at_once(database: Database) -> None:
    found = await database.write(started)
    await asyncio.gather(*(database.write(declare, MARA, found, "+10", HALF) for _ in range(10)))
    assert (await database.read(me, MARA, found)).written == 100
    assert await database.read(words, MARA) == 100
    await asyncio.gather(*(database.write(undo, MARA, found, HALF) for _ in range(4)))
    assert (await database.read(me, MARA, found)).written == 60
    assert await database.read(words, MARA) == 60


@pytest.mark.parametrize("late", [MINUTE, DAY - SECOND, DAY])
async def test_a_late_count_changes_the_results_for_a_day(database: Database, late: int) -> None:
    def use_case(conn: Connection) -> None:
        found = rung(conn, TOBIAS)
        declare(conn, TOBIAS, found, "+200", found.ends_at)
        over = found.ends_at + 3 * MINUTE
        turn(conn, over)
        assert again(conn, found).state is State.FINISHED
        assert declare(conn, MARA, found, "+300", over + late).me.written == 300
        assert lines(conn, found) == [(1, MARA.discord_id, 300), (2, TOBIAS.discord_id, 200)]
        undo(conn, TOBIAS, found, over + late)
        assert lines(conn, found) == [(1, MARA.discord_id, 300)]
        assert (words(conn, MARA), words(conn, TOBIAS)) == (300, 0)
        assert promises(conn, found) == [bell.BOARD, bell.BELL, bell.RESULTS]

    await database.write(use_case)


async def test_later_than_a_day_is_too_late(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = rung(conn, TOBIAS)
        declare(conn, TOBIAS, found, "+200", found.ends_at)
        over = found.ends_at + 3 * MINUTE
        turn(conn, over)
        too_late = over + DAY + 1
        with unchanged(conn):
            with refused(conn, Conflict, "is over"):
                declare(conn, MARA, found, "+300", too_late)
            with refused(conn, Conflict, "is over"):
                undo(conn, TOBIAS, found, too_late)
            with refused(conn, Conflict, "is over"):
                clarify(conn, found, 300, Means.WRITTEN, too_late)
            with refused(conn, Conflict, "is over"):
                declare(conn, INES, found, "+300", too_late)

    await database.write(use_case)


async def test_nothing_is_counted_before_the_start(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, wait=2)
        with unchanged(conn):
            with refused(conn, Conflict, "not begun yet"):
                declare(conn, MARA, found, "+300", NOW)
            with refused(conn, Conflict, "not begun yet"):
                undo(conn, MARA, found, NOW)
        assert wrote(conn, MARA, "300", NOW) is None

    await database.write(use_case)


async def test_whoever_has_not_joined_may_count_for_a_day_as_well(database: Database) -> None:
    """What the results and their button invite to is not refused."""

    def use_case(conn: Connection) -> None:
        found = rung(conn, TOBIAS)
        for member in (MARA, TOBIAS):
            service.leave(conn, member, GUILD, found.id, found.ends_at)
        assert again(conn, found).state is State.FINISHED
        declare(conn, TOBIAS, found, "+200", found.ends_at + MINUTE)
        declare(conn, INES, found, "+300", found.ends_at + DAY)
        assert lines(conn, found) == [(1, INES.discord_id, 300), (2, TOBIAS.discord_id, 200)]

    await database.write(use_case)


async def test_a_writers_own_pace_is_believed(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        settings.set_pace(conn, people.person_id(conn, MARA, NOW), 1000, NOW)
        found = started(conn, TOBIAS)
        assert declare(conn, MARA, found, "+9000", HALF).me.confirmed
        assert not declare(conn, TOBIAS, found, "+9000", HALF).me.confirmed

    await database.write(use_case)


async def test_whoever_has_left_may_still_count(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, TOBIAS)
        declare(conn, MARA, found, "+10", HALF)
        service.leave(conn, MARA, GUILD, found.id, HALF)
        declare(conn, MARA, found, "+10", HALF)
        assert people.find(conn, MARA.discord_id) not in participation.active(conn, found.id)
        turn(conn, found.ends_at)
        declare(conn, TOBIAS, found, "+30", found.ends_at)  # nobody waits for Mara
        assert again(conn, found).state is State.FINISHED
        assert lines(conn, found) == [(1, TOBIAS.discord_id, 30), (2, MARA.discord_id, 20)]

    await database.write(use_case)
