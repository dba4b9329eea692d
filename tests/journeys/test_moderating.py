"""What moderators do about what members write."""

import pytest

from playground.inputs import Impossible
from playground.people import Answer, Person
from tests.journeys.stage import Json, Stage

MESSAGE_COMMAND = 2, 3  # the kind of interaction, and of command


async def remove_text(stage: Stage, person: Person, message: Json) -> Answer:
    """Run "Remove text" from the message's menu."""
    kind, of_command = MESSAGE_COMMAND
    (command,) = (
        one
        for one in stage.world.commands(person.id, stage.stories)
        if (one["name"], one["type"]) == ("Remove text", of_command)
    )
    data = {
        "id": command["id"],
        "name": command["name"],
        "type": of_command,
        "target_id": message["id"],
        "resolved": {"messages": {message["id"]: message}},
    }
    answer = Answer(
        stage.world,
        stage.world.discord.open_interaction(kind, stage.stories, person.id, data),
    )
    await answer.settle()
    return answer


async def test_a_sprints_title_is_removed_from_its_messages(stage: Stage) -> None:
    await stage.mara.slash(stage.stories, "sprint start", title="Something rude", **{"in": 0})
    (board,) = await stage.until_posts(1)
    assert "Something rude" in board["content"]
    with pytest.raises(Impossible):
        await stage.tobias.context_menu(stage.stories, "Remove text", board)
    for said in ("title is removed", "has no title"):
        answer = await remove_text(stage, stage.odalys, board)
        assert answer.ephemeral
        assert said in answer.content
    await stage.settle()
    (board,) = stage.posts()
    assert "rude" not in board["content"]
    assert "Mara" in board["content"]


async def test_there_is_nothing_to_remove_from_other_messages(stage: Stage) -> None:
    part = await stage.publish()
    said = stage.tobias.say(stage.stories, "Lovely")
    lovely = stage.world.message(stage.stories, said, stage.odalys.id)
    assert lovely is not None
    for message in (part, lovely):
        answer = await remove_text(stage, stage.odalys, message)
        assert "no text of a member's" in answer.content
