"""Word sprints as people run them: on the real bot, with a clock that is turned."""

import asyncio

import discord

from playground.inputs import OptionValue
from playground.people import Answer
from tests.journeys.stage import DAY, HOUR, MINUTE, Json, Stage, labels

NOW: dict[str, OptionValue] = {"in": 0}


async def started(stage: Stage, **options: OptionValue) -> Json:
    """Mara starts a sprint of 20 minutes, in two unless told otherwise. Returns its board."""
    answer = await stage.mara.slash(stage.stories, "sprint start", **options)
    assert "you're in" in answer.content
    assert labels(answer.message) == ["Leave"]
    return (await stage.until_posts(1))[-1]


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
    assert "at 0 written" in joined.content
    assert labels(joined.message) == ["Leave"]

    await turn(stage, 10)
    bell = stage.posts()[-1]
    assert bell["content"].startswith("**Time!**")
    assert labels(bell) == ["Enter words"]

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
        "**1. Tobias** · 515 words · 26 wpm",
        "**2. Ines** · 300 words · 30 wpm over 10 minutes (15 over all)",
        "Quietly here: Odalys",
        "Not counted yet: Mara",
        "Together: **815 words**",
    ]
    assert len(stage.posts()) == 4
    shrunk = board_of(stage, up)
    assert f"/{results['id']}>" in shrunk["content"]
    assert labels(shrunk) == []

    late = await stage.mara.slash(stage.stories, "sprint words", count="+515")
    assert "**515 written**" in late.content
    await stage.settle()
    assert stage.posts()[-1]["content"].splitlines()[1:4] == [
        "**1. Mara** · 515 words · 26 wpm",
        "**1. Tobias** · 515 words · 26 wpm",
        "**3. Ines** · 300 words · 30 wpm over 10 minutes (15 over all)",
    ]
    assert len(stage.posts()) == 4
    for person, place in (
        (stage.tobias, "You're 1st with 515 words."),
        (ines, "You're 3rd with 300 words."),
        (stage.odalys, "You have no place in these results."),
    ):
        own = await person.click(stage.posts()[-1], label="Where am I?")
        assert (own.ephemeral, own.content) == (True, place)


async def counts(stage: Stage, **by_name: str) -> list[Answer]:
    return [
        await getattr(stage, name).slash(stage.stories, "sprint words", count=count)
        for name, count in by_name.items()
    ]


def board_of(stage: Stage, up: Json) -> Json:
    return next(post for post in stage.posts() if post["id"] == up["id"])


async def test_three_rounds_with_pauses_across_a_restart(stage: Stage) -> None:
    await started(stage, title="Night owls", minutes=15, rounds=3, pause=5)
    await stage.tobias.slash(stage.stories, "sprint join", count="1000")
    await stage.odalys.slash(stage.stories, "sprint join")
    await turn(stage, 2)
    await turn(stage, 15)
    await counts(stage, mara="+300", tobias="1200")  # Odalys says nothing
    await turn(stage, 3)
    assert "round 1 of 3" in contents(stage)[3]
    second = stage.posts()[4]["content"]
    assert "**Night owls**, round 2 of 3" in second
    assert "In: Mara, Tobias" in second
    assert "Odalys" not in second

    await stage.stop_bot()
    stage.turn(10 * MINUTE)  # the second round begins while the bot is away
    await stage.start_bot()
    await stage.settle()
    assert contents(stage)[5].startswith("**Go!** **Night owls**, round 2 of 3")
    await turn(stage, 7)
    tobias = (await counts(stage, mara="+100", tobias="1500"))[1]
    assert "**300 written** (1,500 in all)" in tobias.content  # from where he ended
    await stage.settle()
    assert "**1. Tobias** · 300 words · 20 wpm" in contents(stage)[7]  # all have counted
    assert len(stage.posts()) == 9

    await turn(stage, 5)
    await turn(stage, 15)
    await counts(stage, mara="0", tobias="1500")
    await stage.settle()
    assert "**1. Mara** · 0 words" in contents(stage)[11]
    assert "**1. Tobias** · 0 words" in contents(stage)[11]
    await turn(stage, 60)
    assert len(stage.posts()) == 12
    again = await stage.mara.slash(stage.stories, "sprint start")
    assert "you're in" in again.content


