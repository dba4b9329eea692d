"""Stories for adults: where they are posted and shown, and where not; and an author's notes."""

import discord
import pytest

from tests.journeys.stage import Json, Stage, labels, other_story, prose, story

EXPLICIT = b"Title: The Lantern\nRating: Explicit\nTags: Lamps\n\nCW: smoke\n\n" + story()[15:]
CONFIRM = "Confirm: I wrote it or have leave"
BEGIN = "Post part 1 now, then daily"


async def draft(stage: Stage, data: bytes) -> Json:
    answer = await stage.mara.slash(stage.stories, "serial add", file=("lantern.txt", data))
    assert answer.message is not None, answer.failed
    return answer.message


async def test_a_story_for_adults_keeps_to_age_restricted_channels(stage: Stage) -> None:
    card = await draft(stage, EXPLICIT)
    assert "It is explicit, for 18+." in card["content"]
    assert "Tags" not in card["content"]
    assert "Oil" not in card["content"]
    refused = await stage.mara.click(card, label="Preview")
    assert "age-restricted channels alone" in refused.content
    await stage.mara.click(card, label=CONFIRM)
    refused = await stage.mara.click(card, label=BEGIN)
    assert "“The Lantern” is rated explicit" in refused.content
    refused = await stage.mara.slash(stage.stories, "serial schedule")
    assert "is rated explicit" in refused.content
    assert stage.posts() == []

    stage.world.set_nsfw(stage.stories, True)
    await stage.mara.click(card, label=BEGIN)
    (post,) = await stage.until_posts(1)
    assert "> CW: ||smoke||" in post["content"]
    assert "to come" in (await stage.tobias.slash(stage.stories, "story chapters")).content
    general = next(
        int(one["id"])
        for one in stage.world.channels(stage.guild, stage.mara.id)
        if one["name"] == "general"
    )
    for command in ("story read", "story chapters"):
        refused = await stage.tobias.slash(general, command)
        assert "is rated explicit" in refused.content
    about = await stage.tobias.slash(general, "story about")
    assert "It is explicit, for 18+." in about.content
    thread = stage.world.thread(stage.stories, "talk", stage.tobias.id)
    assert "Chapter 1" in (await stage.tobias.slash(thread, "story read")).content


@pytest.mark.parametrize(
    ("file", "button"),
    [
        (other_story("tar", "rope"), "Next chapter of The Lantern"),
        (story() + b"\n\n## Chapter 3: Flame\n\n" + prose("flame", 520).encode(), "Update"),
    ],
)
async def test_text_for_adults_that_joins_a_story_rates_it(
    stage: Stage, file: bytes, button: str
) -> None:
    await stage.publish()
    card = await draft(stage, b"Title: The Lantern\nRating: Explicit\n\n" + file[15:])
    (label,) = (one for one in labels(card) if one.startswith(button))
    await stage.mara.click(card, label=label)
    await stage.until_status(lambda said: "is not age-restricted" in said)
    stage.turn_to_nine()
    await stage.settle()
    assert len(stage.posts()) == 1


async def test_a_channel_that_is_open_to_everyone_again_pauses_it(stage: Stage) -> None:
    stage.world.set_nsfw(stage.stories, True)
    await stage.publish(EXPLICIT, "lantern.txt")
    stage.world.set_nsfw(stage.stories, False)
    await stage.until_status(lambda said: "is not age-restricted" in said)
    await stage.settle()
    direct = stage.world.dm(stage.mara.id)
    (told,) = stage.posts_of(stage.mara, direct)
    assert "*The Lantern* is explicit, for 18+" in told["content"]
    stage.turn_to_nine()
    await stage.settle()
    assert len(stage.posts()) == 1
    refused = await stage.mara.slash(stage.stories, "serial resume")
    assert "is rated explicit" in refused.content
    stage.world.set_nsfw(stage.stories, True)
    await stage.mara.slash(stage.stories, "serial resume")
    stage.turn_to_nine()
    await stage.until_posts(2)


async def test_a_restriction_lost_while_the_bot_is_off(stage: Stage) -> None:
    stage.world.set_nsfw(stage.stories, True)
    await stage.publish(EXPLICIT, "lantern.txt")
    await stage.stop_bot()
    stage.world.set_nsfw(stage.stories, False)
    stage.turn_to_nine()
    await stage.start_bot()
    await stage.until_status(lambda said: "is not age-restricted" in said)
    await stage.settle()
    assert len(stage.posts()) == 1


