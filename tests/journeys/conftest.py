from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from importlib import import_module

import pytest

from bot.client import EXTENSIONS
from bot.clock import system_now
from tests.conftest import MORNING, SLOWEST, NewDatabase
from tests.journeys.mortal import Mortals
from tests.journeys.stage import Stage
from tests.journeys.watchdog import Watchdog


@pytest.fixture(scope="session")
def imported() -> None:
    """Import what a bot imports while it starts, before it answers anybody."""
    for extension in EXTENSIONS:
        import_module(extension)


@pytest.fixture(autouse=True)
def watchdog(imported: None, record_property: Callable[[str, object], None]) -> Iterator[None]:
    """Fail a journey in which a callback of the bot's holds up the event loop."""
    watchdog = Watchdog()
    with watchdog.watching():
        yield
    record_property(SLOWEST, (watchdog.slowest.seconds, watchdog.slowest.name))
    assert not watchdog.too_slow, "\n".join(map(str, watchdog.too_slow))


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
async def in_january(new_sqlite: NewDatabase) -> AsyncIterator[Stage]:
    """It is Tuesday 12 January 2027, whatever START says: for tests that name dates."""
    async with running(new_sqlite(), start=datetime(2027, 1, 12, 8, tzinfo=UTC)) as stage:
        yield stage


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
async def running(
    url: str, *, noted: bool = True, start: datetime = MORNING
) -> AsyncIterator[Stage]:
    """The bot is running. At the end nothing it sent may have been against Discord's rules, and all
    its public answers are `noted`, unless its database was laid anew."""
    stage = Stage(url, start)
    async with stage.playground:
        await stage.start_bot()
        yield stage
        if noted and stage.is_running:
            await stage.until_noted()
        await stage.close()
        assert stage.playground.problems == []
