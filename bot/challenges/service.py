"""Making, joining, leaving and ending a challenge."""

from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, exists, func, select, update

from bot.challenges import course, earning, records, standing
from bot.challenges.records import BOARD, FINAL, Challenge, State
from bot.challenges.rules import Wanted, check_amount, default_title
from bot.challenges.standing import Mine
from bot.challenges.tables import challengers, challenges
from bot.db.metadata import upsert
from bot.delivery import service as outbox
from bot.errors import Conflict
from bot.people import service as people
from bot.people.service import Member, Zone
from bot.words import days
from bot.words.projects import fold

MOST = 25  # that run in a server


@dataclass(frozen=True, slots=True)
class Joined:
    """Where someone stands who has just joined, and what their days go by."""

    mine: Mine
    zone: Zone


def create(
    conn: Connection,
    guild_id: int,
    channel_id: int,
    wanted: Wanted,
    *,
    now: int,
    interaction_id: int,
) -> Challenge:
    """Begin a challenge in a channel. Raises Conflict."""
    challenge_id = conn.scalar(
        upsert(challenges)
        .values(
            guild_id=guild_id, channel_id=channel_id, title=wanted.title,
            folded=fold(wanted.title), unit=wanted.unit, amount=wanted.amount,
            first_day=wanted.first.isoformat(), last_day=wanted.last.isoformat(),
            state=State.RUNNING, summed_up=(wanted.first - timedelta(days=1)).isoformat(),
            interaction_id=interaction_id,
        )
        .on_conflict_do_nothing()
        .returning(challenges.c.id)
    )  # fmt: skip
    if challenge_id is None:
        known = conn.scalar(
            select(challenges.c.id).where(challenges.c.interaction_id == interaction_id)
        )
        if known is None:
            raise Conflict(
                f"A challenge called “{wanted.title}” is on here already. Join it on its board, or "
                "give this one another `title`."
            )
        return records.get(conn, guild_id, known)
    on = select(func.count()).where(
        challenges.c.guild_id == guild_id, challenges.c.state == State.RUNNING
    )
    if conn.scalars(on).one() > MOST:
        raise Conflict(f"{MOST} challenges at a time are the most. `/challenge end` makes room.")
    made = records.get(conn, guild_id, challenge_id)
    course.begin(conn, made, now)
    return made


def set_days(
    conn: Connection, guild_id: int, challenge_id: int, first: date, last: date, now: int
) -> Challenge:
    """Give a challenge other days, before its first or while nobody is in it. Raises Conflict,
    NotFound."""
    challenge = joinable(conn, guild_id, challenge_id)
    title = challenge.title
    if title == default_title(challenge.amount, challenge.unit, challenge.last):
        title = default_title(challenge.amount, challenge.unit, last)
    if not standing.begun(conn, challenge, now):
        wanted = Wanted(title, challenge.unit, challenge.amount, first, last)
        return edit(conn, guild_id, challenge_id, wanted, now)
    alike = challenges.alias()
    changed = conn.execute(
        update(challenges)
        .where(
            challenges.c.id == challenge_id,
            ~exists().where(challengers.c.challenge_id == challenge_id),
            ~exists().where(
                alike.c.guild_id == guild_id, alike.c.id != challenge_id,
                alike.c.folded == fold(title), alike.c.state == State.RUNNING,
            ),
        )
        .values(
            title=title, folded=fold(title), first_day=first.isoformat(),
            last_day=last.isoformat(), summed_up=(first - timedelta(days=1)).isoformat(),
        )
    )  # fmt: skip
    if not changed.rowcount:
        raise Conflict(
            "Its days can't be changed now, as somebody has joined or another challenge has that "
            "title. `/challenge end` ends it, and `/challenge create` begins one with other days."
        )
    challenge = records.get(conn, guild_id, challenge_id)
    course.set_timers(conn, challenge, now)
    outbox.mark_dirty(conn, BOARD, challenge_id)
    return challenge


def join(
    conn: Connection,
    member: Member,
    guild_id: int,
    challenge_id: int,
    *,
    listed: bool,
    target: int | None = None,
    now: int,
) -> Joined:
    """Take part, with a target of one's own if one likes. Once in, it changes these; who has left
    comes back as they were. Raises BadInput, Conflict, NotFound."""
    challenge = joinable(conn, guild_id, challenge_id)
    person_id = people.person_id(conn, member, now)
    zone = people.zone_of_person(conn, person_id, guild_id)
    said: dict[str, int | None] = {"listed": int(listed), "left_at": None}
    if target is not None:
        check_amount(target)
        said["target"] = target
    first = _first_day(challenge, now, zone.zone)
    values = {"target": challenge.amount, "first_day": first, **said}
    conn.execute(
        upsert(challengers)
        .values(challenge_id=challenge_id, person_id=person_id, **values)
        .on_conflict_do_update(index_elements=["challenge_id", "person_id"], set_=said)
    )
    earning.grant(conn, challenge, now, {person_id})
    outbox.mark_dirty(conn, BOARD, challenge_id)
    return Joined(standing.mine(conn, member, challenge, now), zone)


