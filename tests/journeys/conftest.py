from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from bot.clock import system_now
from tests.conftest import NewDatabase
from tests.journeys.mortal import Mortals
from tests.journeys.stage import Stage


@pytest.fixture
async def stage(new_sqlite: NewDatabase) -> AsyncIterator[Stage]:
    async with running(new_sqlite()) as stage:
        yield stage


@pytest.fixture
async def empty_stage(new_sqlite: NewDatabase) -> AsyncIterator[Stage]:
    """Without a bot: for one in a process of its own, which has the real time alone."""
    stage = Stage(new_sqlite(), datetime.fromtimestamp(system_now() / 1000, UTC))
    async with stage.playground:
        yield stage
        await stage.close()


@pytest.fixture
async def stage_on_either(database_url: str) -> AsyncIterator[Stage]:
    """On SQLite, then on PostgreSQL."""
    async with running(database_url) as stage:
        yield stage


@pytest.fixture(scope="session")
async def nursery() -> AsyncIterator[Mortals]:
    async with Mortals() as mortals:
        yield mortals


@pytest.fixture
async def mortals(nursery: Mortals) -> AsyncIterator[Mortals]:
    yield nursery
    await nursery.bury()


@asynccontextmanager
async def running(url: str) -> AsyncIterator[Stage]:
    """The bot is running. At the end nothing it sent may have been against Discord's rules, and all
    its public answers are noted."""
    stage = Stage(url)
    async with stage.playground:
        await stage.start_bot()
        yield stage
        if stage.is_running:
            await stage.until_noted()
        await stage.close()
        assert stage.playground.problems == []
