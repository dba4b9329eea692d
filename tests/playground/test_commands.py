import asyncio
from typing import Literal

import discord
import pytest
from discord import app_commands

from playground.inputs import OptionValue
from playground.people import Choice, Impossible
from tests.playground.conftest import Scene


def add_echo(scene: Scene) -> list[object]:
    """A command with an option of every type; returns what it was last given."""
    given: list[object] = []
    group = app_commands.Group(name="every", description="Groups")

    @group.command(description="Takes all")
    async def option(
        interaction: discord.Interaction,
        text: app_commands.Range[str, 2, 5],
        whole: app_commands.Range[int, 0, 10],
        number: float,
        yes: bool,
        who: discord.User,
        where: discord.TextChannel,
        role: discord.Role,
        file: discord.Attachment,
        choice: Literal["one", "two"] = "one",
    ) -> None:
        given[:] = [text, whole, number, yes, who.name, where.name, role.name, choice]
        given.append(await file.read())
        await interaction.response.send_message("got it", ephemeral=True)

    scene.bot.tree.add_command(group)
    return given


async def test_options_of_every_type_arrive(scene: Scene) -> None:
    given = add_echo(scene)
    await scene.start()
    role = scene.world.role(scene.guild, "Poets")
    values: dict[str, OptionValue] = {
        "text": "abc",
        "whole": 10,
        "number": 0.5,
        "yes": True,
        "who": scene.ada.id,
        "where": scene.channel,
        "role": role,
        "file": ("story.txt", b"Once upon"),
        "choice": "two",
    }
    answer = await scene.ben.slash(scene.channel, "every option", **values)
    assert answer.content == "got it"
    assert answer.ephemeral
    assert given == ["abc", 10, 0.5, True, "ada", "general", "Poets", "two", b"Once upon"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": "a"},
        {"text": "abcdef"},
        {"text": 5},
        {"whole": 11},
        {"whole": 0.5},
        {"number": "x"},
        {"yes": 1},
        {"who": 12345},
        {"where": 12345},
        {"choice": "three"},
        {"file": "story.txt"},
        {"nonsense": 1},
    ],
)
async def test_options_that_discord_would_not_take(
    scene: Scene, wrong: dict[str, OptionValue]
) -> None:
    add_echo(scene)
    await scene.start()
    values: dict[str, OptionValue] = {"text": "abc", "whole": 1, "number": 1.0, "yes": False}
    values |= {"who": scene.ada.id, "where": scene.channel, "role": scene.guild}
    values |= {"file": ("a.txt", b"")}
    with pytest.raises(Impossible):
        await scene.ben.slash(scene.channel, "every option", **values | wrong)
    assert len(scene.playground.requests) == 3  # login, application and sync: no answer


async def test_a_required_option_is_required(scene: Scene) -> None:
    add_echo(scene)
    await scene.start()
    with pytest.raises(Impossible, match="whole"):
        await scene.ben.slash(scene.channel, "every option", text="abc")


async def test_autocomplete(scene: Scene) -> None:
    @scene.bot.tree.command(description="Picks")
    async def pick(interaction: discord.Interaction, kind: str, what: str) -> None:
        await interaction.response.send_message(what)

    @pick.autocomplete("what")
    async def complete(
        interaction: discord.Interaction, current: str
    ) -> list[app_commands.Choice[str]]:
        kind = interaction.namespace.kind
        return [app_commands.Choice(name=f"{kind} {current}", value=current.upper())]

    await scene.start()
    choices = await scene.ben.autocomplete(scene.channel, "pick", "what", "pe", kind="red")
    assert choices == [Choice("red pe", "PE")]


@pytest.mark.parametrize("hidden", [True, False])
async def test_deferred_then_completed(scene: Scene, hidden: bool) -> None:
    @scene.bot.tree.command(description="Thinks")
    async def think(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=hidden, thinking=True)
        await asyncio.sleep(0)
        await interaction.edit_original_response(content="thought")
        await interaction.followup.send("and more", ephemeral=True)

    await scene.start()
    answer = await scene.ben.slash(scene.channel, "think")
    assert answer.content == "thought"
    assert answer.ephemeral is hidden
    more = await scene.playground.wait_for(lambda: answer.followups)
    assert more[0]["content"] == "and more"


