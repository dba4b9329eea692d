"""What of a story may be shared where, and what is taken down when that changes."""

import asyncio
from collections.abc import Awaitable, Callable

import discord
import pytest
from sqlalchemy import text as text_of_query

from playground.people import Person
from tests.journeys.stage import EPHEMERAL, HOUR, MINUTE, Json, Stage
from tests.journeys.test_quotes import line, save

VIEW = discord.Permissions(view_channel=True)
SEND = discord.Permissions(send_messages=True)
NOTED = text_of_query("SELECT count(*) FROM outbox WHERE kind IN ('quote.shared', 'answer.shared')")
QUESTION = "which sentence of the oil is number 3?"

Share = Callable[[Stage, Person, int], Awaitable[str]]


async def share_by_command(stage: Stage, person: Person, channel: int) -> str:
    answer = await person.slash(channel, "story quote", share=True)
    return answer.content if answer.ephemeral else ""


async def share_as_card(stage: Stage, person: Person, channel: int) -> str:
    shown, before = await person.slash(channel, "story quote"), len(stage.posts(channel))
    assert shown.message is not None
    shared = await person.click(shown.message, label="Share as card")
    await stage.playground.wait_for(lambda: shared.followups, what="the card")
    (answer,) = shared.followups
    if answer["flags"] & EPHEMERAL:
        return str(answer["content"])
    assert len(stage.posts(channel)) > before
    return ""


async def share_answer(stage: Stage, person: Person, channel: int) -> str:
    answer = await person.slash(channel, "story ask", question=QUESTION)
    assert answer.message is not None
    shared = await person.click(answer.message, label="Share")
    return shared.content if shared.ephemeral else ""


ways = pytest.mark.parametrize("share", [share_by_command, share_as_card, share_answer])


async def quoted(stage: Stage) -> Json:
    """A post of which Tobias, who is caught up, has saved a quote."""
    post = await stage.publish()
    await stage.tobias.slash(stage.stories, "story place", at="caught up")
    await save(stage, stage.tobias, post, line("oil", 3))
    return post


def archive(stage: Stage, thread: int, *, archived: bool) -> None:
    stage.world.discord.edit_channel(thread, {}, thread_metadata={"archived": archived})


def private(stage: Stage, channel: int, *people: int) -> None:
    """For these people, and the bot, alone."""
    stage.world.overwrite(channel, stage.guild, deny=VIEW)
    for person in (*people, stage.world.bot_id):
        stage.world.overwrite(channel, person, allow=VIEW)


@ways
async def test_who_may_not_write_shares_nothing(stage: Stage, share: Share) -> None:
    await quoted(stage)
    hall = stage.world.channel(stage.guild, "hall")
    thread = stage.world.thread(hall, "talk", stage.tobias.id)
    stage.world.overwrite(hall, stage.guild, deny=SEND)
    refused = await share(stage, stage.tobias, hall)
    assert refused == "You may not write in this channel, so I don't share in it either."
    assert stage.posts(hall) == []
    assert await share(stage, stage.tobias, thread) == ""  # threads have a permission of their own


async def test_who_may_not_write_says_nothing_of_their_words(stage: Stage) -> None:
    hall = stage.world.channel(stage.guild, "hall")
    stage.world.overwrite(hall, stage.guild, deny=SEND)
    stage.world.overwrite(hall, stage.world.bot_id, allow=SEND)
    for command in ("stats", "leaderboard"):
        refused = await stage.tobias.slash(hall, command, share=True)
        assert refused.ephemeral
        assert "You may not write in this channel" in refused.content
    refused = await stage.tobias.slash(hall, "sprint start", title="Hello")
    assert refused.content == "You may not write in this channel yourself."
    logged = await stage.tobias.slash(hall, "wrote", amount="350")
    assert logged.ephemeral  # and counted all the same
    assert "350" in logged.content
    stats = await stage.tobias.slash(stage.world.dm(stage.tobias.id), "stats", share=True)
    assert "350 words" in stats.content
    assert stage.posts(hall) == []


