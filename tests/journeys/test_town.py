"""What a newcomer finds in the playground, whose people act by themselves."""

import asyncio
from pathlib import Path

from bot import app
from bot.config import Settings
from playground import town
from playground.server import Playground
from tests.conftest import running_clock

MINUTE = 60_000


async def test_a_visitor_sprints_in_company(tmp_path: Path) -> None:
    clock = running_clock()
    playground = Playground(clock)
    place = town.build(playground.world)
    async with playground, asyncio.TaskGroup() as running:
        settings = Settings(
            database_url=f"sqlite:///{tmp_path / 'town.db'}",
            discord_api_url=playground.api_url,
            discord_gateway_url=playground.gateway_url,
            _env_file=None,
        )
        tasks = [running.create_task(app.run(settings, clock, playground.token))]
        await playground.until_connected()
        tasks.append(running.create_task(town.keep_company(playground, place)))
        await town.begin_sprint(playground, place)
        visitor = playground.person(place.people[0].user_id)

        def last() -> str:
            posts = playground.world.messages(place.writing_room, visitor.id)
            return str(posts[-1]["content"]) if posts else ""

        await playground.wait_for(lambda: "In: Ines, Odalys" in last(), what="company")
        await visitor.slash(place.writing_room, "sprint join")
        clock.turn(5 * MINUTE)
        await playground.wait_for(lambda: "Go!" in last(), what="the start")
        clock.turn(15 * MINUTE)
        await playground.wait_for(lambda: "Time!" in last(), what="the bell")
        await visitor.slash(place.writing_room, "sprint words", count="+10")
        await playground.wait_for(lambda: "Results" in last(), what="the results")
        assert "**3. Tobias** · 10 words" in last()
        for task in tasks:
            task.cancel()
    assert playground.problems == []
