import io
from collections.abc import AsyncIterator

import discord
import pytest

from playground.world.world import INVITED
from tests.playground.conftest import Scene


def text_channel(scene: Scene, channel_id: int | None = None) -> discord.TextChannel:
    channel = scene.bot.get_channel(channel_id or scene.channel)
    assert isinstance(channel, discord.TextChannel)
    return channel


def seen(scene: Scene) -> list[str]:
    return [m["content"] for m in scene.world.messages(scene.channel, scene.ben.id)]


async def test_sending_editing_deleting(scene: Scene) -> None:
    await scene.start()
    message = await text_channel(scene).send("one")
    await message.edit(content="two")
    assert seen(scene) == ["two"]
    await message.delete()
    assert seen(scene) == []


async def test_people_talk_and_react(scene: Scene) -> None:
    bot = await scene.start()
    said = scene.ben.say(scene.channel, "hello", [("My # 1.txt", b"A")])
    await scene.playground.wait_for(lambda: "message" in bot.heard)
    message = await text_channel(scene).fetch_message(said)
    assert message.author.name == "ben"
    assert (message.attachments[0].filename, message.attachments[0].title) == ("My_1.txt", "My # 1")
    assert await message.attachments[0].read() == b"A"
    scene.ada.react(said, "🔥")
    await message.add_reaction("🔥")
    message = await text_channel(scene).fetch_message(said)
    assert message.reactions[0].count == 2
    assert message.reactions[0].me


async def test_history_in_every_direction(scene: Scene) -> None:
    await scene.start()
    channel = text_channel(scene)
    ids = [scene.ben.say(scene.channel, str(n)) for n in range(7)]

    async def read(messages: AsyncIterator[discord.Message]) -> str:
        return "".join([message.content async for message in messages])

    middle = discord.Object(ids[3])
    assert await read(channel.history(limit=3)) == "654"
    assert await read(channel.history(limit=2, before=middle)) == "21"
    assert await read(channel.history(limit=2, after=middle)) == "45"
    assert await read(channel.history(limit=2, oldest_first=True)) == "01"
    assert await read(channel.history(limit=3, around=middle)) == "432"


async def test_a_nonce_makes_a_second_send_harmless(scene: Scene) -> None:
    await scene.start()
    channel = text_channel(scene)
    first = await channel.send("once", nonce="n1")
    again = await channel.send("once", nonce="n1")
    other = await channel.send("once", nonce="n2")
    assert first.id == again.id != other.id
    assert again.nonce == "n1"
    assert seen(scene) == ["once", "once"]
    await first.delete()
    with pytest.raises(discord.NotFound) as caught:
        await channel.send("once", nonce="n1")
    assert caught.value.code == 10008


async def test_files_are_sent_and_fetched(scene: Scene) -> None:
    await scene.start()
    embed = discord.Embed(title="Chart").set_image(url="attachment://chart.png")
    file = discord.File(io.BytesIO(b"PNG"), "chart.png", description="A chart")
    sent = await text_channel(scene).send(embed=embed, file=file)
    assert sent.attachments[0].description == "A chart"
    assert await sent.attachments[0].read() == b"PNG"
    assert sent.embeds[0].image.url == sent.attachments[0].url
    [shown] = scene.world.messages(scene.channel, scene.ben.id)
    assert shown["embeds"][0]["image"]["url"] == sent.attachments[0].url


async def test_crossposting_is_done_once(scene: Scene) -> None:
    await scene.start()
    news = scene.world.channel(scene.guild, "news", "announcement")
    await scene.playground.wait_for(lambda: scene.bot.get_channel(news))
    message = await text_channel(scene, news).send("extra")
    await message.publish()
    fetched = await text_channel(scene, news).fetch_message(message.id)
    assert fetched.flags.crossposted
    with pytest.raises(discord.HTTPException) as caught:
        await message.publish()
    assert caught.value.code == 40033


async def test_threads(scene: Scene) -> None:
    await scene.start()
    message = await text_channel(scene).send("chapter")
    thread = await message.create_thread(name="Talk")
    await thread.send("first")
    assert [m["content"] for m in scene.world.messages(thread.id, scene.ben.id)] == ["first"]
    with pytest.raises(discord.HTTPException) as caught:
        await message.create_thread(name="Talk")
    assert caught.value.code == 160004
    scene.world.delete_channel(scene.channel)
    with pytest.raises(discord.NotFound) as missing:
        await thread.send("second")
    assert missing.value.code == 10003


