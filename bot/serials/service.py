"""A serial's life once it is confirmed: scheduled, allowed, paused, resumed, complete."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from sqlalchemy import Connection, delete, insert, select, update

from bot.errors import Conflict, NotAllowed
from bot.jobs import service as jobs
from bot.people import service as people
from bot.people.times import EVERY_DAY
from bot.serials import channels, posting
from bot.serials.records import SLOT, Actor, Serial, State, get, governed, owned
from bot.serials.tables import serials, skips, slots
from bot.stories import service as stories

DEFAULT_MINUTE = 9 * 60


@dataclass(frozen=True, slots=True)
class Skipped:
    """The local date on which a slot posts nothing, and the instant of the serial's next one."""

    serial: Serial
    slot_id: int
    day: date
    next: int


def schedule(
    conn: Connection,
    actor: Actor,
    guild_id: int,
    serial_id: int,
    *,
    channel_id: int,
    now: int,
    minutes: Sequence[int] = (),
    zone: str | None = None,
    weekdays: frozenset[int] | None = None,
    starts_on: date | None = None,
    options: Mapping[str, int | None] = MappingProxyType({}),
    start_now: bool = False,
    interaction_id: int | None = None,
) -> Serial:
    """Post the serial in this channel from its next slot on, or from now on. `minutes` are the
    times of day, `options` those of records.Options that are said.

    What is not said stays as it was; at first: 09:00 in the server's zone, daily. A paused serial
    stays paused. Where the actor is no moderator of the channel and none has given leave, it waits
    for one.
    """
    serial = owned(conn, actor, guild_id, serial_id)
    if serial.state is State.DRAFT:
        raise Conflict("First confirm that you wrote it or have leave: `/serial status`.")
    _set_slots(conn, serial_id, minutes, zone, weekdays)
    if serial.channel_id not in (None, channel_id):
        posting.leave_channel(conn, serial_id)
    conn.execute(
        update(serials)
        .where(serials.c.id == serial_id)
        .values(
            channel_id=channel_id,
            start_now=int(start_now),
            trouble=None,
            starts_on=str(starts_on or serial.starts_on or "") or None,
            **options,
        )
    )
    if serial.state is State.PAUSED:
        return get(conn, guild_id, serial_id)
    _set_state(conn, serial_id, State.WAITING)
    if actor.moderator:
        approve(conn, actor, guild_id, serial_id, channel_id, now, interaction_id)
    elif channels.approved(conn, serial_id, channel_id):
        _activate(conn, guild_id, serial_id, now, interaction_id)
    else:
        channels.check_waiting(conn, serial)
        posting.cancel_slots(conn, serial_id)
        channels.ask(conn, guild_id, serial_id, channel_id)
    return get(conn, guild_id, serial_id)


def _set_slots(
    conn: Connection,
    serial_id: int,
    minutes: Sequence[int],
    zone: str | None,
    weekdays: frozenset[int] | None,
) -> None:
    """A slot that keeps its time, or has a new one, keeps what it has posted."""
    said = {"zone": zone, "weekdays": weekdays and "".join(map(str, sorted(weekdays)))}
    said = {name: value for name, value in said.items() if value is not None}
    had = {
        row.minute: row
        for row in conn.execute(select(slots).where(slots.c.serial_id == serial_id)).all()
    }
    wanted = set(minutes) or set(had) or {DEFAULT_MINUTE}
    kept = next(iter(had.values()), None)
    everywhere = {
        "zone": kept and kept.zone,
        "weekdays": kept.weekdays if kept else "".join(map(str, sorted(EVERY_DAY))),
    } | said
    left, new = sorted(had.keys() - wanted), sorted(wanted - had.keys())
    for before, minute in zip(left, new, strict=False):
        conn.execute(update(slots).where(slots.c.id == had[before].id).values(minute=minute))
    for minute in new[len(left) :]:
        conn.execute(insert(slots).values(serial_id=serial_id, minute=minute, **everywhere))
    for minute in left[len(new) :]:
        jobs.cancel(conn, SLOT, str(had[minute].id))
        conn.execute(delete(slots).where(slots.c.id == had[minute].id))
    conn.execute(update(slots).where(slots.c.serial_id == serial_id).values(**everywhere))


