"""Making, joining, leaving and ending challenges."""

import asyncio
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection

from bot.challenges import records, service, standing
from bot.challenges.badges import Badge
from bot.challenges.records import BOARD, FINAL, SUMMARY, Challenge, State
from bot.challenges.rules import Wanted, default_title
from bot.challenges.service import MOST
from bot.db.engine import Database
from bot.errors import BadInput, Conflict, NotFound
from bot.jobs import service as jobs
from bot.people.service import Member
from bot.words.amounts import MOST as MOST_WORDS
from bot.words.amounts import Unit
from bot.words.day_totals import WRITTEN
from tests.bot.challenges.making import (
    BEFORE,
    HERE,
    LAST_INSTANT,
    NOVEMBER,
    again,
    created,
    deliver,
    join,
    turn,
)
from tests.bot.words.making import (
    ELSEWHERE,
    GUILD,
    HONOLULU,
    INES,
    KIRITIMATI,
    MARA,
    TOBIAS,
    both_ends_of_the_world,
    ms,
    on,
    person,
    write,
)

MIDDLE = ms("2026-11-15T12:00")


def targets(conn: Connection, challenge: Challenge) -> dict[int, int]:
    return {one.person_id: one.target for one in records.challengers_of(conn, challenge)}


async def test_a_challenge_is_made_once_however_often_it_is_asked_for(database: Database) -> None:
    async def create(interaction_id: int) -> Challenge:
        return await database.write(
            service.create, GUILD, HERE, NOVEMBER, now=BEFORE, interaction_id=interaction_id
        )

    first, second = await asyncio.gather(create(7), create(7))
    assert first == second
    assert (first.title, first.unit, first.amount) == ("November 2026", "words", 50_000)
    with pytest.raises(Conflict, match="called “November 2026” is on here already"):
        await create(8)
    assert await database.write(deliver, BEFORE) == [(BOARD, 0)]


