"""What an author is told on Sundays."""

from datetime import UTC, datetime

from sqlalchemy import Connection

from bot.companion import service as companion
from bot.companion import weekly
from bot.db.engine import Database
from bot.delivery import service as outbox
from bot.jobs import service as jobs
from bot.jobs.service import Job
from bot.people import service as people
from bot.people.service import Member
from bot.serials import drafts, posting, removal, service
from bot.serials.records import WEEKLY
from tests.bot.serials.making import (
    AUTHOR,
    DAY,
    GUILD,
    HOUR,
    MARA,
    MODERATING_AUTHOR,
    NINE,
    NOW,
    STORIES,
    active,
    days,
    draft,
    ready,
)

SUNDAY = int(datetime(2026, 11, 8, 18, 0, tzinfo=UTC).timestamp() * 1000)
MAIL = 77  # Mara's direct messages


def on_sunday(conn: Connection, serial_id: int, now: int, due: int = SUNDAY) -> list[int]:
    """The parts of the outbox that are notes."""
    weekly.on_sunday(conn, Job(1, WEEKLY, str(serial_id), due, 1), now)
    return [row.part for row in outbox.messages(conn, WEEKLY, serial_id)]


async def test_a_week_with_parts_ends_with_a_note(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        people.person_id(conn, MARA, NOW)
        people.set_dm_channel(conn, MARA.discord_id, MAIL)
        serial = active(conn, draft("oil", "wick", "flame", "dark"))
        assert jobs.due_at(conn, WEEKLY, str(serial.id)) is None
        days(conn, 5)
        assert jobs.due_at(conn, WEEKLY, str(serial.id)) == SUNDAY
        assert on_sunday(conn, serial.id, SUNDAY) == [SUNDAY // 1000]
        assert on_sunday(conn, serial.id, SUNDAY + HOUR) == [SUNDAY // 1000]  # once
        late = SUNDAY + 7 * DAY
        assert on_sunday(conn, serial.id, late + 3 * DAY, late) == [SUNDAY // 1000]
        assert on_sunday(conn, 4711, SUNDAY) == []

    await database.write(use_case)


async def test_it_is_sunday_evening_where_the_author_is(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        people.set_zone(conn, MARA, "Pacific/Honolulu", NOW)
        serial = active(conn)
        days(conn, 1)
        assert jobs.due_at(conn, WEEKLY, str(serial.id)) == SUNDAY + 10 * HOUR

    await database.write(use_case)


async def test_what_the_week_was_like(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn, draft("oil", "wick", "flame", "dark"))
        excerpts = days(conn, 5)
        readers = [Member(100 + n, f"Reader {n}", GUILD) for n in range(6)]
        for number, reader in enumerate(readers):
            for excerpt in excerpts[: 2 if number < 3 else 5 - number % 2]:
                companion.mark_read(conn, reader, GUILD, excerpt, SUNDAY)
        companion.set_place(conn, readers[0], serial.id, serial.story.id, 0, SUNDAY)
        week = weekly.week(conn, serial.id, SUNDAY)
        assert week is not None
        assert [(one.part.number, one.readers) for one in week.parts] == [
            (1, 6), (2, 6), (3, 3), (4, 3), (5, 1),
        ]  # fmt: skip
        assert [one.message_ids for one in week.parts] == [
            tuple(row.message_id for row in outbox.messages(conn, posting.EXCERPT, excerpt))
            for excerpt in excerpts
        ]
        # One is at the start, two after part 2, two after part 4, one is caught up.
        assert [(one.part.number, one.here) for one in week.stops] == [(2, 2), (4, 2)]
        assert (week.left, week.next) == (3, NINE + 5 * DAY)
        before = weekly.week(conn, serial.id, NINE + DAY)
        assert before is not None
        assert [one.part.number for one in before.parts] == [1, 2]
        assert weekly.week(conn, 4711, SUNDAY) is None

    await database.write(use_case)


async def test_a_removed_serial_has_no_sundays(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        days(conn, 1)
        removal.remove(conn, AUTHOR, GUILD, serial.id, "REMOVE", "")
        assert jobs.next_due(conn) is None
        quiet = ready(conn)
        drafts.rename(conn, AUTHOR, GUILD, quiet.id, title="Quiet", author="Mara")
        service.schedule(conn, MODERATING_AUTHOR, GUILD, quiet.id, channel_id=STORIES, now=NOW)
        assert jobs.due_at(conn, WEEKLY, str(quiet.id)) is None

    await database.write(use_case)