async def test_forty_join_within_a_second(stage: Stage) -> None:
    crowd = [stage.newcomer(f"Writer {number}") for number in range(40)]
    up = await started(stage)
    answers = await asyncio.gather(*(person.click(up, label="Join") for person in crowd))
    assert all("You're in" in answer.content for answer in answers)
    await stage.settle()
    assert "Writer 39" in board_of(stage, up)["content"]
    edits = [request for request in stage.playground.requests if request.method == "PATCH"]
    assert len(edits) < 20  # one for many
    await turn(stage, 2)
    assert len(stage.posts()[-1]["mentions"]) == 41
    await turn(stage, 20)
    answers = await asyncio.gather(
        *(
            person.slash(stage.stories, "sprint words", count=f"+{number}")
            for number, person in enumerate(crowd)
        )
    )
    assert not any(answer.failed for answer in answers)
    await turn(stage, 3)
    results = contents(stage)[-1]
    assert "**1. Writer 39** · 39 words" in results
    assert f"Together: **{sum(range(40)):,} words**" in results
    assert len(stage.posts()) == 4


async def test_a_bell_after_an_absence_says_how_late_it_is(stage: Stage) -> None:
    await started(stage, **NOW)
    await stage.stop_bot()
    stage.turn(24 * MINUTE)
    await stage.start_bot()
    await stage.settle()
    _, bell = contents(stage)
    assert "4 minutes late" in bell
    assert f"<t:{(stage.clock.now() + 3 * MINUTE) // 1000}:R>" in bell  # time enough to count


async def test_everything_goes_and_the_sprint_still_ends(stage: Stage) -> None:
    up = await started(stage, **NOW)
    stage.world.delete_message(stage.stories, int(up["id"]))
    await turn(stage, 20)
    await counts(stage, mara="+10")
    await stage.settle()
    assert "**1. Mara** · 10 words" in contents(stage)[-1]

    deny = discord.Permissions(send_messages=True)
    await started(stage, **NOW)
    stage.world.overwrite(stage.stories, stage.world.bot_id, deny=deny)
    posts = len(stage.posts())
    await turn(stage, 20)
    await turn(stage, 3)
    refused = await stage.tobias.slash(stage.stories, "sprint start")
    assert "I may not post in" in refused.content
    await turn(stage, 24 * 60 + 1)
    stage.world.clear_overwrite(stage.stories, stage.world.bot_id)
    await stage.settle()
    assert len(stage.posts()) == posts  # the results are of yesterday

    await started(stage, **NOW)
    elsewhere = stage.world.channel(stage.guild, "elsewhere")
    stage.world.delete_channel(stage.stories)
    stage.stories = elsewhere
    await turn(stage, 20)
    await turn(stage, 3)
    assert stage.posts() == []


async def test_who_may_end_and_cancel(stage: Stage) -> None:
    await started(stage)
    early = await stage.mara.slash(stage.stories, "sprint end")
    assert "It has not begun yet" in early.content
    alone = await stage.mara.slash(stage.stories, "sprint cancel")
    assert alone.content.startswith("Cancelled: the sprint of <t:")
    await stage.settle()
    assert "cancelled, by its starter" in contents(stage)[-1]

    ines = stage.newcomer("Ines")
    up = await started(stage, **NOW)
    await stage.tobias.click(up, label="Join")
    stranger = await ines.slash(stage.stories, "sprint cancel")
    assert "Only those in the sprint" in stranger.content
    asked = await stage.tobias.slash(stage.stories, "sprint cancel")
    assert not asked.ephemeral
    assert asked.message is not None
    for person in (stage.tobias, ines):
        refused = await person.click(asked.message, label="Agree")
        assert refused.ephemeral
    not_his = await stage.tobias.slash(stage.stories, "sprint end")
    assert "Whoever started the sprint" in not_his.content
    await stage.mara.click(asked.message, label="Agree")
    await stage.settle()
    assert (
        "cancelled, by those in it" in contents(stage)[-1]
        or "cancelled" in board_of(stage, up)["content"]
    )

    await started(stage, **NOW)
    await turn(stage, 10)
    await stage.mara.slash(stage.stories, "sprint end")
    await counts(stage, mara="+300")
    await stage.settle()
    assert "**1. Mara** · 300 words · 30 wpm" in contents(stage)[-1]


