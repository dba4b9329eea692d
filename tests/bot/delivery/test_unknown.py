"""Posts of which nobody knows whether they are up: none is lost, none is doubled."""

import asyncio

import pytest
from sqlalchemy import Connection

from bot.delivery import service as outbox
from bot.delivery.loop import Hooks
from bot.delivery.rules import Row, SendFailed, State
from tests.bot.delivery.desk import (
    HERE,
    LONG_AGO,
    PATIENCE,
    THERE,
    Desk,
    Fault,
    Message,
    grow_old,
    make_due,
)


@pytest.mark.parametrize("lands", [False, True], ids=["not posted", "posted"])
@pytest.mark.parametrize("status", [503])
async def test_an_unknown_outcome_is_asked_again_with_the_same_nonce(
    desk: Desk, status: int, lands: bool
) -> None:
    desk.discord.faults += [Fault(status, lands=lands)] * 2
    async with desk.running():
        await desk.add()
        await desk.until(State.SENT)
    assert desk.discord.requests == ["post"] * 3
    assert len({row.nonce for _, row in desk.discord.asked}) == 1
    assert desk.discord.subjects == [7]
    assert desk.told.events == ["sent 7.0"]


@pytest.mark.parametrize(
    "second", [Fault(429), Fault(401), Fault(403, 50013)], ids=["429", "401", "50013"]
)
async def test_a_refusal_does_not_make_an_earlier_unknown_outcome_known(
    desk: Desk, second: Fault
) -> None:
    """The first POST landed and its answer was lost: what the second meets changes nothing."""
    desk.discord.faults += [Fault(0, lands=True), second]
    async with desk.running() as loop:
        await desk.add()
        await desk.discord.until(lambda: len(desk.discord.asked) == 2)
        if second.status == 401:
            await asyncio.wait({loop})
        elif second.status == 403:
            await desk.until_blocked()
            # Given back only much later, when Discord has forgotten the nonce.
            desk.discord.old_nonces.add(desk.discord.messages[0].nonce)
            await desk.database.write(grow_old)
            await desk.database.write(outbox.unblock, [HERE])
        else:
            await desk.until(State.SENT)
    async with desk.running():
        await desk.until(State.SENT)
    assert desk.discord.subjects == [7]


async def test_what_was_posted_and_deleted_before_its_answer_came_is_delivered(desk: Desk) -> None:
    desk.discord.faults += [Fault(0, lands=True), Fault(404, 10008)]
    async with desk.running():
        await desk.add(parts=2)
        (first, _) = await desk.until(State.SENT, State.SENT)
    assert first.message_id is None
    assert len({row.nonce for _, row in desk.discord.asked}) == 2  # of a page each
    assert desk.told.events == ["sent 7.0", "sent 7.1"]


@pytest.mark.parametrize("landed", [True, False], ids=["found", "not found"])
async def test_what_was_begun_long_ago_is_looked_for(desk: Desk, landed: bool) -> None:
    await desk.add()
    nonce = await desk.attempted(ago=LONG_AGO)
    if landed:
        desk.discord.messages.append(Message(444, HERE, 7, 0, nonce))
    async with desk.running():
        (row,) = await desk.until(State.SENT)
    assert desk.discord.subjects == [7]
    assert desk.discord.requests == (["find"] if landed else ["find", "post"])
    assert (row.message_id == 444) is landed
    assert (row.nonce == nonce) is landed
    assert desk.told.events == ["sent 7.0"]


@pytest.mark.parametrize(
    "fault", [Fault(0), Fault(429), RuntimeError("a bug of ours")], ids=["no answer", "429", "bug"]
)
async def test_a_look_that_fails_is_no_answer(desk: Desk, fault: Fault | Exception) -> None:
    await desk.add()
    nonce = await desk.attempted(ago=LONG_AGO)
    desk.discord.messages.append(Message(444, HERE, 7, 0, nonce))
    desk.discord.faults.append(fault)
    async with desk.running():
        await desk.discord.until(lambda: desk.discord.asked)
        if isinstance(fault, Exception):
            await desk.add(8, THERE)  # the others go on meanwhile
            await desk.until(State.SENT, subject=8)
            await desk.database.write(make_due)
            desk.database.woken["outbox"].set()
        (row,) = await desk.until(State.SENT)
    assert row.message_id == 444
    assert desk.discord.subjects.count(7) == 1


