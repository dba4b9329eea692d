"""A member who has used everything. Their ids and their name are found nowhere else by chance."""

import importlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Table, insert

from bot.challenges import service as challenges
from bot.challenges.rules import november
from bot.companion import keeping, quotes, readership, reminding, subscriptions
from bot.companion import service as companion
from bot.companion.binding import FROM_START, UNBOUND, Bound
from bot.companion.keeping import Draft
from bot.db.metadata import metadata
from bot.delivery import public_answers
from bot.delivery import service as outbox
from bot.delivery.public_answers import Posted
from bot.jobs.service import Job
from bot.people import greeting
from bot.people import service as people
from bot.people.service import Member
from bot.people.tables import persons
from bot.serials import channels, drafts, pages, posting
from bot.serials import service as serials
from bot.serials.records import Actor, Serial
from bot.serials.tables import removals
from bot.sprints import bell, counting, reminders
from bot.sprints import service as sprints
from bot.sprints.records import Round
from bot.sprints.service import Asked
from bot.words import boards, ledger, projects, settings, streaks
from bot.words.amounts import Amount, Sign, Unit
from bot.words.ledger import Place
from bot.words.tables import goals
from tests.bot.serials.making import GUILD, MARA, NOW, READER, add, draft, published
from tests.conftest import ROOT

PERSON, DISCORD, DM = 777_000_000_001, 888_000_000_001, 999_000_000_001
ZEBULON = Member(DISCORD, "Zebulon", GUILD)
MINUTE = 60_000

for tables in (ROOT / "bot").glob("*/tables.py"):
    importlib.import_module(f"bot.{tables.parent.name}.tables")


@dataclass(frozen=True, slots=True)
class Used:
    own: Serial
    approved: Serial  # Mara's, by Zebulon
    finished: Round
    alone: Round
    with_tobias: Round


def tables_on_persons() -> list[Table]:
    return [
        table
        for table in metadata.sorted_tables
        if any(key.column is persons.c.id for key in table.foreign_keys)
    ]


def naming(conn: Connection) -> set[str]:
    """The tables in which anything leads to Zebulon."""
    traces = [*map(str, (PERSON, DISCORD, DM)), "Zebulon"]
    return {
        table.name
        for table in metadata.sorted_tables
        for row in conn.execute(table.select())
        for cell in row
        if any(trace in str(cell) for trace in traces)
    }


def use_everything(conn: Connection) -> Used:
    conn.execute(insert(persons).values(id=PERSON, discord_id=DISCORD, created_at=NOW))
    greeting.greet(conn, GUILD, DISCORD, 1, NOW)
    people.set_zone(conn, ZEBULON, "Asia/Tokyo", NOW)
    people.set_dm_channel(conn, DISCORD, DM)
    approved = read(conn)
    own = post(conn)
    challenge(conn)
    write(conn)
    return Used(own, approved, *sprint(conn))


def read(conn: Connection) -> Serial:
    """Mara's serial: Zebulon allows it in another channel, reads it, gets parts of it and does not
    want to be counted."""
    serial = published(conn, 2)
    serials.schedule(conn, Actor(MARA), GUILD, serial.id, channel_id=30, now=NOW)
    serials.approve(conn, Actor(ZEBULON, moderator=True), GUILD, serial.id, 30, NOW, None)
    part = pages.numbered(conn, serial.id, 1)
    assert part is not None
    companion.mark_read(conn, ZEBULON, GUILD, part.id, NOW)
    companion.mark_read(conn, READER, GUILD, part.id, NOW)
    quotes.save(conn, ZEBULON, GUILD, part.id, 0, "Sentence number 3 of the oil", NOW)
    subscriptions.subscribe(conn, ZEBULON, serial, DM, NOW)
    reminding.remind_tomorrow(conn, ZEBULON, serial, DM, NOW)
    readership.set_counted(conn, ZEBULON, False, NOW)
    return serial


