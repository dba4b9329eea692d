"""Writers who come with a manuscript, and with words in the wrong project."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from playground.people import Answer, Person
from tests.journeys.stage import DAY, MINUTE, Json, Stage, labels

THERE, TODAY = "I start there", "I wrote it today"


@pytest.fixture
def stage(in_january: Stage) -> Stage:
    return in_january


async def asked(stage: Stage, command: str, **options: str | bool) -> Json:
    """Tobias gives the first running total of a project. Nobody is told before he answers."""
    before = len(stage.posts())
    answer = await stage.tobias.slash(stage.stories, command, **options)
    assert answer.ephemeral, answer.content
    assert labels(answer.message)[0] == THERE
    await stage.settle()
    assert len(stage.posts()) == before
    assert answer.message is not None
    return answer.message


async def listed(stage: Stage, person: Person | None = None) -> str:
    return (await (person or stage.tobias).slash(stage.stories, "project list")).content


async def last_entry(stage: Stage) -> str:
    content = (await stage.tobias.slash(stage.stories, "words history")).content
    return content.splitlines()[0]


def shown(answer: Answer) -> Json:
    assert answer.message is not None, answer.failed
    return answer.message


def stage_day(stage: Stage) -> datetime:
    now = datetime.fromtimestamp(stage.clock.now() / 1000, UTC)
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


async def test_a_manuscript_that_exists_is_no_days_work(stage: Stage) -> None:
    await stage.tobias.slash(stage.stories, "project create", title="Old novel", target=80_000)
    question = await asked(stage, "wrote", amount="=40000")
    assert labels(question) == [THERE, TODAY]
    assert "*Old novel*" in question["content"]
    assert "40,000 words" in question["content"]
    answer = await stage.tobias.click(question, label=THERE)
    assert answer.content.startswith("*Old novel* starts at 40,000 words.")
    assert labels(answer.message) == []
    assert stage.posts() == []
    assert "40,000 of 80,000 words (40,000 to start with)" in await listed(stage)

    public = await stage.tobias.slash(stage.stories, "wrote", amount="=40350")
    assert public.content == "**Tobias** wrote 350 words."
    (alone,) = await stage.playground.wait_for(lambda: public.followups)
    assert "Today: 350 words · *Old novel*: 40,350 words in all" in alone["content"]
    stats = await stage.tobias.slash(stage.stories, "stats")
    assert "**350 words** in all" in stats.content


async def test_who_wrote_it_today_tells_everyone_then(stage: Stage) -> None:
    question = await asked(stage, "wrote", amount="=400", note="the `pier` burns")
    second = await asked(stage, "wrote", amount="=500")
    answer = await stage.tobias.click(question, label=TODAY)
    assert "Today: 400 words · *My writing*: 400 words in all" in answer.content
    await stage.playground.wait_for(stage.posts)
    assert [post["content"] for post in stage.posts()] == ["**Tobias** wrote 400 words."]
    assert (await last_entry(stage)).endswith("400 words · *My writing* · the 'pier' burns")
    again = await stage.tobias.click(second, label=TODAY)
    assert again.content.startswith("Something is logged for that project by now.")
    late = await stage.tobias.click(second, label=THERE)
    assert "`/project edit`" in late.content
    assert len(stage.posts()) == 1
    assert labels(answer.message) == ["Undo"]


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("wrote", {"amount": "=400", "private": True}),
        ("words add", {"amount": "=400"}),
        ("words total", {"count": "400"}),
    ],
)
async def test_what_is_private_stays_so(
    stage: Stage, command: str, options: dict[str, str | bool]
) -> None:
    question = await asked(stage, command, **options)
    answer = await stage.tobias.click(question, label=TODAY)
    assert "400 words for *My writing*" in answer.content
    await stage.settle()
    assert stage.posts() == []


async def test_another_day_and_another_unit(stage: Stage) -> None:
    question = await asked(stage, "wrote", amount="=200", unit="pages", date="yesterday")
    day = re.search(r"write them on (.+?)\?", question["content"])
    assert day is not None
    await stage.tobias.click(question, label=f"I wrote it on {day[1]}")
    await stage.playground.wait_for(stage.posts)
    assert day[1] == "Monday 11 January"
    assert stage.posts()[-1]["content"] == "**Tobias** wrote 200 pages on 11 January 2027."


@pytest.mark.parametrize("command", ["wrote", "words add"])
async def test_a_day_that_may_be_another_is_offered_after_the_question(
    stage: Stage, command: str
) -> None:
    question = await asked(stage, command, amount="=200", date="3/11")
    assert "write them on Tuesday 3 November 2026?" in question["content"]
    answer = await stage.tobias.click(question, label="I wrote it on Tuesday 3 November 2026")
    assert "on Tuesday 3 November 2026." in answer.content
    moved = await stage.tobias.click(shown(answer), label="I meant 11 March 2026")
    assert "on Wednesday 11 March 2026." in moved.content


async def test_a_question_answered_a_day_later_is_about_its_own_day(stage: Stage) -> None:
    question = await asked(stage, "wrote", amount="=400")
    stage.turn(DAY)
    answer = await stage.tobias.click(question, label=TODAY)
    assert "Noted: 400 words" in answer.content
    assert not (await stage.tobias.slash(stage.stories, "stats")).content.count("400 today")


async def test_a_challenges_form_asks_as_well(stage: Stage) -> None:
    await stage.odalys.slash(stage.stories, "challenge create", amount="50k", days=30)
    (board,) = await stage.until_posts(1)
    joining = await stage.tobias.click(board, label="Join")
    await stage.tobias.click(shown(joining), label="Listed")
    stage.turn_to(stage_day(stage) + timedelta(hours=21))
    evening = (await stage.until_posts(2))[-1]

    async def add(typed: str, day: str = "today") -> Answer:
        form = await stage.tobias.click(evening, label="Add my words")
        return await stage.tobias.submit(form, {"How much": typed, "On which day": day})

    question = await add("=40000", "3/11")
    that_day = "I wrote it on Tuesday 3 November 2026"
    assert labels(question.message) == [THERE, that_day]
    noted = await stage.tobias.click(shown(question), label=that_day)
    assert "for Tuesday 3 November 2026, which is no day of" in noted.content
    assert "I meant 11 March 2026" in labels(noted.message)
    await stage.tobias.slash(stage.stories, "wrote", amount="-40000", date="2026-11-03")
    question = await add("=40000")
    assert labels(question.message) == [THERE, TODAY]
    await stage.tobias.click(shown(question), label=THERE)
    noted = await add("=40350")
    assert noted.content.startswith("Noted: **350 words**")


async def test_another_project_in_a_sprint_keeps_the_count(stage: Stage) -> None:
    for title in ("A", "B"):
        await stage.tobias.slash(stage.stories, "project create", title=title)
    await stage.tobias.slash(stage.stories, "sprint start", **{"in": 0, "minutes": 10})
    await stage.mara.slash(stage.stories, "sprint join")
    first = await stage.tobias.slash(stage.stories, "sprint join")
    assert "You're still in the sprint of" in first.content
    assert "at 0 written." in first.content
    await stage.tobias.slash(stage.stories, "sprint words", count="+100")
    joined = await stage.tobias.slash(stage.stories, "sprint join", project="B")
    assert ", writing on *B*, with 100 written." in joined.content
    assert "100 words · *B* · in a sprint" in await last_entry(stage)
    await stage.tobias.slash(stage.stories, "sprint words", count="+25")
    assert "125 words · *B* · in a sprint" in await last_entry(stage)
    stage.turn(10 * MINUTE)
    await stage.settle()  # counting
    await stage.tobias.slash(stage.stories, "sprint words", count="+25")
    await stage.tobias.slash(stage.stories, "sprint join", project="A")
    assert "150 words · *A* · in a sprint" in await last_entry(stage)
    await stage.tobias.slash(stage.stories, "sprint undo")
    assert "125 words · *A* · in a sprint" in await last_entry(stage)


async def test_where_a_sprint_starts_is_where_the_manuscript_stands(stage: Stage) -> None:
    await stage.mara.slash(stage.stories, "sprint start", **{"in": 0, "minutes": 10})
    await stage.mara.slash(stage.stories, "sprint join", count="120000")  # mistyped
    await stage.mara.slash(stage.stories, "sprint join", count="12000")
    stage.turn(8 * MINUTE)
    counted = await stage.mara.slash(stage.stories, "wrote", amount="=12350")
    assert ": **350 words** there." in counted.content
    for minutes in (2, 4):  # to the bell, and to the results
        stage.turn(minutes * MINUTE)
        await stage.settle()
    later = await stage.mara.slash(stage.stories, "wrote", amount="=12500")
    assert later.content == "**Mara** wrote 150 words."
    listed = await stage.mara.slash(stage.stories, "project list")
    assert "12,500 words (12,000 to start with)" in listed.content


async def test_the_first_project_takes_over_what_was_logged_before(stage: Stage) -> None:
    await stage.tobias.slash(stage.stories, "wrote", amount="350")
    made = await stage.tobias.slash(stage.stories, "project create", title="The Lantern")
    assert "350 words in *My writing*" in made.content
    moved = await stage.tobias.click(shown(made), label="Move them into it")
    assert moved.content.startswith("**The Lantern** (your usual one) · 350 words")
    assert await listed(stage) == "**The Lantern** (your usual one) · 350 words"
    assert (await last_entry(stage)).endswith("350 words · *The Lantern*")
    second = await stage.tobias.slash(stage.stories, "project create", title="Poems")
    assert labels(second.message) == []


async def test_an_archived_project_gets_no_words(stage: Stage) -> None:
    for title in ("A", "B"):
        await stage.tobias.slash(stage.stories, "project create", title=title)
    archived = await stage.tobias.slash(
        stage.stories, "project edit", project="A", status="archived"
    )
    assert archived.content.splitlines() == ["**A** · 0 words · archived", "Your words go to *B*."]
    await stage.tobias.slash(stage.stories, "wrote", amount="350")
    assert (await last_entry(stage)).endswith("350 words · *B*")
    again = await stage.tobias.slash(stage.stories, "project switch", project="A")
    assert again.content == "**A** (your usual one) · 0 words"


async def test_all_projects_are_found_by_the_page(stage: Stage) -> None:
    titles = [f"Story {number:02}" for number in range(23)]
    for title in titles:
        link = "https://example.org/" + "x" * 270
        await stage.tobias.slash(stage.stories, "project create", title=title, link=link)
    answer = await stage.tobias.slash(stage.stories, "project list")
    found = re.findall(r"\*\*(Story \d+)\*\*", answer.content)
    while "Next ›" in enabled(shown(answer)):
        answer = await stage.tobias.click(shown(answer), label="Next ›")
        found += re.findall(r"\*\*(Story \d+)\*\*", answer.content)
    assert sorted(found) == titles
    back = await stage.tobias.click(shown(answer), label="‹ Back")
    assert "Page" in back.content


def enabled(message: Json) -> list[str]:
    buttons = [one for line in message["components"] for one in line["components"]]
    return [one["label"] for one in buttons if not one.get("disabled")]
