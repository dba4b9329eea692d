"""What members set, take along and take away."""

import csv
import io
import json

import aiohttp
import pytest

from playground.people import Answer
from tests.journeys.stage import MINUTE, Stage, story

CSV = """\
date,words,project,note
2024-11-01,1667,The Pier,"=HYPERLINK(""x"")"
2024-11-02,-200,The Pier,
2024-11-02,soon,The Pier,
2024-11-03,1500,,café
"""


async def downloaded(answer: Answer) -> dict[str, str]:
    """The files that came with an answer."""
    assert answer.message is not None
    files = {}
    async with aiohttp.ClientSession() as session:
        for attachment in answer.message["attachments"]:
            async with session.get(attachment["url"]) as response:
                files[attachment["filename"]] = (await response.read()).decode("utf-8-sig")
    return files


async def test_pace_and_privacy_are_remembered(stage: Stage) -> None:
    unsaid = await stage.tobias.slash(stage.stories, "me pace")
    assert unsaid.ephemeral
    assert "150 words a minute" in unsaid.content
    await stage.tobias.slash(stage.stories, "me pace", words=90)
    await stage.tobias.slash(stage.stories, "me privacy", private=True)
    await stage.stop_bot()
    await stage.start_bot()
    assert "90 words a minute" in (await stage.tobias.slash(stage.stories, "me pace")).content
    privacy = await stage.tobias.slash(stage.stories, "me privacy")
    assert "answers you alone" in privacy.content
    others = await stage.mara.slash(stage.stories, "me privacy")
    assert "everyone sees" in others.content


async def test_who_likes_privacy_is_answered_alone(stage: Stage) -> None:
    assert not (await stage.tobias.slash(stage.stories, "wrote", amount="350")).ephemeral
    shown = await stage.tobias.slash(stage.stories, "me privacy", private=True, listed=True)
    told = "`/wrote` answers you alone. You are on this server's leaderboard."
    assert shown.content.startswith(told)
    assert (await stage.tobias.slash(stage.stories, "wrote", amount="350")).ephemeral
    assert not (await stage.mara.slash(stage.stories, "wrote", amount="350")).ephemeral
    shown = await stage.tobias.slash(stage.stories, "me privacy", listed=False)
    assert shown.content.startswith(told.replace("are on", "are not on"))


async def test_the_streak_is_hidden_and_warned_of_as_one_likes(stage: Stage) -> None:
    unsaid = await stage.tobias.slash(stage.stories, "me streak")
    assert unsaid.content == "Your streak is shown. You are not warned before it breaks."
    said = await stage.tobias.slash(stage.stories, "me streak", hidden=True, warning="9:30 pm")
    assert said.content == (
        "Your streak is hidden. At 21:30 I tell you, in a direct message, if it would break at "
        "midnight."
    )
    odd = await stage.tobias.slash(stage.stories, "me streak", hidden=False, warning="late")
    assert "“late”" in odd.content
    off = await stage.tobias.slash(stage.stories, "me streak", warning="off")
    assert off.content == "Your streak is hidden. You are not warned before it breaks."


async def test_what_is_imported_and_exported_is_the_same_in_another_account(stage: Stage) -> None:
    file = ("words.csv", CSV.encode())
    imported = await stage.mara.slash(stage.stories, "me import", file=file)
    assert imported.ephemeral
    assert imported.content.splitlines() == [
        "Added 3 entries: 2,967 words, from 2024-11-01 to 2024-11-03. `/words history` changes "
        "them.",
        "Line 4 is left out: “soon” is not an amount. Write it like 350, +350, -40 or =12350 (a "
        "running total).",
    ]
    again = await stage.mara.slash(stage.stories, "me import", file=file)
    assert "3 entries of that file I had already." in again.content

    files = await downloaded(await stage.mara.slash(stage.stories, "me export"))
    rows = list(csv.DictReader(io.StringIO(files["entries.csv"])))
    assert [(row["date"], row["amount"], row["project"], row["note"]) for row in rows] == [
        ("2024-11-01", "1667", "The Pier", '\'=HYPERLINK("x")'),
        ("2024-11-02", "-200", "The Pier", ""),
        ("2024-11-03", "1500", "My writing", "café"),
    ]
    assert [row["name"] for row in json.loads(files["everything.json"])["names"]] == ["Mara"]

    entries = ("entries.csv", files["entries.csv"].encode())
    moved = await stage.tobias.slash(stage.stories, "me import", file=entries)
    assert "Added 3 entries: 2,967 words" in moved.content
    theirs = await downloaded(await stage.tobias.slash(stage.stories, "me export"))
    told = [(row["date"], row["amount"], row["project"], row["note"]) for row in rows]
    assert told == [
        (row["date"], row["amount"], row["project"], row["note"])
        for row in csv.DictReader(io.StringIO(theirs["entries.csv"]))
    ]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("notes.txt", b"Nothing of the kind.", "a first line of headings"),
        ("huge.csv", b"date,words\n" + b"2024-11-03,1\n" * 200_000, "larger than 2 MB"),
        ("sheet.xlsx", b"PK\3\4 nothing", "the sheet saved as CSV"),
    ],
)
async def test_a_file_that_cannot_be_read(stage: Stage, name: str, data: bytes, said: str) -> None:
    answer = await stage.tobias.slash(stage.stories, "me import", file=(name, data))
    assert said in " ".join([answer.content, *(one["content"] for one in answer.followups)])


