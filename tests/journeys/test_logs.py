"""What the log holds, where everything is logged that can be."""

import logging
import re
from collections.abc import Iterator

import pytest

from tests.journeys.stage import Stage

NOTE = "a note about herons"
QUESTION = "who has seen the herons?"
THEIRS = (NOTE, QUESTION, "these ten words", "herons")


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        yield caplog


async def test_nothing_that_people_write_is_logged(
    log: pytest.LogCaptureFixture, stage_on_either: Stage
) -> None:
    stage = stage_on_either
    await stage.publish()
    here = stage.stories
    await stage.tobias.slash(here, "words add", amount="5", note=NOTE)
    await stage.tobias.slash(here, "wrote", amount="7", note=NOTE)
    await stage.tobias.slash(here, "words history")
    await stage.tobias.slash(here, "story place", at="caught up")
    await stage.tobias.slash(here, "story read")
    await stage.tobias.slash(here, "story ask", question=QUESTION)
    await stage.tobias.slash(here, "story search", text="herons")
    await stage.mara.slash(here, "serial preview")
    await stage.settle()
    for text in THEIRS:
        assert text not in log.text
    assert not re.search(r"simcord_interaction|interactions/\d+/", log.text)


async def test_what_an_error_is_about_is_not_logged(
    log: pytest.LogCaptureFixture, stage_on_either: Stage
) -> None:
    """A bug of ours, as the database would meet it."""
    stage = stage_on_either
    async with stage.without_table("entries"):
        answer = await stage.tobias.slash(stage.stories, "words add", amount="5", note=NOTE)
    assert "something went wrong" in answer.content
    assert "entries" in log.text
    assert "herons" not in log.text
