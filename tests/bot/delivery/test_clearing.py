"""Public answers and threads that speak of what is gone."""

import pytest
from sqlalchemy import Connection, select

from bot.delivery import public_answers, queue
from bot.delivery import service as outbox
from bot.delivery.public_answers import Posted
from bot.delivery.rules import Act, State
from bot.delivery.tables import outbox as table
from bot.people import answers
from bot.people import privacy as people
from bot.people.service import Member, person_id
from bot.stories.tables import stories
from tests.bot.delivery.desk import GUILD, HERE, Desk, Fault, Message

MARA, TOBIAS = Member(1, "Mara", GUILD), Member(2, "Tobias", GUILD)
THREAD = "thread"


def answer(message_id: int) -> Posted:
    return Posted(GUILD, HERE, message_id)


def to_delete(conn: Connection) -> set[int | None]:
    return set(conn.scalars(select(table.c.message_id).where(table.c.state == State.DELETING)))


async def test_an_answer_goes_with_whoever_it_names(desk: Desk) -> None:
    def use_case(conn: Connection) -> None:
        mara, tobias = (person_id(conn, member, 0) for member in (MARA, TOBIAS))
        answers.note(conn, answer(501), MARA.discord_id)
        answers.note(conn, answer(502), MARA.discord_id, [tobias])
        answers.note(conn, answer(502), MARA.discord_id, [tobias])
        answers.note(conn, answer(503), TOBIAS.discord_id)
        assert len(people.held(conn, tobias)["public_answers"]) == 2
        people.erase(conn, tobias)
        assert to_delete(conn) == {502, 503}
        people.erase(conn, mara)
        assert to_delete(conn) == {501, 502, 503}

    await desk.database.write(use_case)
    desk.discord.messages = [Message(n, HERE, 0, 0, str(n)) for n in (501, 502, 503, 504)]
    async with desk.running():
        await desk.until_forgotten()
    assert [message.id for message in desk.discord.messages] == [504]


async def test_an_answer_goes_with_the_story_it_quotes(desk: Desk) -> None:
    def use_case(conn: Connection) -> None:
        mara = person_id(conn, MARA, 0)
        for story_id in (1, 2):
            conn.execute(
                stories.insert().values(
                    id=story_id, guild_id=GUILD, owner_id=mara, title="", author="", created_at=0
                )
            )
            answers.note(conn, answer(500 + story_id), MARA.discord_id, story_id=story_id)
        public_answers.erase_stories(conn, [1])
        assert to_delete(conn) == {501}
        assert [row["message_id"] for row in public_answers.held(conn, mara)["public_answers"]] == [
            502
        ]

    await desk.database.write(use_case)


async def test_whoever_is_erased_before_an_answer_is_noted_is_not_left_in_it(desk: Desk) -> None:
    def use_case(conn: Connection) -> None:
        person_id(conn, MARA, 0)
        tobias = person_id(conn, TOBIAS, 0)
        people.erase(conn, tobias)
        answers.note(conn, answer(501), MARA.discord_id, [tobias])
        answers.note(conn, answer(502), TOBIAS.discord_id)
        assert to_delete(conn) == {501, 502}
        assert people.held(conn, tobias)["public_answers"] == []

    await desk.database.write(use_case)


@pytest.fixture
async def threads(desk: Desk) -> Desk:
    """A chapter's thread has been begun, and another's is about to be."""

    def use_case(conn: Connection) -> None:
        for subject in (7, 8):
            outbox.do(conn, Act.THREAD, THREAD, subject, 0, GUILD, HERE, 500 + subject)
        (begun,) = outbox.messages(conn, THREAD, 7)
        assert queue.sent(conn, begun, None, 0)
        outbox.untitle_threads(conn, THREAD, 7, 8)

    await desk.database.write(use_case)
    return desk


async def test_a_thread_that_was_begun_loses_its_title_and_no_other_is_begun(threads: Desk) -> None:
    async with threads.running():
        threads.discord.faults.append(Fault(503))
        await threads.discord.until(lambda: threads.discord.requests == ["act", "act"])
    assert [(row.act, row.target) for _, row in threads.discord.asked] == [(Act.UNTITLE, 507)] * 2


async def test_a_thread_that_may_not_be_renamed_waits_for_the_permission(threads: Desk) -> None:
    async with threads.running():
        threads.discord.faults.append(Fault(403, 50013))
        await threads.until_blocked()
        await threads.database.write(outbox.unblock, [HERE])
        await threads.discord.until(lambda: threads.discord.requests == ["act", "act"])
