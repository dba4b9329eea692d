"""The role that is pinged with each part: who may have it handed out, and who takes it."""

import discord
import pytest

from bot.client import PERMISSIONS
from tests.journeys.stage import Json, Stage, labels, let_hand_out_roles, story

CONFIRM = "Confirm: I wrote it or have leave"
MANAGE_HERE = discord.Permissions(manage_messages=True, manage_roles=True)
VIEW = discord.Permissions(view_channel=True)


async def ready(stage: Stage) -> None:
    """Mara's story is confirmed and not scheduled."""
    draft = await stage.mara.slash(stage.stories, "serial add", file=("lantern.md", story()))
    assert draft.message is not None
    await stage.mara.click(draft.message, label=CONFIRM)


def role(stage: Stage, *, mentionable: bool = True) -> int:
    """A role for pings, which Mara and the bot may give."""
    let_hand_out_roles(stage, stage.mara)
    return stage.world.role(stage.guild, "Lantern readers", mentionable=mentionable)


async def schedule(stage: Stage, chosen: int) -> str:
    return (await stage.mara.slash(stage.stories, "serial schedule", role=chosen)).content


async def pinging(stage: Stage, chosen: int) -> Json:
    """The post of a part that pings the role."""
    await ready(stage)
    await schedule(stage, chosen)
    stage.turn_to_nine()
    (post,) = await stage.until_posts(1)
    return post


async def test_readers_take_the_role_that_is_pinged(stage: Stage) -> None:
    readers = role(stage)
    post = await pinging(stage, readers)
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

    await schedule(stage, stage.guild)  # @everyone
    told = await stage.tobias.click(post, label="Notify me")
    assert "Nobody is pinged for this story any more" in told.content
    stage.turn_to_nine()
    _, second = await stage.until_posts(2)
    assert second["mention_roles"] == []


async def test_managing_a_channels_permissions_is_not_managing_roles(stage: Stage) -> None:
    """An overwrite's *Manage Roles* is about the channel: with it one may give nobody a role."""
    readers = role(stage)
    for held in stage.world.roles_of(stage.guild, stage.mara.id):
        stage.world.discord.edit_role(stage.guild, held, {"permissions": 0})
    stage.world.overwrite(stage.stories, stage.mara.id, allow=MANAGE_HERE)
    await ready(stage)
    refused = await schedule(stage, readers)
    assert "you need *Manage Roles* in the whole server" in refused
    assert "not scheduled" in (await stage.mara.slash(stage.stories, "serial status")).content


async def test_nobody_hands_out_a_role_above_their_own(stage: Stage) -> None:
    higher = stage.world.role(stage.guild, "Higher", mentionable=True)
    let_hand_out_roles(stage, stage.mara)
    await ready(stage)
    assert "not below your own highest role" in await schedule(stage, higher)
    stage.world.give_role(stage.guild, stage.mara.id, higher)  # her highest is not below it either
    assert "not below your own highest role" in await schedule(stage, higher)
    stage.mara, stage.odalys = stage.odalys, stage.mara
    await ready(stage)
    assert "is posted in" in await schedule(stage, higher)  # a server's owner needs no role


@pytest.mark.parametrize(
    ("allow", "deny", "said"),
    [
        (VIEW, discord.Permissions.none(), "may do things that not everyone may"),
        (discord.Permissions.none(), VIEW, "keeps its members from things"),
    ],
    ids=["opens a room", "closes one"],
)
async def test_a_role_that_changes_a_channel_is_not_handed_out(
    stage: Stage, allow: discord.Permissions, deny: discord.Permissions, said: str
) -> None:
    readers = role(stage)
    post = await pinging(stage, readers)
    room = stage.world.channel(stage.guild, "room")
    if allow.value:  # the moderators', which not everyone sees
        stage.world.overwrite(room, stage.guild, deny=VIEW)
    stage.world.overwrite(room, readers, allow=allow, deny=deny)
    assert said in await schedule(stage, readers)
    refused = await stage.tobias.click(post, label="Notify me")  # on the post of before
    assert said in refused.content
    assert readers not in stage.world.roles_of(stage.guild, stage.tobias.id)


