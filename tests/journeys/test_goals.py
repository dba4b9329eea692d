"""Goals, streaks and what it all comes to, in a November."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from playground.people import Person
from tests.conftest import NewDatabase
from tests.journeys.stage import DAY, EPHEMERAL, HOUR, Json, Stage, labels


@pytest.fixture
async def stage(new_sqlite: NewDatabase) -> AsyncIterator[Stage]:
    """It is Monday, 2 November 2026, 08:00 by UTC, which is everyone's time."""
    stage = Stage(new_sqlite(), datetime(2026, 11, 2, 8, tzinfo=UTC))
    async with stage.playground:
        await stage.start_bot()
        yield stage
        await stage.close()
        assert stage.playground.problems == []


async def wrote(
    stage: Stage, amount: str, person: Person | None = None, **options: str | bool
) -> None:
    who = person or stage.mara
    answer = await who.slash(stage.stories, "words add", amount=amount, **options)
    assert "Noted" in answer.content, answer.content


async def wrote_publicly(stage: Stage, amount: str, person: Person) -> None:
    answer = await person.slash(stage.stories, "wrote", amount=amount)
    assert not answer.ephemeral


async def goals(stage: Stage, person: Person | None = None) -> list[str]:
    answer = await (person or stage.mara).slash(stage.stories, "goal list")
    assert answer.ephemeral
    return answer.content.splitlines()


async def stats(stage: Stage, **options: str | bool | int) -> str:
    answer = await stage.mara.slash(stage.stories, "stats", **options)
    assert answer.ephemeral
    return answer.content


async def test_a_target_through_several_days(stage: Stage) -> None:
    empty = await stage.mara.slash(stage.stories, "goal list")
    assert "You have no goals" in empty.content
    await stage.mara.slash(stage.stories, "project create", title="The Lantern")
    made = await stage.mara.slash(
        stage.stories, "goal set", amount="1k", by="10 days", project="the lantern"
    )
    assert made.ephemeral
    assert made.content.splitlines()[0] == "Set, by Wednesday 11 November."
    name = "**1,000 words by 11 November 2026** · *The Lantern*"
    assert await goals(stage) == [
        name,
        "0 of 1,000 words, day 1 of 10, 100 behind par · needed today 100, 100 to go",
    ]

    await wrote(stage, "60")
    assert await goals(stage) == [
        name,
        "60 of 1,000 words, day 1 of 10, 40 behind par · needed today 100, 40 to go · at this "
        "pace done on 18 November 2026",
    ]
    await wrote(stage, "490")
    assert (await goals(stage))[1] == (
        "550 of 1,000 words, day 1 of 10, 450 ahead of par · needed today 100: done · at this pace "
        "done on 3 November 2026"
    )
    stage.turn(DAY)
    assert (await goals(stage))[1].startswith(
        "550 of 1,000 words, day 2 of 10, 350 ahead of par · needed today 50, 50 to go"
    )
    stage.turn(8 * DAY)  # nothing for a week, and the last day has come
    assert (await goals(stage))[1].startswith(
        "550 of 1,000 words, day 10 of 10, 450 behind par · needed today 450, 450 to go"
    )
    await wrote(stage, "450", project="The Lantern")
    assert await goals(stage) == [name, "1,000 of 1,000 words, day 10 of 10: done"]

    await stage.mara.slash(stage.stories, "project create", title="Poems")
    await wrote(stage, "-300")
    stage.turn(DAY)
    assert await goals(stage) == [name, "700 of 1,000, and its time is over"]

    (choice,) = await stage.mara.autocomplete(stage.stories, "goal remove", "goal", "lantern")
    assert choice.name == "1,000 words by 11 November 2026: The Lantern"
    assert await stage.tobias.autocomplete(stage.stories, "goal remove", "goal", "") == []
    stranger = await stage.tobias.slash(stage.stories, "goal remove", goal=str(choice.value))
    assert "You have no such goal" in stranger.content
    gone = await stage.mara.slash(stage.stories, "goal remove", goal=str(choice.value))
    assert gone.content == "Dropped: 1,000 words by 11 November 2026."
    assert "You have no goals" in (await goals(stage))[0]


