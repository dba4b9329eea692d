import asyncio

import aiohttp
import discord
import pytest

from playground.faults import Delay, Phase, Reset, Status
from playground.server import Playground
from tests.playground.conftest import Scene
from tests.playground.test_messages import seen, text_channel

MESSAGES = "/channels/*/messages"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Status(503), discord.DiscordServerError),
        (Status(403, 50013), discord.Forbidden),
        (Status(404, 10003), discord.NotFound),
        (Status(403, page=True), discord.Forbidden),
    ],
)
async def test_errors(scene: Scene, fault: Status, error: type[discord.HTTPException]) -> None:
    await scene.start()
    scene.playground.faults.add("POST", MESSAGES, fault)
    with pytest.raises(error) as caught:
        await text_channel(scene).send("one")
    assert (caught.value.status, caught.value.code) == (fault.status, fault.code)
    await text_channel(scene).send("two")
    assert seen(scene) == ["two"]


async def test_a_429_is_waited_out(scene: Scene) -> None:
    await scene.start()
    scene.playground.faults.add("POST", MESSAGES, Status(429, retry_after=0.01), times=2)
    await text_channel(scene).send("one")
    sent = [r.status for r in scene.playground.requests if r.path.endswith("/messages")]
    assert sent == [429, 429, 200]


@pytest.mark.parametrize(("when", "left"), [("before", []), ("after", ["one"])])
async def test_resets(scene: Scene, when: Phase, left: list[str]) -> None:
    await scene.start()
    scene.playground.faults.add("POST", MESSAGES, Reset(when))
    with pytest.raises(aiohttp.ClientOSError):
        await text_channel(scene).send("one")
    assert seen(scene) == left


async def test_a_slow_api(scene: Scene) -> None:
    await scene.start()
    scene.playground.faults.add("POST", MESSAGES, Delay(0.05))
    before = asyncio.get_running_loop().time()
    await text_channel(scene).send("one")
    assert asyncio.get_running_loop().time() - before >= 0.05


async def test_the_hook_sees_both_sides_of_a_request(scene: Scene) -> None:
    await scene.start()
    phases: list[tuple[Phase, list[str]]] = []
    scene.playground.faults.on_request = lambda method, path, phase: phases.append(
        (phase, seen(scene))
    )
    await text_channel(scene).send("one")
    assert phases == [("before", []), ("after", ["one"])]


async def test_five_messages_in_five_seconds(scene: Scene) -> None:
    await scene.start()
    async with aiohttp.ClientSession(
        headers={"Authorization": f"Bot {scene.playground.token}"}
    ) as session:
        url = f"{scene.playground.api_url}/channels/{scene.channel}/messages"
        replies = [await session.post(url, json={"content": "x"}) for _ in range(6)]
    assert [reply.status for reply in replies] == [200] * 5 + [429]
    assert [reply.headers["X-RateLimit-Remaining"] for reply in replies] == list("432100")
    told = await replies[-1].json()
    assert 4 < told["retry_after"] <= 5
    assert "Via" in replies[-1].headers


async def test_the_global_limit(playground: Playground) -> None:
    headers = {"Authorization": f"Bot {playground.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        replies = [await session.get(f"{playground.api_url}/users/@me") for _ in range(51)]
    assert [reply.status for reply in replies] == [200] * 50 + [429]
    assert (await replies[-1].json())["global"] is True


async def test_what_is_not_simulated_is_loud(playground: Playground) -> None:
    headers = {"Authorization": f"Bot {playground.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        reply = await session.post(f"{playground.api_url}/no/such/route", json={})
        assert reply.status == 501
        assert reply.headers["Content-Type"] == "application/json"
        unauthorised = await session.get(
            f"{playground.api_url}/users/@me", headers={"Authorization": "Bot x"}
        )
        assert unauthorised.status == 401
    assert len(playground.problems) == 1
