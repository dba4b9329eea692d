"""What an author does with a serial once it runs: a day off, a copy, the end."""

import aiohttp
import discord

from playground.faults import Reset, Status
from playground.people import Answer, Person
from tests.journeys.stage import DAY, Json, Stage, labels, press, story, text

TITLE = "Type the story's title, or REMOVE"
REASON = "Why, for its author (may be empty)"
UNSEEN = discord.Permissions(view_channel=True)


async def downloaded(answer: Answer) -> tuple[str, bytes]:
    assert answer.message is not None
    (attachment,) = answer.message["attachments"]
    async with aiohttp.ClientSession() as session, session.get(attachment["url"]) as response:
        return attachment["filename"], await response.read()


async def remove(stage: Stage, who: Person, typed: str, **fields: str) -> Answer:
    """Ask for it and answer the form. Returns what was asked, as it stands then."""
    asked = await who.slash(stage.stories, "serial remove")
    assert asked.ephemeral
    assert asked.message is not None, asked.failed
    form = await who.click(asked.message, label="Remove…")
    await who.submit(form, {TITLE: typed, **fields})
    return asked


async def until_gone(stage: Stage) -> None:
    await stage.playground.wait_for(lambda: not stage.posts(), what="no posts")
    await stage.settle()


async def publish_all(stage: Stage) -> list[Json]:
    """The story has one part, and is marked complete."""
    await stage.publish(story(words=40).replace(b"## Chapter 2: Wick", b""))
    await stage.mara.slash(stage.stories, "serial complete")
    return await stage.until_posts(2)


async def test_a_day_is_skipped_and_no_part_is_lost(stage: Stage) -> None:
    await stage.publish()
    stage.playground.faults.duplicate_next_interaction()
    answer = await stage.mara.slash(stage.stories, "serial skip")
    assert answer.ephemeral
    assert "Nothing of *The Lantern* is posted on" in answer.content
    assert labels(answer.message) == ["Post after all"]
    stage.turn_to_nine()
    await stage.settle()
    assert len(stage.posts()) == 1
    await stage.stop_bot()
    await stage.start_bot()
    stage.turn_to_nine()
    assert "part 2 ·" in (await stage.until_posts(2))[1]["content"]


async def test_a_skipped_day_is_posted_after_all(stage: Stage) -> None:
    await stage.publish()
    answer = await stage.mara.slash(stage.stories, "serial skip")
    assert answer.message is not None
    await press(stage.mara, answer.message)
    assert "after all" in answer.content
    assert labels(answer.message) == []
    stage.turn_to_nine()
    await stage.until_posts(2)


async def test_what_is_exported_is_added_again_as_it_was(stage: Stage) -> None:
    first = await stage.publish()
    answer = await stage.mara.slash(stage.stories, "serial export")
    assert answer.ephemeral
    name, data = await downloaded(answer)
    assert name == "the-lantern.md"
    assert b"<!-- part 4 ends -->" in data
    refused = await stage.odalys.slash(stage.stories, "serial export")  # a moderator
    assert "You have no story here" in refused.content

    await remove(stage, stage.mara, "the lantern")
    await until_gone(stage)
    again = await stage.publish(data, name)
    assert again["content"] == first["content"]


async def test_an_author_removes_a_story_and_its_posts_go(stage: Stage) -> None:
    first = await stage.publish()
    await press(stage.tobias, first)
    stage.turn_to_nine()
    await stage.until_posts(2)
    kept = await remove(stage, stage.mara, "The Lamp")
    assert labels(kept.message) == ["Export first", "Remove…"]
    assert kept.message is not None
    export = await stage.mara.click(kept.message, label="Export first")
    assert (await downloaded(export))[0] == "the-lantern.md"
    await stage.settle()
    assert len(stage.posts()) == 2

    stage.playground.faults.add("DELETE", "/channels/*/messages/*", Status(429, retry_after=0.05))
    stage.playground.faults.add("DELETE", "/channels/*/messages/*", Reset("after"))
    asked = await remove(stage, stage.mara, "REMOVE")
    assert asked.content == (
        "*The Lantern* is removed. I am deleting its posts, and whatever was shared of it here."
    )
    assert labels(asked.message) == []
    await until_gone(stage)
    stage.turn_to_nine()
    await stage.settle()
    assert stage.posts() == []
    assert "no story here" in (await stage.mara.slash(stage.stories, "serial status")).content
    assert "no story here" in (await stage.tobias.slash(stage.stories, "story read")).content
    again = await stage.mara.click(kept.message, label="Remove…")
    assert "not here any more" in again.content


