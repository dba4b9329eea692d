import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection

from bot.clock import TurnableClock, system_now
from bot.db.engine import Database
from bot.delivery import queue
from bot.delivery import service as outbox
from bot.delivery.loop import OutboxLoop
from bot.delivery.rules import Row
from bot.delivery.rules import State as Sending
from bot.jobs import service as jobs
from bot.jobs.loop import JobLoop
from bot.people import greeting
from bot.people import service as people
from bot.people.times import EVERY_DAY, parse_time
from bot.serials import drafts, excerpts, pages, posting, records, service
from bot.serials.posting import GRACE
from bot.serials.records import SLOT, WEEKLY, Serial, State
from bot.stories.model import Shown
from tests.bot.people.test_times import ms
from tests.bot.serials.making import (
    AUTHOR,
    DAY,
    GUILD,
    HOUR,
    MARA,
    MODERATING_AUTHOR,
    NINE,
    NOW,
    OTHERS,
    STORIES,
    active,
    add,
    days,
    deliver,
    draft,
    published,
    sample,
    turn,
)

DIRECT = 77  # the author's private channel
LOBBY = 88  # where the admins are told things


def told(conn: Connection, kind: str, serial: Serial) -> list[int]:
    """The channels in which something was said about the serial."""
    return [row.channel_id for row in outbox.messages(conn, kind, serial.id)]


def first_due(conn: Connection) -> Row:
    return queue.due(conn, 1 << 50)[0]


