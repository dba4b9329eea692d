"""Whoever erases themself, and a story that is removed, are gone from messages and files alike."""

import asyncio
import json
from pathlib import Path

import discord
import pytest
from sqlalchemy import text

from bot.client import PERMISSIONS
from playground.people import Answer, Person
from playground.world.adapter import serializers
from tests.journeys.stage import DAY, EPHEMERAL, MINUTE, Json, Stage, story
from tests.journeys.test_me import downloaded

TITLE, CHAPTER, TEXT = "Xtitlezebra", "Xchapterzebra", "Xtextzebra"
NOTE, PROJECT, SPRINT = "Xnotezebra", "Xprojectzebra", "Xsprintzebra"
GREETED = text("SELECT count(*) FROM guilds WHERE greeted_at > 0")
PATIENCE = 30  # seconds; for a machine that is busy with other things
QUOTE = "Cut off what is before and after"


async def erase(stage: Stage, person: Person) -> str:
    asked = await person.slash(stage.stories, "me erase")
    assert asked.message is not None
    form = await person.click(asked.message, label="Erase everything")
    await person.submit(form, {"Type ERASE to erase what I hold on you": "ERASE"})
    await stage.settle()
    return asked.content


def public(stage: Stage) -> str:
    """All that the bot has said to everyone, with files, buttons and the names of threads."""
    world = stage.world.discord
    said: list[Json] = [
        dict(serializers.message_payload(world, message))
        for messages in world.messages.values()
        for message in messages.values()
        if message.author_id == world.bot_user.id and not message.flags & EPHEMERAL
    ]
    threads = [one["name"] for one in stage.world.channels(stage.guild, stage.odalys.id)]
    return json.dumps([said, threads], ensure_ascii=False)


def stored(stage: Stage) -> bytes:
    """The database and its side files."""
    path = Path(stage.url.removeprefix("sqlite:///"))
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def of(person: Person) -> list[str]:
    return [person.name, str(person.id)]


def left_in_files(stage: Stage, person: Person, *words: str) -> list[str]:
    data = stored(stage)
    sought = {word: word.encode() for word in [*words, *of(person)]}
    terms = {word.lower(): word.lower().encode() for word in words}
    number = {"id": person.id.to_bytes(8, "big")}
    return [name for name, trace in (sought | terms | number).items() if trace in data]


def left_in_messages(stage: Stage, person: Person, *words: str) -> list[str]:
    said = public(stage)
    return [word for word in [*words, *of(person)] if word in said]


def zebras() -> bytes:
    data = story().replace(b"The Lantern", TITLE.encode())
    data = data.replace(b"Chapter 1: Oil", f"Chapter 1: {CHAPTER}".encode())
    return data.replace(b"Sentence number 3 of", f"{TEXT} number 3 of".encode())


async def publish_with_threads(stage: Stage, *, threads: bool = True) -> Json:
    permissions = discord.Permissions(PERMISSIONS.value)
    permissions.create_public_threads = True
    stage.world.set_bot_permissions(stage.guild, permissions)
    draft = await stage.mara.slash(stage.stories, "serial add", file=("zebra.md", zebras()))
    assert draft.message is not None
    await stage.mara.click(draft.message, label="Confirm: I wrote it or have leave")
    await stage.mara.slash(stage.stories, "serial schedule", threads=threads)
    await stage.mara.slash(stage.stories, "serial post-now")
    return (await stage.until_posts(len(stage.posts()) + 1))[-1]


async def quote_and_ask(stage: Stage, person: Person, post: Json) -> None:
    """What anyone may share of a story: an answer, a quote, a card."""
    await person.slash(stage.stories, "story place", at="caught up")
    opened = await person.context_menu(stage.stories, "Save a quote", post)
    saved = await person.submit(opened, {QUOTE: f"{TEXT} number 3 of the oil has exactly these"})
    await share(stage, person, saved, "Share as card")
    await person.slash(stage.stories, "story quote", share=True)
    asked = await person.slash(stage.stories, "story ask", question="which xtextzebra is number 3?")
    await share(stage, person, asked, "Share")


async def share(stage: Stage, person: Person, answer: Answer, label: str) -> None:
    """Until it is up, which takes a picture a while."""
    before = len(stage.posts())
    assert answer.message is not None
    await person.click(answer.message, label=label)
    await stage.until_posts(before + 1)


async def sprint(stage: Stage, starter: Person, other: Person) -> None:
    """One that is over, and one that its starter would like to cancel."""
    wait = {"in": 0}
    await starter.slash(stage.stories, "sprint start", minutes=5, title=SPRINT, **wait)
    await other.slash(stage.stories, "sprint join")
    stage.turn(5 * MINUTE)
    await stage.settle()
    for person in (starter, other):
        await person.slash(stage.stories, "sprint words", count="+150", final=True)
    await stage.settle()
    await starter.slash(stage.stories, "sprint start", minutes=20, title=SPRINT, **wait)
    await other.slash(stage.stories, "sprint join")
    asked = await starter.slash(stage.stories, "sprint cancel")
    assert str(starter.id) in asked.content
    await stage.settle()


async def log_and_share(stage: Stage, person: Person, other: Person) -> None:
    here = stage.stories
    await person.slash(here, "project create", title=PROJECT)
    await person.slash(here, "me privacy", listed=True)
    await person.slash(here, "wrote", amount="350", note=NOTE)
    await person.slash(here, "stats", share=True)
    await other.slash(here, "stats", member=person.id, share=True)
    await other.slash(here, "leaderboard", share=True)
    await other.slash(here, "wrote", amount="77")


