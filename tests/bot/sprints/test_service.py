import asyncio

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import BadInput, Conflict, UserError
from bot.people import service as people
from bot.people.service import Member
from bot.sprints import bell, participation, records, service
from bot.sprints.records import Round
from bot.sprints.rules import State
from bot.sprints.service import Asked
from bot.words import projects
from tests.bot.sprints.going import cancel, leave
from tests.bot.sprints.making import (
    DAY,
    ELSEWHERE,
    GUILD,
    HERE,
    INES,
    MARA,
    MINUTE,
    NOW,
    THERE,
    TOBIAS,
    again,
    at,
    declare,
    everything,
    join,
    live,
    me,
    promises,
    refused,
    rung,
    started,
    turn,
    unchanged,
    undo,
    words,
)


def here(conn: Connection, found: Round) -> set[int | None]:
    """Who is in, as Discord knows them."""
    everyone = records.participants_of(conn, found)
    return {one.discord_id for one in everyone if not one.left}


async def test_one_live_sprint_a_channel(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        first = started(conn)
        with refused(conn, Conflict, "on in this channel already"), unchanged(conn):
            started(conn, starter=TOBIAS)
        assert started(conn, starter=TOBIAS, channel=THERE).id != first.id
        cancel(conn, MARA, first)
        second = started(conn, starter=TOBIAS)
        assert live(conn).id == second.id
        assert records.live(conn, ELSEWHERE, HERE) is None

    await database.write(use_case)


async def test_of_many_who_start_at_once_one_does(database: Database) -> None:
    asked = Asked(NOW, 20)
    begun = await asyncio.gather(
        *(
            database.write(
                service.start, Member(n, f"writer {n}", GUILD), GUILD, HERE, asked,
                now=NOW, interaction_id=n,
            )
            for n in range(1, 9)
        ),
        return_exceptions=True,
    )  # fmt: skip
    (one,) = (found for found in begun if isinstance(found, Round))
    assert [type(found) for found in begun if found is not one] == [Conflict] * 7
    assert await database.read(live) == one
    assert len(await database.read(participation.active, one.id)) == 1


@pytest.mark.parametrize("wait", [0, 2])
async def test_what_a_start_promises(database: Database, wait: int) -> None:
    """Nobody is called to a start that has been."""

    def use_case(conn: Connection) -> None:
        found = started(conn, TOBIAS, wait=wait)
        assert found.starts_at == NOW + wait * MINUTE
        assert found.ends_at == found.starts_at + 20 * MINUTE
        assert found.state is (State.WAITING if wait else State.RUNNING)
        assert here(conn, found) == {MARA.discord_id, TOBIAS.discord_id}
        assert promises(conn, found) == [bell.BOARD]
        turn(conn, found.starts_at - 1)
        assert promises(conn, found) == [bell.BOARD]
        turn(conn, found.starts_at)
        assert again(conn, found).state is State.RUNNING
        assert promises(conn, found) == [bell.BOARD, bell.GO][: 1 + (wait > 0)]

    await database.write(use_case)


async def test_a_sprint_is_as_it_was_asked_for_else_as_the_server_likes(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        assert service.configure(conn, GUILD) == records.Settings()
        service.configure(conn, GUILD, minutes=25)
        service.set_length(conn, GUILD, THERE, 40)
        assert records.minutes(conn, GUILD, HERE) == 25
        assert records.minutes(conn, GUILD, THERE) == 40
        assert records.minutes(conn, ELSEWHERE, THERE) == 20
        service.set_length(conn, GUILD, THERE, 15)
        assert records.minutes(conn, GUILD, THERE) == 15
        assert service.configure(conn, GUILD, counting=5) == records.Settings(25, 5)
        assert records.settings(conn, ELSEWHERE) == records.Settings(20, 3)
        asked = Asked(NOW - MINUTE, title="  Dawn \n chorus ", rounds=3, pause=7)
        found = service.start(conn, MARA, GUILD, HERE, asked, now=NOW)
        assert (found.minutes, found.ends_at) == (25, NOW + 25 * MINUTE)
        assert (found.starts_at, found.title, found.rounds, found.pause) == (
            NOW, "Dawn chorus", 3, 7,
        )  # fmt: skip
        with refused(conn, BadInput, "80 characters at most"):
            started(conn, channel=THERE, title="a" * 81)
        assert started(conn, channel=THERE, title=" ").title is None

    await database.write(use_case)


async def test_when_a_sprint_is_to_start(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        def starting(wait: int | None = None, when: str | None = None) -> int:
            return service.starting_at(conn, GUILD, wait, when, NOW)

        assert starting() == NOW + 2 * MINUTE
        assert starting(wait=0) == NOW
        assert starting(wait=1440) == NOW + DAY
        assert starting(when="9:00") == at("2026-11-03T09:00")
        assert starting(when="8:00") == at("2026-11-04T08:00")  # it is just past it
        people.set_guild_zone(conn, GUILD, "America/New_York")
        assert starting(when="9 am") == at("2026-11-03T14:00")
        with refused(conn, BadInput, "not with both"):
            starting(wait=5, when="9:00")

    await database.write(use_case)


async def test_joining_is_at_nothing_written_and_changed_by_joining_again(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        joined = join(conn, TOBIAS, found, NOW + MINUTE)
        assert (joined.start, joined.written, joined.quiet) == (None, None, False)
        assert join(conn, TOBIAS, found, NOW + 2 * MINUTE, start=12350).start == 12350
        assert join(conn, TOBIAS, found, NOW + 3 * MINUTE, quiet=True).quiet
        back = join(conn, TOBIAS, found, NOW + 4 * MINUTE)  # they press the button once more
        assert (back.joined_at, back.start, back.quiet) == (NOW + MINUTE, 12350, False)
        assert len(records.participants_of(conn, found)) == 2

    await database.write(use_case)


async def test_whoever_goes_without_a_word_is_as_if_they_had_not_come(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, TOBIAS)
        leave(conn, TOBIAS, found)
        assert len(records.participants_of(conn, found)) == 1
        for _ in range(2):
            with refused(conn, Conflict, "not in that sprint"):
                leave(conn, TOBIAS, found)
        assert join(conn, TOBIAS, found, NOW + 5 * MINUTE).joined_at == NOW + 5 * MINUTE

    await database.write(use_case)


async def test_whoever_has_counted_and_goes_is_not_forgotten(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, TOBIAS)
        declare(conn, TOBIAS, found, "+100", NOW + 5 * MINUTE)
        leave(conn, TOBIAS, found)
        assert here(conn, found) == {MARA.discord_id}
        assert (me(conn, TOBIAS, found).written, words(conn, TOBIAS)) == (100, 100)
        assert not join(conn, TOBIAS, found, NOW + 6 * MINUTE).left
        assert me(conn, TOBIAS, found).joined_at == NOW

    await database.write(use_case)


async def test_whoever_took_it_back_and_goes_leaves_nothing_to_the_next(
    database: Database,
) -> None:
    """Not even by an id that is given again."""

    def use_case(conn: Connection) -> None:
        found = started(conn, TOBIAS)
        declare(conn, TOBIAS, found, "+100", NOW, interaction_id=7001)
        undo(conn, TOBIAS, found, NOW)
        leave(conn, TOBIAS, found)
        assert here(conn, found) == {MARA.discord_id}
        with unchanged(conn):
            declare(conn, TOBIAS, found, "+100", NOW, interaction_id=7001)
        join(conn, INES, found, NOW)
        assert declare(conn, INES, found, "+50", NOW).me.written == 50
        join(conn, TOBIAS, found, NOW)
        declare(conn, TOBIAS, found, "+30", NOW)
        assert (words(conn, INES), words(conn, TOBIAS)) == (50, 30)

    await database.write(use_case)


async def test_same_as_last_time(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        first = rung(conn)
        there = started(conn, channel=THERE)
        with refused(conn, BadInput, "where you ended last time"):
            join(conn, TOBIAS, there, NOW, same=True)
        join(conn, MARA, there, NOW, start=7000)
        declare(conn, MARA, there, "7300", NOW + 10 * MINUTE)
        turn(conn, NOW + DAY)
        turn(conn, NOW + 2 * DAY)
        assert again(conn, first).state is State.FINISHED
        found = started(conn, now=NOW + 2 * DAY)
        assert join(conn, MARA, found, NOW + 2 * DAY, same=True).start == 7300
        declare(conn, MARA, found, "7350", NOW + 2 * DAY + MINUTE)
        # Pressed again: last time is still last time.
        assert join(conn, MARA, found, NOW + 2 * DAY, same=True).start == 7300

        novel = projects.create(conn, MARA, "Novel", now=NOW, interaction_id=9001).project.id
        with refused(conn, BadInput, "where you ended last time"):
            join(conn, MARA, found, NOW + 2 * DAY, same=True, project_id=novel)
        projects.switch(conn, MARA, novel)
        with refused(conn, BadInput, "where you ended last time"):
            join(conn, MARA, found, NOW + 2 * DAY, same=True, project_id=novel)

    await database.write(use_case)


async def test_a_start_delivered_twice_at_once_is_one(database: Database) -> None:
    async def start() -> Round:
        return await database.write(
            service.start, MARA, GUILD, HERE, Asked(NOW), now=NOW, interaction_id=77
        )

    found = await asyncio.gather(start(), start(), start(), return_exceptions=True)
    assert all(isinstance(one, Round | UserError) for one in found)
    assert (await database.read(live)).id == 1
    assert len((await database.read(everything))["sprints"]) == 1


async def test_many_join_and_go_at_once(database: Database) -> None:
    found = await database.write(started)
    members = [Member(n, f"writer {n}", GUILD) for n in range(100, 120)]
    come = (database.write(join, one, found, NOW) for one in members for _ in range(2))
    await asyncio.gather(*come)
    assert len(await database.read(here, found)) == 21
    await asyncio.gather(*(database.write(leave, one, found) for one in [MARA, *members]))
    assert (await database.read(again, found)).state is State.CANCELLED
    assert await database.read(records.participants_of, found) == []


async def test_a_title_is_removed(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, title="Rude")
        assert service.remove_title(conn, GUILD, found.id)
        assert again(conn, found).title is None
        before = everything(conn)
        assert not service.remove_title(conn, GUILD, found.id)
        assert everything(conn) == before

    await database.write(use_case)
