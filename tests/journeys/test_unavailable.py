"""While Discord can't show the bot a server: people are told to wait, and nothing is given up."""

import asyncio

from sqlalchemy import text as text_of_query

from playground.people import Answer
from tests.journeys.stage import DAY, HOUR, Json, Stage, let_hand_out_roles, press

WAIT = (
    "Discord can't show me the server at the moment. Nothing is lost: please try again in a few "
    "minutes."
)
TRIED = text_of_query("SELECT count(*) FROM outbox WHERE kind = 'quote.daily' AND attempts > 0")


async def reminded(stage: Stage) -> Json:
    """A direct message to Tobias, whose button opens the story."""
    await stage.publish()
    shown = await stage.tobias.slash(stage.stories, "story read")
    assert shown.message is not None
    await stage.tobias.click(shown.message, label="Read on tomorrow")
    stage.turn(DAY)
    direct = stage.world.dm(stage.tobias.id)
    await stage.playground.wait_for(
        lambda: stage.posts_of(stage.tobias, direct), what="the reminder"
    )
    await stage.settle()
    return stage.posts_of(stage.tobias, direct)[-1]


async def test_readers_are_told_to_wait(stage: Stage) -> None:
    letter = await reminded(stage)
    page = await stage.tobias.slash(stage.stories, "story read")
    assert page.message is not None
    stage.world.set_available(stage.guild, False)
    answers: list[Answer] = [
        await press(stage.tobias, letter),
        await stage.tobias.click(page.message, label="‹ Back"),
        await stage.tobias.slash(stage.stories, "story read"),
        await stage.mara.slash(stage.stories, "serial schedule", channel=stage.stories),
        await stage.odalys.slash(stage.stories, "sprint start"),
    ]
    assert [answer.content for answer in answers] == [WAIT] * len(answers)
    assert await stage.tobias.autocomplete(stage.stories, "story read", "story", "") == []
    stage.world.set_available(stage.guild, True)
    opened = await press(stage.tobias, letter)
    assert "*The Lantern*" in opened.content


async def test_readers_are_told_to_wait_until_the_server_is_there(stage: Stage) -> None:
    """After a start Discord shows the bot one server after the other."""
    letter = await reminded(stage)
    await stage.stop_bot()
    stage.world.set_available(stage.guild, False)
    await stage.start_bot()
    assert (await press(stage.tobias, letter)).content == WAIT
    answer = await stage.tobias.slash(stage.stories, "story about")
    assert answer.content == WAIT
    stage.world.set_available(stage.guild, True)
    await stage.settle()
    assert "*The Lantern*" in (await press(stage.tobias, letter)).content


async def test_a_story_of_a_server_that_is_gone_is_not_waited_for(stage: Stage) -> None:
    letter = await reminded(stage)
    stage.world.remove_guild(stage.guild)
    answer = await press(stage.tobias, letter)
    assert answer.content == "That story is not here any more."


async def test_what_is_not_shown_is_not_taken_to_be_gone(stage: Stage) -> None:
    let_hand_out_roles(stage, stage.mara)
    readers = stage.world.role(stage.guild, "Lantern readers", mentionable=True)
    await stage.publish()
    await stage.mara.slash(stage.stories, "serial schedule", role=readers)
    stage.turn_to_nine()
    post = (await stage.until_posts(2))[-1]
    await stage.odalys.slash(stage.stories, "sprint plan add", time="20:00", title="Nightly")
    stage.world.set_available(stage.guild, False)
    for answer in (
        await stage.tobias.click(post, label="Notify me"),
        await stage.odalys.slash(stage.stories, "sprint plan list"),
    ):
        assert answer.content == WAIT
    counted = await stage.tobias.slash(stage.stories, "wrote", amount="350")
    assert "350" in counted.content  # for which nothing of the server is needed


async def test_the_quote_of_the_day_waits(stage: Stage) -> None:
    post = await stage.publish()
    field = "Cut off what is before and after"
    for number in range(7):
        opened = await stage.tobias.context_menu(stage.stories, "Save a quote", post)
        said = f"Sentence number {number} of the oil has exactly these ten words."
        await stage.tobias.submit(opened, {field: said})
    await stage.mara.slash(stage.stories, "serial pause")
    town = stage.world.channel(stage.guild, "town")
    await stage.odalys.slash(town, "setup quotes", channel=town, time="10:00")
    await stage.stop_bot()
    stage.world.set_available(stage.guild, False)
    stage.turn(3 * HOUR)
    await stage.start_bot()
    async with asyncio.timeout(10):
        while not await stage.count(TRIED):
            await stage.tobias.slash(stage.stories, "wrote", amount="1")
    stage.world.set_available(stage.guild, True)
    assert len(await stage.until_posts(1, town)) == 1
