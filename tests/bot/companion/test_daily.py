"""The quote of the day: one a date, each before any comes again, and nothing that is hidden."""

from collections import Counter

from sqlalchemy import Connection, func, select

from bot.community import service as community
from bot.companion import daily, quotes
from bot.companion.quotes import DAILY, Quote
from bot.companion.tables import quote_days
from bot.db.engine import Database
from bot.delivery import service as outbox
from bot.delivery.rules import Row
from bot.jobs import service as jobs
from bot.jobs.service import Job
from bot.people import service as people
from bot.serials import ratings
from bot.serials.records import Serial
from bot.stories.model import Rating
from tests.bot.companion.test_quotes import save
from tests.bot.serials.making import AUTHOR, DAY, GUILD, HOUR, NINE, NOW, STORIES, published

TOWN = 30  # a channel
TEN = 10 * 60


def quoted(conn: Connection, count: int = daily.ENOUGH) -> Serial:
    serial = published(conn, 2)
    for n in range(count):
        save(conn, serial, "oil", n)
    return serial


def come(conn: Connection, late: int = 0) -> list[Row]:
    """The next time comes. Returns what is promised then."""
    due = jobs.due_at(conn, DAILY, str(GUILD))
    assert due is not None
    daily.on_time(conn, Job(0, DAILY, str(GUILD), due, 0), due + late)
    return outbox.messages(conn, DAILY, newest(conn))


def newest(conn: Connection) -> int:
    latest: int = conn.scalars(select(func.max(quote_days.c.id))).one()
    return latest


def chosen(conn: Connection, *, seen: bool = True) -> Quote | None:
    return daily.of_the_day(conn, newest(conn), TOWN, [STORIES] if seen else [])


async def test_each_comes_once_before_any_comes_again(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        quoted(conn)
        assert daily.start(conn, GUILD, TOWN, TEN, NOW) == NINE + HOUR
        shown: Counter[int] = Counter()
        for round_ in (1, 2, 3):
            for _ in range(daily.ENOUGH):
                come(conn)
                quote = chosen(conn)
                assert quote is not None
                assert chosen(conn) == quote
                shown[quote.number] += 1
            assert set(shown.values()) == {round_}

    await database.write(use_case)


async def test_a_new_one_comes_before_those_that_were_shown(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = quoted(conn)
        daily.start(conn, GUILD, TOWN, TEN, NOW)
        for _ in range(daily.ENOUGH):
            come(conn)
            assert chosen(conn)
        new = save(conn, serial, "oil", 12)
        come(conn)
        assert chosen(conn) == new

    await database.write(use_case)


async def test_there_is_none_of_what_not_everyone_may_see(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = quoted(conn)
        daily.start(conn, GUILD, TOWN, TEN, NOW)
        come(conn)
        assert chosen(conn, seen=False) is None
        assert daily.of_the_day(conn, newest(conn), STORIES, []) is not None
        assert chosen(conn, seen=False) is None  # and none once it is chosen
        ratings.rate(conn, AUTHOR, GUILD, serial.id, Rating.MATURE, [], NOW)
        assert chosen(conn) is None

    await database.write(use_case)


async def test_there_is_none_before_there_are_enough(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = quoted(conn, daily.ENOUGH - 1)
        daily.start(conn, GUILD, TOWN, TEN, NOW)
        come(conn)
        assert chosen(conn) is None
        save(conn, serial, "oil", 12)
        assert chosen(conn) is not None

    await database.write(use_case)


async def test_what_is_late_is_left_out(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        daily.start(conn, GUILD, TOWN, TEN, NOW)
        assert len(come(conn, late=daily.LATE - 1)) == 1
        assert come(conn, late=daily.LATE) == []
        assert len(come(conn)) == 1

    await database.write(use_case)


async def test_a_date_has_one_whatever_happens_to_the_clock(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        daily.start(conn, GUILD, TOWN, TEN, NOW)
        come(conn)
        later = NINE + 2 * HOUR
        assert daily.start(conn, GUILD, TOWN, TEN + 180, later) == NINE + 4 * HOUR + DAY
        people.set_guild_zone(conn, GUILD, "America/New_York")
        community.set_guild_zone(conn, GUILD, "America/New_York", later)
        assert jobs.due_at(conn, DAILY, str(GUILD)) == NINE + 9 * HOUR + DAY

    await database.write(use_case)


async def test_it_stops(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        due = daily.start(conn, GUILD, TOWN, TEN, NOW)
        assert daily.stop(conn, GUILD)
        assert not daily.stop(conn, GUILD)
        daily.on_time(conn, Job(0, DAILY, str(GUILD), due, 0), due)
        assert jobs.due_at(conn, DAILY, str(GUILD)) is None
        assert conn.execute(quote_days.select()).all() == []

    await database.write(use_case)


async def test_a_removed_ones_message_goes(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        quoted(conn)
        daily.start(conn, GUILD, TOWN, TEN, NOW)
        (row,) = come(conn)
        quote = chosen(conn)
        assert quote is not None
        assert quotes.of_message(conn, row) == quote.id
        quotes.remove(conn, AUTHOR, GUILD, quote.id, NOW)
        assert outbox.messages(conn, DAILY, row.subject) == []
        assert chosen(conn) is None

    await database.write(use_case)
