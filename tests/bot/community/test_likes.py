from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.community import likes
from bot.community.likes import NEVER, Likes
from bot.db.engine import Database
from bot.errors import NotAllowed
from bot.jobs import service as jobs
from bot.people import service as people
from bot.people.service import Member
from bot.words import streaks

GUILD, ELSEWHERE = 100, 200
MARA = Member(1, "Mara", GUILD)
UNSAID = Likes(pace=150, private=False, listed=False, streak_hidden=False, warning=None)
NOW, HOUR = 1_793_692_800_000, 3_600_000  # 2026-11-03 08:00 UTC


async def test_what_is_not_said_stays(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        assert likes.of(conn, MARA) == UNSAID
        likes.set_pace(conn, MARA, 90, NOW)
        likes.set_privacy(conn, MARA, True, None, NOW)
        likes.set_privacy(conn, MARA, None, True, NOW)
        likes.set_streak(conn, MARA, True, None, NOW)
        likes.set_streak(conn, MARA, None, 21 * 60, NOW)
        said = Likes(90, True, True, True, 21 * 60)
        assert likes.of(conn, MARA) == said
        assert likes.of(conn, replace(MARA, guild_id=ELSEWHERE)) == replace(said, listed=False)
        assert likes.of(conn, replace(MARA, guild_id=None)) == replace(said, listed=None)
        assert likes.of(conn, Member(2, "Tobias", GUILD)) == UNSAID
        likes.set_privacy(conn, MARA, False, False, NOW)
        likes.set_streak(conn, MARA, False, NEVER, NOW)
        assert likes.of(conn, MARA) == replace(UNSAID, pace=90)

    await database.write(use_case)


async def test_in_direct_messages_there_is_no_leaderboard(database: Database) -> None:
    with pytest.raises(NotAllowed, match="A leaderboard is a server's"):
        await database.write(likes.set_privacy, replace(MARA, guild_id=None), True, True, NOW)
    assert await database.read(likes.of, MARA) == UNSAID


async def test_the_warning_follows_the_zone(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        likes.set_streak(conn, MARA, None, 21 * 60, NOW)
        key = str(people.find(conn, MARA.discord_id))
        assert jobs.due_at(conn, streaks.WARNING, key) == NOW + 13 * HOUR
        likes.set_zone(conn, MARA, "Asia/Tokyo", NOW)
        assert jobs.due_at(conn, streaks.WARNING, key) == NOW + 4 * HOUR
        likes.set_streak(conn, MARA, None, NEVER, NOW)
        assert jobs.due_at(conn, streaks.WARNING, key) is None

    await database.write(use_case)
