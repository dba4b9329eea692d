"""The bot with a clock that is turned on by the milliseconds it reads, one line each."""

import asyncio
import sys

from bot import app
from bot.clock import TurnableClock
from bot.config import Settings


async def main() -> None:
    settings, clock = Settings(), TurnableClock()
    assert settings.discord_token is not None
    async with asyncio.TaskGroup() as running:
        running.create_task(app.run(settings, clock, settings.discord_token.get_secret_value()))
        while line := await asyncio.to_thread(sys.stdin.readline):
            clock.turn(int(line))


if __name__ == "__main__":
    asyncio.run(main())
