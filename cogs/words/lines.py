"""What `/wrote` says to everyone: a line each time or, once a member has said much in a row, one
line that grows."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import aiohttp
import discord

from bot.people.service import Member
from bot.words import service
from bot.words.ledger import Entry
from bot.words.service import Wrote
from cogs.ui.asking import member
from cogs.ui.components import Interaction
from cogs.words import cards

log = logging.getLogger(__name__)


@dataclass
class Line:
    """The answer to an interaction, and the entries that it tells of, of one day and unit."""

    answered: Interaction
    entries: list[Entry]
    today: date
    stale: bool = False
    busy: bool = False

    def takes(self, entry: Entry) -> bool:
        place, mine = entry.place, self.entries[0].place
        return (place.day, place.unit) == (mine.day, mine.unit)

    def tells_of(self, entry_id: int) -> bool:
        return any(entry.id == entry_id for entry in self.entries)

    async def update(self, writer: Member) -> None:
        """Have it say what its entries come to now. However often that is asked for meanwhile, it
        is edited by one at a time."""
        self.stale = True
        if self.busy:
            return
        self.busy = True
        try:
            while self.stale:
                self.stale = False
                await self._edit(writer)
        except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
            log.info("A line of /wrote could not be edited: %s", error)
        finally:
            self.busy = False

    async def _edit(self, writer: Member) -> None:
        found = await self.answered.client.services.database.read(
            service.standing, writer, [entry.id for entry in self.entries]
        )
        await self.answered.edit_original_response(
            content=cards.merged(writer.name, found, self.today), view=None
        )


@dataclass
class Lines:
    """The latest line of each member in each channel, as long as Discord lets it be edited."""

    _latest: dict[tuple[int, int | None], Line] = field(default_factory=dict)

    def begin(self, interaction: Interaction, done: Wrote) -> None:
        """The interaction has been answered for everyone with this entry."""
        self._latest = {
            key: line for key, line in self._latest.items() if not line.answered.is_expired()
        }
        self._latest[_key(interaction)] = Line(interaction, [done.entry], done.today)

    async def merge(self, interaction: Interaction, entry: Entry) -> None:
        """Tell of the entry in the member's latest line, if it is of the same day and unit."""
        line = self._latest.get(_key(interaction))
        if line is not None and line.takes(entry) and not line.answered.is_expired():
            line.entries.append(entry)
            await line.update(member(interaction))

    async def changed(self, interaction: Interaction, entry_id: int) -> None:
        """An entry has been taken back or moved. A line of one entry alone has its own *Undo*."""
        for line in self._of(interaction, entry_id):
            if len(line.entries) > 1:
                await line.update(member(interaction))

    def end(self, interaction: Interaction, entry_id: int) -> None:
        """The line of this entry says something else now."""
        for line in self._of(interaction, entry_id):
            self._latest = {key: one for key, one in self._latest.items() if one is not line}

    def _of(self, interaction: Interaction, entry_id: int) -> Sequence[Line]:
        return [
            line
            for (member_id, _), line in self._latest.items()
            if member_id == interaction.user.id and line.tells_of(entry_id)
        ]


def _key(interaction: Interaction) -> tuple[int, int | None]:
    return interaction.user.id, interaction.channel_id
