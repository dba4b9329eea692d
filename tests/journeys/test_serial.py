"""From an author's file to a reader who reads on."""

from tests.journeys.stage import DAY, MINUTE, Stage, labels, prose, story, text


async def test_import_schedule_post_read(stage_on_either: Stage) -> None:
    stage = stage_on_either
    draft = await stage.mara.slash(stage.stories, "serial add", file=("lantern.md", story()))
    assert draft.ephemeral
    assert "*The Lantern* by Mara: 2 chapters" in draft.content
    assert "Chapter 1: Oil" in draft.content
    assert stage.posts() == []

    assert draft.message
    await stage.mara.click(draft.message, label="Confirm: I wrote it or have leave")
    answer = await stage.mara.slash(stage.stories, "serial schedule", time="09:30", zone="UTC")
    assert "every day at 09:30 (UTC)" in answer.content

    stage.turn(90 * MINUTE - 1)  # it is 09:29:59
    await stage.settle()
    assert stage.posts() == []
    stage.turn(1)
    await stage.until_posts(1)
    stage.turn(DAY)
    first, second = await stage.until_posts(2)
    assert first["content"].startswith("**Chapter 1: Oil**\n-# *The Lantern* by Mara · part 1 · ")
    assert "part 2 ·" in second["content"]
    assert f"{text(first)}\n\n{text(second)}" == prose("oil", 520)

    read = await stage.tobias.slash(stage.stories, "story read")
    assert read.ephemeral
    assert text(first) in read.content
    assert labels(read.message)[:2] == ["‹ Back", "Next ›"]
    assert read.message
    await stage.tobias.click(read.message, label="Next ›")
    assert text(second) in read.content
    await stage.tobias.click(read.message, label="Next ›")
    assert "You have read everything of *The Lantern* that is out." in read.content

    stage.turn(DAY)
    third = (await stage.until_posts(3))[-1]
    on = await stage.tobias.slash(stage.stories, "story read")
    assert text(third) in on.content
