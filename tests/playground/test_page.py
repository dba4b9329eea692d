import json
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import discord
import pytest
import yarl
from aiohttp import ClientSession, FormData
from discord import app_commands, ui
from discord.gateway import DiscordWebSocket
from discord.http import Route

from playground.page import STATIC, Character, routes
from playground.server import Playground
from tests.conftest import running_clock
from tests.playground.conftest import Scene, schema

DAY = 86_400_000
NO_FILES: Mapping[str, bytes] = {}
VIEW = discord.Permissions(view_channel=True)


@dataclass
class Page:
    """What a browser does, on the scene's playground."""

    scene: Scene
    http: ClientSession
    site: str

    async def get(self, path: str, **question: object) -> Any:
        asked = {key.rstrip("_"): str(value) for key, value in question.items()}
        async with self.http.get(f"/page/{path}", params=asked) as response:
            return await response.json()

    async def post(
        self, path: str, as_: int, files: Mapping[str, bytes] = NO_FILES, /, **data: object
    ) -> Any:
        form = FormData(default_to_multipart=True)
        form.add_field("payload", json.dumps({"as": str(as_), **data}))
        for name, content in files.items():
            form.add_field(name, content, filename=f"{name}.txt")
        async with self.http.post(f"/page/{path}", data=form) as response:
            return await response.json()

    async def say(self, as_: int, text: str, channel: int | None = None) -> Any:
        return await self.post("say", as_, channel=str(channel or self.scene.channel), text=text)

    async def messages(self, viewer: int) -> list[Any]:
        found = await self.get("channel", as_=viewer, channel=self.scene.channel)
        return list(found["messages"])

    async def command(
        self, as_: int, name: str, files: Mapping[str, bytes] = NO_FILES, /, **options: object
    ) -> Any:
        channel = str(self.scene.channel)
        return await self.post("command", as_, files, channel=channel, name=name, options=options)


@pytest.fixture
async def page(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Page]:
    playground = Playground(running_clock(), schema=schema())
    scene = Scene(playground)
    people = [Character(scene.ada.id, "Ada", "author"), Character(scene.ben.id, "Ben", "reader")]
    playground.app.add_routes(routes(playground, people, scene.guild, scene.channel))
    async with playground:
        monkeypatch.setattr(Route, "BASE", playground.api_url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(playground.gateway_url))
        site = str(yarl.URL(playground.api_url).origin())
        async with ClientSession(site) as http:
            yield Page(scene, http, site)
        await scene.stop()
    assert playground.problems == []


# ---- looking


async def test_the_page_and_all_it_asks_for_is_served(page: Page) -> None:
    async with page.http.get("/") as response:
        index = await response.text()
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    asked = set(re.findall(r'(?:src|href)="([^"]+)"', index))
    for module in STATIC.glob("*.js"):
        asked |= {
            f"/static/{name}" for name in re.findall(r'from "\./([^"]+)"', module.read_text())
        }
    assert asked
    for path in asked:
        async with page.http.get(path) as response:
            assert response.status == 200, path


@pytest.mark.parametrize("name", ["../page.py", "%2e%2e%2fpage.py", "..%2f..%2f.env", "none.js"])
async def test_nothing_else_is_served(page: Page, name: str) -> None:
    url = yarl.URL(f"{page.site}/static/{name}", encoded=True)
    async with page.http.get(url) as response:
        assert response.status == 404


def test_text_never_becomes_html() -> None:
    """Messages are written by anybody: the page only ever makes text nodes of them."""
    for module in STATIC.glob("*.js"):
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", module.read_text()
        ), module


async def test_the_state_is_somebodys(page: Page) -> None:
    scene = page.scene
    secret = scene.world.channel(scene.guild, "secret")
    scene.world.overwrite(secret, scene.guild, deny=VIEW)
    owners, readers = [await page.get("state", as_=one.id) for one in (scene.ada, scene.ben)]
    assert readers["me"] == str(scene.ben.id)
    assert readers["home"] == str(scene.channel)
    assert [one["about"] for one in readers["people"]] == ["author", "reader"]
    assert str(secret) in [channel["id"] for channel in owners["channels"]]
    assert str(secret) not in [channel["id"] for channel in readers["channels"]]
    assert readers["channels"][-1]["id"] == str(scene.world.dm(scene.ben.id))
    assert abs(readers["now"] - scene.playground.clock.now()) < 60_000
    assert "error" in await page.get("channel", as_=scene.ben.id, channel=secret)


