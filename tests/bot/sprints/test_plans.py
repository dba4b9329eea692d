import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.community import service as community
from bot.db.engine import Database
from bot.errors import BadInput, Conflict, NotFound
from bot.jobs import service as jobs
from bot.people import service as people
from bot.people.times import EVERY_DAY
from bot.sprints import bell, plans, records, service
from bot.sprints.plans import MOST_PLANS, NOTICE, Plan
from bot.sprints.records import Round
from bot.sprints.rules import State
from bot.sprints.service import Asked
from tests.bot.sprints.making import (
    DAY,
    ELSEWHERE,
    GUILD,
    HERE,
    HOUR,
    MARA,
    MINUTE,
    NOW,
    THERE,
    again,
    at,
    interactions,
    live,
    promises,
    refused,
    started,
    turn,
    unchanged,
)

NEW_YORK = "America/New_York"
NINE_PM = 21 * 60
MONDAY_AND_TUESDAY = frozenset({0, 1})
ASKED = Asked(0, 25, "Nightly", 2, 7)


def planned(
    conn: Connection,
    minute: int = NINE_PM,
    weekdays: frozenset[int] = EVERY_DAY,
    *,
    guild: int = GUILD,
    channel: int = HERE,
    now: int = NOW,
    asked: Asked = ASKED,
) -> Plan:
    return plans.add(
        conn, guild, channel, minute=minute, weekdays=weekdays, asked=asked, now=now,
        interaction_id=next(interactions),
    )[-1]  # fmt: skip


def only(conn: Connection) -> Plan:
    (plan,) = plans.in_guild(conn, GUILD)
    return plan


def on(conn: Connection) -> Round | None:
    return records.live(conn, GUILD, HERE)


