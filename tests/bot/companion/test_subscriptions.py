"""Parts by direct message: which comes when, and what ends it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import Connection, select, update

from bot.clock import system_now
from bot.companion import sending, subscriptions
from bot.companion import service as companion
from bot.companion.subscriptions import PART, SLOT, Subscribed, Subscription, Why
from bot.db.engine import Database
from bot.delivery import queue
from bot.delivery.rules import Row
from bot.delivery.rules import State as Sending
from bot.errors import Conflict, NotFound
from bot.jobs import service as jobs
from bot.jobs.service import Job
from bot.jobs.tables import jobs as job_rows
from bot.people import service as people
from bot.people.service import Member
from bot.serials import pages, service
from bot.serials.posting import GRACE
from bot.serials.records import Serial
from bot.serials.tables import serials
from bot.stories import service as stories
from bot.stories.model import Rating
from tests.bot.serials.making import (
    AUTHOR,
    DAY,
    GUILD,
    HOUR,
    MODERATING_AUTHOR,
    NINE,
    NOW,
    READER,
    STORIES,
    days,
    draft,
    published,
)

DM = 777
OTHER = Member(3, "Ines", GUILD)
SEVEN = 7 * 60
EVENING = NOW + 11 * HOUR  # 19:00


def subscribe(
    conn: Connection,
    serial: Serial,
    minute: int | None = 19 * 60,
    *,
    now: int = NOW,
    from_start: bool = False,
) -> Subscribed:
    return subscriptions.subscribe(
        conn, READER, serial, DM, now, minute=minute, from_start=from_start
    )


def mine(conn: Connection, serial: Serial) -> Subscription:
    found = subscriptions.mine(conn, READER, serial.id)
    assert found is not None
    return found


def ring(conn: Connection, now: int) -> None:
    """The job loop's turn, for subscriptions alone."""
    due = select(job_rows).where(job_rows.c.kind == SLOT, job_rows.c.due <= now)
    for row in conn.execute(due).all():
        sending.on_slot(conn, Job(row.id, row.kind, row.key, row.due, 1), now)


def rows(conn: Connection) -> list[Row]:
    return [
        row
        for row in queue.due(conn, 1 << 50)
        if row.kind in sending.HOOKS and row.state is not Sending.SENT
    ]


def deliver(conn: Connection, now: int) -> list[tuple[int, int]]:
    """The outbox loop's turn. Returns part and page of what was sent."""
    sent = []
    while found := rows(conn):
        row = found[0]
        if queue.withdraw_late(conn, row, now):
            sending.HOOKS[row.kind].withdrawn(conn, row, now)
            continue
        promised = sending.promised(conn, row.subject)
        assert queue.begin(conn, row, system_now())
        begun = replace(row, state=Sending.SENDING, attempts=row.attempts + 1)
        message_id = 9000 + row.id if promised else None
        assert queue.sent(conn, begun, message_id, now)
        sending.HOOKS[row.kind].sent(conn, replace(begun, message_id=message_id), now)
        if promised:
            sent.append((promised[1].number, row.part))
    return sent


def evenings(conn: Connection, count: int, first: int = 0) -> list[int]:
    """The parts that come on so many evenings."""
    found = []
    for n in range(first, first + count):
        ring(conn, EVENING + n * DAY)
        found += [number for number, _ in deliver(conn, EVENING + n * DAY)]
    return found


def reached(conn: Connection, serial: Serial) -> int:
    return companion.reached(conn, READER, serial.id, serial.story.id)


async def test_a_part_an_evening_from_where_the_reader_is(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 4, draft("oil", "wick", "flame"))
        companion.set_place(conn, READER, serial.id, serial.story.id, 1, NOW)
        said = subscribe(conn, serial)
        assert (said.slot.minute, said.next) == (19 * 60, EVENING)
        assert evenings(conn, 2) == [2, 3]
        assert reached(conn, serial) == 3
        assert evenings(conn, 1, 2) == [4]
        assert companion.open_page(conn, READER, serial.id, serial.story.id, NOW).page is None
        assert evenings(conn, 3, 3) == []  # nothing more is out, and it waits
        days(conn, 1, NINE + 4 * DAY)
        assert evenings(conn, 2, 6) == [5]

    await database.write(use_case)


