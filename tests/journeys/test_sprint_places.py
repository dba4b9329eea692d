"""Sprints where people sprint: in threads, and in the chats of voice channels."""

from datetime import UTC, datetime

import discord
import pytest

from tests.journeys.stage import MINUTE, Stage, labels


@pytest.mark.parametrize("kind", ["thread", "voice"])
async def test_a_sprint_from_its_start_to_its_results(stage: Stage, kind: str) -> None:
    if kind == "thread":
        here = stage.world.thread(stage.stories, "Night owls", stage.tobias.id)
    else:
        here = stage.world.channel(stage.guild, "Night owls", "voice")
    await stage.settle()
    reminded = await stage.mara.slash(here, "sprint remind", when="on")
    assert "You'll be pinged" in reminded.content
    begun = await stage.tobias.slash(here, "sprint start", minutes=10, **{"in": 0})
    assert "is up, and you're in" in begun.content
    (board,) = await stage.until_posts(1, here)
    await stage.mara.click(board, label="Join")
    stage.turn(10 * MINUTE)
    await stage.settle()
    bell = stage.posts(here)[-1]
    form = await stage.mara.click(bell, label="Enter words")
    await stage.mara.submit(form, {"Your count": "+300"})
    await stage.tobias.slash(here, "sprint words", count="+200")
    await stage.settle()
    results = stage.posts(here)[-1]
    assert "**1. Mara** · 300 words" in results["content"]
    assert labels(results) == ["Enter words", "Where am I?"]
    assert len(results["attachments"]) == 1
    assert f"/{here}/{results['id']}>" in stage.posts(here)[0]["content"]
    assert stage.posts() == []


async def test_a_thread_takes_leave_to_write_in_threads(stage: Stage) -> None:
    thread = stage.world.thread(stage.stories, "Night owls", stage.tobias.id)
    everyone = stage.guild
    stage.world.overwrite(
        stage.stories, everyone, deny=discord.Permissions(send_messages_in_threads=True)
    )
    await stage.settle()
    refused = await stage.odalys.slash(thread, "sprint start")
    assert refused.content == (
        f"I may not post in <#{thread}>. Give me *View Channel*, *Read Message History* and *Send "
        "Messages In Threads* there, or try another channel."
    )
    stage.world.overwrite(stage.stories, everyone, deny=discord.Permissions(send_messages=True))
    await stage.settle()
    assert "is up" in (await stage.tobias.slash(thread, "sprint start")).content


async def test_a_voice_channels_chat_takes_leave_to_connect(stage: Stage) -> None:
    booth = stage.world.channel(stage.guild, "booth", "voice")
    stage.world.overwrite(booth, stage.world.bot_id, deny=discord.Permissions(connect=True))
    await stage.settle()
    refused = await stage.tobias.slash(booth, "sprint start")
    assert "*Connect*" in refused.content
    assert stage.posts(booth) == []
    stage.world.overwrite(booth, stage.world.bot_id, allow=discord.Permissions(connect=True))
    await stage.settle()
    await stage.tobias.slash(booth, "sprint start")
    await stage.until_posts(1, booth)


async def test_a_thread_that_was_archived_meanwhile_is_opened_by_the_bell(stage: Stage) -> None:
    thread = stage.world.thread(stage.stories, "Night owls", stage.tobias.id)
    await stage.settle()
    await stage.tobias.slash(thread, "sprint start", minutes=10, **{"in": 0})
    await stage.until_posts(1, thread)
    stage.world.discord.edit_channel(thread, {}, thread_metadata={"archived": True})
    stage.turn(10 * MINUTE)
    await stage.settle()
    assert stage.posts(thread)[-1]["content"].startswith("**Time!**")


async def test_what_lasts_takes_a_channel(stage: Stage) -> None:
    thread = stage.world.thread(stage.stories, "Night owls", stage.tobias.id)
    await stage.settle()
    for command, options in (
        ("sprint plan add", {"time": "21:00"}),
        ("challenge create", {"amount": "1000"}),
    ):
        refused = await stage.odalys.slash(thread, command, **options)
        assert refused.content.startswith("A thread is archived when it falls silent"), command


async def test_at_the_next_quarter_past(stage: Stage) -> None:
    now = datetime.fromtimestamp(stage.clock.now() / 1000, UTC)
    assert now.minute < 15
    await stage.tobias.slash(stage.stories, "sprint start", at=":15")
    (board,) = await stage.until_posts(1)
    starts = int(now.replace(minute=15, second=0, microsecond=0).timestamp())
    assert f"Starts <t:{starts}:t>" in board["content"]


async def test_a_channel_has_a_length_of_its_own(stage: Stage) -> None:
    den = stage.world.channel(stage.guild, "den")
    await stage.settle()
    said = await stage.odalys.slash(stage.stories, "sprint settings", channel=den, minutes=45)
    assert said.content == f"In <#{den}> a sprint lasts 45 minutes if nobody says."
    refused = await stage.odalys.slash(stage.stories, "sprint settings", channel=den, counting=5)
    assert "Only `minutes` can differ" in refused.content
    for channel, minutes in ((den, 45), (stage.stories, 20)):
        begun = await stage.mara.slash(channel, "sprint start")
        assert f"Your sprint of {minutes} minutes is up" in begun.content
