from collections.abc import AsyncIterator

import pytest

from tests.conftest import NewDatabase
from tests.journeys.stage import Stage


@pytest.fixture
async def stage(new_sqlite: NewDatabase) -> AsyncIterator[Stage]:
    """The bot is running. At the end nothing it sent may have been against Discord's rules."""
    stage = Stage(new_sqlite())
    async with stage.playground:
        await stage.start_bot()
        yield stage
        await stage.stop_bot()
        assert stage.playground.problems == []
