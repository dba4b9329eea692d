"""From a slot that comes due to a part that is published."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, case, func, select, update

from bot.delivery import service as outbox
from bot.delivery.loop import Hooks
from bot.delivery.rules import Act, Row, State
from bot.jobs import service as jobs
from bot.jobs.service import Job
from bot.people import service as people
from bot.people.times import Slot, next_slot, slot
from bot.serials import channels, earlier
from bot.serials.records import SLOT, WEEKLY
from bot.serials.tables import excerpts, serials, skips, slots
from bot.stories import service as stories
from bot.stories.service import Story

EXCERPT = "excerpt"  # kinds of message
THREAD = "excerpt.thread"
CROSSPOST = "excerpt.crosspost"
RUNNING_LOW = "serial.low"
STOPPED = "serial.stopped"
BLOCKED = "serial.blocked"
REFUSED = "serial.refused"
EXPOSED = "serial.exposed"
CLOSING = "serial.closing"
OF_EXCERPTS = (EXCERPT, channels.MIRROR, THREAD, CROSSPOST)
NOTICES = (
    channels.LEAVE,
    RUNNING_LOW,
    STOPPED,
    BLOCKED,
    REFUSED,
    EXPOSED,
    CLOSING,
    WEEKLY,
)  # each about a serial

PLANNED, PROMISED, PUBLISHED = "planned", "promised", "published"
ELSEWHERE = "elsewhere"  # out before the serial began here: never posted, only read
GRACE = 6 * 3_600_000  # ms: an excerpt later than this waits for its next slot
SUNDAY_EVENING = 18 * 60  # minutes since midnight, where the author is
LOW = (2, 0)  # parts left at which the author of an ongoing story is told


@dataclass(frozen=True, slots=True)
class Counts:
    """How many parts a serial has, how many of them are published here, and how many were out
    elsewhere before."""

    total: int
    published: int
    elsewhere: int = 0

    @property
    def out(self) -> int:
        return self.elsewhere + self.published

    @property
    def left(self) -> int:
        return self.total - self.out


def counts(conn: Connection, serial_id: int) -> Counts:
    row = conn.execute(
        select(
            func.count().label("total"),
            func.count(excerpts.c.published_at).label("published"),
            func.count(case((excerpts.c.state == ELSEWHERE, 1))).label("elsewhere"),
        ).where(excerpts.c.serial_id == serial_id)
    ).one()
    return Counts(row.total, row.published, row.elsewhere)


def counts_of(conn: Connection, serial_ids: Collection[int]) -> dict[int, Counts]:
    """The counts of several serials, by their ids."""
    rows = conn.execute(
        select(
            excerpts.c.serial_id,
            func.count().label("total"),
            func.count(excerpts.c.published_at).label("published"),
        )
        .where(excerpts.c.serial_id.in_(serial_ids))
        .group_by(excerpts.c.serial_id)
    )
    return {row.serial_id: Counts(row.total, row.published) for row in rows}


def schedule_slots(conn: Connection, guild_id: int, serial_id: int, now: int) -> None:
    """Set the timer of each of the serial's slots to its next coming that is not skipped; a slot
    posts once a day."""
    here = people.guild_zone(conn, guild_id).zone.key
    starts_on = conn.scalar(select(serials.c.starts_on).where(serials.c.id == serial_id))
    before = date.fromisoformat(starts_on) - timedelta(days=1) if starts_on else None
    for row in conn.execute(select(slots).where(slots.c.serial_id == serial_id)).all():
        used = conn.scalar(
            select(func.max(excerpts.c.local_date)).where(excerpts.c.slot_id == row.id)
        )
        skipped = set(
            conn.scalars(select(skips.c.local_date).where(skips.c.slot_id == row.id)).all()
        )
        when = slot(row.minute, row.zone or here, row.weekdays)
        over = max(filter(None, (used and date.fromisoformat(used), before)), default=None)
        day, due = next_slot(when, now, over)
        while day.isoformat() in skipped:
            day, due = next_slot(when, due)
        conn.execute(update(slots).where(slots.c.id == row.id).values(next_date=day.isoformat()))
        jobs.schedule(conn, SLOT, str(row.id), due, guild_id)


def cancel_slots(conn: Connection, serial_id: int) -> None:
    for slot_id in conn.scalars(select(slots.c.id).where(slots.c.serial_id == serial_id)).all():
        jobs.cancel(conn, SLOT, str(slot_id))


def on_slot(conn: Connection, job: Job, now: int) -> None:
    """A slot has come: promise the next part, unless one is on its way or it is too late. After
    days away a later coming of the slot may not be: then that one counts."""
    row = conn.execute(
        select(slots, serials.c.guild_id, serials.c.state)
        .join(serials, serials.c.id == slots.c.serial_id)
        .where(slots.c.id == int(job.key))
        .with_for_update(of=serials)
    ).one_or_none()
    if row is None or row.state != "active" or jobs.due_at(conn, SLOT, job.key) != job.due:
        return  # stopped, moved or skipped since the job was claimed
    too_late = now - job.due >= GRACE
    if not too_late and not promised(conn, row.serial_id):
        promise(conn, row.serial_id, job.due, slot_id=row.id, local_date=row.next_date)
    schedule_slots(conn, row.guild_id, row.serial_id, now - GRACE if too_late else now)


def promised(conn: Connection, serial_id: int) -> int | None:
    """The id of the excerpt that is on its way."""
    found: int | None = conn.scalar(
        select(excerpts.c.id).where(excerpts.c.serial_id == serial_id, excerpts.c.state == PROMISED)
    )
    return found


def asked_before(conn: Connection, interaction_id: int | None) -> bool:
    return (
        interaction_id is not None
        and conn.scalar(select(excerpts.c.id).where(excerpts.c.interaction_id == interaction_id))
        is not None
    )


def promise(
    conn: Connection,
    serial_id: int,
    when: int,
    *,
    slot_id: int | None = None,
    local_date: str | None = None,
    interaction_id: int | None = None,
) -> bool:
    """Put the next planned excerpt on its way. False where none is left."""
    row = conn.execute(
        select(excerpts.c.id, excerpts.c.pages, serials.c.guild_id, serials.c.channel_id)
        .join(serials, serials.c.id == excerpts.c.serial_id)
        .where(excerpts.c.serial_id == serial_id, excerpts.c.state == PLANNED)
        .order_by(excerpts.c.number)
        .limit(1)
    ).one_or_none()
    if row is None:
        return False
    won = conn.execute(
        update(excerpts)
        .where(excerpts.c.id == row.id, excerpts.c.state == PLANNED)
        .values(
            state=PROMISED, slot_id=slot_id, local_date=local_date, interaction_id=interaction_id
        )
    )
    if not won.rowcount:
        return False
    outbox.add(
        conn,
        EXCERPT,
        row.id,
        guild_id=row.guild_id,
        channel_id=row.channel_id,
        parts=range(len(row.pages)),
        priority=outbox.EXCERPTS,
        not_after=when + GRACE,
    )
    return True


def withdraw_promised(conn: Connection, serial_id: int) -> None:
    """Take back the part on its way, if nothing of it was ever tried."""
    excerpt_id = promised(conn, serial_id)
    if excerpt_id is None:
        return
    channel_id = conn.scalar(select(serials.c.channel_id).where(serials.c.id == serial_id))
    pages = [  # those that are up in a channel it left do not count
        page for page in outbox.messages(conn, EXCERPT, excerpt_id) if page.channel_id == channel_id
    ]
    untried = all(page.attempted_at is None for page in pages)
    if untried and all(outbox.withdraw(conn, page) for page in pages):
        _plan_again(conn, excerpt_id)


def forget_crossposts(conn: Connection, serial_id: int) -> None:
    """Publish none of its parts to other servers that has not been yet."""
    parts = conn.scalars(select(excerpts.c.id).where(excerpts.c.serial_id == serial_id)).all()
    outbox.forget_unsent(conn, CROSSPOST, *parts)


def leave_channel(conn: Connection, serial_id: int) -> None:
    """The serial moves to another channel: a part that waits for a permission in the old one goes
    up whole in the new."""
    excerpt_id = promised(conn, serial_id)
    if excerpt_id is None:
        return
    pages = outbox.messages(conn, EXCERPT, excerpt_id)
    if any(page.state in (State.BLOCKED, State.UNCERTAIN) for page in pages):
        outbox.forget_unsent(conn, EXCERPT, excerpt_id)
        _plan_again(conn, excerpt_id)
    else:
        withdraw_promised(conn, serial_id)


def close(conn: Connection, serial_id: int) -> None:
    """Say so, once, where a running serial's story is complete and wholly posted."""
    row = conn.execute(select(serials).where(serials.c.id == serial_id)).one()
    if (
        row.state == "active"
        and not counts(conn, serial_id).left
        and _story(conn, serial_id).complete
        and not outbox.messages(conn, CLOSING, serial_id)
    ):
        outbox.add(conn, CLOSING, serial_id, guild_id=row.guild_id, channel_id=row.channel_id)


