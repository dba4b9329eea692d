"""The little server that every start of the playground begins with."""

import asyncio
import random
from dataclasses import dataclass
from pathlib import Path

import discord

from bot.client import PERMISSIONS
from playground.page import Character
from playground.server import Playground
from playground.world import Json, World

SAMPLE = Path(__file__).parent / "sample" / "somebody-is-stealing-the-pier.md"


@dataclass(frozen=True, slots=True)
class Town:
    guild_id: int
    story_channel: int
    writing_room: int
    author: int
    company: tuple[int, int]  # two who sprint by themselves
    people: tuple[Character, ...]


def build(world: World) -> Town:
    author = world.user("Mara Quill")
    reader = world.user("Tobias")
    writer = world.user("Ines")
    moderator = world.user("Odalys")
    guild = world.guild(
        "The Night Ferry",
        owner=moderator,
        bot_permissions=PERMISSIONS,
        channels=["general", "somebody-is-stealing", "writing-room"],
    )
    for person in (author, reader, writer):
        world.join(guild, person)
    channels = {one["name"]: int(one["id"]) for one in world.channels(guild, moderator)}
    story_channel = channels["somebody-is-stealing"]
    world.overwrite(story_channel, author, allow=discord.Permissions(manage_messages=True))
    return Town(
        guild,
        story_channel,
        channels["writing-room"],
        author,
        (writer, moderator),
        (
            Character(reader, "Tobias", "a reader"),
            Character(author, "Mara Quill", "the author of the story"),
            Character(writer, "Ines", "a writer with a story of her own"),
            Character(moderator, "Odalys", "who runs the server"),
        ),
    )


async def begin(playground: Playground, town: Town) -> None:
    """The author adds the sample story and posts its first part, as an author would."""
    author, channel = playground.person(town.author), town.story_channel
    draft = await author.slash(channel, "serial add", file=(SAMPLE.name, SAMPLE.read_bytes()))
    assert draft.message is not None, "the bot did not take the sample story"
    await author.click(draft.message, label="Confirm: I wrote it or have leave")
    await author.click(draft.message, label="Post part 1 now, then daily")
    await playground.wait_for(
        lambda: any(
            message["components"] and not message["flags"] & 64
            for message in playground.world.messages(channel, town.author)
        ),
        what="the sample story's first part",
    )


async def begin_sprint(playground: Playground, town: Town) -> None:
    """One of the company starts a sprint, with time enough for a visitor to join."""
    starter = playground.person(town.company[0])
    await starter.slash(
        town.writing_room, "sprint start", minutes=15, title="Before the ferry leaves", **{"in": 5}
    )


async def keep_company(playground: Playground, town: Town) -> None:
    """For as long as it runs, the company joins each sprint in the writing room and counts at each
    bell."""
    posts: asyncio.Queue[Json] = asyncio.Queue()

    def listen(event: str, payload: Json, viewer: int | None) -> None:
        here = event == "MESSAGE_CREATE" and payload["channel_id"] == str(town.writing_room)
        if here and viewer is None and int(payload["author"]["id"]) == playground.world.bot_id:
            posts.put_nowait(payload)

    playground.world.subscribe(listen)
    while True:
        post = await posts.get()
        buttons = [button["label"] for line in post["components"] for button in line["components"]]
        for user_id in town.company:
            person = playground.person(user_id)
            if "Join" in buttons:
                await person.click(post, label="Join")
            elif post["content"].startswith("**Time!**"):
                count = f"+{random.randint(150, 450)}"
                await person.slash(town.writing_room, "sprint words", count=count)
