"""What moderators do about what members write."""

import re

import discord
import pytest

from playground.inputs import Impossible
from playground.people import Answer, Person
from tests.journeys.stage import Json, Stage


async def remove_text(stage: Stage, person: Person, message: Json) -> Answer:
    return await person.context_menu(stage.stories, "Remove text", message)


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


async def test_an_entry_is_left_off_the_servers_boards_and_stays_the_members(stage: Stage) -> None:
    await stage.tobias.slash(stage.stories, "wrote", amount="350")
    await stage.tobias.slash(stage.stories, "wrote", amount="9999", note="secret")
    with pytest.raises(Impossible):
        await stage.tobias.slash(stage.stories, "setup entries", member=stage.tobias.id)

    shown = await stage.odalys.slash(stage.stories, "setup entries", member=stage.tobias.id)
    assert shown.ephemeral
    assert "secret" not in shown.content
    assert shown.message is not None
    await stage.odalys.choose(shown.message, [newest(shown.message)["value"]])
    assert left_off(shown) == ["9,999 words"]
    await stage.stop_bot()
    await stage.start_bot()  # the menu outlives a restart
    await stage.odalys.choose(shown.message, [newest(shown.message)["value"]])
    assert left_off(shown) == []

    mine = await stage.tobias.slash(stage.stories, "words history")
    assert "9,999 words" in mine.content
    nobody = await stage.odalys.slash(stage.stories, "setup entries", member=stage.mara.id)
    assert "has made no entries in this server that others may see" in nobody.content


async def test_who_no_longer_manages_the_server_leaves_nothing_off(stage: Stage) -> None:
    manager = stage.world.role(stage.guild, "Manager", discord.Permissions(manage_guild=True))
    ines = stage.playground.person(stage.world.user("Ines"))
    stage.world.join(stage.guild, ines.id, [manager])
    await stage.tobias.slash(stage.stories, "wrote", amount="350")
    shown = await ines.slash(stage.stories, "setup entries", member=stage.tobias.id)
    assert shown.message is not None
    stage.world.discord.edit_role(stage.guild, manager, {"permissions": 0})
    refused = await ines.choose(shown.message, [newest(shown.message)["value"]])
    assert "need the permission" in refused.content
    again = await stage.odalys.slash(stage.stories, "setup entries", member=stage.tobias.id)
    assert left_off(again) == []


def newest(message: Json) -> Json:
    option: Json = message["components"][0]["components"][0]["options"][0]
    return option


def left_off(shown: Answer) -> list[str]:
    return re.findall(r"^- ~~\S+: (.+)~~ left off$", shown.content, re.MULTILINE)