def _on_sent(conn: Connection, row: Row, now: int) -> None:
    """A page is up. With the last one the excerpt is published."""
    excerpt = conn.execute(
        select(
            excerpts.c.serial_id, excerpts.c.pages, excerpts.c.chapter_id, excerpts.c.number,
            excerpts.c.end_ordinal, serials.c.guild_id, serials.c.threads, serials.c.crossposts,
        )
        .join(serials, serials.c.id == excerpts.c.serial_id)
        .where(excerpts.c.id == row.subject)
    ).one()  # fmt: skip
    if row.message_id is not None:
        place = row.subject, row.part, excerpt.guild_id, row.channel_id, row.message_id
        if excerpt.crossposts and not _story(conn, excerpt.serial_id).rating.for_adults:
            outbox.do(conn, Act.CROSSPOST, CROSSPOST, *place)
        first = select(func.min(excerpts.c.number)).where(
            excerpts.c.chapter_id == excerpt.chapter_id
        )
        if excerpt.threads and row.part == 0 and conn.scalar(first) == excerpt.number:
            outbox.do(conn, Act.THREAD, THREAD, *place)
    if row.part < len(excerpt.pages) - 1:
        return
    conn.execute(
        update(excerpts)
        .where(excerpts.c.id == row.subject, excerpts.c.state != PUBLISHED)
        .values(state=PUBLISHED, published_at=now)
    )
    earlier.drop(conn, excerpt.serial_id, posted=excerpt.end_ordinal)
    _clear_trouble(conn, excerpt.serial_id)
    pages = len(excerpt.pages)
    channels.show(conn, excerpt.guild_id, excerpt.serial_id, row.subject, pages, now + GRACE)
    _tell_of_the_week(conn, excerpt.serial_id, now)
    left = counts(conn, excerpt.serial_id).left
    if left in LOW and not _story(conn, excerpt.serial_id).complete:
        tell_author(conn, RUNNING_LOW, excerpt.serial_id, row.subject)
    close(conn, excerpt.serial_id)


