import pytest
from sqlalchemy import Connection, func, select

from bot.companion import service as companion
from bot.db.engine import Database
from bot.db.metadata import metadata
from bot.delivery import queue
from bot.delivery import service as outbox
from bot.delivery.rules import Row
from bot.delivery.rules import State as Sending
from bot.errors import BadInput, NotAllowed, NotFound
from bot.jobs import service as jobs
from bot.people import service as people
from bot.serials import pages, posting, records, removal, service
from bot.serials.records import Actor, Serial
from tests.bot.serials.making import (
    AUTHOR,
    DAY,
    ELSEWHERE,
    GUILD,
    MARA,
    MODERATOR,
    NINE,
    NOW,
    READER,
    published,
    turn,
)

DIRECT = 77
OF_STORIES = (
    "stories", "chapters", "paragraphs", "serials", "approvals", "slots", "skips", "excerpts",
    "places", "reads",
)  # fmt: skip


def used(conn: Connection) -> Serial:
    """Two parts are out and read, a third is on its way, a day is skipped."""
    serial = published(conn, 2)
    people.set_dm_channel(conn, MARA.discord_id, DIRECT)
    part = pages.numbered(conn, serial.id, 1)
    assert part is not None
    companion.mark_read(conn, READER, GUILD, part.id, NOW)
    service.skip(conn, AUTHOR, GUILD, serial.id, NINE + DAY, 5)
    turn(conn, NINE + 3 * DAY)
    return serial


def remove(conn: Connection, actor: Actor, typed: str = "REMOVE", reason: str = "") -> Serial:
    return removal.remove(conn, actor, GUILD, 1, typed, reason)


def of_kind(conn: Connection, kind: str) -> list[Row]:
    return [row for row in queue.due(conn, 1 << 50) if row.kind == kind]


def filled(conn: Connection) -> set[str]:
    return {
        name
        for name in OF_STORIES
        if conn.scalar(select(func.count()).select_from(metadata.tables[name]))
    }


async def test_everything_of_it_goes_and_its_posts_are_to_be_deleted(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = used(conn)
        assert filled(conn) == set(OF_STORIES)
        posted = [
            row.message_id
            for number in (1, 2)
            for row in outbox.messages(conn, posting.EXCERPT, number)
        ]
        assert remove(conn, AUTHOR, "  the   LANTERN ").story.title == serial.story.title
        assert filled(conn) == set()
        assert jobs.next_due(conn) is None
        for message_id in posted:
            assert message_id is not None
            row = outbox.by_message(conn, GUILD, message_id)
            assert row is not None
            assert (row.kind, row.state) == (outbox.REMOVED, Sending.DELETING)
        assert outbox.messages(conn, posting.EXCERPT, 3) == []
        assert of_kind(conn, removal.TOLD) == []  # they did it themselves

    await database.write(use_case)


@pytest.mark.parametrize("typed", ["", "remove it", "The Lamp"])
async def test_unless_the_title_or_the_word_is_typed_nothing_goes(
    database: Database, typed: str
) -> None:
    await database.write(used)
    with pytest.raises(BadInput, match="Nothing is removed"):
        await database.write(remove, AUTHOR, typed)
    assert await database.read(records.find, 1) is not None


async def test_it_is_for_its_author_and_for_moderators(database: Database) -> None:
    await database.write(used)
    with pytest.raises(NotAllowed):
        await database.write(remove, Actor(READER))
    with pytest.raises(NotFound):
        await database.write(removal.remove, MODERATOR, ELSEWHERE, 1, "REMOVE", "")
    await database.write(remove, MODERATOR)
    with pytest.raises(NotFound):  # delivered twice
        await database.write(remove, MODERATOR)


async def test_the_author_is_told_why_and_that_is_forgotten(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        used(conn)
        remove(conn, MODERATOR, reason=" Not  for\nthis server ")
        (row,) = of_kind(conn, removal.TOLD)
        assert (row.guild_id, row.channel_id) == (None, DIRECT)
        told = removal.told(conn, row.subject)
        assert told == removal.Removal("The Lantern", "Not for this server")
        removal.HOOKS.sent(conn, row, NOW)
        assert removal.told(conn, row.subject) is None
        assert outbox.messages(conn, removal.TOLD, row.subject) == []

    await database.write(use_case)
