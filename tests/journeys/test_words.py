"""A writer's words: logged in a line, seen by nobody who should not, put right afterwards."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from playground.people import Answer, Person
from tests.conftest import NewDatabase
from tests.journeys.stage import DAY, EPHEMERAL, HOUR, MINUTE, Json, Stage, labels


async def wrote(stage: Stage, amount: str, **options: str | bool) -> tuple[Json, Json]:
    """Mara logs something. Returns what all see and what she alone does."""
    answer = await stage.mara.slash(stage.stories, "wrote", amount=amount, **options)
    assert not answer.ephemeral, answer.content
    assert answer.message is not None
    return answer.message, await follow_up(stage, answer)


async def follow_up(stage: Stage, answer: Answer) -> Json:
    """What is said privately after a public line."""
    (alone,) = await stage.playground.wait_for(lambda: answer.followups)
    assert alone["flags"] & EPHEMERAL
    return alone


async def history(stage: Stage, person: Person | None = None) -> Json:
    answer = await (person or stage.mara).slash(stage.stories, "words history")
    assert answer.ephemeral
    assert answer.message is not None
    return answer.message


async def lines(stage: Stage, person: Person | None = None) -> list[str]:
    """What is logged, newest first, without dates."""
    content = (await history(stage, person))["content"]
    return re.findall(r"^- \S+: (.+)$", content, re.MULTILINE)


async def choose(stage: Stage, shown: Json) -> Answer:
    """Mara chooses the newest entry of the page."""
    (menu,) = shown["components"][0]["components"]
    return await stage.mara.choose(shown, [menu["options"][0]["value"]])


def midnight(stage: Stage) -> datetime:
    today = datetime.fromtimestamp(stage.clock.now() / 1000, UTC)
    return (today + timedelta(days=1)).replace(hour=0, minute=0)


async def test_a_days_writing(stage: Stage) -> None:
    await stage.mara.slash(stage.stories, "project create", title="The Lantern", target=50_000)
    public, alone = await wrote(stage, "350", note="the pier burns")
    assert public["content"] == "**Mara** wrote 350 words."
    assert "Today: 350 words · *The Lantern*: 350 words in all" in alone["content"]
    assert labels(public) == ["Undo"]
    public, alone = await wrote(stage, "+1,150")
    assert public["content"] == "**Mara** wrote 1,150 words."
    assert "Today: 1,500 words" in alone["content"]

    undone = await stage.mara.click(public, label="Undo")
    assert undone.content == "**Mara** took that back."
    assert undone.message is not None
    assert undone.message["id"] == public["id"]
    assert labels(undone.message) == []
    _, alone = await wrote(stage, "20", unit="minutes")
    assert "Today: 20 minutes" in alone["content"]
    assert await lines(stage) == [
        "20 minutes · *The Lantern*",
        "350 words · *The Lantern* · the pier burns",
    ]


@pytest.mark.parametrize(
    ("amount", "options", "said"),
    [
        ("1", {}, "wrote 1 word."),
        ("0", {}, "checked in: 0 words."),
        ("-40", {}, "took back 40 words."),
        ("25", {"unit": "minutes"}, "wrote for 25 minutes."),
        ("2", {"unit": "scenes", "project": "The Secret"}, "wrote 2 scenes."),
        ("=900", {"note": "the secret"}, "wrote 400 words."),
        ("60", {"date": "2026-01-31"}, "wrote 60 words on 31 January 2026."),
    ],
)
async def test_others_are_told_the_amount_and_nothing_else(
    stage: Stage, amount: str, options: dict[str, str], said: str
) -> None:
    await stage.mara.slash(stage.stories, "words add", amount="500")
    await stage.mara.slash(stage.stories, "project create", title="The Secret")
    public, _ = await wrote(stage, amount, **options)
    assert public["content"] == f"**Mara** {said}"
    (seen,) = stage.posts()
    assert "secret" not in str(seen).lower()


async def test_what_remains_today_is_for_the_writer_alone(stage: Stage) -> None:
    await stage.mara.slash(stage.stories, "project create", title="The Lantern")
    await stage.mara.slash(stage.stories, "goal set", amount="500")
    await stage.mara.slash(
        stage.stories, "goal set", amount="3000", by="3 days", project="The Lantern"
    )
    public, alone = await wrote(stage, "350")
    assert "to go" not in public["content"]
    habit, target = alone["content"].splitlines()[1:]
    assert habit == "- 500 words a day: 150 words to go today"
    assert target.endswith("for *The Lantern*: 650 words to go today")
    quiet = await stage.mara.slash(stage.stories, "words add", amount="200")
    assert "- 500 words a day: done for today" in quiet.content
    assert "450 words to go today" in quiet.content


async def test_only_its_writer_takes_it_back(stage: Stage) -> None:
    public, _ = await wrote(stage, "350")
    for other in (stage.tobias, stage.odalys):
        answer = await other.click(public, label="Undo")
        assert answer.ephemeral
        assert answer.content == "Only the one who wrote it can take it back."
    (post,) = stage.posts()
    assert post["content"] == "**Mara** wrote 350 words."
    assert await lines(stage) == ["350 words · *My writing*"]
    assert await lines(stage, stage.tobias) == []


async def test_undo_works_after_a_restart_and_a_day(stage: Stage) -> None:
    public, _ = await wrote(stage, "350")
    await stage.stop_bot()
    stage.turn(DAY)
    await stage.start_bot()
    undone = await stage.mara.click(public, label="Undo")
    assert undone.content == "**Mara** took that back."
    assert await lines(stage) == []


async def test_one_who_likes_it_private_stays_so(stage: Stage) -> None:
    for said in ({"private": True}, {}):
        answer = await stage.mara.slash(stage.stories, "wrote", amount="100", **said)
        assert answer.ephemeral
        assert "100 words for *My writing*" in answer.content
        assert "Today:" in answer.content
        assert labels(answer.message) == ["Undo"]
        assert answer.followups == []
    assert answer.message is not None
    undone = await stage.mara.click(answer.message, label="Undo")
    assert undone.content == "Taken back."
    assert stage.posts() == []
    public, alone = await wrote(stage, "50", private=False)
    assert public["content"] == "**Mara** wrote 50 words."
    assert "Today: 150 words" in alone["content"]
    await wrote(stage, "5")
    quiet = await stage.mara.slash(stage.stories, "words add", amount="5")
    assert quiet.ephemeral
    assert len(stage.posts()) == 2


async def test_just_after_midnight_yesterday_is_offered(stage: Stage) -> None:
    await wrote(stage, "100")
    stage.turn_to(midnight(stage) + timedelta(minutes=40))
    public, alone = await wrote(stage, "350")
    assert public["content"] == "**Mara** wrote 350 words."
    assert "Today: 350 words" in alone["content"]
    assert labels(alone) == ["That was yesterday"]
    moved = await stage.mara.click(alone, label="That was yesterday")
    assert "350 words for *My writing*" in moved.content
    _, alone = await wrote(stage, "7", date="yesterday")
    assert ": 457 words ·" in alone["content"]
    assert labels(alone) == []

    # The line in the channel is still its *Undo*.
    await stage.mara.click(public, label="Undo")
    assert await lines(stage) == ["7 words · *My writing*", "100 words · *My writing*"]

    quiet = await stage.mara.slash(stage.stories, "words add", amount="20")
    assert quiet.message is not None
    assert labels(quiet.message) == ["Undo", "That was yesterday"]
    await stage.mara.click(quiet.message, label="That was yesterday")
    assert labels(quiet.message) == ["Undo"]
    await stage.mara.click(quiet.message, label="Undo")
    assert len(await lines(stage)) == 2
    stage.turn(5 * HOUR)
    _, alone = await wrote(stage, "1")
    assert labels(alone) == ["That was yesterday"]
    stage.turn(HOUR)
    _, alone = await wrote(stage, "1")
    assert labels(alone) == []


async def test_midnight_is_the_writers_own(new_sqlite: NewDatabase) -> None:
    """At 00:40 in Honolulu it is 00:40 in Kiritimati too, a day later."""
    stage = Stage(new_sqlite(), datetime(2026, 11, 1, 10, 40, tzinfo=UTC))
    async with stage.playground:
        await stage.start_bot()
        await stage.odalys.slash(stage.stories, "setup zone", zone="America/New_York")
        for person, zone, yesterday in (
            (stage.mara, "Pacific/Honolulu", "Saturday 31 October"),
            (stage.tobias, "Pacific/Kiritimati", "Sunday 1 November"),
        ):
            await person.slash(stage.stories, "me zone", zone=zone)
            answer = await person.slash(stage.stories, "wrote", amount="350")
            alone = await follow_up(stage, answer)
            moved = await person.click(alone, label="That was yesterday")
            assert f"on {yesterday}" in moved.content
        # New York's clocks have gone back that night; there it is 05:40, and an hour later 06:40.
        stage.turn(HOUR)
        answer = await stage.odalys.slash(stage.stories, "wrote", amount="350")
        assert labels(await follow_up(stage, answer)) == []
        await stage.close()


async def test_history_is_put_right(stage: Stage) -> None:
    await wrote(stage, "3500", note="chapter one")
    await stage.mara.slash(stage.stories, "project create", title="Poems")
    shown = await history(stage)
    chosen = await choose(stage, shown)
    message = chosen.message
    assert message is not None
    assert labels(message) == ["Edit", "Move", "Undo", "‹ Back"]

    form = await stage.mara.click(message, label="Edit")
    assert form.modal is not None
    wrong = await stage.mara.submit(form, {"Amount": "lots"})
    assert "“lots” is not an amount" in wrong.content
    form = await stage.mara.click(message, label="Edit")
    edited = await stage.mara.submit(form, {"Amount": "350"})
    assert "**350 words**" in edited.content
    assert "chapter one" in edited.content
    assert edited.message is not None
    assert edited.message["id"] == message["id"]

    await stage.stop_bot()
    await stage.start_bot()
    form = await stage.mara.click(message, label="Move")
    wrong = await stage.mara.submit(form, {"Date": "tomorrow"})
    assert "choose a day up to today" in wrong.content
    form = await stage.mara.click(message, label="Move")
    moved = await stage.mara.submit(form, {"Date": "2026-01-31", "Project": "poems"})
    assert "on Saturday 31 January 2026 for *Poems*" in moved.content
    assert await lines(stage) == ["350 words · *Poems* · chapter one"]

    another = await history(stage)
    assert moved.message is not None
    undone = await stage.mara.click(moved.message, label="Undo")
    assert "Nothing is logged yet" in undone.content
    assert await lines(stage) == []
    stale = await choose(stage, another)
    assert "That entry was taken back" in stale.content


async def test_history_by_the_page_after_a_restart(stage: Stage) -> None:
    for number in range(1, 22):
        await stage.mara.slash(stage.stories, "words add", amount=str(number))
    first = await history(stage)
    assert "21 words" in first["content"]
    await stage.stop_bot()
    await stage.start_bot()
    second = await stage.mara.click(first, label="Next ›")
    assert second.message is not None
    third = await stage.mara.click(second.message, label="Next ›")
    assert "- " in third.content
    assert third.content.count("\n- ") == 0  # one is left
    assert third.message is not None
    chosen = await choose(stage, third.message)
    assert "**1 word**" in chosen.content
    assert chosen.message is not None
    undone = await stage.mara.click(chosen.message, label="Undo")
    assert undone.content.startswith("- ")
    assert "· 2 words" not in undone.content
    assert ": 2 words ·" in undone.content  # the page before, as that one is empty now


async def test_what_was_counted_in_a_sprint_can_be_changed_like_all_else(stage: Stage) -> None:
    await stage.mara.slash(stage.stories, "sprint start", **{"in": 0})
    stage.turn(10 * MINUTE)
    await stage.settle()
    await stage.mara.slash(stage.stories, "sprint words", count="+250")
    shown = await history(stage)
    assert "250 words · *My writing* · in a sprint" in shown["content"]
    chosen = await choose(stage, shown)
    assert labels(chosen.message) == ["Edit", "Move", "Undo", "‹ Back"]
    assert chosen.message is not None
    back = await stage.mara.click(chosen.message, label="‹ Back")
    assert back.content == shown["content"]


async def test_in_direct_messages_too(stage: Stage) -> None:
    await wrote(stage, "100")
    direct = stage.world.dm(stage.mara.id)
    answer = await stage.mara.slash(direct, "wrote", amount="250")
    assert answer.ephemeral
    assert "Today: 350 words" in answer.content
    await stage.mara.slash(direct, "project create", title="Poems")
    listed = await stage.mara.slash(direct, "project list")
    assert "**My writing** (your usual one) · 350 words" in listed.content
    question = await stage.mara.slash(direct, "words total", count="40", project="Poems")
    assert question.message is not None
    total = await stage.mara.click(question.message, label="I wrote it today")
    assert "*Poems*: 40 words in all" in total.content
    assert answer.message is not None
    await stage.mara.click(answer.message, label="Undo")
    shown = await stage.mara.slash(direct, "words history")
    assert shown.content.count("words · *") == 2
    assert len(stage.posts()) == 1


async def test_a_running_total(stage: Stage) -> None:
    await wrote(stage, "300")
    public, alone = await wrote(stage, "=12,350")
    assert public["content"] == "**Mara** wrote 12,050 words."
    assert "*My writing*: 12,350 words in all" in alone["content"]
    for typed, difference in (("12400", "50 words"), ("=12,390", "-10 words")):
        answer = await stage.mara.slash(stage.stories, "words total", count=typed)
        assert answer.ephemeral
        assert answer.content.startswith(f"Noted: {difference} for")
    wrong = await stage.mara.slash(stage.stories, "words total", count="+5")
    assert "is not a running total. Write the whole count" in wrong.content
    assert len(await lines(stage)) == 4


async def test_what_is_wrong_changes_nothing(stage: Stage) -> None:
    for options, sentence in (
        ({"amount": "a lot"}, "“a lot” is not an amount"),
        ({"amount": "x" * 6000}, "xxx"),
        ({"amount": "9" * 6000}, "a digit too many"),
        ({"amount": "350", "date": "x" * 6000}, "xxx"),
        ({"amount": "350", "project": "x" * 6000}, "You have no project of that name"),
        ({"amount": "99999999"}, "a digit too many"),
        ({"amount": "350", "date": "tomorrow"}, "choose a day up to today"),
        ({"amount": "350", "date": "sometime"}, "“sometime” is not a date"),
        ({"amount": "350", "date": "2099-01-01"}, "a day up to today"),
        ({"amount": "350", "project": "Dreams"}, "You have no project of that name"),
        ({"amount": "350", "note": "x" * 201}, "200 characters at most"),
    ):
        answer = await stage.mara.slash(stage.stories, "wrote", private=True, **options)
        assert answer.ephemeral
        assert sentence in answer.content
    assert stage.posts() == []
    assert await lines(stage) == []
    await wrote(stage, "1")  # nor was the wish to be private kept


async def test_what_is_delivered_twice_counts_once(stage: Stage) -> None:
    twice = stage.playground.faults.duplicate_next_interaction
    twice()
    public, alone = await wrote(stage, "350")
    assert "Today: 350 words" in alone["content"]
    twice()
    await stage.mara.slash(stage.stories, "words total", count="1000")
    twice()
    await stage.mara.slash(stage.stories, "project create", title="Poems")
    assert await lines(stage) == ["650 words · *My writing*", "350 words · *My writing*"]
    assert len(stage.posts()) == 1
    twice()
    await stage.mara.click(public, label="Undo")
    listed = await stage.mara.slash(stage.stories, "project list")
    assert listed.content.count("Poems") == 1
    assert "650 words" in listed.content


async def test_projects(stage: Stage) -> None:
    empty = await stage.mara.slash(stage.stories, "project list")
    assert "*My writing*" in empty.content
    await stage.mara.slash(
        stage.stories, "project create", title="The *Lantern*", genre="Gothic", target=50_000,
        link="https://example.org/lantern",
    )  # fmt: skip
    await stage.mara.slash(stage.stories, "project create", title="Poems")
    again = await stage.mara.slash(stage.stories, "project create", title="POÉMS")
    assert "already" in again.content
    await wrote(stage, "350")
    (choice,) = await stage.mara.autocomplete(stage.stories, "wrote", "project", "poe", amount="1")
    assert choice.name == "Poems"
    assert await stage.tobias.autocomplete(stage.stories, "wrote", "project", "", amount="1") == []
    await wrote(stage, "20", project=str(choice.value))
    listed = await stage.mara.slash(stage.stories, "project list")
    assert listed.content == (
        "**The \\*Lantern\\*** (your usual one) · Gothic · 350 of 50,000 words · "
        "<https://example.org/lantern>\n"
        "**Poems** · 20 words"
    )

    refused = await stage.mara.slash(stage.stories, "project delete", project="the *lantern*")
    assert "`/project switch`" in refused.content
    await stage.mara.slash(stage.stories, "project switch", project="Poems")
    await stage.mara.slash(
        stage.stories, "project edit", project="the *lantern*", status="finished", title="Lamp",
        link="none", target=0,
    )  # fmt: skip
    listed = await stage.mara.slash(stage.stories, "project list")
    assert listed.content == (
        "**Poems** (your usual one) · 20 words\n**Lamp** · Gothic · 350 words · finished"
    )

    asked = await stage.mara.slash(stage.stories, "project delete", project="Lamp")
    assert "Its 350 words" in asked.content
    assert asked.message is not None
    await stage.mara.click(asked.message, label="Delete it")
    assert "*Poems* now, which stands at 370 words" in asked.content
    assert set(await lines(stage)) == {"350 words · *Poems*", "20 words · *Poems*"}
    his = await stage.tobias.slash(stage.stories, "project switch", project=str(choice.value))
    assert "You have no project of that name" in his.content