async def test_a_thread_takes_the_permission_to_create_it_alone(scene: Scene) -> None:
    await scene.start()
    message = await text_channel(scene).send("chapter")
    own = scene.world.bot_id
    for missing in ("view_channel", "read_message_history", "create_public_threads"):
        scene.world.overwrite(scene.channel, own, deny=discord.Permissions(**{missing: True}))
        with pytest.raises(discord.Forbidden) as caught:
            await message.create_thread(name="Talk")
        assert caught.value.code == (50001 if missing == "view_channel" else 50013)
    scene.world.overwrite(
        scene.channel,
        own,
        deny=discord.Permissions(send_messages=True, send_messages_in_threads=True),
    )
    thread = await message.create_thread(name="Talk")
    with pytest.raises(discord.Forbidden):
        await thread.send("first")


async def test_a_thread_is_renamed_by_whoever_began_it(scene: Scene) -> None:
    await scene.start()
    message = await text_channel(scene).send("chapter")
    thread = await message.create_thread(name="Talk")
    await thread.edit(name="More talk")
    await thread.edit(archived=True)
    with pytest.raises(discord.HTTPException) as archived:
        await thread.edit(name="Even more")
    assert archived.value.code == 50083
    await thread.edit(name="Even more", archived=False)
    assert scene.world.discord.channels[thread.id].name == "Even more"
    with pytest.raises(discord.Forbidden) as locked:
        await thread.edit(locked=True)
    assert locked.value.code == 50013
    theirs = scene.world.thread(scene.channel, "Ben's", scene.ben.id)
    fetched = await scene.bot.fetch_channel(theirs)
    assert isinstance(fetched, discord.Thread)
    with pytest.raises(discord.Forbidden) as not_ours:
        await fetched.edit(name="Mine")
    assert not_ours.value.code == 50013


async def test_direct_messages(scene: Scene) -> None:
    bot = await scene.start()
    user = await bot.fetch_user(scene.ben.id)
    await user.send("psst")
    dm = scene.world.dm(scene.ben.id)
    assert [m["content"] for m in scene.world.messages(dm, scene.ben.id)] == ["psst"]
    assert scene.world.messages(dm, scene.ada.id) == []
    scene.world.set_dms_open(scene.ben.id, False)
    with pytest.raises(discord.Forbidden) as caught:
        await user.send("psst")
    assert caught.value.code == 50007


async def test_permissions_are_withdrawn_and_given_back(scene: Scene) -> None:
    await scene.start()
    channel = text_channel(scene)
    scene.world.set_bot_permissions(scene.guild, discord.Permissions.none())
    everyone, sending = scene.guild, discord.Permissions(send_messages=True)
    scene.world.overwrite(scene.channel, everyone, deny=sending)
    with pytest.raises(discord.Forbidden) as caught:
        await channel.send("no")
    assert caught.value.code == 50013
    scene.world.overwrite(scene.channel, scene.world.bot_id, allow=sending)
    await channel.send("yes")
    scene.world.clear_overwrite(scene.channel, scene.world.bot_id)
    with pytest.raises(discord.Forbidden):
        await channel.send("no")
    scene.world.overwrite(scene.channel, everyone, deny=discord.Permissions(view_channel=True))
    with pytest.raises(discord.Forbidden) as hidden:
        await channel.send("no")
    assert hidden.value.code == 50001


async def test_the_bot_hears_only_what_it_may_see(scene: Scene) -> None:
    bot = await scene.start()
    scene.world.overwrite(
        scene.channel, scene.world.bot_id, deny=discord.Permissions(view_channel=True)
    )
    other = scene.world.channel(scene.guild, "open")
    scene.ada.say(scene.channel, "secret")
    scene.ada.say(other, "open")
    await scene.playground.wait_for(lambda: "message" in bot.heard)
    assert bot.heard.count("message") == 1


