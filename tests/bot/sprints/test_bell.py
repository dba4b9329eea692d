import asyncio

import pytest
from sqlalchemy import Connection

from bot.clock import system_now
from bot.db.engine import Database
from bot.delivery import queue
from bot.delivery import service as outbox
from bot.delivery.rules import State as Sending
from bot.jobs import service as jobs
from bot.jobs.service import LEASE, Job
from bot.sprints import bell, counting, records, results, service
from bot.sprints.records import Round
from bot.sprints.rules import Means, State
from tests.bot.sprints.making import (
    DAY,
    GUILD,
    HERE,
    HOUR,
    MARA,
    MINUTE,
    NOW,
    SECOND,
    THERE,
    TOBIAS,
    WHOLE,
    again,
    declare,
    deliver,
    interactions,
    join,
    lines,
    promises,
    rung,
    started,
    turn,
    unchanged,
)


def timer(conn: Connection, found: Round) -> int | None:
    return jobs.due_at(conn, bell.STEP, str(found.id))


def gone(conn: Connection, kind: str, found: Round, now: int) -> None:
    """The channel turns out to be gone when this message is to be posted."""
    (row,) = outbox.messages(conn, kind, found.id)
    assert queue.fail(conn, row, "10003", Sending.GONE)
    bell.HOOKS[kind].gone(conn, row, now)


async def test_a_round_from_start_to_results(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, TOBIAS, wait=2)
        assert timer(conn, found) == found.starts_at
        turn(conn, found.starts_at)
        assert timer(conn, found) == found.ends_at
        turn(conn, found.ends_at - 1)
        assert again(conn, found).state is State.RUNNING
        turn(conn, found.ends_at)
        counting_until = found.ends_at + 3 * MINUTE
        rang = again(conn, found)
        assert (rang.state, rang.rang_at, rang.late) == (State.COUNTING, found.ends_at, 0)
        assert (rang.counting_until, timer(conn, found)) == (counting_until, counting_until)
        turn(conn, counting_until - 1)
        assert again(conn, found).state is State.COUNTING
        turn(conn, counting_until)
        over = again(conn, found)
        assert (over.state, over.finished_at) == (State.FINISHED, counting_until)
        assert (timer(conn, found), jobs.next_due(conn)) == (None, None)
        assert promises(conn, found) == WHOLE
        assert records.live(conn, GUILD, HERE) is None
        with unchanged(conn):
            turn(conn, NOW + 7 * DAY)

    await database.write(use_case)


