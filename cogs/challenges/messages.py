"""The messages of a challenge: its board, its evenings, its end."""

from discord import ButtonStyle
from discord.ui import View

from bot.challenges import records, standing, telling
from bot.challenges.records import BOARD, FINAL, HOMELESS, SUMMARY, Challenge, State
from bot.client import Services
from bot.db.engine import Database
from bot.delivery import service as outbox
from bot.delivery.discord_sender import Content, Renderer
from bot.delivery.rules import Row
from cogs.challenges import cards, pictures
from cogs.challenges.buttons import (
    AddButton,
    MoveButton,
    certificate_button,
    join_button,
    where_button,
)
from cogs.ui import posts
from cogs.ui.components import row as buttons
from cogs.ui.pictures import drawn


class Messages:
    def __init__(self, services: Services) -> None:
        self._services = services

    @property
    def renderers(self) -> dict[str, Renderer]:
        return {
            BOARD: self.board,
            SUMMARY: self.evening,
            FINAL: self.final,
            HOMELESS: self.homeless,
        }

    async def board(self, row: Row) -> Content | None:
        database = self._services.database
        challenge = await database.read(records.find, row.subject)
        if challenge is None:
            return None
        found = await database.read(standing.board, challenge, self._services.clock.now())
        return Content(cards.board(found), board_buttons(challenge, row.nonce))

    async def evening(self, row: Row) -> Content | None:
        database = self._services.database
        found = await database.read(telling.evening, row.subject, row.part)
        if found is None:
            return None
        add = AddButton(
            f"Add my {found.challenge.unit}", row.subject, style=ButtonStyle.primary,
            token=row.nonce,
        )  # fmt: skip
        room = pictures.room(found)
        text = cards.evening(found, room, await board_link(database, row.subject))
        picture = await drawn(self._services.pictures, room)
        return Content(text, buttons(add, where_button(row.subject)), picture=picture)

    async def final(self, row: Row) -> Content | None:
        found = await self._services.database.read(telling.final, row.subject, row.part)
        if found is None:
            return None
        view = buttons(certificate_button(row.subject, row.nonce), where_button(row.subject))
        return Content(cards.final(found, row.part), view)

    async def homeless(self, row: Row) -> Content | None:
        challenge = await self._services.database.read(records.find, row.subject)
        if challenge is None or challenge.state is State.CANCELLED:
            return None
        here = MoveButton("Post it here", row.subject, style=ButtonStyle.primary, token=row.nonce)
        return Content(cards.homeless(challenge), buttons(here))


def board_buttons(challenge: Challenge, token: str = "") -> View | None:
    where = where_button(challenge.id, token)
    if challenge.running:
        return buttons(join_button(challenge.id), where)
    return buttons(where, certificate_button(challenge.id)) if challenge.over else None


async def board_link(database: Database, challenge_id: int) -> str | None:
    """To the message that everyone sees, once it is up."""
    boards = await database.read(outbox.messages, BOARD, challenge_id)
    return next((posts.link(one) for one in boards if one.message_id is not None), None)