async def test_ephemeral_answers_are_their_readers_alone(scene: Scene) -> None:
    @scene.bot.tree.command(description="Whispers")
    async def whisper(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("psst", ephemeral=True)
        await interaction.edit_original_response(content="PSST")
        await interaction.delete_original_response()

    heard: list[tuple[str, int | None]] = []
    await scene.start()
    scene.world.subscribe(
        lambda event, payload, viewer: heard.append((event, viewer)) if "MESS" in event else None
    )
    await scene.ben.slash(scene.channel, "whisper")
    await scene.playground.wait_for(lambda: len(heard) == 3)
    assert heard == [
        ("MESSAGE_CREATE", scene.ben.id),
        ("MESSAGE_UPDATE", scene.ben.id),
        ("MESSAGE_DELETE", scene.ben.id),
    ]
    assert "message" not in scene.bot.heard


async def test_ephemeral_messages_show_to_one(scene: Scene) -> None:
    @scene.bot.tree.command(description="Whispers")
    async def whisper(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("psst", ephemeral=True)

    await scene.start()
    answer = await scene.ben.slash(scene.channel, "whisper")
    assert [m["content"] for m in scene.world.messages(scene.channel, scene.ben.id)] == ["psst"]
    assert scene.world.messages(scene.channel, scene.ada.id) == []
    assert answer.message is not None
    with pytest.raises(Impossible, match="hidden"):
        scene.ada.react(answer.message, "👍")


async def test_no_answer_fails_by_real_time(scene: Scene) -> None:
    errors: asyncio.Queue[discord.NotFound] = asyncio.Queue()
    go_on = asyncio.Event()

    @scene.bot.tree.command(description="Dawdles")
    async def dawdle(interaction: discord.Interaction) -> None:
        await go_on.wait()
        try:
            await interaction.response.send_message("late")
        except discord.NotFound as error:
            errors.put_nowait(error)

    await scene.start()
    scene.world.discord.answer_within = 0.1
    answer = await scene.ben.slash(scene.channel, "dawdle")
    assert answer.failed
    assert answer.message is None
    go_on.set()
    assert (await errors.get()).code == 10062


async def test_turning_the_clock_does_not_end_an_interaction(scene: Scene) -> None:
    @scene.bot.tree.command(description="Waits")
    async def wait(interaction: discord.Interaction) -> None:
        scene.playground.clock.turn(86_400_000)
        await interaction.response.defer()
        scene.playground.clock.turn(86_400_000)
        await interaction.edit_original_response(content="here")

    await scene.start()
    answer = await scene.ben.slash(scene.channel, "wait")
    assert answer.content == "here"


async def test_a_token_that_is_too_old(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    codes: asyncio.Queue[int] = asyncio.Queue()

    @scene.bot.tree.command(description="Edits")
    async def edit(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("young")
        monkeypatch.setattr("playground.world.requests.TOKEN_LIFETIME", 0.0)
        try:
            await interaction.edit_original_response(content="old")
        except discord.HTTPException as error:
            codes.put_nowait(error.code)

    await scene.start()
    await scene.ben.slash(scene.channel, "edit")
    assert await codes.get() == 50027


async def test_invisible_commands_and_channels(scene: Scene) -> None:
    @scene.bot.tree.command(description="For managers")
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.guild_only()
    async def manage(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("done")

    await scene.start()
    assert (await scene.ada.slash(scene.channel, "manage")).content == "done"
    with pytest.raises(Impossible, match="no command"):
        await scene.ben.slash(scene.channel, "manage")
    with pytest.raises(Impossible, match="no command"):
        await scene.ada.slash(scene.world.dm(scene.ada.id), "manage")
    names = [command["name"] for command in scene.world.commands(scene.ada.id, scene.channel)]
    assert names == ["manage"]
    assert scene.world.commands(scene.ben.id, scene.channel) == []

    hidden = discord.Permissions(view_channel=True)
    scene.world.overwrite(scene.channel, scene.guild, deny=hidden)
    with pytest.raises(Impossible, match="does not see"):
        await scene.ben.slash(scene.channel, "manage")
    assert [c["name"] for c in scene.world.channels(scene.guild, scene.ben.id)] == []


async def test_context_menus(scene: Scene) -> None:
    @scene.bot.tree.context_menu(name="Quote")
    async def quote(interaction: discord.Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"{message.author.name}: {message.content}")

    @scene.bot.tree.context_menu(name="Greet")
    async def greet(interaction: discord.Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(f"hello {member.name}")

    await scene.start()
    said = scene.ada.say(scene.channel, "It was night.")
    assert (await scene.ben.context_menu(scene.channel, "Quote", said)).content == (
        "ada: It was night."
    )
    greeted = await scene.ben.context_menu(scene.channel, "Greet", scene.ada.id)
    assert greeted.content == "hello ada"


async def test_commands_in_direct_messages(scene: Scene) -> None:
    @scene.bot.tree.command(description="Says where")
    async def here(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(str(interaction.guild))

    await scene.start()
    answer = await scene.ben.slash(scene.world.dm(scene.ben.id), "here")
    assert answer.content == "None"
    with pytest.raises(Impossible):
        await scene.ada.slash(scene.world.dm(scene.ben.id), "here")
