"""Several parts a day, a start, pings, threads, mirrors: what is done with each part."""

from datetime import UTC, datetime, timedelta

import discord

from bot.client import PERMISSIONS
from playground.faults import Status
from tests.journeys.stage import DAY, HOUR, Json, Stage, labels, press, story, text

CONFIRM = "Confirm: I wrote it or have leave"


async def ready(stage: Stage, data: bytes | None = None) -> None:
    """Mara's story is confirmed and not scheduled."""
    draft = await stage.mara.slash(
        stage.stories, "serial add", file=("lantern.md", data or story())
    )
    assert draft.message is not None
    await stage.mara.click(draft.message, label=CONFIRM)


def role(stage: Stage, *, mentionable: bool = True) -> int:
    """A role for pings, which the bot may give."""
    permissions = discord.Permissions(PERMISSIONS.value)
    permissions.manage_roles = True
    stage.world.set_bot_permissions(stage.guild, permissions)
    return stage.world.role(stage.guild, "Lantern readers", mentionable=mentionable)


def threads(stage: Stage) -> list[Json]:
    return [
        one
        for one in stage.world.channels(stage.guild, stage.mara.id)
        if one.get("parent_id") == str(stage.stories)
    ]


async def test_several_parts_a_day(stage: Stage) -> None:
    await ready(stage)
    answer = await stage.mara.slash(stage.stories, "serial schedule", time="6 pm, 09:00")
    assert "every day at 09:00 and 18:00 (UTC" in answer.content
    stage.turn_to_nine()
    await stage.until_posts(1)
    stage.turn(9 * HOUR)
    await stage.until_posts(2)
    await stage.mara.slash(stage.stories, "serial schedule", time="18:00")
    stage.turn_to_nine()
    await stage.settle()
    assert len(stage.posts()) == 2
    stage.turn(9 * HOUR)
    await stage.until_posts(3)
    refused = await stage.mara.slash(stage.stories, "serial schedule", time="noonish")
    assert "is not a time of day" in refused.content


async def test_nothing_is_posted_before_it_starts(stage: Stage) -> None:
    await ready(stage)
    now = datetime.fromtimestamp(stage.clock.now() / 1000, UTC)
    first = (now + timedelta(days=3)).date()
    answer = await stage.mara.slash(stage.stories, "serial schedule", starts=first.isoformat())
    nine = datetime(first.year, first.month, first.day, 9, tzinfo=UTC)
    assert f"<t:{int(nine.timestamp())}:F>" in answer.content
    for _ in range(3):
        stage.turn(DAY)
        await stage.settle()
    assert stage.posts() == []
    stage.turn_to_nine()
    await stage.until_posts(1)
    refused = await stage.mara.slash(stage.stories, "serial schedule", starts="2020-01-01")
    assert "is over" in refused.content


async def test_readers_take_the_role_that_is_pinged(stage: Stage) -> None:
    readers = role(stage)
    await ready(stage)
    refused = await stage.mara.slash(stage.stories, "serial schedule", role=readers)
    assert "you need *Manage Roles*" in refused.content
    stage.world.overwrite(
        stage.stories, stage.mara.id,
        allow=discord.Permissions(manage_messages=True, manage_roles=True),
    )  # fmt: skip
    await stage.mara.slash(stage.stories, "serial schedule", role=readers)
    stage.turn_to_nine()
    (post,) = await stage.until_posts(1)
    assert f"\n<@&{readers}>\n\n" in post["content"]
    assert post["mention_roles"] == [str(readers)]
    assert labels(post) == ["I've read this", "Notify me"]
    told = await stage.tobias.click(post, label="Notify me")
    assert told.ephemeral
    assert "You are pinged with each part of *The Lantern*" in told.content
    assert readers in stage.world.roles_of(stage.guild, stage.tobias.id)
    await stage.tobias.click(post, label="I've read this")
    (post,) = stage.posts()
    assert labels(post) == ["Read · 1", "Notify me"]
    told = await stage.tobias.click(post, label="Notify me")
    assert "not pinged for *The Lantern* any more" in told.content
    assert readers not in stage.world.roles_of(stage.guild, stage.tobias.id)

    await stage.mara.slash(stage.stories, "serial schedule", role=stage.guild)  # @everyone
    told = await stage.tobias.click(post, label="Notify me")
    assert "Nobody is pinged for this story any more" in told.content
    stage.turn_to_nine()
    _, second = await stage.until_posts(2)
    assert second["mention_roles"] == []


async def test_a_role_that_may_do_things_is_not_given_away(stage: Stage) -> None:
    role(stage)
    await ready(stage)
    stage.world.overwrite(
        stage.stories, stage.mara.id,
        allow=discord.Permissions(manage_messages=True, manage_roles=True),
    )  # fmt: skip
    strong = stage.world.role(stage.guild, "Mods", discord.Permissions(ban_members=True))
    silent = role(stage, mentionable=False)
    for chosen, said in ((strong, "may do things that not everyone may"), (silent, "can't ping")):
        refused = await stage.mara.slash(stage.stories, "serial schedule", role=chosen)
        assert said in refused.content
    stage.world.set_bot_permissions(stage.guild, PERMISSIONS)
    refused = await stage.mara.slash(stage.stories, "serial schedule", role=silent)
    assert "I need *Manage Roles*" in refused.content