async def test_where_we_may_not_look_nothing_is_guessed(desk: Desk) -> None:
    await desk.add()
    nonce = await desk.attempted(ago=LONG_AGO)
    desk.discord.messages.append(Message(444, HERE, 7, 0, nonce))
    desk.discord.faults.append(Fault(403, 50001))
    async with desk.running():
        await desk.until(State.UNCERTAIN)
        assert desk.told.events == ["blocked 7.0"]
        await desk.database.write(outbox.unblock, [HERE])
        (row,) = await desk.until(State.SENT)
    assert row.message_id == 444
    assert desk.discord.subjects == [7]
    assert desk.told.events == ["blocked 7.0", "sent 7.0"]


async def test_a_channel_that_is_gone_when_we_look_is_gone(desk: Desk) -> None:
    await desk.add()
    await desk.attempted(ago=LONG_AGO)
    desk.discord.faults.append(Fault(404, 10003))
    async with desk.running():
        await desk.until(State.GONE)
    assert desk.told.events == ["gone 7.0"]


@pytest.mark.parametrize("status", [400, 404])
async def test_a_look_that_is_refused_for_another_reason_proves_nothing(
    desk: Desk, status: int
) -> None:
    """It may be up: to give it up now would have it posted again."""
    await desk.add()
    nonce = await desk.attempted(ago=LONG_AGO)
    desk.discord.messages.append(Message(444, HERE, 7, 0, nonce))
    desk.discord.faults.append(Fault(status))
    async with desk.running():
        (row,) = await desk.until(State.SENT)
    assert row.message_id == 444
    assert desk.discord.subjects == [7]
    assert desk.told.events == ["sent 7.0"]


async def test_a_token_refused_when_we_look_ends_the_loop_and_nothing_is_doubled(
    desk: Desk,
) -> None:
    await desk.add()
    nonce = await desk.attempted(ago=LONG_AGO)
    desk.discord.messages.append(Message(444, HERE, 7, 0, nonce))
    desk.discord.faults.append(Fault(401))
    async with desk.running() as loop:
        with pytest.raises(SendFailed, match="401"):
            async with asyncio.timeout(PATIENCE):
                await loop
    async with desk.running():
        await desk.until(State.SENT)
    assert desk.discord.subjects == [7]


@pytest.mark.parametrize("lands", [False, True], ids=["before it landed", "after"])
async def test_killed_while_posting_the_next_run_settles_it(desk: Desk, lands: bool) -> None:
    desk.discord.gates[HERE] = asyncio.Event()
    desk.discord.faults.append(Fault(0, lands=lands))
    await desk.add()
    async with desk.running():
        await desk.discord.until(lambda: desk.discord.asked)
    (row,) = await desk.rows()
    assert row.state is State.SENDING
    assert len(desk.discord.messages) == lands

    desk.discord.gates.clear()
    desk.discord.faults.clear()
    if not desk.database.exclusive:
        await desk.database.write(make_due)  # another process waits for IN_FLIGHT
    async with desk.running():
        await desk.until(State.SENT)
    assert desk.discord.subjects == [7]
    assert desk.told.events == ["sent 7.0"]


async def test_a_hook_that_fails_leaves_the_message_to_be_settled(desk: Desk) -> None:
    broken = True

    def sent(conn: Connection, row: Row, now: int) -> None:
        if broken:
            raise ValueError("a bug of ours")
        desk.told.events.append("sent at last")

    desk.told.hooks = Hooks(sent=sent)
    await desk.add()
    async with desk.running():
        await desk.discord.until(lambda: desk.discord.messages)
        await desk.add(8, THERE)
        await desk.discord.until(lambda: len(desk.discord.messages) == 2)
        assert (await desk.rows())[0].state is State.SENDING
        broken = False
        await desk.database.write(make_due)
        desk.database.woken["outbox"].set()
        await desk.until(State.SENT)
    assert desk.discord.subjects.count(7) == 1
    assert "sent at last" in desk.told.events