def _tell_of_the_week(conn: Connection, serial_id: int, now: int) -> None:
    """On Sunday, unless that is settled already."""
    if jobs.due_at(conn, WEEKLY, str(serial_id)) is None:
        story = _story(conn, serial_id)
        zone = people.zone_of_person(conn, story.owner_id, story.guild_id).zone
        _, due = next_slot(Slot(SUNDAY_EVENING, zone, frozenset({6})), now)
        jobs.schedule(conn, WEEKLY, str(serial_id), due)


def _on_withdrawn(conn: Connection, row: Row, now: int) -> None:
    for page in outbox.messages(conn, EXCERPT, row.subject):
        outbox.withdraw(conn, page)
    _plan_again(conn, row.subject)
    _clear_trouble(conn, _serial_id(conn, row))


def _on_blocked(conn: Connection, row: Row, now: int) -> None:
    """The bot may not write in the channel: say so once, and wait for the permission."""
    told = conn.execute(
        update(serials)
        .where(
            serials.c.id == _serial_id(conn, row),
            serials.c.channel_id == row.channel_id,
            serials.c.trouble.is_(None),
        )
        .values(trouble="blocked")
    )
    if told.rowcount:
        tell_author(conn, BLOCKED, _serial_id(conn, row), now)


def _on_gone(conn: Connection, row: Row, now: int) -> None:
    """The channel is no more: stop, and tell the author and the admins."""
    serial_id = _serial_id(conn, row)
    if not _give_up(conn, row, serial_id, "stopped", "gone"):
        return
    tell_author(conn, STOPPED, serial_id, now)
    channel_id = people.notice_channel(conn, row.guild_id)
    if channel_id is not None and channel_id != row.channel_id:
        outbox.add(
            conn, STOPPED, serial_id, guild_id=row.guild_id, channel_id=channel_id,
            parts=range(now, now + 1),
        )  # fmt: skip


