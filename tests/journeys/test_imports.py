"""A tracker's file: recognised, asked about, taken back."""

from datetime import date, timedelta

from playground.people import Answer
from tests.journeys.stage import DAY, Json, Stage, labels

FIRST = date(2026, 1, 1)
UNDO = "Undo this import"


def sheet(*amounts: int) -> tuple[str, bytes]:
    rows = [f"{FIRST + timedelta(days=n)},{amount}" for n, amount in enumerate(amounts)]
    return "words.csv", "\n".join(["date,words", *rows]).encode()


def shown(answer: Answer) -> Json:
    assert answer.message is not None, answer.failed
    return answer.message


async def send(stage: Stage, *amounts: int) -> Answer:
    answer = await stage.tobias.slash(stage.stories, "me import", file=sheet(*amounts))
    await stage.playground.wait_for(lambda: answer.content)
    return answer


async def choose(stage: Stage, asked: Answer, label: str) -> Answer:
    answer = await stage.tobias.click(shown(asked), label=label)
    await stage.playground.wait_for(lambda: "Added" in shown(answer)["content"])
    return answer


async def total(stage: Stage) -> str:
    stats = await stage.tobias.slash(stage.stories, "stats")
    return stats.content.split("**")[3] if "in all" in stats.content else ""


async def test_running_totals_are_asked_about(stage: Stage) -> None:
    amounts = [1_667 * (n + 1) for n in range(280)]
    asked = await send(stage, *amounts)
    assert "running totals" in asked.content
    assert labels(asked.message) == ["Running totals", "Daily amounts"]
    assert await total(stage) == ""  # nothing yet
    added = shown(await choose(stage, asked, "Running totals"))
    assert "Added 280 entries: 466,760 words" in added["content"]
    assert added["attachments"] == []
    assert await total(stage) == "466,760 words"
    again = await choose(stage, await send(stage, *amounts, 470_000), "Running totals")
    assert "Added 1 entry: 3,240 words" in again.content
    assert "280 entries of that file I had already." in again.content


async def test_the_question_outlives_a_restart(stage: Stage) -> None:
    asked = await send(stage, 500, 900, 1400, 2000, 2600)
    await stage.stop_bot()
    await stage.start_bot()
    added = await choose(stage, asked, "Daily amounts")
    assert "Added 5 entries: 7,400 words" in added.content


async def test_a_manuscript_from_before_the_file(stage: Stage) -> None:
    added = await choose(stage, await send(stage, 40_000, 40_350, 41_000), "Running totals")
    assert "Added 3 entries: 1,000 words" in added.content
    listed = await stage.tobias.slash(stage.stories, "project list")
    assert "41,000 words (40,000 to start with)" in listed.content
    await stage.tobias.click(shown(added), label=UNDO)
    listed = await stage.tobias.slash(stage.stories, "project list")
    assert "· 0 words" in listed.content


async def test_an_import_is_taken_back(stage: Stage) -> None:
    await stage.tobias.slash(stage.stories, "wrote", amount="30")
    added = await send(stage, 500, 20, 800)
    assert labels(added.message) == [UNDO]
    assert await total(stage) == "1,350 words"
    stage.turn(29 * DAY)
    undone = await stage.tobias.click(shown(added), label=UNDO)
    assert undone.content.startswith("Undone: 3 entries of that file are gone again.")
    assert labels(undone.message) == []
    assert await total(stage) == "30 words"
    again = await send(stage, 500, 20, 800)
    assert "Added 3 entries: 1,320 words" in again.content
    stage.turn(31 * DAY)
    late = await stage.tobias.click(shown(again), label=UNDO)
    assert "30 days" in late.content
    nothing_new = await send(stage, 500, 20, 800)
    assert labels(nothing_new.message) == []
