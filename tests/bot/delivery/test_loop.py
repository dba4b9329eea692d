"""The loop against channels kept in memory."""

import asyncio

import pytest
from sqlalchemy import Connection

from bot.clock import system_now
from bot.db import facts
from bot.delivery import queue
from bot.delivery.rules import SendFailed, State
from bot.delivery.service import EXCERPTS, NOTICES
from tests.bot.delivery.desk import HERE, PATIENCE, START, THERE, Desk, Fault, make_due


async def test_a_message_is_posted_and_its_id_is_kept(desk: Desk) -> None:
    async with desk.running():
        await desk.add()
        (row,) = await desk.until(State.SENT)
    assert row.message_id == 500
    assert desk.discord.subjects == [7]
    assert desk.told.events == ["sent 7.0"]


@pytest.mark.parametrize(
    ("fault", "state", "event"),
    [
        (Fault(403, 50013), State.BLOCKED, "blocked"),
        (Fault(404, 10003), State.GONE, "gone"),
        (Fault(400, 50035), State.FAILED, "refused"),
        (Fault(404, 10008), State.SENT, "sent"),  # it was up, and someone deleted it
    ],
    ids=str,
)
async def test_each_refusal_has_its_state_and_its_hook(
    desk: Desk, fault: Fault, state: State, event: str
) -> None:
    desk.discord.faults.append(fault)
    async with desk.running():
        await desk.add(parts=2)
        after = State.SENT if state is State.SENT else State.PENDING
        await desk.until(state, after)
        await desk.add(8, THERE)
        await desk.until(State.SENT, subject=8)
    told = [one for one in desk.told.events if not one.endswith("8.0")]
    assert told[0] == f"{event} 7.0"
    assert len(told) == 1 + (state is State.SENT)
    assert desk.discord.subjects.count(7) == (state is State.SENT)


async def test_a_token_that_is_no_longer_good_ends_the_loop_and_loses_nothing(
    desk: Desk,
) -> None:
    desk.discord.faults.append(Fault(401))
    await desk.add()
    async with desk.running() as loop:
        with pytest.raises(SendFailed, match="401"):
            async with asyncio.timeout(PATIENCE):
                await loop
    async with desk.running():
        await desk.until(State.SENT)
    assert desk.discord.subjects == [7]


async def test_too_many_requests_is_obeyed(desk: Desk) -> None:
    desk.discord.faults.append(Fault(429, wait=3_600_000))
    before = system_now()
    async with desk.running():
        await desk.add()
        await desk.discord.until(lambda: desk.discord.asked)
        await desk.until(State.PENDING)
        await desk.add(8)
        await desk.until(State.SENT, subject=8)
    assert [row.subject for _, row in desk.discord.asked] == [7, 8]
    assert await desk.database.read(queue.due, before + 3_599_000) == []
    assert len(await desk.database.read(queue.due, system_now() + 3_600_000)) == 1


async def test_pages_follow_each_other_whatever_happens(desk: Desk) -> None:
    desk.discord.faults += [Fault(500, lands=True), None, Fault(429), None, Fault(0)]
    async with desk.running():
        await desk.add(parts=4)
        await desk.until(*[State.SENT] * 4)
    assert [message.part for message in desk.discord.messages] == [0, 1, 2, 3]
    assert desk.told.events == [f"sent 7.{part}" for part in range(4)]


async def test_a_channel_has_its_messages_in_order_the_urgent_first(desk: Desk) -> None:
    for subject, priority in ((1, NOTICES), (2, EXCERPTS), (3, NOTICES), (4, EXCERPTS)):
        await desk.add(subject, priority=priority)
    async with desk.running():
        await desk.until(State.SENT, subject=3)
    assert desk.discord.subjects == [2, 4, 1, 3]


async def test_a_slow_channel_holds_up_no_other(desk: Desk) -> None:
    gate = desk.discord.gates[HERE] = asyncio.Event()
    async with desk.running():
        await desk.add(1, HERE)
        await desk.discord.until(lambda: desk.discord.asked)
        for subject in (2, 3):
            await desk.add(subject, THERE)
            await desk.until(State.SENT, subject=subject)
        await desk.add(4, HERE)
        assert [row.state for row in await desk.rows(1)] == [State.SENDING]
        gate.set()
        await desk.until(State.SENT, subject=4)
    here = [message.subject for message in desk.discord.messages if message.channel_id == HERE]
    assert here == [1, 4]


async def test_what_is_too_late_is_withdrawn_and_never_posted(desk: Desk) -> None:
    await desk.add(7, parts=2, not_after=START - 1)
    await desk.add(8, not_after=START)
    async with desk.running():
        await desk.until(State.SENT, subject=8)
    assert desk.told.events == ["withdrawn 7.0", "sent 8.0"]
    assert desk.discord.subjects == [8]


async def test_a_failing_renderer_holds_up_no_other(desk: Desk) -> None:
    desk.discord.faults.append(KeyError("no renderer"))
    await desk.add()
    async with desk.running():
        await desk.discord.until(lambda: desk.discord.asked)
        await desk.add(8)
        await desk.until(State.SENT, subject=8)
        await desk.database.write(make_due)
        desk.database.woken["outbox"].set()
        await desk.until(State.SENT)
    assert sorted(desk.discord.subjects) == [7, 8]


async def test_a_database_that_is_away_for_a_moment_ends_nothing(desk: Desk) -> None:
    def rename(conn: Connection, name: str, new: str) -> None:
        conn.exec_driver_sql(f"ALTER TABLE {name} RENAME TO {new}")

    gate = desk.discord.gates[HERE] = asyncio.Event()
    async with desk.running() as loop:
        await desk.add()
        await desk.discord.until(lambda: desk.discord.messages)
        await desk.database.write(rename, "outbox", "away")
        gate.set()
        for _ in range(50):
            await desk.database.read(facts.recall, "whatever")  # it has time to fail
        await desk.database.write(rename, "away", "outbox")
        await desk.database.write(make_due)
        desk.database.woken["outbox"].set()
        await asyncio.wait(
            {loop, asyncio.create_task(desk.until(State.SENT))}, return_when=asyncio.FIRST_COMPLETED
        )
        assert not loop.done()
    assert desk.discord.subjects == [7]
