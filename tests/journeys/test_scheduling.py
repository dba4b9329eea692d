"""Several parts a day, a start, threads, mirrors: what is done with each part."""

import sqlite3
from datetime import UTC, datetime, timedelta

import discord

from bot.client import PERMISSIONS
from playground.faults import Status
from tests.journeys.stage import DAY, HOUR, Json, Stage, press, story, text

CONFIRM = "Confirm: I wrote it or have leave"


async def ready(stage: Stage, data: bytes | None = None) -> None:
    """Mara's story is confirmed and not scheduled."""
    draft = await stage.mara.slash(
        stage.stories, "serial add", file=("lantern.md", data or story())
    )
    assert draft.message is not None
    await stage.mara.click(draft.message, label=CONFIRM)


def threads(stage: Stage) -> list[Json]:
    return [
        one
        for one in stage.world.channels(stage.guild, stage.mara.id)
        if one.get("parent_id") == str(stage.stories)
    ]


async def test_several_parts_a_day(stage: Stage) -> None:
    await ready(stage)
    answer = await stage.mara.slash(stage.stories, "serial schedule", time="6 pm, 09:00")
    assert "every day at 09:00 and 18:00 (UTC" in answer.content
    stage.turn_to_nine()
    await stage.until_posts(1)
    stage.turn(9 * HOUR)
    await stage.until_posts(2)
    await stage.mara.slash(stage.stories, "serial schedule", time="18:00")
    stage.turn_to_nine()
    await stage.settle()
    assert len(stage.posts()) == 2
    stage.turn(9 * HOUR)
    await stage.until_posts(3)
    refused = await stage.mara.slash(stage.stories, "serial schedule", time="noonish")
    assert "is not a time of day" in refused.content


async def test_nothing_is_posted_before_it_starts(stage: Stage) -> None:
    await ready(stage)
    now = datetime.fromtimestamp(stage.clock.now() / 1000, UTC)
    first = (now + timedelta(days=3)).date()
    answer = await stage.mara.slash(stage.stories, "serial schedule", starts=first.isoformat())
    nine = datetime(first.year, first.month, first.day, 9, tzinfo=UTC)
    assert f"<t:{int(nine.timestamp())}:F>" in answer.content
    for _ in range(3):
        stage.turn(DAY)
        await stage.settle()
    assert stage.posts() == []
    stage.turn_to_nine()
    await stage.until_posts(1)
    refused = await stage.mara.slash(stage.stories, "serial schedule", starts="2020-01-01")
    assert "is over" in refused.content


async def test_each_chapter_has_a_thread_to_talk_in(stage: Stage) -> None:
    await ready(stage)
    needed = discord.Permissions(create_public_threads=True)
    stage.world.overwrite(stage.stories, stage.guild, deny=needed)
    refused = await stage.mara.slash(stage.stories, "serial schedule", threads=True)
    assert "I need *Create Public Threads*" in refused.content
    stage.world.overwrite(stage.stories, stage.world.bot_id, allow=needed)
    await stage.mara.slash(stage.stories, "serial schedule", threads=True)
    stage.playground.faults.add("POST", "/channels/*/messages/*/threads", Status(503))
    for count in (1, 2, 3):
        stage.turn_to_nine()
        await stage.until_posts(count)
        if count == 1:
            await stage.stop_bot()
            await stage.start_bot()
            await stage.settle()
            (thread,) = threads(stage)
            assert thread["name"] == "Chapter 1: Oil"
            assert thread["id"] == stage.posts()[0]["id"]
    assert [one["name"] for one in threads(stage)] == ["Chapter 1: Oil", "Chapter 2: Wick"]
    assert len(stage.posts()) == 3  # the parts stay in the channel


async def test_the_invite_asks_for_all_that_a_serial_takes(stage: Stage) -> None:
    """In a server where members may do next to nothing, the bot can still do everything."""
    little = discord.Permissions(view_channel=True, use_application_commands=True)
    stage.world.discord.edit_role(stage.guild, stage.guild, {"permissions": little.value})
    author = discord.Permissions(send_messages=True, manage_messages=True)
    stage.world.overwrite(stage.stories, stage.mara.id, allow=author)
    await ready(stage)
    await stage.mara.slash(stage.stories, "serial schedule", threads=True)
    stage.turn_to_nine()
    (post,) = await stage.until_posts(1)
    await stage.settle()
    (thread,) = threads(stage)
    assert thread["id"] == post["id"]
    # What the README says: see, write there and in threads, begin them, attach, read again.
    assert {name for name, is_asked_for in PERMISSIONS if is_asked_for} == {
        "read_messages", "send_messages", "send_messages_in_threads", "create_public_threads",
        "attach_files", "read_message_history",
    }  # fmt: skip


async def test_a_thread_that_is_there_already_is_enough(stage: Stage) -> None:
    await ready(stage)
    stage.playground.faults.add("POST", "/channels/*/messages/*/threads", Status(400, code=160004))
    await stage.mara.slash(stage.stories, "serial schedule", threads=True)
    stage.turn_to_nine()
    await stage.until_posts(1)
    asked = [one for one in stage.playground.requests if one.path.endswith("/threads")]
    assert len(asked) == 1


