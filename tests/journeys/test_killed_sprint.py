"""Killed at any instant around the bell, a sprint still rings and counts once."""

import shutil
from pathlib import Path

from tests.conftest import NewDatabase
from tests.journeys.mortal import Mortals, found, until
from tests.journeys.stage import MINUTE, Stage

ENOUGH = 120  # more writing statements than a bell or the results take
BELL = "SELECT state FROM outbox WHERE kind = 'sprint.bell'"
RESULTS = """
    SELECT (SELECT count(*) FROM outbox WHERE kind = 'sprint.results' AND state = 'sent')
         + (SELECT count(*) FROM outbox WHERE kind = 'sprint.board' AND dirty = 0)
"""


async def running(new_sqlite: NewDatabase) -> tuple[Stage, Path]:
    """A sprint of 20 minutes with two in it, one of whom has counted; its bot is stopped."""
    stage = Stage(new_sqlite())
    await stage.playground.__aenter__()
    await stage.start_bot()
    await stage.mara.slash(stage.stories, "sprint start", **{"in": 0})
    await stage.tobias.slash(stage.stories, "sprint join")
    await stage.until_posts(1)
    stage.turn(10 * MINUTE)
    await stage.mara.slash(stage.stories, "sprint words", count="+350")
    await stage.settle()
    await stage.close()
    return stage, Path(stage.url.removeprefix("sqlite:///"))


async def test_killed_before_every_statement_of_a_bell_and_of_results(
    new_sqlite: NewDatabase,
    mortals: Mortals,
) -> None:
    stage, prepared = await running(new_sqlite)
    rings = stage.clock.now() + 10 * MINUTE
    counted = rings + 4 * MINUTE
    for dies_at in range(1, ENOUGH):
        database = prepared.with_name(f"{dies_at}.db")
        shutil.copyfile(prepared, database)
        stage.url = f"sqlite:///{database}"
        finished = True
        for now, query, wanted in ((rings, BELL, "sent"), (counted, RESULTS, "2")):
            await mortals.bear(stage.settings(), now, dies_at)
            await mortals.death()
            finished = finished and found(database, query) == wanted
            pid = await mortals.bear(stage.settings(), now, 0)
            await until(stage, database, query, wanted)
            await mortals.kill(pid)
        board, bell, results = stage.posts()
        assert bell["content"].startswith("**Time!**"), f"killed before statement {dies_at}"
        assert "**1. Mara** · 350 words" in results["content"]
        assert results["id"] in board["content"]
        for message in (bell, results):
            stage.world.delete_message(stage.stories, int(message["id"]))
        if finished:
            break
    assert dies_at > 20
    await stage.playground.__aexit__(None, None, None)