async def test_posts_that_may_not_be_deleted_wait_for_the_permission(stage: Stage) -> None:
    await stage.publish()
    asked = await stage.mara.slash(stage.stories, "serial remove")
    assert asked.message is not None
    form = await stage.mara.click(asked.message, label="Remove…")
    stage.world.overwrite(stage.stories, stage.world.bot_id, deny=UNSEEN)
    await stage.mara.submit(form, {TITLE: "REMOVE"})
    await stage.settle()
    assert len(stage.posts()) == 1
    await stage.stop_bot()
    await stage.start_bot()
    await stage.settle()
    assert len(stage.posts()) == 1
    refused = [one for one in stage.playground.requests if one.method == "DELETE"]
    assert [one.status for one in refused] == [403]  # it is not asked again and again
    stage.world.clear_overwrite(stage.stories, stage.world.bot_id)
    await until_gone(stage)


async def test_a_removal_survives_a_restart(stage: Stage) -> None:
    await stage.publish()
    stage.playground.faults.add(
        "DELETE", "/channels/*/messages/*", Status(429, retry_after=0.5), times=3
    )
    await remove(stage, stage.mara, "REMOVE")
    await stage.stop_bot()
    await stage.start_bot()
    await until_gone(stage)


async def test_a_moderator_removes_a_story_and_its_author_is_told_why(stage: Stage) -> None:
    await stage.publish()
    asked = await stage.odalys.slash(stage.stories, "serial remove")
    assert labels(asked.message) == ["Remove…"]
    await remove(stage, stage.odalys, "REMOVE", **{REASON: "No *adult* stories here."})
    await until_gone(stage)
    direct = stage.world.dm(stage.mara.id)
    (told,) = stage.posts_of(stage.mara, direct)
    assert told["content"].startswith("A moderator has removed *The Lantern*")
    assert r"They said: No \*adult\* stories here." in told["content"]
    assert "Odalys" not in told["content"]
    refused = await stage.tobias.slash(stage.stories, "serial remove")
    assert "You have no story here" in refused.content


async def test_a_complete_story_is_closed_once(stage: Stage) -> None:
    first = await stage.publish()
    await stage.mara.slash(stage.stories, "serial complete")
    await press(stage.tobias, first)
    await press(stage.odalys, first)
    for count in (2, 3):
        stage.turn_to_nine()
        await stage.until_posts(count)
    # The answers to the last part and to the closing are lost, and the bot dies.
    stage.playground.faults.add("POST", f"/channels/{stage.stories}/messages", Reset("after"), 2)
    stage.turn_to_nine()
    await stage.playground.wait_for(lambda: len(stage.posts()) >= 4)
    await stage.stop_bot()
    await stage.start_bot()
    closing = (await stage.until_posts(5))[-1]
    assert closing["content"].splitlines() == [
        "*The Lantern* by Mara is complete: its last part is up.",
        "Thank you to the 2 readers who came along.",
        "`/story read` keeps it readable from the start.",
    ]
    await stage.stop_bot()
    await stage.start_bot()
    stage.turn_to_nine()
    await stage.settle()
    assert len(stage.posts()) == 5

    newcomer = stage.newcomer("Ines")
    opened = await press(newcomer, closing)
    assert opened.ephemeral
    assert text({"content": opened.content}) == text(first)
    assert stage.posts()[-1] == closing


async def test_a_story_marked_complete_after_its_last_part_is_closed(stage: Stage) -> None:
    posts = await publish_all(stage)
    assert "is complete" in posts[-1]["content"]
    assert "reader" not in posts[-1]["content"].splitlines()[1]
    assert text(posts[0])
    stage.turn_to_nine()
    await stage.settle()
    assert len(stage.posts()) == 2


async def test_on_sunday_the_author_is_told_of_the_week(stage: Stage) -> None:
    first = await stage.publish()
    await press(stage.tobias, first)
    await press(stage.odalys, first)
    stage.turn_to_nine()
    _, second = await stage.until_posts(2)
    await press(stage.tobias, second)
    for person, emoji in ((stage.tobias, "❤"), (stage.odalys, "❤"), (stage.tobias, "🎉")):
        person.react(second, emoji)
    direct = stage.world.dm(stage.mara.id)
    for _ in range(7):
        stage.turn(DAY)
        await stage.settle()
        if notes := [
            one for one in stage.posts_of(stage.mara, direct) if "Your week" in one["content"]
        ]:
            break
    (note,) = notes
    lines = note["content"].splitlines()
    assert lines[0] == "Your week with *The Lantern*:"
    assert "- Chapter 1: Oil, part 1: 2 readers" in lines
    assert "- Chapter 1: Oil, part 2: 1 reader" in lines
    assert "Most loved: Chapter 1: Oil, part 2 (3 reactions)." in lines
    assert "Chapter 1: Oil, part 1 (1)" in note["content"]
