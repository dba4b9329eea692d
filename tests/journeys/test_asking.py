"""A reader asks about the story, and is answered in its words as far as they have read."""

import discord

from tests.journeys.stage import Json, Stage, labels

STORM = """\
# The Lantern

By Mara

## Chapter 1: Oil

Dilys kept the *lantern* in the old window_, because the ferry came at night.

## Chapter 2: Wick

Then the storm took the lantern, and Tobias found it on the beach.
"""
NOTHING = "Nothing in what you have read speaks of that."


async def two_chapters(stage: Stage) -> list[Json]:
    """Both published."""
    await stage.publish(STORM.encode())
    stage.turn_to_nine()
    return await stage.until_posts(2)


async def ask(stage: Stage, question: str) -> Json:
    answer = await stage.tobias.slash(stage.stories, "story ask", question=question)
    assert answer.message is not None, answer.failed
    assert answer.ephemeral
    return answer.message


async def test_a_reader_is_asked_how_far_they_are_and_then_answered(stage: Stage) -> None:
    posts = await two_chapters(stage)
    asked = await ask(stage, "Who found the lantern?")
    assert labels(asked) == ["Caught up", "At the start", "Chapter …"]
    assert "beach" not in asked["content"]
    answer = await stage.tobias.click(asked, label="Caught up")
    server = f"https://discord.com/channels/{stage.guild}/{stage.stories}"
    assert answer.content == (
        "`Who found the lantern?`\n"
        f"[Chapter 2: Wick, part 1]({server}/{posts[1]['id']})\n"
        "> Then the storm took the lantern, and Tobias found it on the beach.\n"
        "-# Looked up to Chapter 2: Wick, part 1."
    )
    why = await ask(stage, "why did Dilys keep the light there?")
    assert (
        "> Dilys kept the *lantern* in the old window\\_, because the ferry came at night."
        in why["content"]
    )


async def test_what_one_has_not_reached_is_not_there(stage: Stage) -> None:
    await two_chapters(stage)
    await stage.tobias.slash(stage.stories, "story place", at="1")
    storm = await ask(stage, "What did the storm take?")
    anchor = await ask(stage, "What did the anchor take?")
    said = f"\n{NOTHING}\n-# Looked up to Chapter 1: Oil, part 1."
    assert storm["content"] == "`What did the storm take?`" + said
    assert anchor["content"] == "`What did the anchor take?`" + said
    assert labels(storm) == ["I'm further"]
    further = await stage.tobias.click(storm, label="I'm further")
    assert further.message is not None
    answer = await stage.tobias.click(further.message, label="Caught up")
    assert "> Then the storm took the lantern" in answer.content


async def test_an_answer_is_shared_behind_bars_also_after_a_restart(stage: Stage) -> None:
    await two_chapters(stage)
    await stage.tobias.slash(stage.stories, "story place", at="1")
    answer = await ask(stage, "why did `Dilys` keep @everyone the light there?")
    assert labels(answer) == ["Share", "I'm further"]
    await stage.stop_bot()
    await stage.start_bot()
    await stage.tobias.slash(stage.stories, "story place", at="caught up")
    await stage.tobias.click(answer, label="Share")
    shared = stage.posts()[-1]
    header, up_to, place, passage = shared["content"].splitlines()
    assert header == (
        "Tobias asked about *The Lantern*: ||`why did 'Dilys' keep @everyone the light there?`||"
    )
    assert up_to == "-# It goes up to chapter 1, part 1."
    assert place.startswith("[Chapter 1, part 1](https://discord.com/channels/")
    assert passage == (
        "> ||Dilys kept the *lantern* in the old window\\_, because the ferry came at night.||"
    )
    assert shared["mentions"] == []
    assert shared["mention_everyone"] is False


async def test_who_may_not_write_somewhere_shares_nothing_there(stage: Stage) -> None:
    await two_chapters(stage)
    await stage.tobias.slash(stage.stories, "story place", at="caught up")
    answer = await ask(stage, "Who found the lantern?")
    stage.world.overwrite(
        stage.stories, stage.tobias.id, deny=discord.Permissions(send_messages=True)
    )
    refused = await stage.tobias.click(answer, label="Share")
    assert "You may not write in this channel" in refused.content
    assert len(stage.posts()) == 2


async def test_an_answer_that_was_gone_back_on_is_not_shared(stage: Stage) -> None:
    await two_chapters(stage)
    await stage.tobias.slash(stage.stories, "story place", at="caught up")
    answer = await ask(stage, "Who found the lantern?")
    await stage.tobias.slash(stage.stories, "story place", at="start")
    refused = await stage.tobias.click(answer, label="Share")
    assert "not here any more" in refused.content
    assert len(stage.posts()) == 2


async def test_a_question_that_asks_nothing_gets_a_sentence(stage: Stage) -> None:
    await two_chapters(stage)
    assert "Ask about somebody" in (await ask(stage, "what is it?"))["content"]


async def test_long_and_odd_text_fits_a_message(stage: Stage) -> None:
    line = "*a*_b_**c**[d](http://e_f)~~g~~||h|| lantern 🎉 "
    text = "\n\n".join(["## Chapter 1", *[line * 9] * 8])
    await stage.publish(text.encode(), "odd.md")
    await stage.tobias.slash(stage.stories, "story place", at="caught up")
    answer = await ask(stage, "lantern " * 18)
    assert answer["content"].count("\n> ") >= 3
    await stage.tobias.click(answer, label="Share")
    assert stage.posts()[-1]["content"].count("> ||") >= 3


async def test_no_question_ends_the_bars_that_it_stands_in(stage: Stage) -> None:
    await two_chapters(stage)
    await stage.tobias.slash(stage.stories, "story place", at="caught up")
    await stage.tobias.click(await ask(stage, "why || the ||| lantern?||"), label="Share")
    header = stage.posts()[-1]["content"].splitlines()[0]
    assert header == "Tobias asked about *The Lantern*: ||`why | | the | | | lantern?| |`||"


async def test_a_story_for_adults_is_asked_about_in_age_restricted_channels_alone(
    stage: Stage,
) -> None:
    stage.world.set_nsfw(stage.stories, True)
    await stage.publish(b"Rating: Explicit\n\n" + STORM.encode(), "lantern.md")
    await stage.tobias.slash(stage.stories, "story place", at="caught up")
    general = int(stage.world.channels(stage.guild, stage.tobias.id)[0]["id"])
    answer = await ask(stage, "why did Dilys keep the light there?")
    refused = await stage.tobias.slash(general, "story ask", question="who is Dilys?")
    assert "is rated explicit" in refused.content
    stage.world.set_nsfw(stage.stories, False)
    pressed = await stage.tobias.click(answer, label="Share")
    assert "is rated explicit" in pressed.content
