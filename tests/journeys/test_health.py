"""`/health`: what is stuck and why, and the button that tries it again."""

import re
import sqlite3
from pathlib import Path

import discord
import pytest

from bot.client import PERMISSIONS
from playground.faults import Status
from playground.inputs import Impossible
from tests.journeys.mortal import until
from tests.journeys.stage import Json, Stage, labels, story

FAILED = "SELECT attempts FROM jobs WHERE kind = 'serial.slot' AND owner IS NULL"


def refuse(stage: Stage, status: Status, times: int = 1) -> None:
    """In #stories alone: the bot writes elsewhere as well."""
    stage.playground.faults.add("POST", f"/channels/{stage.stories}/messages", status, times)


async def health(stage: Stage) -> Json:
    answer = await stage.odalys.slash(stage.stories, "health")
    assert answer.message is not None
    return answer.message


async def press(stage: Stage, panel: Json) -> list[str]:
    """What the panel's button says it did, and the panel as it stands then."""
    await stage.odalys.click(panel, label="Try again")
    shown = stage.world.message(stage.stories, int(panel["id"]), stage.odalys.id)
    assert shown is not None
    lines: list[str] = shown["content"].splitlines()
    return lines


async def stuck(stage: Stage) -> list[str]:
    lines = (await health(stage))["content"].splitlines()
    return [line for line in lines if line.startswith("⚠️")]


async def test_all_is_well(stage: Stage) -> None:
    await stage.publish()
    shown = await stage.odalys.slash(stage.stories, "health")
    assert shown.ephemeral
    coming, last, state, verdict = shown.content.splitlines()
    assert coming.startswith("Next: a part of *The Lantern*, <t:")
    assert last.startswith(f"Last: a part of *The Lantern* in <#{stage.stories}>, <t:")
    assert re.fullmatch(r"-# Discord answers in .+, the database in \d+ ms\.", state)
    assert verdict == "✅ Nothing is stuck."
    assert labels(shown.message) == []
    with pytest.raises(Impossible):
        await stage.tobias.slash(stage.stories, "health")


async def test_a_timer_that_keeps_failing_is_mended(stage: Stage) -> None:
    await stage.publish()
    path = Path(stage.url.removeprefix("sqlite:///"))
    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE skips RENAME TO away")
        database.execute("UPDATE jobs SET attempts = 2")  # as if it had failed twice before
    stage.turn_to_nine()
    await until(stage, path, FAILED, "3")
    panels = [await health(stage), await health(stage)]
    (told,) = await stuck(stage)
    assert told.startswith("⚠️ a part of *The Lantern*, due <t:")
    assert "an error of mine has stopped it 3 times (`OperationalError(" in told
    assert "Next try: (<t:" in told

    with sqlite3.connect(path) as database:
        database.execute("ALTER TABLE away RENAME TO skips")
    assert (await press(stage, panels[0]))[0].startswith("Trying again: 1 timer. `/health` says")
    await stage.until_posts(2)
    did, *_, verdict = await press(stage, panels[1])
    assert did == "There was nothing left to try again."
    assert verdict == "✅ Nothing is stuck."
    await stage.settle()
    assert len(stage.posts()) == 2


async def test_a_message_that_discord_refused_is_mended(stage: Stage) -> None:
    refuse(stage, Status(400, 240000))
    await stage.mara.slash(stage.stories, "sprint start")
    await stage.settle()
    panels = [await health(stage), await health(stage)]
    board = f"a sprint's board in <#{stage.stories}>"
    assert await stuck(stage) == [f"⚠️ {board}: Discord refused it as it was."]
    assert (await press(stage, panels[0]))[0].startswith("Trying again: 1 message.")
    await stage.until_posts(1)
    assert (await press(stage, panels[1]))[0] == "There was nothing left to try again."
    await stage.settle()
    assert len(stage.posts()) == 1


async def test_a_part_that_discord_refused_is_mended(stage: Stage) -> None:
    await stage.publish()
    refuse(stage, Status(400, 240000))
    stage.turn_to_nine()
    await stage.settle()
    panel = await health(stage)
    assert "⚠️ *The Lantern*: Discord refused the next part as it is." in panel["content"]
    assert (await press(stage, panel))[0].startswith("Trying again: 1 serial.")
    stage.turn_to_nine()
    assert len(await stage.until_posts(2)) == 2


async def test_a_message_that_waits_for_a_permission_is_mended(stage: Stage) -> None:
    await stage.publish()
    refuse(stage, Status(403, 50013), times=2)
    stage.turn_to_nine()
    await stage.settle()
    (line,) = await stuck(stage)
    assert line.startswith(f"⚠️ a part of *The Lantern* in <#{stage.stories}> waits: I need *View")
    assert "*Send Messages* and *Read Message History* there" in line
    panel = await health(stage)
    assert (await press(stage, panel))[0].startswith("Trying again: 1 message.")
    await stage.settle()
    assert len(await stuck(stage)) == 1  # it is still missing
    await press(stage, await health(stage))
    await stage.until_posts(2)
    assert await stuck(stage) == []
    told = stage.posts_of(stage.mara, stage.world.dm(stage.mara.id))
    assert [message["content"].startswith("I may not post") for message in told].count(True) == 1


