"""Pictures as people get them."""

import io

import aiohttp
from PIL import Image

from playground.people import Answer
from tests.journeys.stage import Json, Stage


async def picture(stage: Stage, answer: Answer) -> Json:
    """What an answer is given after it."""

    def attached() -> list[Json]:
        assert answer.message is not None
        return list(answer.message["attachments"])

    (found,) = await stage.playground.wait_for(attached, what="the picture")
    await check(found)
    return found


async def check(attachment: Json) -> None:
    """It is one, and says what it shows."""
    assert attachment["description"]
    async with aiohttp.ClientSession() as session, session.get(attachment["url"]) as response:
        assert Image.open(io.BytesIO(await response.read())).size[0] == 1080