async def test_a_plan_comes_ten_minutes_before_its_time_on_its_days(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        plan = planned(conn, weekdays=MONDAY_AND_TUESDAY)
        assert plan == only(conn)
        assert (plan.next, plan.title, plan.minutes, plan.rounds) == (
            at("2026-11-03T21:00"), "Nightly", 25, 2,
        )  # fmt: skip
        turn(conn, plan.next - NOTICE - 1)
        assert on(conn) is None
        turn(conn, plan.next - NOTICE)
        found = live(conn)
        assert (found.state, found.starts_at, found.ends_at) == (
            State.WAITING, plan.next, plan.next + 25 * MINUTE,
        )  # fmt: skip
        assert (found.starter_id, found.title, found.rounds, found.pause) == (
            None, "Nightly", 2, 7,
        )  # fmt: skip
        assert promises(conn, found) == [bell.BOARD]
        assert only(conn).next == at("2026-11-09T21:00")  # a Monday
        turn(conn, at("2026-11-09T20:49"))
        assert on(conn) is None
        turn(conn, at("2026-11-09T20:50"))
        assert live(conn).id != found.id

    await database.write(use_case)


async def test_a_plan_made_within_its_notice_comes_at_once(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        now = at("2026-11-03T20:55")
        plan = planned(conn, now=now)
        turn(conn, now)
        assert live(conn).starts_at == plan.next == at("2026-11-03T21:00")
        assert only(conn).next == at("2026-11-04T21:00")
        planned(conn, channel=THERE, now=at("2026-11-03T21:00"))  # it is that time just now
        assert plans.in_guild(conn, GUILD)[-1].next == at("2026-11-04T21:00")

    await database.write(use_case)


async def test_a_sprint_that_is_on_is_let_be(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        plan = planned(conn)
        found = started(conn, minutes=180, now=plan.next - HOUR)
        turn(conn, plan.next - NOTICE)
        assert live(conn).id == found.id
        assert only(conn).next == plan.next + DAY
        turn(conn, plan.next + 12 * HOUR)
        turn(conn, plan.next + 13 * HOUR)
        turn(conn, plan.next + DAY - NOTICE)
        assert live(conn).starter_id is None

    await database.write(use_case)


@pytest.mark.parametrize(
    ("late", "starts"),
    [
        (NOTICE - MINUTE, 0),  # there is still a minute
        (NOTICE + 4 * MINUTE, 4 * MINUTE),  # it begins as soon as it may
        (NOTICE + 25 * MINUTE - 1, 25 * MINUTE - 1),
        (NOTICE + 25 * MINUTE, None),  # it would be over
        (7 * HOUR, None),
        (10 * DAY + HOUR, None),
    ],
)
async def test_a_plan_that_came_while_the_bot_was_away(
    database: Database, late: int, starts: int | None
) -> None:
    def use_case(conn: Connection) -> None:
        plan = planned(conn)
        now = plan.next - NOTICE + late
        turn(conn, now)
        found = on(conn)
        if starts is None:
            assert found is None
        else:
            assert found is not None
            assert found.starts_at == plan.next + starts
            assert found.ends_at == found.starts_at + 25 * MINUTE
            turn(conn, found.starts_at)
            assert again(conn, found).state is State.RUNNING
        after = only(conn).next
        assert now < after <= now + DAY + NOTICE  # once, not once for each day that was missed
        assert (after - plan.next) % DAY == 0

    await database.write(use_case)


async def test_a_plan_comes_once_though_its_timer_comes_twice(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        plan = planned(conn)
        now = plan.next - NOTICE
        job = jobs.claim(conn, "one", now, 0)
        assert job is not None
        plans.on_coming(conn, job, now)
        first = live(conn)
        with unchanged(conn):
            plans.on_coming(conn, job, now)
        service.cancel(conn, MARA, GUILD, first.id, now, moderator=True)
        turn(conn, plan.next)
        assert on(conn) is None
        assert only(conn).next == plan.next + DAY

    await database.write(use_case)


async def test_removed_it_comes_no_more(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        plan = planned(conn)
        plans.remove(conn, GUILD, plan.id)
        assert plans.in_guild(conn, GUILD) == []
        assert jobs.next_due(conn) is None
        with refused(conn, NotFound, "no such plan"):
            plans.remove(conn, GUILD, plan.id)
        jobs.schedule(conn, plans.COMING, str(plan.id), NOW)  # claimed just before
        turn(conn, NOW)
        assert (on(conn), jobs.next_due(conn)) == (None, None)

    await database.write(use_case)


async def test_a_sprint_that_was_put_up_outlives_its_plan(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        plan = planned(conn)
        turn(conn, plan.next - NOTICE)
        plans.remove(conn, GUILD, plan.id)
        turn(conn, plan.next)
        assert live(conn).state is State.RUNNING

    await database.write(use_case)


async def test_one_servers_plans_are_hidden_from_another(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        plan = planned(conn)
        theirs = planned(conn, guild=ELSEWHERE, channel=THERE)
        assert plans.in_guild(conn, ELSEWHERE) == [theirs]
        assert plans.in_guild(conn, GUILD) == [plan]
        assert plans.in_guild(conn, 300) == []
        with refused(conn, NotFound, "no such plan"), unchanged(conn):
            plans.remove(conn, ELSEWHERE, plan.id)
        community.set_guild_zone(conn, ELSEWHERE, NEW_YORK, NOW)
        assert plans.in_guild(conn, GUILD) == [plan]

    await database.write(use_case)


async def test_a_plan_is_made_once_and_there_are_not_too_many(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        def add(interaction_id: int, asked: Asked = ASKED) -> list[Plan]:
            return plans.add(
                conn, GUILD, HERE, minute=600, weekdays=EVERY_DAY, asked=asked, now=NOW,
                interaction_id=interaction_id,
            )  # fmt: skip

        assert add(7001) == add(7001)
        for n in range(1, MOST_PLANS):
            assert len(add(7001 + n)) == n + 1
        with refused(conn, Conflict, "25 plans at most"):
            add(8000)
        assert len(add(7001)) == MOST_PLANS
        planned(conn, guild=ELSEWHERE)
        plans.remove(conn, GUILD, add(7001)[0].id)
        with refused(conn, BadInput, "80 characters at most"):
            add(8001, replace(ASKED, title="a" * 81))
        assert len(add(8002)) == MOST_PLANS

    await database.write(use_case)


async def test_what_is_not_said_is_as_the_server_likes_it(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        service.configure(conn, GUILD, minutes=40)
        assert planned(conn, asked=Asked(0)).minutes == 40

    await database.write(use_case)


async def test_the_time_is_the_servers_own(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        people.set_guild_zone(conn, GUILD, NEW_YORK)
        plan = planned(conn, weekdays=frozenset({1}))  # Tuesday there, Wednesday in UTC
        assert plan.next == at("2026-11-04T02:00")
        assert plan.slot.zone.key == NEW_YORK

    await database.write(use_case)


async def test_a_changed_zone_moves_what_is_planned(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        planned(conn)
        community.set_guild_zone(conn, GUILD, NEW_YORK, NOW)
        plan = only(conn)
        assert plan.next == at("2026-11-04T02:00")
        turn(conn, at("2026-11-03T21:00"))
        assert on(conn) is None
        turn(conn, plan.next - NOTICE)
        assert live(conn).starts_at == plan.next

    await database.write(use_case)


async def test_a_changed_zone_brings_no_second_sprint_on_a_day(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        plan = planned(conn)
        turn(conn, plan.next - NOTICE)
        found = live(conn)
        community.set_guild_zone(conn, GUILD, NEW_YORK, plan.next)
        assert live(conn).id == found.id  # what is up stays
        assert only(conn).next == at("2026-11-05T02:00")  # and not the 3rd there once more
        community.set_guild_zone(conn, GUILD, "Pacific/Kiritimati", plan.next)
        assert only(conn).next == at("2026-11-04T07:00")

    await database.write(use_case)


@pytest.mark.parametrize(
    ("minute", "now", "starts"),
    [
        (90, "2026-10-31T12:00", ["2026-11-01T05:30", "2026-11-02T06:30"]),  # 01:30 comes twice
        (150, "2026-03-07T12:00", ["2026-03-08T07:30", "2026-03-09T06:30"]),  # no 02:30: 03:30
        (0, "2026-03-07T12:00", ["2026-03-08T05:00", "2026-03-09T04:00"]),
    ],
)
async def test_clock_changes(database: Database, minute: int, now: str, starts: list[str]) -> None:
    def use_case(conn: Connection) -> None:
        people.set_guild_zone(conn, GUILD, NEW_YORK)
        planned(conn, minute, now=at(now))
        seen = []
        for tick in range(at(now), at(now) + 2 * DAY, 10 * MINUTE):
            turn(conn, tick)
            if (found := on(conn)) and found.starts_at not in seen:
                seen.append(found.starts_at)
        assert seen == [at(start) for start in starts]

    await database.write(use_case)


async def test_two_processes_see_it_come(database: Database) -> None:
    plan = await database.write(planned)
    now = plan.next - NOTICE
    await asyncio.gather(*(database.write(turn, now) for _ in range(4)))
    assert (await database.read(live)).id == 1
    assert (await database.read(only)).next == plan.next + DAY
