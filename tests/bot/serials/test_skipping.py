"""Days on which a serial rests."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import Conflict, NotAllowed
from bot.jobs import service as jobs
from bot.serials import posting, records, service
from bot.serials.records import SLOT
from bot.serials.service import Skipped
from tests.bot.serials.making import (
    AUTHOR,
    DAY,
    GUILD,
    MODERATOR,
    NINE,
    NOW,
    active,
    days,
    published,
    ready,
    turn,
)

TODAY = date(2026, 11, 3)


def skip(conn: Connection, serial_id: int, now: int = NOW, interaction_id: int = 1) -> Skipped:
    return service.skip(conn, AUTHOR, GUILD, serial_id, now, interaction_id)


async def test_a_skipped_day_posts_nothing_and_loses_nothing(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        done = skip(conn, serial.id)
        assert (done.day, done.next) == (TODAY, NINE + DAY)
        schedule = records.schedule_of(conn, serial)
        assert schedule is not None
        assert schedule.next == NINE + DAY
        assert days(conn, 1) == []
        assert days(conn, 2, NINE + DAY) == [1, 2]

    await database.write(use_case)


async def test_each_command_skips_one_day_and_each_interaction_only_once(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        first = skip(conn, serial.id)
        assert skip(conn, serial.id) == first
        second = skip(conn, serial.id, interaction_id=2)
        assert (second.day, second.next) == (TODAY + timedelta(1), NINE + 2 * DAY)
        assert days(conn, 2) == []
        assert days(conn, 1, NINE + 2 * DAY) == [1]

    await database.write(use_case)


async def test_a_skip_outlives_a_new_time_and_a_pause(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        skip(conn, serial.id)
        service.set_guild_zone(conn, GUILD, "America/New_York", NOW)
        service.pause(conn, AUTHOR, GUILD, serial.id)
        service.resume(conn, AUTHOR, GUILD, serial.id, NOW)
        schedule = records.schedule_of(conn, serial)
        assert schedule is not None
        assert schedule.next == NINE + 5 * DAY // 24 + DAY

    await database.write(use_case)


async def test_a_day_is_posted_after_all(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        first = skip(conn, serial.id)
        skip(conn, serial.id, interaction_id=2)
        for _ in range(2):  # pressed twice
            back = service.unskip(conn, AUTHOR, GUILD, serial.id, first.slot_id, first.day, NOW)
            assert (back.day, back.next) == (TODAY, NINE)
        assert days(conn, 3) == [1, 2]  # the second day stays skipped

    await database.write(use_case)


async def test_a_day_that_is_over_stays_skipped(database: Database) -> None:
    serial = await database.write(active)
    done = await database.write(skip, serial.id)
    with pytest.raises(Conflict, match="That time is over"):
        await database.write(
            service.unskip, AUTHOR, GUILD, serial.id, done.slot_id, done.day, NINE + 1
        )
    assert await database.write(days, 1, NINE + DAY) == [1]


async def test_a_slot_that_was_claimed_just_before_it_is_skipped(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        job = jobs.claim(conn, "test", NINE, NOW)
        assert job is not None
        skip(conn, serial.id, NINE - 1)
        posting.on_slot(conn, job, NINE)
        jobs.done(conn, job, "test")
        assert posting.promised(conn, serial.id) is None
        assert jobs.due_at(conn, SLOT, job.key) == NINE + DAY
        turn(conn, NINE + DAY)
        assert posting.promised(conn, serial.id) == 1

    await database.write(use_case)


async def test_what_does_not_run_and_what_is_anothers_is_not_skipped(database: Database) -> None:
    waiting = await database.write(ready)
    with pytest.raises(Conflict, match="is not running"):
        await database.write(skip, waiting.id)
    with pytest.raises(NotAllowed):
        await database.write(service.skip, MODERATOR, GUILD, waiting.id, NOW, 1)


async def test_where_every_part_is_posted_there_is_none_to_wait_with(database: Database) -> None:
    serial = await database.write(published, 4)
    with pytest.raises(Conflict, match="Every part has been posted"):
        await database.write(skip, serial.id, NINE + 4 * DAY)
