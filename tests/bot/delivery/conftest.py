import pytest

from bot.db.engine import Database
from tests.bot.delivery.desk import Desk


@pytest.fixture
async def desk(database: Database) -> Desk:
    return Desk(database)
