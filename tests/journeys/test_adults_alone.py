"""Text for adults is not edited into messages that others see, or may see."""

import sqlite3

import discord
import pytest

from playground.faults import Status
from tests.journeys.stage import Json, Stage, labels
from tests.journeys.test_growing import NEW, NEXT, OLD, UPDATE, add, choose

LEAVE_TO_POST = discord.Permissions(manage_messages=True)
MARKED = "CORRECTED"


def corrected(post: Json, *, rated: bool = False) -> str:
    """The story with another word in this post; `rated`: its file says that it is explicit."""
    number = post["content"].split("Sentence number ")[1].split()[0]
    new = OLD.replace(f"number {number} of", f"number {number} {MARKED} of")
    return (
        new.replace("# The Lantern\n", "Title: The Lantern\nRating: Explicit\n") if rated else new
    )


async def correct(stage: Stage, file: str) -> str:
    """What Mara is told."""
    answer = await add(stage, file, "lantern.txt" if file.startswith("Title") else "lantern.md")
    (label,) = (one for one in labels(answer.message) if "correct" in one)
    await choose(stage, answer, label)
    await stage.settle()
    return answer.content


@pytest.mark.parametrize("rated", [True, False], ids=["by the file", "before"])
async def test_a_correction_waits_while_everyone_reads_the_channel(
    stage: Stage, rated: bool
) -> None:
    post = await stage.publish()
    if not rated:
        await stage.mara.slash(stage.stories, "serial rate", rating="explicit")
    said = await correct(stage, corrected(post, rated=rated))
    assert "I correct 1 post once the channel is age-restricted." in said
    await stage.stop_bot()
    await stage.start_bot()
    await stage.settle()
    (unchanged,) = stage.posts()
    assert unchanged["content"] == post["content"]
    stage.world.set_nsfw(stage.stories, True)
    await stage.playground.wait_for(
        lambda: MARKED in stage.posts()[0]["content"], what="the correction"
    )


async def test_a_correction_that_waited_is_made_once_the_rating_is_lower(stage: Stage) -> None:
    post = await stage.publish()
    await stage.mara.slash(stage.stories, "serial rate", rating="explicit")
    await correct(stage, corrected(post))
    assert MARKED not in stage.posts()[0]["content"]
    await stage.mara.slash(stage.stories, "serial rate", rating="teen")
    await stage.playground.wait_for(
        lambda: MARKED in stage.posts()[0]["content"], what="the correction"
    )


async def test_a_correction_waits_until_the_whole_server_is_for_adults(stage: Stage) -> None:
    post = await stage.publish()
    await stage.mara.slash(stage.stories, "serial rate", rating="explicit")
    await correct(stage, corrected(post))
    assert MARKED not in stage.posts()[0]["content"]
    stage.world.set_nsfw_level(stage.guild, discord.NSFWLevel.explicit)
    await stage.playground.wait_for(
        lambda: MARKED in stage.posts()[0]["content"], what="the correction"
    )


async def test_a_mirror_for_everyone_is_not_corrected_and_gets_no_more(stage: Stage) -> None:
    lobby = stage.world.channel(stage.guild, "lobby")
    stage.world.overwrite(lobby, stage.mara.id, allow=LEAVE_TO_POST)
    stage.world.set_nsfw(stage.stories, True)
    await stage.publish()
    await stage.mara.slash(stage.stories, "serial mirror", channel=lobby)
    stage.turn_to_nine()
    (mirrored,) = await stage.until_posts(1, lobby)
    await stage.mara.slash(stage.stories, "serial rate", rating="explicit")
    said = await correct(stage, corrected(mirrored))
    assert "I am correcting 1 post." in said
    assert MARKED in stage.posts()[1]["content"]
    assert MARKED not in stage.posts(lobby)[0]["content"]
    stage.turn_to_nine()
    await stage.until_posts(3)
    assert len(stage.posts(lobby)) == 1


async def test_what_other_servers_follow_is_not_corrected(stage: Stage) -> None:
    """Discord copies an edit of a crossposted message to all followers, who may be anyone."""
    news = stage.world.channel(stage.guild, "news", "announcement", nsfw=True)
    stage.world.overwrite(news, stage.mara.id, allow=LEAVE_TO_POST)
    await stage.publish()
    await stage.mara.slash(stage.stories, "serial schedule", channel=news, crosspost=True)
    stage.turn_to_nine()
    (post,) = await stage.until_posts(1, news)
    assert post["flags"] & 1  # crossposted
    await stage.mara.slash(news, "serial rate", rating="explicit")
    await correct(stage, corrected(post))
    assert MARKED not in stage.posts(news)[0]["content"]
    stage.turn_to_nine()
    _, alone = await stage.until_posts(2, news)
    assert not alone["flags"] & 1
    await correct(stage, corrected(alone))
    assert MARKED in stage.posts(news)[1]["content"]


async def test_no_thread_is_called_what_others_may_not_read(stage: Stage) -> None:
    """The thread is promised, and Discord puts it off, when the rating rises."""
    await stage.publish()
    await stage.mara.slash(stage.stories, "serial schedule", threads=True)
    wait = Status(429, retry_after=60)
    stage.playground.faults.add("POST", "/channels/*/messages/*/threads", wait, times=2)
    for count in (2, 3):  # the second chapter's first part
        stage.turn_to_nine()
        await stage.until_posts(count)
    await stage.playground.wait_for(
        lambda: any(one.path.endswith("/threads") for one in stage.playground.requests),
        what="the thread",
    )
    await stage.mara.slash(stage.stories, "serial rate", rating="explicit")
    await stage.stop_bot()
    with sqlite3.connect(stage.url.removeprefix("sqlite:///")) as database:
        database.execute("UPDATE outbox SET due = 0 WHERE act = 'thread'")
    stage.playground.faults.clear()
    await stage.start_bot()
    await stage.settle()
    assert not any(one.is_thread for one in stage.world.discord.channels.values())


@pytest.mark.parametrize("restricted", [False, True], ids=["for everyone", "restricted"])
@pytest.mark.parametrize("wanted", [UPDATE, NEXT])
async def test_undo_says_that_the_rating_stays(stage: Stage, wanted: str, restricted: bool) -> None:
    stage.world.set_nsfw(stage.stories, restricted)
    await stage.publish()
    new = NEW if wanted == UPDATE else NEW[NEW.index("## Chapter 3") :]
    new = new.replace("# The Lantern\n", "")
    answer = await add(stage, f"Title: The Lantern\nRating: Explicit\n\n{new}", "lantern.txt")
    await choose(stage, answer, wanted)
    await choose(stage, answer, "Undo")
    assert "Undone: the text of *The Lantern* is as it was before." in answer.content
    assert "The story is still rated explicit" in answer.content
    if restricted:
        assert "paused" not in answer.content
    else:
        assert "and paused." in answer.content
        await stage.mara.slash(stage.stories, "serial rate", rating="teen")
        await stage.mara.slash(stage.stories, "serial resume")
    stage.turn_to_nine()
    await stage.until_posts(2)
