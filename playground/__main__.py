"""`python -m playground`: the bot, connected to a Discord on this machine, and a page to see it."""

import asyncio
import errno
import logging
import os
import sys
import tempfile
from pathlib import Path
from typing import Annotated

from bot.process import quit_on_signals, run_until_stopped, say

if __name__ == "__main__":  # what follows takes two seconds to load
    quit_on_signals(0)

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import app
from bot.clock import TurnableClock
from bot.config import Settings, complaints
from playground import page, town
from playground.server import Playground


class PlaygroundSettings(BaseSettings):
    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore")

    playground_port: Annotated[int, Field(ge=1, le=65535)] = 8484


async def play(port: int) -> None:
    clock = TurnableClock()
    playground = Playground(clock, port)
    place = town.build(playground.world)
    playground.app.add_routes(
        page.routes(playground, place.people, place.guild_id, place.story_channel)
    )
    with tempfile.TemporaryDirectory() as folder:
        async with playground:
            settings = Settings(
                database_url=f"sqlite:///{Path(folder) / 'playground.db'}",
                discord_api_url=playground.api_url,
                discord_gateway_url=playground.gateway_url,
            )
            async with asyncio.TaskGroup() as running:
                running.create_task(app.run(settings, clock, playground.token))
                await playground.until_connected()
                running.create_task(town.keep_company(playground, place))
                await town.begin(playground, place)
                await town.begin_sprint(playground, place)
                say(_welcome(port))


def _welcome(port: int) -> str:
    lines = [f"Cliffhanger is running: open http://127.0.0.1:{port} (Ctrl-C stops it)"]
    if os.environ.get("SSH_CONNECTION"):
        lines.append(
            "This machine is reached over SSH, so first, on your own: "
            f"ssh -L {port}:127.0.0.1:{port} {os.environ.get('USER', 'you')}@this-machine"
        )
    return "\n".join(lines)


def main() -> int:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("discord").setLevel(logging.ERROR)  # it takes a quick answer for a late one
    try:
        port = PlaygroundSettings().playground_port
        Settings()
    except (OSError, ValueError) as error:
        print(complaints(error), file=sys.stderr)
        return 2
    try:
        run_until_stopped(play(port))
    except OSError as error:
        why = f"The playground can't start: {error}"
        if error.errno == errno.EADDRINUSE:
            why = f"Port {port} is taken. Try: PLAYGROUND_PORT={port + 1} make run"
        print(why, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
