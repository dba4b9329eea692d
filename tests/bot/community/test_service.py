"""What is held on someone is given out whole, and goes whole."""

import io
import json
import random
import zipfile
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import Connection, select

from bot.challenges import course
from bot.community import cleaning
from bot.community import service as community
from bot.community.files import files
from bot.community.service import Export
from bot.companion import reminding, subscriptions
from bot.db.engine import Database
from bot.delivery import queue
from bot.delivery import service as outbox
from bot.delivery.rules import State as Sending
from bot.errors import Conflict, NotFound
from bot.jobs.tables import jobs as job_rows
from bot.people import service as people
from bot.people.service import Member
from bot.serials import channels, posting, records
from bot.serials import service as serials
from bot.serials.records import SLOT, WEEKLY, Actor, State
from bot.sprints import bell, participation, plans, results
from bot.sprints import records as sprint_records
from bot.sprints.rules import State as RoundState
from bot.sprints.service import Asked
from bot.words import imports, ledger, streaks
from bot.words.transfer import read
from tests.bot.community.making import (
    DISCORD,
    PERSON,
    ZEBULON,
    naming,
    tables_on_persons,
    use_everything,
)
from tests.bot.serials.making import (
    DAY,
    ELSEWHERE,
    GUILD,
    HOUR,
    MARA,
    NINE,
    NOW,
    READER,
    active,
    published,
)