async def test_parts_of_an_announcement_channel_are_published(stage: Stage) -> None:
    await ready(stage)
    refused = await stage.mara.slash(stage.stories, "serial schedule", crosspost=True)
    assert "is no announcement channel" in refused.content
    news = stage.world.channel(stage.guild, "news", "announcement")
    stage.world.overwrite(news, stage.mara.id, allow=discord.Permissions(manage_messages=True))
    wait = Status(429, retry_after=0.1)
    stage.playground.faults.add("POST", "/channels/*/messages/*/crosspost", wait)
    await stage.mara.slash(stage.stories, "serial schedule", channel=news, crosspost=True)
    stage.turn_to_nine()
    (post,) = await stage.until_posts(1, news)
    assert post["flags"] & 1  # crossposted


async def test_a_part_for_adults_is_published_nowhere_else(stage: Stage) -> None:
    news = stage.world.channel(stage.guild, "news", "announcement", nsfw=True)
    stage.world.overwrite(news, stage.mara.id, allow=discord.Permissions(manage_messages=True))
    await ready(stage)
    await stage.mara.slash(news, "serial rate", rating="explicit")
    answer = await stage.mara.slash(stage.stories, "serial schedule", channel=news, crosspost=True)
    assert "its parts aren't published to other servers" in answer.content
    stage.turn_to_nine()
    (post,) = await stage.until_posts(1, news)
    assert not post["flags"] & 1
    await stage.mara.slash(news, "serial rate", rating="teen")
    stage.turn_to_nine()
    _, second = await stage.until_posts(2, news)
    assert second["flags"] & 1


async def test_a_part_that_is_rated_before_it_is_published_is_not(stage: Stage) -> None:
    """The crosspost is promised, and Discord puts it off, when the rating rises."""
    news = stage.world.channel(stage.guild, "news", "announcement", nsfw=True)
    stage.world.overwrite(news, stage.mara.id, allow=discord.Permissions(manage_messages=True))
    await ready(stage)
    wait = Status(429, retry_after=60)
    stage.playground.faults.add("POST", "/channels/*/messages/*/crosspost", wait, times=2)
    await stage.mara.slash(stage.stories, "serial schedule", channel=news, crosspost=True)
    stage.turn_to_nine()
    await stage.playground.wait_for(lambda: stage.posts(news), what="the part")
    await stage.playground.wait_for(
        lambda: any(one.path.endswith("/crosspost") for one in stage.playground.requests),
        what="the crosspost",
    )
    await stage.mara.slash(news, "serial rate", rating="explicit")
    await stage.stop_bot()
    with sqlite3.connect(stage.url.removeprefix("sqlite:///")) as database:
        database.execute("UPDATE outbox SET due = 0 WHERE act = 'crosspost'")
    stage.playground.faults.clear()
    await stage.start_bot()
    await stage.settle()
    (post,) = stage.posts(news)
    assert not post["flags"] & 1


async def test_other_channels_mirror_it(stage: Stage) -> None:
    general = stage.world.channel(stage.guild, "lobby")
    first = await stage.publish()
    asked = await stage.mara.slash(stage.stories, "serial mirror", channel=general)
    assert "as soon as someone who may manage messages there allows it" in asked.content
    (request,) = await stage.until_posts(1, general)
    assert "would like to show *The Lantern* here too" in request["content"]
    stage.turn_to_nine()
    await stage.until_posts(2)
    assert len(stage.posts(general)) == 1  # nobody has allowed it
    refused = await stage.tobias.click(request, label="Allow")
    assert "Manage Messages" in refused.content
    await stage.odalys.click(request, label="Allow")
    stage.turn_to_nine()
    third = (await stage.until_posts(3))[-1]
    mirrored = (await stage.until_posts(2, general))[-1]
    assert mirrored["content"] == third["content"]
    await press(stage.tobias, mirrored)
    about = await stage.tobias.slash(stage.stories, "story about")
    assert "You have read up to Chapter 2: Wick, part 1." in about.content

    stopped = await stage.mara.slash(stage.stories, "serial mirror", channel=general)
    assert "is not shown in" in stopped.content
    stage.turn_to_nine()
    await stage.until_posts(4)
    assert len(stage.posts(general)) == 2
    assert first["id"] == stage.posts()[0]["id"]


async def test_a_mirror_that_goes_does_not_stop_the_serial(stage: Stage) -> None:
    lobby = stage.world.channel(stage.guild, "lobby")
    stage.world.overwrite(lobby, stage.mara.id, allow=discord.Permissions(manage_messages=True))
    await stage.publish()
    answer = await stage.mara.slash(stage.stories, "serial mirror", channel=lobby)
    assert "is shown in" in answer.content
    stage.world.delete_channel(lobby)
    for count in (2, 3):
        stage.turn_to_nine()
        await stage.until_posts(count)
    assert "is posted in" in (await stage.mara.slash(stage.stories, "serial status")).content
    own = await stage.mara.slash(stage.stories, "serial mirror", channel=stage.stories)
    assert "mirrored from the channel that it is posted in" in own.content


async def test_the_end_of_the_part_before_is_recalled(stage: Stage) -> None:
    first = await stage.publish()
    await stage.mara.slash(stage.stories, "serial schedule", previously=True)
    stage.turn_to_nine()
    _, second = await stage.until_posts(2)
    last = text(first).rsplit("\n\n", 1)[-1]
    (recalled,) = [
        line.removeprefix("-# Before: ")
        for line in second["content"].splitlines()
        if line.startswith("-# Before: ")
    ]
    assert last.endswith(recalled.removeprefix("… "))
    assert len(recalled) > 40
    assert len(second["content"]) <= 2000
    read = await stage.tobias.slash(stage.stories, "story read")
    assert "Before:" not in read.content  # of part 1
