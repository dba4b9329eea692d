import asyncio

import aiohttp
import discord
import pytest

from playground.server import Playground
from tests.playground.conftest import Impatient, Scene


async def test_guilds_at_the_start_are_not_joined_but_later_ones_are(scene: Scene) -> None:
    bot = await scene.start()
    assert "guild_join" not in bot.heard
    later = scene.world.guild("Later", scene.ada.id, channels=["general"])
    await scene.playground.wait_for(lambda: "guild_join" in bot.heard)
    guild = bot.get_guild(later)
    assert guild is not None
    assert guild.system_channel is not None
    assert guild.system_channel.permissions_for(guild.me).send_messages
    scene.world.remove_guild(later)
    await scene.playground.wait_for(lambda: "guild_remove" in bot.heard)


async def test_a_broken_connection_is_resumed_and_nothing_is_missed(scene: Scene) -> None:
    bot = await scene.start()
    scene.playground.drop_gateway()
    assert not scene.playground.connected
    scene.ada.say(scene.channel, "meanwhile")
    await scene.playground.until_connected()
    await scene.playground.wait_for(lambda: "resumed" in bot.heard)
    assert bot.heard.count("message") == 1
    scene.ada.say(scene.channel, "after")
    await scene.playground.wait_for(lambda: bot.heard.count("message") == 2)


async def test_a_session_that_is_lost_misses_what_happened(scene: Scene) -> None:
    bot = await scene.start()
    scene.playground.drop_gateway(resumable=False)
    scene.ada.say(scene.channel, "meanwhile")
    await scene.playground.wait_for(lambda: bot.heard.count("connect") == 2, 8)
    assert "message" not in bot.heard
    assert "guild_join" not in bot.heard


async def test_it_reconnects_when_asked(scene: Scene) -> None:
    bot = await scene.start()
    scene.playground.ask_to_reconnect()
    await scene.playground.wait_for(lambda: "resumed" in bot.heard)


async def test_a_wrong_token_is_refused(playground: Playground) -> None:
    async with discord.Client(intents=discord.Intents.none()) as client:
        with pytest.raises(discord.LoginFailure):
            await client.start("wrong")


async def test_a_guild_that_is_unavailable_is_silent_until_it_is_back(scene: Scene) -> None:
    bot = await scene.start()
    guild = bot.get_guild(scene.guild)
    assert guild is not None
    scene.world.set_available(scene.guild, False)
    await scene.playground.wait_for(lambda: guild.unavailable)
    assert "guild_unavailable" in bot.heard
    scene.ada.say(scene.channel, "meanwhile")
    later = scene.world.channel(scene.guild, "later")
    scene.world.set_available(scene.guild, True)
    await scene.playground.wait_for(lambda: not guild.unavailable)
    assert guild.get_channel(later) is not None
    assert "message" not in bot.heard
    assert "guild_join" not in bot.heard
    assert "guild_remove" not in bot.heard


async def test_a_guild_that_is_unavailable_at_the_start_has_no_channels(scene: Scene) -> None:
    scene.world.set_available(scene.guild, False)
    bot = await scene.start()
    guild = bot.get_guild(scene.guild)
    assert guild is not None
    assert guild.unavailable
    assert guild.get_channel(scene.channel) is None
    scene.world.set_available(scene.guild, True)
    await scene.playground.wait_for(lambda: guild.get_channel(scene.channel) is not None)


async def test_what_discord_has_rated_a_whole_guild(scene: Scene) -> None:
    bot = await scene.start()
    guild = bot.get_guild(scene.guild)
    assert guild is not None
    assert guild.nsfw_level.value == 0
    scene.world.set_nsfw_level(scene.guild, discord.NSFWLevel.age_restricted)
    await scene.playground.wait_for(lambda: "guild_update" in bot.heard)
    assert guild.nsfw_level.value == 3
    channel = guild.get_channel(scene.channel)
    assert isinstance(channel, discord.TextChannel)
    assert not channel.is_nsfw()  # which is about the channel alone