async def test_an_author_takes_their_story_along(stage: Stage) -> None:
    await stage.publish()
    files = await downloaded(await stage.mara.slash(stage.stories, "me export"))
    (told,) = json.loads(files["everything.json"])["stories"]
    assert told["text"].encode() == story()


async def test_erasing_is_asked_twice_and_then_one_is_a_stranger(stage: Stage) -> None:
    await stage.tobias.slash(stage.stories, "me zone", zone="Asia/Tokyo")
    await stage.mara.slash(stage.stories, "sprint start", **{"in": 0, "minutes": 20})
    await stage.tobias.slash(stage.stories, "sprint join")
    await stage.tobias.slash(stage.stories, "sprint words", count="+350")

    asked = await stage.tobias.slash(stage.stories, "me erase")
    assert asked.ephemeral
    assert "can't be undone" in asked.content
    assert asked.message is not None
    form = await stage.tobias.click(asked.message, label="Erase everything")
    word = "Type ERASE to erase what I hold on you"
    kept = await stage.tobias.submit(form, {word: "no"})
    assert "Nothing is erased" in kept.content
    assert "yours" not in (await stage.tobias.slash(stage.stories, "me zone")).content
    assert "Asia/Tokyo" in (await stage.tobias.slash(stage.stories, "me zone")).content

    form = await stage.tobias.click(asked.message, label="Erase everything")
    await stage.tobias.submit(form, {word: "erase"})
    assert asked.content.startswith("Done: I hold nothing on you any more.")
    assert asked.message["components"] == []

    assert "**UTC**" in (await stage.tobias.slash(stage.stories, "me zone")).content
    stranger = await stage.tobias.slash(stage.stories, "me export")
    assert "I hold nothing on you." in str([stranger.content, *stranger.followups])
    stage.turn(20 * MINUTE)
    await stage.settle()
    await stage.mara.slash(stage.stories, "sprint words", count="+200")
    await stage.settle()
    results = stage.posts()[-1]["content"]
    assert "350" in results
    assert "a writer" in results
    assert "Tobias" not in results


async def test_an_erased_author_is_posted_no_more(stage: Stage) -> None:
    await stage.publish()
    asked = await stage.mara.slash(stage.stories, "me erase")
    assert asked.message is not None
    form = await stage.mara.click(asked.message, label="Erase everything")
    await stage.mara.submit(form, {"Type ERASE to erase what I hold on you": "ERASE"})
    stage.turn_to_nine()
    await stage.playground.wait_for(lambda: not stage.posts())
    await stage.settle()
    assert stage.posts() == []
    status = await stage.mara.slash(stage.stories, "serial status")
    assert "You have no story here" in status.content
    about = await stage.tobias.slash(stage.stories, "story about")
    assert "There is no story here yet" in about.content


async def test_me_in_direct_messages(stage: Stage) -> None:
    channel = stage.world.dm(stage.tobias.id)
    answer = await stage.tobias.slash(channel, "me zone", zone="Asia/Tokyo")
    assert "Asia/Tokyo" in answer.content
    alone = await stage.tobias.slash(channel, "me privacy")
    assert alone.content == (
        "What `/wrote` says, everyone sees. Among a story's readers you are counted."
    )
    nowhere = await stage.tobias.slash(channel, "me privacy", listed=True)
    assert "A leaderboard is a server's" in nowhere.content