def _on_refused(conn: Connection, row: Row, now: int) -> None:
    """Discord will not take the part as it is: pause, for the author to look."""
    serial_id = _serial_id(conn, row)
    if _give_up(conn, row, serial_id, "paused", "refused"):
        tell_author(conn, REFUSED, serial_id, now)


HOOKS = Hooks(
    sent=_on_sent,
    withdrawn=_on_withdrawn,
    blocked=_on_blocked,
    gone=_on_gone,
    refused=_on_refused,
)


def _give_up(conn: Connection, row: Row, serial_id: int, state: str, trouble: str) -> bool:
    """Plan the part again, without the pages that are up, and post nothing more unless the serial
    has moved on to a channel of better luck."""
    _plan_again(conn, row.subject)
    outbox.forget_unsent(conn, EXCERPT, row.subject)
    stopped = conn.execute(
        update(serials)
        .where(serials.c.id == serial_id, serials.c.channel_id == row.channel_id)
        .values(state=state, trouble=trouble)
    )
    if stopped.rowcount:
        cancel_slots(conn, serial_id)
    return stopped.rowcount == 1


def _clear_trouble(conn: Connection, serial_id: int) -> None:
    conn.execute(update(serials).where(serials.c.id == serial_id).values(trouble=None))


def _plan_again(conn: Connection, excerpt_id: int) -> None:
    conn.execute(
        update(excerpts)
        .where(excerpts.c.id == excerpt_id, excerpts.c.state == PROMISED)
        .values(state=PLANNED, slot_id=None, local_date=None, interaction_id=None)
    )


def _serial_id(conn: Connection, row: Row) -> int:
    serial_id: int = conn.scalars(
        select(excerpts.c.serial_id).where(excerpts.c.id == row.subject)
    ).one()
    return serial_id


def _story(conn: Connection, serial_id: int) -> Story:
    story_id = conn.scalars(select(serials.c.story_id).where(serials.c.id == serial_id)).one()
    return stories.by_ids(conn, {story_id})[story_id]


def tell_author(conn: Connection, kind: str, serial_id: int, occasion: int) -> None:
    """Write to the author privately, where a channel to them has been opened."""
    channel_id = people.dm_channel(conn, _story(conn, serial_id).owner_id)
    if channel_id is not None:
        outbox.add(
            conn, kind, serial_id, guild_id=None, channel_id=channel_id,
            parts=range(occasion, occasion + 1),
        )  # fmt: skip