def post(conn: Connection) -> Serial:
    """Zebulon's own serial, with a part on its way and word to them of it."""
    me = Actor(ZEBULON, moderator=True)
    serial = add(conn, draft("sea", "salt"), member=ZEBULON)
    drafts.rename(conn, me, GUILD, serial.id, title="Salt", author="Zebulon")
    drafts.confirm(conn, me, GUILD, serial.id, NOW)
    serials.schedule(conn, me, GUILD, serial.id, channel_id=40, now=NOW)
    serials.post_now(conn, me, GUILD, serial.id, NOW, None)
    card = Draft("Zebulon", Bound(FROM_START), facts=(("Zebulon is me.", UNBOUND),))
    keeping.keep(conn, me, GUILD, serial.id, [card])
    outbox.add(conn, posting.RUNNING_LOW, serial.id, guild_id=None, channel_id=DM)
    channels.ask(conn, GUILD, serial.id, 40)
    conn.execute(insert(removals).values(person_id=PERSON, title="Pepper", reason="Zebulon, no"))
    return serial


def write(conn: Connection) -> None:
    settings.set_pace(conn, PERSON, 90, NOW)
    streaks.ask_warning(conn, ZEBULON, 21 * 60, NOW)
    outbox.add(conn, streaks.WARNING, PERSON, guild_id=None, channel_id=DM)
    boards.set_listed(conn, GUILD, PERSON, True)
    made = projects.create(
        conn, ZEBULON, "Zebulon's pier", start=40_000, now=NOW, interaction_id=501
    )
    pier = made.project
    place = Place(pier.id, Unit.WORDS, date(2026, 11, 3), GUILD)
    for key in ("a", "b", "c"):
        ledger.add(
            conn, PERSON, place, 100, now=NOW, source="wrote", key=key, note=f"=Zebulon {key}"
        )
    first, second, third = (entry.id for entry in ledger.latest(conn, PERSON, 3))
    ledger.correct(conn, PERSON, first, 150, "by Zebulon", NOW, "d")
    ledger.undo(conn, PERSON, second, NOW, "e")
    ledger.move(conn, PERSON, third, projects.default(conn, PERSON, NOW), place.day, NOW, "f")
    public_answers.note(conn, Posted(GUILD, 50, 4711), [PERSON])
    conn.execute(
        insert(goals).values(
            person_id=PERSON, unit="words", amount=500, first_day="2026-11-01", period="day"
        )
    )


def challenge(conn: Connection) -> None:
    """One that they take part in, with words that they have written before."""
    made = challenges.create(conn, GUILD, 80, november(2026), now=NOW, interaction_id=701)
    place = Place(projects.default(conn, PERSON, NOW), Unit.WORDS, date(2026, 11, 2), GUILD)
    ledger.add(conn, PERSON, place, 100, now=NOW, source="wrote", key="challenge")
    challenges.join(conn, ZEBULON, GUILD, made.id, listed=True, now=NOW)


def sprint(conn: Connection) -> tuple[Round, Round, Round]:
    """One with Tobias is over; one is on with nobody else in it, one with Tobias."""
    asked = Asked(NOW, 20, "Zebulon's hour")
    finished = sprints.start(conn, ZEBULON, GUILD, 50, asked, now=NOW)
    sprints.join(conn, READER, GUILD, finished.id, now=NOW)
    now = finished.ends_at
    step(conn, finished, now)
    for interaction_id, member in enumerate((ZEBULON, READER), start=601):
        counting.declare(
            conn, member, GUILD, finished.id, Amount(Sign.MORE, 350), now=now,
            interaction_id=interaction_id, final=True,
        )  # fmt: skip
    alone = sprints.start(conn, ZEBULON, GUILD, 60, asked, now=NOW)
    with_tobias = sprints.start(conn, READER, GUILD, 70, Asked(NOW, 20, "Quiet"), now=NOW)
    sprints.join(conn, ZEBULON, GUILD, with_tobias.id, now=NOW)
    reminders.remind(conn, ZEBULON, GUILD, 50, NOW, once=False)
    return finished, alone, with_tobias


def step(conn: Connection, found: Round, now: int) -> None:
    bell.on_step(conn, Job(0, bell.STEP, str(found.id), now, 0), now)
