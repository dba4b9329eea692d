"""Subscriptions: parts of a story by direct message, at the reader's own pace and hour."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, delete, select, update

from bot.companion import places
from bot.companion.horizon import START
from bot.companion.tables import subscriptions
from bot.db.metadata import upsert
from bot.delivery import service as outbox
from bot.errors import Conflict
from bot.jobs import service as jobs
from bot.people import service as people
from bot.people.service import Member
from bot.people.times import EVERY_DAY, Slot, next_slot, slot
from bot.serials import records
from bot.serials.records import Serial
from bot.stories.model import Position

PART = "subscription.part"  # kinds of message, each about a subscription
STOPPED = "subscription.stopped"
SLOT = "subscription.slot"  # the kind of job, its key the subscription's id
DEFAULT_MINUTE = 9 * 60


class Why(StrEnum):
    """Why a subscription has stopped."""

    CLOSED = "closed"  # Discord does not let the bot write to the reader
    FOR_ADULTS = "for adults"
    UNSEEN = "unseen"  # the reader does not see the story's channel any more


@dataclass(frozen=True, slots=True)
class Subscription:
    """`place`: everything before it has been sent, or was read before."""

    id: int
    serial: Serial
    person_id: int
    slot: Slot
    place: Position
    promised: int | None  # the id of the part on its way
    why: Why | None  # it has stopped, if it has


@dataclass(frozen=True, slots=True)
class Subscribed:
    """When parts come, and the instant of the next time."""

    slot: Slot
    next: int


def subscribe(
    conn: Connection,
    member: Member,
    serial: Serial,
    channel_id: int,
    now: int,
    *,
    minute: int | None = None,
    weekdays: frozenset[int] | None = None,
    from_start: bool = False,
) -> Subscribed:
    """Send the reader the next part at this minute of their days, in the channel that is theirs
    alone, or change that. What is not said stays as it was; at first: 09:00, daily, from where they
    are. Raises Conflict where it may not be sent."""
    if serial.story.rating.for_adults:
        raise Conflict(
            f"{serial.story.quoted} is rated {serial.story.rating}, and such text is never sent in "
            "direct messages. `/story read` shows it in an age-restricted channel."
        )
    person_id = people.person_id(conn, member, now)
    people.set_dm_channel(conn, member.discord_id, channel_id)
    stored = places.load(conn, person_id, serial.story.id)
    place = START if from_start else stored.bookmark or START
    said = {"minute": minute, "weekdays": weekdays and _digits(weekdays)}
    anew = {name: value for name, value in said.items() if value is not None}
    first = {"minute": DEFAULT_MINUTE, "weekdays": _digits(EVERY_DAY)} | anew
    conn.execute(
        upsert(subscriptions)
        .values(
            serial_id=serial.id, person_id=person_id, place_ordinal=place.ordinal,
            place_offset=place.offset, **first,
        )
        .on_conflict_do_update(
            index_elements=["person_id", "serial_id"], set_={"why_stopped": None, **anew}
        )
    )  # fmt: skip
    found = mine(conn, member, serial.id)
    assert found is not None
    outbox.forget(conn, STOPPED, found.id)
    if from_start:
        places.advance(conn, person_id, serial.story.id, stored, START, START)
        change(conn, found.id, place_ordinal=0, place_offset=0, promised=None)
        outbox.forget(conn, PART, found.id)
    return set_timer(conn, found, now)


def unsubscribe(conn: Connection, member: Member, serial_id: int) -> bool:
    """False where they had not subscribed."""
    found = mine(conn, member, serial_id, lock=True)
    if found is not None:
        drop(conn, found.id)
    return found is not None


def mine(
    conn: Connection, member: Member, serial_id: int, *, lock: bool = False
) -> Subscription | None:
    person_id = people.find(conn, member.discord_id, lock=lock)
    where = subscriptions.c.person_id == person_id, subscriptions.c.serial_id == serial_id
    found = _load(conn, *where, lock=lock)
    return found[0] if found else None


def find(conn: Connection, subscription_id: int, *, lock: bool = False) -> Subscription | None:
    """`lock`: nothing else changes it until the transaction ends."""
    found = _load(conn, subscriptions.c.id == subscription_id, lock=lock)
    return found[0] if found else None


def stop(conn: Connection, subscription_id: int, why: Why) -> None:
    """Send nothing more. The reader is told why at once where they may be written to, else when
    they next use the bot in the server."""
    found = find(conn, subscription_id, lock=True)
    if found is None or found.why is not None:
        return
    change(conn, found.id, why_stopped=why, promised=None)
    jobs.cancel(conn, SLOT, str(found.id))
    outbox.forget(conn, PART, found.id)
    channel_id = people.dm_channel(conn, found.person_id)
    if why is Why.FOR_ADULTS and channel_id is not None:
        outbox.add(conn, STOPPED, found.id, guild_id=None, channel_id=channel_id)


def stopped(conn: Connection, member: Member, guild_id: int) -> list[Subscription]:
    """The reader's that have stopped in this server, and of which they have not been told."""
    person_id = people.find(conn, member.discord_id)
    found = _load(conn, subscriptions.c.person_id == person_id, _HAS_STOPPED)
    return [one for one in found if one.serial.guild_id == guild_id]


