"""Who is who: an author keeps cards, and readers are told what they have read."""

import pytest

from playground.people import Answer
from tests.journeys.stage import EPHEMERAL, Json, Stage, labels

STORY = """\
# The Lantern

By Mara

## Chapter 1: Oil

The rain came down. “I never sleep,” said the Owl to nobody in particular that night.

Edda lit the lamp. Tobias watched Edda do it, and Tobias’s dog watched Tobias.

Tobias Quill went home alone. “So this is how it ends,” said Tobias to the dog.

## Chapter 2: Wick

In the morning the Owl was gone. “You are the Owl,” Tobias said to Edda.

## Chapter 3: Flame

Nobody had ever told Edda that. The Owl laughed, and Ines, her sister, laughed with her.
""".encode()

SAID, KNOWN_FROM = "Name, alias or fact (empty: take it off)", "From where readers may know it"

CARDS = b"""\
- name: Edda
  aliases:
    - name: the Owl
      from: You are the Owl
  facts:
    - text: Keeps the *lamp*.
      from: start
    - text: Has a sister.
      from: a sister of hers
- name: Ines
"""


def options(answer: Answer, menu: int = 0) -> list[str]:
    assert answer.message is not None
    return [one["label"] for one in answer.message["components"][menu]["components"][0]["options"]]


def custom_id(message: Json | None, line: int) -> str:
    assert message is not None
    return str(message["components"][line]["components"][0]["custom_id"])


async def begun(stage: Stage) -> None:
    """Two of three chapters are out."""
    await stage.publish(STORY)
    stage.turn_to_nine()
    await stage.until_posts(2)


async def who(stage: Stage, name: str) -> str:
    answer = await stage.tobias.slash(stage.stories, "story who", character=name)
    assert answer.ephemeral
    return answer.content


async def suggested(stage: Stage, typed: str = "") -> list[str]:
    found = await stage.tobias.autocomplete(stage.stories, "story who", "character", typed)
    return [choice.name for choice in found]


async def test_an_author_accepts_names_and_says_from_where_they_are_known(
    stage_on_either: Stage,
) -> None:
    stage = stage_on_either
    await begun(stage)
    await stage.tobias.slash(stage.stories, "story place", at="1")
    assert "has named no characters" in await who(stage, "Edda")

    proposed = await stage.mara.slash(stage.stories, "character add")
    assert proposed.ephemeral
    assert options(proposed)[0] == "Tobias"
    assert "Edda" in options(proposed)
    assert proposed.message
    await stage.mara.choose(proposed.message, ["Tobias", "Edda"])
    await stage.playground.wait_for(lambda: "Kept: 2 characters" in proposed.content)
    found = await who(stage, "Edda")
    assert "**Edda**" in found
    assert "How often: Chapter 1: Oil (2)." in found
    assert await suggested(stage) == ["Edda", "Tobias", "Tobias Quill"]

    asked = await stage.mara.slash(
        stage.stories, "character alias", character="Edda", alias="the Owl"
    )
    assert "the Owl · **shown to nobody" in asked.content
    assert "the Owl" not in await suggested(stage)
    assert [one[:12] for one in options(asked, 1)] == [
        "The start of", "The rain cam", "In the morni", "Nobody had e",
    ]  # fmt: skip
    assert asked.message
    bound = await stage.mara.choose(
        asked.message, [options(asked, 1)[2]], custom_id=custom_id(asked.message, 1)
    )
    assert "the Owl · known from part 2 on" in bound.content
    nobody, not_yet = await who(stage, "the Cat"), await who(stage, "the Owl")
    assert not_yet == nobody.replace("the Cat", "the Owl")


async def test_a_reader_behind_and_one_ahead_are_told_different_things(stage: Stage) -> None:
    await begun(stage)
    brought = await stage.mara.slash(stage.stories, "character import", file=("cards.yaml", CARDS))
    assert "Kept: 2 characters" in brought.content
    assert "I don't find “a sister of hers” in the story" in brought.content
    assert "**1 shown to nobody yet**" in brought.content

    unknown = await who(stage, "Edda")
    assert "How far have you read *The Lantern*?" in unknown
    assert await suggested(stage) == []

    await stage.tobias.slash(stage.stories, "story place", at="1")
    behind = await who(stage, "Edda")
    assert "Owl" not in behind
    assert "Keeps the \\*lamp\\*." in behind
    assert "Has a sister" not in behind
    assert behind.endswith("Looked up to Chapter 1: Oil, part 1.")
    post = stage.posts()[0]
    assert (
        f"[Chapter 1: Oil, part 1](https://discord.com/channels/{stage.guild}/{stage.stories}/{post['id']})"
        in behind
    )
    assert await suggested(stage) == ["Edda"]

    await stage.tobias.slash(stage.stories, "story place", at="caught up")
    ahead = await who(stage, "the Owl")
    assert "**Edda**\nAlso: the Owl" in ahead
    assert "Chapter 1: Oil (3) · Chapter 2: Wick (3)" in ahead
    assert "> “I never sleep,” said the Owl to nobody in particular that night." in ahead
    assert await suggested(stage) == ["Edda", "the Owl"]
    assert "there is no character “Ines”" in await who(stage, "Ines")
    stage.turn_to_nine()
    await stage.until_posts(3)
    assert "**Ines**" in await who(stage, "Ines")


