from collections.abc import Callable

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import BadInput
from bot.people import service as people
from bot.people.service import Member
from bot.words import projects, settings

MARA, TOBIAS = Member(1, "Mara", 100), Member(2, "Tobias", 100)
NOW = 1_800_000_000_000


def person(conn: Connection, member: Member) -> int:
    return people.person_id(conn, member, NOW)


@pytest.mark.parametrize(
    ("get", "say", "unsaid", "said"),
    [
        (settings.private, settings.set_private, False, True),
        (settings.streak_hidden, settings.set_streak_hidden, False, True),
        (settings.pace, settings.set_pace, 150, 90),
    ],
)
async def test_a_setting_is_remembered_for_one_writer_alone(
    database: Database,
    get: Callable[[Connection, int], int],
    say: Callable[[Connection, int, int, int], None],
    unsaid: int,
    said: int,
) -> None:
    def use_case(conn: Connection) -> None:
        mara, tobias = person(conn, MARA), person(conn, TOBIAS)
        assert get(conn, mara) == unsaid
        say(conn, mara, said, NOW)
        assert (get(conn, mara), get(conn, tobias)) == (said, unsaid)
        say(conn, mara, unsaid, NOW)
        assert get(conn, mara) == unsaid

    await database.write(use_case)


async def test_a_setting_leaves_the_others_and_the_default_project(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        mara = person(conn, MARA)
        project_id = projects.default(conn, mara, NOW)
        settings.set_private(conn, mara, True, NOW)
        settings.set_pace(conn, mara, 200, NOW)
        assert settings.private(conn, mara)
        assert not settings.streak_hidden(conn, mara)
        assert projects.default(conn, mara, NOW) == project_id

    await database.write(use_case)


@pytest.mark.parametrize("pace", [9, 1001, 0, -1])
async def test_a_pace_that_nobody_has_is_refused(database: Database, pace: int) -> None:
    def use_case(conn: Connection) -> None:
        mara = person(conn, MARA)
        with pytest.raises(BadInput, match="between 10 and 1,000"):
            settings.set_pace(conn, mara, pace, NOW)
        assert settings.pace(conn, mara) == settings.PACE

    await database.write(use_case)
