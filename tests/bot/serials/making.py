"""Serials to test with, and the turns of the two loops as plain functions of a connection."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection

from bot.clock import system_now
from bot.delivery import queue
from bot.delivery.rules import Row
from bot.delivery.rules import State as Sending
from bot.jobs import service as jobs
from bot.people.service import Member
from bot.serials import drafts, posting, service
from bot.serials.excerpts import cut
from bot.serials.imports import Draft, prepare
from bot.serials.records import SLOT, WEEKLY, Actor, Serial
from tests.conftest import ROOT

GUILD, ELSEWHERE = 100, 200
STORIES, OTHERS = 10, 20  # channels
MARA = Member(1, "Mara", GUILD)
AUTHOR = Actor(MARA)
MODERATING_AUTHOR = Actor(MARA, moderator=True)
MODERATOR = Actor(Member(9, "Odalys", GUILD), moderator=True)
READER = Member(2, "Tobias", GUILD)

NOW = int(datetime(2026, 11, 3, 8, 0, tzinfo=UTC).timestamp() * 1000)  # a Tuesday
HOUR, DAY = 3_600_000, 86_400_000
NINE = NOW + HOUR

SAMPLE = ROOT / "playground" / "sample" / "somebody-is-stealing-the-pier.md"


def prose(theme: str, words: int) -> str:
    """Paragraphs of sentences that are all different."""
    sentences = [
        f"Sentence number {n} of the {theme} has exactly these ten words."
        for n in range(words // 11)
    ]
    return "\n\n".join(" ".join(sentences[n : n + 5]) for n in range(0, len(sentences), 5))


def draft(*themes: str, words: int = 520, length: int = 300) -> Draft:
    """A chapter for each theme, of two parts unless told otherwise."""
    chapters = [
        f"## Chapter {n}: The {theme.title()}\n\n{prose(theme, words)}\n\n"
        for n, theme in enumerate(themes or ("oil", "wick"), start=1)
    ]
    found = prepare("lantern.md", f"# The Lantern\n\nBy Mara\n\n{''.join(chapters)}".encode())
    cuts = tuple(tuple(cut(chapter.blocks, length)) for chapter in found.manuscript.chapters)
    return replace(found, cuts=cuts)


def sample() -> Draft:
    return prepare(SAMPLE.name, SAMPLE.read_bytes())


def add(
    conn: Connection,
    added: Draft | None = None,
    *,
    member: Member = MARA,
    interaction_id: int | None = None,
) -> Serial:
    added = added or draft()
    return drafts.add(
        conn, member, GUILD, added, title=added.title, author="Mara", now=NOW,
        interaction_id=interaction_id,
    ).serial  # fmt: skip


def ready(conn: Connection, added: Draft | None = None) -> Serial:
    """Confirmed, not scheduled."""
    return drafts.confirm(conn, AUTHOR, GUILD, add(conn, added).id, NOW)


def active(conn: Connection, added: Draft | None = None) -> Serial:
    """Posted daily at 09:00 UTC in #stories, from NINE on."""
    serial = ready(conn, added)
    return service.schedule(conn, MODERATING_AUTHOR, GUILD, serial.id, channel_id=STORIES, now=NOW)


def turn(conn: Connection, now: int) -> None:
    """What the job loop does when the clock shows `now`."""
    while job := jobs.claim(conn, "test", now, system_now()):
        if job.kind == SLOT:
            posting.on_slot(conn, job, now)
        else:
            assert job.kind == WEEKLY
        jobs.done(conn, job, "test")


def deliver(
    conn: Connection, now: int, up_as: Callable[[Row], int] = lambda row: 5000 + row.id
) -> list[int]:
    """What the outbox loop does where Discord takes everything, and says what each message is
    `up_as`. Returns the excerpts."""
    excerpts = []
    while rows := [row for row in queue.due(conn, 1 << 50) if row.state is not Sending.SENT]:
        row = rows[0]
        if queue.withdraw_late(conn, row, now):
            posting.HOOKS.withdrawn(conn, row, now)
            continue
        assert queue.begin(conn, row, system_now())
        begun = replace(row, state=Sending.SENDING, attempts=row.attempts + 1)
        assert queue.sent(conn, begun, message_id=up_as(row), now=now)
        if row.kind == posting.EXCERPT:
            posting.HOOKS.sent(conn, replace(begun, message_id=up_as(row)), now)
            excerpts.append(row.subject)
    return list(dict.fromkeys(excerpts))


def days(conn: Connection, count: int, start: int = NINE) -> list[int]:
    """So many mornings pass. Returns the excerpts that were posted."""
    found = []
    for n in range(count):
        turn(conn, start + n * DAY)
        found += deliver(conn, start + n * DAY)
    return found


def published(conn: Connection, parts: int, added: Draft | None = None) -> Serial:
    """A serial of which so many parts are out."""
    serial = active(conn, added)
    assert len(days(conn, parts)) == parts
    return serial