def approve(
    conn: Connection,
    actor: Actor,
    guild_id: int,
    serial_id: int,
    channel_id: int,
    now: int,
    interaction_id: int | None,
) -> Serial:
    """A moderator's leave for the serial to post in this channel; it begins if it waited."""
    if not actor.moderator:
        raise NotAllowed("Someone with *Manage Messages* in this channel needs to allow it.")
    serial = get(conn, guild_id, serial_id)
    channels.allow(conn, actor, serial_id, channel_id, now)
    if serial.state is State.WAITING and serial.channel_id == channel_id:
        _activate(conn, guild_id, serial_id, now, interaction_id)
    return get(conn, guild_id, serial_id)


def pause(conn: Connection, actor: Actor, guild_id: int, serial_id: int) -> Serial:
    """Post nothing until it is resumed. What is not posted yet waits as well. When a moderator
    does it to another's serial, their leave to post there is taken back with it."""
    serial = governed(conn, actor, guild_id, serial_id)
    if serial.state not in (State.ACTIVE, State.WAITING):
        raise Conflict(f"{serial.story.quoted} is not running, so there is nothing to pause.")
    _set_state(conn, serial_id, State.PAUSED)
    posting.cancel_slots(conn, serial_id)
    posting.withdraw_promised(conn, serial_id)
    if serial.owner_discord_id != actor.member.discord_id:
        channels.take_back(conn, serial_id, serial.channel_id)
    return get(conn, guild_id, serial_id)


def resume(conn: Connection, actor: Actor, guild_id: int, serial_id: int, now: int) -> Serial:
    serial = governed(conn, actor, guild_id, serial_id)
    if serial.state is not State.PAUSED or serial.channel_id is None:
        raise Conflict(f"{serial.story.quoted} is not paused. `/serial status` says how it stands.")
    if channels.approved(conn, serial_id, serial.channel_id):
        _activate(conn, guild_id, serial_id, now, None)
        return get(conn, guild_id, serial_id)
    _set_state(conn, serial_id, State.WAITING)
    if actor.moderator:
        return approve(conn, actor, guild_id, serial_id, serial.channel_id, now, None)
    channels.check_waiting(conn, serial)
    channels.ask(conn, guild_id, serial_id, serial.channel_id)
    return get(conn, guild_id, serial_id)


def post_now(
    conn: Connection,
    actor: Actor,
    guild_id: int,
    serial_id: int,
    now: int,
    interaction_id: int | None,
) -> Serial:
    """Promise the next part now; the schedule goes on as it was."""
    serial = _running(conn, actor, guild_id, serial_id)
    if posting.asked_before(conn, interaction_id):
        return serial
    if posting.promised(conn, serial_id):
        raise Conflict("A part is on its way already.")
    if not posting.promise(conn, serial_id, now, interaction_id=interaction_id):
        raise Conflict("Every part has been posted. Add the next chapter with `/serial add`.")
    return serial


def skip(
    conn: Connection,
    actor: Actor,
    guild_id: int,
    serial_id: int,
    now: int,
    interaction_id: int,
) -> Skipped:
    """Have the next slot post nothing; its part comes with the one after. A second time for an
    interaction changes nothing."""
    serial = _running(conn, actor, guild_id, serial_id)
    found = conn.execute(
        select(skips.c.slot_id, skips.c.local_date).where(skips.c.interaction_id == interaction_id)
    ).one_or_none()
    if found is None:
        if not posting.counts(conn, serial_id).left:
            raise Conflict("Every part has been posted, so there is none to wait with.")
        rows = conn.execute(
            select(slots.c.id.label("slot_id"), slots.c.next_date.label("local_date")).where(
                slots.c.serial_id == serial_id
            )
        ).all()
        due = jobs.due_by_key(conn, SLOT, [str(row.slot_id) for row in rows])
        found = min(rows, key=lambda row: due[str(row.slot_id)])
        conn.execute(
            insert(skips).values(
                slot_id=found.slot_id, local_date=found.local_date, interaction_id=interaction_id
            )
        )
        posting.schedule_slots(conn, guild_id, serial_id, now)
    return Skipped(
        serial, found.slot_id, date.fromisoformat(found.local_date), _next(conn, serial_id)
    )