async def test_what_a_thread_lacks_is_named(stage: Stage) -> None:
    """It may be written there all the while; and what the thread lacks is asked for once."""
    needed = discord.Permissions(create_public_threads=True)
    draft = await stage.mara.slash(stage.stories, "serial add", file=("lantern.md", story()))
    assert draft.message is not None
    await stage.mara.click(draft.message, label="Confirm: I wrote it or have leave")
    await stage.mara.slash(stage.stories, "serial schedule", threads=True)
    stage.world.overwrite(stage.stories, stage.guild, deny=needed)
    await stage.mara.slash(stage.stories, "serial post-now")
    await stage.until_posts(1)
    assert await stuck(stage) == [
        f"⚠️ the thread of a chapter of *The Lantern* in <#{stage.stories}> waits: I need *Create "
        "Public Threads* there, and go on by myself after that."
    ]
    role = stage.world.role(stage.guild, "Anything")  # of no concern to the thread
    stage.world.discord.edit_role(stage.guild, role, {"name": "Another"})
    await stage.settle()
    tried = [one for one in stage.playground.requests if one.path.endswith("/threads")]
    assert [one.status for one in tried] == [403]
    stage.world.overwrite(stage.stories, stage.world.bot_id, allow=needed)
    await stage.playground.wait_for(
        lambda: any(
            one.get("parent_id") == str(stage.stories)
            for one in stage.world.channels(stage.guild, stage.odalys.id)
        ),
        what="the thread",
    )
    await stage.settle()
    assert await stuck(stage) == []


async def test_only_what_is_missing_is_named(stage: Stage) -> None:
    await stage.publish()
    missing = discord.Permissions(send_messages=True, read_message_history=True)
    stage.world.overwrite(stage.stories, stage.guild, deny=missing)
    stage.turn_to_nine()
    await stage.settle()
    (line,) = await stuck(stage)
    assert "waits: I need *Send Messages* and *Read Message History* there" in line


async def test_a_serial_whose_channel_is_gone_needs_another(stage: Stage) -> None:
    await stage.publish()
    gone, stage.stories = stage.stories, stage.world.channel(stage.guild, "new-stories")
    stage.world.delete_channel(gone)
    stage.turn_to_nine()
    await stage.settle()
    assert await stuck(stage) == [
        "⚠️ *The Lantern*: Its channel is gone. `/serial schedule` in another goes on."
    ]
    assert labels(await health(stage)) == []


async def test_another_server_sees_nothing_of_it_and_mends_nothing(stage: Stage) -> None:
    await stage.publish()
    ines = stage.playground.person(stage.world.user("Ines"))
    guild = stage.world.guild(
        "Elsewhere", owner=ines.id, bot_permissions=PERMISSIONS, channels=["rules"]
    )
    (channel,) = (int(one["id"]) for one in stage.world.channels(guild, ines.id))
    stage.world.join(guild, stage.odalys.id)  # who sees the posts for us
    await stage.until_posts(1, channel)
    for writer, where in ((stage.mara, stage.stories), (ines, channel)):
        stage.playground.faults.add("POST", f"/channels/{where}/messages", Status(403, 50013))
        await writer.slash(where, "sprint start")
    await stage.settle()
    theirs = await ines.slash(channel, "health")
    assert theirs.message is not None
    assert "Lantern" not in theirs.content
    assert str(stage.stories) not in theirs.content
    assert theirs.content.count("⚠️") == 1
    await ines.click(theirs.message, label="Try again")
    await stage.until_posts(2, channel)
    assert len(await stuck(stage)) == 1
    assert len(stage.posts()) == 1


async def test_who_no_longer_manages_the_server_tries_nothing(stage: Stage) -> None:
    manager = stage.world.role(stage.guild, "Manager", discord.Permissions(manage_guild=True))
    ines = stage.playground.person(stage.world.user("Ines"))
    stage.world.join(stage.guild, ines.id, [manager])
    refuse(stage, Status(400, 240000))
    await stage.mara.slash(stage.stories, "sprint start")
    await stage.settle()
    shown = await ines.slash(stage.stories, "health")
    assert shown.message is not None
    stage.world.discord.edit_role(stage.guild, manager, {"permissions": 0})
    refused = await ines.click(shown.message, label="Try again")
    assert "need the permission" in refused.content
    await stage.settle()
    assert stage.posts() == []
