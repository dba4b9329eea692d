"""A sprint around midnight, and what is logged in the small hours: for which day it counts."""

from datetime import UTC, datetime, timedelta

from playground.people import Answer, Person
from tests.journeys.stage import HOUR, MINUTE, Stage, labels


def spoken(stage: Stage, days: int) -> str:
    """The date that is so many days from now, in UTC."""
    day = datetime.fromtimestamp(stage.clock.now() / 1000, UTC) + timedelta(days=days)
    return f"{day.day} {day:%B} {day.year}"


async def turn(stage: Stage, minutes: int) -> None:
    stage.turn(minutes * MINUTE)
    await stage.settle()


async def turn_to_evening(stage: Stage, minutes: int) -> None:
    """To so many minutes before the next midnight, UTC."""
    now = datetime.fromtimestamp(stage.clock.now() / 1000, UTC)
    midnight = now.replace(hour=0, minute=0, second=0) + timedelta(days=1)
    stage.turn_to(midnight - timedelta(minutes=minutes))
    await stage.settle()


async def press(person: Person, answer: Answer, label: str) -> Answer:
    assert answer.message is not None
    return await person.click(answer.message, label=label)


def says(answer: Answer, written: str, day: str) -> bool:
    start = f"**{written} words** written in the sprint of <t:"
    return answer.content.startswith(start) and answer.content.endswith(f" It counts for {day}.")


async def history(stage: Stage, person: Person) -> str:
    return (await person.slash(stage.stories, "words history")).content


async def test_a_sprint_over_midnight_offers_the_other_day(stage_on_either: Stage) -> None:
    stage = stage_on_either
    mara, tobias = stage.mara, stage.tobias
    await tobias.slash(stage.stories, "me zone", zone="Europe/Berlin")
    await turn_to_evening(stage, 15)
    yesterday, today = spoken(stage, 0), spoken(stage, 1)
    await mara.slash(stage.stories, "sprint start", minutes=20, **{"in": 0})
    await tobias.slash(stage.stories, "sprint join")
    await turn(stage, 5)
    early = await mara.slash(stage.stories, "sprint words", count="+100")
    assert early.content.endswith(f" It counts for {yesterday}.")
    assert labels(early.message) == [f"Count it for {today}", "Undo"]
    await turn(stage, 15)
    berlins = await tobias.slash(stage.stories, "sprint words", count="+60")
    assert labels(berlins.message) == ["Undo"]  # where it was one o'clock

    late = await mara.slash(stage.stories, "wrote", amount="50")
    assert "**150 words** there" in late.content
    assert f"It counts for {yesterday}." in late.content
    moved = await press(mara, late, f"Count it for {today}")
    assert says(moved, "150", today)
    assert labels(moved.message) == [f"Count it for {yesterday}"]
    await stage.stop_bot()
    await stage.start_bot()
    again = await press(mara, early, f"Count it for {today}")  # where it is already
    assert says(again, "150", today)
    back = await press(mara, moved, f"Count it for {yesterday}")
    assert says(back, "150", yesterday)
    await stage.settle()
    assert "**1. Mara** · 150 words" in stage.posts()[-1]["content"]


async def test_words_counted_in_the_sprint_afterwards_offer_the_other_day(stage: Stage) -> None:
    await turn_to_evening(stage, 5)
    day = spoken(stage, 0)
    await stage.mara.slash(stage.stories, "sprint start", minutes=20, **{"in": 0})
    await turn(stage, 10)
    noted = await stage.mara.slash(stage.stories, "words add", amount="80")
    counted = await press(stage.mara, noted, "Count it in the sprint")
    assert labels(counted.message) == [f"Count it for {day}"]
    other = await press(stage.mara, counted, f"Count it for {day}")
    assert says(other, "80", day)


async def test_a_count_is_put_right_in_the_history(stage_on_either: Stage) -> None:
    """The results follow, and what is declared later follows the entry."""
    stage, mara = stage_on_either, stage_on_either.mara
    await mara.slash(stage.stories, "sprint start", minutes=20, **{"in": 0})
    await turn(stage, 20)
    await mara.slash(stage.stories, "sprint words", count="+2000")
    await stage.settle()
    shown = await mara.slash(stage.stories, "words history")
    assert shown.message is not None
    (menu,) = shown.message["components"][0]["components"]
    chosen = await mara.choose(shown.message, [menu["options"][0]["value"]])
    assert labels(chosen.message) == ["Edit", "Move", "Undo", "‹ Back"]
    form = await press(mara, chosen, "Edit")
    await mara.submit(form, {"Amount": "200"})
    form = await press(mara, chosen, "Move")
    await mara.submit(form, {"Date": "yesterday"})
    await stage.settle()
    assert "**1. Mara** · 200 words" in stage.posts()[-1]["content"]
    more = await mara.slash(stage.stories, "sprint words", count="+30")
    assert "**230 written**" in more.content
    day = datetime.fromtimestamp(stage.clock.now() / 1000, UTC).date() - timedelta(days=1)
    assert (await history(stage, mara)).startswith(f"- {day}: 230 words")
    await press(mara, chosen, "Undo")
    await stage.settle()
    assert "Nobody has counted" in stage.posts()[-1]["content"]


async def test_what_is_added_after_midnight_offers_yesterday(stage: Stage) -> None:
    await stage.odalys.slash(stage.stories, "challenge create", amount="1k", days=5, title="Five")
    await stage.settle()
    (board,) = stage.posts()
    joining = await stage.mara.click(board, label="Join")
    await press(stage.mara, joining, "Listed")
    await turn_to_evening(stage, 180)
    evening = stage.posts()[-1]
    await turn(stage, 180 + 5 * 60 + 59)
    form = await stage.mara.click(evening, label="Add my words")
    added = await stage.mara.submit(form, {"How much": "500", "On which day": "today"})
    assert added.content.startswith("Noted: **500 words** for today.")
    assert labels(added.message) == ["That was yesterday"]
    moved = await press(stage.mara, added, "That was yesterday")
    day = datetime.fromtimestamp(stage.clock.now() / 1000, UTC) - timedelta(days=1)
    assert moved.content.startswith(f"Noted: **500 words** for {day:%A} {day.day} {day:%B}")
    assert "**Five**: **500 of 1,000 words**" in moved.content
    assert labels(moved.message) == []

    form = await stage.mara.click(evening, label="Add my words")
    added = await stage.mara.submit(form, {"How much": "5", "On which day": "yesterday"})
    assert labels(added.message) == []
    stage.turn(HOUR)
    form = await stage.mara.click(evening, label="Add my words")
    added = await stage.mara.submit(form, {"How much": "5", "On which day": "today"})
    assert labels(added.message) == []