async def test_leaving(stage: Stage) -> None:
    up = await started(stage, **NOW)
    answer = await stage.tobias.click(up, label="Join")
    assert answer.message is not None
    left = await stage.mara.slash(stage.stories, "sprint leave")
    assert left.content.startswith("You have left the sprint of <t:")
    assert left.content.endswith("; you won't be pinged.")
    await stage.settle()
    assert "In: Tobias" in board_of(stage, up)["content"]
    await stage.tobias.click(answer.message, label="Leave")
    assert "Nobody is left" in answer.content
    await stage.settle()
    assert "cancelled, everyone has left" in board_of(stage, up)["content"]


async def test_every_answer_names_the_sprint_and_its_channel_if_it_is_another(
    stage: Stage,
) -> None:
    """By its title, or by when it began."""
    den = stage.world.channel(stage.guild, "den")
    began = f"<t:{stage.clock.now() // 1000}"
    await started(stage, title="Owls", **NOW)
    here = await stage.tobias.slash(stage.stories, "sprint join")
    assert here.content.startswith("You're in **Owls**, at 0 written.")
    await turn(stage, 5)
    there = f"**Owls** in <#{stage.stories}>"
    for command, options, says in (
        ("sprint words", {"count": "+30"}, f"**30 written** in {there}."),
        ("wrote", {"amount": "20"}, f"Counted in {there}: **50 words** there."),
        ("sprint undo", {}, f"Undone. You have **30 written** again in {there}."),
    ):
        answer = await stage.mara.slash(den, command, **options)
        assert answer.content.startswith(says), answer.content
    await turn(stage, 20)
    await turn(stage, 3)
    late = await stage.tobias.slash(stage.stories, "sprint words", count="+100")
    assert late.content == f"**100 written** in **Owls** of {began}:f>."
    began = f"<t:{stage.clock.now() // 1000}"
    await stage.mara.slash(den, "sprint start", **NOW)
    left = await stage.mara.slash(den, "sprint leave")
    assert left.content.startswith(f"You have left the sprint of {began}:f>; you won't be pinged.")


async def test_an_old_proposal_to_cancel_is_none_after_the_bell(stage: Stage) -> None:
    await started(stage, **NOW)
    await stage.tobias.slash(stage.stories, "sprint join")
    asked = await stage.tobias.slash(stage.stories, "sprint cancel")
    assert asked.message is not None
    await turn(stage, 20)
    await counts(stage, tobias="+400")
    await stage.mara.click(asked.message, label="Agree")
    assert asked.content.startswith("The bell has rung")
    assert labels(asked.message) == []
    await turn(stage, 3)
    assert "**1. Tobias** · 400 words" in contents(stage)[-1]


async def test_a_bell_says_that_its_sprint_was_cancelled(stage: Stage) -> None:
    await started(stage, **NOW)
    await turn(stage, 20)
    await stage.odalys.slash(stage.stories, "sprint cancel")
    await stage.settle()
    bell = contents(stage)[-1]
    assert bell.startswith("**Time!**")
    assert bell.endswith("It was cancelled, by a moderator.")
    assert labels(stage.posts()[-1]) == []


async def test_a_total_without_a_start_asks_for_it(stage: Stage) -> None:
    await started(stage, **NOW)
    await turn(stage, 10)
    (asked,) = await counts(stage, mara="12350")
    assert "I don't know where you started" in asked.content
    assert asked.message is not None
    assert labels(asked.message) == ["My start count …", "I wrote 12,350", "Undo"]
    form = await stage.mara.click(asked.message, label="My start count …")
    await stage.mara.submit(form, {"Your count at the start": "12000"})
    assert "**350 written** (12,350 in all)" in asked.content
    taken_back = await stage.mara.slash(stage.stories, "sprint undo")
    assert taken_back.content.startswith("Undone. You have no count in the sprint of <t:")
    nothing = await stage.mara.slash(stage.stories, "sprint words", count="some")
    assert "“some” is not an amount" in nothing.content


async def test_counts_that_can_hardly_be(stage: Stage) -> None:
    await started(stage, **NOW)
    await stage.mara.slash(stage.stories, "sprint join", count="12000")
    await turn(stage, 20)
    (odd,) = await counts(stage, mara="123500")
    assert "is ranked and logged once you say that it is right" in odd.content
    await turn(stage, 3)
    assert "Mara: 111,500? (not confirmed yet)" in contents(stage)[-1]
    assert odd.message is not None
    assert (await stage.mara.slash(stage.stories, "sprint best")).content == (
        "You have counted in no sprint yet."
    )
    (mended,) = await counts(stage, mara="12350")
    assert "**350 written**" in mended.content
    await stage.settle()
    assert "**1. Mara** · 350 words" in contents(stage)[-1]
    best = await stage.mara.slash(stage.stories, "sprint best")
    assert best.content == "In 1 sprint your most was **350 words**, the fastest 18 wpm."
    stats = await stage.mara.slash(stage.stories, "stats")
    assert "Best sprint: 350 words, the fastest 18 wpm" in stats.content


