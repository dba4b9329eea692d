from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.companion import catching_up, reminding
from bot.companion import service as companion
from bot.companion.catching_up import Unread
from bot.db.engine import Database
from bot.delivery import queue
from bot.delivery import service as outbox
from bot.jobs import service as jobs
from bot.people import service as people
from bot.serials.imports import prepare
from bot.serials.records import Serial
from tests.bot.serials.making import (
    DAY,
    GUILD,
    HOUR,
    NINE,
    NOW,
    READER,
    days,
    draft,
    prose,
    published,
)

SUMMED_UP = f"""\
# The Lantern

## Chapter 1: Oil

Summary: The oil runs out.

Note: Thank you all.

{prose("oil", 500)}

Summary: And then there is oil again.

## Chapter 2: Wick

Summary: The wick burns down.

{prose("wick", 200)}
"""


def unread(conn: Connection, serial: Serial, *, spoil: bool = False) -> Unread:
    found = catching_up.unread(conn, READER, serial, spoil=spoil)
    assert found is not None
    return found


async def test_what_has_been_posted_since_by_chapter(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 5, draft("oil", "wick", "flame"))
        assert catching_up.unread(conn, READER, serial) is None
        companion.set_place(conn, READER, serial.id, serial.story.id, 0, NOW)
        found = unread(conn, serial)
        assert [(one.chapter, one.parts) for one in found.chapters] == [(1, 2), (2, 2), (3, 1)]
        companion.set_place(conn, READER, serial.id, serial.story.id, 3, NOW)
        found = unread(conn, serial)
        assert [(one.chapter, one.parts) for one in found.chapters] == [(2, 1), (3, 1)]
        assert [str(one.name) for one in found.chapters] == ["Chapter 2: The Wick", "Chapter 3"]
        assert all(one.summaries == () for one in found.chapters)
        post = found.chapters[0].first
        assert post is not None
        assert (post.guild_id, post.message_id is not None) == (GUILD, True)
        spoilt = unread(conn, serial, spoil=True)
        assert [one.title for one in spoilt.chapters] == [
            "Chapter 2: The Wick",
            "Chapter 3: The Flame",
        ]
        companion.set_place(conn, READER, serial.id, serial.story.id, None, NOW)
        assert unread(conn, serial).chapters == ()

    await database.write(use_case)


async def test_only_summaries_that_are_out_are_told(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1, prepare("lantern.md", SUMMED_UP.encode()))
        companion.set_place(conn, READER, serial.id, serial.story.id, 0, NOW)
        (told,) = unread(conn, serial, spoil=True).chapters
        assert told.title == "Chapter 1: Oil"
        assert told.summaries == ("Summary: The oil runs out.",)
        days(conn, 1, NINE + DAY)
        (told,) = unread(conn, serial, spoil=True).chapters
        assert told.summaries[1:] == ("Summary: And then there is oil again.",)
        days(conn, 1, NINE + 2 * DAY)
        (_, told) = unread(conn, serial, spoil=True).chapters
        assert told.summaries == ("Summary: The wick burns down.",)

    await database.write(use_case)


async def test_a_reminder_comes_once_a_day_later(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        companion.open_page(conn, READER, serial.id, serial.story.id, NOW)
        assert reminding.remind_tomorrow(conn, READER, serial, 777, NOW) == NOW + DAY
        assert reminding.remind_tomorrow(conn, READER, serial, 777, NOW + HOUR) == NOW + HOUR + DAY
        person_id = people.find(conn, READER.discord_id)
        assert person_id is not None
        assert [one["due_at"] for one in reminding.held(conn, person_id)] == [NOW + HOUR + DAY]
        late = NOW + 3 * DAY
        while job := jobs.claim(conn, "test", late, late):
            if job.kind == reminding.REMINDER:
                reminding.on_time(conn, job, late)
            jobs.done(conn, job, "test")
        (row,) = outbox.messages(conn, reminding.REMINDER, serial.id)
        assert (row.guild_id, row.channel_id) == (None, 777)
        assert queue.withdraw_late(conn, row, late)  # too late to be of use

    await database.write(use_case)


ZONES = st.sampled_from(["Asia/Tokyo", "Europe/Berlin", "America/St_Johns", "Pacific/Kiritimati"])


@given(st.integers(1_700_000_000, 1_900_000_000), ZONES)
def test_tomorrow_the_clock_shows_the_same(seconds: int, key: str) -> None:
    zone = ZoneInfo(key)
    due = reminding.tomorrow(seconds * 1000, zone)
    now, then = (datetime.fromtimestamp(at, UTC).astimezone(zone) for at in (seconds, due / 1000))
    assert (then.date() - now.date()).days == 1
    skipped = 60 if then.utcoffset() != now.utcoffset() else 0
    apart = then.hour * 60 + then.minute - now.hour * 60 - now.minute
    assert 0 <= apart <= skipped
