"""The author looks at what is coming, and cuts it as they like."""

from datetime import timedelta
from typing import Any

import pytest

from playground.people import Answer, Impossible
from tests.conftest import MORNING
from tests.journeys.stage import Json, Stage, labels, prose, story, text

CHANGES = ["Cut here…", "Join with next", "Undo"]


def message(answer: Answer) -> Json:
    assert answer.message is not None, answer.failed
    return answer.message


def buttons(answer: Answer) -> dict[str, Any]:
    """The buttons under a message, each label with whether it can be pressed."""
    return {
        button["label"]: not button.get("disabled", False)
        for line in message(answer)["components"]
        for button in line["components"]
    }


def options(answer: Answer) -> list[Json]:
    (menu,) = message(answer)["components"][0]["components"]
    return list(menu["options"])


async def parts(stage: Stage) -> list[str]:
    """The parts to come from the next on, each as its preview shows it."""
    page = await stage.mara.slash(stage.stories, "serial preview")
    found = [page.content]
    while buttons(page)["Next ›"]:
        await stage.mara.click(message(page), label="Next ›")
        found.append(page.content)
    return found


def words(posts: list[Json]) -> list[str]:
    return [word for post in posts for word in text(post).split()]


def day(after: int) -> str:
    """ "24 December 2026", so many days after the stage's first."""
    date = MORNING + timedelta(days=after)
    return f"{date.day} {date:%B %Y}"


async def test_a_part_is_cut_where_its_author_says_and_posted_so(stage: Stage) -> None:
    await stage.publish()
    page = await stage.mara.slash(stage.stories, "serial preview")
    assert page.ephemeral
    assert buttons(page) == {
        "‹ Back": True, "Next ›": True, "Cut here…": True, "Join with next": False, "Undo": False,
    }  # fmt: skip
    before = page.content
    await stage.mara.click(message(page), label="Cut here…")
    assert page.content == before
    found = options(page)
    assert 5 < len(found) <= 25
    assert all(option["label"].startswith("Sentence number") for option in found)
    await stage.mara.choose(message(page), [found[2]["value"]])
    first = page.content
    assert "part 2 ·" in first
    assert before.startswith(first.partition("\n\n")[2][:40], before.index("\n\n") + 2)
    await stage.mara.click(message(page), label="Next ›")
    assert "part 3 ·" in page.content
    assert page.content.partition("\n\n")[2].startswith(found[2]["label"][:60])

    stage.turn_to_nine()
    posts = await stage.until_posts(2)
    assert posts[1]["content"] == first
    stage.turn_to_nine()
    posts = await stage.until_posts(3)
    assert posts[2]["content"] == page.content
    assert words(posts) == prose("oil", 520).split()


async def test_parts_are_joined_and_all_is_taken_back_also_after_a_restart(stage: Stage) -> None:
    draft = await stage.mara.slash(stage.stories, "serial add", file=("lantern.md", story()))
    page = await stage.mara.click(message(draft), label="Preview")
    first = page.content
    await stage.mara.click(message(page), label="Join with next")
    assert "part 1 ·" in page.content
    assert buttons(page)["Join with next"] is False  # the next chapter
    second_page = await stage.mara.click(message(page), label="Next ›")
    assert not second_page.failed
    assert page.content.startswith("Sentence number")
    await stage.mara.click(message(page), label="‹ Back")
    await stage.mara.click(message(page), label="Cut here…")
    await stage.stop_bot()
    await stage.start_bot()
    await stage.mara.choose(message(page), [options(page)[0]["value"]])
    assert "part 1 ·" in page.content
    for _ in range(2):
        assert buttons(page)["Undo"]
        await stage.mara.click(message(page), label="Undo")
    assert page.content == first
    assert buttons(page)["Undo"] is False


async def test_another_length_is_told_in_a_line_and_shown(stage: Stage) -> None:
    post = await stage.publish()
    before = await parts(stage)
    answer = await stage.mara.slash(stage.stories, "serial preview", length="100 words")
    assert answer.ephemeral
    count = len(await parts(stage))
    assert count > 5
    assert answer.content.startswith(f"{count} parts to come, about 1")
    assert answer.content.endswith(f" words each; the last on {day(count - 1)}.")
    (shown,) = answer.followups
    assert "part 2 ·" in shown["content"]
    assert labels(shown)[2:] == CHANGES
    assert stage.posts() == [post]

    answer = await stage.mara.slash(stage.stories, "serial preview", length="a chapter a day")
    assert answer.content.startswith("2 parts to come")
    page = await stage.mara.slash(stage.stories, "serial preview")
    for _ in range(2):
        await stage.mara.click(message(page), label="Undo")
    assert await parts(stage) == before
    stage.turn_to_nine()
    await stage.until_posts(2)