async def test_each_chapter_has_a_thread_to_talk_in(stage: Stage) -> None:
    await ready(stage)
    needed = discord.Permissions(create_public_threads=True)
    stage.world.overwrite(stage.stories, stage.guild, deny=needed)
    refused = await stage.mara.slash(stage.stories, "serial schedule", threads=True)
    assert "I need *Create Public Threads*" in refused.content
    stage.world.overwrite(stage.stories, stage.world.bot_id, allow=needed)
    await stage.mara.slash(stage.stories, "serial schedule", threads=True)
    stage.playground.faults.add("POST", "/channels/*/messages/*/threads", Status(503))
    for count in (1, 2, 3):
        stage.turn_to_nine()
        await stage.until_posts(count)
        if count == 1:
            await stage.stop_bot()
            await stage.start_bot()
            await stage.settle()
            (thread,) = threads(stage)
            assert thread["name"] == "Chapter 1: Oil"
            assert thread["id"] == stage.posts()[0]["id"]
    assert [one["name"] for one in threads(stage)] == ["Chapter 1: Oil", "Chapter 2: Wick"]
    assert len(stage.posts()) == 3  # the parts stay in the channel


async def test_a_thread_that_is_there_already_is_enough(stage: Stage) -> None:
    await ready(stage)
    stage.playground.faults.add("POST", "/channels/*/messages/*/threads", Status(400, code=160004))
    await stage.mara.slash(stage.stories, "serial schedule", threads=True)
    stage.turn_to_nine()
    await stage.until_posts(1)
    asked = [one for one in stage.playground.requests if one.path.endswith("/threads")]
    assert len(asked) == 1


async def test_parts_of_an_announcement_channel_are_published(stage: Stage) -> None:
    await ready(stage)
    refused = await stage.mara.slash(stage.stories, "serial schedule", crosspost=True)
    assert "is no announcement channel" in refused.content
    news = stage.world.channel(stage.guild, "news", "announcement")
    stage.world.overwrite(news, stage.mara.id, allow=discord.Permissions(manage_messages=True))
    wait = Status(429, retry_after=0.1)
    stage.playground.faults.add("POST", "/channels/*/messages/*/crosspost", wait)
    await stage.mara.slash(stage.stories, "serial schedule", channel=news, crosspost=True)
    stage.turn_to_nine()
    (post,) = await stage.until_posts(1, news)
    assert post["flags"] & 1  # crossposted


async def test_other_channels_mirror_it(stage: Stage) -> None:
    general = stage.world.channel(stage.guild, "lobby")
    first = await stage.publish()
    asked = await stage.mara.slash(stage.stories, "serial mirror", channel=general)
    assert "as soon as someone who may manage messages there allows it" in asked.content
    (request,) = await stage.until_posts(1, general)
    assert "would like to show *The Lantern* here too" in request["content"]
    stage.turn_to_nine()
    await stage.until_posts(2)
    assert len(stage.posts(general)) == 1  # nobody has allowed it
    refused = await stage.tobias.click(request, label="Allow")
    assert "Manage Messages" in refused.content
    await stage.odalys.click(request, label="Allow")
    stage.turn_to_nine()
    third = (await stage.until_posts(3))[-1]
    mirrored = (await stage.until_posts(2, general))[-1]
    assert mirrored["content"] == third["content"]
    await press(stage.tobias, mirrored)
    about = await stage.tobias.slash(stage.stories, "story about")
    assert "You have read up to Chapter 2: Wick, part 1." in about.content

    stopped = await stage.mara.slash(stage.stories, "serial mirror", channel=general)
    assert "is not shown in" in stopped.content
    stage.turn_to_nine()
    await stage.until_posts(4)
    assert len(stage.posts(general)) == 2
    assert first["id"] == stage.posts()[0]["id"]


async def test_a_mirror_that_goes_does_not_stop_the_serial(stage: Stage) -> None:
    lobby = stage.world.channel(stage.guild, "lobby")
    stage.world.overwrite(lobby, stage.mara.id, allow=discord.Permissions(manage_messages=True))
    await stage.publish()
    answer = await stage.mara.slash(stage.stories, "serial mirror", channel=lobby)
    assert "is shown in" in answer.content
    stage.world.delete_channel(lobby)
    for count in (2, 3):
        stage.turn_to_nine()
        await stage.until_posts(count)
    assert "is posted in" in (await stage.mara.slash(stage.stories, "serial status")).content
    own = await stage.mara.slash(stage.stories, "serial mirror", channel=stage.stories)
    assert "mirrored from the channel that it is posted in" in own.content


async def test_the_end_of_the_part_before_is_recalled(stage: Stage) -> None:
    first = await stage.publish()
    await stage.mara.slash(stage.stories, "serial schedule", previously=True)
    stage.turn_to_nine()
    _, second = await stage.until_posts(2)
    last = text(first).rsplit("\n\n", 1)[-1]
    (recalled,) = [
        line.removeprefix("-# Before: ")
        for line in second["content"].splitlines()
        if line.startswith("-# Before: ")
    ]
    assert last.endswith(recalled.removeprefix("… "))
    assert len(recalled) > 40
    assert len(second["content"]) <= 2000
    read = await stage.tobias.slash(stage.stories, "story read")
    assert "Before:" not in read.content  # of part 1
