"""Messages whose subject is gone: deleted once, whatever happens, and then forgotten."""

import asyncio

import pytest
from sqlalchemy import Connection

from bot.delivery import queue
from bot.delivery import service as outbox
from bot.delivery.rules import SendFailed, State
from bot.delivery.tables import outbox as table
from tests.bot.delivery.desk import GUILD, HERE, LONG_AGO, THERE, Desk, Fault, Message, make_due


async def test_what_is_up_is_deleted_and_forgotten(desk: Desk) -> None:
    async with desk.running():
        await desk.add(parts=3)
        await desk.add(8)
        await desk.until(*[State.SENT] * 3)
        await desk.until(State.SENT, subject=8)
        await desk.remove()
        await desk.discord.until(lambda: desk.discord.subjects == [8])
        await desk.database.write(outbox.remove, "excerpt", 8)
        await desk.until_forgotten()
    assert desk.discord.messages == []
    assert desk.discord.requests.count("delete") == 4


async def test_what_is_not_up_is_only_forgotten(desk: Desk) -> None:
    await desk.add(parts=2)
    (first, _) = await desk.rows()
    assert await desk.database.write(queue.block, first, "403", State.BLOCKED)
    await desk.remove()
    assert await desk.left() == []


async def test_until_then_nothing_kept_names_the_subject(desk: Desk) -> None:
    async with desk.running():
        await desk.add(4711, parts=2)
        await desk.until(State.SENT, State.SENT, subject=4711)
    await desk.remove(4711)

    def names(conn: Connection) -> list[tuple[str, int]]:
        return [(row.kind, row.subject) for row in conn.execute(table.select())]

    kept = await desk.database.read(names)
    assert [kind for kind, _ in kept] == [outbox.REMOVED] * 2
    assert 4711 not in [subject for _, subject in kept]
    await desk.add(4711, parts=2)  # the id may come again
    assert [row.state for row in await desk.rows(4711)] == [State.PENDING] * 2


async def test_a_private_message_stays_with_its_reader(desk: Desk) -> None:
    async with desk.running():
        await desk.database.write(
            lambda conn: outbox.add(conn, "excerpt", 7, guild_id=None, channel_id=HERE)
        )
        await desk.until(State.SENT)
    await desk.remove()
    assert await desk.left() == []
    assert desk.discord.subjects == [7]


@pytest.mark.parametrize(
    "fault",
    [Fault(429), Fault(0), Fault(503), Fault(503, lands=True)],
    ids=["429", "no answer", "503", "503, and deleted"],
)
async def test_a_deletion_that_fails_is_tried_again(desk: Desk, fault: Fault) -> None:
    async with desk.running():
        await desk.add()
        await desk.until(State.SENT)
        desk.discord.faults.append(fault)
        await desk.remove()
        await desk.until_forgotten()
    assert desk.discord.messages == []
    assert desk.discord.requests == ["post", "delete", "delete"]


@pytest.mark.parametrize("code", [10008, 10003, 10004])
async def test_what_is_gone_already_counts_as_deleted(desk: Desk, code: int) -> None:
    async with desk.running():
        await desk.add()
        await desk.until(State.SENT)
        desk.discord.faults.append(Fault(404, code))
        await desk.remove()
        await desk.until_forgotten()
    assert desk.discord.requests == ["post", "delete"]


async def test_a_missing_permission_is_waited_for(desk: Desk) -> None:
    async with desk.running():
        await desk.add()
        await desk.until(State.SENT)
        desk.discord.faults.append(Fault(403, 50001))
        await desk.remove()
        await desk.until_blocked()
        assert await desk.left() == [(State.KEPT, 500)]
        await desk.add(8)  # the channel goes on meanwhile
        await desk.until(State.SENT, subject=8)
        assert desk.discord.requests.count("delete") == 1
        assert await desk.database.read(outbox.blocked_channels, GUILD) == [HERE]
        await desk.database.write(outbox.unblock, [HERE])
        await desk.discord.until(lambda: desk.discord.subjects == [8])


async def test_new_messages_go_before_deletions(desk: Desk) -> None:
    async with desk.running():
        await desk.add()
        await desk.until(State.SENT)
    await desk.remove()
    await desk.add(8)
    async with desk.running():
        await desk.until(State.SENT, subject=8)
        await desk.discord.until(lambda: "delete" in desk.discord.requests)
    assert desk.discord.requests == ["post", "post", "delete"]


async def test_what_comes_up_while_it_is_removed_is_deleted(desk: Desk) -> None:
    gate = desk.discord.gates[HERE] = asyncio.Event()
    async with desk.running():
        await desk.add()
        await desk.discord.until(lambda: desk.discord.messages)
        await desk.remove()
        gate.set()
        await desk.until_forgotten()
    assert desk.discord.messages == []
    assert desk.told.events == []


@pytest.mark.parametrize("landed", [True, False])
async def test_what_may_have_been_posted_long_ago_is_deleted(desk: Desk, landed: bool) -> None:
    await desk.add()
    nonce = await desk.attempted(ago=LONG_AGO)
    if landed:
        desk.discord.messages.append(Message(444, HERE, 7, 0, nonce))
    await desk.remove()
    async with desk.running():
        await desk.until_forgotten()
    assert desk.discord.messages == []
    assert desk.discord.requests == ["delete"]


async def test_killed_while_deleting_the_next_run_goes_on(desk: Desk) -> None:
    async with desk.running():
        for subject in (7, 8):
            await desk.add(subject, THERE)
            await desk.until(State.SENT, subject=subject)
    await desk.remove(7)
    await desk.remove(8)
    rows = await desk.database.read(queue.due, 1 << 50)
    assert await desk.database.write(queue.begin_deletion, rows[0], 1 << 49)
    assert not await desk.database.write(queue.begin_deletion, rows[0], 1 << 49)
    if not desk.database.exclusive:
        await desk.database.write(make_due)  # another process waits for IN_FLIGHT
    async with desk.running():
        await desk.until_forgotten()
    assert desk.discord.messages == []


async def test_a_token_refused_for_a_deletion_ends_the_loop_and_loses_nothing(desk: Desk) -> None:
    async with desk.running() as loop:
        await desk.add()
        await desk.until(State.SENT)
        desk.discord.faults.append(Fault(401))
        await desk.remove()
        with pytest.raises(SendFailed, match="401"):
            async with asyncio.timeout(30):
                await loop
    assert await desk.left() == [(State.DELETING, 500)]
