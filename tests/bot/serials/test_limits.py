"""What one author may have in a server."""

import pytest
from sqlalchemy import Connection

from bot.companion import corrections
from bot.db.engine import Database
from bot.errors import Conflict
from bot.people.service import Member
from bot.serials import channels, drafts, earlier, quota, revising, service, updating
from bot.serials.imports import prepare
from bot.serials.quota import Text
from bot.serials.records import Actor, Serial, State
from bot.stories import service as stories
from bot.stories import sizes
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
    published,
    ready,
)
from tests.bot.serials.taking import file, read

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
        with pytest.raises(Conflict, match=r"no room for 1 KB more .* `/serial remove`"):
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


@pytest.mark.parametrize(
    ("texts", "bytes_"),
    [
        ([], 0),
        ([Text(1, 1, 70)], 70),
        ([Text(1, 1, 70), Text(2, 2, 30)], 100),  # two serials
        ([Text(1, 1, 10), Text(1, 5, 90)], 90),  # shorter now than Undo would make it
        ([Text(1, 1, 90), Text(1, 5, 10)], 90),  # longer now
        ([Text(1, 1, 60), Text(1, 5, 50), Text(1, 6, 65)], 65),  # and a new version waits
        ([Text(1, 1, 60), Text(1, 5, 80), Text(1, 6, 65), Text(2, 2, 7)], 87),
    ],
)
def test_of_each_serial_the_largest_text_counts(texts: list[Text], bytes_: int) -> None:
    assert quota.counted(texts) == bytes_
    assert quota.counted(reversed(texts)) == bytes_


def size(text: str) -> int:
    return len(text.encode())


def take(conn: Connection, serial: Serial, text: str, most: int, *, added: bool = False) -> None:
    version = updating.keep(
        conn, AUTHOR, GUILD, serial.id, read(text), NOW, size(text), most=most, added=added
    )
    _, standing, manuscript = updating.texts(conn, AUTHOR, GUILD, version.id)
    made = revising.prepare(standing, manuscript, correcting=True, added=added)
    assert updating.take(conn, AUTHOR, GUILD, version.id, made, most=most)
    now = stories.source(conn, serial.story.id)
    assert sizes.of_story(conn, serial.story.id) == size(now)


def undo(conn: Connection, serial: Serial) -> None:
    copy = earlier.of(conn, serial.id)
    assert copy is not None
    standing, before = updating.before(conn, AUTHOR, GUILD, serial.id, copy)
    made = revising.undo(standing, before)
    assert corrections.apply_undo(conn, AUTHOR, GUILD, serial.id, copy, made)


async def test_a_story_may_grow_and_be_corrected_up_to_the_quota(database: Database) -> None:
    old, new = file("oil", "wick"), file("oil", "wick", "flame")

    def use_case(conn: Connection) -> None:
        serial = published(conn, 1, read(old))
        with pytest.raises(Conflict, match=r"no room for \d KB more"):
            take(conn, serial, new, size(new) - 1)
        take(conn, serial, new, size(new))
        take(conn, serial, new.replace("number 3 of", "number 9 of"), size(new))
        assert sizes.of_story(conn, serial.story.id) == size(new)

    await database.write(use_case)


async def test_what_undo_would_bring_back_keeps_its_room(database: Database) -> None:
    small, large = file("oil"), file("oil", "wick")

    def use_case(conn: Connection) -> None:
        serial = published(conn, 1, read(large))
        take(conn, serial, small, size(large))
        assert sizes.of_story(conn, serial.story.id) == size(small)
        with pytest.raises(Conflict, match="no room"):
            hand_in(conn, size(large) + 41)
        hand_in(conn, size(large) + 42)
        undo(conn, serial)
        assert sizes.of_story(conn, serial.story.id) == size(large)
        with pytest.raises(Conflict, match="no room"):
            hand_in(conn, size(large) + 83)

    await database.write(use_case)


async def test_who_is_over_the_quota_may_still_correct_and_shorten(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = published(conn, 1, read(file("oil", "wick")))
        take(conn, serial, file("oil", "wick").replace("number 3 of", "number 9 of"), 1)
        take(conn, serial, file("oil"), 1)

    await database.write(use_case)


CHAPTER = file("oil", "wick", "flame").partition("## Chapter 3")[2]


@pytest.mark.parametrize("become", ["taken", "next chapter", "a story of its own"])
async def test_a_stretch_of_a_story_that_waits_needs_room_for_what_becomes_of_it(
    database: Database, become: str
) -> None:
    """While it waits it is smaller than the story that it is a version of."""
    old = file("oil", "wick")
    stretch = old[old.index("## Chapter 2") :] + f"## Chapter 3{CHAPTER}"
    room = {
        "taken": size(f"{old}## Chapter 3{CHAPTER}"),
        "next chapter": size(old) + size(stretch),
        "a story of its own": size(old) + size(stretch),
    }[become]

    def use_case(conn: Connection) -> None:
        serial = published(conn, 1, read(old))
        version = updating.keep(
            conn, AUTHOR, GUILD, serial.id, read(stretch), NOW, 7, most=size(old) + 99, added=True
        )
        _, standing, manuscript = updating.texts(conn, AUTHOR, GUILD, version.id)
        made = revising.prepare(standing, manuscript, correcting=True, added=True)

        def go(most: int) -> None:
            if become == "taken":
                updating.take(conn, AUTHOR, GUILD, version.id, made, most=most)
            elif become == "next chapter":
                drafts.append(conn, AUTHOR, GUILD, serial.id, version.id, most=most)
            else:
                drafts.release(conn, AUTHOR, GUILD, version.id, most=most)

        with pytest.raises(Conflict, match="no room"):
            go(room - 1)
        go(room)

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
