"""What of a story was shared in channels, and when it is taken down."""

from sqlalchemy import Connection

from bot.community import service as community
from bot.companion import ask, quotes, shares
from bot.companion.quotes import SHARED
from bot.db.engine import Database
from bot.delivery import service as outbox
from bot.delivery.rules import State
from bot.serials.records import Serial
from bot.stories.model import Rating
from tests.bot.companion.test_quotes import save
from tests.bot.serials.making import AUTHOR, GUILD, NOW, published

CELLAR, HALL = 41, 42


def shared(conn: Connection) -> Serial:
    """A serial of which a quote and an answer stand in the age-restricted cellar and in the
    hall."""
    serial = published(conn, 1)
    quote = save(conn, serial, "oil", 3)
    for message_id, channel_id in ((1, CELLAR), (2, HALL)):
        quotes.shared(conn, quote, channel_id, message_id)
        ask.shared(conn, serial, channel_id, message_id + 10)
    return serial


def standing(conn: Connection, serial: Serial) -> set[int]:
    """The messages that are left."""
    quoted = quotes.shown(conn, [serial.story.id])[SHARED]
    found = [
        *outbox.messages(conn, SHARED, *quoted),
        *outbox.messages(conn, ask.SHARED, serial.story.id),
    ]
    assert all(one.state is State.SENT for one in found)
    return {one.message_id or 0 for one in found}


async def test_what_rises_above_its_channel_is_taken_down(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = shared(conn)
        community.rate(conn, AUTHOR, GUILD, serial.id, Rating.TEEN, [HALL], NOW)
        assert standing(conn, serial) == {1, 2, 11, 12}
        assert not community.exposed(conn, GUILD, [HALL])
        community.rate(conn, AUTHOR, GUILD, serial.id, Rating.MATURE, [HALL], NOW)
        assert standing(conn, serial) == {1, 11}

    await database.write(use_case)


async def test_what_is_left_goes_with_its_channels_restriction(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = shared(conn)
        community.rate(conn, AUTHOR, GUILD, serial.id, Rating.MATURE, [], NOW)
        assert not community.exposed(conn, GUILD, [])
        assert not community.exposed(conn, GUILD + 1, [CELLAR])
        assert community.exposed(conn, GUILD, [CELLAR])
        community.hide_exposed(conn, GUILD, [CELLAR], NOW)
        assert standing(conn, serial) == {2, 12}
        assert not shares.exposed(conn, GUILD, [CELLAR])

    await database.write(use_case)


async def test_all_of_it_goes_with_the_story(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = shared(conn)
        community.remove_serial(conn, AUTHOR, GUILD, serial.id, "REMOVE", "", NOW)
        assert outbox.messages(conn, ask.SHARED, serial.story.id) == []
        gone = outbox.messages(conn, outbox.REMOVED, *range(1, 1000))
        assert {one.message_id for one in gone} >= {1, 2, 11, 12}
        assert all(one.state is State.DELETING for one in gone)

    await database.write(use_case)