@pytest.mark.parametrize(
    ("late", "count"),
    [
        (0, 1),
        (GRACE - 1, 1),
        (GRACE, 0),
        (DAY - 1, 0),
        (3 * DAY, 1),
        (3 * DAY + GRACE - 1, 1),
        (3 * DAY + GRACE, 0),
    ],
)
async def test_late_is_not_lost_and_never_a_burst(
    database: Database, late: int, count: int
) -> None:
    """The bot was away when the slot came."""

    def use_case(conn: Connection) -> None:
        serial = active(conn)
        turn(conn, NINE + late)
        assert len(deliver(conn, NINE + late)) == count
        schedule = records.schedule_of(conn, serial)
        assert schedule is not None
        assert schedule.next == NINE + DAY * (1 + late // DAY)
        assert len(days(conn, 1, schedule.next)) == 1

    await database.write(use_case)


@pytest.mark.parametrize(("late", "count"), [(GRACE, 1), (GRACE + 1, 0)])
async def test_a_part_promised_and_not_tried_in_time_waits_for_the_next_slot(
    database: Database, late: int, count: int
) -> None:
    """The bot was away when the part was to be sent."""

    def use_case(conn: Connection) -> None:
        serial = active(conn, draft(words=700, length=700))  # parts of several pages
        turn(conn, NINE)
        assert len(outbox.messages(conn, posting.EXCERPT, 1)) > 1
        assert len(deliver(conn, NINE + late)) == count
        assert posting.counts(conn, serial.id).published == count
        assert days(conn, 1, NINE + DAY) == [1 + count]

    await database.write(use_case)


async def test_at_most_one_part_is_on_its_way(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        turn(conn, NINE)
        promised = posting.promised(conn, serial.id)
        for day in (1, 2, 3):  # it hangs
            (row,) = outbox.messages(conn, posting.EXCERPT, 1)
            if day == 1:
                assert queue.begin(conn, row, system_now())
            turn(conn, NINE + day * DAY)
            assert posting.promised(conn, serial.id) == promised
        assert deliver(conn, NINE + 3 * DAY) == [promised]
        assert len(days(conn, 1, NINE + 4 * DAY)) == 1

    await database.write(use_case)


def noon_that_day(conn: Connection, serial: Serial) -> None:
    service.schedule(
        conn, AUTHOR, GUILD, serial.id, channel_id=STORIES, now=NINE + HOUR, minutes=[12 * 60]
    )


def zone_further_west(conn: Connection, serial: Serial) -> None:
    service.set_guild_zone(conn, GUILD, "America/New_York", NINE + HOUR)


def zone_further_east(conn: Connection, serial: Serial) -> None:
    service.set_guild_zone(conn, GUILD, "Asia/Tokyo", NINE + HOUR)


@pytest.mark.parametrize(
    ("change", "later"),
    [(noon_that_day, 3 * HOUR), (zone_further_west, 5 * HOUR), (zone_further_east, -9 * HOUR)],
)
async def test_a_slot_moved_after_it_posted_goes_on_the_next_day(
    database: Database, change: Callable[[Connection, Serial], None], later: int
) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        change(conn, serial)
        schedule = records.schedule_of(conn, serial)
        assert schedule is not None
        assert schedule.next == NINE + later + DAY
        assert days(conn, 1, NINE + later) == []
        assert len(days(conn, 3, NINE + later + DAY)) == 3

    await database.write(use_case)


async def test_a_zone_that_changes_while_a_part_is_on_its_way_has_it_posted_once(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        turn(conn, NINE)
        service.set_guild_zone(conn, GUILD, "America/New_York", NINE)  # 09:00 comes again
        assert posting.promised(conn, serial.id) is not None
        assert deliver(conn, NINE) == [1]
        assert days(conn, 1, NINE + 5 * HOUR) == []
        assert days(conn, 2, NINE + 5 * HOUR + DAY) == [2, 3]

    await database.write(use_case)


@pytest.mark.parametrize(
    ("zone", "at", "weekdays", "start", "expected"),
    [
        # Clocks go forward: London an hour at 01:00, New York at 02:00, Lord Howe half of one.
        ("Europe/London", "01:30", EVERY_DAY, "2027-03-27T12:00",
         ["2027-03-28T01:30", "2027-03-29T00:30"]),
        ("America/New_York", "02:30", EVERY_DAY, "2027-03-13T12:00",
         ["2027-03-14T07:30", "2027-03-15T06:30"]),
        ("Australia/Lord_Howe", "02:15", EVERY_DAY, "2027-10-02T12:00",
         ["2027-10-02T15:45", "2027-10-03T15:15"]),
        # They go back: what comes twice is posted the first time alone.
        ("Europe/London", "01:30", EVERY_DAY, "2026-10-24T12:00",
         ["2026-10-25T00:30", "2026-10-26T01:30"]),
        ("America/New_York", "01:30", EVERY_DAY, "2026-10-31T12:00",
         ["2026-11-01T05:30", "2026-11-02T06:30"]),
        ("Australia/Lord_Howe", "01:45", EVERY_DAY, "2027-04-03T12:00",
         ["2027-04-03T14:45", "2027-04-04T15:15"]),
        # They do neither.
        ("Asia/Kolkata", "01:30", EVERY_DAY, "2027-03-27T12:00",
         ["2027-03-27T20:00", "2027-03-28T20:00"]),
        # 2028 has a 29 February, a Tuesday; 2027 has none.
        ("Europe/London", "09:00", EVERY_DAY, "2028-02-28T12:00",
         ["2028-02-29T09:00", "2028-03-01T09:00"]),
        ("Europe/London", "09:00", frozenset({1}), "2028-02-23T12:00",
         ["2028-02-29T09:00", "2028-03-07T09:00"]),
        ("Europe/London", "09:00", EVERY_DAY, "2027-02-27T12:00",
         ["2027-02-28T09:00", "2027-03-01T09:00"]),
    ],
)  # fmt: skip
async def test_a_serial_keeps_to_the_clock_on_the_wall(
    database: Database, zone: str, at: str, weekdays: frozenset[int], start: str,
    expected: list[str],
) -> None:  # fmt: skip
    def use_case(conn: Connection) -> list[str]:
        serial, now = active(conn), ms(start)
        service.schedule(
            conn, AUTHOR, GUILD, serial.id, channel_id=STORIES, now=now,
            minutes=[parse_time(at)], zone=zone, weekdays=weekdays,
        )  # fmt: skip
        posted: list[str] = []
        while len(posted) < len(expected):
            now += HOUR // 4
            turn(conn, now)
            if deliver(conn, now):
                posted.append(datetime.fromtimestamp(now / 1000, UTC).strftime("%Y-%m-%dT%H:%M"))
        return posted

    assert await database.write(use_case) == expected


async def test_the_author_is_told_at_two_parts_left_and_at_none(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        people.person_id(conn, MARA, NOW)
        people.set_dm_channel(conn, MARA.discord_id, DIRECT)
        serial = active(conn)  # four parts
        counts = []
        for day in range(6):
            days(conn, 1, NINE + day * DAY)
            counts.append(len(told(conn, posting.RUNNING_LOW, serial)))
        assert counts == [0, 1, 1, 2, 2, 2]
        drafts.append(conn, AUTHOR, GUILD, serial.id, add(conn, draft("flame")).id)
        days(conn, 2, NINE + 6 * DAY)
        assert told(conn, posting.RUNNING_LOW, serial) == [DIRECT] * 3

    await database.write(use_case)


@pytest.mark.parametrize("why", ["complete", "no private channel"])
async def test_the_author_of_what_is_complete_or_unreachable_is_not_told(
    database: Database, why: str
) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        if why == "complete":
            people.set_dm_channel(conn, MARA.discord_id, DIRECT)
            service.complete(conn, AUTHOR, GUILD, serial.id)
        assert len(days(conn, 4)) == 4
        assert told(conn, posting.RUNNING_LOW, serial) == []

    await database.write(use_case)


def with_channels(conn: Connection) -> Serial:
    """A serial with a part that is being posted, its author and the admins reachable."""
    greeting.greet(conn, GUILD, None, LOBBY, NOW)
    serial = active(conn)
    people.set_dm_channel(conn, MARA.discord_id, DIRECT)
    deliver(conn, NOW)
    turn(conn, NINE)
    return serial


async def test_a_missing_permission_is_told_once_and_forgotten_once_it_is_given(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        serial = with_channels(conn)
        for _ in range(3):
            row = first_due(conn)
            assert queue.block(conn, row, "50013", Sending.BLOCKED)
            posting.HOOKS.blocked(conn, row, NINE)
            assert records.get(conn, GUILD, serial.id).trouble == "blocked"
            assert told(conn, posting.BLOCKED, serial) == [DIRECT]
            deliver(conn, NINE)
            outbox.unblock(conn, [STORIES])
        assert len(deliver(conn, NINE)) == 1
        running = records.get(conn, GUILD, serial.id)
        assert (running.state, running.trouble) == (State.ACTIVE, None)

    await database.write(use_case)


@pytest.mark.parametrize(
    ("hook", "state", "kind", "channels"),
    [
        (posting.HOOKS.gone, State.STOPPED, posting.STOPPED, {DIRECT, LOBBY}),
        (posting.HOOKS.refused, State.PAUSED, posting.REFUSED, {DIRECT}),
    ],
    ids=["gone", "refused"],
)
async def test_what_cannot_be_posted_stops_and_is_told_and_goes_on_elsewhere(
    database: Database,
    hook: Callable[[Connection, Row, int], None],
    state: State,
    kind: str,
    channels: set[int],
) -> None:
    def use_case(conn: Connection) -> None:
        serial = with_channels(conn)
        row = first_due(conn)
        assert queue.fail(conn, row, "404", Sending.FAILED)
        hook(conn, row, NINE)
        stopped = records.get(conn, GUILD, serial.id)
        assert stopped.state is state
        assert stopped.trouble is not None
        assert set(told(conn, kind, serial)) == channels
        assert days(conn, 2, NINE) == []
        assert posting.promised(conn, serial.id) is None

        service.schedule(
            conn, MODERATING_AUTHOR, GUILD, serial.id, channel_id=OTHERS, now=NINE + 2 * DAY
        )
        if state is State.PAUSED:
            service.resume(conn, MODERATING_AUTHOR, GUILD, serial.id, NINE + 2 * DAY)
        assert records.get(conn, GUILD, serial.id).trouble is None
        assert days(conn, 1, NINE + 3 * DAY) == [1]

    await database.write(use_case)


async def test_a_slot_of_what_no_longer_runs_does_nothing(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        jobs.schedule(conn, SLOT, "4711", NOW)
        turn(conn, NOW)
        serial = active(conn)
        service.pause(conn, AUTHOR, GUILD, serial.id)
        jobs.schedule(conn, SLOT, "1", NOW)  # claimed just before the pause
        turn(conn, NINE)
        assert posting.promised(conn, serial.id) is None
        assert jobs.next_due(conn) is None

    await database.write(use_case)


class Channel:
    """A Sender that keeps the text of what is posted."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.texts: list[str] = []

    async def post(self, row: Row) -> int:
        part = await self._database.read(pages.part, row.subject)
        assert part is not None
        page = await self._database.read(pages.page, part, row.part)
        self.texts.append(page.text)
        return len(self.texts)

    async def edit(self, row: Row) -> None:
        raise AssertionError("nothing changes")

    async def find(self, row: Row) -> int | None:
        raise AssertionError("nothing is lost")

    async def act(self, row: Row) -> None:
        raise AssertionError("nothing is done to a message")

    async def delete(self, row: Row) -> None:
        raise AssertionError("nothing is removed")


async def test_the_sample_story_is_posted_whole_a_part_a_day(database: Database) -> None:
    read = sample()
    serial = await database.write(active, read)
    total = (await database.read(posting.counts, serial.id)).total
    clock, channel = TurnableClock(lambda: NOW), Channel(database)
    hooks = {posting.EXCERPT: posting.HOOKS}
    handlers = {SLOT: posting.on_slot, WEEKLY: lambda *_: None}
    loops = {
        asyncio.create_task(JobLoop(database, clock, handlers).run()),
        asyncio.create_task(OutboxLoop(database, clock, channel, hooks).run()),
    }
    async with asyncio.timeout(60):
        for number in range(1, total + 1):
            clock.turn(NINE + (number - 1) * DAY - clock.now())
            while (await database.read(posting.counts, serial.id)).published < number:
                pass
    for loop in loops:
        loop.cancel()
    await asyncio.wait(loops)

    (note,) = [block for block in read.manuscript.blocks if block.shown is Shown.POST]
    (told,) = [text for text in channel.texts if text.startswith("> ")]
    assert told == f"> {note.text}"
    channel.texts.remove(told)
    prose = []
    for chapter, cut in zip(read.manuscript.chapters, read.cuts, strict=True):
        prose.append(excerpts.text(chapter.blocks, cut[0].start, cut[-1].end))

    def words(texts: list[str]) -> list[str]:
        """Where a part ends within a paragraph, only white space may differ."""
        return re.split(r"\s+", " ".join(texts))

    assert words(channel.texts) == words(prose)
    plain = [
        block.text
        for chapter in read.manuscript.chapters
        for block in chapter.blocks
        if block.kind in ("prose", "break")
    ]
    letters = re.compile(r"[^\W_]+")  # without the marks of either
    assert letters.findall(" ".join(channel.texts)) == letters.findall(" ".join(plain))
    rows = [
        row
        for number in range(1, total + 1)
        for row in await database.read(outbox.messages, posting.EXCERPT, number)
    ]
    assert [row.state for row in rows] == [Sending.SENT] * (total + 1)
