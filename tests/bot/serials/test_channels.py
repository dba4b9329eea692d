"""Where a serial may be posted, and the channels that mirror its own."""

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.delivery import service as outbox
from bot.delivery.rules import Act
from bot.delivery.rules import State as Sending
from bot.errors import BadInput, NotAllowed
from bot.serials import channels, posting, service
from bot.serials.channels import MIRROR
from bot.serials.posting import GRACE
from bot.serials.records import Actor
from tests.bot.serials.making import (
    AUTHOR,
    DAY,
    GUILD,
    MARA,
    MODERATING_AUTHOR,
    MODERATOR,
    NINE,
    NOW,
    OTHERS,
    STORIES,
    active,
    days,
    draft,
    ready,
    turn,
)


def mirror(conn: Connection, serial_id: int, actor: Actor = MODERATING_AUTHOR) -> bool:
    return channels.mirror(conn, actor, GUILD, serial_id, OTHERS, NOW)


async def test_a_mirror_shows_what_is_published_and_no_more(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn, draft(words=1500, length=700))
        assert mirror(conn, serial.id)
        turn(conn, NINE)
        excerpt = posting.promised(conn, serial.id)
        assert excerpt is not None
        assert outbox.messages(conn, MIRROR, excerpt) == []
        assert days(conn, 1) == [excerpt]
        shown = outbox.messages(conn, MIRROR, excerpt)
        own = outbox.messages(conn, posting.EXCERPT, excerpt)
        assert [row.part for row in shown] == [row.part for row in own]
        assert len(shown) > 1
        assert {row.channel_id for row in shown} == {OTHERS}
        assert shown[0].not_after == NINE + GRACE
        channels.unmirror(conn, AUTHOR, GUILD, serial.id, OTHERS)
        (second,) = days(conn, 1, NINE + DAY)
        assert outbox.messages(conn, MIRROR, second) == []

    await database.write(use_case)


async def test_a_mirror_waits_for_its_moderators_leave(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        assert not mirror(conn, serial.id, AUTHOR)
        (asked,) = [
            row for row in outbox.messages(conn, channels.LEAVE, serial.id) if row.channel_id == 20
        ]
        assert asked.state is Sending.PENDING
        (first,) = days(conn, 1)
        assert outbox.messages(conn, MIRROR, first) == []
        service.approve(conn, MODERATOR, GUILD, serial.id, OTHERS, NOW, None)
        (second,) = days(conn, 1, NINE + DAY)
        assert len(outbox.messages(conn, MIRROR, second)) == 1

    await database.write(use_case)


async def test_what_cannot_be_mirrored(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        with pytest.raises(BadInput, match="choose that one first"):
            mirror(conn, ready(conn).id)
        serial = active(conn)
        with pytest.raises(BadInput):
            channels.mirror(conn, AUTHOR, GUILD, serial.id, STORIES, NOW)
        with pytest.raises(NotAllowed):
            mirror(conn, serial.id, MODERATOR)
        for channel in range(30, 35):
            channels.mirror(conn, AUTHOR, GUILD, serial.id, channel, NOW)
        with pytest.raises(BadInput, match="5 more channels"):
            mirror(conn, serial.id)

    await database.write(use_case)


async def test_a_chapters_first_post_begins_its_thread_and_every_post_is_published(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        serial = active(conn)
        service.schedule(
            conn, Actor(MARA, True), GUILD, serial.id, channel_id=STORIES, now=NOW,
            options={"threads": 1, "crossposts": 1},
        )  # fmt: skip
        for day, begins in enumerate((True, False, True, False)):
            (excerpt,) = days(conn, 1, NINE + day * DAY)
            (post,) = outbox.messages(conn, posting.EXCERPT, excerpt)
            threads = outbox.messages(conn, posting.THREAD, excerpt)
            assert [row.target for row in threads] == [post.message_id] * begins
            (crosspost,) = outbox.messages(conn, posting.CROSSPOST, excerpt)
            assert (crosspost.act, crosspost.target) == (Act.CROSSPOST, post.message_id)

    await database.write(use_case)
