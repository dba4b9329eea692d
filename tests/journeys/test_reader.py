"""What readers meet: a button, a private page, and nothing they have not reached."""

import discord
import pytest

from playground.inputs import Impossible
from tests.journeys.stage import Stage, labels, press, story, text


async def test_read_this_counts_each_reader_once(stage: Stage) -> None:
    post = await stage.publish()
    assert labels(post) == ["I've read this"]
    answer = await press(stage.tobias, post)
    assert labels(answer.message) == ["Read · 1"]
    assert answer.followups == []
    await press(stage.tobias, post)
    answer = await press(stage.odalys, post)
    assert labels(answer.message) == ["Read · 2"]


async def test_the_button_works_after_a_restart(stage: Stage) -> None:
    post = await stage.publish()
    await stage.stop_bot()
    await stage.start_bot()
    answer = await press(stage.tobias, post)
    assert labels(answer.message) == ["Read · 1"]


async def test_a_jump_of_several_parts_can_be_undone(stage: Stage) -> None:
    await stage.publish()
    for count in (2, 3):
        stage.turn_to_nine()
        posts = await stage.until_posts(count)
    answer = await press(stage.tobias, posts[2])
    (offer,) = await stage.playground.wait_for(lambda: answer.followups)
    assert "you have read up to Chapter 2: Wick, part 1." in offer["content"]
    chapters = await stage.tobias.slash(stage.stories, "story chapters")
    assert "Wick" in chapters.content

    undone = await stage.tobias.click(offer, label="Undo")
    assert "Taken back" in undone.content
    chapters = await stage.tobias.slash(stage.stories, "story chapters")
    assert "Oil" not in chapters.content
    read = await stage.tobias.slash(stage.stories, "story read")
    assert text(posts[0]) in read.content


async def test_reading_opens_where_one_stopped(stage: Stage) -> None:
    first = await stage.publish()
    stage.turn_to_nine()
    second = (await stage.until_posts(2))[-1]
    await press(stage.tobias, first)
    read = await stage.tobias.slash(stage.stories, "story read")
    assert text(second) in read.content
    assert read.message
    await stage.tobias.click(read.message, label="‹ Back")
    assert text(first) in read.content
    again = await stage.tobias.slash(stage.stories, "story read")
    assert text(first) in again.content


async def test_unread_chapters_go_by_number(stage: Stage) -> None:
    await stage.publish()
    before = await stage.tobias.slash(stage.stories, "story chapters")
    assert "Oil" not in before.content
    assert "Wick" not in before.content
    assert "- Chapter 1 · 2 parts" in before.content
    choices = await stage.tobias.autocomplete(stage.stories, "story place", "at", "")
    assert not any("Oil" in choice.name or "Wick" in choice.name for choice in choices)

    await stage.tobias.slash(stage.stories, "story place", at="1")
    after = await stage.tobias.slash(stage.stories, "story chapters")
    assert "Oil" in after.content
    assert "Wick" not in after.content
    about = await stage.tobias.slash(stage.stories, "story about")
    assert "You have read up to Chapter 1: Oil, part 1." in about.content
    assert "Wick" not in about.content


async def test_place_can_be_lowered_and_never_passes_what_is_published(stage: Stage) -> None:
    await stage.publish()
    ahead = await stage.tobias.slash(stage.stories, "story place", at="2")
    assert "Part 1 is the last one out so far" in ahead.content
    odd = await stage.tobias.slash(stage.stories, "story place", at="the middle")
    assert "Pick one of the suggestions" in odd.content
    caught_up = await stage.tobias.slash(stage.stories, "story place", at="caught up")
    assert "caught up" in caught_up.content
    stage.turn_to_nine()
    await stage.until_posts(2)
    about = await stage.tobias.slash(stage.stories, "story about")
    assert "You have read up to Chapter 1: Oil, part 2." in about.content  # following the channel
    await stage.tobias.slash(stage.stories, "story place", at="start")
    about = await stage.tobias.slash(stage.stories, "story about")
    assert "You have not begun" in about.content


async def test_a_story_in_a_hidden_channel_does_not_exist(stage: Stage) -> None:
    await stage.publish()
    lobby = stage.world.channel(stage.guild, "lobby")
    stage.world.overwrite(
        stage.stories, stage.tobias.id, deny=discord.Permissions(view_channel=True)
    )
    with pytest.raises(Impossible):
        await stage.tobias.slash(stage.stories, "story read")
    read = await stage.tobias.slash(lobby, "story read")
    assert "There is no story here yet" in read.content
    assert await stage.tobias.autocomplete(lobby, "story read", "story", "") == []
    stage.world.clear_overwrite(stage.stories, stage.tobias.id)
    (choice,) = await stage.tobias.autocomplete(lobby, "story read", "story", "lant")
    assert choice.name == "The Lantern"


