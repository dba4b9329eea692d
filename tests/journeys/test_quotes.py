"""Quotes: trimmed from a post, found up to where one is, shared in spoiler bars, removed."""

import asyncio
import io

import aiohttp
import discord
import pytest
from PIL import Image
from sqlalchemy import text as text_of_query

from playground.inputs import Impossible
from playground.people import Answer, Person
from tests.journeys.stage import DAY, HOUR, MINUTE, Json, Stage, labels

FIELD = "Cut off what is before and after"


def line(theme: str, number: int) -> str:
    return f"Sentence number {number} of the {theme} has exactly these ten words."


async def save(stage: Stage, person: Person, post: Json, typed: str) -> Answer:
    opened = await person.context_menu(stage.stories, "Save a quote", post)
    return await person.submit(opened, {FIELD: typed})


async def two_parts(stage: Stage) -> tuple[Json, Json]:
    first = await stage.publish()
    stage.turn_to_nine()
    return first, (await stage.until_posts(2))[-1]


async def share(stage: Stage, person: Person) -> Json:
    """Share the only quote, and wait until the bot has noted which message that is."""
    await person.slash(stage.stories, "story quote", share=True)
    noted = text_of_query("SELECT count(*) FROM outbox WHERE kind = 'quote.shared'")
    async with asyncio.timeout(10):
        while not await stage.count(noted):
            await stage.settle()
    return stage.posts()[-1]


async def shown(stage: Stage, person: Person, **options: str | int | bool) -> str:
    answer = await person.slash(stage.stories, "story quote", **options)
    assert answer.ephemeral
    return answer.content


async def test_a_part_is_trimmed_to_a_quote(stage: Stage) -> None:
    post = await stage.publish()
    opened = await stage.tobias.context_menu(stage.stories, "Save a quote", post)
    assert opened.modal is not None
    field = opened.modal["components"][0]["components"][0]
    assert field["value"].startswith(line("oil", 0))
    assert "The Lantern" not in field["value"]
    saved = await stage.tobias.submit(opened, {FIELD: line("oil", 3)})
    assert saved.ephemeral
    assert saved.content.startswith(
        "Saved. A quote of *The Lantern*, from Chapter 1: Oil, part 1:\n> "
    )
    assert line("oil", 3) in saved.content
    again = await save(stage, stage.odalys, post, f" {line('oil', 3)} ")
    assert again.content.startswith("That has been saved already. A quote of")
    changed = await save(stage, stage.odalys, post, "Sentence number three")
    assert "Nothing is saved: that does not stand in this part" in changed.content
    whole = await save(stage, stage.odalys, post, field["value"])
    assert "Nothing is saved: that has" in whole.content


async def test_other_messages_hold_no_quotes(stage: Stage) -> None:
    await stage.publish()
    said = stage.tobias.say(stage.stories, "Lovely")
    refused = await stage.tobias.context_menu(stage.stories, "Save a quote", said)
    assert refused.modal is None
    assert "Quotes are saved from a part of a story" in refused.content


async def test_a_quote_is_found_by_those_who_have_read_as_far(stage: Stage) -> None:
    first, second = await two_parts(stage)
    await save(stage, stage.mara, first, line("oil", 3))
    await save(stage, stage.tobias, second, line("oil", 40))
    assert "I don't know how far you have read" in await shown(stage, stage.odalys)
    await stage.odalys.slash(stage.stories, "story place", at="1")
    nothing = await shown(stage, stage.odalys, number=99)
    assert nothing == "There is no such quote as far as you have read."
    assert await shown(stage, stage.odalys, number=2) == nothing
    assert await shown(stage, stage.odalys, text="number 40") == nothing
    assert await shown(stage, stage.odalys, member=stage.tobias.id) == nothing
    for options in ({}, {"text": "NUMBER 3"}, {"character": "oil"}, {"member": stage.mara.id}):
        content = await shown(stage, stage.odalys, **options)
        assert line("oil", 3) in content
        assert "-# Saved by Mara." in content
    assert line("oil", 40) in await shown(stage, stage.tobias)  # who saved it
    await stage.odalys.slash(stage.stories, "story place", at="2")
    assert line("oil", 40) in await shown(stage, stage.odalys, number=2)


async def test_another_goes_through_all_that_are_meant(stage: Stage) -> None:
    post = await stage.publish()
    for number in (1, 2, 3, 11):
        await save(stage, stage.tobias, post, line("oil", number))
    await stage.odalys.slash(stage.stories, "story place", at="1")
    answer = await stage.odalys.slash(
        stage.stories, "story quote", text="number 1", member=stage.tobias.id
    )
    seen = []
    await stage.stop_bot()
    await stage.start_bot()  # the buttons outlive a restart
    for _ in range(4):
        assert answer.message is not None
        await stage.odalys.click(answer.message, label="Another")
        seen.append(answer.content.split("\n")[1])
    assert len(set(seen[:2])) == 2
    assert seen[:2] == seen[2:]
    one = await stage.odalys.slash(stage.stories, "story quote", number=2)
    assert labels(one.message) == ["Share as card", "Remove"]  # Odalys moderates