async def test_same_as_last_time(stage: Stage) -> None:
    up = await started(stage, **NOW)
    unknown = await stage.tobias.click(up, label="Same as last time")
    assert "I don't know where you ended last time" in unknown.content
    await stage.tobias.slash(stage.stories, "sprint join", count="1000")
    await turn(stage, 20)
    await counts(stage, mara="0", tobias="1400")
    await stage.settle()
    up = await started(stage, **NOW)
    same = await stage.tobias.click(stage.posts()[-1], label="Same as last time")
    assert "starting at 1,400" in same.content


async def test_plans_are_their_channels(stage: Stage) -> None:
    """Nobody is told of a plan in a channel they don't see, or removes one where they don't
    moderate."""
    den = stage.world.channel(stage.guild, "den")
    unseen = discord.Permissions(view_channel=True)
    stage.world.overwrite(den, stage.guild, deny=unseen)
    stage.world.overwrite(den, stage.world.bot_id, allow=unseen)
    await stage.odalys.slash(den, "sprint plan add", time="20:00", title="Secret")
    listed = await stage.odalys.slash(stage.stories, "sprint plan list")
    assert "**Secret**" in listed.content
    (secret,) = await stage.odalys.autocomplete(stage.stories, "sprint plan remove", "plan", "")

    planned = await stage.mara.slash(
        stage.stories, "sprint plan add", time="21:00", title="Nightly"
    )
    listed = await stage.mara.slash(stage.stories, "sprint plan list")
    for told in (planned, listed):
        assert "Nightly" in told.content
        assert "Secret" not in told.content
    (nightly,) = await stage.mara.autocomplete(stage.stories, "sprint plan remove", "plan", "")
    refused = await stage.mara.slash(stage.stories, "sprint plan remove", plan=secret.value)
    assert refused.content == "I know no such plan here. Pick one of the suggestions."

    moderates = discord.Permissions(view_channel=True, manage_messages=True)
    stage.world.overwrite(den, stage.tobias.id, allow=moderates)
    suggested = await stage.tobias.autocomplete(den, "sprint plan remove", "plan", "")
    assert suggested == [secret]
    refused = await stage.tobias.slash(den, "sprint plan remove", plan=nightly.value)
    assert f"the permission to manage messages in <#{stage.stories}>" in refused.content
    removed = await stage.tobias.slash(stage.stories, "sprint plan remove", plan=secret.value)
    assert removed.content.endswith("It won't come again.")
    removed = await stage.odalys.slash(den, "sprint plan remove", plan=nightly.value)
    assert removed.content.endswith("It won't come again.")


async def test_a_plan_outlives_its_channel_for_who_manages_the_server(stage: Stage) -> None:
    den = stage.world.channel(stage.guild, "den")
    await stage.odalys.slash(den, "sprint plan add", time="20:00", title="Secret")
    stage.world.delete_channel(den)
    await stage.settle()
    assert "Secret" not in (await stage.mara.slash(stage.stories, "sprint plan list")).content
    (secret,) = await stage.odalys.autocomplete(stage.stories, "sprint plan remove", "plan", "")
    removed = await stage.odalys.slash(stage.stories, "sprint plan remove", plan=secret.value)
    assert removed.content.endswith("It won't come again.")


