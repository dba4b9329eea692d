import asyncio
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from bot.db.engine import Database
from bot.delivery import service as outbox
from bot.delivery.rules import State
from bot.people import greeting
from bot.people import service as people
from bot.people.service import Member, Zone
from bot.people.tables import names, persons

HERE, THERE = 100, 200
MARA = Member(1, "Mara", HERE)
NOW = 1_800_000_000_000


def known_names(conn: Connection) -> list[tuple[int, str]]:
    rows = conn.execute(select(names.c.guild_id, names.c.name).order_by(names.c.guild_id))
    return [(row.guild_id, row.name) for row in rows]


async def test_a_person_is_one_everywhere_with_a_name_in_each_server(database: Database) -> None:
    assert await database.read(people.find, MARA.discord_id) is None
    ids = {
        await database.write(people.person_id, member, NOW)
        for member in (
            MARA,
            Member(1, "Mara of the Sea", HERE),
            Member(1, "mara", THERE),
            Member(1, "marathon", None),  # in direct messages one has no server's name
        )
    }
    assert ids == {await database.read(people.find, MARA.discord_id)}
    assert await database.read(known_names) == [(HERE, "Mara of the Sea"), (THERE, "mara")]


async def test_two_clicks_at_once_make_one_person(database: Database) -> None:
    found = await asyncio.gather(*(database.write(people.person_id, MARA, NOW) for _ in range(8)))
    assert len(set(found)) == 1
    assert await database.read(lambda conn: len(conn.execute(select(persons)).all())) == 1


async def test_whose_zone_counts(database: Database) -> None:
    assert await database.read(people.zone_of, MARA) == Zone(ZoneInfo("UTC"), "the default")
    await database.write(people.set_guild_zone, HERE, "Asia/Tokyo")
    assert await database.read(people.zone_of, MARA) == Zone(ZoneInfo("Asia/Tokyo"), "the server's")
    elsewhere = Member(1, "Mara", THERE)
    assert (await database.read(people.zone_of, elsewhere)).whose == "the default"
    alone = Member(1, "Mara", None)
    assert (await database.read(people.zone_of, alone)).whose == "the default"

    await database.write(people.set_zone, MARA, "Europe/Berlin", NOW)
    for member in (MARA, elsewhere, alone):
        assert await database.read(people.zone_of, member) == Zone(
            ZoneInfo("Europe/Berlin"), "yours"
        )
    assert (await database.read(people.zone_of, Member(2, "T", HERE))).whose == "the server's"


async def test_a_server_is_greeted_once_until_it_removes_us(database: Database) -> None:
    await database.write(greeting.greet, HERE, 5, 11, NOW)
    await database.write(greeting.greet, HERE, 5, 12, NOW + 1)  # at each start
    await database.write(greeting.greet, THERE, None, 13, NOW)
    (row,) = await database.read(outbox.messages, greeting.GREETING, HERE)
    assert (row.channel_id, row.state) == (11, State.PENDING)
    assert len(await database.read(outbox.messages, greeting.GREETING, THERE)) == 1
    assert await database.read(people.known_guilds) == {HERE: 5, THERE: None}
    assert await database.read(greeting.greeted, HERE)

    await database.write(greeting.forget, HERE)
    assert await database.read(outbox.messages, greeting.GREETING, HERE) == []
    assert await database.read(people.known_guilds) == {THERE: None}
    assert not await database.read(greeting.greeted, HERE)
    await database.write(greeting.greet, HERE, 5, 12, NOW + 2)
    (row,) = await database.read(outbox.messages, greeting.GREETING, HERE)
    assert row.channel_id == 12
