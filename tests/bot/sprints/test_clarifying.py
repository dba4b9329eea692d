"""Counts that are odd or unclear, and how they are put right."""

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import Conflict
from bot.sprints import results
from bot.sprints.rules import Means, State
from tests.bot.sprints.making import (
    HALF,
    INES,
    MARA,
    NOW,
    TOBIAS,
    again,
    clarify,
    declare,
    join,
    lines,
    logged,
    me,
    refused,
    rung,
    started,
    turn,
    unchanged,
    undo,
    words,
)


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
        with refused(conn, Conflict, "nothing to undo"), unchanged(conn):
            undo(conn, MARA, found, HALF)
        with refused(conn, Conflict, "nothing to undo"):
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