async def test_shared_it_stands_in_bars_and_says_how_far_it_goes(stage: Stage) -> None:
    post = await stage.publish()
    await save(stage, stage.tobias, post, line("oil", 3))
    text = await share(stage, stage.tobias)
    assert text["content"] == (
        f"A quote from chapter 1, part 1 of *The Lantern* by Mara\n||{line('oil', 3)}||"
    )
    answer = await stage.tobias.slash(stage.stories, "story quote")
    assert answer.message is not None
    await stage.tobias.click(answer.message, label="Share as card")
    await stage.playground.wait_for(lambda: len(stage.posts()) == 3, what="the card")
    card = stage.posts()[-1]
    assert f"||{line('oil', 3)}||" in card["content"]
    (picture,) = card["attachments"]
    assert picture["filename"] == "SPOILER_quote.png"
    assert picture["description"] == (
        "A card with a quote from chapter 1, part 1 of The Lantern by Mara. The words are in the "
        "message, in spoiler bars."
    )
    async with aiohttp.ClientSession() as session, session.get(picture["url"]) as response:
        assert Image.open(io.BytesIO(await response.read())).width == 1080


async def test_the_author_removes_a_quote_with_all_that_shows_it(stage: Stage) -> None:
    post = await stage.publish()
    await save(stage, stage.tobias, post, line("oil", 3))
    await share(stage, stage.tobias)
    await stage.mara.slash(stage.stories, "story place", at="1")
    answer = await stage.mara.slash(stage.stories, "story quote")
    assert answer.message is not None
    await stage.mara.click(answer.message, label="Remove")
    assert answer.content == "The quote is removed, and what shows it here goes with it."
    await stage.settle()
    assert [one["id"] for one in stage.posts()] == [post["id"]]
    assert "no such quote" in await shown(stage, stage.mara)
    refused = await save(stage, stage.tobias, post, line("oil", 3))
    assert "was removed from the quotes for good" in refused.content
    other = await save(stage, stage.tobias, post, line("oil", 4))
    assert "Saved. A quote of" in other.content


async def test_moderators_remove_a_quote_where_it_stands(stage: Stage) -> None:
    post = await stage.publish()
    await save(stage, stage.tobias, post, line("oil", 3))
    text = await share(stage, stage.tobias)
    with pytest.raises(Impossible):
        await stage.tobias.context_menu(stage.stories, "Remove text", text)
    removed = await stage.odalys.context_menu(stage.stories, "Remove text", text)
    assert removed.content == "The quote is removed. Its messages follow in a moment."
    await stage.settle()
    assert [one["id"] for one in stage.posts()] == [post["id"]]


async def test_a_story_goes_with_its_quotes(stage: Stage) -> None:
    post = await stage.publish()
    await save(stage, stage.tobias, post, line("oil", 3))
    await share(stage, stage.tobias)
    asked = await stage.mara.slash(stage.stories, "serial remove")
    assert asked.message is not None
    form = await stage.mara.click(asked.message, label="Remove…")
    await stage.mara.submit(form, {"Type the story's title, or REMOVE": "REMOVE"})
    await stage.settle()
    assert stage.posts() == []


async def test_what_is_for_adults_is_quoted_where_adults_are_alone(stage: Stage) -> None:
    stage.world.set_nsfw(stage.stories, True)
    post = await stage.publish()
    await save(stage, stage.tobias, post, line("oil", 3))
    kitchen = stage.world.channel(stage.guild, "kitchen")
    await stage.mara.slash(stage.stories, "serial rate", rating="mature")
    assert line("oil", 3) in await shown(stage, stage.tobias)
    refused = await stage.tobias.slash(kitchen, "story quote", share=True)
    assert refused.ephemeral
    assert "is rated mature" in refused.content


async def test_the_quote_of_the_day(stage: Stage) -> None:
    post = await stage.publish()
    town = stage.world.channel(stage.guild, "town")
    with pytest.raises(Impossible):
        await stage.tobias.slash(stage.stories, "setup quotes", channel=town)
    begun = await stage.odalys.slash(stage.stories, "setup quotes", channel=town, time="10:00")
    assert f"A quote of the day comes in <#{town}>, next <t:" in begun.content
    odd = await stage.odalys.slash(stage.stories, "setup quotes", time="10:00")
    assert "Choose the `channel` as well" in odd.content
    await stage.mara.slash(stage.stories, "serial pause")
    stage.turn(2 * HOUR + MINUTE)
    await stage.settle()
    assert stage.posts(town) == []  # there are too few
    for number in range(7):
        await save(stage, stage.tobias, post, line("oil", number))
    stage.turn(DAY)
    (daily,) = await stage.until_posts(1, town)
    assert daily["content"].startswith(
        "The quote of the day: from chapter 1, part 1 of *The Lantern* by Mara\n||"
    )
    assert daily["content"].endswith("||")
    removed = await stage.odalys.context_menu(town, "Remove text", daily)
    assert "The quote is removed" in removed.content
    await stage.settle()
    assert stage.posts(town) == []
    for said in ("There is no quote of the day any more.", "There is no quote of the day here."):
        ended = await stage.odalys.slash(stage.stories, "setup quotes")
        assert said in ended.content


async def test_a_hidden_storys_quotes_are_not_of_the_day(stage: Stage) -> None:
    town = stage.world.channel(stage.guild, "town")
    post = await stage.publish()
    for number in range(7):
        await save(stage, stage.tobias, post, line("oil", number))
    await stage.mara.slash(stage.stories, "serial pause")
    unseen = discord.Permissions(view_channel=True)
    stage.world.overwrite(stage.stories, stage.guild, deny=unseen)  # for @everyone
    stage.world.overwrite(stage.stories, stage.tobias.id, allow=unseen)
    await stage.odalys.slash(town, "setup quotes", channel=town, time="10:00")
    stage.turn(2 * HOUR + MINUTE)
    await stage.settle()
    assert stage.posts(town) == []
    stage.world.clear_overwrite(stage.stories, stage.guild)
    stage.turn(DAY)
    assert len(await stage.until_posts(1, town)) == 1
