"""Whatever a reader asks: nothing of what they have not reached is in any answer, suggestion, link
or picture's description, and what lies there changes nothing of what they are told."""

import json
import re

from playground.people import Answer
from tests.conftest import NewDatabase
from tests.journeys.conftest import running
from tests.journeys.stage import Json, Stage

# Chapter 2 in two versions: as far as Tobias has read they are one story.
AFTER = {
    "quicksilver": "Zephyrine poured quicksilver for Edda at the lamp, and Edda was the Admiral.",
    "marmalade": "Bartholomew spread marmalade on the lamp for Edda, and Edda was the cook.",
}
BEFORE = [
    "Edda lit the lamp because the harbour was dark and Tobias had the key.",
    "“The lamp is out,” said Edda to nobody in particular on the stairs.",
    "Tobias went down to the harbour with the key and did not come back.",
]
PARTS = 2  # one a chapter
ASKED: tuple[tuple[str, dict[str, str]], ...] = (
    ("story about", {}),
    ("story chapters", {}),
    ("story catch-up", {}),
    ("story search", {"text": "lamp"}),
    ("story search", {"text": "edda -key"}),
    ("story search", {"text": "admiral"}),
    ("story ask", {"question": "Why did Edda light the lamp?"}),
    ("story ask", {"question": "Who is the Admiral?"}),
    ("story who", {"character": "Edda"}),
    ("story who", {"character": "the Admiral"}),
    ("story quote", {}),
    ("story quote", {"text": "lamp"}),
    ("story place", {"at": "5000"}),
    ("serial status", {}),
    ("serial readers", {}),
    ("help", {}),
)
COMPLETED = (
    ("story who", "character"),
    ("story place", "at"),
    ("story read", "story"),
)


def lantern(word: str) -> bytes:
    first = "\n\n".join(" ".join([line] * 5) for line in BEFORE)
    second = "\n\n".join(" ".join([AFTER[word]] * 5) for _ in BEFORE)
    title = word.title()
    return (
        f"# The Lantern\n\nBy Mara\n\n## Chapter 1: Oil\n\n{first}\n\n## Chapter 2: {title}\n\n"
        f"{second}\n"
    ).encode()


def told(answer: Answer) -> str:
    """All that is sent, but for ids and what the clock shows."""
    assert not answer.failed
    messages: list[Json] = [one for one in (answer.message, *answer.followups) if one is not None]
    kept = [
        {key: message.get(key) for key in ("content", "embeds", "components", "attachments")}
        for message in messages
    ]
    return re.sub(r"\d{6,}|<t:[^>]*>", "#", json.dumps(kept, ensure_ascii=False))


async def everything(stage: Stage, word: str) -> list[str]:
    """What Tobias, who has read the first chapter, is told once all of it is out."""
    await stage.publish(lantern(word))
    for count in range(2, PARTS + 1):
        stage.turn_to_nine()
        await stage.until_posts(count)
    for name in ("Edda", "Tobias", word.title()):
        await stage.mara.slash(stage.stories, "character add", name=name)
    hidden = "Edda was the"
    await stage.mara.slash(
        stage.stories, "character fact", character="Edda", fact=f"She knows of {word}.",
        **{"from": hidden},
    )  # fmt: skip
    for post in stage.posts():
        saved = await stage.odalys.context_menu(stage.stories, "Save a quote", post)
        line = next(one for one in (*BEFORE, AFTER[word]) if one in post["content"])
        await stage.odalys.submit(saved, {"Cut off what is before and after": line})
    await stage.tobias.slash(stage.stories, "story place", at=str(PARTS // 2))
    found = [
        told(await stage.tobias.slash(stage.stories, name, **options)) for name, options in ASKED
    ]
    for name, option in COMPLETED:
        choices = await stage.tobias.autocomplete(stage.stories, name, option, "")
        found.append(json.dumps([choice.name for choice in choices]))
    return found


async def test_nothing_told_gives_away_what_comes(new_sqlite: NewDatabase) -> None:
    answers = {}
    for word in AFTER:
        async with running(new_sqlite()) as stage:
            answers[word] = await everything(stage, word)
    seen = {*re.findall(r"\w+", " ".join(BEFORE).lower())}
    asked = [(name, " ".join(options.values())) for name, options in ASKED]
    asked += [(name, "") for name, _ in COMPLETED]
    for (name, typed), one, other in zip(asked, *answers.values(), strict=True):
        assert one == other, name
        for word, text in AFTER.items():
            secret = {*re.findall(r"\w{5,}", f"{text} {word}".lower())} - seen
            words = {*re.findall(r"\w+", f"{one} {other}".lower())}
            assert not secret & words - {*re.findall(r"\w+", typed.lower())}, name
