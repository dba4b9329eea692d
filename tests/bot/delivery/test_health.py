"""What a server is told of its messages, and trying them again."""

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.delivery import health, queue
from bot.delivery import service as outbox
from bot.delivery.health import OFTEN
from bot.delivery.rules import State
from tests.bot.delivery.desk import GUILD, HERE, LONG_AGO, THERE, Desk, Fault, Message, grow_old
from tests.bot.delivery.test_service import NOW, REAL, add, one, read

ELSEWHERE = GUILD + 1


def stuck(conn: Connection) -> list[tuple[int, State]]:
    assert health.stuck(conn, ELSEWHERE) == []
    return [(message.subject, message.state) for message in health.stuck(conn, GUILD)]


async def test_the_last_message_of_a_server(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        assert health.last_sent(conn, GUILD) is None
        for subject, channel_id, now in ((7, HERE, NOW + 5), (8, THERE, NOW)):
            (row,) = add(conn, subject, channel_id)
            assert queue.begin(conn, row, REAL)
            assert queue.sent(conn, read(conn, subject)[0], 500 + subject, now)
        add(conn, 9)
        last = health.last_sent(conn, GUILD)
        assert last is not None
        assert (last.subject, last.channel_id, last.sent_at) == (7, HERE, NOW + 5)
        assert health.last_sent(conn, ELSEWHERE) is None

    await database.write(use_case)


async def test_what_has_been_tried_often_is_stuck_and_is_left_to_its_backoff(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        add(conn)
        for attempt in range(OFTEN):
            assert stuck(conn) == []
            assert queue.begin(conn, one(conn), REAL)
            if attempt < OFTEN - 1:
                assert queue.try_again(conn, one(conn), "429", REAL)
        assert queue.try_again(conn, one(conn), "429", REAL + 3_600_000)
        assert stuck(conn) == [(7, State.PENDING)]
        assert health.stuck(conn, GUILD)[0].next_try == REAL + 3_600_000
        health.try_again(conn, GUILD)
        assert queue.due(conn, REAL + 3_599_999) == []  # as Discord asked
        assert queue.begin(conn, one(conn), REAL)
        assert queue.sent(conn, one(conn), 555, NOW)
        assert stuck(conn) == []

    await database.write(use_case)


async def test_an_edit_that_is_tried_often_is_stuck(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        (row,) = add(conn)
        assert queue.begin(conn, row, REAL)
        assert queue.sent(conn, one(conn), 555, NOW)
        outbox.mark_dirty(conn, "excerpt", 7)
        for _ in range(OFTEN):
            assert stuck(conn) == []
            assert queue.begin_edit(conn, one(conn), REAL)
            queue.edit_later(conn, one(conn), "30046", REAL)
        assert stuck(conn) == [(7, State.SENT)]

    await database.write(use_case)


async def test_what_was_refused_is_posted_as_if_for_the_first_time(desk: Desk) -> None:
    desk.discord.faults.append(Fault(400, 50035))
    async with desk.running():
        await desk.add(parts=2)
        (refused, _) = await desk.until(State.FAILED, State.PENDING)
        await desk.database.write(grow_old)  # of days: the nonce is no longer known
        assert await desk.database.read(stuck) == [(7, State.FAILED)]
        await desk.database.write(health.try_again, ELSEWHERE)
        assert (await desk.rows())[0].state is State.FAILED
        for _ in range(2):
            await desk.database.write(health.try_again, GUILD)
        (posted, _) = await desk.until(State.SENT, State.SENT)
    assert posted.nonce != refused.nonce
    assert desk.discord.requests == ["post"] * 3  # nobody needs to look for it
    assert await desk.database.read(stuck) == []


@pytest.mark.parametrize("given", [True, False], ids=["given back", "still missing"])
async def test_what_waits_for_a_permission_is_tried_once(desk: Desk, given: bool) -> None:
    forbidden = Fault(403, 50013)
    desk.discord.faults.append(forbidden)
    async with desk.running():
        await desk.add()
        await desk.until(State.BLOCKED)
        assert await desk.database.read(stuck) == [(7, State.BLOCKED)]
        if not given:
            desk.discord.faults.append(forbidden)
        await desk.database.write(health.try_again, GUILD)
        await desk.discord.until(lambda: len(desk.discord.asked) == 2)
        await desk.until(State.SENT if given else State.BLOCKED)
    assert desk.discord.requests == ["post"] * 2


async def test_what_may_be_up_is_looked_for_when_it_is_tried_again(desk: Desk) -> None:
    await desk.add()
    nonce = await desk.attempted(ago=LONG_AGO)
    desk.discord.messages.append(Message(444, HERE, 7, 0, nonce))
    desk.discord.faults.append(Fault(403, 50001))
    async with desk.running():
        await desk.until(State.UNCERTAIN)
        assert await desk.database.read(stuck) == [(7, State.UNCERTAIN)]
        await desk.database.write(health.try_again, GUILD)
        await desk.until(State.SENT)
    assert desk.discord.requests == ["find", "find"]
    assert desk.discord.subjects == [7]


async def test_what_may_not_be_deleted_is_tried_once_more(desk: Desk) -> None:
    async with desk.running():
        await desk.add()
        await desk.until(State.SENT)
        desk.discord.faults.append(Fault(403, 50013))
        await desk.remove()
        await desk.until_blocked()
        assert [state for _, state in await desk.database.read(stuck)] == [State.KEPT]
        await desk.database.write(health.try_again, GUILD)
        await desk.until_forgotten()
    assert desk.discord.messages == []


async def test_what_has_no_channel_any_more_is_not_stuck(desk: Desk) -> None:
    desk.discord.faults.append(Fault(404, 10003))
    async with desk.running():
        await desk.add()
        await desk.until(State.GONE)
        assert await desk.database.read(stuck) == []
        await desk.database.write(health.try_again, GUILD)
        assert (await desk.rows())[0].state is State.GONE
    assert desk.discord.requests == ["post"]