async def test_another_server_knows_nothing_of_it(stage: Stage) -> None:
    await stage.publish()
    other = stage.world.guild("Elsewhere", owner=stage.odalys.id, channels=["general"])
    stage.world.join(other, stage.tobias.id)
    channel = int(stage.world.channels(other, stage.tobias.id)[0]["id"])
    assert "no story here" in (await stage.tobias.slash(channel, "story read")).content
    named = await stage.tobias.slash(channel, "story read", story="#1")
    assert "I know no such story here" in named.content
    status = await stage.odalys.slash(channel, "serial status")
    assert "Lantern" not in status.content


async def test_several_stories_are_told_apart(stage: Stage) -> None:
    await stage.publish()
    await stage.publish(story().replace(b"The Lantern", b"The Kettle"), "kettle.md")
    which = await stage.tobias.slash(stage.stories, "story read")
    assert "There are several stories here" in which.content
    kettle = await stage.tobias.slash(stage.stories, "story read", story="the kettle")
    assert "*The Kettle* by Mara" in kettle.content


async def test_an_older_parts_button_does_not_move_the_place_back(stage: Stage) -> None:
    first = await stage.publish()
    for count in (2, 3):
        stage.turn_to_nine()
        posts = await stage.until_posts(count)
    await press(stage.tobias, posts[1])
    await press(stage.tobias, first)
    read = await stage.tobias.slash(stage.stories, "story read")
    assert text(posts[2]) in read.content


async def test_the_button_counts_again_for_someone_who_went_back(stage: Stage) -> None:
    post = await stage.publish()
    await press(stage.tobias, post)
    await stage.tobias.slash(stage.stories, "story place", at="start")
    answer = await press(stage.tobias, post)
    assert labels(answer.message) == ["Read · 1"]
    about = await stage.tobias.slash(stage.stories, "story about")
    assert "You have read up to Chapter 1: Oil, part 1." in about.content


async def test_undo_does_not_take_back_what_was_read_since(stage: Stage) -> None:
    await stage.publish()
    for count in (2, 3, 4):
        stage.turn_to_nine()
        posts = await stage.until_posts(count)
    answer = await press(stage.tobias, posts[2])
    (offer,) = await stage.playground.wait_for(lambda: answer.followups)
    await press(stage.tobias, posts[3])
    await stage.tobias.click(offer, label="Undo")
    about = await stage.tobias.slash(stage.stories, "story about")
    assert "You have read up to Chapter 2: Wick, part 2." in about.content
    await stage.settle()
    assert labels(stage.posts()[2]) == ["I've read this"]


async def test_places_are_not_suggested_while_the_story_is_unclear(stage: Stage) -> None:
    await stage.publish()
    await stage.publish(story().replace(b"The Lantern", b"The Kettle"), "kettle.md")
    assert await stage.tobias.autocomplete(stage.stories, "story place", "at", "") == []
    known = await stage.tobias.autocomplete(
        stage.stories, "story place", "at", "", story="The Kettle"
    )
    assert [choice.value for choice in known] == ["caught up", "start", "1"]


async def test_the_end_of_what_there_is_promises_nothing(stage: Stage) -> None:
    await stage.publish(b"It is a very short story, and it ends here.", "short.txt")
    await stage.tobias.slash(stage.stories, "story read")
    again = await stage.tobias.slash(stage.stories, "story read")
    assert again.content == "You have read everything of *short* that is out."


async def test_undo_leaves_those_who_follow_where_they_are(stage: Stage) -> None:
    await stage.publish()
    stage.turn_to_nine()
    posts = await stage.until_posts(2)
    answer = await press(stage.tobias, posts[1])
    (offer,) = await stage.playground.wait_for(lambda: answer.followups)
    await stage.tobias.slash(stage.stories, "story place", at="caught up")
    await stage.tobias.click(offer, label="Undo")
    stage.turn_to_nine()
    await stage.until_posts(3)
    about = await stage.tobias.slash(stage.stories, "story about")
    assert "You have read up to Chapter 2: Wick, part 1." in about.content
