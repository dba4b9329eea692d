import asyncio
from datetime import UTC, datetime

import discord
import pytest

from bot.clock import TurnableClock
from playground.server import Playground
from tests.playground.conftest import Scene
from tests.playground.test_messages import text_channel


async def test_waiting_ends_with_the_event_that_makes_it_true(playground: Playground) -> None:
    world = playground.world
    ada = world.user("ada")
    channel = world.channel(world.guild("Writers", ada), "general")
    waiting = asyncio.create_task(
        playground.wait_for(lambda: world.messages(channel, ada), what="a message")
    )
    await asyncio.sleep(0)
    playground.person(ada).say(channel, "here")
    assert (await waiting)[0]["content"] == "here"


async def test_waiting_in_vain_says_for_what(playground: Playground) -> None:
    with pytest.raises(TimeoutError, match="a miracle"):
        await playground.wait_for(lambda: False, 0.01, "a miracle")
    with pytest.raises(TimeoutError, match="test_server"):
        await playground.wait_for(lambda: False, 0.01)


async def test_ids_and_timestamps_are_of_the_turned_clock() -> None:
    now = 1_800_000_000_000
    clock = TurnableClock(lambda: now)
    async with Playground(clock) as playground:
        world = playground.world
        ada = world.user("ada")
        channel = world.channel(world.guild("Writers", ada), "general")
        before = playground.person(ada).say(channel, "today")
        clock.turn(86_400_000)
        after = playground.person(ada).say(channel, "tomorrow")
        first, second = world.messages(channel, ada)
        assert first["timestamp"] == datetime.fromtimestamp(now / 1000, UTC).isoformat()
        assert discord.Object(after).created_at.date().isoformat() == second["timestamp"][:10]
        assert before < after
        now -= 5_000  # the machine's clock is set back
        assert playground.person(ada).say(channel, "later") > after


async def test_bad_requests_are_refused_and_recorded(scene: Scene) -> None:
    await scene.start()
    with pytest.raises(discord.HTTPException) as caught:
        await text_channel(scene).send("x" * 2001)
    assert caught.value.code == 50035
    message = await text_channel(scene).send("x")
    with pytest.raises(discord.HTTPException) as empty:
        await message.edit(content="")
    assert empty.value.code == 50006
    assert len(scene.playground.problems) == 2
    assert "over 2000" in scene.playground.problems[0]
    scene.playground.problems.clear()


async def test_requests_are_logged(scene: Scene) -> None:
    await scene.start()
    await text_channel(scene).send("x")
    last = scene.playground.requests[-1]
    assert (last.method, last.path) == ("POST", f"/channels/{scene.channel}/messages")
    assert (last.body["content"], last.status) == ("x", 200)