def unskip(
    conn: Connection,
    actor: Actor,
    guild_id: int,
    serial_id: int,
    slot_id: int,
    day: date,
    now: int,
) -> Skipped:
    """Have the slot post on `day` after all. Raises Conflict where that is over."""
    serial = _running(conn, actor, guild_id, serial_id)
    conn.execute(
        delete(skips).where(
            skips.c.slot_id.in_(select(slots.c.id).where(slots.c.serial_id == serial_id)),
            skips.c.slot_id == slot_id,
            skips.c.local_date == day.isoformat(),
        )
    )
    posting.schedule_slots(conn, guild_id, serial_id, now)
    coming = conn.scalar(select(slots.c.next_date).where(slots.c.id == slot_id))
    if coming is None or coming > day.isoformat():
        raise Conflict("That time is over: the next part comes as planned.")
    return Skipped(serial, slot_id, day, _next(conn, serial_id))


def complete(conn: Connection, actor: Actor, guild_id: int, serial_id: int) -> Serial:
    serial = owned(conn, actor, guild_id, serial_id)
    if not stories.mark_complete(conn, serial.story.id):
        raise Conflict(f"{serial.story.quoted} is complete already.")
    posting.close(conn, serial_id)
    return get(conn, guild_id, serial_id)


def set_guild_zone(conn: Connection, guild_id: int, zone: str, now: int) -> None:
    """Change the server's time zone, and with it the slots that have none of their own."""
    people.set_guild_zone(conn, guild_id, zone)
    for serial_id in conn.scalars(
        select(serials.c.id).where(serials.c.guild_id == guild_id, serials.c.state == State.ACTIVE)
    ).all():
        posting.schedule_slots(conn, guild_id, serial_id, now)


def _running(conn: Connection, actor: Actor, guild_id: int, serial_id: int) -> Serial:
    serial = owned(conn, actor, guild_id, serial_id)
    if serial.state is State.WAITING:
        raise Conflict(
            f"{serial.story.quoted} waits for leave: someone who may manage messages in "
            f"<#{serial.channel_id}> has to press *Allow* under my request there."
        )
    if serial.state is not State.ACTIVE:
        raise Conflict(
            f"{serial.story.quoted} is not running. `/serial schedule` or `/serial resume` "
            "starts it."
        )
    return serial


def _next(conn: Connection, serial_id: int) -> int:
    ids = conn.scalars(select(slots.c.id).where(slots.c.serial_id == serial_id)).all()
    return min(jobs.due_by_key(conn, SLOT, [str(slot_id) for slot_id in ids]).values())


def _activate(
    conn: Connection, guild_id: int, serial_id: int, now: int, interaction_id: int | None
) -> None:
    _set_state(conn, serial_id, State.ACTIVE)
    posting.schedule_slots(conn, guild_id, serial_id, now)
    wanted = conn.execute(
        update(serials)
        .where(serials.c.id == serial_id, serials.c.start_now == 1)
        .values(start_now=0)
    )
    begun = posting.promised(conn, serial_id) or posting.counts(conn, serial_id).published
    if wanted.rowcount and not begun:
        posting.promise(conn, serial_id, now, interaction_id=interaction_id)
    posting.close(conn, serial_id)


def _set_state(conn: Connection, serial_id: int, state: State) -> None:
    conn.execute(update(serials).where(serials.c.id == serial_id).values(state=state, trouble=None))
