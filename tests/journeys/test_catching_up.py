"""Reading on after a while: what was missed, the menu of chapters, the server's stories; and what
the author sees of it."""

from tests.journeys.stage import Json, Stage, labels, press, story, text


async def posted(stage: Stage, count: int) -> list[Json]:
    """Part after part is out."""
    posts = [await stage.publish()]
    for number in range(2, count + 1):
        stage.turn_to_nine()
        posts = await stage.until_posts(number)
    return posts


def link(stage: Stage, post: Json) -> str:
    return f"https://discord.com/channels/{stage.guild}/{stage.stories}/{post['id']}"


async def test_what_was_missed_by_number_and_by_title_only_if_asked(stage: Stage) -> None:
    posts = await posted(stage, 4)
    lost = await stage.tobias.slash(stage.stories, "story catch-up")
    assert lost.ephemeral
    assert "How far have you read *The Lantern*?" in lost.content
    assert lost.message is not None
    await stage.tobias.click(lost.message, label="At the start")
    assert lost.content.startswith("*The Lantern*, unread: 4 parts")
    await press(stage.tobias, posts[0])
    answer = await stage.tobias.slash(stage.stories, "story catch-up")
    assert answer.content.splitlines()[0].startswith("*The Lantern*, unread: 3 parts")
    assert f"[Chapter 1: Oil]({link(stage, posts[1])}) · 1 part" in answer.content
    assert f"[Chapter 2]({link(stage, posts[2])}) · 2 parts" in answer.content
    assert "Wick" not in answer.content
    await stage.stop_bot()
    await stage.start_bot()
    assert answer.message is not None
    await stage.tobias.click(answer.message, label="Show titles (spoils)")
    assert "[Chapter 2: Wick]" in answer.content
    assert labels(answer.message) == ["Read on"]
    chapters = await stage.tobias.slash(stage.stories, "story chapters")
    assert "Wick" not in chapters.content  # to look at titles is not to have read
    read = await stage.tobias.click(answer.message, label="Read on")
    assert text(posts[1]) in read.content

    await stage.tobias.slash(stage.stories, "story place", at="4")
    none = await stage.tobias.slash(stage.stories, "story catch-up")
    assert none.content == "You have missed nothing of *The Lantern*."
    await stage.tobias.slash(stage.stories, "story place", at="caught up")
    follows = await stage.tobias.slash(stage.stories, "story catch-up")
    assert "as it is posted" in follows.content


async def test_the_menu_goes_to_chapters_and_a_jump_can_be_undone(stage: Stage) -> None:
    posts = await posted(stage, 3)
    page = await stage.tobias.slash(stage.stories, "story read")
    assert page.message is not None
    assert labels(page.message) == ["‹ Back", "Next ›", "Read on tomorrow", "Go to the post"]
    buttons, menu = page.message["components"]
    assert buttons["components"][3]["url"] == link(stage, posts[0])
    options = menu["components"][0]["options"]
    assert [one["label"] for one in options] == ["Chapter 1: Oil", "Chapter 2 (unread)"]

    jumped = await stage.tobias.choose(page.message, ["Chapter 2 (unread)"])
    assert text(posts[2]) in page.content
    (offer,) = await stage.playground.wait_for(lambda: jumped.followups)
    assert "you have read up to Chapter 2: Wick, part 1." in offer["content"]
    undone = await stage.tobias.click(offer, label="Undo")
    assert "Taken back" in undone.content
    again = await stage.tobias.slash(stage.stories, "story read")
    assert text(posts[0]) in again.content
    assert again.message is not None
    shown = again.message["components"][1]["components"][0]["options"]
    assert shown[1]["label"] == "Chapter 2 (unread)"


async def test_about_lists_the_stories_where_there_are_several(stage: Stage) -> None:
    await stage.publish()
    alone = await stage.tobias.slash(stage.stories, "story about")
    assert "You have not begun" in alone.content
    await stage.publish(story().replace(b"The Lantern", b"The Kettle"), "kettle.md")
    listed = await stage.tobias.slash(stage.stories, "story about")
    first, second = listed.content.splitlines()
    assert first.startswith("*The Lantern* by Mara: suits 13+; ongoing, 1 of 4 parts out in <#")
    assert second.startswith("*The Kettle* by Mara")
    named = await stage.tobias.slash(stage.stories, "story about", story="the kettle")
    assert "You have not begun" in named.content


async def test_the_author_sees_counts_and_who_opts_out_is_in_none(stage: Stage) -> None:
    posts = await posted(stage, 3)
    ines = stage.newcomer("Ines")
    await press(stage.tobias, posts[0])
    await press(ines, posts[2])
    ines.react(posts[2], "❤️")
    stage.tobias.react(posts[2], "❤️")
    told = (await stage.mara.slash(stage.stories, "serial readers")).content
    assert told.startswith("*The Lantern*: 2 readers, 1 of them caught up. “I've read this” was")
    assert "pressed 2×" in told
    assert "**Where they stop**: Chapter 1: Oil, part 1 (1)" in told
    assert "**What they loved**: Chapter 2: Wick, part 1 (2 reactions)" in told
    assert "Chapter 1: Oil: `█▁` 1 (1, 0)" in told
    assert "Tobias" not in told
    stranger = await stage.tobias.slash(stage.stories, "serial readers")
    assert "You have no story here" in stranger.content

    await stage.tobias.slash(stage.stories, "me privacy", reading="not counted")
    await stage.settle()
    assert labels(stage.posts()[0]) == ["I've read this"]
    told = (await stage.mara.slash(stage.stories, "serial readers")).content
    assert told.startswith("*The Lantern*: 1 reader, 1 of them caught up.")
    answer = await press(stage.tobias, posts[1])
    assert labels(answer.message) == ["I've read this"]  # it works, and does not count
    read = await stage.tobias.slash(stage.stories, "story read")
    assert text(posts[2]) in read.content
