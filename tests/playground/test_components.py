import discord
import pytest
from discord import ui

from playground.people import Impossible
from tests.playground.conftest import Scene


class Panel(ui.View):
    @ui.button(label="Count")
    async def count(self, interaction: discord.Interaction, button: ui.Button["Panel"]) -> None:
        assert interaction.message is not None
        await interaction.response.edit_message(content=interaction.message.content + "I")

    @ui.button(label="Ask", custom_id="ask")
    async def ask(self, interaction: discord.Interaction, button: ui.Button["Panel"]) -> None:
        await interaction.response.send_modal(Form())

    @ui.button(label="Off", disabled=True)
    async def off(self, interaction: discord.Interaction, button: ui.Button["Panel"]) -> None: ...

    @ui.button(label="Quiet")
    async def quiet(self, interaction: discord.Interaction, button: ui.Button["Panel"]) -> None:
        await interaction.response.defer()
        await interaction.edit_original_response(content="quietly")

    @ui.select(
        min_values=1,
        max_values=2,
        options=[discord.SelectOption(label=x, value=x.lower()) for x in ("Red", "Blue", "Tan")],
    )
    async def colour(self, interaction: discord.Interaction, select: ui.Select["Panel"]) -> None:
        await interaction.response.send_message("+".join(select.values), ephemeral=True)


