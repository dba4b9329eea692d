import pytest
from sqlalchemy import Connection

from bot.community import service as community
from bot.db.engine import Database
from bot.people.service import Member
from bot.sprints import counting, records, results, service
from bot.sprints.records import Best, Round
from bot.sprints.results import Line, Results
from bot.sprints.rules import Means, State
from bot.sprints.service import Asked
from bot.words.amounts import Amount, Sign
from tests.bot.sprints.making import (
    DAY,
    ELSEWHERE,
    GUILD,
    HERE,
    INES,
    MARA,
    MINUTE,
    NOW,
    ODALYS,
    SECOND,
    TOBIAS,
    again,
    declare,
    interactions,
    join,
    lines,
    started,
    turn,
    undo,
)

NEVER = Best(None, None, 0)


def held(
    conn: Connection, typed: str, day: int = 0, *, minutes: int = 20, channel: int = HERE
) -> Round:
    """A sprint of Mara's alone, counted."""
    found = started(conn, minutes=minutes, channel=channel, now=NOW + day * DAY)
    turn(conn, found.ends_at)
    declare(conn, MARA, found, typed, found.ends_at)
    turn(conn, found.ends_at + 3 * MINUTE)
    return again(conn, found)


def came(conn: Connection, found: Round) -> Results:
    return results.of(conn, again(conn, found))


def mine(conn: Connection, found: Round, member: Member = MARA) -> Line:
    (line,) = (line for line in came(conn, found).lines if line.who.discord_id == member.discord_id)
    return line


