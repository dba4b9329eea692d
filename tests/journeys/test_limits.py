"""Limits that keep one member from being in everyone's way, and that others never meet."""

import discord
import pytest

from bot.serials import drafts
from bot.stories.formats import MAX_BYTES
from tests.journeys.stage import Stage, labels, prose, story

CONFIRM = "Confirm: I wrote it or have leave"


async def test_thirty_chapters_are_handed_in_one_after_another(stage: Stage) -> None:
    await stage.publish(prose("oil", 100).encode(), "Solo.txt")
    for number in range(30):
        file = (f"{number}.txt", prose(f"wick {number}", 60).encode())
        answer = await stage.mara.slash(stage.stories, "serial add", file=file)
        assert answer.message is not None, answer.content
        await stage.mara.click(answer.message, label="Next chapter of Solo")
        assert "Added." in answer.content
    status = await stage.mara.slash(stage.stories, "serial status")
    assert "of 31" in status.content


async def test_thirty_chapters_are_handed_in_before_the_first_is_added(stage: Stage) -> None:
    await stage.publish(prose("oil", 100).encode(), "Solo.txt")
    answers = [
        await stage.mara.slash(
            stage.stories, "serial add", file=(f"{number}.txt", prose("wick", 60).encode())
        )
        for number in range(30)
    ]
    for answer in answers:
        assert labels(answer.message)[0] == "Next chapter of Solo"
    assert drafts.MOST_DRAFTS > 30


@pytest.mark.parametrize("command", ["serial add", "serial update"])
async def test_a_file_that_is_too_large_is_not_even_fetched(stage: Stage, command: str) -> None:
    await stage.publish()
    file = ("huge.txt", b"It was late.\n" * (MAX_BYTES // 13 + 1))
    answer = await stage.mara.slash(stage.stories, command, file=file)
    assert answer.content == (
        "That file is larger than 10 MB. Send the story in pieces, a file for each part of it."
    )


async def test_leave_is_asked_for_once(stage: Stage) -> None:
    general = stage.world.channel(stage.guild, "elsewhere")
    draft = await stage.mara.slash(stage.stories, "serial add", file=("lantern.md", story()))
    assert draft.message is not None
    await stage.mara.click(draft.message, label=CONFIRM)
    await stage.mara.slash(stage.stories, "serial schedule", channel=general)
    (request,) = await stage.until_posts(1, general)
    assert "09:00" in request["content"]
    for time in ("10:00", "11:00", "12:00"):
        await stage.mara.slash(stage.stories, "serial schedule", channel=general, time=time)
        await stage.settle()
    (request,) = stage.posts(general)
    assert "12:00" in request["content"]
    await stage.odalys.click(request, label="Allow")
    assert "may be posted here" in stage.posts(general)[0]["content"]


async def test_an_author_is_told_when_there_is_no_room_for_another_story(stage: Stage) -> None:
    stage.story_quota = "10 KB"
    await stage.stop_bot()
    await stage.start_bot()
    await stage.publish()  # of some 6 KB
    file = ("lantern.md", story())
    answer = await stage.mara.slash(stage.stories, "serial add", file=file)
    said = answer.content + "".join(one["content"] for one in answer.followups)
    assert "There is no room for that file's" in said
    assert "an author may keep 10 KB in this server" in said
    update = await stage.mara.slash(
        stage.stories, "serial update", file=("lantern.md", story("Chapter 1: Flame", 600))
    )
    said = update.content + "".join(one["content"] for one in update.followups)
    assert "There is no room" in said
    theirs = discord.Permissions(manage_messages=True)
    stage.world.overwrite(stage.stories, stage.tobias.id, allow=theirs)
    answer = await stage.tobias.slash(stage.stories, "serial add", file=file)
    assert "2 chapters" in answer.content