def forget_stopped(conn: Connection, subscription_ids: Sequence[int]) -> None:
    """The reader is told why; unless they have subscribed again since, that is over."""
    for found in _load(conn, subscriptions.c.id.in_(subscription_ids), _HAS_STOPPED):
        drop(conn, found.id)


def move(conn: Connection, person_id: int, serial_id: int, place: Position) -> None:
    """The reader has said where they are: parts go on from there."""
    conn.execute(
        update(subscriptions)
        .where(subscriptions.c.person_id == person_id, subscriptions.c.serial_id == serial_id)
        .values(place_ordinal=place.ordinal, place_offset=place.offset)
    )


def follow(conn: Connection, serial_id: int, moved: Mapping[int, Callable[[int], int]]) -> None:
    """Posted paragraphs have other words: `moved` says by their ordinals where offsets in them go.
    What has been sent still ends at the same words."""
    for found in _load(conn, subscriptions.c.serial_id == serial_id, lock=True):
        if move := moved.get(found.place.ordinal):
            change(conn, found.id, place_offset=move(found.place.offset))


def cut_back(conn: Connection, serial_id: int, new_from: int) -> None:
    """The text is new from this ordinal on: none of that has been sent."""
    conn.execute(
        update(subscriptions)
        .where(subscriptions.c.serial_id == serial_id, subscriptions.c.place_ordinal >= new_from)
        .values(place_ordinal=new_from, place_offset=0)
    )


def reschedule(conn: Connection, member: Member, now: int) -> None:
    """The reader's time zone has changed, and with it when parts come."""
    person_id = people.find(conn, member.discord_id)
    for found in _load(conn, subscriptions.c.person_id == person_id, ~_HAS_STOPPED):
        set_timer(conn, found, now)


def erase(conn: Connection, person_id: int) -> None:
    for found in _load(conn, subscriptions.c.person_id == person_id):
        drop(conn, found.id)


def set_timer(conn: Connection, found: Subscription, now: int) -> Subscribed:
    """Set it to the subscription's next time."""
    _, due = next_slot(found.slot, now)
    jobs.schedule(conn, SLOT, str(found.id), due)
    return Subscribed(found.slot, due)


def change(conn: Connection, subscription_id: int, **values: int | str | None) -> None:
    conn.execute(
        update(subscriptions).where(subscriptions.c.id == subscription_id).values(**values)
    )


def drop(conn: Connection, subscription_id: int) -> None:
    jobs.cancel(conn, SLOT, str(subscription_id))
    for kind in (PART, STOPPED):
        outbox.forget(conn, kind, subscription_id)
    conn.execute(delete(subscriptions).where(subscriptions.c.id == subscription_id))


_HAS_STOPPED = subscriptions.c.why_stopped.is_not(None)


def _digits(weekdays: frozenset[int]) -> str:
    return "".join(map(str, sorted(weekdays)))


def _load(
    conn: Connection, *conditions: ColumnElement[bool], lock: bool = False
) -> list[Subscription]:
    query = select(subscriptions).where(*conditions)
    found = []
    for row in conn.execute(query.with_for_update() if lock else query).all():
        serial = records.find(conn, row.serial_id)
        assert serial is not None  # it goes with it
        zone = people.zone_of_person(conn, row.person_id, serial.guild_id).zone
        found.append(
            Subscription(
                row.id,
                serial,
                row.person_id,
                slot(row.minute, zone.key, row.weekdays),
                Position(row.place_ordinal, row.place_offset),
                row.promised,
                row.why_stopped and Why(row.why_stopped),
            )
        )
    return found