@ways
async def test_a_private_channels_story_stays_among_those_who_see_it(
    stage: Stage, share: Share
) -> None:
    await quoted(stage)
    private(stage, stage.stories, stage.tobias.id)
    hall = stage.world.channel(stage.guild, "hall")
    refused = await share(stage, stage.tobias, hall)
    assert refused == (
        f"Not everyone in <#{hall}> can see <#{stage.stories}>. Share it in <#{stage.stories}>, or "
        "post a link to the part."
    )
    stage.world.overwrite(stage.stories, stage.tobias.id, allow=VIEW, deny=SEND)
    assert "Post a link to the part instead." in await share(stage, stage.tobias, hall)
    stage.world.overwrite(stage.stories, stage.tobias.id, allow=VIEW)
    talk = stage.world.channel(stage.guild, "talk")
    private(stage, talk, stage.tobias.id)
    stage.world.overwrite(talk, stage.mara.id, deny=SEND)
    assert f"<#{talk}>" not in await share(stage, stage.tobias, hall)  # it has other overwrites
    stage.world.clear_overwrite(talk, stage.mara.id)
    stage.world.overwrite(talk, stage.mara.id, allow=discord.Permissions(manage_messages=True))
    assert f"Share it in <#{talk}>, or post a link" in await share(stage, stage.tobias, hall)
    assert stage.posts(hall) == []
    assert await share(stage, stage.tobias, talk) == ""
    assert len(stage.posts(talk)) == 1


@ways
async def test_fewer_may_be_where_it_is_shared(stage: Stage, share: Share) -> None:
    await quoted(stage)
    study = stage.world.channel(stage.guild, "study")
    private(stage, study, stage.tobias.id)
    stage.world.overwrite(stage.stories, stage.odalys.id, deny=VIEW)  # who isn't in the study
    assert await share(stage, stage.tobias, study) == ""
    stage.world.overwrite(study, stage.mara.id, allow=VIEW)
    stage.world.overwrite(stage.stories, stage.mara.id, deny=VIEW)
    assert "Not everyone in" in await share(stage, stage.tobias, study)


async def test_a_role_that_opens_the_storys_channel(stage: Stage) -> None:
    """Not everyone who sees one sees the other, though they have the same roles in them."""
    await quoted(stage)
    keys = stage.world.role(stage.guild, "Key holders")
    banned = stage.world.role(stage.guild, "Banned from the tide")
    hall = stage.world.channel(stage.guild, "hall")
    for channel in (stage.stories, hall):
        private(stage, channel, stage.tobias.id)
        stage.world.overwrite(channel, keys, allow=VIEW)
    assert await share_by_command(stage, stage.tobias, hall) == ""
    stage.world.overwrite(stage.stories, banned, deny=VIEW)
    assert await share_by_command(stage, stage.tobias, hall) == ""  # a key opens it all the same
    stage.world.clear_overwrite(stage.stories, keys)
    assert "Not everyone in" in await share_by_command(stage, stage.tobias, hall)


async def share_everything(stage: Stage, channel: int) -> None:
    """And wait until the bot has noted which messages these are."""
    before = await stage.count(NOTED)
    for share in (share_as_card, share_by_command, share_answer):
        assert await share(stage, stage.tobias, channel) == ""
    async with asyncio.timeout(10):
        while await stage.count(NOTED) < before + 3:
            await stage.settle()
    assert len(stage.posts(channel)) == 3


