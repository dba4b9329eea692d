"""A reader looks something up, and is told no more than they have read."""

from tests.journeys.stage import Json, Stage, labels, story

STORM = """\
# The Lantern

By Mara

## Chapter 1: Oil

The *lantern* stood in the old window_, and Dilys’s boat was gone.

## Chapter 2: Wick

Then the storm took the lantern.
"""
FIELD = "The last chapter you have finished"
QUESTION = ["Caught up", "At the start", "Chapter …"]


async def two_chapters(stage: Stage) -> list[Json]:
    """Both published."""
    await stage.publish(STORM.encode())
    stage.turn_to_nine()
    return await stage.until_posts(2)


def link(stage: Stage, post: Json) -> str:
    return f"https://discord.com/channels/{stage.guild}/{stage.stories}/{post['id']}"


async def test_a_reader_is_asked_once_how_far_they_are(stage: Stage) -> None:
    posts = await two_chapters(stage)
    asked = await stage.tobias.slash(stage.stories, "story search", text="lanterns")
    assert asked.ephemeral
    assert labels(asked.message) == QUESTION
    assert "storm" not in asked.content
    assert asked.message is not None
    answer = await stage.tobias.click(asked.message, label="Caught up")
    assert answer.content == (
        "`lanterns` · 2 passages\n"
        f"[Chapter 2: Wick, part 1]({link(stage, posts[1])})\n"
        "> Then the storm took the **lantern**.\n"
        f"[Chapter 1: Oil, part 1]({link(stage, posts[0])})\n"
        "> The ***lantern*** stood in the old window\\_, and Dilys’s boat was gone.\n"
        "-# Looked up to Chapter 2: Wick, part 1."
    )
    assert labels(answer.message) == ["I'm further"]
    again = await stage.tobias.slash(stage.stories, "story search", text="“took the lantern”")
    assert "> Then the storm **took the lantern**." in again.content


async def test_what_one_has_not_reached_is_not_there(stage: Stage) -> None:
    await two_chapters(stage)
    asked = await stage.tobias.slash(stage.stories, "story search", text="storm")
    assert asked.message is not None
    form = await stage.tobias.click(asked.message, label="Chapter …")
    for typed, said in (
        ("one", "Type the chapter's number alone"),
        ("7", "Chapter 7 is not out: the last one out so far is 2."),
    ):
        wrong = await stage.tobias.submit(form, {FIELD: typed})
        assert said in wrong.content
        form = await stage.tobias.click(asked.message, label="Chapter …")
    answer = await stage.tobias.submit(form, {FIELD: "1"})
    nothing = "\nNothing in what you have read says that.\n-# Looked up to Chapter 1: Oil, part 1."
    assert answer.content == "`storm`" + nothing
    never = await stage.tobias.slash(stage.stories, "story search", text="anchor")
    assert never.content == "`anchor`" + nothing
    there = await stage.tobias.slash(stage.stories, "story search", text="took", chapter=2)
    assert there.content == "`took chapter:2`" + nothing

    assert there.message is not None
    further = await stage.tobias.click(there.message, label="I'm further")
    assert labels(further.message) == ["Caught up", "Chapter …"]
    assert further.message is not None
    found = await stage.tobias.click(further.message, label="Caught up")
    assert "> Then the storm **took** the lantern." in found.content


async def test_one_at_the_start_is_shown_nothing_and_not_asked_again(stage: Stage) -> None:
    await two_chapters(stage)
    asked = await stage.tobias.slash(stage.stories, "story search", text="lantern")
    assert asked.message is not None
    answer = await stage.tobias.click(asked.message, label="At the start")
    nothing = "`lantern`\nNothing in what you have read says that.\n-# Looked up to the start."
    assert answer.content == nothing
    again = await stage.tobias.slash(stage.stories, "story search", text="lantern")
    assert again.content == nothing
    (first, _) = stage.posts()
    await stage.tobias.click(first, label=labels(first)[0])
    read = await stage.tobias.slash(stage.stories, "story search", text="lantern")
    assert "1 passage" in read.content


async def test_pages_are_turned_also_after_a_restart(stage: Stage) -> None:
    await stage.publish(story())
    stage.turn_to_nine()
    await stage.until_posts(2)
    await stage.tobias.slash(stage.stories, "story place", at="caught up")
    first = await stage.tobias.slash(stage.stories, "story search", text='sentence -"number 0"')
    assert first.message is not None
    assert '`sentence -"number 0"` · ' in first.content
    assert "page 1 of " in first.content
    assert labels(first.message) == ["‹ Back", "Next ›", "I'm further"]
    await stage.stop_bot()
    await stage.start_bot()
    second = await stage.tobias.click(first.message, label="Next ›")
    assert "page 2 of " in second.content
    back = await stage.tobias.click(first.message, label="‹ Back")
    assert "page 1 of " in back.content


async def test_whatever_is_typed_is_shown_and_read_again_as_it_is(stage: Stage) -> None:
    await two_chapters(stage)
    await stage.tobias.slash(stage.stories, "story place", at="caught up")
    hostile = "`x` **lantern** @everyone\u202e\n\"OR' NEAR( \\` <@1>"
    answer = await stage.tobias.slash(stage.stories, "story search", text=hostile)
    first = answer.content.splitlines()[0]
    assert first == "`'x' **lantern** @everyone \"OR' NEAR( \\' <@1>`"
    assert answer.message is not None
    further = await stage.tobias.click(answer.message, label="I'm further")
    assert further.content.splitlines()[0] == first
    nothing = await stage.tobias.slash(stage.stories, "story search", text="-lantern 🎉")
    assert "Type a word to look for" in nothing.content


async def test_a_page_of_long_and_odd_text_fits_a_message(stage: Stage) -> None:
    line = "*a*_b_**c**[d](http://e_f)~~g~~||h|| lantern 🎉 "
    text = "\n\n".join(["## Chapter 1", *[line * 12] * 8])
    await stage.publish(text.encode(), "odd.md")
    await stage.tobias.slash(stage.stories, "story place", at="caught up")
    answer = await stage.tobias.slash(stage.stories, "story search", text="lantern " * 20)
    assert answer.content.count("**lantern**") >= 5


async def test_a_story_for_adults_is_searched_in_age_restricted_channels_alone(
    stage: Stage,
) -> None:
    stage.world.set_nsfw(stage.stories, True)
    await stage.publish(b"Rating: Explicit\n\n" + STORM.encode(), "lantern.md")
    general = int(stage.world.channels(stage.guild, stage.tobias.id)[0]["id"])
    asked = await stage.tobias.slash(stage.stories, "story search", text="lantern")
    assert asked.message is not None
    refused = await stage.tobias.slash(general, "story search", text="lantern")
    assert "is rated explicit" in refused.content
    stage.world.set_nsfw(stage.stories, False)
    pressed = await stage.tobias.click(asked.message, label="Caught up")
    assert "is rated explicit" in pressed.content
