"""Discord on its bad days, while the bot starts: it waits, says so, and goes on by itself."""

import re
from pathlib import Path

import pytest

from playground.faults import Reset, Status
from tests.journeys.own_process import environment, poll, started
from tests.journeys.stage import Stage

COMMANDS = "/applications/*/commands"

# How often the login meets it: after a 500 discord.py itself asks five times.
ILLNESSES = [
    (Status(503), 2),
    (Status(500), 5),
    (Status(403, page=True), 2),
    (Status(429, page=True), 2),
    (Status(401, page=True), 2),
    (Status(200, page=True), 2),
    (Status(403, 50001), 2),
    (Reset("before"), 2),
]


@pytest.mark.parametrize(("illness", "times"), ILLNESSES, ids=str)
async def test_at_the_login_the_commands_and_the_gateway(
    empty_stage: Stage, tmp_path: Path, illness: Status | Reset, times: int
) -> None:
    faults, requests = empty_stage.playground.faults, empty_stage.playground.requests
    faults.add("GET", "/users/@me", illness, times)
    faults.add("PUT", COMMANDS, illness, 1 if times == 5 else times)
    faults.add("CONNECT", "/gateway", illness, 2)
    async with started(tmp_path, environment(empty_stage)) as bot:
        assert "Cliffhanger is running" in await bot.line()
        await empty_stage.playground.until_connected(60)
        await empty_stage.playground.wait_for(
            lambda: [r for r in requests if r.method == "PUT" and r.status == 200], 60, "commands"
        )
        assert not (await empty_stage.tobias.slash(empty_stage.stories, "help")).failed
        await bot.stop()
    status = 0 if isinstance(illness, Reset) else illness.status
    asked = [(r.path, r.status) for r in requests if r.path == "/users/@me"]
    assert asked == [("/users/@me", status)] * times + [("/users/@me", 200)]
    assert "Discord won't let me log in" in bot.said
    assert "Discord won't let me connect" in bot.said


async def test_it_waits_longer_each_time(empty_stage: Stage, tmp_path: Path) -> None:
    empty_stage.playground.faults.add("GET", "/users/@me", Status(503), times=1000)
    async with started(tmp_path, environment(empty_stage)) as bot:
        await poll(lambda: bot.said.count("Trying again") >= 3)
        await bot.stop()
    waits = re.findall(r"it answered 503\. Trying again in (\d+) s", bot.said)
    assert waits[:3] == ["1", "2", "4"]


async def test_it_waits_as_long_as_discord_asks(empty_stage: Stage, tmp_path: Path) -> None:
    empty_stage.playground.faults.add("GET", "/users/@me", Status(429, retry_after=3600))
    async with started(tmp_path, environment(empty_stage)) as bot:
        await poll(lambda: "Trying again in 3600 s" in bot.said)
        await bot.stop()


async def test_commands_that_are_refused_for_good_hold_up_nothing_else(
    empty_stage: Stage, tmp_path: Path
) -> None:
    empty_stage.playground.faults.add("PUT", COMMANDS, Status(400, 50035), times=1000)
    async with started(tmp_path, environment(empty_stage)) as bot:
        await empty_stage.playground.until_connected(60)
        assert bot.process.returncode is None
        await bot.stop()
    empty_stage.playground.problems.clear()


@pytest.mark.parametrize("path", ["/users/@me", COMMANDS])
async def test_a_refused_token_ends_it(empty_stage: Stage, tmp_path: Path, path: str) -> None:
    refused = Status(401, message="401: Unauthorized")
    empty_stage.playground.faults.add("*", path, refused, times=1000)
    async with started(tmp_path, environment(empty_stage)) as bot:
        assert await bot.end() == 1
    assert bot.said.endswith("Discord refuses this DISCORD_TOKEN. Reset it and copy the new one.\n")
    assert "Traceback" not in bot.said
