"""A part that takes several messages."""

import json
import os
import re
import signal
import sqlite3
from pathlib import Path

import pytest

from playground.faults import Phase, Status
from tests.conftest import NewDatabase
from tests.journeys.mortal import Mortals, until
from tests.journeys.stage import HOUR, Stage, prose

PAGES = 4
SENTENCES = 100


async def ready(stage: Stage) -> None:
    """Scheduled at 09:00: a first part of several pages, as if cut longer, and a short one."""
    file = f"## Chapter 1\n\n{prose('oil', 11 * SENTENCES)}\n\n## Chapter 2\n\nThe end.\n"
    draft = await stage.mara.slash(stage.stories, "serial add", file=("oil.md", file.encode()))
    assert draft.message is not None
    await stage.mara.click(draft.message, label="Confirm: I wrote it or have leave")
    with sqlite3.connect(stage.url.removeprefix("sqlite:///")) as database:
        *cut, last = database.execute("SELECT id, pages FROM excerpts ORDER BY number").fetchall()
        pages = [page for _, starts in cut for page in json.loads(starts)]
        assert len(pages) == PAGES
        database.execute(
            "UPDATE excerpts SET pages = ?, (end_ordinal, end_offset) ="
            " (SELECT end_ordinal, end_offset FROM excerpts WHERE id = ?) WHERE number = 1",
            (json.dumps(pages), cut[-1][0]),
        )
        database.execute("DELETE FROM excerpts WHERE number > 1 AND id < ?", (last[0],))
        database.execute("UPDATE excerpts SET number = 2 WHERE id = ?", (last[0],))
    await stage.mara.slash(stage.stories, "serial schedule")


def assert_whole(stage: Stage) -> None:
    """Every sentence is up once, in order."""
    text = " ".join(post["content"] for post in stage.posts())
    assert re.findall(r"Sentence number (\d+)", text) == [str(n) for n in range(SENTENCES)]


async def test_a_page_that_is_refused_is_all_that_is_posted_again(stage: Stage) -> None:
    await ready(stage)
    there = f"/channels/{stage.stories}/messages"

    def refuse_the_second(method: str, path: str, phase: Phase) -> None:
        if (method, path, phase) == ("POST", there, "after"):
            stage.playground.faults.on_request = lambda method, path, phase: None
            stage.playground.faults.add("POST", there, Status(400, 240000))

    stage.playground.faults.on_request = refuse_the_second
    stage.turn_to_nine()
    await stage.settle()
    (first,) = stage.posts()
    status = await stage.mara.slash(stage.stories, "serial status")
    assert "Discord refused the next part as it is" in status.content
    assert "0 of 2 parts posted" in status.content

    await stage.mara.slash(stage.stories, "serial resume")
    stage.turn_to_nine()
    posts = await stage.until_posts(PAGES)
    assert posts[0] == first
    assert len(posts) == PAGES
    assert_whole(stage)
    stage.turn_to_nine()
    posts = await stage.until_posts(PAGES + 1)
    assert "The end." in posts[-1]["content"]


@pytest.mark.parametrize("phase", ["before", "after"])
@pytest.mark.parametrize("page", range(1, PAGES + 1))
async def test_killed_at_a_page_the_part_goes_on_with_it(
    new_sqlite: NewDatabase, mortals: Mortals, page: int, phase: Phase
) -> None:
    stage = Stage(new_sqlite())
    await stage.playground.__aenter__()
    await stage.start_bot()
    await ready(stage)
    await stage.close()
    database = Path(stage.url.removeprefix("sqlite:///"))
    posts = 0
    pid = await mortals.bear(stage.settings(), stage.clock.now() + HOUR, 0)

    def strike(method: str, path: str, now: Phase) -> None:
        nonlocal posts
        if method == "POST" and path.endswith(f"{stage.stories}/messages") and now == phase:
            posts += 1
            if posts == page:
                os.kill(pid, signal.SIGKILL)

    stage.playground.faults.on_request = strike
    await mortals.death()
    stage.playground.faults.on_request = lambda method, path, phase: None
    pid = await mortals.bear(stage.settings(), stage.clock.now() + HOUR, 0)
    state = "SELECT state FROM excerpts WHERE number = 1"
    await until(stage, database, state, "published")
    await mortals.kill(pid)
    assert len(stage.posts()) == PAGES
    assert_whole(stage)
    await stage.playground.__aexit__(None, None, None)