async def challenge(stage: Stage, person: Person, other: Person) -> None:
    """One with a board and an evening that tells of a badge."""
    await stage.odalys.slash(stage.stories, "challenge create", amount="100", title="July")
    for one in (person, other):
        joined = await one.slash(stage.stories, "challenge join")
        assert joined.message is not None
        await one.click(joined.message, label="Listed")
        await one.slash(stage.stories, "words add", amount="120")
    stage.turn(14 * 60 * MINUTE)
    await stage.settle()


async def morning(stage: Stage) -> None:
    stage.turn(DAY)
    await stage.settle()


async def test_a_writer_is_gone_from_messages_and_files(stage: Stage) -> None:
    await stage.settle()
    await log_and_share(stage, stage.tobias, stage.mara)
    await sprint(stage, stage.tobias, stage.mara)
    await challenge(stage, stage.tobias, stage.mara)
    words = NOTE, PROJECT, SPRINT
    assert left_in_files(stage, stage.tobias, *words)
    assert left_in_messages(stage, stage.tobias) == of(stage.tobias)
    pictures = [file for post in stage.posts() for file in post["attachments"]]
    assert any("Tobias" in file["description"] for file in pictures)

    said = await erase(stage, stage.tobias)
    assert said.startswith("Done: I hold nothing on you any more.")
    assert left_in_messages(stage, stage.tobias, *words) == []
    lines = [post["content"] for post in stage.posts()]
    assert "**Mara** wrote 77 words." in lines
    assert any("**1. a writer**" in line and "Mara" in line for line in lines)
    await morning(stage)
    assert left_in_files(stage, stage.tobias, *words) == []
    assert left_in_messages(stage, stage.tobias, *words) == []
    await stage.stop_bot()
    assert left_in_files(stage, stage.tobias, *words) == []


async def test_an_author_is_gone_with_all_that_quotes_them(stage: Stage) -> None:
    post = await publish_with_threads(stage)
    await quote_and_ask(stage, stage.tobias, post)
    words = TITLE, CHAPTER, TEXT
    assert left_in_messages(stage, stage.mara, *words) == [*words, "Mara"]
    await erase(stage, stage.mara)
    assert left_in_messages(stage, stage.mara, *words) == []
    await morning(stage)
    assert left_in_files(stage, stage.mara, *words) == []


async def test_whoever_shared_of_a_story_is_gone_and_the_story_stays(stage: Stage) -> None:
    post = await publish_with_threads(stage)
    await quote_and_ask(stage, stage.tobias, post)
    await erase(stage, stage.tobias)
    assert left_in_messages(stage, stage.tobias) == []
    assert [one["content"] for one in stage.posts()] == [post["content"]]


async def test_a_removed_story_is_gone_with_all_that_quotes_it(stage: Stage) -> None:
    post = await publish_with_threads(stage)
    await quote_and_ask(stage, stage.tobias, post)
    asked = await stage.mara.slash(stage.stories, "serial remove")
    assert asked.message is not None
    form = await stage.mara.click(asked.message, label="Remove…")
    await stage.mara.submit(form, {"Type the story's title, or REMOVE": "REMOVE"})
    await stage.settle()
    said = public(stage)
    assert [word for word in (TITLE, CHAPTER, TEXT) if word in said] == []
    await morning(stage)
    data = stored(stage)
    terms = TITLE, CHAPTER, TEXT, TEXT.lower()
    assert [word for word in terms if word.encode() in data] == []


@pytest.mark.parametrize("locked", [False, True], ids=["archived", "archived and locked"])
async def test_an_archived_thread_loses_its_title_and_stays_archived(
    stage: Stage, locked: bool
) -> None:
    await publish_with_threads(stage)
    (thread,) = threads(stage)
    stage.world.discord.edit_channel(
        int(thread["id"]), {}, thread_metadata={"archived": True, "locked": locked}
    )
    await erase(stage, stage.mara)
    if locked:
        assert [one["name"] for one in threads(stage)] == [f"Chapter 1: {CHAPTER}"]
        permissions = discord.Permissions(PERMISSIONS.value)
        permissions.manage_threads = True
        stage.world.set_bot_permissions(stage.guild, permissions)
        await stage.playground.wait_for(lambda: CHAPTER not in str(threads(stage)))
        await stage.settle()
    (thread,) = threads(stage)
    assert thread["name"] == "A story that was removed"
    assert thread["thread_metadata"]["archived"]


def threads(stage: Stage) -> list[Json]:
    channels = stage.world.channels(stage.guild, stage.odalys.id)
    return [one for one in channels if one["type"] == 11]


async def test_a_servers_owner_who_never_used_it_is_known_and_forgotten(stage: Stage) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await stage.count(GREETED):
            await stage.settle()
    number = stage.odalys.id.to_bytes(8, "big")
    assert number in stored(stage)
    files = await downloaded(await stage.odalys.slash(stage.stories, "me export"))
    assert json.loads(files["everything.json"])["guilds"] == [{"id": str(stage.guild)}]
    assert (await erase(stage, stage.odalys)).startswith("Done")
    await morning(stage)
    assert number not in stored(stage)
    again = await stage.odalys.slash(stage.stories, "me erase")
    assert again.message is not None
    form = await stage.odalys.click(again.message, label="Erase everything")
    refused = await stage.odalys.submit(form, {"Type ERASE to erase what I hold on you": "ERASE"})
    assert refused.content == "I hold nothing on you."


async def test_the_answer_says_by_when_and_what_stays(stage_on_either: Stage) -> None:
    stage = stage_on_either
    await stage.tobias.slash(stage.stories, "wrote", amount="350")
    said = await erase(stage, stage.tobias)
    assert "<t:" in said
    for stays in ("direct messages", "private answers", "`*.before-…`", "backups"):
        assert stays in said
    assert ("traces are out of my database's files" in said) == stage.url.startswith("sqlite")
    assert left_in_messages(stage, stage.tobias) == []
