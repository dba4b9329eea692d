"""Parts by direct message: through restarts, closed doors and a change of mind."""

import asyncio
import sqlite3
from contextlib import closing

import discord

from tests.journeys.stage import EPHEMERAL, HOUR, Json, Stage, labels, text


def letters(stage: Stage) -> list[Json]:
    """What Tobias has been written."""
    found = stage.posts_of(stage.tobias, stage.world.dm(stage.tobias.id))
    return [message for message in found if not message["flags"] & EPHEMERAL]


async def at(stage: Stage, hours: float) -> list[Json]:
    """What Tobias has been written by then."""
    stage.turn(int(hours * HOUR))
    await stage.settle()
    return letters(stage)


async def next_evening(stage: Stage) -> list[Json]:
    """What he has been written by 19:00 of the next day, on whose morning a part is posted."""
    stage.turn_to_nine()
    await stage.settle()
    return await at(stage, 10)


def subscriptions(stage: Stage) -> int:
    with closing(sqlite3.connect(stage.url.removeprefix("sqlite:///"))) as database:
        (count,) = database.execute("SELECT count(*) FROM subscriptions").fetchone()
    return int(count)


async def test_parts_come_at_the_readers_hour_through_a_restart(stage: Stage) -> None:
    """It is eight in the morning when part 1 is posted, and then each day at nine."""
    await stage.publish()
    said = await stage.tobias.slash(
        stage.stories, "story subscribe", time="19:00", start="from the beginning"
    )
    assert said.ephemeral
    assert "by direct message every day at 19:00 (UTC)" in said.content
    assert letters(stage) == []
    await stage.stop_bot()
    await stage.start_bot()
    posts = stage.posts()
    (first,) = await at(stage, 11)
    assert first["content"] == posts[0]["content"]
    assert labels(first) == ["Next part now", "Unsubscribe"]
    about = await stage.tobias.slash(stage.stories, "story about")
    assert "You have read up to Chapter 1: Oil, part 1." in about.content

    early = await stage.tobias.click(first, label="Next part now")
    assert "Nothing more is out yet" in early.content
    assert len(await next_evening(stage)) == 2
    posts = stage.posts()
    assert text(letters(stage)[1]) == text(posts[1])
    stage.turn_to_nine()
    await stage.until_posts(3)
    await stage.tobias.click(letters(stage)[1], label="Next part now")
    await stage.settle()
    assert text(letters(stage)[2]) == text(stage.posts()[2])
    ended = await stage.tobias.click(letters(stage)[2], label="Unsubscribe")
    (word,) = await stage.playground.wait_for(lambda: ended.followups)
    assert "You get no more parts" in word["content"]
    assert len(await next_evening(stage)) == 3


async def test_closed_messages_stop_it_and_the_next_command_says_why_once(stage: Stage) -> None:
    await stage.publish()
    await stage.tobias.slash(stage.stories, "story subscribe", time="19:00")
    stage.world.set_dms_open(stage.tobias.id, False)
    assert await at(stage, 11) == []
    answer = await stage.tobias.slash(stage.stories, "me zone")
    (why,) = await stage.playground.wait_for(lambda: answer.followups)
    assert "I have stopped sending you parts of *The Lantern*: Discord" in why["content"]
    async with asyncio.timeout(10):  # it is noted once it has been said
        while subscriptions(stage):
            await stage.settle()
    again = await stage.tobias.slash(stage.stories, "story about")
    await stage.settle()
    assert again.followups == []
    stage.world.set_dms_open(stage.tobias.id, True)
    assert await next_evening(stage) == []
    await stage.tobias.slash(stage.stories, "story subscribe")
    (first,) = await next_evening(stage)
    assert text(first) == text(stage.posts()[0])


async def test_why_it_has_stopped_is_said_beneath_an_answer_that_took_a_while(
    stage: Stage,
) -> None:
    await stage.publish()
    await stage.tobias.slash(stage.stories, "story subscribe", time="19:00")
    stage.world.set_dms_open(stage.tobias.id, False)
    assert await at(stage, 11) == []
    file = ("words.csv", b"date,words\n2026-01-02,300\n")
    answer = await stage.tobias.slash(stage.stories, "me import", file=file)
    (why,) = await stage.playground.wait_for(lambda: answer.followups)
    assert "I have stopped sending you parts of *The Lantern*" in why["content"]
    assert "1 entry" in answer.content