@pytest.mark.parametrize("level", ["explicit", "age_restricted"])
async def test_a_server_that_is_age_restricted_as_a_whole(stage: Stage, level: str) -> None:
    stage.world.set_nsfw_level(stage.guild, discord.NSFWLevel[level])
    await stage.publish(EXPLICIT, "lantern.txt")
    assert "to come" in (await stage.tobias.slash(stage.stories, "story chapters")).content
    thread = stage.world.thread(stage.stories, "talk", stage.tobias.id)
    assert "Chapter 1" in (await stage.tobias.slash(thread, "story read")).content
    stage.world.set_nsfw_level(stage.guild, discord.NSFWLevel.safe)
    await stage.until_status(lambda said: "is not age-restricted" in said)


async def test_a_mirror_that_is_open_to_everyone_shows_nothing_for_adults(stage: Stage) -> None:
    """Its channel's loss pauses nothing: what holds the post back is the sender alone."""
    lobby = stage.world.channel(stage.guild, "lobby", nsfw=True)
    stage.world.overwrite(lobby, stage.mara.id, allow=discord.Permissions(manage_messages=True))
    stage.world.set_nsfw(stage.stories, True)
    await stage.publish(EXPLICIT, "lantern.txt")
    await stage.mara.slash(stage.stories, "serial mirror", channel=lobby)
    stage.turn_to_nine()
    await stage.until_posts(2)
    await stage.until_posts(1, lobby)
    stage.world.set_nsfw(lobby, False)
    stage.turn_to_nine()
    await stage.until_posts(3)
    await stage.settle()
    assert len(stage.posts(lobby)) == 1
    stage.world.set_nsfw(lobby, True)
    await stage.until_posts(2, lobby)


async def test_a_moderator_raises_a_rating(stage: Stage) -> None:
    await stage.publish()
    refused = await stage.tobias.slash(stage.stories, "serial rate", rating="mature")
    assert "You have no story here" in refused.content
    raised = await stage.odalys.slash(stage.stories, "serial rate", rating="mature")
    assert "is mature, for 17+, and" in raised.content
    refused = await stage.mara.slash(stage.stories, "serial rate", rating="teen")
    assert "Moderators have rated “The Lantern” mature" in refused.content
    stage.turn_to_nine()
    await stage.settle()
    assert len(stage.posts()) == 1


async def test_no_command_tells_of_a_story_for_adults_in_an_open_channel(stage: Stage) -> None:
    post = await stage.publish()
    opened = await stage.tobias.context_menu(stage.stories, "Save a quote", post)
    assert opened.modal is not None
    (field,) = opened.modal["components"][0]["components"]
    await stage.tobias.submit(opened, {field["label"]: "Sentence number 3 of the oil"})
    await stage.mara.slash(stage.stories, "serial rate", rating="explicit")
    for command, options in (
        ("read", {}),
        ("ask", {"question": "who has the key?"}),
        ("search", {"text": "oil"}),
        ("chapters", {}),
        ("who", {"character": "Mara"}),
        ("quote", {}),
        ("place", {"at": "caught up"}),
        ("place", {"at": "1"}),
        ("place", {"at": "start"}),
        ("subscribe", {}),
        ("catch-up", {}),
    ):
        answer = await stage.tobias.slash(stage.stories, f"story {command}", **options)
        assert answer.ephemeral, command
        assert "is rated explicit" in answer.content, command
        assert "age-restricted" in answer.content, command
    assert await stage.tobias.autocomplete(stage.stories, "story place", "at", "") == []
    assert await stage.tobias.autocomplete(stage.stories, "story who", "character", "") == []
    stage.world.set_nsfw(stage.stories, True)
    unmoved = await stage.tobias.slash(stage.stories, "story quote", text="number 40")
    assert "I don't know how far you have read" in unmoved.content


async def test_an_author_chooses_what_readers_see_around_the_story(stage: Stage) -> None:
    text = f"Title: Oil\nPairing: Edda/Tomas\nA/N: For Ann.\n\n## Chapter 1\n\n{prose('oil', 200)}"
    card = await draft(stage, text.encode())
    assert "> Pairing: Edda/Tomas · not shown" in card["content"].replace("\\", "")
    panel = await stage.mara.click(card, label="Notes and tags")
    assert panel.message is not None
    (menu,) = panel.message["components"][0]["components"]
    options = [one["value"] for one in menu["options"]]
    assert options == ["1:post", "2:drop"]
    await stage.mara.choose(panel.message, ["1:post"], custom_id=menu["custom_id"])
    assert "**posted first**" in panel.content
    await stage.mara.click(card, label=CONFIRM)
    await stage.mara.click(card, label=BEGIN)
    (post,) = await stage.until_posts(1)
    assert "> Pairing: Edda/Tomas\n\nSentence number 0" in post["content"].replace("\\", "")
    about = await stage.tobias.slash(stage.stories, "story about")
    assert "For Ann" not in about.content  # who has not begun
    await stage.tobias.click(post, label=labels(post)[0])
    about = await stage.tobias.slash(stage.stories, "story about")
    assert "> A/N: For Ann." in about.content.replace("\\", "")
