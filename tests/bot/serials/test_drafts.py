from collections.abc import Callable

import pytest
from sqlalchemy import Connection, func, select

from bot.db.engine import Database
from bot.db.metadata import metadata
from bot.errors import Conflict, NotAllowed, NotFound
from bot.people.service import Member
from bot.serials import drafts, pages, posting, records, service
from bot.serials.records import Actor, State
from bot.stories import service as stories
from tests.bot.serials.making import (
    AUTHOR,
    ELSEWHERE,
    GUILD,
    MARA,
    MODERATOR,
    NOW,
    READER,
    add,
    days,
    draft,
    published,
    ready,
    sample,
)

ABOUT_PEOPLE = {"persons", "names"}


def sizes(conn: Connection) -> dict[str, int]:
    return {
        table.name: conn.scalars(select(func.count()).select_from(table)).one()
        for table in metadata.sorted_tables
    }


async def test_a_draft_is_kept_to_the_letter_and_cut(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        read = sample()
        serial = add(conn, read)
        assert serial.state is State.DRAFT
        assert serial.owner_discord_id == MARA.discord_id
        assert serial.story.words == read.manuscript.words
        assert serial.story.chapters == len(read.manuscript.chapters)
        assert stories.source(conn, serial.story.id) == "".join(
            block.source for block in read.manuscript.blocks
        )
        assert posting.counts(conn, serial.id).total == sum(map(len, read.cuts))

    await database.write(use_case)


async def test_an_interaction_that_comes_twice_adds_once(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        first = add(conn, interaction_id=77)
        before = sizes(conn)
        assert add(conn, interaction_id=77) == first
        assert sizes(conn) == before
        assert add(conn, interaction_id=78) != first
        assert add(conn) != add(conn)  # from the command line, twice on purpose
        confirmed = drafts.confirm(conn, AUTHOR, GUILD, first.id, NOW)
        assert add(conn, interaction_id=77) == confirmed

    await database.write(use_case)


async def test_a_discarded_draft_leaves_nothing(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        before = sizes(conn)
        serial = add(conn)
        drafts.discard(conn, AUTHOR, GUILD, serial.id)
        after = sizes(conn)
        for name in ABOUT_PEOPLE:
            del before[name], after[name]
        assert after == before
        with pytest.raises(NotFound):
            records.get(conn, GUILD, serial.id)
        kept = ready(conn)
        with pytest.raises(Conflict, match="no draft any more"):
            drafts.discard(conn, AUTHOR, GUILD, kept.id)

    await database.write(use_case)


async def test_a_draft_is_confirmed_once_and_renamed(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = add(conn)
        with pytest.raises(Conflict, match="First confirm"):
            service.schedule(conn, AUTHOR, GUILD, serial.id, channel_id=10, now=NOW)
        assert drafts.confirm(conn, AUTHOR, GUILD, serial.id, NOW).state is State.READY
        running = published(conn, 1)
        assert drafts.confirm(conn, AUTHOR, GUILD, running.id, NOW).state is State.ACTIVE
        named = drafts.rename(conn, AUTHOR, GUILD, serial.id, title="Lamp", author="M. M.")
        assert (named.story.title, named.story.author) == ("Lamp", "M. M.")

    await database.write(use_case)


async def test_only_its_author_may_and_elsewhere_it_does_not_exist(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        own, next_one = published(conn, 1), add(conn)
        stranger = Actor(READER)
        theirs = add(conn, member=READER)
        changes: list[Callable[[Actor, int], object]] = [
            lambda actor, guild: drafts.confirm(conn, actor, guild, next_one.id, NOW),
            lambda actor, guild: drafts.discard(conn, actor, guild, next_one.id),
            lambda actor, guild: drafts.rename(
                conn, actor, guild, next_one.id, title="x", author="y"
            ),
            lambda actor, guild: drafts.append(conn, actor, guild, own.id, next_one.id),
            lambda actor, guild: service.schedule(
                conn, actor, guild, own.id, channel_id=10, now=NOW
            ),
            lambda actor, guild: service.post_now(conn, actor, guild, own.id, NOW, None),
            lambda actor, guild: service.complete(conn, actor, guild, own.id),
        ]
        before = sizes(conn)
        for change in changes:
            for actor in (stranger, MODERATOR):  # a moderator may stop it, not speak for it
                with pytest.raises(NotAllowed, match="Only the author"):
                    change(actor, GUILD)
            with pytest.raises(NotFound):
                change(Actor(Member(1, "Mara", ELSEWHERE)), ELSEWHERE)
        with pytest.raises(NotAllowed):
            drafts.append(conn, AUTHOR, GUILD, own.id, theirs.id)
        assert sizes(conn) == before
        assert records.in_guild(conn, ELSEWHERE) == []

    await database.write(use_case)


async def test_what_a_new_draft_may_be_the_next_chapter_of(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        ongoing = published(conn, 1)
        done = ready(conn)
        service.complete(conn, AUTHOR, GUILD, done.id)
        add(conn)  # another draft
        theirs = add(conn, member=READER)
        drafts.confirm(conn, Actor(READER), GUILD, theirs.id, NOW)
        added = drafts.add(conn, MARA, GUILD, draft("flame"), title="x", author="Mara", now=NOW)
        assert [one.id for one in added.ongoing] == [ongoing.id]
        assert added.parts == 2

    await database.write(use_case)


@pytest.mark.parametrize("out", [1, 4], ids=["one part out", "all out"])
async def test_the_next_chapters_follow_and_posted_parts_stay(database: Database, out: int) -> None:
    def texts(conn: Connection, serial_id: int) -> list[tuple[int, int, str, bool]]:
        """Every part of the serial: number, chapter, text, whether it is out."""
        found = []
        for number in range(1, posting.counts(conn, serial_id).total + 1):
            part = pages.numbered(conn, serial_id, number)
            assert part is not None
            text = "\n\n".join(pages.page(conn, part, n).text for n in range(len(part.pages)))
            found.append((number, part.chapter, text, part.published))
        return found

    def use_case(conn: Connection) -> None:
        serial = published(conn, out)
        addition = add(conn, draft("flame", "smoke", words=700, length=500))
        parts, more = texts(conn, serial.id), texts(conn, addition.id)
        source = stories.source(conn, serial.story.id) + stories.source(conn, addition.story.id)

        grown = drafts.append(conn, AUTHOR, GUILD, serial.id, addition.id)
        assert texts(conn, serial.id) == parts + [
            (number + 4, chapter + 2, text, out) for number, chapter, text, out in more
        ]
        assert (grown.story.chapters, grown.state) == (4, State.ACTIVE)
        assert stories.source(conn, serial.story.id) == source
        with pytest.raises(NotFound):
            records.get(conn, GUILD, addition.id)
        assert len(days(conn, 9)) == len(parts) + len(more) - out

    await database.write(use_case)


async def test_what_has_been_dealt_with_is_not_appended(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial, other = published(conn, 1), ready(conn)
        with pytest.raises(Conflict, match="dealt with"):
            drafts.append(conn, AUTHOR, GUILD, serial.id, other.id)
        late = add(conn)
        service.complete(conn, AUTHOR, GUILD, serial.id)
        with pytest.raises(Conflict):
            drafts.append(conn, AUTHOR, GUILD, serial.id, late.id)
        with pytest.raises(NotFound):
            drafts.append(conn, AUTHOR, GUILD, serial.id, 12345)

    await database.write(use_case)