async def test_from_the_beginning_the_horizon_stays(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 4)
        companion.set_place(conn, READER, serial.id, serial.story.id, 3, NOW)
        subscribe(conn, serial, from_start=True)
        assert evenings(conn, 2) == [1, 2]
        assert reached(conn, serial) == 3
        subscribe(conn, serial, now=NOW + 2 * DAY, from_start=True)
        assert evenings(conn, 1, 2) == [1]
        subscribe(
            conn, serial, minute=None, now=NOW + 3 * DAY
        )  # nothing is said, and nothing changes
        assert evenings(conn, 1, 3) == [2]

    await database.write(use_case)


async def test_what_was_read_elsewhere_does_not_come_and_looking_back_changes_nothing(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 6, draft("oil", "wick", "flame"))
        subscribe(conn, serial)
        assert evenings(conn, 1) == [1]
        part = pages.numbered(conn, serial.id, 3)
        assert part is not None
        companion.mark_read(conn, READER, GUILD, part.id, NOW)
        assert evenings(conn, 1, 1) == [4]
        companion.turn_to(conn, READER, GUILD, serial.id, 2, 0, NOW)
        assert evenings(conn, 1, 2) == [5]
        companion.set_place(conn, READER, serial.id, serial.story.id, 2, NOW)
        assert evenings(conn, 1, 3) == [3]

    await database.write(use_case)


async def test_pages_come_in_order_and_the_last_one_counts(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 2, draft("oil", words=1500, length=800))
        subscribe(conn, serial)
        ring(conn, EVENING)
        (row,) = rows(conn)
        assert row.guild_id is None
        part = pages.numbered(conn, serial.id, 1)
        assert part is not None
        assert len(part.pages) > 1
        assert deliver(conn, EVENING) == [(1, page) for page in range(len(part.pages))]
        assert mine(conn, serial).place == part.end

    await database.write(use_case)


async def test_never_a_burst_and_one_at_a_time(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 4)
        subscribe(conn, serial)
        ring(conn, EVENING + 3 * DAY + GRACE)  # after days without the bot
        assert rows(conn) == []
        ring(conn, EVENING + 4 * DAY)
        ring(conn, EVENING + 5 * DAY)
        assert len(rows(conn)) == 1  # and the first is not even sent
        assert deliver(conn, EVENING + 4 * DAY + GRACE + 1) == []  # too late: withdrawn
        assert mine(conn, serial).promised is None
        assert evenings(conn, 1, 6) == [1]

    await database.write(use_case)


async def test_next_part_now_once_a_press(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 3)
        with pytest.raises(NotFound, match="subscribe"):
            sending.next_now(conn, READER, serial.id, 1, NOW)
        subscribe(conn, serial)
        assert evenings(conn, 1) == [1]
        sending.next_now(conn, READER, serial.id, 1, NOW)
        with pytest.raises(Conflict, match="on its way"):
            sending.next_now(conn, READER, serial.id, 1, NOW)
        assert deliver(conn, NOW) == [(2, 0)]
        with pytest.raises(Conflict, match="has come already"):
            sending.next_now(conn, READER, serial.id, 1, NOW)
        with pytest.raises(NotFound):
            sending.next_now(conn, OTHER, serial.id, 2, NOW)
        assert evenings(conn, 1, 1) == [3]  # the hour stays
        with pytest.raises(Conflict, match="Nothing more is out yet"):
            sending.next_now(conn, READER, serial.id, 3, NOW)

    await database.write(use_case)


async def test_closed_messages_stop_it_and_why_is_told_once(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 3)
        subscribe(conn, serial)
        ring(conn, EVENING)
        sending.HOOKS[PART].refused(conn, rows(conn)[0], EVENING)
        assert rows(conn) == []
        (told,) = subscriptions.stopped(conn, READER, GUILD)
        assert told.why is Why.CLOSED
        assert subscriptions.stopped(conn, READER, GUILD + 1) == []
        assert subscriptions.stopped(conn, OTHER, GUILD) == []
        assert evenings(conn, 1, 1) == []
        subscriptions.forget_stopped(conn, [told.id])
        assert subscriptions.stopped(conn, READER, GUILD) == []
        subscribe(conn, serial, now=NOW + 2 * DAY)
        subscriptions.forget_stopped(conn, [mine(conn, serial).id])  # runs: nothing to forget
        assert evenings(conn, 1, 2) == [1]

    await database.write(use_case)


