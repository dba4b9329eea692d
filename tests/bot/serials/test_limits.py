"""What one author may have in a server."""

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.errors import Conflict
from bot.people.service import Member
from bot.serials import channels, drafts, service, updating
from bot.serials.imports import prepare
from bot.serials.records import Actor, State
from bot.stories import quota
from tests.bot.serials.making import (
    AUTHOR,
    ELSEWHERE,
    GUILD,
    MARA,
    MODERATOR,
    NOW,
    OTHERS,
    READER,
    STORIES,
    add,
    draft,
    published,
    ready,
)
from tests.bot.serials.taking import change, file, read

TEXT = "It was late — très tard.\n\nNobody came.\n"  # 42 bytes: two characters take more than one
MANUSCRIPT = prepare("night.txt", TEXT.encode())


def hand_in(conn: Connection, most: int, *, member: Member = MARA, guild: int = GUILD) -> int:
    added = drafts.add(
        conn, member, guild, MANUSCRIPT, title="Night", author="Mara", now=NOW, most=most
    )
    return added.serial.id


async def test_an_author_keeps_so_much_text_in_a_server(database: Database) -> None:
    assert len(TEXT.encode()) == 42

    def use_case(conn: Connection) -> None:
        hand_in(conn, 84)
        second = hand_in(conn, 84)
        with pytest.raises(Conflict, match=r"no room for that file's 1 KB .* `/serial remove`"):
            hand_in(conn, 125)
        hand_in(conn, 84, member=READER)  # another's is another's,
        hand_in(conn, 84, guild=ELSEWHERE)  # and another server's
        drafts.discard(conn, AUTHOR, GUILD, second)
        hand_in(conn, 84)
        hand_in(conn, 126)

    await database.write(use_case)


async def test_the_same_upload_is_not_counted_twice(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        first, second = (
            drafts.add(
                conn, MARA, GUILD, MANUSCRIPT, title="Night", author="Mara", now=NOW,
                interaction_id=1, most=42,
            )
            for _ in range(2)
        )  # fmt: skip
        assert first == second

    await database.write(use_case)


async def test_a_chapter_takes_its_size_along(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        story, chapter = hand_in(conn, 84), hand_in(conn, 84)
        drafts.confirm(conn, AUTHOR, GUILD, story, NOW)
        drafts.append(conn, AUTHOR, GUILD, story, chapter)
        with pytest.raises(Conflict, match="no room"):
            hand_in(conn, 125)
        hand_in(conn, 126)

    await database.write(use_case)


async def test_a_new_version_counts_beside_the_story_and_then_in_its_place(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1)
        was = len("".join(block.source for block in draft().manuscript.blocks).encode())
        new = read(file("oil", "flame"))
        more = quota.size(new.manuscript.blocks)
        for interaction_id in (1, 2):  # the second version takes the place of the first
            version = updating.keep(
                conn, AUTHOR, GUILD, serial.id, new, NOW, interaction_id, most=was + more
            )
        with pytest.raises(Conflict, match="no room"):
            updating.keep(conn, AUTHOR, GUILD, serial.id, new, NOW, 3, most=was + more - 1)
        assert updating.take(conn, AUTHOR, GUILD, version.id, change(conn, version.id))
        held = len(updating.standing(conn, AUTHOR, GUILD, serial.id).source.encode())
        hand_in(conn, held + 42)
        with pytest.raises(Conflict, match="no room"):
            hand_in(conn, held + 83)

    await database.write(use_case)


async def test_only_so_many_confirmed_stories_wait_for_leave(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        waiting = [ready(conn) for _ in range(channels.MOST_WAITING)]
        one_more = add(conn)
        with pytest.raises(Conflict, match=r"10 of your stories here have no moderator's leave"):
            drafts.confirm(conn, AUTHOR, GUILD, one_more.id, NOW)
        for serial in waiting:
            service.schedule(conn, AUTHOR, GUILD, serial.id, channel_id=STORIES, now=NOW)
        service.pause(conn, AUTHOR, GUILD, waiting[0].id)  # which frees no place
        with pytest.raises(Conflict, match="10 of your stories"):
            drafts.confirm(conn, AUTHOR, GUILD, one_more.id, NOW)
        service.approve(conn, MODERATOR, GUILD, waiting[1].id, STORIES, NOW, None)
        assert drafts.confirm(conn, AUTHOR, GUILD, one_more.id, NOW).state is State.READY

        # What was allowed elsewhere waits as well, once it is to go to another channel.
        with pytest.raises(Conflict, match="10 of your stories"):
            service.schedule(conn, AUTHOR, GUILD, waiting[1].id, channel_id=OTHERS, now=NOW)

    await database.write(use_case)


async def test_another_authors_stories_take_no_place(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        for _ in range(channels.MOST_WAITING):
            ready(conn)
        theirs = add(conn, member=READER)
        assert drafts.confirm(conn, Actor(READER), GUILD, theirs.id, NOW).state is State.READY

    await database.write(use_case)
