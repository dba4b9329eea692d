"""What `/wrote` says to everyone: a line each time or, once a member has said much in a row, one
line that grows."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import aiohttp
import discord

from bot.people import answers
from bot.people.service import Member
from bot.words import service
from bot.words.ledger import Entry
from bot.words.service import Wrote
from cogs.ui.asking import member
from cogs.ui.components import Interaction
from cogs.words import cards

log = logging.getLogger(__name__)


@dataclass(eq=False)
class Line:
    """A message in answer to an interaction, and the entries that it tells of, of one day and
    unit."""

    answered: Interaction
    message_id: int
    entries: list[Entry]
    today: date
    stale: bool = False
    gone: bool = False
    editing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def takes(self, entry: Entry) -> bool:
        place, mine = entry.place, self.entries[0].place
        return (place.day, place.unit) == (mine.day, mine.unit)

    def tells_of(self, entry_id: int) -> bool:
        return any(entry.id == entry_id for entry in self.entries)

    async def update(self, writer: Member) -> bool:
        """Have it say what its entries come to now: whether it is still there to say it. However
        often that is asked for meanwhile, it is edited by one at a time."""
        self.stale = True
        async with self.editing:
            try:
                if self.stale:
                    self.stale = False
                    await self._edit(writer)
            except discord.NotFound:
                self.gone = True
            except (discord.HTTPException, aiohttp.ClientError, OSError) as error:
                log.info("A line of /wrote could not be edited: %s", error)
        return not self.gone

    async def _edit(self, writer: Member) -> None:
        found = await self.answered.client.services.database.read(
            service.standing, writer, [entry.id for entry in self.entries]
        )
        await self.answered.followup.edit_message(
            self.message_id, content=cards.merged(writer.name, found, self.today), view=None
        )


@dataclass
class Lines:
    """The lines of each member in each channel, the latest last, as long as Discord lets them be
    edited."""

    _lines: dict[tuple[int, int | None], list[Line]] = field(default_factory=dict)

    def begin(self, interaction: Interaction, message_id: int, done: Wrote) -> None:
        """The interaction has been answered for everyone with this entry."""
        live = {
            key: [line for line in lines if not line.answered.is_expired()]
            for key, lines in self._lines.items()
        }
        self._lines = {key: lines for key, lines in live.items() if lines}
        line = Line(interaction, message_id, [done.entry], done.today)
        self._lines.setdefault(_key(interaction), []).append(line)

    async def can_take(self, interaction: Interaction, entry: Entry) -> bool:
        """Whether a line of the member's in the channel can tell of the entry. Once they have been
        erased, none of their lines can."""
        line = self._latest(interaction, entry)
        if line is None:
            return False
        noted = await interaction.client.services.database.read(
            answers.is_noted, interaction.user.id, line.message_id
        )
        if not noted:
            self._forget(interaction.user.id)
        return noted

    async def merge(self, interaction: Interaction, entry: Entry) -> bool:
        """Tell of the entry in the member's latest line of its day and unit. False where that is
        not there any more."""
        line = self._latest(interaction, entry)
        if line is None:
            return False
        line.entries.append(entry)
        if await line.update(member(interaction)):
            return True
        self._drop(line)
        return False

    async def changed(self, interaction: Interaction, entry_id: int) -> None:
        """An entry has been taken back or moved. A line of one entry alone has its own *Undo*."""
        for line in self._of(interaction, entry_id):
            if len(line.entries) > 1 and not await line.update(member(interaction)):
                self._drop(line)

    def end(self, interaction: Interaction, entry_id: int) -> None:
        """The line of this entry says something else now."""
        for line in self._of(interaction, entry_id):
            self._drop(line)

    def _forget(self, member_id: int) -> None:
        self._lines = {key: lines for key, lines in self._lines.items() if key[0] != member_id}

    def _latest(self, interaction: Interaction, entry: Entry) -> Line | None:
        """That can tell of the entry."""
        lines = self._lines.get(_key(interaction), [])
        can = (one for one in reversed(lines) if one.takes(entry) and not one.answered.is_expired())
        return next(can, None)

    def _drop(self, line: Line) -> None:
        for lines in self._lines.values():
            if line in lines:
                lines.remove(line)

    def _of(self, interaction: Interaction, entry_id: int) -> Sequence[Line]:
        return [
            line
            for (member_id, _), lines in self._lines.items()
            if member_id == interaction.user.id
            for line in lines
            if line.tells_of(entry_id) and not line.answered.is_expired()
        ]


def _key(interaction: Interaction) -> tuple[int, int | None]:
    return interaction.user.id, interaction.channel_id
