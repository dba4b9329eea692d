"""Word sprints as people run them: on the real bot, with a clock that is turned."""

from tests.journeys.stage import MINUTE, Json, Stage, labels


def board(stage: Stage) -> Json:
    """The sprint's first message in the channel."""
    return next(post for post in stage.posts() if "Join" in labels(post))


async def started(stage: Stage, **options: object) -> Json:
    """Mara starts a sprint of 20 minutes in two. Returns its board."""
    answer = await stage.mara.slash(stage.stories, "sprint start", **options)  # type: ignore[arg-type]
    assert answer.ephemeral, answer.content
    await stage.until_posts(1)
    return board(stage)


async def turn(stage: Stage, minutes: float) -> None:
    stage.turn(int(minutes * MINUTE))
    await stage.settle()


def contents(stage: Stage) -> list[str]:
    return [str(post["content"]) for post in stage.posts()]


async def test_a_sprint_with_one_late_one_quiet_one_silent_and_one_mistaken(stage: Stage) -> None:
    ines = stage.newcomer("Ines")
    up = await started(stage)
    assert "In: Mara" in up["content"]
    await stage.tobias.slash(stage.stories, "sprint join", count="500")
    quiet = await stage.odalys.slash(stage.stories, "sprint join", count="quiet")
    assert "quietly" in quiet.content
    await turn(stage, 2)
    _, go = stage.posts()
    mentioned = {int(user["id"]) for user in go["mentions"]}
    assert mentioned == {stage.mara.id, stage.tobias.id, stage.odalys.id}

    await turn(stage, 10)  # Ines comes when ten minutes are left
    joined = await ines.click(up, label="Join")
    assert "at 0 written" in joined.content and labels(joined.message) == ["Leave"]

    await turn(stage, 10)
    bell = stage.posts()[-1]
    assert bell["content"].startswith("**Time!**") and labels(bell) == ["Enter words"]

    mistaken = await stage.tobias.slash(stage.stories, "sprint words", count="515")
    assert "**15 written** (515 in all)" in mistaken.content
    assert labels(mistaken.message) == ["I wrote 515", "Undo"]
    assert mistaken.message is not None
    await stage.tobias.click(mistaken.message, label="I wrote 515")
    assert "**515 written** (1,015 in all)" in mistaken.content

    form = await ines.click(bell, label="Enter words")
    done = await ines.submit(form, {"Your count": "300"})
    assert "**300 written**" in done.content

    await turn(stage, 3)  # Mara says nothing
    results = stage.posts()[-1]
    assert results["content"].splitlines()[1:] == [
        "1. **Tobias** · 515 words · 26 wpm",
        "2. **Ines** · 300 words · 30 wpm over 10 minutes (15 over all)",
        "Quietly here: Odalys",
        "Not counted yet: Mara",
        "Together: **815 words**",
    ]
    assert len(stage.posts()) == 4
    shrunk = board_of(stage, up)
    assert f"/{results['id']}>" in shrunk["content"] and labels(shrunk) == []

    late = await stage.mara.slash(stage.stories, "sprint words", count="+515")
    assert "**515 written**" in late.content
    await stage.settle()
    assert stage.posts()[-1]["content"].splitlines()[1:4] == [
        "1. **Mara** · 515 words · 26 wpm",
        "1. **Tobias** · 515 words · 26 wpm",
        "3. **Ines** · 300 words · 30 wpm over 10 minutes (15 over all)",
    ]
    assert len(stage.posts()) == 4


def board_of(stage: Stage, up: Json) -> Json:
    return next(post for post in stage.posts() if post["id"] == up["id"])