async def test_a_rating_that_rises_takes_down_what_was_shared(stage: Stage) -> None:
    post = await quoted(stage)
    for number in range(4, 10):
        await save(stage, stage.tobias, post, line("oil", number))
    hall = stage.world.channel(stage.guild, "hall")
    cellar = stage.world.channel(stage.guild, "cellar", nsfw=True)
    thread = stage.world.thread(cellar, "talk", stage.tobias.id)
    daily = stage.world.channel(stage.guild, "daily")
    for channel in (hall, cellar, thread):
        await share_everything(stage, channel)
    await stage.mara.slash(stage.stories, "serial pause")
    await stage.odalys.slash(daily, "setup quotes", channel=daily, time="10:00")
    stage.turn(2 * HOUR + MINUTE)
    await stage.until_posts(1, daily)
    await stage.mara.slash(stage.stories, "serial rate", rating="teen")
    await stage.settle()
    assert len(stage.posts(hall)) == 3
    await stage.mara.slash(stage.stories, "serial rate", rating="explicit")
    await stage.settle()
    assert stage.posts(hall) == stage.posts(daily) == []
    assert len(stage.posts(cellar)) == len(stage.posts(thread)) == 3


async def test_what_was_shared_in_a_thread_goes_by_its_channel(stage: Stage) -> None:
    """An archived one is not known to the bot; one that comes back is."""
    await quoted(stage)
    cellar = stage.world.channel(stage.guild, "cellar", nsfw=True)
    hall = stage.world.channel(stage.guild, "hall")
    threads = [stage.world.thread(one, "talk", stage.tobias.id) for one in (cellar, hall)]
    for thread in threads:
        assert await share_by_command(stage, stage.tobias, thread) == ""
        assert await share_answer(stage, stage.tobias, thread) == ""
        archive(stage, thread, archived=True)
    await stage.settle()
    await stage.mara.slash(stage.stories, "serial rate", rating="explicit")
    stage.world.set_nsfw(stage.stories, True)
    await stage.settle()
    assert len(stage.posts(threads[0])) == 2
    for thread in threads:
        archive(stage, thread, archived=False)
    await stage.playground.wait_for(
        lambda: not stage.posts(threads[1]), what="what was shared to be taken down"
    )
    await stage.settle()
    assert len(stage.posts(threads[0])) == 2


async def test_it_is_pointed_to_where_a_story_for_adults_may_be_shown(stage: Stage) -> None:
    stage.world.set_nsfw(stage.stories, True)
    await quoted(stage)
    await stage.mara.slash(stage.stories, "serial rate", rating="explicit")
    cellar = stage.world.channel(stage.guild, "cellar", nsfw=True)
    open_talk = stage.world.channel(stage.guild, "open-talk")
    adults_talk = stage.world.channel(stage.guild, "adults-talk", nsfw=True)
    private(stage, stage.stories, stage.tobias.id)
    for talk in (open_talk, adults_talk):
        private(stage, talk, stage.tobias.id)
        stage.world.overwrite(talk, stage.mara.id, allow=discord.Permissions(manage_messages=True))
    refused = await share_by_command(stage, stage.tobias, cellar)
    assert f"Share it in <#{adults_talk}>, or post a link" in refused


async def test_a_channel_that_is_open_again_keeps_nothing_for_adults(stage: Stage) -> None:
    stage.world.set_nsfw(stage.stories, True)
    await quoted(stage)
    cellar = stage.world.channel(stage.guild, "cellar", nsfw=True)
    await stage.mara.slash(stage.stories, "serial rate", rating="explicit")
    await share_everything(stage, cellar)
    stage.world.set_nsfw(cellar, False)
    await stage.playground.wait_for(lambda: not stage.posts(cellar), what="its removal")


async def test_a_story_goes_with_the_answers_that_were_shared(stage: Stage) -> None:
    await quoted(stage)
    hall = stage.world.channel(stage.guild, "hall")
    await share_everything(stage, hall)
    asked = await stage.mara.slash(stage.stories, "serial remove")
    assert asked.message is not None
    form = await stage.mara.click(asked.message, label="Remove…")
    await stage.mara.submit(form, {"Type the story's title, or REMOVE": "REMOVE"})
    await stage.settle()
    assert stage.posts(hall) == []