@pytest.mark.parametrize("asked", ["", "0", "12345", "ada", "１"])
async def test_a_stranger_becomes_the_first_of_the_people(page: Page, asked: str) -> None:
    assert (await page.get("state", as_=asked))["me"] == str(page.scene.ada.id)
    assert "error" in await page.get("channel", as_=asked, channel=page.scene.channel)


# ---- doing


async def test_saying_and_reacting(page: Page) -> None:
    ben = page.scene.ben.id
    assert await page.say(ben, "hello <b>") == {}
    await page.post("say", ben, {"file": b"abc"}, channel=str(page.scene.channel), text="")
    first, second = await page.messages(ben)
    assert first["content"] == "hello <b>"
    assert second["attachments"][0]["filename"] == "file.txt"
    assert await page.post("react", ben, message=first["id"], emoji="🔥") == {}
    assert (await page.messages(ben))[0]["reactions"][0]["me"]


async def test_what_nobody_could_do_is_a_sentence(page: Page) -> None:
    answer = await page.command(page.scene.ben.id, "nothing")
    assert answer["error"][0].isupper()
    assert answer["error"].endswith(".")


@pytest.mark.parametrize(
    "body", [b"", b"payload=", b"payload=[]", b"payload={}", b"payload=%7B%22as%22%3A1%7D", b"x=1"]
)
async def test_odd_requests_are_refused(page: Page, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    async with page.http.post("/page/say", data=body, headers=headers) as response:
        assert 400 <= response.status < 500
        assert (await response.json())["error"]


class Form(ui.Modal, title="Tell"):
    name: ui.Label["Form"] = ui.Label(text="Name", component=ui.TextInput(custom_id="name"))

    async def on_submit(self, interaction: discord.Interaction) -> None:
        assert isinstance(self.name.component, ui.TextInput)
        await interaction.response.send_message(f"told {self.name.component.value}")


class Panel(ui.View):
    @ui.button(label="Count", custom_id="count")
    async def count(self, interaction: discord.Interaction, button: ui.Button["Panel"]) -> None:
        await interaction.response.edit_message(content="counted")

    @ui.select(custom_id="colour", options=[discord.SelectOption(label="Red")])
    async def colour(self, interaction: discord.Interaction, select: ui.Select["Panel"]) -> None:
        await interaction.response.send_message(select.values[0], ephemeral=True)


def teach(scene: Scene) -> None:
    tree = scene.bot.tree

    @tree.command()
    async def add(
        interaction: discord.Interaction, file: discord.Attachment, who: discord.Member, n: int = 1
    ) -> None:
        text = (await file.read()).decode()
        await interaction.response.send_message(f"{text} {who.name} {n}", ephemeral=True)

    @tree.command()
    async def pick(interaction: discord.Interaction, story: str) -> None:
        await interaction.response.send_message(story)

    @pick.autocomplete("story")
    async def stories(
        interaction: discord.Interaction, typed: str
    ) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=f"{typed}!", value="7")]

    @tree.command()
    async def ask(interaction: discord.Interaction) -> None:
        await interaction.response.send_modal(Form())

    @tree.command()
    async def panel(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("panel", view=Panel())

    @tree.command()
    async def silent(interaction: discord.Interaction) -> None: ...


async def test_commands_with_uploads_people_numbers_and_suggestions(page: Page) -> None:
    scene = page.scene
    teach(scene)
    await scene.start()
    ben = scene.ben.id
    shown = await page.get("channel", as_=ben, channel=scene.channel)
    assert {"add", "pick"} <= {command["name"] for command in shown["commands"]}
    assert await page.command(ben, "add", {"file": b"tale"}, who=str(ben), n=3) == {"failed": False}
    assert [message["content"] for message in await page.messages(ben)] == ["tale ben 3"]
    assert await page.messages(scene.ada.id) == []
    typed = {"channel": str(scene.channel), "name": "pick", "option": "story", "value": "sea"}
    answer = await page.post("autocomplete", ben, **typed, options={})
    assert answer == {"choices": [{"name": "sea!", "value": "7"}]}


async def test_buttons_menus_and_forms(page: Page) -> None:
    scene = page.scene
    teach(scene)
    await scene.start()
    ben = scene.ben.id
    await page.command(ben, "panel")
    (panel,) = await page.messages(ben)
    chosen = await page.post("choose", ben, message=panel["id"], custom_id="colour", values=["Red"])
    clicked = await page.post("click", ben, message=panel["id"], custom_id="count")
    assert chosen == clicked == {"failed": False}
    assert [message["content"] for message in await page.messages(ben)] == ["counted", "Red"]
    opened = await page.command(ben, "ask")
    assert opened["modal"]["title"] == "Tell"
    filled = {"token": opened["token"], "values": {"name": "Bea"}}
    assert "error" in await page.post("modal", scene.ada.id, **filled)
    assert await page.post("modal", ben, **filled) == {"failed": False}
    assert (await page.messages(scene.ada.id))[-1]["content"] == "told Bea"


async def test_silence_is_told(page: Page) -> None:
    teach(page.scene)
    await page.scene.start()
    page.scene.world.discord.answer_within = 0.05
    assert await page.command(page.scene.ben.id, "silent") == {"failed": True}


# ---- hearing


async def hear(page: Page, viewer: int) -> aiohttp.ClientWebSocketResponse:
    return await page.http.ws_connect("/page/events", params={"as": str(viewer)})


async def test_each_hears_what_they_may_see(page: Page) -> None:
    scene = page.scene
    teach(scene)
    await scene.start()
    ada, ben = scene.ada.id, scene.ben.id
    secret = scene.world.channel(scene.guild, "secret")
    scene.world.overwrite(secret, scene.guild, deny=VIEW)
    adas, bens = await hear(page, ada), await hear(page, ben)
    await page.say(ada, "hidden", secret)
    await page.command(ada, "add", {"file": b"private"}, who=str(ada))
    await page.post("clock", ben, advance=60_000)
    await page.say(ada, "for all")
    heard = {name: await until(socket, "for all") for name, socket in (("a", adas), ("b", bens))}
    assert heard["a"] == ["hidden", "private ada 1", "CLOCK", "for all"]
    assert heard["b"] == ["CLOCK", "for all"]


async def until(socket: aiohttp.ClientWebSocketResponse, last: str) -> list[str]:
    """The messages and turns of the clock that a screen hears, up to `last`."""
    heard: list[str] = []
    while last not in heard:
        event = await socket.receive_json(timeout=5)
        if event["t"] == "CLOCK":
            heard.append("CLOCK")
        elif event["t"] == "MESSAGE_CREATE":
            heard.append(event["d"]["content"])
    await socket.close()
    return heard


async def test_a_stopping_playground_says_goodbye(page: Page) -> None:
    socket = await hear(page, page.scene.ben.id)
    await page.scene.playground.app.shutdown()
    assert (await socket.receive(timeout=5)).data == aiohttp.WSCloseCode.GOING_AWAY


# ---- the clock


async def test_the_clock_is_turned(page: Page) -> None:
    clock, ben = page.scene.playground.clock, page.scene.ben.id
    before = clock.now()
    assert (await page.post("clock", ben, advance=600_000))["now"] >= before + 600_000
    told = (await page.post("clock", ben, tomorrow="09:00"))["now"]
    assert told // 60_000 * 60_000 == (before + 600_000) // DAY * DAY + DAY + 9 * 3_600_000


@pytest.mark.parametrize(
    "change",
    [{"advance": -1}, {"advance": "5"}, {"advance": True}, {"advance": 10**15}, {}]
    + [{"tomorrow": text} for text in ("25:00", "9", "", "aa:bb", "-9:00")],
)
async def test_the_clock_turns_only_forward(page: Page, change: dict[str, object]) -> None:
    clock = page.scene.playground.clock
    before = clock.now()
    assert "error" in await page.post("clock", page.scene.ben.id, **change)
    assert clock.now() - before < 60_000


# ---- who may ask

FOREIGN: list[dict[str, str]] = [
    {"Host": "evil.example"},
    {"Host": "127.0.0.1.evil.example:80"},
    {"Origin": "https://evil.example"},
    {"Origin": "http://127.0.0.1:1"},
    {"Origin": "null"},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
async def test_other_sites_are_refused(page: Page, headers: dict[str, str]) -> None:
    asked = {"as": str(page.scene.ben.id)}
    for method, path in (
        ("GET", "/"),
        ("GET", "/page/state"),
        ("POST", "/page/say"),
        ("GET", "/page/events"),
    ):
        async with page.http.request(method, path, params=asked, headers=headers) as response:
            assert response.status == 403, path
    with pytest.raises(aiohttp.WSServerHandshakeError):
        await page.http.ws_connect("/page/events", params=asked, headers=headers)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
async def test_the_pages_own_origin_is_welcome(page: Page, host: str) -> None:
    """By whatever name and port the reader came: an SSH tunnel's is not the server's."""
    headers = {"Host": f"{host}:9999", "Origin": f"http://{host}:9999"}
    async with page.http.get("/page/state", headers=headers) as response:
        assert response.status == 200