async def test_habits_on_weekdays(stage: Stage) -> None:
    await stage.mara.slash(stage.stories, "goal set", amount="500", weekdays="mon wed")
    await stage.mara.slash(
        stage.stories, "goal set", amount="2000", every="week", weekdays="weekdays"
    )
    daily, weekly = "**500 words a day on Mon, Wed**", "**2,000 words a week on Mon, Tue, Wed, Thu,"
    await wrote(stage, "350")
    told = await goals(stage)
    assert told[:2] == [daily, "350 of 500 today"]
    assert told[2].startswith(weekly)
    assert told[3] == "350 of 2,000 this week · needed today 400, 50 to go"
    stage.turn(DAY)  # Tuesday
    told = await goals(stage)
    assert told[1] == "nothing needed today"
    assert told[3] == "350 of 2,000 this week · needed today 413, 413 to go"
    stage.turn(5 * DAY)  # Sunday
    assert (await goals(stage))[3] == "350 of 2,000 this week · nothing needed today"
    stage.turn(DAY)  # Monday again
    told = await goals(stage)
    assert told[1] == "0 of 500 today"
    assert told[3] == "0 of 2,000 this week · needed today 400, 400 to go"
    await wrote(stage, "500")
    assert (await goals(stage))[1] == "500 of 500 today: done"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"amount": "lots"}, "“lots” is not an amount"),
        ({"amount": "-40"}, "“-40” has a sign. Write a plain number, like 50000"),
        ({"amount": "0"}, "A goal is between 1 and 10,000,000."),
        ({"amount": "5", "by": "2026-11-30", "every": "day"}, "`by` or `every`, not both"),
        ({"amount": "5", "by": "2026-11-01"}, "before it starts on 2 November"),
        ({"amount": "5", "weekdays": "someday"}, "“someday” names no weekdays"),
        ({"amount": "5", "project": "Nothing"}, "You have no project of that name"),
    ],
)
async def test_what_makes_no_goal(stage: Stage, options: dict[str, str], said: str) -> None:
    answer = await stage.mara.slash(stage.stories, "goal set", **options)
    assert answer.ephemeral
    assert said in answer.content
    assert "You have no goals" in (await goals(stage))[0]


async def test_midnight_is_ones_own_wherever_that_is(stage: Stage) -> None:
    await stage.mara.slash(stage.stories, "me zone", zone="Pacific/Honolulu")
    await stage.tobias.slash(stage.stories, "me zone", zone="Pacific/Kiritimati")
    stage.turn(HOUR)  # 09:00 UTC: 23:00 on the 1st in Honolulu, and on the 2nd in Kiritimati
    for person in (stage.mara, stage.tobias):
        await person.slash(stage.stories, "goal set", amount="500")
        await wrote(stage, "200", person)
        assert (await goals(stage, person))[1] == "200 of 500 today"
    stage.turn(HOUR - 1000)
    for person in (stage.mara, stage.tobias):
        assert (await goals(stage, person))[1] == "200 of 500 today"
    stage.turn(1000)
    for person in (stage.mara, stage.tobias):
        assert (await goals(stage, person))[1] == "0 of 500 today"
        await wrote(stage, "7", person)
        assert "Streak: 2 days" in (await person.slash(stage.stories, "stats")).content
        history = (await person.slash(stage.stories, "words history")).content
        days = (
            ("2026-11-02", "2026-11-01") if person is stage.mara else ("2026-11-03", "2026-11-02")
        )
        assert [line.split(":")[0] for line in history.splitlines()[:2]] == [
            f"- {day}" for day in days
        ]


async def test_a_streak_is_frozen_breaks_and_is_healed(stage: Stage) -> None:
    def streak(told: str) -> str:
        return told.splitlines()[-1]

    await wrote(stage, "100")
    stage.turn(DAY)
    await wrote(stage, "0")
    whole = "Streak: 2 days, the longest 2 days; 2 freezes left this month"
    assert streak(await stats(stage)) == whole
    stage.turn(DAY)
    assert streak(await stats(stage)) == whole  # the day is not over
    stage.turn(2 * DAY)
    frozen = "Streak: 2 days, the longest 2 days; 0 freezes left this month"
    assert streak(await stats(stage)) == frozen
    stage.turn(DAY)
    await wrote(stage, "100")
    broken = "Streak: 1 day, the longest 2 days; 0 freezes left this month"
    assert streak(await stats(stage)) == broken
    await wrote(stage, "50", date="yesterday")
    healed = "Streak: 4 days, the longest 4 days; 0 freezes left this month"
    assert streak(await stats(stage)) == healed
    await stage.mara.slash(stage.stories, "me streak", hidden=True)
    assert "Streak" not in await stats(stage)


async def test_the_warning_comes_once_and_only_if_nothing_is_logged(stage: Stage) -> None:
    async def until(day: int, hour: int) -> list[str]:
        """What Mara has been told by then."""
        stage.turn_to(datetime(2026, 11, day, hour, tzinfo=UTC))
        await stage.settle()
        return [message["content"] for message in stage.posts_of(stage.mara, direct)]

    direct = stage.world.dm(stage.mara.id)
    await wrote(stage, "100")
    await stage.mara.slash(stage.stories, "me streak", warning="21:00")
    assert await until(2, 22) == []
    assert await until(3, 20) == []
    (told,) = await until(3, 21)
    assert told.startswith("Your streak stands at **1 day**, and nothing is logged for today yet.")
    assert "this month has 2 left" in told
    assert await until(3, 23) == [told]
    assert len(await until(4, 23)) == 2  # a freeze has kept the streak

    assert len(await until(5, 8)) == 2
    await wrote(stage, "10")
    assert len(await until(6, 8)) == 2
    await stage.stop_bot()
    stage.turn(DAY)
    await stage.start_bot()  # the evening has passed without it
    assert len(await until(7, 20)) == 2
    assert len(await until(7, 22)) == 2  # over: two days were frozen, and this is the third missed
    await wrote(stage, "10", date="yesterday")
    assert len(await until(8, 22)) == 2
    await wrote(stage, "10")
    assert len(await until(9, 22)) == 3
    await stage.mara.slash(stage.stories, "me streak", warning="off")
    await wrote(stage, "10")
    assert len(await until(10, 22)) == 3