async def test_planned_sprints_and_reminders(stage: Stage) -> None:
    refused = await stage.tobias.slash(stage.stories, "sprint plan add", time="21:00")
    assert "permission to manage messages" in refused.content
    planned = await stage.mara.slash(
        stage.stories, "sprint plan add", time="21:00", weekdays="daily", title="Nightly"
    )
    assert "**Nightly**, 21:00 every day (UTC)" in planned.content
    await stage.tobias.slash(stage.stories, "sprint remind", when="on")
    await stage.odalys.slash(stage.stories, "sprint remind", when="next")
    stage.turn(12 * HOUR + 50 * MINUTE)  # 20:50
    await stage.settle()
    (up,) = stage.posts()
    assert "**Nightly** · 20 minutes" in up["content"]
    assert {int(user["id"]) for user in up["mentions"]} == {stage.tobias.id, stage.odalys.id}
    await stage.odalys.click(up, label="Join")
    for minutes in (10, 20, 3):
        await turn(stage, minutes)
    assert len(stage.posts()) == 4
    for missed in range(2, 5):
        stage.turn(DAY - 33 * MINUTE if missed == 2 else DAY)
        await stage.settle()
        up = stage.posts()[-1]
        told = [int(user["id"]) for user in up["mentions"]]
        assert told == ([stage.tobias.id] if missed < 4 else []), missed
    choices = await stage.mara.autocomplete(stage.stories, "sprint plan remove", "plan", "")
    assert [choice.name for choice in choices] == ["21:00 every day: Nightly"]
    await stage.mara.slash(stage.stories, "sprint plan remove", plan=choices[0].value)
    left = await stage.mara.slash(stage.stories, "sprint plan list")
    assert "No sprints are planned" in left.content


async def test_a_click_delivered_twice_counts_once(stage: Stage) -> None:
    await started(stage, **NOW)
    twice = stage.playground.faults.duplicate_next_interaction
    await turn(stage, 10)
    for count, written in (("+100", "100"), ("+50", "150")):
        twice()
        (answer,) = await counts(stage, mara=count)
        assert f"**{written} written**" in answer.content
    twice()
    undone = await stage.mara.slash(stage.stories, "sprint undo")
    assert "You have **100 written** again in" in undone.content
    twice()
    again = await stage.mara.slash(stage.stories, "sprint start")
    assert "A sprint is on in this channel already" in again.content


async def test_many_are_told_by_a_role(stage: Stage) -> None:
    role = stage.world.role(stage.guild, "Sprinters")
    refused = await stage.tobias.slash(stage.stories, "sprint settings", role=role)
    assert refused.content == "For this you need the permission to manage server."
    answer = await stage.odalys.slash(
        stage.stories, "sprint settings", minutes=10, counting=5, role=role
    )
    assert "A sprint lasts 10 minutes if nobody says, and counting 5 minutes." in answer.content
    assert "allow everyone to mention the role" in answer.content
    for number in range(11):
        await stage.newcomer(f"Writer {number}").slash(stage.stories, "sprint remind", when="on")
    up = await started(stage)
    assert up["mention_roles"] == [str(role)]
    assert up["mentions"] == []
    await turn(stage, 2)
    await turn(stage, 10)
    assert f"<t:{(stage.clock.now() + 5 * MINUTE) // 1000}:R>" in contents(stage)[-1]


async def test_words_logged_during_a_sprint_are_its_count(stage: Stage) -> None:
    await started(stage, **NOW)
    await turn(stage, 10)
    for amount, written in (("100", 100), ("+50", 150)):
        counted = await stage.mara.slash(stage.stories, "wrote", amount=amount, note="at sea")
        assert counted.ephemeral
        assert f": **{written} words** there." in counted.content
    await turn(stage, 10)
    await stage.mara.slash(stage.stories, "wrote", amount="=200")  # 200 in all today
    await stage.settle()
    assert "**1. Mara** · 200 words" in contents(stage)[-1]
    again = await stage.mara.slash(stage.stories, "wrote", amount="200")
    assert labels(again.message) == ["Undo", "That was the sprint's"]
    assert again.message is not None
    await stage.mara.click(again.message, label="That was the sprint's")
    assert again.content == "**Mara** took that back."
    history = await stage.mara.slash(stage.stories, "words history")
    assert history.content.count("200 words") == 1
    other = await stage.mara.slash(stage.stories, "wrote", amount="201")
    assert labels(other.message) == ["Undo"]
    (alone,) = await stage.playground.wait_for(lambda: other.followups)
    assert "401 words in all" in alone["content"]


async def test_an_old_board_answers_before_it_opens_a_form(stage: Stage) -> None:
    await started(stage)
    await turn(stage, 2)
    await turn(stage, 20)
    await turn(stage, 3)
    results = stage.posts()[-1]
    for person in (stage.mara, stage.tobias):  # who was not in it
        assert (await person.click(results, label="Enter words")).modal is not None
    await turn(stage, 24 * 60 + 1)
    for person in (stage.mara, stage.tobias):
        late = await person.click(results, label="Enter words")
        assert (late.modal, late.ephemeral) == (None, True)
        assert late.content.startswith("That sprint is over. `/wrote 350` logs what you wrote")
