import discord
import pytest

from playground.server import Playground
from tests.playground.conftest import Scene


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


async def test_members_are_found_by_name(scene: Scene) -> None:
    bot = await scene.start()
    guild = bot.get_guild(scene.guild)
    assert guild is not None
    assert [m.name for m in await guild.query_members("BE")] == ["ben"]
    assert [m.id for m in await guild.query_members(user_ids=[scene.ada.id])] == [scene.ada.id]


async def test_an_interaction_delivered_twice(scene: Scene) -> None:
    runs: list[int] = []

    @scene.bot.tree.command(description="Counts")
    async def count(interaction: discord.Interaction) -> None:
        runs.append(interaction.id)
        try:
            await interaction.response.send_message("counted")
        except discord.HTTPException as error:
            assert error.code == 40060  # noqa: PT017

    await scene.start()
    scene.playground.faults.duplicate_next_interaction()
    assert (await scene.ben.slash(scene.channel, "count")).content == "counted"
    await scene.playground.wait_for(lambda: len(runs) == 2)
    assert runs[0] == runs[1]


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
