"""A place in a story is called the same wherever it is named."""

import discord

from tests.journeys.stage import DAY, Stage, prose

STORY = f"""\
# The Pier

By Mara

## Prologue

{prose("fog", 60)}

## Chapter One: Mind the Cone

{prose("cone", 520)}

## Chapter Two

{prose("tide", 60)}
""".encode()
ONE = "Chapter One: Mind the Cone"


async def posted(stage: Stage, count: int) -> list[dict[str, object]]:
    await stage.publish(STORY, "pier.md")
    for number in range(2, count + 1):
        stage.turn_to_nine()
        await stage.until_posts(number)
    return stage.posts()


async def test_a_prologue_is_no_chapter_one(stage: Stage) -> None:
    prologue, first, second, last = await posted(stage, 4)
    for post, title, part in (
        (prologue, "Prologue", 1), (first, ONE, 1), (second, ONE, 2), (last, "Chapter Two", 1),
    ):  # fmt: skip
        header = str(post["content"]).splitlines()
        assert header[0] == f"**{title}**"
        assert header[1].startswith(f"-# *The Pier* by Mara · part {part} · ")
    await stage.tobias.slash(stage.stories, "story place", at="start")
    missed = (await stage.tobias.slash(stage.stories, "story catch-up")).content
    names = [line.partition("]")[0] for line in missed.splitlines()[1:]]
    assert names == ["[The opening", "[Chapter 1", "[Chapter 2"]

    placed = await stage.tobias.slash(stage.stories, "story place", at="chapter 1")
    assert placed.content == f"You have read up to {ONE}, part 2."
    about = await stage.tobias.slash(stage.stories, "story about")
    assert f"You have read up to {ONE}, part 2." in about.content
    search = await stage.tobias.slash(stage.stories, "story search", text="cone", chapter=1)
    assert f"[{ONE}, part " in search.content
    assert search.content.endswith(f"-# Looked up to {ONE}, part 2.")
    assert (
        "says that"
        in (await stage.tobias.slash(stage.stories, "story search", text="fog", chapter=1)).content
    )
    ask = await stage.tobias.slash(stage.stories, "story ask", question="What does the cone have?")
    assert f"[{ONE}, part " in ask.content
    assert ask.message is not None
    await stage.tobias.click(ask.message, label="Share")
    shared = stage.posts()[-1]["content"]
    assert "-# It goes up to chapter 1, part " in shared
    assert "[Chapter 1, part " in shared
    assert "Mind the Cone" not in shared
    chapters = (await stage.tobias.slash(stage.stories, "story chapters")).content.splitlines()
    assert [line.partition(" · ")[0] for line in chapters[1:]] == [
        "- Prologue", f"- {ONE}", "- Chapter 2",
    ]  # fmt: skip


async def test_the_author_reads_the_same_names(stage: Stage) -> None:
    await posted(stage, 2)
    await stage.tobias.slash(stage.stories, "story place", at="1")
    told = (await stage.mara.slash(stage.stories, "serial readers")).content
    assert "**Where they stop**: Prologue, part 1 (1)" in told
    preview = await stage.mara.slash(stage.stories, "serial preview")
    assert preview.content.startswith(f"**{ONE}**\n-# *The Pier* by Mara · part 2 · ")
    direct = stage.world.dm(stage.mara.id)
    for _ in range(8):
        stage.turn(DAY)
        await stage.settle()
    notes = [post["content"] for post in stage.posts_of(stage.mara, direct)]
    week = next(note for note in notes if note.startswith("Your week with"))
    assert f"- {ONE}, part " in week
    assert ":R>" not in week  # which would read "4 days ago" to who reads it later


async def test_a_complete_story_says_how_many_parts_there_are(stage: Stage) -> None:
    await posted(stage, 1)
    await stage.mara.slash(stage.stories, "serial complete")
    stage.turn_to_nine()
    await stage.until_posts(2)
    assert "part 1 of 2 (2 of 4 in all) · " in stage.posts()[-1]["content"]


async def test_who_has_to_give_leave_is_said(stage: Stage) -> None:
    stage.world.overwrite(stage.stories, stage.mara.id, allow=discord.Permissions.none())
    draft = await stage.mara.slash(stage.stories, "serial add", file=("pier.md", STORY))
    assert draft.message is not None
    await stage.mara.click(draft.message, label="Confirm: I wrote it or have leave")
    await stage.mara.slash(stage.stories, "serial schedule")
    refused = await stage.mara.slash(stage.stories, "serial post-now")
    assert refused.content == (
        f"“The Pier” waits for leave: someone who may manage messages in <#{stage.stories}> has to "
        "press *Allow* under my request there."
    )


async def test_questions_about_the_posts_are_led_on(stage: Stage) -> None:
    await posted(stage, 1)
    for question, command in (
        ("When is the next part?", "/story about"),
        ("What did I miss?", "/story catch-up"),
    ):
        answer = await stage.tobias.slash(stage.stories, "story ask", question=question)
        assert answer.ephemeral
        assert f"`{command}`" in answer.content