async def test_what_becomes_adult_is_not_sent_and_says_so(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 3)
        subscribe(conn, serial)
        ring(conn, EVENING)
        stories.rate(conn, serial.story.id, Rating.MATURE, Rating.GENERAL)
        assert deliver(conn, EVENING) == []  # was on its way
        ring(conn, EVENING + DAY)
        (row,) = rows(conn)
        assert row.kind == subscriptions.STOPPED
        assert mine(conn, serial).why is Why.FOR_ADULTS
        deliver(conn, EVENING + DAY)
        assert subscriptions.mine(conn, READER, serial.id) is None  # they have been told
        now_rated = replace(serial, story=replace(serial.story, rating=Rating.EXPLICIT))
        with pytest.raises(Conflict, match="never sent in direct messages"):
            subscribe(conn, now_rated)

    await database.write(use_case)


async def test_it_ends_with_the_last_part_of_a_complete_story(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 4)
        service.complete(conn, AUTHOR, GUILD, serial.id)
        subscribe(conn, serial)
        assert evenings(conn, 6) == [1, 2, 3, 4]
        assert subscriptions.mine(conn, READER, serial.id) is None

    await database.write(use_case)


async def test_unsubscribing_and_a_story_that_goes_send_nothing(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 4)
        assert not subscriptions.unsubscribe(conn, READER, serial.id)
        subscribe(conn, serial)
        ring(conn, EVENING)
        assert subscriptions.unsubscribe(conn, READER, serial.id)
        assert (rows(conn), evenings(conn, 2)) == ([], [])
        subscribe(conn, serial)
        ring(conn, EVENING + DAY)
        stories.remove(conn, serial.story.id)
        assert deliver(conn, EVENING + DAY) == []
        assert evenings(conn, 2, 2) == []

    await database.write(use_case)


async def test_the_hour_is_the_readers_own(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 2)
        people.set_zone(conn, READER, "Asia/Tokyo", NOW)
        said = subscribe(conn, serial, SEVEN)
        assert datetime.fromtimestamp(said.next / 1000, UTC).hour == 22
        people.set_zone(conn, READER, "Europe/Berlin", NOW)
        subscriptions.reschedule(conn, READER, NOW)
        due = jobs.due_at(conn, SLOT, str(mine(conn, serial).id))
        assert due is not None
        assert datetime.fromtimestamp(due / 1000, UTC).hour == 6
        weekly = subscriptions.subscribe(conn, READER, serial, DM, NOW, weekdays=frozenset({5}))
        assert weekly.slot.minute == SEVEN
        assert datetime.fromtimestamp(weekly.next / 1000, UTC).weekday() == 5

    await database.write(use_case)


async def test_nobody_reads_ahead_but_by_the_authors_leave(database: Database) -> None:
    def ahead(conn: Connection, serial: Serial, parts: int) -> None:
        service.schedule(
            conn, MODERATING_AUTHOR, GUILD, serial.id, channel_id=STORIES, now=NOW,
            options={"read_ahead": parts},
        )  # fmt: skip

    def use_case(conn: Connection) -> None:
        serial = published(conn, 1, draft("oil", "wick", "flame"))
        subscribe(conn, serial)
        assert evenings(conn, 2) == [1]
        ahead(conn, serial, 2)
        assert evenings(conn, 3, 2) == [2, 3]
        assert reached(conn, serial) == 3
        told = companion.contents(conn, READER, serial.id, serial.story.id)
        assert [bool(chapter.title) for chapter in told] == [True, True, False]
        assert companion.turn_to(conn, READER, GUILD, serial.id, 3, 0, NOW).last == 3
        with pytest.raises(NotFound):
            companion.turn_to(conn, READER, GUILD, serial.id, 5, 0, NOW)
        with pytest.raises(NotFound, match="Part 3 is the last"):
            companion.set_place(conn, READER, serial.id, serial.story.id, 4, NOW)
        for number in (2, None):
            companion.go_on_to(conn, READER, serial.id, serial.story.id, number, NOW)
            assert reached(conn, serial) == 3  # a question takes nobody back
        with pytest.raises(NotFound, match="not out yet"):
            companion.go_on_to(conn, READER, serial.id, serial.story.id, 4, NOW)
        companion.set_place(conn, READER, serial.id, serial.story.id, None, NOW)
        assert reached(conn, serial) == 1  # who is caught up has read what is published
        ahead(conn, serial, 0)
        assert companion.turn_to(conn, READER, GUILD, serial.id, 2, 0, NOW).page is None
        ahead(conn, serial, 100)
        companion.set_place(conn, READER, serial.id, serial.story.id, 6, NOW)
        conn.execute(update(serials).where(serials.c.id == serial.id).values(state="paused"))
        assert reached(conn, serial) == 1  # a pause holds back what is not posted

    await database.write(use_case)
