"""How a server stands: what comes next, what went out last, what is stuck, and trying it again."""

from dataclasses import dataclass, field

from sqlalchemy import Connection

from bot.delivery import health as messages
from bot.delivery.health import WAITING, Message
from bot.delivery.rules import State
from bot.jobs import service as jobs
from bot.jobs.service import Job
from bot.people.service import Member
from bot.serials import health as serials
from bot.serials import posting
from bot.serials.records import SLOT, Actor, Serial
from bot.sprints import bell, plans
from bot.words.day_totals import WRITTEN


@dataclass(frozen=True, slots=True)
class About:
    """A kind of message, also where it is yet to be promised, and the title of its story if it is
    about one."""

    kind: str
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Timer:
    """A job and what it brings. Of one that keeps failing: how often it was tried, the last error
    as code, and when it is tried next, in real time."""

    about: About
    due: int
    attempts: int = 0
    error: str = ""
    next_try: int = 0


@dataclass(frozen=True, slots=True)
class Told:
    """A message, and what it is about."""

    about: About
    message: Message


@dataclass(frozen=True, slots=True)
class Health:
    """`serials` are in trouble; `pinging` have a role that is pinged, which may be too strong."""

    coming: Timer | None
    last: Told | None
    failing: list[Timer]
    stuck: list[Told]
    serials: list[Serial]
    pinging: list[Serial] = field(default_factory=list)

    @property
    def well(self) -> bool:
        return not (self.failing or self.stuck or self.serials)

    @property
    def mendable(self) -> tuple[int, int, int]:
        """How many timers, messages and serials there are for which it may help to try again: what
        backs off is tried anyway, and a serial whose channel is gone needs another."""
        messages = [told.message.state in (State.FAILED, *WAITING) for told in self.stuck]
        paused = map(serials.may_help, self.serials)
        return len(self.failing), sum(messages), sum(paused)


def of(conn: Connection, guild_id: int) -> Health:
    coming = (job for job in jobs.coming(conn, guild_id) if not _idle(conn, job))
    soonest = next(coming, None)
    last = messages.last_sent(conn, guild_id)
    return Health(
        None if soonest is None else Timer(_brings(conn, soonest), soonest.due),
        None if last is None else _told(conn, last),
        [
            Timer(_brings(conn, one.job), one.job.due, one.job.attempts, one.error, one.next_try)
            for one in jobs.failing(conn, guild_id)
        ],
        [_told(conn, message) for message in messages.stuck(conn, guild_id)],
        serials.in_trouble(conn, guild_id),
        serials.pinging(conn, guild_id),
    )


def try_again(conn: Connection, member: Member, guild_id: int, now: int) -> tuple[int, int, int]:
    """Try what is mendable once more, without ever posting a thing twice. Returns how much it
    was."""
    mendable = of(conn, guild_id).mendable
    jobs.try_again(conn, guild_id)
    messages.try_again(conn, guild_id)
    serials.try_again(conn, Actor(member, moderator=True), guild_id, now)
    return mendable


def _idle(conn: Connection, job: Job) -> bool:
    """A serial's slot comes, and all of its parts are posted; or a challenge waits for words."""
    if job.kind == WRITTEN:
        return True
    serial = serials.about(conn, SLOT, int(job.key)) if job.kind == SLOT else None
    return serial is not None and not posting.counts(conn, serial.id).left


def _brings(conn: Connection, job: Job) -> About:
    if job.kind == SLOT:
        serial = serials.about(conn, SLOT, int(job.key))
        return About(posting.EXCERPT, None if serial is None else serial.story.title)
    if job.kind == bell.STEP:
        return About(bell.coming(conn, int(job.key)) or job.kind)
    return About(bell.BOARD if job.kind == plans.COMING else job.kind)


def _told(conn: Connection, message: Message) -> Told:
    serial = serials.about(conn, message.kind, message.subject)
    title = None if serial is None else serial.story.title
    return Told(About(message.kind, title), message)