@pytest.mark.parametrize("how", ["a permission", "a room"])
async def test_a_role_that_has_become_strong_is_given_back_and_pinged_no_more(
    stage: Stage, how: str
) -> None:
    readers = role(stage)
    post = await pinging(stage, readers)
    await stage.tobias.click(post, label="Notify me")
    assert readers in stage.world.roles_of(stage.guild, stage.tobias.id)
    if how == "a permission":
        ban = discord.Permissions(ban_members=True).value
        stage.world.discord.edit_role(stage.guild, readers, {"permissions": ban})
    else:
        room = stage.world.channel(stage.guild, "room")
        stage.world.overwrite(room, stage.guild, deny=VIEW)
        stage.world.overwrite(room, readers, allow=VIEW)

    stage.turn_to_nine()
    _, second = await stage.until_posts(2)
    assert second["mention_roles"] == []
    assert "<@&" not in second["content"]
    said = f"I no longer ping <@&{readers}> with its parts"
    assert said in (await stage.mara.slash(stage.stories, "serial status")).content
    health = await stage.odalys.slash(stage.stories, "health")
    assert f"⚠️ *The Lantern*: {said}" in health.content
    assert "Nothing is stuck" not in health.content

    told = await stage.tobias.click(second, label="Notify me")
    assert "not pinged for *The Lantern* any more" in told.content
    assert readers not in stage.world.roles_of(stage.guild, stage.tobias.id)
    refused = await stage.tobias.click(second, label="Notify me")
    assert "may do things that not everyone may" in refused.content
    assert readers not in stage.world.roles_of(stage.guild, stage.tobias.id)


async def test_a_role_that_has_permissions_is_not_handed_out(stage: Stage) -> None:
    silent = role(stage, mentionable=False)
    await ready(stage)
    strong = stage.world.role(stage.guild, "Mods", discord.Permissions(ban_members=True))
    for chosen, said in ((strong, "may do things that not everyone may"), (silent, "can't ping")):
        assert said in await schedule(stage, chosen)
    stage.world.set_bot_permissions(stage.guild, PERMISSIONS)
    assert "I need *Manage Roles*" in await schedule(stage, silent)


async def test_who_cannot_see_the_storys_channel_is_not_pinged_there(stage: Stage) -> None:
    readers = role(stage)
    lobby = stage.world.channel(stage.guild, "lobby")
    stage.world.overwrite(lobby, stage.mara.id, allow=discord.Permissions(manage_messages=True))
    await pinging(stage, readers)
    await stage.mara.slash(stage.stories, "serial mirror", channel=lobby)
    stage.turn_to_nine()
    await stage.until_posts(2)
    (mirrored,) = await stage.until_posts(1, lobby)
    stage.world.overwrite(stage.stories, stage.tobias.id, deny=VIEW)
    refused = await stage.tobias.click(mirrored, label="Notify me")
    assert "You can't see the channel" in refused.content
    assert readers not in stage.world.roles_of(stage.guild, stage.tobias.id)


async def test_the_role_is_pinged_once_for_a_part(stage: Stage) -> None:
    """In the story's own channel: elsewhere the same people would be pinged again."""
    readers = role(stage)
    lobbies = [stage.world.channel(stage.guild, f"lobby-{n}") for n in range(3)]
    await ready(stage)
    await schedule(stage, readers)
    for lobby in lobbies:
        stage.world.overwrite(lobby, stage.mara.id, allow=discord.Permissions(manage_messages=True))
        await stage.mara.slash(stage.stories, "serial mirror", channel=lobby)
    stage.turn_to_nine()
    (post,) = await stage.until_posts(1)
    assert post["mention_roles"] == [str(readers)]
    for lobby in lobbies:
        (mirrored,) = await stage.until_posts(1, lobby)
        assert mirrored["mention_roles"] == []
        assert "<@&" not in mirrored["content"]
        assert post["content"].replace(f"\n<@&{readers}>", "") == mirrored["content"]
