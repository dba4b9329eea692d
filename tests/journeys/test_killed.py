"""Killed at any instant, the bot loses nothing and says nothing twice."""

import os
import shutil
import signal
import sqlite3
from pathlib import Path

import discord
import pytest

from playground.faults import Phase, Reset
from tests.conftest import NewDatabase
from tests.journeys.mortal import Mortals, found, until
from tests.journeys.stage import HOUR, Stage

ENOUGH = 200  # more writing statements than a post takes


async def scheduled(new_sqlite: NewDatabase) -> tuple[Stage, Path]:
    """A serial whose first part is up and whose second comes in an hour; its bot is stopped."""
    stage = Stage(new_sqlite())
    await stage.playground.__aenter__()
    await stage.start_bot()
    await stage.publish()
    await stage.close()  # with the last connection the whole database is in its one file
    return stage, Path(stage.url.removeprefix("sqlite:///"))


UNCERTAIN = "SELECT count(*) FROM outbox WHERE state = 'uncertain'"
STATE = "SELECT state FROM excerpts WHERE number = 2"


async def test_killed_before_every_statement_of_a_post(
    new_sqlite: NewDatabase, mortals: Mortals
) -> None:
    stage, prepared = await scheduled(new_sqlite)
    (first,) = stage.posts()
    due = stage.clock.now() + HOUR  # 09:00
    deaths = 0
    for dies_at in range(1, ENOUGH):
        database = prepared.with_name(f"{dies_at}.db")
        shutil.copyfile(prepared, database)
        stage.url = f"sqlite:///{database}"
        await mortals.bear(stage.settings(), due, dies_at)
        await mortals.death()
        deaths += 1
        finished = found(database, STATE) == "published"

        pid = await mortals.bear(stage.settings(), due, 0)
        await published(stage, database)
        await mortals.kill(pid)
        posts = stage.posts()
        assert len(posts) == 2, f"killed before statement {dies_at}"
        assert "part 2 ·" in posts[1]["content"]
        stage.world.delete_message(stage.stories, int(posts[1]["id"]))
        if finished:
            break
    assert deaths > 20
    assert stage.posts() == [first]
    await stage.playground.__aexit__(None, None, None)


async def published(stage: Stage, database: Path) -> None:
    await until(stage, database, STATE, "published")


@pytest.mark.parametrize("posted", [True, False], ids=["after the post", "before the post"])
async def test_after_a_minute_the_channel_is_looked_through(
    new_sqlite: NewDatabase, mortals: Mortals, posted: bool
) -> None:
    """Discord remembers a nonce for minutes only; then the post is found by its button."""
    stage, database = await scheduled(new_sqlite)
    phase: Phase = "after" if posted else "before"
    if not posted:
        stage.playground.faults.add("POST", "/channels/*/messages", Reset("before"))
    pid = await mortals.bear(stage.settings(), stage.clock.now() + HOUR, 0)

    def strike(method: str, path: str, now: Phase) -> None:
        if method == "POST" and path.endswith("/messages") and now == phase:
            os.kill(pid, signal.SIGKILL)

    stage.playground.faults.on_request = strike
    await mortals.death()
    stage.playground.faults.on_request = lambda method, path, phase: None
    assert len(stage.posts()) == 1 + posted
    with sqlite3.connect(database) as connection:
        aged = "UPDATE outbox SET attempted_at = attempted_at - 61000 WHERE state = 'sending'"
        assert connection.execute(aged).rowcount == 1

    pid = await mortals.bear(stage.settings(), stage.clock.now() + HOUR, 0)
    await published(stage, database)
    await mortals.kill(pid)
    assert len(stage.posts()) == 2
    await stage.playground.__aexit__(None, None, None)


async def test_what_may_not_be_looked_at_is_not_guessed(
    new_sqlite: NewDatabase, mortals: Mortals
) -> None:
    """Without Read Message History the channel looks empty; the part waits for the permission."""
    stage, database = await scheduled(new_sqlite)
    pid = await mortals.bear(stage.settings(), stage.clock.now() + HOUR, 0)

    def strike(method: str, path: str, now: Phase) -> None:
        if method == "POST" and path.endswith("/messages") and now == "after":
            os.kill(pid, signal.SIGKILL)

    stage.playground.faults.on_request = strike
    await mortals.death()
    stage.playground.faults.on_request = lambda method, path, phase: None
    with sqlite3.connect(database) as connection:
        connection.execute(
            "UPDATE outbox SET attempted_at = attempted_at - 61000 WHERE state = 'sending'"
        )
    for number in range(150):  # the channel goes on without us
        stage.odalys.say(stage.stories, f"Message {number}")
    deny = discord.Permissions(read_message_history=True)
    stage.world.overwrite(stage.stories, stage.world.bot_id, deny=deny)
    pid = await mortals.bear(stage.settings(), stage.clock.now() + HOUR, 0)
    await until(stage, database, "SELECT state FROM outbox WHERE state = 'uncertain'", "uncertain")
    stage.world.clear_overwrite(stage.stories, stage.world.bot_id)
    await published(stage, database)
    await mortals.kill(pid)
    assert len(stage.posts()) == 2
    await stage.playground.__aexit__(None, None, None)
