from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.delivery import queue
from bot.delivery import service as outbox
from bot.delivery.rules import State as Sending
from bot.errors import Conflict, NotAllowed, NotFound
from bot.people.times import EVERY_DAY, Slot
from bot.serials import channels, drafts, posting, records, service
from bot.serials.records import Actor, Serial, State
from tests.bot.serials.making import (
    AUTHOR,
    DAY,
    ELSEWHERE,
    GUILD,
    HOUR,
    MODERATING_AUTHOR,
    MODERATOR,
    NINE,
    NOW,
    OTHERS,
    READER,
    STORIES,
    active,
    add,
    days,
    deliver,
    draft,
    published,
    ready,
    turn,
)


def next_slot(conn: Connection, serial: Serial) -> int | None:
    schedule = records.schedule_of(conn, records.get(conn, GUILD, serial.id))
    assert schedule is not None
    return schedule.next


def waiting_messages(conn: Connection) -> list[tuple[str, int]]:
    """What the outbox would post now, and where."""
    return [
        (row.kind, row.channel_id)
        for row in queue.due(conn, 1 << 50)
        if row.state is not Sending.SENT
    ]


async def test_a_schedule_begins_with_defaults_and_keeps_what_is_not_said(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        assert (serial.state, serial.channel_id) == (State.ACTIVE, STORIES)
        schedule = records.schedule_of(conn, serial)
        assert schedule is not None
        assert schedule.slots[0] == Slot(9 * 60, ZoneInfo("UTC"), EVERY_DAY)
        assert schedule.zone_unset
        assert schedule.next == NINE

        def change(**said: object) -> Slot:
            service.schedule(
                conn,
                AUTHOR,
                GUILD,
                serial.id,
                channel_id=STORIES,
                now=NOW,
                **said,  # type: ignore[arg-type] # a table of options
            )
            found = records.schedule_of(conn, serial)
            assert found is not None
            return found.slots[0]

        assert change(minutes=[0]) == Slot(0, ZoneInfo("UTC"), EVERY_DAY)
        assert change(weekdays=frozenset({5})) == Slot(0, ZoneInfo("UTC"), frozenset({5}))
        berlin = ZoneInfo("Europe/Berlin")
        assert change(zone="Europe/Berlin") == Slot(0, berlin, frozenset({5}))
        assert change() == Slot(0, berlin, frozenset({5}))
        # Midnight of Saturday the 7th in Berlin is 23:00 UTC on Friday.
        assert next_slot(conn, serial) == NOW + 3 * DAY + 15 * HOUR
        found = records.schedule_of(conn, serial)
        assert found is not None
        assert not found.zone_unset

    await database.write(use_case)


async def test_the_servers_zone_moves_the_slots_that_have_none(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        servers, own = active(conn), active(conn)
        service.schedule(
            conn, AUTHOR, GUILD, own.id, channel_id=STORIES, now=NOW, zone="Europe/London"
        )
        service.set_guild_zone(conn, GUILD, "Asia/Tokyo", NOW)
        assert next_slot(conn, servers) == NOW + 16 * HOUR
        assert next_slot(conn, own) == NINE
        service.set_guild_zone(conn, ELSEWHERE, "Asia/Kolkata", NOW)
        assert next_slot(conn, servers) == NOW + 16 * HOUR

    await database.write(use_case)


async def test_a_members_serial_waits_for_a_moderators_leave(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = ready(conn)
        asked = service.schedule(
            conn, AUTHOR, GUILD, serial.id, channel_id=STORIES, now=NOW, start_now=True
        )
        assert asked.state is State.WAITING
        assert next_slot(conn, serial) is None
        assert waiting_messages(conn) == [(channels.LEAVE, STORIES)]
        service.schedule(conn, AUTHOR, GUILD, serial.id, channel_id=STORIES, now=NOW, minutes=[0])
        assert waiting_messages(conn) == [(channels.LEAVE, STORIES)]  # asked once

        with pytest.raises(NotAllowed, match="Manage Messages"):
            service.approve(conn, Actor(READER), GUILD, serial.id, STORIES, NOW, None)
        with pytest.raises(NotFound):
            service.approve(conn, MODERATOR, ELSEWHERE, serial.id, STORIES, NOW, None)
        # Leave for another channel does not count for this one.
        other = service.approve(conn, MODERATOR, GUILD, serial.id, OTHERS, NOW, None)
        assert other.state is State.WAITING

        allowed = service.approve(conn, MODERATOR, GUILD, serial.id, STORIES, NOW, 50)
        assert allowed.state is State.ACTIVE
        assert next_slot(conn, serial) == NOW + 16 * HOUR
        again = service.approve(conn, MODERATOR, GUILD, serial.id, STORIES, NOW, 50)
        assert again == allowed

    await database.write(use_case)


async def test_leave_once_given_holds_and_is_asked_anew_for_another_channel(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)  # its author moderated #stories then, and no longer does
        days(conn, 1)
        moved = service.schedule(conn, AUTHOR, GUILD, serial.id, channel_id=OTHERS, now=NOW + DAY)
        assert moved.state is State.WAITING
        assert next_slot(conn, serial) is None
        turn(conn, NINE + DAY)
        assert waiting_messages(conn) == [(channels.LEAVE, OTHERS)]
        back = service.schedule(conn, AUTHOR, GUILD, serial.id, channel_id=STORIES, now=NOW + DAY)
        assert back.state is State.ACTIVE
        assert next_slot(conn, serial) == NINE + DAY

    await database.write(use_case)


async def test_part_one_now_and_then_daily(database: Database) -> None:
    def begin(conn: Connection, serial: Serial) -> None:
        service.schedule(
            conn, MODERATING_AUTHOR, GUILD, serial.id, channel_id=STORIES, now=NOW,
            start_now=True, interaction_id=60,
        )  # fmt: skip

    def use_case(conn: Connection) -> None:
        serial = ready(conn)
        begin(conn, serial)
        begin(conn, serial)  # delivered twice: before it is posted …
        assert len(deliver(conn, NOW)) == 1
        begin(conn, serial)  # … and after
        assert deliver(conn, NOW) == []
        assert next_slot(conn, serial) == NINE
        assert len(days(conn, 2)) == 2

    await database.write(use_case)


async def test_pause_and_resume(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        with pytest.raises(Conflict, match="not paused"):
            service.resume(conn, AUTHOR, GUILD, serial.id, NOW)
        with pytest.raises(NotAllowed):
            service.pause(conn, Actor(READER), GUILD, serial.id)
        turn(conn, NINE + DAY)  # part 2 is promised, and nothing of it was tried
        assert service.pause(conn, MODERATOR, GUILD, serial.id).state is State.PAUSED
        assert waiting_messages(conn) == []
        assert next_slot(conn, serial) is None
        assert days(conn, 1, NINE + 2 * DAY) == []
        with pytest.raises(Conflict, match="not running"):
            service.pause(conn, AUTHOR, GUILD, serial.id)
        with pytest.raises(Conflict, match="not running"):
            service.post_now(conn, AUTHOR, GUILD, serial.id, NOW, None)

        resumed = service.resume(conn, MODERATOR, GUILD, serial.id, NINE + 2 * DAY + HOUR)
        assert resumed.state is State.ACTIVE
        assert next_slot(conn, serial) == NINE + 3 * DAY
        assert len(days(conn, 3, NINE + 3 * DAY)) == 3

    await database.write(use_case)


async def test_what_is_being_posted_is_neither_paused_nor_moved(database: Database) -> None:
    """Nobody knows whether it is up: it is settled, and counts."""

    def use_case(conn: Connection) -> None:
        serial = active(conn)
        turn(conn, NINE)
        (row,) = queue.due(conn, 1 << 50)
        assert queue.begin(conn, row, NOW)
        service.pause(conn, AUTHOR, GUILD, serial.id)
        (row,) = outbox.messages(conn, posting.EXCERPT, row.subject)
        assert row.state is Sending.SENDING
        assert deliver(conn, NINE) == [row.subject]
        assert posting.counts(conn, serial.id).published == 1
        assert records.get(conn, GUILD, serial.id).state is State.PAUSED

    await database.write(use_case)


async def test_a_promised_part_moves_with_its_serial(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        for channel_id in (OTHERS, STORIES, OTHERS):
            service.post_now(conn, AUTHOR, GUILD, serial.id, NINE, None)
            service.schedule(
                conn, MODERATING_AUTHOR, GUILD, serial.id, channel_id=channel_id, now=NINE
            )
            assert posting.promised(conn, serial.id) is None
            assert waiting_messages(conn) == []
        service.post_now(conn, AUTHOR, GUILD, serial.id, NINE, None)
        assert waiting_messages(conn) == [(posting.EXCERPT, OTHERS)]
        assert len(deliver(conn, NINE)) == 1

    await database.write(use_case)


async def test_post_now_leaves_the_schedule_alone_and_is_asked_once(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        now = NINE + HOUR
        service.post_now(conn, AUTHOR, GUILD, serial.id, now, 70)
        service.post_now(conn, AUTHOR, GUILD, serial.id, now, 70)
        with pytest.raises(Conflict, match="on its way already"):
            service.post_now(conn, AUTHOR, GUILD, serial.id, now, 71)
        assert len(deliver(conn, now)) == 1
        service.post_now(conn, AUTHOR, GUILD, serial.id, now, 70)  # late, and known
        assert deliver(conn, now) == []
        assert next_slot(conn, serial) == NINE + DAY
        assert len(days(conn, 2, NINE + DAY)) == 2
        with pytest.raises(Conflict, match="Every part has been posted"):
            service.post_now(conn, AUTHOR, GUILD, serial.id, NINE + 3 * DAY, 72)

    await database.write(use_case)


async def test_a_story_is_complete_once_and_a_draft_is_not_scheduled(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        assert service.complete(conn, AUTHOR, GUILD, serial.id).story.complete
        with pytest.raises(Conflict, match="complete already"):
            service.complete(conn, AUTHOR, GUILD, serial.id)
        with pytest.raises(Conflict, match="First confirm"):
            service.schedule(
                conn, MODERATING_AUTHOR, GUILD, add(conn).id, channel_id=STORIES, now=NOW
            )

    await database.write(use_case)


async def test_a_serial_that_ran_out_goes_on_with_the_next_chapter(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 4)
        assert days(conn, 2, NINE + 4 * DAY) == []
        assert next_slot(conn, serial) == NINE + 6 * DAY
        drafts.append(conn, AUTHOR, GUILD, serial.id, add(conn, draft("flame")).id)
        assert waiting_messages(conn) == []  # at its next slot, and not before
        assert len(days(conn, 3, NINE + 6 * DAY)) == 2

    await database.write(use_case)


def minutes(conn: Connection, serial: Serial) -> list[int]:
    schedule = records.schedule_of(conn, serial)
    assert schedule is not None
    return [slot.minute for slot in schedule.slots]


@pytest.mark.parametrize(
    ("after", "posted_that_day"),
    [
        ([9 * 60], False),
        ([10 * 60], False),  # the same slot, at a new time: it has had its day
        ([9 * 60, 18 * 60], True),
        ([10 * 60, 18 * 60], True),
    ],
)
async def test_new_times_keep_what_the_old_ones_have_posted(
    database: Database, after: list[int], posted_that_day: bool
) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn, draft("oil", "wick", "flame"))
        days(conn, 1)
        service.schedule(
            conn, AUTHOR, GUILD, serial.id, channel_id=STORIES, now=NINE + 1000, minutes=after
        )
        assert minutes(conn, serial) == after
        turn(conn, NINE + 12 * HOUR)
        assert (posting.promised(conn, serial.id) is not None) is posted_that_day
        deliver(conn, NINE + 12 * HOUR)
        service.schedule(
            conn, AUTHOR, GUILD, serial.id, channel_id=STORIES, now=NINE + 13 * HOUR, minutes=[540]
        )
        assert minutes(conn, serial) == [540]
        assert next_slot(conn, serial) == NINE + DAY

    await database.write(use_case)


async def test_several_slots_have_one_zone_and_the_same_weekdays(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        said = {"minutes": [540, 1080], "weekdays": frozenset({1, 3})}
        service.schedule(conn, AUTHOR, GUILD, serial.id, channel_id=STORIES, now=NOW, **said)  # type: ignore[arg-type] # a table of options
        service.schedule(
            conn, AUTHOR, GUILD, serial.id, channel_id=STORIES, now=NOW, zone="Asia/Tokyo"
        )
        schedule = records.schedule_of(conn, serial)
        assert schedule is not None
        assert {(slot.zone.key, slot.weekdays) for slot in schedule.slots} == {
            ("Asia/Tokyo", frozenset({1, 3}))
        }
        assert minutes(conn, serial) == [540, 1080]

    await database.write(use_case)


async def test_no_slot_comes_before_the_start(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        start = date(2026, 11, 10)
        service.schedule(
            conn, AUTHOR, GUILD, serial.id, channel_id=STORIES, now=NOW, starts_on=start
        )
        assert next_slot(conn, serial) == NINE + 7 * DAY
        service.schedule(conn, AUTHOR, GUILD, serial.id, channel_id=STORIES, now=NOW)
        assert next_slot(conn, serial) == NINE + 7 * DAY  # what is not said stays
        assert records.get(conn, GUILD, serial.id).starts_on == start
        assert days(conn, 6) == []
        assert len(days(conn, 1, NINE + 7 * DAY)) == 1

    await database.write(use_case)
