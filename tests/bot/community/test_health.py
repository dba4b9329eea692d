"""What a server is told of how it stands, and trying again what is stuck."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.app import HOOKS, JOBS
from bot.challenges import service as challenges
from bot.challenges.records import SUMMARY
from bot.challenges.rules import november
from bot.clock import system_now
from bot.community import health
from bot.community.health import About, Health
from bot.db.engine import Database
from bot.delivery import queue
from bot.delivery import service as outbox
from bot.delivery.rules import Row, State
from bot.jobs import service as jobs
from bot.jobs.service import FAILING_AFTER, LONGEST_BACKOFF
from bot.people import greeting
from bot.people.times import EVERY_DAY
from bot.serials import drafts, posting, records
from bot.serials import service as serials
from bot.serials.records import SLOT
from bot.serials.records import State as SerialState
from bot.sprints import bell, plans
from bot.sprints import service as sprints
from bot.sprints.service import Asked
from tests.bot.serials.making import (
    AUTHOR,
    DAY,
    ELSEWHERE,
    GUILD,
    HOUR,
    MODERATOR,
    NINE,
    NOW,
    READER,
    STORIES,
    active,
    days,
    deliver,
    turn,
)
from tests.bot.sprints.making import turn as turn_all

PART = About(posting.EXCERPT, "The Lantern")
WELL = Health(None, None, [], [], [])


def here(conn: Connection) -> Health:
    assert health.of(conn, ELSEWHERE) == WELL  # whatever happens in another server
    return health.of(conn, GUILD)


def try_again(conn: Connection) -> tuple[int, int, int]:
    assert health.try_again(conn, MODERATOR.member, ELSEWHERE, NINE) == (0, 0, 0)
    return health.try_again(conn, MODERATOR.member, GUILD, NINE)


async def test_what_comes_next_and_what_went_out_last(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        assert here(conn) == WELL
        active(conn)
        found = here(conn)
        assert found.coming is not None
        assert (found.coming.about, found.coming.due) == (PART, NINE)
        assert found.last is None
        assert len(days(conn, 1)) == 1
        found = here(conn)
        assert found.last is not None
        assert (found.last.about, found.last.message.sent_at) == (PART, NINE)
        assert found.last.message.channel_id == STORIES
        assert found.well

    await database.write(use_case)


async def test_of_a_challenge_its_evening_is_what_comes_next(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        challenges.create(conn, GUILD, STORIES, november(2026), now=NOW, interaction_id=1)
        found = here(conn)
        assert found.coming is not None
        assert found.coming.about == About(SUMMARY)  # and not that it waits for words

    await database.write(use_case)


async def test_a_serial_without_parts_left_is_not_what_comes_next(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        active(conn)
        assert len(days(conn, 4)) == 4
        assert here(conn).coming is None

    await database.write(use_case)


async def test_a_sprint_says_what_its_timer_brings(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        asked = Asked(NOW + HOUR, 20)
        plans.add(
            conn, GUILD, 50, minute=21 * 60, weekdays=EVERY_DAY, asked=asked, now=NOW,
            interaction_id=1,
        )  # fmt: skip
        assert coming(conn) == bell.BOARD
        found = sprints.start(conn, READER, GUILD, 60, asked, now=NOW)
        assert coming(conn) == bell.GO
        turn_all(conn, found.starts_at)
        assert coming(conn) == bell.BELL
        turn_all(conn, found.ends_at)
        assert coming(conn) == bell.RESULTS

    def coming(conn: Connection) -> str:
        timer = here(conn).coming
        assert timer is not None
        return timer.about.kind

    await database.write(use_case)


async def test_a_timer_that_keeps_failing_is_told_and_tried_again(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        active(conn)
        for n in range(FAILING_AFTER):
            job = jobs.claim(conn, "test", NINE, system_now() + n * LONGEST_BACKOFF)
            assert job is not None
            jobs.failed(conn, job, "test", "ValueError('no')", system_now() + n * LONGEST_BACKOFF)
        (failing,) = here(conn).failing
        assert (failing.about, failing.due, failing.attempts) == (PART, NINE, FAILING_AFTER)
        assert failing.error == "ValueError('no')"
        assert failing.next_try > system_now()
        assert here(conn).coming is None
        turn(conn, NINE)
        assert posting.promised(conn, 1) is None
        assert try_again(conn) == (1, 0, 0)
        turn(conn, NINE)
        assert posting.promised(conn, 1) is not None
        assert here(conn).well
        assert try_again(conn) == (0, 0, 0)

    await database.write(use_case)


def refused(conn: Connection, row: Row) -> None:
    assert queue.begin(conn, row, system_now())
    begun = replace(row, state=State.SENDING)
    assert queue.fail(conn, begun, "400", State.FAILED)
    if hooks := HOOKS.get(row.kind):
        hooks.refused(conn, begun, NINE)


async def test_a_refused_message_is_told_and_posted_when_it_is_tried_again(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        greeting.greet(conn, GUILD, None, STORIES, NOW)
        (row,) = queue.due(conn, 1)
        refused(conn, row)
        (stuck,) = here(conn).stuck
        assert (stuck.about.kind, stuck.message.state) == (greeting.GREETING, State.FAILED)
        assert try_again(conn) == (0, 1, 0)
        assert try_again(conn) == (0, 0, 0)
        deliver(conn, NINE)
        assert here(conn).well

    await database.write(use_case)


async def test_a_serial_that_was_refused_goes_on_when_it_is_tried_again(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        turn(conn, NINE)
        refused(conn, queue.due(conn, 1)[0])
        (paused,) = here(conn).serials
        assert (paused.id, paused.state) == (serial.id, SerialState.PAUSED)
        assert try_again(conn) == (0, 0, 1)
        assert here(conn).well
        assert try_again(conn) == (0, 0, 0)
        assert len(days(conn, 1, NINE + DAY)) == 1

    await database.write(use_case)


async def test_what_people_paused_and_what_has_no_channel_is_left_as_it_is(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        paused, stopped = active(conn), active(conn)
        serials.pause(conn, AUTHOR, GUILD, paused.id)
        turn(conn, NINE)
        (row,) = queue.due(conn, 1)
        assert queue.fail(conn, row, "10003", State.GONE)
        posting.HOOKS.gone(conn, row, NINE)
        assert [serial.id for serial in here(conn).serials] == [stopped.id]
        assert try_again(conn) == (0, 0, 0)
        assert records.get(conn, GUILD, paused.id).state is SerialState.PAUSED
        assert records.get(conn, GUILD, stopped.id).state is SerialState.STOPPED

    await database.write(use_case)


@pytest.mark.parametrize("kind", [*posting.NOTICES, posting.EXCERPT])
async def test_a_message_about_a_story_names_it(database: Database, kind: str) -> None:
    def use_case(conn: Connection) -> None:
        serial = drafts.confirm(conn, AUTHOR, GUILD, active(conn).id, NOW)
        outbox.add(conn, kind, serial.id, guild_id=GUILD, channel_id=STORIES)
        (row,) = outbox.messages(conn, kind, 1)
        assert queue.block(conn, row, "50013", State.BLOCKED)
        (stuck,) = here(conn).stuck
        assert stuck.about == About(kind, "The Lantern")

    await database.write(use_case)


def a_sprint(conn: Connection) -> None:
    sprints.start(conn, READER, GUILD, 60, Asked(NOW + HOUR, 20), now=NOW)


def a_plan(conn: Connection) -> None:
    plans.add(
        conn, GUILD, 50, minute=0, weekdays=EVERY_DAY, asked=Asked(0, 20), now=NOW, interaction_id=1
    )


@pytest.mark.parametrize(
    ("kind", "begin"), [(SLOT, active), (bell.STEP, a_sprint), (plans.COMING, a_plan)]
)
async def test_every_timer_of_a_server_stays_its_own_when_it_has_run(
    database: Database, kind: str, begin: Callable[[Connection], object]
) -> None:
    def use_case(conn: Connection) -> None:
        begin(conn)
        for _ in range(3):
            (job,) = [job for job in jobs.coming(conn, GUILD) if job.kind == kind]
            claimed = jobs.claim(conn, "test", job.due, system_now())
            assert claimed is not None
            JOBS[kind](conn, claimed, job.due)
            jobs.done(conn, claimed, "test")

    await database.write(use_case)