async def test_who_sees_the_channel_no_more_gets_nothing(stage: Stage) -> None:
    await stage.publish()
    lobby = stage.world.channel(stage.guild, "lobby")
    await stage.tobias.slash(stage.stories, "story subscribe", time="19:00")
    stage.world.overwrite(
        stage.stories, stage.tobias.id, deny=discord.Permissions(view_channel=True)
    )
    assert await at(stage, 11) == []
    hidden = await stage.tobias.slash(lobby, "help")
    await stage.settle()
    assert hidden.followups == []  # it does not exist for them
    stage.world.clear_overwrite(stage.stories, stage.tobias.id)
    shown = await stage.tobias.slash(lobby, "help")
    (why,) = await stage.playground.wait_for(lambda: shown.followups)
    assert "you did not see its channel any more" in why["content"]
    await stage.tobias.slash(stage.stories, "story subscribe")
    stage.world.leave(stage.guild, stage.tobias.id)
    assert await next_evening(stage) == []


async def test_what_becomes_mature_is_not_sent_and_says_so(stage: Stage) -> None:
    await stage.publish()
    await stage.tobias.slash(stage.stories, "story subscribe", time="19:00")
    await stage.mara.slash(stage.stories, "serial rate", rating="mature")
    (told,) = await at(stage, 11)
    assert "I have stopped sending you parts of *The Lantern*: it is mature" in told["content"]
    assert "Sentence" not in told["content"]
    refused = await stage.tobias.slash(stage.stories, "story subscribe")
    assert "such text is never sent in direct messages" in refused.content
    assert await next_evening(stage) == [told]


async def test_a_command_says_what_is_wrong_with_it(stage: Stage) -> None:
    await stage.publish()
    for options, wrong in (
        ({"time": "late"}, "“late” is not a time of day"),
        ({"weekdays": "someday"}, "“someday” names no weekdays"),
        ({"story": "The Kettle"}, "I know no such story here"),
    ):
        said = await stage.tobias.slash(stage.stories, "story subscribe", **options)
        assert wrong in said.content
    none = await stage.tobias.slash(stage.stories, "story unsubscribe")
    assert none.content == "You had not subscribed to *The Lantern*."


async def test_read_on_tomorrow_opens_where_one_stopped(stage: Stage) -> None:
    post = await stage.publish()
    page = await stage.tobias.slash(stage.stories, "story read")
    assert page.message is not None
    asked = await stage.tobias.click(page.message, label="Read on tomorrow")
    assert "in a direct message" in asked.content
    await stage.stop_bot()
    await stage.start_bot()
    stage.turn_to_nine()
    await stage.until_posts(2)
    assert await at(stage, 22) == []
    (word,) = await at(stage, 1)
    assert word["content"] == "You wanted to read on in *The Lantern* about now."
    opened = await stage.tobias.click(word, label="Read on")
    assert opened.ephemeral
    assert text(post) not in opened.content
    assert text(stage.posts()[1]) in opened.content
    assert opened.message is not None
    await stage.tobias.click(opened.message, label="‹ Back")
    assert text(post) in opened.content

    stage.world.leave(stage.guild, stage.tobias.id)
    gone = await stage.tobias.click(word, label="Read on")
    assert "not here any more" in gone.content


async def test_the_author_may_let_readers_read_ahead(stage: Stage) -> None:
    await stage.publish()
    await stage.tobias.slash(stage.stories, "story subscribe", time="08:30")
    assert len(await at(stage, 0.5)) == 1
    said = await stage.mara.slash(stage.stories, "serial schedule", read_ahead=1)
    assert "is posted in" in said.content
    await stage.tobias.click(letters(stage)[0], label="Next part now")
    await stage.settle()
    assert (len(letters(stage)), len(stage.posts())) == (2, 1)
    status = await stage.mara.slash(stage.stories, "serial status")
    assert "1 more to read ahead" in status.content
    read = await stage.tobias.slash(stage.stories, "story read")
    assert "read everything of *The Lantern* that is out" in read.content
