"""What is up and has changed since."""

import asyncio

import pytest

from bot.delivery import queue
from bot.delivery import service as outbox
from bot.delivery.rules import SendFailed, State
from tests.bot.delivery.desk import GUILD, HERE, LONG_AGO, Desk, Fault, Message, make_due


async def test_edits_are_coalesced_and_the_last_state_is_shown(desk: Desk) -> None:
    async with desk.running():
        await desk.add()
        (row,) = await desk.until(State.SENT)
        gate = desk.discord.gates[HERE] = asyncio.Event()
        for state in range(1, 6):  # the first is on its way while the others come
            desk.discord.shows = state
            await desk.database.write(outbox.mark_dirty, "excerpt", 7)
            await desk.discord.until(lambda: "edit" in desk.discord.requests)
        gate.set()
        await desk.discord.until(lambda: desk.discord.requests.count("edit") == 2)
        await desk.add(8)
        await desk.until(State.SENT, subject=8)
    assert row.message_id is not None
    assert desk.discord.shown[row.message_id] == 5
    assert desk.discord.requests.count("edit") == 2


async def test_a_change_while_the_post_is_on_its_way_is_shown_in_the_end(desk: Desk) -> None:
    gate = desk.discord.gates[HERE] = asyncio.Event()
    async with desk.running():
        await desk.add()
        await desk.discord.until(lambda: desk.discord.asked)
        desk.discord.shows = 1
        await desk.database.write(outbox.mark_dirty, "excerpt", 7)
        gate.set()
        await desk.until(State.SENT)
        await desk.discord.until(lambda: desk.discord.shown[500] == 1)


@pytest.mark.parametrize("fault", [Fault(500), Fault(400, 30046)], ids=["500", "30046"])
async def test_an_edit_that_is_refused_for_now_is_made_later(desk: Desk, fault: Fault) -> None:
    async with desk.running():
        await desk.add()
        await desk.until(State.SENT)
        desk.discord.shows = 1
        desk.discord.faults.append(fault)
        await desk.database.write(outbox.mark_dirty, "excerpt", 7)
        await desk.discord.until(lambda: desk.discord.requests.count("edit") == 2)
    assert desk.discord.shown == {500: 1}


async def test_an_edit_of_what_is_deleted_is_given_up(desk: Desk) -> None:
    async with desk.running():
        await desk.add()
        await desk.until(State.SENT)
        desk.discord.faults.append(Fault(404, 10008))
        await desk.database.write(outbox.mark_dirty, "excerpt", 7)
        await desk.discord.until(lambda: "edit" in desk.discord.requests)
        await desk.add(8)
        await desk.until(State.SENT, subject=8)
    assert desk.discord.requests.count("edit") == 1
    assert (await desk.rows())[0].state is State.SENT


async def test_a_token_refused_for_an_edit_ends_the_loop_and_the_edit_is_made_later(
    desk: Desk,
) -> None:
    async with desk.running() as loop:
        await desk.add()
        await desk.until(State.SENT)
        desk.discord.shows = 1
        desk.discord.faults.append(Fault(401))
        await desk.database.write(outbox.mark_dirty, "excerpt", 7)
        await desk.discord.until(lambda: "edit" in desk.discord.requests)
        with pytest.raises(SendFailed, match="401"):
            async with asyncio.timeout(30):
                await loop
    if not desk.database.exclusive:
        await desk.database.write(make_due)  # another process waits for IN_FLIGHT
    async with desk.running():
        await desk.discord.until(lambda: desk.discord.requests.count("edit") == 2)
    assert desk.discord.shown == {500: 1}


async def test_an_edit_that_lacks_a_permission_waits_for_it(desk: Desk) -> None:
    async with desk.running():
        await desk.add()
        await desk.until(State.SENT)
        desk.discord.shows = 1
        desk.discord.faults.append(Fault(403, 50001))
        await desk.database.write(outbox.mark_dirty, "excerpt", 7)
        await desk.until_blocked()
        await desk.add(8)  # the channel goes on meanwhile
        await desk.until(State.SENT, subject=8)
        assert desk.discord.requests.count("edit") == 1
        assert await desk.database.read(outbox.blocked_channels, GUILD) == [HERE]
        await desk.database.write(outbox.unblock, [HERE])
        await desk.discord.until(lambda: desk.discord.shown[500] == 1)
    assert await desk.database.read(outbox.blocked_channels, GUILD) == []


async def test_what_may_have_been_posted_is_edited_once_it_is_found(desk: Desk) -> None:
    await desk.add()
    nonce = await desk.attempted(ago=LONG_AGO)
    (row,) = await desk.rows()
    assert await desk.database.write(queue.block, row, "403", State.UNCERTAIN)
    desk.discord.messages.append(Message(500, HERE, 7, 0, nonce))
    desk.discord.shows = 1
    await desk.database.write(outbox.mark_dirty, "excerpt", 7)
    await desk.database.write(outbox.unblock, [HERE])
    async with desk.running():
        await desk.discord.until(lambda: desk.discord.shown.get(500) == 1)
    assert "post" not in desk.discord.requests
