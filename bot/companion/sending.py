"""From the hour of a subscription to a part that its reader has."""

from sqlalchemy import Connection

from bot.companion import places, subscriptions
from bot.companion.horizon import START
from bot.companion.subscriptions import PART, SLOT, STOPPED, Subscription, Why
from bot.delivery import service as outbox
from bot.delivery.loop import Hooks
from bot.delivery.rules import Row
from bot.errors import Conflict, NotFound
from bot.jobs import service as jobs
from bot.jobs.service import Job
from bot.people import service as people
from bot.people.service import Member
from bot.serials import extent, pages
from bot.serials.pages import Part
from bot.serials.posting import GRACE
from bot.serials.records import State


def on_slot(conn: Connection, job: Job, now: int) -> None:
    """The reader's hour has come: promise the next part, unless one is on its way, none is out or
    it is too late."""
    found = subscriptions.find(conn, int(job.key), lock=True)
    if found is None or found.why is not None or jobs.due_at(conn, SLOT, job.key) != job.due:
        return  # stopped or changed since the job was claimed
    subscriptions.set_timer(conn, found, now)
    if now - job.due < GRACE and found.promised is None:
        _promise(conn, found, job.due + GRACE)


def next_now(conn: Connection, member: Member, serial_id: int, after: int, now: int) -> None:
    """Send the part after part number `after`, the last one sent, at once; the hour stays as it
    was. Raises NotFound, Conflict."""
    found = subscriptions.mine(conn, member, serial_id, lock=True)
    if found is None or found.why is not None:
        raise NotFound(
            "I send you no more parts of this story. `/story subscribe`, in its server, goes on."
        )
    if found.promised is not None or found.place != extent.end(conn, serial_id, after):
        raise Conflict("The part after this one has come already, or is on its way.")
    if not _promise(conn, found, now + GRACE):
        raise Conflict("Nothing more is out yet. The next part comes by itself once it is.")


def promised(conn: Connection, subscription_id: int) -> tuple[Subscription, Part] | None:
    """The part that is on its way; None where it may not be sent any more."""
    found = subscriptions.find(conn, subscription_id)
    if found is None or found.promised is None or found.serial.story.rating.for_adults:
        return None
    part = pages.part(conn, found.promised)
    if part is None or part.number > extent.out(conn, part.serial_id).readable:
        return None
    return found, part


def is_last(found: Subscription, part: Part) -> bool:
    """Whether nothing will come after it."""
    return found.serial.story.complete and part.number == part.total


def _promise(conn: Connection, found: Subscription, not_after: int) -> bool:
    """False where nothing is out that the reader has neither been sent nor read."""
    serial = found.serial
    if serial.story.rating.for_adults:
        subscriptions.stop(conn, found.id, Why.FOR_ADULTS)
        return False
    bookmark = places.load(conn, found.person_id, serial.story.id).bookmark
    number = pages.first_unread(
        conn,
        serial.id,
        max(found.place, bookmark or START),
        extent.out(conn, serial.id).readable,
    )
    part = pages.numbered(conn, serial.id, number or 0)
    channel_id = people.dm_channel(conn, found.person_id)
    if part is None or channel_id is None or serial.state is State.STOPPED:
        return False
    subscriptions.change(conn, found.id, promised=part.id)
    outbox.forget(conn, PART, found.id)
    outbox.add(
        conn, PART, found.id, guild_id=None, channel_id=channel_id, parts=range(len(part.pages)),
        priority=outbox.EXCERPTS, not_after=not_after,
    )  # fmt: skip
    return True


def _on_sent(conn: Connection, row: Row, now: int) -> None:
    """A page is up. With the last one the reader has come so far."""
    sent = promised(conn, row.subject)
    if sent is None:
        _take_back(conn, row, now)
        return
    found, part = sent
    if row.part < len(part.pages) - 1:
        return
    place = {"place_ordinal": part.end.ordinal, "place_offset": part.end.offset}
    subscriptions.change(conn, found.id, promised=None, **place)
    before = places.load(conn, found.person_id, part.story_id)
    bookmark = max(before.bookmark or START, part.end)
    places.advance(conn, found.person_id, part.story_id, before, part.end, bookmark)
    if is_last(found, part):
        subscriptions.drop(conn, found.id)


def _take_back(conn: Connection, row: Row, now: int) -> None:
    """The part waits for its next time."""
    subscriptions.change(conn, row.subject, promised=None)
    outbox.forget(conn, PART, row.subject)


def _on_closed(conn: Connection, row: Row, now: int) -> None:
    subscriptions.stop(conn, row.subject, Why.CLOSED)


def _on_told(conn: Connection, row: Row, now: int) -> None:
    subscriptions.forget_stopped(conn, [row.subject])


JOBS = {SLOT: on_slot}
HOOKS = {
    PART: Hooks(
        sent=_on_sent, withdrawn=_take_back, blocked=_on_closed, gone=_on_closed, refused=_on_closed
    ),
    STOPPED: Hooks(sent=_on_told),
}
