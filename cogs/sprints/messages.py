"""The four messages of a round: board, go, bell, results."""

from discord import ButtonStyle

from bot.charts.pictures import Pictures
from bot.db.engine import Database
from bot.delivery import service as outbox
from bot.delivery.discord_sender import Content
from bot.delivery.rules import Row
from bot.sprints import bell, records, reminders, results
from bot.sprints.records import Participant, Round
from bot.sprints.rules import State
from cogs.sprints import cards
from cogs.sprints.buttons import JoinButton, SameButton, WhereButton, WordsButton
from cogs.ui.components import row as buttons
from cogs.ui.pictures import drawn

FEWEST_BARS = 2  # one alone says nothing


class Messages:
    def __init__(self, database: Database, pictures: Pictures) -> None:
        self._database = database
        self._pictures = pictures

    async def board(self, row: Row) -> Content | None:
        found = await self._database.read(records.find, row.subject)
        if found is None:
            return None
        everyone = await self._database.read(records.participants_of, found)
        told = await self._database.read(reminders.told, found)
        text = cards.board(found, _here(everyone), told, await self._results_link(found))
        if not found.state.live:
            return Content(text)
        if found.state is State.COUNTING:
            return Content(text, buttons(_words(found, row.nonce)))
        join = JoinButton("Join", found.id, style=ButtonStyle.success, token=row.nonce)
        items = [join, SameButton("Same as last time", found.id)]
        view = buttons(*items, *([] if found.state is State.WAITING else [_words(found)]))
        return Content(text, view, told.users, told.roles)

    async def go(self, row: Row) -> Content | None:
        found = await self._database.read(records.find, row.subject)
        if found is None or (found.state is not State.RUNNING and row.message_id is None):
            return None
        users = await self._pinged(found)
        return Content(cards.go(found, users), users=users)

    async def bell(self, row: Row) -> Content | None:
        found = await self._database.read(records.find, row.subject)
        if found is None or found.rang_at is None:
            return None
        users = await self._pinged(found)
        if found.state is State.CANCELLED:
            return Content(cards.bell(found, users), users=users)
        return Content(cards.bell(found, users), buttons(_words(found, row.nonce)), users)

    async def results(self, row: Row) -> Content | None:
        found = await self._database.read(records.find, row.subject)
        if found is None or found.state is not State.FINISHED:
            return None
        came = await self._database.read(results.of, found)
        picture = None
        if len(came.lines) >= FEWEST_BARS:
            picture = await drawn(self._pictures, cards.bars(found, came))
        where = WhereButton("Where am I?", found.id)
        view = buttons(_words(found, row.nonce), where)
        return Content(cards.results(found, came), view, picture=picture)

    async def _pinged(self, found: Round) -> tuple[int, ...]:
        everyone = await self._database.read(records.participants_of, found)
        ids = [one.discord_id for one in _here(everyone) if one.discord_id is not None]
        return tuple(ids[: cards.MOST_PINGS])

    async def _results_link(self, found: Round) -> str | None:
        if found.state is not State.FINISHED:
            return None
        posted = await self._database.read(outbox.messages, bell.RESULTS, found.id)
        ids = [message.message_id for message in posted if message.message_id is not None]
        if not ids:
            return None
        place = f"{found.guild_id}/{found.channel_id}/{ids[0]}"
        return f"[results](<https://discord.com/channels/{place}>)"


def _here(everyone: list[Participant]) -> list[Participant]:
    return [one for one in everyone if not one.left]


def _words(found: Round, token: str = "") -> WordsButton:
    return WordsButton("Enter words", found.id, style=ButtonStyle.primary, token=token)