async def test_its_days_change_with_its_title_and_timers_until_it_begins_with_somebody_in_it(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        named = replace(NOVEMBER, title=default_title(50_000, Unit.WORDS, NOVEMBER.last))
        challenge = created(conn, named)
        first, last = on("2026-11-03"), on("2026-12-12")
        changed = service.set_days(conn, GUILD, challenge.id, first, last, BEFORE)
        assert (changed.first, changed.last) == (first, last)
        assert changed.title == "50,000 words by 12 December 2026"
        assert jobs.due_at(conn, FINAL, str(challenge.id)) == ms("2026-12-13T12:00")
        assert jobs.due_at(conn, SUMMARY, str(challenge.id)) == ms("2026-11-03T21:00")

        own = created(conn)
        assert service.set_days(conn, GUILD, own.id, first, last, BEFORE).title == "November 2026"
        with pytest.raises(NotFound):
            service.set_days(conn, ELSEWHERE, own.id, first, last, BEFORE)
        created(conn, replace(named, title=default_title(50_000, Unit.WORDS, on("2026-12-25"))))
        with pytest.raises(Conflict, match="Another challenge here is called"):
            service.set_days(conn, GUILD, challenge.id, first, on("2026-12-25"), BEFORE)
        join(conn, own)
        later = on("2026-11-05")
        assert service.set_days(conn, GUILD, own.id, later, last, BEFORE).first == later
        begun = ms("2026-11-06T12:00")
        with pytest.raises(Conflict, match="somebody has joined"):
            service.set_days(conn, GUILD, own.id, NOVEMBER.first, NOVEMBER.last, begun)
        assert again(conn, own).first == later
        last = on("2026-12-20")
        assert service.set_days(conn, GUILD, challenge.id, first, last, begun).last == last

    await database.write(use_case)


async def test_titles_are_taken_by_those_that_run_in_this_server(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        first = created(conn)
        created(conn, guild_id=ELSEWHERE)
        with pytest.raises(Conflict):
            created(conn, replace(NOVEMBER, title="november  2026"))
        service.end(conn, GUILD, first.id, BEFORE)
        second = created(conn)
        assert [one.id for one in records.running(conn, GUILD)] == [second.id]

    await database.write(use_case)


async def test_a_server_has_so_many_at_a_time(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        for number in range(MOST):
            created(conn, replace(NOVEMBER, title=f"Number {number}"))
        created(conn, guild_id=ELSEWHERE)
        created(conn)

    with pytest.raises(Conflict, match="25 challenges at a time"):
        await database.write(use_case)


async def test_whose_clock_was_the_servers_begins_on_their_own_day_once_it_is_known(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        join(conn, challenge, MARA)  # in October
        join(conn, challenge, TOBIAS, INES, now=MIDDLE)
        firsts = {}
        for member, zone in (
            (MARA, "Pacific/Kiritimati"),
            (TOBIAS, "Pacific/Kiritimati"),
            (INES, "Pacific/Honolulu"),
        ):
            for joined_at in (BEFORE, MIDDLE):  # the button of either time
                for _ in range(2):
                    service.begin_where_they_are(
                        conn, member, GUILD, challenge.id, joined_at, ZoneInfo(zone)
                    )
            (one,) = records.challengers_of(conn, challenge, {person(conn, member)})
            firsts[member.name] = one.first
        assert firsts == {
            "Mara": on("2026-11-01"), "Tobias": on("2026-11-16"), "Ines": on("2026-11-15"),
        }  # fmt: skip

    await database.write(use_case)


async def test_one_joins_with_a_target_and_changes_it(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        join(conn, challenge, MARA, TOBIAS)
        assert set(targets(conn, challenge).values()) == {50_000}
        join(conn, challenge, MARA, target=30_000)
        join(conn, challenge, MARA, listed=False)  # says nothing of the target
        (mara, tobias) = sorted(
            records.challengers_of(conn, challenge), key=lambda one: one.person_id
        )
        assert (mara.target, mara.listed) == (30_000, False)
        assert (tobias.target, tobias.listed) == (50_000, True)
        for target in (0, MOST_WORDS + 1):
            with pytest.raises(BadInput):
                join(conn, challenge, MARA, target=target)

    await database.write(use_case)


async def test_who_comes_late_counts_from_their_own_day(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        both_ends_of_the_world(conn)
        challenge = created(conn)
        firsts = {}
        for member in (HONOLULU, KIRITIMATI):  # it is the 15th at noon in UTC
            done = service.join(conn, member, GUILD, challenge.id, listed=True, now=MIDDLE)
            firsts[member.name] = done.mine.progress.first_day
        assert firsts == {"Kai": on("2026-11-15"), "Tebora": on("2026-11-16")}
        early = service.join(conn, MARA, GUILD, challenge.id, listed=True, now=BEFORE)
        assert early.mine.progress.first_day == on("2026-11-01")

        last = ms("2026-12-01T02:00")  # over for one of them, and not for the other
        join(conn, challenge, INES, now=last)
        ines = records.challengers_of(conn, challenge)[-1]
        assert ines.first == on("2026-11-30")

    await database.write(use_case)


async def test_whose_days_go_by_the_servers_zone_is_told(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        both_ends_of_the_world(conn)
        challenge = created(conn)
        told = {
            member.name: service.join(
                conn, member, GUILD, challenge.id, listed=True, now=BEFORE
            ).zone.whose
            for member in (MARA, HONOLULU)
        }
        assert told == {"Mara": "the default", "Kai": "yours"}

    await database.write(use_case)


async def test_who_leaves_is_off_the_board_and_comes_back_as_they_were(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        join(conn, challenge, MARA, target=30_000)
        join(conn, challenge, TOBIAS)
        write(conn, 1_000, "2026-11-02")
        assert standing.board(conn, challenge, MIDDLE).total == 1_000
        service.leave(conn, MARA, GUILD, challenge.id, MIDDLE)
        board = standing.board(conn, challenge, MIDDLE)
        assert (board.total, board.members, board.target) == (0, 1, 50_000)
        with pytest.raises(Conflict, match="You are not in that challenge"):
            service.leave(conn, MARA, GUILD, challenge.id, MIDDLE)
        with pytest.raises(Conflict, match="You are not in that challenge"):
            standing.mine(conn, MARA, challenge, MIDDLE)
        join(conn, challenge, MARA, now=MIDDLE)
        mine = standing.mine(conn, MARA, challenge, MIDDLE)
        assert (mine.progress.goal.amount, mine.progress.first_day) == (30_000, on("2026-11-01"))
        assert mine.progress.written == 1_000

    await database.write(use_case)


async def test_what_was_written_before_one_joined_earns_badges_at_once(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        write(conn, 5_000, "2026-11-02")
        challenge = created(conn, now=MIDDLE)
        done = service.join(conn, MARA, GUILD, challenge.id, listed=True, now=MIDDLE)
        assert done.mine.badges == [Badge.FIRST, Badge.DAY_1667, Badge.K5]

    await database.write(use_case)


async def test_one_that_has_not_begun_is_called_off_and_one_that_has_is_ended(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        off = created(conn)
        assert service.end(conn, GUILD, off.id, BEFORE).state is State.CANCELLED
        early = created(conn)
        assert service.end(conn, GUILD, early.id, MIDDLE).state is State.OVER
        for ended in (off, early):
            with pytest.raises(Conflict, match="over already"):
                service.end(conn, GUILD, ended.id, MIDDLE)
            with pytest.raises(Conflict, match="That challenge is over"):
                join(conn, ended, MARA)
        assert records.to_look_at(conn, GUILD) == [again(conn, early)]
        turn(conn, LAST_INSTANT)
        assert jobs.due_at(conn, WRITTEN, str(GUILD)) is None

    await database.write(use_case)


async def test_one_server_knows_nothing_of_anothers(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        stranger = Member(9, "Stranger", ELSEWHERE)
        for act in (
            lambda: service.join(conn, stranger, ELSEWHERE, challenge.id, listed=True, now=0),
            lambda: service.leave(conn, stranger, ELSEWHERE, challenge.id, 0),
            lambda: service.end(conn, ELSEWHERE, challenge.id, 0),
            lambda: records.get(conn, ELSEWHERE, challenge.id),
            lambda: records.get(conn, GUILD, challenge.id + 1),
        ):
            with pytest.raises(NotFound, match="not here any more"):
                act()
        assert records.running(conn, ELSEWHERE) == []
        assert records.to_look_at(conn, ELSEWHERE) == []
        assert again(conn, challenge).running

    await database.write(use_case)


async def test_its_title_can_be_changed_at_any_time_its_target_and_days_until_it_begins(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        challenge, other = created(conn), created(conn, replace(NOVEMBER, title="Other"))
        join(conn, challenge, MARA)
        join(conn, challenge, TOBIAS, target=1_000)
        later = Wanted("Later", Unit.WORDS, 30_000, on("2026-11-05"), on("2026-11-20"))
        edited = service.edit(conn, GUILD, challenge.id, later, BEFORE)
        assert (edited.title, edited.amount, edited.first, edited.last) == (
            "Later", 30_000, later.first, later.last,
        )  # fmt: skip
        members = records.challengers_of(conn, edited)
        assert [(member.target, member.first) for member in members] == [
            (30_000, later.first), (1_000, later.first),
        ]  # fmt: skip
        assert jobs.due_at(conn, SUMMARY, str(challenge.id)) == ms("2026-11-05T21:00")
        assert jobs.due_at(conn, FINAL, str(challenge.id)) == ms("2026-11-21T12:00")

        begun = ms("2026-11-05T00:00")
        for change in (
            replace(later, amount=10), replace(later, first=on("2026-11-06")),
            replace(later, last=on("2026-11-21")),
        ):  # fmt: skip
            with pytest.raises(Conflict, match="has begun: its target and dates stay"):
                service.edit(conn, GUILD, challenge.id, change, begun)
        renamed = service.edit(conn, GUILD, challenge.id, replace(later, title="New"), begun)
        assert renamed == replace(edited, title="New")
        with pytest.raises(Conflict, match="Another challenge here is called “OTHER”"):
            service.edit(conn, GUILD, challenge.id, replace(later, title="OTHER"), begun)
        with pytest.raises(NotFound):
            service.edit(conn, ELSEWHERE, other.id, later, BEFORE)

    await database.write(use_case)
