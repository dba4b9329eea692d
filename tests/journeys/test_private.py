"""What someone logs privately changes nothing of what anybody else is shown, a challenge's totals
apart; and it counts in a sprint only if they say so."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import discord
import pytest

from tests.conftest import NewDatabase
from tests.journeys.conftest import running
from tests.journeys.stage import DAY, MINUTE, Json, Stage, labels

COUNT = "Count it in the sprint"
TOTALS = re.compile(r"together|Together|words today|quiet day|is over: ")  # of a challenge
FILE = b"date,words\n2026-11-01,70\n"

Log = Callable[[Stage], Awaitable[None]]


async def turn(stage: Stage, minutes: int) -> None:
    stage.turn(minutes * MINUTE)
    await stage.settle()


def posted(stage: Stage, label: str) -> Json:
    """The last post with this button."""
    return [post for post in stage.posts() if label in labels(post)][-1]


async def log_nothing(stage: Stage) -> None:
    pass


async def log_every_private_way(stage: Stage) -> None:
    tobias, here = stage.tobias, stage.stories
    answers = [
        await tobias.slash(here, "words add", amount="7"),
        await tobias.slash(here, "words add", amount="7", unit="pages"),
        await tobias.slash(here, "words add", amount="700", date="yesterday", note="secret"),
        await tobias.slash(here, "wrote", amount="7", private=True),
        await tobias.slash(here, "wrote", amount="7"),  # it is remembered
        await tobias.slash(here, "words total", count="1000"),
        await tobias.slash(here, "words add", amount="-3"),
        await tobias.slash(stage.world.dm(tobias.id), "wrote", amount="70"),
        await tobias.slash(here, "me import", file=("old.csv", FILE)),
    ]
    await tobias.slash(here, "me privacy", private=False)
    if any("Add my words" in labels(post) for post in stage.posts()):
        form = await tobias.click(posted(stage, "Add my words"), label="Add my words")
        answers.append(await tobias.submit(form, {"How much": "70"}))
    for answer in answers:
        assert answer.ephemeral or answer.channel_id == stage.world.dm(tobias.id)
        assert answer.followups == []


async def seen(stage: Stage) -> list[str]:
    """All that others are shown: in the channel, and when they ask."""
    await stage.settle()
    mara, odalys, here = stage.mara, stage.odalys, stage.stories
    answers = [
        await mara.slash(here, "stats", member=stage.tobias.id),
        await mara.slash(here, "stats", server=True),
        *[
            await mara.slash(here, "leaderboard", period=period, unit=unit)
            for period in ("day", "week", "month", "all")
            for unit in ("words", "pages")
        ],
        await mara.slash(here, "challenge board"),
        await mara.slash(here, "sprint status"),
        await mara.slash(here, "sprint best"),
        await odalys.slash(here, "setup entries", member=stage.tobias.id),
    ]
    asked = [answer.message for answer in answers if answer.message is not None]
    assert len(asked) == len(answers)
    return [_said(message) for message in [*stage.posts(), *asked]]


def _said(message: Json) -> str:
    lines = [line for line in message["content"].split("\n") if not TOTALS.search(line)]
    pictures = [one["description"] for one in message["attachments"]]
    lines += [one for one in pictures if not one.startswith("Three days: ")]
    lines += [str(sorted(one["username"] for one in message["mentions"])), *labels(message)]
    return re.sub(r"\d{17,}", "ID", "\n".join(lines))


async def two_days(stage: Stage, log: Log) -> list[str]:
    """Sprints, a leaderboard and a challenge that Tobias is in, who logs meanwhile."""
    here, quill, mara, tobias = stage.stories, stage.newcomer("Quill"), stage.mara, stage.tobias
    await stage.odalys.slash(here, "challenge create", amount="1k", days=2, title="Three days")
    await stage.until_posts(1)
    for person, how in ((mara, "Listed"), (tobias, "Counted only")):
        asked = await person.click(posted(stage, "Join"), label="Join")
        assert asked.message is not None
        await person.click(asked.message, label=how)
        await person.slash(here, "me privacy", listed=True)
        await person.slash(here, "wrote", amount="40")
    found = await seen(stage)
    await log(stage)
    found += await seen(stage)
    await mara.slash(here, "sprint start", **{"in": 0, "minutes": 10, "rounds": 2, "pause": 5})
    await tobias.slash(here, "sprint join")
    await quill.slash(here, "sprint join", count="quiet")
    for minutes in (5, 5, 3, 2, 8, 2, 3):
        await log(stage)
        if minutes == 8:
            await tobias.slash(here, "sprint words", count="+20")
        await mara.slash(here, "wrote", amount="10")
        found += await seen(stage)
        await turn(stage, minutes)
    await log(stage)
    found += await seen(stage)
    evening = datetime.fromtimestamp(stage.clock.now() / 1000, UTC).replace(hour=21, minute=0)
    for day in range(2):
        stage.turn_to(evening + timedelta(days=day))
        await stage.settle()
        await log(stage)
        found += await seen(stage)
    stage.turn(DAY)
    return found + await seen(stage)


async def test_what_is_logged_privately_changes_nothing_for_others(
    new_sqlite: NewDatabase,
) -> None:
    async with running(new_sqlite()) as stage:
        without = await two_days(stage, log_nothing)
    async with running(new_sqlite()) as stage:
        with_it = await two_days(stage, log_every_private_way)
    assert with_it == without
    assert "secret" not in "\n".join(with_it)


async def in_a_sprint(stage: Stage) -> None:
    """Mara and Tobias have written for five minutes of ten."""
    await stage.mara.slash(stage.stories, "sprint start", **{"in": 0, "minutes": 10})
    await stage.tobias.slash(stage.stories, "sprint join")
    await turn(stage, 5)


async def test_two_taps_at_once_count_once(stage_on_either: Stage) -> None:
    stage = stage_on_either
    await in_a_sprint(stage)
    kept = await stage.tobias.slash(stage.stories, "words add", amount="100")
    message = kept.message
    assert message is not None
    await asyncio.gather(*(stage.tobias.click(message, label=COUNT) for _ in range(3)))
    status = await stage.tobias.slash(stage.stories, "sprint status")
    assert "100 written" in status.content


async def test_what_is_private_counts_in_the_sprint_once_its_writer_says_so(stage: Stage) -> None:
    await in_a_sprint(stage)
    kept = await stage.tobias.slash(stage.stories, "words add", amount="222", note="my note")
    assert labels(kept.message) == [COUNT, "Undo"]
    assert kept.message is not None
    asked = await stage.mara.slash(stage.stories, "words total", count="111")
    assert asked.message is not None
    total = await stage.mara.click(asked.message, label="I wrote it today")
    assert labels(total.message) == [COUNT, "Undo"]
    await stage.stop_bot()
    await stage.start_bot()  # the button outlives a restart
    await turn(stage, 5)
    await turn(stage, 3)
    results = posted(stage, "Enter words")["content"]
    assert "Not counted yet: Mara, Tobias\nNobody has counted." in results

    counted = await stage.tobias.click(kept.message, label=COUNT)  # late counts are welcome
    assert "**222 words** there" in counted.content
    assert labels(counted.message) == []
    await stage.settle()
    assert "**1. Tobias** · 222 words" in posted(stage, "Enter words")["content"]
    mine = await stage.tobias.slash(stage.stories, "words history")
    assert "222 words · *My writing* · in a sprint · my note" in mine.content
    assert mine.content.count("222 words") == 1  # it is counted, not logged once more

    stage.turn(2 * DAY)
    late = await stage.mara.click(total.message or {}, label=COUNT)
    assert "That sprint takes no more counts" in late.content
    assert "111 words" in (await stage.mara.slash(stage.stories, "words history")).content


async def test_undoing_a_count_leaves_the_words_logged_privately(stage: Stage) -> None:
    tobias, here = stage.tobias, stage.stories
    await in_a_sprint(stage)
    before = await seen(stage)
    kept = await tobias.slash(here, "words add", amount="222", note="my note")
    await tobias.click(kept.message or {}, label=COUNT)
    undone = await tobias.slash(here, "sprint undo")
    assert "The 222 words that you logged privately stay logged." in undone.content
    mine = await tobias.slash(here, "words history")
    assert "222 words · *My writing* · my note" in mine.content
    assert mine.content.count("words") == 1
    assert await seen(stage) == before


async def test_it_is_not_offered_where_it_could_not_count(stage: Stage) -> None:
    outside = await stage.tobias.slash(stage.stories, "words add", amount="5")
    assert labels(outside.message) == ["Undo"]
    await in_a_sprint(stage)
    for options in (
        {"amount": "222", "date": "yesterday"},
        {"amount": "3", "unit": "pages"},
        {"amount": "100k"},  # nobody writes that in five minutes
    ):
        kept = await stage.tobias.slash(stage.stories, "words add", **options)
        assert labels(kept.message) == ["Undo"]


async def test_what_is_too_much_by_now_stays_logged_beside_the_sprint(stage: Stage) -> None:
    await in_a_sprint(stage)
    kept = await stage.tobias.slash(stage.stories, "words add", amount="700")
    assert kept.message is not None
    await stage.tobias.slash(stage.stories, "sprint words", count="+800")
    refused = await stage.tobias.click(kept.message, label=COUNT)
    assert "it stays logged beside it" in refused.content
    history = (await stage.tobias.slash(stage.stories, "words history")).content
    assert "700 words" in history
    assert "800 words" in history


async def test_who_is_quietly_in_a_sprint_stays_so_whatever_they_log(stage: Stage) -> None:
    await stage.mara.slash(stage.stories, "sprint start", **{"in": 0, "minutes": 10})
    await stage.tobias.slash(stage.stories, "sprint join", count="quiet")
    await turn(stage, 5)
    kept = await stage.tobias.slash(stage.stories, "words add", amount="222")
    assert labels(kept.message) == ["Undo"]
    public = await stage.tobias.slash(stage.stories, "wrote", amount="30")
    assert public.content == "**Tobias** wrote 30 words."
    await stage.mara.slash(stage.stories, "sprint words", count="+10")
    await turn(stage, 5)
    await turn(stage, 3)
    results = posted(stage, "Enter words")["content"]
    assert results.splitlines()[1:] == [
        "**1. Mara** · 10 words · 1 wpm",
        "Quietly here: Tobias",
        "Together: **10 words**",
    ]


@pytest.mark.parametrize("in_thread", [False, True])
async def test_what_may_not_be_said_in_a_channel_is_private(stage: Stage, in_thread: bool) -> None:
    tobias, here = stage.tobias, stage.stories
    await tobias.slash(here, "me privacy", listed=True)
    await tobias.slash(here, "wrote", amount="40")  # there is something to see of him
    before = await seen(stage)
    mute = "send_messages_in_threads" if in_thread else "send_messages"
    stage.world.overwrite(here, tobias.id, deny=discord.Permissions(**{mute: True}))
    if in_thread:
        here = stage.world.thread(here, "aside", stage.mara.id)
    answer = await tobias.slash(here, "wrote", amount="7")
    assert answer.ephemeral
    assert "You may not write in this channel, so I keep this private" in answer.content
    stage.world.clear_overwrite(stage.stories, tobias.id)
    assert await seen(stage) == before
    mine = await tobias.slash(stage.stories, "words history")
    assert "7 words · *My writing*" in mine.content
    again = await tobias.slash(stage.stories, "wrote", amount="5")  # it is not remembered
    assert again.content == "**Tobias** wrote 5 words."


async def test_moderators_leave_out_what_is_private_without_seeing_it(stage: Stage) -> None:
    await stage.odalys.slash(stage.stories, "challenge create", amount="1k", days=2, title="Two")
    await stage.until_posts(1)
    asked = await stage.tobias.click(posted(stage, "Join"), label="Join")
    assert asked.message is not None
    assert "what you log privately too" in asked.content
    await stage.tobias.click(asked.message, label="Counted only")

    async def together() -> str:
        stage.turn(MINUTE)
        await stage.settle()
        found = re.search(r"\*\*([\d,]+) of 1,000 words\*\* together", stage.posts()[0]["content"])
        assert found is not None
        return found[1]

    shown = await stage.odalys.slash(stage.stories, "setup entries", member=stage.tobias.id)
    before = shown.content
    await stage.tobias.slash(stage.stories, "words add", amount="9999")
    await stage.tobias.slash(stage.stories, "wrote", amount="20")
    assert await together() == "10,019"
    shown = await stage.odalys.slash(stage.stories, "setup entries", member=stage.tobias.id)
    assert "20 words" in shown.content
    assert "9,999" not in shown.content
    assert shown.message is not None
    for value, said, left in (
        ("0:1", "is left out of challenges", "20"),
        ("0:0", "counts in challenges", "10,019"),
    ):
        await stage.odalys.choose(shown.message, [value])
        assert said in shown.content
        assert await together() == left
    assert "no entries in this server that others may see" in before
