"""Words that are logged while a sprint is on, or just after it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection, select

from bot.community import service as community
from bot.db.engine import Database
from bot.errors import BadInput, Conflict, NotFound
from bot.people.service import Member
from bot.sprints import counting, crediting, service
from bot.sprints.crediting import Logged
from bot.words import amounts, projects
from bot.words import service as writing
from bot.words.amounts import Unit
from bot.words.tables import entries
from tests.bot.sprints.making import (
    DAY,
    ELSEWHERE,
    GUILD,
    HALF,
    HERE,
    HOUR,
    INES,
    MARA,
    MINUTE,
    NOW,
    ODALYS,
    THERE,
    TOBIAS,
    declare,
    interactions,
    join,
    lines,
    me,
    refused,
    rung,
    started,
    turn,
    unchanged,
    words,
    wrote,
)


async def test_words_logged_while_in_a_sprint_are_its_count(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        for typed, written in (("100", 100), ("+50", 150), ("-30", 120)):
            done = wrote(conn, MARA, typed, HALF)
            assert done is not None
            assert (done.round.id, done.me.written) == (found.id, written)
        assert wrote(conn, TOBIAS, "100", HALF) is None  # who is not in it
        assert wrote(conn, Member(1, "Mara", ELSEWHERE), "100", HALF) is None
        assert wrote(conn, Member(1, "Mara", None), "100", HALF, channel=None) is None
        assert wrote(conn, MARA, "20", HALF, channel=THERE) is not None  # from any channel
        turn(conn, found.ends_at)
        assert wrote(conn, MARA, "10", found.ends_at) is not None
        assert words(conn, MARA) == 150
        assert wrote(conn, MARA, "10", found.ends_at) is None  # the results are out

    await database.write(use_case)


async def test_a_note_goes_with_the_count(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        started(conn)
        for typed, note in (("100", "  in the\n pier "), ("50", None)):
            done = crediting.wrote(
                conn, MARA, HERE, amounts.parse(typed), None, note, now=HALF,
                interaction_id=next(interactions),
            )  # fmt: skip
            assert done is not None
        (entry,) = writing.history(conn, MARA, 0).entries
        assert (entry.amount, entry.note) == (150, "in the pier")
        with refused(conn, BadInput, "200 characters"), unchanged(conn):
            crediting.wrote(
                conn, MARA, HERE, amounts.parse("1"), None, "a" * 201, now=HALF, interaction_id=1
            )

    await database.write(use_case)


async def test_a_running_total_logged_while_in_a_sprint_is_of_the_project(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        before = amounts.parse("5000")
        writing.wrote(conn, MARA, before, now=NOW - DAY, interaction_id=1)
        found = started(conn)
        for typed, written in (("=5300", 300), ("=5400", 400), ("=5350", 350), ("=5350", 350)):
            done = wrote(conn, MARA, typed, HALF)
            assert done is not None
            assert done.me.written == written
            assert words(conn, MARA) == 5000 + written
        assert lines(conn, found) == [(1, MARA.discord_id, 350)]

    await database.write(use_case)


@pytest.mark.parametrize(
    ("first", "second", "counted", "total"),
    [
        ("2000", "1500", 1500, 3500),  # no one writes 2,000 in ten minutes
        ("2000", "=3500", 1500, 3500),
        ("100", "50000", 100, 50_100),
        ("100", "-140", 100, -40),
    ],
)
async def test_words_that_cannot_all_be_the_sprints_are_logged_beside_it(
    database: Database, first: str, second: str, counted: int, total: int
) -> None:
    """Whatever is logged is in the ledger, as it was said."""

    def use_case(conn: Connection) -> None:
        found = started(conn)
        for typed in (first, second):
            if wrote(conn, MARA, typed, HALF) is None:
                writing.wrote(
                    conn, MARA, amounts.parse(typed), now=HALF, interaction_id=next(interactions)
                )
        assert words(conn, MARA) == total
        assert lines(conn, found) == [(1, MARA.discord_id, counted)]

    await database.write(use_case)


async def test_words_for_another_project_are_not_the_sprints(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        novel = projects.create(conn, MARA, "Novel", now=NOW, interaction_id=1).project.id
        poems = projects.create(conn, MARA, "Poems", now=NOW, interaction_id=2).project.id
        started(conn)
        assert wrote(conn, MARA, "100", HALF, project_id=poems) is None
        assert wrote(conn, MARA, "100", HALF, project_id=novel) is not None

    await database.write(use_case)


async def test_of_two_sprints_words_are_those_of_the_channel(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        here, there = started(conn), started(conn, TOBIAS, channel=THERE)
        for channel, round_id in ((HERE, here.id), (THERE, there.id), (99, there.id)):
            done = wrote(conn, MARA, "10", HALF, channel=channel)
            assert done is not None
            assert done.round.id == round_id
        service.leave(conn, MARA, GUILD, there.id, HALF)
        done = wrote(conn, MARA, "10", HALF, channel=THERE)
        assert done is not None
        assert done.round.id == here.id

    await database.write(use_case)


async def test_the_same_amount_within_the_hour_may_be_the_sprints(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        def again_said(member: Member, typed: str, now: int, unit: Unit = Unit.WORDS) -> bool:
            logged = writing.wrote(
                conn, member, amounts.parse(typed), now=now, unit=unit,
                interaction_id=next(interactions),
            )  # fmt: skip
            return crediting.counted_already(conn, member, logged.entry, now)

        found = rung(conn, TOBIAS)
        declare(conn, MARA, found, "+300", found.ends_at)
        over = found.ends_at + 3 * MINUTE
        assert not again_said(MARA, "300", over)  # it is not over
        turn(conn, over)
        for member, typed, later, said in (
            (MARA, "300", HOUR, True),
            (MARA, "300", HOUR + 1, False),
            (MARA, "301", 0, False),
            (MARA, "0", 0, False),
            (TOBIAS, "300", 0, False),
            (ODALYS, "300", 0, False),
            (Member(1, "Mara", ELSEWHERE), "300", 0, False),
            (Member(1, "Mara", None), "300", 0, False),
        ):
            assert again_said(member, typed, over + later) is said
        assert not again_said(MARA, "300", over, Unit.MINUTES)
        entry = writing.history(conn, MARA, 0).entries[1]
        assert crediting.counted_already(conn, MARA, replace(entry, amount=300), over)
        community.erase(conn, MARA, over)
        for member in (MARA, INES):  # whom nobody knows
            assert not crediting.counted_already(conn, member, replace(entry, amount=300), over)

    await database.write(use_case)


async def test_a_private_entry_becomes_the_count_once_however_often_that_is_said(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        logged = log_privately(conn, MARA, "120", HALF)
        assert logged.round_id == found.id
        assert lines(conn, found) == []
        for _ in range(2):
            done = crediting.count_entry(
                conn, MARA, GUILD, logged.wrote.entry.id, found.id, now=HALF, interaction_id=777
            )
            assert done.me.written == 120
        assert lines(conn, found) == [(1, MARA.discord_id, 120)]
        assert words(conn, MARA) == 120
        with refused(conn, NotFound, "taken back"), unchanged(conn):
            crediting.count_entry(
                conn, MARA, GUILD, logged.wrote.entry.id, found.id, now=HALF, interaction_id=778
            )
        his = log_privately(conn, TOBIAS, "50", HALF)
        assert his.round_id is None  # he is in no sprint
        with refused(conn, NotFound, "not here any more"), unchanged(conn):
            crediting.count_entry(
                conn, MARA, GUILD, his.wrote.entry.id, found.id, now=HALF, interaction_id=779
            )

    await database.write(use_case)


async def test_words_that_are_not_the_sprints_any_more_stay_beside_it(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        moved = log_privately(conn, MARA, "120", HALF).wrote.entry
        yesterday = (moved.place.day - timedelta(days=1)).isoformat()
        writing.move(conn, MARA, moved.id, day=yesterday, now=HALF, interaction_id=776)
        with refused(conn, Conflict, "logged for another day"), unchanged(conn):
            crediting.count_entry(
                conn, MARA, GUILD, moved.id, found.id, now=HALF, interaction_id=777
            )
        entry = log_privately(conn, MARA, "120", HALF).wrote.entry
        join(conn, TOBIAS, found, HALF)
        service.leave(conn, MARA, GUILD, found.id, now=HALF)
        with refused(conn, Conflict, "You aren't in that sprint"), unchanged(conn):
            crediting.count_entry(
                conn, MARA, GUILD, entry.id, found.id, now=HALF, interaction_id=778
            )

    await database.write(use_case)


async def test_undoing_such_a_count_leaves_the_words_logged(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        declare(conn, MARA, found, "+30", HALF)
        entry = log_privately(conn, MARA, "120", HALF).wrote.entry
        crediting.count_entry(conn, MARA, GUILD, entry.id, found.id, now=HALF, interaction_id=777)
        crediting.wrote(conn, MARA, HERE, amounts.parse("7"), None, now=HALF, interaction_id=778)
        for number, written, logged in ((1, 150, 150), (2, 30, 150), (2, 30, 150), (3, None, 120)):
            done = counting.undo(conn, MARA, GUILD, found.id, now=HALF, interaction_id=880 + number)
            assert (done.me.written, words(conn, MARA)) == (written, logged)
            assert (done.restored == entry) is (number == 2), number
        assert writing.history(conn, MARA, 0).entries == [entry]
        assert not conn.scalar(select(entries.c.public).where(entries.c.id == entry.id))

    await database.write(use_case)


async def test_quiet_ones_are_neither_counted_nor_asked(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        join(conn, TOBIAS, found, NOW, quiet=True)
        assert wrote(conn, TOBIAS, "100", HALF) is None
        assert log_privately(conn, TOBIAS, "100", HALF).round_id is None
        assert me(conn, TOBIAS, found).quiet

    await database.write(use_case)


def log_privately(conn: Connection, member: Member, typed: str, now: int) -> Logged:
    return crediting.log_privately(
        conn, member, HERE, amounts.parse(typed), now=now, interaction_id=next(interactions)
    )