async def test_the_erased_are_in_no_table(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        use_everything(conn)
        assert {table.name for table in tables_on_persons()} <= naming(conn)
        community.erase(conn, ZEBULON, NOW)
        assert naming(conn) == set()
        assert people.find(conn, DISCORD) is None

    await database.write(use_case)


async def test_whatever_table_knows_someone_is_in_their_export(database: Database) -> None:
    def use_case(conn: Connection) -> Export:
        use_everything(conn)
        return community.export(conn, ZEBULON)

    export = await database.write(use_case)
    told = json.loads(files(export)["everything.json"])
    for table in tables_on_persons():
        assert told[table.name], table.name
    assert told["persons"][0] | {"created_at": None} == {
        "id": PERSON, "discord_id": DISCORD, "zone": "Asia/Tokyo", "dm_channel_id": 999_000_000_001,
        "created_at": None,
    }  # fmt: skip
    assert told["persons"][0]["created_at"] == "2026-11-03T08:00:00+00:00"
    assert told["stories"][0]["text"].startswith(
        "# The Lantern\n\nBy Mara\n\n## Chapter 1: The Sea"
    )
    assert len(told["entries"]) > len(export.entries)  # with their corrections
    assert {row["person_id"] for row in told["participants"]} == {PERSON}
    assert len(told["declarations"]) == 1


async def test_the_others_keep_what_is_theirs(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        used = use_everything(conn)
        community.erase(conn, ZEBULON, NOW)

        approved = records.get(conn, GUILD, used.approved.id)
        assert approved.state is State.ACTIVE
        serials.pause(conn, Actor(MARA), GUILD, approved.id)
        assert serials.resume(conn, Actor(MARA), GUILD, approved.id, NOW).state is State.ACTIVE

        lines = results.of(conn, used.finished).lines
        assert [(line.who.name, line.written) for line in lines] == [(None, 350), ("Tobias", 350)]
        tobias = people.person_id(conn, READER, NOW)
        assert [entry.amount for entry in ledger.latest(conn, tobias, 5)] == [350]

    await database.write(use_case)


async def test_the_erased_leave_the_sprints_that_are_on(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        used = use_everything(conn)
        community.erase(conn, ZEBULON, NOW)
        alone = sprint_records.get(conn, GUILD, used.alone.id)
        assert (alone.state, alone.title) == (RoundState.CANCELLED, None)
        with_tobias = sprint_records.get(conn, GUILD, used.with_tobias.id)
        assert with_tobias.state is RoundState.RUNNING
        assert participation.active(conn, with_tobias.id) == {people.find(conn, READER.discord_id)}

    await database.write(use_case)


async def test_the_stories_of_the_erased_post_nothing_more(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        used = use_everything(conn)
        theirs = {streaks.WARNING, reminding.REMINDER, subscriptions.SLOT}
        rooms = {WEEKLY: 1} | dict.fromkeys(course.JOBS, 1)  # the challenge is everyone's
        assert due(conn) == {SLOT: 2, bell.STEP: 2} | rooms | dict.fromkeys(theirs, 1)
        community.erase(conn, ZEBULON, NOW)
        clean = {cleaning.MERGE, cleaning.VACUUM} if conn.dialect.name == "sqlite" else set()
        assert due(conn) == {SLOT: 1, bell.STEP: 1} | rooms | dict.fromkeys(clean, 1)
        assert records.find(conn, used.own.id) is None
        assert outbox.messages(conn, channels.LEAVE, used.own.id) == []
        promised = [row for row in queue.due(conn, 1 << 50) if row.state is not Sending.SENT]
        kinds = {row.kind for row in promised}
        assert posting.EXCERPT not in kinds

    def due(conn: Connection) -> Counter[str]:
        return Counter(conn.scalars(select(job_rows.c.kind)))

    await database.write(use_case)


async def test_there_is_nothing_on_a_stranger(database: Database) -> None:
    stranger = Member(5, "Ines", GUILD)
    with pytest.raises(NotFound, match="I hold nothing on you"):
        await database.read(community.export, stranger)
    with pytest.raises(NotFound, match="I hold nothing on you"):
        await database.write(community.erase, stranger, NOW)


async def test_erased_twice_and_begun_anew(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        use_everything(conn)
        community.erase(conn, ZEBULON, NOW)
        with pytest.raises(NotFound):
            community.erase(conn, ZEBULON, NOW)
        again = people.person_id(conn, ZEBULON, NOW)
        assert ledger.latest(conn, again, 10) == []
        assert ledger.days(conn, again) == []

    await database.write(use_case)


async def test_an_export_read_into_another_account_gives_the_same(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        use_everything(conn)
        export = community.export(conn, ZEBULON)
        data = files(export)["entries.csv"]
        imports.add(conn, MARA, read(data, date(2026, 11, 3)).lines, NOW)
        assert told(community.export(conn, MARA)) == told(export)
        assert imports.add(conn, ZEBULON, read(data, date(2026, 11, 3)).lines, NOW).lines == ()

    def told(export: Export) -> Counter[object]:
        return Counter((e.place.day, e.project, e.amount, e.note) for e in export.entries)

    await database.write(use_case)


def export(story: str) -> Export:
    return Export([], {"stories": [{"id": 1 << 60, "text": story, "complete": 0}]})


def test_ids_keep_their_digits() -> None:
    told = json.loads(files(export("Oil"))["everything.json"])
    assert told == {"stories": [{"id": str(1 << 60), "text": "Oil", "complete": 0}]}


def test_what_is_large_goes_in_a_zip() -> None:
    made = files(export("oil " * 2_500_000))
    assert list(made) == ["cliffhanger.zip"]
    with zipfile.ZipFile(io.BytesIO(made["cliffhanger.zip"])) as packed:
        assert set(packed.namelist()) == {"entries.csv", "everything.json"}
        assert len(json.loads(packed.read("everything.json"))["stories"][0]["text"]) == 10_000_000


def test_what_is_larger_than_discord_allows_is_said() -> None:
    noise = random.Random(1).randbytes(9_000_000).hex()
    with pytest.raises(Conflict, match="more than Discord lets me send"):
        files(export(noise + noise[::-1]))


async def test_a_message_is_known_in_its_own_server_alone(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        published(conn, 2)
        sent = outbox.messages(conn, posting.EXCERPT, 2)
        assert [row.message_id for row in sent] == [5000 + sent[0].id]
        assert outbox.by_message(conn, GUILD, 5000 + sent[0].id) == sent[0]
        assert outbox.by_message(conn, ELSEWHERE, 5000 + sent[0].id) is None
        assert outbox.by_message(conn, GUILD, 4000) is None

    await database.write(use_case)


async def test_the_servers_zone_moves_serials_and_plans(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        active(conn)
        sprint = Asked(0, 20)
        (plan,) = plans.add(
            conn, GUILD, 50, minute=9 * 60, weekdays=frozenset(range(7)), asked=sprint, now=NOW,
            interaction_id=1,
        )  # fmt: skip
        assert plan.next == NINE
        community.set_guild_zone(conn, GUILD, "Europe/Berlin", NOW)
        assert plans.in_guild(conn, GUILD)[0].next == NINE - HOUR + DAY
        assert set(conn.scalars(select(job_rows.c.due).where(job_rows.c.kind == SLOT))) == {
            NINE - HOUR + DAY
        }

    await database.write(use_case)