async def test_everyone_stands_where_they_belong(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        zoe, wim = Member(21, "Zoe", GUILD), Member(22, "Wim", GUILD)
        found = started(conn, TOBIAS, INES, zoe, wim)
        join(conn, ODALYS, found, NOW, quiet=True)
        turn(conn, found.ends_at)
        now = found.ends_at
        for member, typed in ((MARA, "+200"), (TOBIAS, "+400"), (INES, "+200"), (zoe, "+90000")):
            declare(conn, member, found, typed, now)
        turn(conn, now + 3 * MINUTE)
        board = came(conn, found)
        assert [(line.place, line.who.name, line.wpm) for line in board.lines] == [
            (1, "Tobias", 20), (2, "Mara", 10), (2, "Ines", 10),
        ]  # fmt: skip
        assert board.total == 800
        assert [one.name for one in board.unconfirmed] == ["Zoe"]
        assert [one.name for one in board.quiet] == ["Odalys"]
        assert [one.name for one in board.silent] == ["Wim"]

    await database.write(use_case)


async def test_nobody_has_counted(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        turn(conn, found.ends_at)
        turn(conn, found.ends_at + 3 * MINUTE)
        board = came(conn, found)
        assert (board.lines, board.unconfirmed, board.quiet, board.total) == ((), (), (), 0)
        assert [one.name for one in board.silent] == ["Mara"]

    await database.write(use_case)


@pytest.mark.parametrize(
    ("joined", "minutes", "speed", "over_all"),
    [
        (0, 20, 20, 20),
        (10 * MINUTE, 10, 40, 20),
        (20 * MINUTE - 30 * SECOND, 0, 800, 20),
        (20 * MINUTE - 1, 0, 24_000, 20),  # with the bell: no division by nothing
    ],
)
async def test_speed_is_over_ones_own_minutes(
    database: Database, joined: int, minutes: int, speed: int, over_all: int
) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        join(conn, TOBIAS, found, NOW + joined)
        counting.clarify(
            conn, TOBIAS, GUILD, found.id, 400, Means.WRITTEN, now=found.ends_at,
            interaction_id=next(interactions),
        )  # fmt: skip
        line = mine(conn, found, TOBIAS)
        assert (line.minutes, line.wpm, line.wpm_of_all) == (minutes, speed, over_all)

    await database.write(use_case)


async def test_whoever_waited_has_no_more_minutes_than_the_sprint(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, wait=30)
        turn(conn, found.starts_at)
        turn(conn, found.ends_at)
        declare(conn, MARA, found, "+400", found.ends_at)
        assert (mine(conn, found).minutes, mine(conn, found).wpm) == (20, 20)

    await database.write(use_case)


async def test_a_personal_best_is_one_only_after_a_first_sprint(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        bests = [
            mine(conn, held(conn, typed, day)).best
            for day, typed in enumerate(("+400", "+300", "+400", "+420", "+410", "+900"))
        ]
        assert bests == [False, False, False, True, False, True]

    await database.write(use_case)


async def test_what_is_not_compared_with(database: Database) -> None:
    """Neither a burst, nor what was cancelled or is in doubt, nor another server's, nor another's
    speed; and what came later is no earlier sprint."""

    def use_case(conn: Connection) -> None:
        first = held(conn, "+200")
        held(conn, "+400", 1, minutes=4)
        cancelled = started(conn, now=NOW + 2 * DAY)
        declare(conn, MARA, cancelled, "+1000", NOW + 2 * DAY + 10 * MINUTE)
        service.cancel(conn, MARA, GUILD, cancelled.id, NOW + 2 * DAY, moderator=False)
        held(conn, "+9000", 3)
        mara = Member(MARA.discord_id, "Mara", ELSEWHERE)
        now = NOW + 4 * DAY
        there = service.start(conn, mara, ELSEWHERE, 77, Asked(now, 20), now=now)
        turn(conn, there.ends_at)
        counting.declare(
            conn, mara, ELSEWHERE, there.id, Amount(Sign.MORE, 2000), now=there.ends_at,
            interaction_id=next(interactions),
        )  # fmt: skip
        assert records.get(conn, ELSEWHERE, there.id).state is State.FINISHED
        fast = started(conn, TOBIAS, now=NOW + 5 * DAY)
        turn(conn, fast.ends_at)
        declare(conn, TOBIAS, fast, "+3000", fast.ends_at)
        declare(conn, MARA, fast, "+250", fast.ends_at)
        assert mine(conn, fast).best
        assert not mine(conn, fast, TOBIAS).best
        assert not mine(conn, first).best

    await database.write(use_case)


async def test_a_burst_is_no_record(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        held(conn, "+200")
        assert not mine(conn, held(conn, "+400", 1, minutes=4)).best
        assert mine(conn, held(conn, "+400", 2, minutes=5)).best
        assert records.best(conn, 1) == Best(400, 80, 3)

    await database.write(use_case)


@pytest.mark.parametrize(
    ("typed", "late"),
    [("+333", 0), ("+777", 7 * MINUTE + 1234), ("+10", 0), ("+151", 15 * MINUTE), ("0", MINUTE)],
)
async def test_speeds_are_reckoned_the_same_for_results_and_for_records(
    database: Database, typed: str, late: int
) -> None:
    """The one in Python, the other in SQL."""

    def use_case(conn: Connection) -> None:
        found = started(conn, starter=TOBIAS)
        join(conn, MARA, found, NOW + late)
        turn(conn, found.ends_at)
        declare(conn, MARA, found, typed, found.ends_at)
        turn(conn, found.ends_at + 3 * MINUTE)
        line = mine(conn, found)
        person_id = line.who.person_id
        assert person_id is not None
        after = started(conn, now=NOW + DAY)
        assert records.bests_before(conn, after, {person_id}) == {person_id: line.wpm}
        assert records.best(conn, person_id) == Best(line.written, line.wpm, 1)

    await database.write(use_case)


async def test_ones_own_bests(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        assert results.best_of(conn, MARA) == NEVER
        held(conn, "+400")
        found = held(conn, "+500", 1)
        assert results.best_of(conn, MARA) == Best(500, 25, 2)
        undo(conn, MARA, found, found.ends_at)
        assert results.best_of(conn, MARA) == Best(400, 20, 1)
        assert records.best(conn, 1, ELSEWHERE) == NEVER
        assert results.best_of(conn, TOBIAS) == NEVER
        held(conn, "0", 2)
        assert results.best_of(conn, MARA) == Best(400, 20, 2)

    await database.write(use_case)


async def test_the_erased_are_still_in_the_sum(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, TOBIAS)
        turn(conn, found.ends_at)
        for member, typed in ((MARA, "+100"), (TOBIAS, "+300")):
            declare(conn, member, found, typed, found.ends_at)
        community.erase(conn, TOBIAS, found.ends_at)
        assert lines(conn, found) == [(1, None, 300), (2, MARA.discord_id, 100)]
        assert came(conn, found).total == 400
        assert not any(line.best for line in came(conn, found).lines)

    await database.write(use_case)