async def test_a_card_is_changed_and_removed(stage: Stage) -> None:
    await begun(stage)
    await stage.tobias.slash(stage.stories, "story place", at="caught up")
    kept = await stage.mara.slash(stage.stories, "character add", name="Edda")
    assert "named from part 1 on" in kept.content
    asked = await stage.mara.slash(stage.stories, "character fact", character="Edda", fact="Lies.")
    assert "Lies. · **shown to nobody" in asked.content
    assert "Lies." not in await who(stage, "Edda")
    card = await stage.mara.slash(
        stage.stories, "character fact", character="edda", fact="Lies.", **{"from": "part 2"}
    )
    assert "Lies. · known from part 2 on" in card.content
    assert "- Lies." in await who(stage, "Edda")

    assert card.message
    form = await stage.mara.choose(card.message, ["Lies."])
    assert form.modal
    refused = await stage.mara.submit(form, {SAID: "Never lies.", KNOWN_FROM: "part 9"})
    assert refused.content == "There is no part 9: the story has 3."
    assert "- Lies." in await who(stage, "Edda")
    form = await stage.mara.choose(card.message, ["Lies."])
    changed = await stage.mara.submit(form, {SAID: "Never lies."})
    assert "Never lies. · known from part 2 on" in changed.content
    form = await stage.mara.choose(card.message, ["Never lies."])
    unbound = await stage.mara.submit(form, {KNOWN_FROM: ""})
    assert "Never lies. · **shown to nobody" in unbound.content
    assert "lies" not in await who(stage, "Edda")

    all_of = await stage.mara.slash(stage.stories, "character edit")
    assert "- **Edda** · 0 other names, 1 fact · **1 shown to nobody yet**" in all_of.content
    assert all_of.message
    opened = await stage.mara.choose(all_of.message, ["Edda"])
    assert "Never lies." in opened.content

    asked = await stage.mara.slash(stage.stories, "character remove", character="Edda")
    assert labels(asked.message) == ["Remove"]
    assert asked.message
    removed = await stage.mara.click(asked.message, label="Remove")
    assert removed.content == "The card is removed."
    assert "has named no characters" in await who(stage, "Edda")


async def test_nobody_else_keeps_cards_or_sees_them(stage: Stage) -> None:
    await begun(stage)
    card = await stage.mara.slash(stage.stories, "character add", name="Ines")
    for person in (stage.tobias, stage.odalys):
        for command, given in (
            ("add", {}),
            ("add", {"story": "The Lantern"}),
            ("edit", {}),
            ("alias", {"character": "Ines", "alias": "x"}),
            ("remove", {"character": "Ines"}),
        ):
            answer = await person.slash(stage.stories, f"character {command}", **given)
            assert answer.ephemeral
            assert "Ines" not in answer.content
            assert "no story here" in answer.content or "no such story" in answer.content
        suggested = await person.autocomplete(stage.stories, "character edit", "character", "")
        assert suggested == []
    assert card.message
    assert card.message["flags"] & EPHEMERAL


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"- name: [", "That file is not YAML"),
        (b"x" * 50_001, "larger than 50 KB"),
        (b"\xff\xfe", "not text in UTF-8"),
    ],
)
async def test_a_bad_file_changes_nothing(stage: Stage, file: bytes, sentence: str) -> None:
    await stage.publish(STORY)
    answer = await stage.mara.slash(stage.stories, "character import", file=("cards.yaml", file))
    assert sentence in answer.content
    left = await stage.mara.slash(stage.stories, "character edit")
    assert "You keep no characters" in left.content


async def test_what_is_for_adults_names_nobody_in_a_channel_for_everyone(stage: Stage) -> None:
    await begun(stage)
    await stage.mara.slash(stage.stories, "character add", name="Edda")
    await stage.tobias.slash(stage.stories, "story place", at="1")
    await stage.mara.slash(stage.stories, "serial rate", rating="explicit")
    assert "age-restricted" in await who(stage, "Edda")
    assert await suggested(stage) == []
    mine = await stage.mara.slash(stage.stories, "character edit")
    assert "Edda" not in mine.content