async def test_the_bots_own_role_is_known_as_such(scene: Scene) -> None:
    bot = await scene.start()
    guild = bot.get_guild(scene.guild)
    assert guild is not None
    assert guild.self_role is not None
    scene.world.set_bot_permissions(scene.guild, discord.Permissions(send_messages=True))
    await scene.playground.wait_for(lambda: "guild_role_update" in bot.heard)
    assert guild.self_role is not None
    assert guild.self_role.is_bot_managed()


async def test_members_are_found_by_name(scene: Scene) -> None:
    bot = await scene.start()
    guild = bot.get_guild(scene.guild)
    assert guild is not None
    assert [m.name for m in await guild.query_members("BE")] == ["ben"]
    assert [m.id for m in await guild.query_members(user_ids=[scene.ada.id])] == [scene.ada.id]


async def test_an_interaction_delivered_twice(scene: Scene) -> None:
    runs: list[int] = []
    codes: asyncio.Queue[int] = asyncio.Queue()

    @scene.bot.tree.command(description="Counts")
    async def count(interaction: discord.Interaction) -> None:
        runs.append(interaction.id)
        try:
            await interaction.response.send_message("counted")
        except discord.HTTPException as error:
            codes.put_nowait(error.code)

    await scene.start()
    scene.playground.faults.duplicate_next_interaction()
    assert (await scene.ben.slash(scene.channel, "count")).content == "counted"
    assert await codes.get() == 40060
    assert runs == [runs[0]] * 2


async def test_another_bot_takes_over(scene: Scene) -> None:
    await scene.start()
    await scene.stop()
    await scene.playground.wait_for(lambda: not scene.playground.connected)
    scene.bot = type(scene.bot)(scene.playground)

    @scene.bot.tree.command(description="Answers")
    async def ping(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("the new one")

    await scene.start()
    assert (await scene.ben.slash(scene.channel, "ping")).content == "the new one"


class Sharded(Impatient, discord.AutoShardedClient): ...


async def test_shards_hear_of_their_own_guilds(scene: Scene) -> None:
    scene.world.guild("Another", scene.ada.id, channels=["general"])
    intents = discord.Intents.default()
    client = Sharded(intents=intents, guild_ready_timeout=0.01, shard_count=2)
    async with client, asyncio.TaskGroup() as running:
        running.create_task(client.start(scene.playground.token))
        await asyncio.sleep(0)  # it has a loop now
        async with asyncio.timeout(5):
            await client.wait_until_ready()
        shards = {guild.id: guild.shard_id for guild in client.guilds}
        assert shards == {id: (id >> 22) % 2 for id in shards}
        assert len(shards) == 2
        await client.close()


async def test_without_compression_and_before_identifying(scene: Scene) -> None:
    url, token = scene.playground.gateway_url, scene.playground.token
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_json({"op": 1, "d": None})
        assert (await socket.receive_json())["op"] == 11
        await socket.send_json({"op": 2, "d": {"token": token, "intents": 0, "properties": {}}})
        ready = await socket.receive_json()
        assert (ready["t"], ready["s"]) == ("READY", 1)
        assert ready["d"]["guilds"] == [{"id": str(scene.guild), "unavailable": True}]


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"op": 2, "d": {"token": "wrong", "intents": 0}}, 4004),
        ({"op": 8, "d": {"guild_id": "1"}}, 4003),
        ({"op": 2}, 4002),
        ([], 4002),
    ],
)
async def test_what_the_gateway_does_not_take(
    playground: Playground, frame: object, code: int
) -> None:
    url = playground.gateway_url
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.receive_json()
        await socket.send_json(frame)
        await socket.receive()
        assert socket.close_code == code


async def test_an_unknown_session_starts_afresh(playground: Playground) -> None:
    url = playground.gateway_url
    resume = {"token": playground.token, "session_id": "unknown", "seq": 5}
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.receive_json()
        await socket.send_json({"op": 6, "d": resume})
        assert await socket.receive_json() == {"op": 9, "d": False, "s": None, "t": None}
