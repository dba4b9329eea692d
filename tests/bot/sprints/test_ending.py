"""Ending and cancelling a sprint: who may, and what becomes of it."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import Conflict, NotAllowed, NotFound
from bot.people import service as people
from bot.people.service import Member
from bot.sprints import bell, counting, records, service
from bot.sprints.records import Round
from bot.sprints.rules import Means, State
from bot.sprints.service import Asked
from bot.words import projects
from bot.words.amounts import Amount, Sign
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
    ODALYS,
    TOBIAS,
    again,
    declare,
    deliver,
    join,
    promises,
    refused,
    rung,
    started,
    turn,
    unchanged,
    undo,
    words,
)

OTHER = Member(5, "Aurelio", ELSEWHERE)  # of another server


@pytest.mark.parametrize("wait", [0, 2])
async def test_the_last_one_out_cancels_and_the_starter_going_does_not(
    database: Database, wait: int
) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, TOBIAS, wait=wait)
        assert leave(conn, MARA, found).state.live
        over = leave(conn, TOBIAS, found)
        assert (over.state, over.why) == (State.CANCELLED, "everyone has left")
        assert records.live(conn, GUILD, HERE) is None
        with refused(conn, Conflict, "is over"):
            join(conn, MARA, found, NOW)
        with unchanged(conn):
            turn(conn, NOW + DAY)

    await database.write(use_case)


async def test_the_last_one_out_while_counting_has_the_results(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = rung(conn, TOBIAS)
        declare(conn, MARA, found, "+100", found.ends_at)
        assert leave(conn, TOBIAS, found, found.ends_at).state is State.FINISHED
        assert promises(conn, found) == [bell.BOARD, bell.BELL, bell.RESULTS]

    await database.write(use_case)


async def test_the_last_one_waited_for_who_is_there_quietly_has_the_results(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        found = rung(conn, TOBIAS)
        counting.declare(
            conn, MARA, GUILD, found.id, Amount(Sign.MORE, 100), now=found.ends_at,
            interaction_id=901, final=True,
        )  # fmt: skip
        assert again(conn, found).state is State.COUNTING
        project = projects.default(conn, people.person_id(conn, TOBIAS, NOW), NOW)
        join(conn, TOBIAS, found, found.ends_at, quiet=True, project_id=project)
        assert again(conn, found).state is State.FINISHED

    await database.write(use_case)


async def test_the_counting_minutes_are_too_late_to_join_and_not_to_count(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        found = rung(conn)
        with refused(conn, Conflict, "/sprint words"), unchanged(conn):
            join(conn, TOBIAS, found, found.ends_at)
        done = declare(conn, TOBIAS, found, "+250", found.ends_at + MINUTE)
        assert (done.me.written, done.me.joined_at) == (250, found.starts_at)

    await database.write(use_case)


@pytest.mark.parametrize(
    ("member", "moderator", "may"),
    [(MARA, False, True), (TOBIAS, False, False), (ODALYS, True, True), (ODALYS, False, False)],
)
async def test_who_may_end(database: Database, member: Member, moderator: bool, may: bool) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, TOBIAS)
        now = NOW + 10 * MINUTE
        if may:
            ended = service.end(conn, member, GUILD, found.id, now, moderator=moderator)
            assert (ended.state, ended.ends_at, ended.late) == (State.COUNTING, now, 0)
            assert ended.counting_until == now + 3 * MINUTE
            over = service.end(conn, member, GUILD, found.id, now, moderator=moderator)
            assert over.state is State.FINISHED
            with refused(conn, Conflict, "is over"):
                service.end(conn, MARA, GUILD, found.id, now, moderator=True)
        else:
            with refused(conn, NotAllowed, "started the sprint"), unchanged(conn):
                service.end(conn, member, GUILD, found.id, now, moderator=moderator)

    await database.write(use_case)


async def test_without_its_starter_anyone_in_it_may_end(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, TOBIAS)
        leave(conn, MARA, found)
        with refused(conn, NotAllowed, "started the sprint"):
            service.end(conn, INES, GUILD, found.id, NOW, moderator=False)
        ended = service.end(conn, TOBIAS, GUILD, found.id, NOW + MINUTE, moderator=False)
        assert ended.state is State.COUNTING

    await database.write(use_case)


async def test_what_has_not_begun_cannot_be_ended(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, wait=2)
        with refused(conn, Conflict, "/sprint cancel"), unchanged(conn):
            service.end(conn, MARA, GUILD, found.id, NOW, moderator=False)

    await database.write(use_case)


@pytest.mark.parametrize(
    ("others", "member", "moderator", "done", "why"),
    [
        ([], MARA, False, True, "by its starter"),
        ([TOBIAS], MARA, False, False, None),
        ([TOBIAS], TOBIAS, False, False, None),
        ([TOBIAS], ODALYS, True, True, "by a moderator"),
        ([TOBIAS], MARA, True, True, "by its starter"),
    ],
)
async def test_who_may_cancel_alone(
    database: Database,
    others: list[Member],
    member: Member,
    moderator: bool,
    done: bool,
    why: str | None,
) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, *others)
        assert cancel(conn, member, found, moderator=moderator) is done
        assert again(conn, found).state is (State.CANCELLED if done else State.RUNNING)
        assert again(conn, found).why == why

    await database.write(use_case)


async def test_a_second_participant_agrees(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        def agree(member: Member, proposer: Member) -> Round:
            return service.agree(conn, member, GUILD, found.id, proposer.discord_id, NOW)

        found = started(conn, TOBIAS, INES)
        declare(conn, INES, found, "+100", NOW + MINUTE)
        leave(conn, INES, found)
        with refused(conn, NotAllowed, "Only those in the sprint can cancel"):
            cancel(conn, ODALYS, found)
        assert not cancel(conn, TOBIAS, found)
        with unchanged(conn):
            for member in (TOBIAS, ODALYS, INES):
                with refused(conn, NotAllowed, "agree"):
                    agree(member, TOBIAS)
        over = agree(MARA, TOBIAS)
        assert (over.state, over.why) == (State.CANCELLED, "by those in it")
        with refused(conn, Conflict, "is over"):
            agree(MARA, TOBIAS)
        with refused(conn, Conflict, "is over"):
            cancel(conn, MARA, found)

    await database.write(use_case)


async def test_after_the_bell_only_a_moderator_cancels(database: Database) -> None:
    """Counts are in: an old proposal is none any more, and there is no new one."""

    def use_case(conn: Connection) -> None:
        found = started(conn, TOBIAS, INES)
        assert not cancel(conn, TOBIAS, found)
        turn(conn, found.ends_at)
        declare(conn, INES, found, "+400", found.ends_at)
        with unchanged(conn):
            with refused(conn, Conflict, "bell has rung.*moderator"):
                service.agree(conn, MARA, GUILD, found.id, TOBIAS.discord_id, found.ends_at)
            for member in (MARA, TOBIAS):
                with refused(conn, Conflict, "bell has rung.*moderator"):
                    cancel(conn, member, found)
        assert cancel(conn, ODALYS, found, moderator=True)
        assert again(conn, found).state is State.CANCELLED

    await database.write(use_case)


async def test_why_no_other_sprint_can_start_yet(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        with refused(conn, Conflict, "/sprint join"):
            started(conn, starter=TOBIAS)
        turn(conn, found.ends_at)
        for after, minutes in ((0, "3 more minutes"), (150_000, "1 more minute ")):
            with refused(conn, Conflict, f"still being counted, for {minutes}"):
                started(conn, starter=TOBIAS, now=found.ends_at + after)

    await database.write(use_case)


async def test_what_was_written_in_a_cancelled_sprint_is_kept(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn)
        declare(conn, MARA, found, "+100", NOW + MINUTE)
        deliver(conn, NOW)
        assert cancel(conn, MARA, found)
        assert words(conn, MARA) == 100
        with refused(conn, Conflict, "was cancelled"):
            declare(conn, MARA, found, "+100", NOW + MINUTE)
        undo(conn, MARA, found, NOW + DAY)
        assert words(conn, MARA) == 0
        with refused(conn, Conflict, "was cancelled.*/words history"):
            undo(conn, MARA, found, NOW + DAY + 1)

    await database.write(use_case)


async def test_another_servers_sprints_are_not_there(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        found = started(conn, rounds=2)
        declare(conn, MARA, found, "+100", NOW + MINUTE)
        number, there = found.id, OTHER
        attempts: list[Callable[[], object]] = [
            lambda: records.get(conn, ELSEWHERE, number),
            lambda: service.join(conn, there, ELSEWHERE, number, now=NOW),
            lambda: service.leave(conn, MARA, ELSEWHERE, number, NOW),
            lambda: service.end(conn, there, ELSEWHERE, number, NOW, moderator=True),
            lambda: service.cancel(conn, there, ELSEWHERE, number, NOW, moderator=True),
            lambda: service.agree(conn, MARA, ELSEWHERE, number, 2, NOW),
            lambda: service.remove_title(conn, ELSEWHERE, number),
            lambda: counting.declare(
                conn, there, ELSEWHERE, number, declared, now=NOW, interaction_id=1
            ),
            lambda: counting.clarify(
                conn, MARA, ELSEWHERE, number, 5, Means.WRITTEN, now=NOW, interaction_id=2
            ),
            lambda: counting.undo(conn, MARA, ELSEWHERE, number, now=NOW, interaction_id=3),
            lambda: records.get(conn, GUILD, number + 1),
        ]
        with unchanged(conn):
            for attempt in attempts:
                with refused(conn, NotFound, "not here any more"):
                    attempt()
        assert records.live(conn, ELSEWHERE, HERE) is None

    declared = Amount(Sign.MORE, 5)
    await database.write(use_case)


async def test_a_start_delivered_twice_is_one(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        def start(member: Member = MARA) -> Round:
            asked = Asked(NOW, 20)
            return service.start(conn, member, GUILD, HERE, asked, now=NOW, interaction_id=77)

        found = start()
        with unchanged(conn):
            assert start() == found
        cancel(conn, MARA, found)
        with unchanged(conn):
            assert start().id == found.id  # and does not begin another

    await database.write(use_case)