async def test_age_restriction(scene: Scene) -> None:
    bot = await scene.start()
    scene.world.set_bot_permissions(scene.guild, discord.Permissions(manage_channels=True))
    channel = text_channel(scene)
    assert not channel.is_nsfw()
    await channel.edit(nsfw=True)
    fetched = await bot.fetch_channel(scene.channel)
    assert isinstance(fetched, discord.TextChannel)
    assert fetched.is_nsfw()
    scene.world.set_nsfw(scene.channel, False)
    await scene.playground.wait_for(lambda: bot.heard.count("guild_channel_update") == 2)
    assert not text_channel(scene).is_nsfw()
    made = await channel.guild.create_text_channel("late", nsfw=True)
    assert made.is_nsfw()


async def test_forum_posts(scene: Scene) -> None:
    bot = await scene.start()
    made = scene.world.channel(scene.guild, "plots", "forum")
    await scene.playground.wait_for(lambda: bot.get_channel(made))
    forum = bot.get_channel(made)
    assert isinstance(forum, discord.ForumChannel)
    thread, _ = await forum.create_thread(name="Chapter one", content="What happens?")
    [shown] = scene.world.messages(thread.id, scene.ben.id)
    assert shown["content"] == "What happens?"
    names = [channel["name"] for channel in scene.world.channels(scene.guild, scene.ben.id)]
    assert names == ["general", "plots", "Chapter one"]


async def test_embeds_and_files_need_their_permissions(scene: Scene) -> None:
    await scene.start()
    everyone = discord.Permissions(embed_links=True, attach_files=True)
    scene.world.overwrite(scene.channel, scene.guild, deny=everyone)
    scene.world.overwrite(scene.channel, scene.world.bot_id, deny=everyone)
    with pytest.raises(discord.Forbidden):
        await text_channel(scene).send(embed=discord.Embed(title="x"))
    with pytest.raises(discord.Forbidden):
        await text_channel(scene).send(file=discord.File(io.BytesIO(b"x"), "x.txt"))


async def test_a_thread_takes_send_messages_in_threads_and_nothing_else(scene: Scene) -> None:
    bot = await scene.start()
    thread_id = scene.world.thread(scene.channel, "chat", scene.ben.id)
    await scene.playground.wait_for(lambda: scene.bot.get_channel(thread_id))
    thread = bot.get_channel(thread_id)
    assert isinstance(thread, discord.Thread)
    scene.world.overwrite(
        scene.channel, scene.world.bot_id, deny=discord.Permissions(send_messages=True)
    )
    assert (await thread.send("one")).channel.id == thread_id
    scene.world.overwrite(
        scene.channel, scene.world.bot_id, deny=discord.Permissions(send_messages_in_threads=True)
    )
    with pytest.raises(discord.Forbidden) as refused:
        await thread.send("two")
    assert refused.value.code == 50013
    await text_channel(scene).send("three")


async def test_a_message_opens_an_archived_thread_unless_it_is_locked(scene: Scene) -> None:
    permissions = discord.Permissions(INVITED.value)
    permissions.manage_threads = True
    scene.world.set_bot_permissions(scene.guild, permissions)
    bot = await scene.start()
    said = await text_channel(scene).send("hello")
    thread = await said.create_thread(name="chat")
    await thread.edit(archived=True)
    fetched = await bot.fetch_channel(thread.id)
    assert isinstance(fetched, discord.Thread)
    assert fetched.archived
    await fetched.send("one")
    fetched = await bot.fetch_channel(thread.id)
    assert isinstance(fetched, discord.Thread)
    assert not fetched.archived
    await fetched.edit(archived=True, locked=True)
    scene.world.set_bot_permissions(scene.guild, INVITED)
    with pytest.raises(discord.HTTPException) as refused:
        await fetched.send("two")
    assert refused.value.code == 50083


async def test_the_chat_of_a_voice_channel_is_for_those_who_may_connect(scene: Scene) -> None:
    bot = await scene.start()
    voice_id = scene.world.channel(scene.guild, "booth", "voice")
    await scene.playground.wait_for(lambda: scene.bot.get_channel(voice_id))
    voice = bot.get_channel(voice_id)
    assert isinstance(voice, discord.VoiceChannel)
    sent = await voice.send("one")
    assert [message.id async for message in voice.history()] == [sent.id]
    scene.world.overwrite(voice_id, scene.world.bot_id, deny=discord.Permissions(connect=True))
    for refused in (voice.send("two"), sent.edit(content="two"), voice.fetch_message(sent.id)):
        with pytest.raises(discord.Forbidden) as caught:
            await refused
        assert caught.value.code == 50001