async def test_the_leaderboard_is_of_those_who_want_to_be_on_it(stage: Stage) -> None:
    async def board(**options: str | bool) -> Json:
        answer = await stage.mara.slash(stage.stories, "leaderboard", **options)
        assert answer.message is not None
        return answer.message

    await wrote_publicly(stage, "300", stage.mara)
    await wrote_publicly(stage, "500", stage.tobias)
    await wrote_publicly(stage, "900", stage.odalys)
    mine = await board()
    assert mine["flags"] & EPHEMERAL
    assert "Nobody is on it yet." in mine["content"]
    assert labels(mine) == ["List me"]
    pressed = await stage.mara.click(mine, label="List me")
    assert pressed.message is not None
    assert pressed.message["content"].splitlines() == [
        "**Words this week**",
        "**1. Mara** · 300",
        "-# Only those who want to be on it are.",
        "You're 1st with 300 words.",
    ]
    assert labels(pressed.message) == ["Take me off"]

    answer = await stage.mara.slash(stage.stories, "leaderboard", share=True, period="day")
    shared = answer.message
    assert shared is not None
    assert not shared["flags"] & EPHEMERAL
    assert "You're" not in shared["content"]
    (own,) = await stage.playground.wait_for(lambda: answer.followups)
    assert own["content"] == "You're 1st with 300 words."
    assert own["flags"] & EPHEMERAL
    assert labels(shared) == ["List me", "Take me off"]
    await stage.stop_bot()
    await stage.start_bot()
    pressed = await stage.tobias.click(shared, label="List me")
    assert pressed.message is not None
    assert pressed.message["id"] == shared["id"]
    assert pressed.message["content"].splitlines()[:3] == [
        "**Words today**",
        "**1. Tobias** · 500",
        "**2. Mara** · 300",
    ]
    (told,) = await stage.playground.wait_for(lambda: pressed.followups)
    assert "You are on this server's leaderboard" in told["content"]
    assert told["content"].endswith("\nYou're 1st with 500 words.")
    assert told["flags"] & EPHEMERAL

    await stage.mara.click(pressed.message, label="Take me off")
    for period in ("day", "week", "month", "all"):
        _, *lines, _, own_place = (await board(period=period))["content"].splitlines()
        assert (lines, own_place) == (["**1. Tobias** · 500"], "You aren't listed.")
    assert "Nobody" in (await board(unit="pages"))["content"]


async def test_others_see_what_was_entered_in_this_server(stage: Stage) -> None:
    elsewhere = stage.world.guild("Elsewhere", owner=stage.odalys.id, channels=["talk"])
    stage.world.join(elsewhere, stage.tobias.id)
    talk = int(stage.world.channels(elsewhere, stage.tobias.id)[0]["id"])
    await stage.playground.wait_for(lambda: stage.posts(talk))
    hidden = "They keep what they write to themselves."
    await wrote_publicly(stage, "300", stage.tobias)
    assert (await stats(stage, member=stage.tobias.id)).startswith(hidden)
    await stage.tobias.slash(stage.stories, "me privacy", listed=True)
    await stage.tobias.slash(stage.stories, "words add", amount="7")
    await stage.tobias.slash(talk, "words add", amount="4000")
    await stage.tobias.slash(stage.world.dm(stage.tobias.id), "words add", amount="50000")
    await wrote_publicly(stage, "20", stage.mara)

    told = await stats(stage, member=stage.tobias.id)
    assert told.splitlines() == [
        "**Tobias** in this server",
        "**300 words** in all · 300 this year · 300 this month · 300 this week · 300 today",
        "Best day: 300 words on 2 November 2026",
        "All of it on one day, 2 November 2026",
        "Time of day: morning 100%",
    ]
    assert "**320 words** in all" in await stats(stage, server=True)
    everything = await stage.tobias.slash(stage.stories, "stats")
    assert everything.ephemeral
    assert "**54,307 words** in all" in everything.content
    assert "Streak: 1 day" in everything.content
    alone = await stage.tobias.slash(stage.world.dm(stage.tobias.id), "stats")
    assert "**54,307 words** in all" in alone.content
    shared = await stage.tobias.slash(stage.stories, "stats", project="My writing", share=True)
    assert not shared.ephemeral
    assert shared.content.startswith("*My writing*")

    await stage.tobias.slash(stage.stories, "wrote", amount="8", private=True)
    assert await stats(stage, member=stage.tobias.id) == told
    await stage.tobias.slash(stage.stories, "me privacy", listed=False)
    assert (await stats(stage, member=stage.tobias.id)).startswith(hidden)
    both = await stats(stage, member=stage.tobias.id, server=True)
    assert "Choose one of" in both
    nowhere = await stage.tobias.slash(stage.world.dm(stage.tobias.id), "stats", server=True)
    assert "only works in a server" in nowhere.content
