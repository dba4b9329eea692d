"""Putting right in the ledger what was counted in a sprint: the sprint says the same then."""

from sqlalchemy import Connection, insert, select, update

from bot.delivery import service as outbox
from bot.people import service as people
from bot.people.service import Member
from bot.sprints import bell
from bot.sprints.tables import declarations, participants
from bot.words import ledger
from bot.words import service as words
from bot.words.amounts import Amount
from bot.words.ledger import Entry


def edit(
    conn: Connection,
    member: Member,
    entry_id: int,
    amount: Amount,
    note: str | None,
    *,
    now: int,
    interaction_id: int,
) -> Entry:
    """Change an entry's amount or note. Raises BadInput, NotFound."""
    entry = words.edit(conn, member, entry_id, amount, note, now=now, interaction_id=interaction_id)
    _have_sprint_follow(conn, member, entry, interaction_id)
    return entry


def undo(
    conn: Connection, member: Member, entry_id: int, *, now: int, interaction_id: int
) -> Entry:
    """Take an entry back. Raises NotFound."""
    entry = words.undo(conn, member, entry_id, now=now, interaction_id=interaction_id)
    _have_sprint_follow(conn, member, entry, interaction_id)
    return entry


def _have_sprint_follow(
    conn: Connection, member: Member, entry: Entry, interaction_id: int
) -> None:
    """The count of the sprint that made the entry, if one did, becomes what the entry says now;
    `/sprint undo` goes back to what it was."""
    if entry.source != words.SPRINT:
        return
    me = conn.execute(
        select(participants).where(
            participants.c.person_id == people.find(conn, member.discord_id),
            participants.c.entry_id == ledger.first_id(conn, entry.id),
        )
    ).one_or_none()
    written = None if entry.void else entry.amount
    if me is None or me.written == written:
        return
    said = {
        "written": written,
        "count": None if me.start is None or written is None else me.start + written,
        "confirmed": 1,
        "final": 0 if entry.void else me.final,
    }
    conn.execute(
        insert(declarations).values(participant_id=me.id, interaction_id=interaction_id, **said)
    )
    conn.execute(update(participants).where(participants.c.id == me.id).values(said))
    outbox.mark_dirty(conn, bell.RESULTS, me.round_id)