async def test_it_finishes_by_a_date_and_what_is_added_later_has_its_length(stage: Stage) -> None:
    await stage.publish()
    answer = await stage.mara.slash(stage.stories, "serial preview", finish=day(2))
    assert answer.content.endswith(f"the last on {day(2)}.")
    last = MORNING + timedelta(days=2)
    assert answer.content.startswith(f"To be out by {last:%A} {last.day} {last:%B}")
    assert "3 parts to come, about " in answer.content
    for _ in range(3):
        stage.turn_to_nine()
        await stage.settle()
    assert len(stage.posts()) == 4
    assert words(stage.posts()) == prose("oil", 520).split() + prose("wick", 520).split()

    answer = await stage.mara.slash(stage.stories, "serial preview", length="100")
    assert answer.content.startswith("Nothing is left to post now.")
    added = await stage.mara.slash(
        stage.stories, "serial add", file=("three.txt", prose("flame", 520).encode())
    )
    await stage.mara.click(message(added), label="Next chapter of The Lantern")
    assert "4 of 9 parts posted" in added.content
    assert len(await parts(stage)) == 5


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ({"length": "20 words"}, "from 50 to 5,000"),
        ({"length": "300", "finish": "24 December"}, "not both"),
        ({"finish": "2001-12-24"}, "24 December 2001 is over"),
        ({"finish": "Yuletide"}, "is not a date that I can read"),
    ],
)
async def test_what_cannot_be_done_is_said_and_changes_nothing(
    stage: Stage, said: dict[str, str], answer: str
) -> None:
    await stage.publish()
    before = await parts(stage)
    refused = await stage.mara.slash(stage.stories, "serial preview", **said)
    everything = [refused.content, *(one["content"] for one in refused.followups)]
    assert any(answer in content for content in everything), everything
    assert await parts(stage) == before


async def test_lengths_are_suggested(stage: Stage) -> None:
    await stage.publish()

    async def suggested(typed: str) -> list[str]:
        found = await stage.mara.autocomplete(stage.stories, "serial preview", "length", typed)
        return [choice.name for choice in found]

    assert await suggested("") == [
        "150 words", "300 words", "500 words", "1,000 words", "a chapter a day",
    ]  # fmt: skip
    assert await suggested("chap") == ["a chapter a day"]
    assert await suggested("420") == ["420 words"]


async def test_a_part_posted_meanwhile_stays_and_so_does_what_is_stale(stage: Stage) -> None:
    await stage.publish()
    page = await stage.mara.slash(stage.stories, "serial preview")
    await stage.mara.click(message(page), label="Cut here…")
    place = options(page)[0]["value"]
    stage.turn_to_nine()
    posts = await stage.until_posts(2)
    refused = await stage.mara.choose(message(page), [place])
    assert refused.ephemeral
    assert "has been posted, or changed, since" in refused.content
    stage.turn_to_nine()
    posts = await stage.until_posts(3)
    assert "part 1 ·" in posts[2]["content"]


async def test_a_doubled_press_changes_the_cut_once(stage: Stage) -> None:
    await stage.publish()
    twice = stage.playground.faults.duplicate_next_interaction
    before = await parts(stage)
    page = await stage.mara.slash(stage.stories, "serial preview")
    await stage.mara.click(message(page), label="Cut here…")
    twice()
    await stage.mara.choose(message(page), [options(page)[1]["value"]])
    await stage.settle()
    assert len(await parts(stage)) == len(before) + 1
    twice()
    await stage.mara.slash(stage.stories, "serial preview", length="a chapter a day")
    await stage.settle()
    assert len(await parts(stage)) == 2 + 1  # of a chapter begun, and pages
    page = await stage.mara.slash(stage.stories, "serial preview")
    twice()
    await stage.mara.click(message(page), label="Undo")
    await stage.settle()
    assert len(await parts(stage)) == len(before) + 1


async def test_a_page_of_one_sentence_is_not_cut(stage: Stage) -> None:
    draft = await stage.mara.slash(
        stage.stories, "serial add", file=("one.txt", b"It was all over before it began.")
    )
    page = await stage.mara.click(message(draft), label="Preview")
    refused = await stage.mara.click(message(page), label="Cut here…")
    assert refused.content == "There is no end of a sentence to cut at on this page."
    assert labels(page.message)[2:] == CHANGES


async def test_nobody_else_may_touch_it(stage: Stage) -> None:
    await stage.publish()
    page = await stage.mara.slash(stage.stories, "serial preview")
    with pytest.raises(Impossible):
        await stage.tobias.click(message(page), label="Cut here…")
    for person in (stage.tobias, stage.odalys):  # a moderator may stop it, not cut it
        refused = await person.slash(stage.stories, "serial preview", length="500", serial="#1")
        assert "I know no such story here" in refused.content