class Form(ui.Modal, title="Tell"):
    name: ui.Label["Form"] = ui.Label(text="Your name", component=ui.TextInput(max_length=10))
    why: ui.Label["Form"] = ui.Label(
        text="Why", component=ui.TextInput(required=False, custom_id="why")
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        texts = [item.component for item in (self.name, self.why)]
        assert all(isinstance(text, ui.TextInput) for text in texts)
        told = ",".join(text.value for text in texts if isinstance(text, ui.TextInput))
        await interaction.response.send_message(told)


async def show_panel(scene: Scene) -> int:
    bot = await scene.start()
    channel = bot.get_channel(scene.channel)
    assert isinstance(channel, discord.TextChannel)
    return (await channel.send("I", view=Panel())).id


async def test_a_button_updates_its_message(scene: Scene) -> None:
    panel = await show_panel(scene)
    answer = await scene.ben.click(panel, label="Count")
    assert answer.content == "II"
    assert answer.message is not None
    assert answer.message["id"] == str(panel)
    assert (await scene.ada.click(answer.message, label="Count")).content == "III"


async def test_a_deferred_update_returns_at_once(scene: Scene) -> None:
    panel = await show_panel(scene)
    answer = await scene.ben.click(panel, label="Quiet")
    assert not answer.failed
    await scene.playground.wait_for(lambda: answer.content == "quietly")


@pytest.mark.parametrize("label", ["Off", "Nonsense"])
async def test_buttons_that_cannot_be_pressed(scene: Scene, label: str) -> None:
    panel = await show_panel(scene)
    with pytest.raises(Impossible):
        await scene.ben.click(panel, label=label)


async def test_selects(scene: Scene) -> None:
    panel = await show_panel(scene)
    assert (await scene.ben.choose(panel, ["red", "Tan"])).content == "red+tan"
    for wrong in ([], ["red", "red"], ["red", "blue", "tan"], ["green"]):
        with pytest.raises(Impossible):
            await scene.ben.choose(panel, wrong)


async def test_a_modal(scene: Scene) -> None:
    panel = await show_panel(scene)
    asked = await scene.ben.click(panel, custom_id="ask")
    assert asked.modal is not None
    assert asked.modal["title"] == "Tell"
    answer = await scene.ben.submit(asked, {"Your name": "Benjamin", "why": "because"})
    assert answer.content == "Benjamin,because"


@pytest.mark.parametrize(
    "values", [{}, {"Your name": ""}, {"Your name": "b" * 11}, {"Your name": "b", "Age": "7"}]
)
async def test_forms_that_cannot_be_sent(scene: Scene, values: dict[str, str]) -> None:
    panel = await show_panel(scene)
    asked = await scene.ben.click(panel, custom_id="ask")
    with pytest.raises(Impossible):
        await scene.ben.submit(asked, values)


async def test_entity_selects(scene: Scene) -> None:
    picked: list[str] = []

    class Pickers(ui.View):
        @ui.select(cls=ui.UserSelect, custom_id="user")
        async def user(
            self, interaction: discord.Interaction, select: ui.UserSelect["Pickers"]
        ) -> None:
            picked.append(select.values[0].name)
            await interaction.response.defer()

        @ui.select(cls=ui.RoleSelect, custom_id="role")
        async def role(
            self, interaction: discord.Interaction, select: ui.RoleSelect["Pickers"]
        ) -> None:
            picked.append(select.values[0].name)
            await interaction.response.defer()

        @ui.select(cls=ui.ChannelSelect, custom_id="channel")
        async def channel(
            self, interaction: discord.Interaction, select: ui.ChannelSelect["Pickers"]
        ) -> None:
            picked.append(select.values[0].name)
            await interaction.response.defer()

        @ui.select(cls=ui.MentionableSelect, custom_id="either")
        async def either(
            self, interaction: discord.Interaction, select: ui.MentionableSelect["Pickers"]
        ) -> None:
            picked.append(select.values[0].name)
            await interaction.response.defer()

    bot = await scene.start()
    role = scene.world.role(scene.guild, "Poets")
    channel = bot.get_channel(scene.channel)
    assert isinstance(channel, discord.TextChannel)
    panel = (await channel.send(view=Pickers())).id
    await scene.ben.choose(panel, [scene.ada.id], custom_id="user")
    await scene.ben.choose(panel, [role], custom_id="role")
    await scene.ben.choose(panel, [scene.channel], custom_id="channel")
    await scene.ben.choose(panel, [role], custom_id="either")
    assert picked == ["ada", "Poets", "general", "Poets"]
    with pytest.raises(Impossible):
        await scene.ben.choose(panel, [scene.channel], custom_id="user")


async def test_components_v2(scene: Scene) -> None:
    class Layout(ui.LayoutView):
        row: ui.ActionRow["Layout"] = ui.ActionRow()
        text: ui.TextDisplay["Layout"] = ui.TextDisplay("# Title")

        @row.button(label="Go")
        async def go(self, interaction: discord.Interaction, _: ui.Button["Layout"]) -> None:
            await interaction.response.send_message("went")

    @scene.bot.tree.command(description="Shows")
    async def show(interaction: discord.Interaction) -> None:
        await interaction.response.send_message(view=Layout(), ephemeral=True)

    await scene.start()
    shown = await scene.ben.slash(scene.channel, "show")
    assert shown.message is not None
    assert (await scene.ben.click(shown.message, label="Go")).content == "went"


async def test_every_field_of_a_modal(scene: Scene) -> None:
    sent: list[object] = []

    class Every(ui.Modal, title="Every field"):
        colour: ui.Label["Every"] = ui.Label(
            text="Colour",
            component=ui.Select(options=[discord.SelectOption(label=x) for x in ("Red", "Blue")]),
        )
        who: ui.Label["Every"] = ui.Label(text="Who", component=ui.UserSelect())
        file: ui.Label["Every"] = ui.Label(text="File", component=ui.FileUpload())
        days: ui.Label["Every"] = ui.Label(
            text="Days",
            component=ui.CheckboxGroup(
                options=[discord.CheckboxGroupOption(label=x, value=x) for x in ("Mon", "Tue")]
            ),
        )
        sure: ui.Label["Every"] = ui.Label(text="Sure", component=ui.Checkbox())

        async def on_submit(self, interaction: discord.Interaction) -> None:
            for label in (self.colour, self.who, self.file, self.days, self.sure):
                match label.component:
                    case ui.FileUpload() as upload:
                        sent.append(await upload.values[0].read())
                    case ui.UserSelect() as select:
                        sent.append(select.values[0].name)
                    case ui.Checkbox() as box:
                        sent.append(box.value)
                    case ui.Select() | ui.CheckboxGroup() as menu:
                        sent.append(list(menu.values))
            await interaction.response.send_message("filled in")

    @scene.bot.tree.command(description="Asks")
    async def ask(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Every())

    await scene.start()
    asked = await scene.ben.slash(scene.channel, "ask")
    answer = await scene.ben.submit(
        asked,
        {
            "Colour": ["Blue"],
            "Who": [scene.ada.id],
            "File": [("a.txt", b"A")],
            "Days": ["Mon", "Tue"],
            "Sure": True,
        },
    )
    assert answer.content == "filled in"
    assert sent == [["Blue"], "ada", b"A", ["Mon", "Tue"], True]