def begin_where_they_are(
    conn: Connection,
    member: Member,
    guild_id: int,
    challenge_id: int,
    joined_at: int,
    zone: ZoneInfo,
) -> None:
    """Who took part by the server's clock, and says now that theirs is another, begins on the day
    that it was for them. Raises NotFound."""
    challenge = records.get(conn, guild_id, challenge_id)
    person_id = people.person_id(conn, member, joined_at)
    known = people.zone_of_person(conn, person_id, guild_id).zone
    conn.execute(
        update(challengers)
        .where(
            challengers.c.challenge_id == challenge_id,
            challengers.c.person_id == person_id,
            challengers.c.first_day == _first_day(challenge, joined_at, known),
        )
        .values(first_day=_first_day(challenge, joined_at, zone))
    )
    outbox.mark_dirty(conn, BOARD, challenge_id)


def joinable(conn: Connection, guild_id: int, challenge_id: int) -> Challenge:
    """Raises Conflict, NotFound."""
    challenge = records.get(conn, guild_id, challenge_id)
    if not challenge.running:
        raise Conflict("That challenge is over. What you write is logged all the same: `/wrote`.")
    return challenge


def leave(
    conn: Connection, member: Member, guild_id: int, challenge_id: int, now: int
) -> Challenge:
    """Take part no longer; what one wrote stays one's own. Raises Conflict, NotFound."""
    challenge = records.get(conn, guild_id, challenge_id)
    left = conn.execute(
        update(challengers)
        .where(
            challengers.c.challenge_id == challenge_id,
            challengers.c.person_id == people.person_id(conn, member, now),
            challengers.c.left_at.is_(None),
        )
        .values(left_at=now)
    )
    if not left.rowcount:
        raise Conflict(standing.NOT_IN)
    for kind in (BOARD, FINAL):
        outbox.mark_dirty(conn, kind, challenge_id)
    return challenge


def end(conn: Connection, guild_id: int, challenge_id: int, now: int) -> Challenge:
    """Bring it to its end now; one that has not begun is called off, and nothing is said of it.
    Raises Conflict, NotFound."""
    challenge = records.get(conn, guild_id, challenge_id)
    if standing.begun(conn, challenge, now):
        ended = course.finish(conn, challenge, now)
    else:
        ended = course.stop(conn, challenge, State.CANCELLED)
    if not ended:
        raise Conflict("That challenge is over already.")
    return records.get(conn, guild_id, challenge_id)


def edit(conn: Connection, guild_id: int, challenge_id: int, wanted: Wanted, now: int) -> Challenge:
    """Change the title, and before its first day also the target and the days; those who have
    joined go with it. Raises Conflict, NotFound."""
    challenge = records.get(conn, guild_id, challenge_id)
    days_change = (wanted.first, wanted.last) != (challenge.first, challenge.last)
    asks_otherwise = days_change or wanted.amount != challenge.amount
    if asks_otherwise and (not challenge.running or standing.begun(conn, challenge, now)):
        raise Conflict(
            f"{challenge.title} has begun: its target and dates stay as they are. Its `title` and "
            "`channel` can still be changed."
        )
    other = challenges.alias("other")
    same_title = exists().where(
        other.c.guild_id == guild_id,
        other.c.folded == fold(wanted.title),
        other.c.state == State.RUNNING,
        other.c.id != challenge_id,
    )
    done = conn.execute(
        update(challenges)
        .where(challenges.c.id == challenge_id, ~same_title)
        .values(
            title=wanted.title, folded=fold(wanted.title), amount=wanted.amount,
            first_day=wanted.first.isoformat(), last_day=wanted.last.isoformat(),
        )
    )  # fmt: skip
    if not done.rowcount:
        raise Conflict(f"Another challenge here is called “{wanted.title}”.")
    edited = records.get(conn, guild_id, challenge_id)
    if asks_otherwise:
        _bring_along(conn, challenge, edited)
    if days_change:
        course.set_days(conn, edited, now)
    for kind in records.KINDS:
        outbox.mark_dirty(conn, kind, challenge_id)
    return edited


def _bring_along(conn: Connection, was: Challenge, now_is: Challenge) -> None:
    """Whoever joined without a target of their own has the challenge's; all begin on its first
    day."""
    theirs = update(challengers).where(challengers.c.challenge_id == was.id)
    conn.execute(theirs.values(first_day=now_is.first.isoformat()))
    conn.execute(theirs.where(challengers.c.target == was.amount).values(target=now_is.amount))


def move(conn: Connection, guild_id: int, challenge_id: int, channel_id: int) -> Challenge:
    """Have it in another channel. Raises NotFound."""
    challenge = records.get(conn, guild_id, challenge_id)
    return (
        challenge
        if challenge.channel_id == channel_id
        else course.move(conn, challenge, channel_id)
    )


def _first_day(challenge: Challenge, now: int, zone: ZoneInfo) -> str:
    """Of someone who joins now; as it is stored."""
    return min(max(challenge.first, days.local_day(now, zone)), challenge.last).isoformat()
