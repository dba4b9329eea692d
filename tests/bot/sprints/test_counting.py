import asyncio
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import Conflict
from bot.people import service as people
from bot.people.service import Member
from bot.sprints import bell, counting, participation, results, service
from bot.sprints.counting import Counted
from bot.sprints.records import Round
from bot.sprints.rules import Means, State
from bot.words import projects, settings
from tests.bot.sprints.making import (
    DAY,
    GUILD,
    HALF,
    HERE,
    HOUR,
    INES,
    MARA,
    MINUTE,
    NOW,
    ODALYS,
    SECOND,
    THERE,
    TOBIAS,
    again,
    at,
    declare,
    interactions,
    join,
    lines,
    logged,
    me,
    promises,
    refused,
    rung,
    started,
    turn,
    unchanged,
    undo,
    words,
    wrote,
)


def clarify(
    conn: Connection,
    found: Round,
    number: int,
    means: Means,
    now: int = HALF,
    *,
    start: int | None = None,
    interaction_id: int | None = None,
) -> Counted:
    return counting.clarify(
        conn, MARA, GUILD, found.id, number, means, now=now, start=start,
        interaction_id=interaction_id or next(interactions),
    )  # fmt: skip


async def test_the_ledger_follows_each_declaration(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        join(conn, MARA, found, NOW, start=500)
        for typed, written in (
            ("+100", 100),
            ("+50", 150),
            ("-40", 110),
            ("=900", 400),
            ("900", 400),
            ("0", 0),
            ("1000", 500),
        ):
            assert declare(conn, MARA, found, typed, HALF).me.written == written
            assert logged(conn, MARA) == {date(2026, 11, 3): written}

    await database.write(use_case)


async def test_a_declared_nothing_is_not_nothing_declared(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = rung(conn, TOBIAS)
        declare(conn, MARA, found, "0", found.ends_at)
        assert logged(conn, MARA) == {date(2026, 11, 3): 0}
        assert logged(conn, TOBIAS) == {}
        came = results.of(conn, again(conn, found))
        assert lines(conn, found) == [(1, MARA.discord_id, 0)]
        assert [one.discord_id for one in came.silent] == [TOBIAS.discord_id]

    await database.write(use_case)


async def test_results_come_as_soon_as_all_have_counted(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = rung(conn, TOBIAS, INES)
        join(conn, ODALYS, started(conn, starter=ODALYS, channel=THERE), NOW)  # elsewhere
        declare(conn, MARA, found, "+10", found.ends_at)
        declare(conn, TOBIAS, found, "0", found.ends_at)
        assert again(conn, found).state is State.COUNTING
        declare(conn, INES, found, "+30", found.ends_at + MINUTE)
        over = again(conn, found)
        assert (over.state, over.finished_at) == (State.FINISHED, found.ends_at + MINUTE)

    await database.write(use_case)


async def test_quiet_ones_are_not_waited_for_and_count_if_they_like(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        join(conn, TOBIAS, found, NOW, quiet=True)
        join(conn, INES, found, NOW, quiet=True)
        assert not declare(conn, INES, found, "+30", HALF, final=True).me.quiet
        turn(conn, found.ends_at)
        declare(conn, MARA, found, "+10", found.ends_at)
        assert again(conn, found).state is State.FINISHED
        came = results.of(conn, again(conn, found))
        assert [one.discord_id for one in came.quiet] == [TOBIAS.discord_id]
        assert came.silent == ()
        assert lines(conn, found) == [(1, INES.discord_id, 30), (2, MARA.discord_id, 10)]
        assert logged(conn, TOBIAS) == {}

    await database.write(use_case)


async def test_all_done_before_the_bell_is_done_with_it(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, TOBIAS)
        declare(conn, MARA, found, "+100", HALF, final=True)
        declare(conn, TOBIAS, found, "+50", HALF)  # goes on
        turn(conn, found.ends_at)
        assert again(conn, found).state is State.COUNTING
        declare(conn, TOBIAS, found, "+50", found.ends_at)
        assert again(conn, found).state is State.FINISHED

        found = started(conn, TOBIAS)
        for member in (MARA, TOBIAS):
            declare(conn, member, found, "+100", HALF, final=True)
        assert again(conn, found).state is State.RUNNING
        turn(conn, found.ends_at)
        assert again(conn, found).state is State.FINISHED
        assert promises(conn, found) == [bell.BOARD, bell.BELL, bell.RESULTS]

    await database.write(use_case)


@pytest.mark.parametrize("odd", ["+5000", "-40", "=100"])
async def test_what_is_too_odd_waits_to_be_confirmed(database: Database, odd: str) -> None:
    """It is neither ranked, nor in the ledger, nor done with."""

    def use_case(conn: Connection) -> None:
        found = started(conn, TOBIAS)
        join(conn, MARA, found, NOW, start=500)
        declare(conn, TOBIAS, found, "+1", HALF, final=True)
        turn(conn, found.ends_at)
        done = declare(conn, MARA, found, odd, found.ends_at)
        assert (done.me.confirmed, logged(conn, MARA)) == (False, {})
        assert done.me.written is not None
        assert again(conn, found).state is State.COUNTING
        came = results.of(conn, again(conn, found))
        assert [one.discord_id for one in came.unconfirmed] == [MARA.discord_id]
        assert lines(conn, found) == [(1, TOBIAS.discord_id, 1)]

        sure = clarify(conn, found, done.me.written, Means.WRITTEN, found.ends_at).me
        assert (sure.written, sure.confirmed) == (done.me.written, True)
        assert words(conn, MARA) == done.me.written
        assert again(conn, found).state is State.FINISHED
        assert len(lines(conn, found)) == 2

    await database.write(use_case)


async def test_something_odd_takes_the_place_of_what_was_said_until_it_is_taken_back(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        declare(conn, MARA, found, "+100", HALF)
        declare(conn, MARA, found, "+50000", HALF)
        assert (me(conn, MARA, found).written, logged(conn, MARA)) == (50100, {})
        undo(conn, MARA, found, HALF)
        assert (me(conn, MARA, found).written, words(conn, MARA)) == (100, 100)

    await database.write(use_case)


async def test_what_a_number_meant_is_said_with_a_button(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        join(conn, MARA, found, NOW, start=500)
        done = declare(conn, MARA, found, "515", HALF)
        assert (done.said, done.me.written, done.other) == (515, 15, Means.WRITTEN)
        other = clarify(conn, found, 515, Means.WRITTEN)
        assert (other.me.written, other.me.count, other.other) == (515, 1015, None)
        assert words(conn, MARA) == 515
        assert clarify(conn, found, 515, Means.TOTAL).me.written == 15
        assert undo(conn, MARA, found, HALF).me.written == 515
        assert undo(conn, MARA, found, HALF).me.written == 15
        assert undo(conn, MARA, found, HALF).me.written is None

    await database.write(use_case)


async def test_a_total_without_a_start_asks_for_it(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = rung(conn)
        done = declare(conn, MARA, found, "12350", found.ends_at)
        assert (done.needs_start, done.me.written, done.me.final) == (True, None, False)
        assert logged(conn, MARA) == {}
        still = clarify(conn, found, 12350, Means.TOTAL, found.ends_at)
        assert still.needs_start
        assert again(conn, found).state is State.COUNTING
        known = clarify(conn, found, 12350, Means.TOTAL, found.ends_at, start=12000)
        assert (known.needs_start, known.me.written, known.me.count) == (False, 350, 12350)
        assert (words(conn, MARA), again(conn, found).state) == (350, State.FINISHED)

    await database.write(use_case)


async def test_a_total_without_a_start_lets_stand_what_was_said_before(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        declare(conn, MARA, found, "+100", HALF)
        done = declare(conn, MARA, found, "12350", HALF)
        assert (done.needs_start, done.me.written, done.me.confirmed) == (True, 100, True)
        assert words(conn, MARA) == 100

    await database.write(use_case)


@pytest.mark.parametrize("start", [1200, 120000])
async def test_a_start_that_is_mistyped_is_asked_about_too(database: Database, start: int) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        declare(conn, MARA, found, "12350", HALF)
        odd = clarify(conn, found, 12350, Means.TOTAL, start=start)
        assert (odd.me.written, odd.me.confirmed) == (12350 - start, False)
        assert logged(conn, MARA) == {}
        mended = clarify(conn, found, 12350, Means.TOTAL, start=12000)
        assert (mended.me.written, mended.me.confirmed) == (350, True)

    await database.write(use_case)


async def test_undoing_goes_back_step_by_step(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, TOBIAS)
        join(conn, MARA, found, NOW, start=500)
        said = [
            (declare(conn, MARA, found, typed, HALF, final=final).me, words(conn, MARA))
            for typed, final in (("600", False), ("+50", True), ("0", False), ("+1000", True))
        ]
        declare(conn, TOBIAS, found, "+9", HALF)
        for mine, sum_of_words in reversed(said[:-1]):
            back = undo(conn, MARA, found, HALF).me
            assert (back.written, back.count, back.final) == (mine.written, mine.count, mine.final)
            assert words(conn, MARA) == sum_of_words
        assert undo(conn, MARA, found, HALF).me.written is None
        assert logged(conn, MARA) == {}
        with refused(conn, Conflict, "nothing to take back"), unchanged(conn):
            undo(conn, MARA, found, HALF)
        with refused(conn, Conflict, "nothing to take back"):
            undo(conn, INES, found, HALF)  # who is not in it
        declare(conn, MARA, found, "+70", HALF)
        assert (words(conn, MARA), words(conn, TOBIAS)) == (70, 9)

    await database.write(use_case)


async def test_whoever_takes_back_while_counting_is_waited_for_again(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        found = rung(conn, TOBIAS)
        declare(conn, MARA, found, "+10", found.ends_at)
        undo(conn, MARA, found, found.ends_at)
        declare(conn, TOBIAS, found, "+10", found.ends_at)
        assert again(conn, found).state is State.COUNTING

    await database.write(use_case)


async def test_everything_delivered_twice_is_once(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        join(conn, MARA, found, NOW, start=500)
        twice: list[Callable[[], Counted | None]] = [
            lambda: declare(conn, MARA, found, "+100", HALF, interaction_id=9001),
            lambda: declare(conn, MARA, found, "+50", HALF, interaction_id=9002),
            lambda: clarify(conn, found, 515, Means.TOTAL, interaction_id=9003),
            lambda: undo(conn, MARA, found, HALF, interaction_id=9004),
            lambda: wrote(conn, MARA, "20", HALF, interaction_id=9005),
        ]
        sums = []
        for act in twice:
            first = act()
            sums.append(words(conn, MARA))
            with unchanged(conn):
                second = act()
            assert first is not None
            assert second is not None
            assert second.round.id == first.round.id
            assert second.me.written == first.me.written
        assert sums == [100, 150, 15, 150, 170]
        with unchanged(conn):  # and long after
            for act in twice:
                act()

    await database.write(use_case)


async def test_the_last_count_delivered_twice_is_once(database: Database) -> None:
    """It brings the results; the second time there is no round left to count in."""

    def use_case(conn: Connection) -> None:
        found = rung(conn)
        assert wrote(conn, MARA, "350", found.ends_at, interaction_id=9001) is not None
        assert again(conn, found).state is State.FINISHED
        with unchanged(conn):
            known = wrote(conn, MARA, "350", found.ends_at, interaction_id=9001)
        assert known is not None
        assert known.me.written == 350

    await database.write(use_case)


async def test_many_count_at_once(database: Database) -> None:
    found = await database.write(started)
    members = [Member(n, f"writer {n}", GUILD) for n in range(100, 112)]
    for one in members:
        await database.write(join, one, found, NOW)
    await database.write(turn, found.ends_at)
    await asyncio.gather(
        *(
            database.write(
                declare, one, found, f"+{n}", found.ends_at, interaction_id=80_000 + n % 13
            )
            for n, one in [*enumerate([MARA, *members])] * 2
        )
    )
    over = await database.read(again, found)
    assert over.state is State.FINISHED
    ranked = await database.read(lines, found)
    assert [written for _, _, written in ranked] == list(range(12, -1, -1))
    assert [await database.read(words, one) for one in members] == list(range(1, 13))
    assert await database.read(promises, found) == [bell.BOARD, bell.BELL, bell.RESULTS]


async def test_the_last_ones_count_at_once(database: Database) -> None:
    """Whichever comes last brings the results."""
    for day in range(5):
        found = await database.write(started, TOBIAS, INES, now=NOW + day * DAY)
        now = found.ends_at
        await database.write(turn, now)
        await asyncio.gather(
            *(database.write(declare, one, found, "+10", now) for one in (MARA, TOBIAS, INES))
        )
        assert (await database.read(again, found)).state is State.FINISHED


async def test_one_counts_many_times_at_once(database: Database) -> None:
    found = await database.write(started)
    await asyncio.gather(*(database.write(declare, MARA, found, "+10", HALF) for _ in range(10)))
    assert (await database.read(me, MARA, found)).written == 100
    assert await database.read(words, MARA) == 100
    await asyncio.gather(*(database.write(undo, MARA, found, HALF) for _ in range(4)))
    assert (await database.read(me, MARA, found)).written == 60
    assert await database.read(words, MARA) == 60


@pytest.mark.parametrize("late", [MINUTE, DAY - SECOND, DAY])
async def test_a_late_count_changes_the_results_for_a_day(database: Database, late: int) -> None:
    def use_case(conn: Connection) -> None:
        found = rung(conn, TOBIAS)
        declare(conn, TOBIAS, found, "+200", found.ends_at)
        over = found.ends_at + 3 * MINUTE
        turn(conn, over)
        assert again(conn, found).state is State.FINISHED
        assert declare(conn, MARA, found, "+300", over + late).me.written == 300
        assert lines(conn, found) == [(1, MARA.discord_id, 300), (2, TOBIAS.discord_id, 200)]
        undo(conn, TOBIAS, found, over + late)
        assert lines(conn, found) == [(1, MARA.discord_id, 300)]
        assert (words(conn, MARA), words(conn, TOBIAS)) == (300, 0)
        assert promises(conn, found) == [bell.BOARD, bell.BELL, bell.RESULTS]

    await database.write(use_case)


async def test_later_than_a_day_is_too_late(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = rung(conn, TOBIAS)
        declare(conn, TOBIAS, found, "+200", found.ends_at)
        over = found.ends_at + 3 * MINUTE
        turn(conn, over)
        too_late = over + DAY + 1
        with unchanged(conn):
            with refused(conn, Conflict, "is over"):
                declare(conn, MARA, found, "+300", too_late)
            with refused(conn, Conflict, "is over"):
                undo(conn, TOBIAS, found, too_late)
            with refused(conn, Conflict, "is over"):
                clarify(conn, found, 300, Means.WRITTEN, too_late)
            with refused(conn, Conflict, "is over"):  # nor may anyone come once it is over
                declare(conn, INES, found, "+300", over)

    await database.write(use_case)


async def test_nothing_is_counted_before_the_start(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, wait=2)
        with unchanged(conn):
            with refused(conn, Conflict, "not begun yet"):
                declare(conn, MARA, found, "+300", NOW)
            with refused(conn, Conflict, "not begun yet"):
                undo(conn, MARA, found, NOW)
        assert wrote(conn, MARA, "300", NOW) is None

    await database.write(use_case)


HONOLULU = Member(11, "Keala", GUILD)
KIRITIMATI = Member(12, "Tekoa", GUILD)
STRANGER = Member(13, "Noname", GUILD)  # whose zone is the server's


@pytest.mark.parametrize("late", [MINUTE, 20 * HOUR])
async def test_the_day_is_the_writers_own_at_the_end(database: Database, late: int) -> None:
    """A sprint over two midnights, a day apart: it is 10:00 in UTC."""

    def use_case(conn: Connection) -> None:
        people.set_guild_zone(conn, GUILD, "America/New_York")
        people.set_zone(conn, HONOLULU, "Pacific/Honolulu", NOW)
        people.set_zone(conn, KIRITIMATI, "Pacific/Kiritimati", NOW)
        start = at("2026-11-03T09:50")
        found = started(conn, HONOLULU, KIRITIMATI, STRANGER, now=start)
        turn(conn, found.ends_at)
        for member in (HONOLULU, KIRITIMATI, STRANGER):
            declare(conn, member, found, "+100", found.ends_at + late)
        assert logged(conn, HONOLULU) == {date(2026, 11, 3): 100}
        assert logged(conn, KIRITIMATI) == {date(2026, 11, 4): 100}
        assert logged(conn, STRANGER) == {date(2026, 11, 3): 100}

    await database.write(use_case)


async def test_what_is_counted_before_midnight_stays_with_its_day(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        people.set_zone(conn, MARA, "Pacific/Kiritimati", NOW)
        found = started(conn, now=at("2026-11-03T09:50"))
        declare(conn, MARA, found, "+40", at("2026-11-03T09:59"))
        declare(conn, MARA, found, "+60", at("2026-11-03T10:09"))
        assert logged(conn, MARA) == {date(2026, 11, 3): 100}

    await database.write(use_case)


@pytest.mark.parametrize(
    ("start", "day"),
    [
        ("2026-11-01T03:39", date(2026, 10, 31)),  # ends at 23:59, the night the clocks go back
        ("2026-11-01T03:45", date(2026, 11, 1)),
        ("2026-11-02T04:39", date(2026, 11, 1)),  # an hour later by UTC: it is winter
        ("2026-11-02T04:45", date(2026, 11, 2)),
        ("2026-03-08T04:39", date(2026, 3, 7)),  # the night they go forward
        ("2026-03-09T03:39", date(2026, 3, 8)),
        ("2026-03-09T03:45", date(2026, 3, 9)),
    ],
)
async def test_midnight_is_right_through_clock_changes(
    database: Database, start: str, day: date
) -> None:
    def use_case(conn: Connection) -> None:
        people.set_zone(conn, MARA, "America/New_York", NOW)
        found = started(conn, now=at(start))
        turn(conn, found.ends_at)
        declare(conn, MARA, found, "+100", found.ends_at + 5 * HOUR)
        assert logged(conn, MARA) == {day: 100}

    await database.write(use_case)


async def test_words_go_to_the_project_that_was_said(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        novel = projects.create(conn, MARA, "Novel", now=NOW, interaction_id=1).project.id
        poems = projects.create(conn, MARA, "Poems", now=NOW, interaction_id=2).project.id
        found = started(conn)
        join(conn, MARA, found, NOW, project_id=poems)
        declare(conn, MARA, found, "+100", HALF)
        other = started(conn, channel=THERE)
        declare(conn, MARA, other, "+30", HALF)
        projects.switch(conn, MARA, poems)
        declare(conn, MARA, other, "+20", HALF)
        sums = {listed.project.id: listed.words for listed in projects.mine(conn, MARA)}
        assert sums == {novel: 50, poems: 100}

    await database.write(use_case)


async def test_which_round_a_count_is_for(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        def meant(member: Member, now: int) -> int:
            return counting.round_to_count(conn, member, GUILD, HERE, now).id

        with refused(conn, Conflict, "no sprint here"):
            meant(MARA, NOW)
        first = rung(conn, TOBIAS)
        assert [meant(one, first.ends_at) for one in (MARA, INES)] == [first.id] * 2
        declare(conn, MARA, first, "+10", first.ends_at)
        over = first.ends_at + 3 * MINUTE
        turn(conn, over)
        assert [meant(one, over) for one in (MARA, TOBIAS)] == [first.id] * 2
        with refused(conn, Conflict, "no sprint here"):
            meant(INES, over)

        second = started(conn, starter=INES, wait=2, now=over)
        assert [meant(one, over) for one in (MARA, TOBIAS, INES)] == [
            first.id, first.id, second.id,
        ]  # fmt: skip
        now = second.starts_at
        turn(conn, now)
        # Who has yet to count there counts there; who has can only mean the one that is on.
        assert [meant(one, now) for one in (TOBIAS, MARA, ODALYS)] == [
            first.id, second.id, second.id,
        ]  # fmt: skip
        join(conn, TOBIAS, second, now)
        assert meant(TOBIAS, now) == second.id
        turn(conn, now + DAY)
        turn(conn, now + DAY + HOUR)
        with refused(conn, Conflict, "no sprint here"):
            meant(MARA, now + DAY + HOUR)

    await database.write(use_case)


async def test_a_writers_own_pace_is_believed(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        settings.set_pace(conn, people.person_id(conn, MARA, NOW), 1000, NOW)
        found = started(conn, TOBIAS)
        assert declare(conn, MARA, found, "+9000", HALF).me.confirmed
        assert not declare(conn, TOBIAS, found, "+9000", HALF).me.confirmed

    await database.write(use_case)


async def test_whoever_has_left_may_still_count(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, TOBIAS)
        declare(conn, MARA, found, "+10", HALF)
        service.leave(conn, MARA, GUILD, found.id, HALF)
        declare(conn, MARA, found, "+10", HALF)
        assert people.find(conn, MARA.discord_id) not in participation.active(conn, found.id)
        turn(conn, found.ends_at)
        declare(conn, TOBIAS, found, "+30", found.ends_at)  # nobody waits for Mara
        assert again(conn, found).state is State.FINISHED
        assert lines(conn, found) == [(1, TOBIAS.discord_id, 30), (2, MARA.discord_id, 20)]

    await database.write(use_case)
