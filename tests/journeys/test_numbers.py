"""Whatever number, date or id people type, they are answered with a sentence."""

from collections.abc import Iterator

from tests.journeys.stage import Json, Stage
from tests.journeys.steps import CHANNEL, INTEGER, STRING, leaves

NUMBER = "9" * 26
TYPED = (
    f"#{NUMBER}",
    f"#{2**63 - 1}",
    f"#{2**31}",
    NUMBER,
    "9" * 5000,  # Python itself refuses to make a number of so many digits
    f"#{'9' * 5000}",
    f"={NUMBER}",
    "-1",
    "9999-12-31",
    "31 December 9999",
    "0001-01-01",
    "9999 days ago",
    "9999 days",
)
LARGEST_IN_DISCORD = 2**53 - 1  # of what an option may hold

# What a command needs besides the option that is tried; and where there is nothing to type.
NEEDED = {"amount": "5", "count": "5", "time": "09:00", "title": "A title"}
FILES = ("serial add", "serial update", "character import", "me import")


def values(option: Json) -> Iterator[str | int]:
    if "choices" in option:
        return
    if option["type"] == STRING:
        longest = option.get("max_length", 6000)
        yield from (typed for typed in TYPED if len(typed) <= longest)
    elif option["type"] == INTEGER:
        yield option.get("max_value", LARGEST_IN_DISCORD)
        yield option.get("min_value", -LARGEST_IN_DISCORD)


def needed(options: list[Json], channel: int) -> dict[str, str | int]:
    """Something for each option that has to be given."""
    found: dict[str, str | int] = {}
    for option in options:
        if not option.get("required"):
            continue
        if option["type"] == CHANNEL:
            found[option["name"]] = channel
        elif choices := option.get("choices"):
            found[option["name"]] = choices[0]["value"]
        else:
            found[option["name"]] = NEEDED.get(option["name"], "1")
    return found


async def test_every_number_is_answered_with_a_sentence(stage_on_either: Stage) -> None:
    stage = stage_on_either
    odalys, channel = stage.odalys, stage.stories
    stage.mara = odalys  # who then may run every command there is
    await stage.publish()
    tried = 0
    for name, leaf in leaves(stage.world.commands(odalys.id, channel)):
        options = leaf.get("options") or []
        if name in FILES:
            continue
        for option in options:
            for value in values(option):
                if option.get("autocomplete"):
                    await odalys.autocomplete(channel, name, option["name"], value)
                given = needed(options, channel) | {option["name"]: value}
                answer = await odalys.slash(channel, name, **given)
                said = f"/{name} {option['name']}:{str(value)[:30]} was answered: {answer.content}"
                assert not answer.failed, said
                assert "Sorry, something went wrong" not in answer.content, said
                tried += 1
    assert tried > 500
