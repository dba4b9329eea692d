"""The little server that every start of the playground begins with."""

from dataclasses import dataclass
from pathlib import Path

import discord

from bot.client import PERMISSIONS
from playground.page import Character
from playground.server import Playground
from playground.world import World

SAMPLE = Path(__file__).parent / "sample" / "somebody-is-stealing-the-pier.md"


@dataclass(frozen=True, slots=True)
class Town:
    guild_id: int
    story_channel: int
    author: int
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
    story_channel = next(
        int(channel["id"])
        for channel in world.channels(guild, moderator)
        if channel["name"] == "somebody-is-stealing"
    )
    world.overwrite(story_channel, author, allow=discord.Permissions(manage_messages=True))
    return Town(
        guild,
        story_channel,
        author,
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