async def test_counting_lasts_as_long_as_the_server_likes(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        service.configure(conn, GUILD, counting=15)
        found = rung(conn)
        assert found.counting_until == found.ends_at + 15 * MINUTE

    await database.write(use_case)


async def test_messages_go_out_once_and_the_board_becomes_a_link(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, wait=2)
        posted = deliver(conn, NOW)
        for now in (found.starts_at, found.ends_at, found.ends_at + 3 * MINUTE):
            for _ in range(2):
                turn(conn, now)
                posted += deliver(conn, now)
        assert posted == [(kind, found.id) for kind in WHOLE]
        dirty = [row.kind for row in queue.due(conn, system_now())]
        assert dirty == [bell.BOARD]

    await database.write(use_case)


@pytest.mark.parametrize("late", [SECOND, HOUR, DAY])
async def test_a_late_bell_rings_and_counting_begins_with_it(database: Database, late: int) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        now = found.ends_at + late
        turn(conn, now)
        rang = again(conn, found)
        assert (rang.state, rang.late, rang.counting_until) == (
            State.COUNTING, late, now + 3 * MINUTE,
        )  # fmt: skip
        assert declare(conn, MARA, found, "+400", now).me.written == 400
        ((_, _, written),) = lines(conn, found)
        assert written == 400
        assert promises(conn, found) == [bell.BOARD, bell.BELL, bell.RESULTS]
        assert [kind for kind, _ in deliver(conn, now)] == [bell.BELL, bell.RESULTS]

    await database.write(use_case)


async def test_away_from_before_the_start_until_a_day_later(database: Database) -> None:
    """Nobody is called to what is over."""

    def use_case(conn: Connection) -> None:
        found = started(conn, wait=2, rounds=3)
        now = NOW + DAY
        turn(conn, now)
        assert again(conn, found).state is State.COUNTING
        assert promises(conn, found) == [bell.BOARD, bell.BELL]
        assert deliver(conn, now) == [(bell.BELL, found.id)]
        turn(conn, now + DAY)
        assert again(conn, found).state is State.FINISHED  # and nobody is there for a second round
        assert jobs.next_due(conn) is None

    await database.write(use_case)


async def test_away_for_a_while_at_the_start(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, wait=2)
        turn(conn, found.ends_at - 1)
        assert again(conn, found).state is State.RUNNING
        assert promises(conn, found) == [bell.BOARD, bell.GO]

    await database.write(use_case)


async def test_ended_early_speeds_go_by_the_real_minutes(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        join(conn, TOBIAS, found, NOW + 5 * MINUTE)
        now = NOW + 10 * MINUTE
        ended = service.end(conn, MARA, GUILD, found.id, now, moderator=False)
        assert (ended.ends_at, ended.late, timer(conn, found)) == (now, 0, now + 3 * MINUTE)
        for member in (MARA, TOBIAS):
            declare(conn, member, found, "+400", now + MINUTE)
        speeds = [
            (line.minutes, line.wpm, line.wpm_of_all)
            for line in results.of(conn, again(conn, found)).lines
        ]
        assert speeds == [(10, 40, 40), (5, 80, 40)]
        with unchanged(conn):
            turn(conn, found.ends_at + DAY)

    await database.write(use_case)


async def test_a_timer_that_comes_twice_is_one_step(database: Database) -> None:
    """Its first handler was slow, another process took it as well."""

    def use_case(conn: Connection) -> None:
        found = started(conn, wait=2)
        for now, state in (
            (found.starts_at, State.RUNNING),
            (found.ends_at, State.COUNTING),
            (found.ends_at + 3 * MINUTE, State.FINISHED),
        ):
            first = jobs.claim(conn, "one", now, 0)
            second = jobs.claim(conn, "two", now, LEASE)
            assert first is not None
            assert second is not None
            for job, owner in ((second, "two"), (first, "one")):
                bell.on_step(conn, job, now)
                jobs.done(conn, job, owner)
                assert again(conn, found).state is state
        assert promises(conn, found) == WHOLE
        assert jobs.next_due(conn) is None

    await database.write(use_case)


async def test_ended_just_as_the_timer_comes(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        job = jobs.claim(conn, "test", found.ends_at, 0)
        assert job is not None
        service.end(conn, MARA, GUILD, found.id, found.ends_at, moderator=False)
        bell.on_step(conn, job, found.ends_at)
        jobs.done(conn, job, "test")
        assert again(conn, found).state is State.COUNTING
        assert timer(conn, found) == found.ends_at + 3 * MINUTE

    await database.write(use_case)


async def test_two_processes_step_at_once(database: Database) -> None:
    found = await database.write(started, TOBIAS, wait=2)
    for now, state in (
        (found.starts_at, State.RUNNING),
        (found.ends_at, State.COUNTING),
        (found.ends_at + 3 * MINUTE, State.FINISHED),
    ):
        job = Job(0, bell.STEP, str(found.id), now, 0)
        await asyncio.gather(*(database.write(bell.on_step, job, now) for _ in range(3)))
        assert (await database.read(again, found)).state is state
    assert await database.read(promises, found) == WHOLE
    assert await database.read(jobs.next_due) is None


async def test_the_last_count_comes_with_the_end_of_the_counting(database: Database) -> None:
    found = await database.write(rung)
    now = found.ends_at + 3 * MINUTE
    job = Job(0, bell.STEP, str(found.id), now, 0)
    await asyncio.gather(
        database.write(declare, MARA, found, "+300", now), database.write(bell.on_step, job, now)
    )
    assert await database.read(lines, found) == [(1, MARA.discord_id, 300)]
    assert await database.read(promises, found) == [bell.BOARD, bell.BELL, bell.RESULTS]


@pytest.mark.parametrize("kind", [bell.BOARD, bell.GO, bell.BELL])
async def test_without_its_channel_a_sprint_is_cancelled(database: Database, kind: str) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, TOBIAS, wait=2, rounds=2)
        for now in (found.starts_at, found.ends_at):
            if kind not in promises(conn, found):
                turn(conn, now)
        declared = kind == bell.BELL and declare(conn, MARA, found, "+300", now)
        gone(conn, kind, found, now)
        over = again(conn, found)
        assert (over.state, over.why) == (State.CANCELLED, "its channel is gone")
        assert records.live(conn, GUILD, HERE) is None
        assert jobs.next_due(conn) is None
        assert bool(declared) is (lines(conn, found) != [])
        with unchanged(conn):
            turn(conn, NOW + DAY)

    await database.write(use_case)


async def test_results_whose_channel_is_gone_are_still_results(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = rung(conn)
        declare(conn, MARA, found, "+300", found.ends_at)
        before = again(conn, found)
        assert before.state is State.FINISHED
        for kind in (bell.BOARD, bell.BELL, bell.RESULTS):
            gone(conn, kind, found, found.ends_at)
        assert again(conn, found) == before
        assert records.best(conn, 1).words == 300
        declare(conn, MARA, found, "+20", found.ends_at + HOUR)
        assert lines(conn, found) == [(1, MARA.discord_id, 320)]

    await database.write(use_case)


async def test_what_is_cancelled_stays_as_it_was_cancelled(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        assert service.cancel(conn, MARA, GUILD, found.id, NOW, moderator=False)
        before = again(conn, found)
        gone(conn, bell.BOARD, found, NOW + HOUR)
        assert again(conn, found) == before

    await database.write(use_case)


async def test_nobody_comes_to_a_planned_sprint(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, starter=None, wait=2)
        turn(conn, found.starts_at)
        assert again(conn, found).state is State.RUNNING
        turn(conn, found.ends_at)
        over = again(conn, found)
        assert (over.state, over.why) == (State.CANCELLED, "nobody came")
        assert promises(conn, found) == [bell.BOARD]
        assert jobs.next_due(conn) is None

    await database.write(use_case)


async def test_sprints_in_other_channels_go_their_own_way(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        here, there = started(conn), started(conn, TOBIAS, channel=THERE, minutes=30)
        turn(conn, here.ends_at)
        assert again(conn, there).state is State.RUNNING
        gone(conn, bell.BELL, here, here.ends_at)
        assert again(conn, there).state is State.RUNNING
        turn(conn, there.ends_at)
        assert again(conn, there).state is State.COUNTING

    await database.write(use_case)


async def test_restarted_with_a_step_claimed_and_not_taken(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        assert jobs.claim(conn, "dead", found.ends_at, system_now()) is not None
        turn(conn, found.ends_at)
        assert again(conn, found).state is State.RUNNING  # held by the dead
        jobs.release_all(conn)
        turn(conn, found.ends_at)
        assert again(conn, found).state is State.COUNTING

    await database.write(use_case)


async def test_the_timer_of_nothing_does_nothing(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        jobs.schedule(conn, bell.STEP, "4711", NOW)
        turn(conn, NOW)
        assert jobs.next_due(conn) is None

    await database.write(use_case)


async def test_unconfirmed_at_the_end_is_confirmed_for_a_day(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = rung(conn)
        declare(conn, MARA, found, "+9000", found.ends_at)
        over = found.ends_at + 3 * MINUTE
        turn(conn, over)
        assert again(conn, found).state is State.FINISHED
        assert lines(conn, found) == []
        counting.clarify(
            conn, MARA, GUILD, found.id, 9000, Means.WRITTEN,
            now=over + DAY, interaction_id=next(interactions),
        )  # fmt: skip
        assert lines(conn, found) == [(1, MARA.discord_id, 9000)]

    await database.write(use_case)
