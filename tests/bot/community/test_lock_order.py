"""Use cases that run at once on PostgreSQL wait for each other, and never for ever.

Each is stopped after each of its statements in turn, while another runs until it ends or waits. One
order of locks means that whoever waits is waited for by nobody.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from itertools import count
from typing import TypedDict

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.util import await_only

from bot.challenges import service as challenges
from bot.challenges.rules import november
from bot.community import likes
from bot.community import service as community
from bot.companion import quotes, readership, reminding, subscriptions
from bot.companion import service as companion
from bot.delivery.public_answers import Posted
from bot.errors import UserError
from bot.people import answers
from bot.serials import pages
from bot.serials import service as serials
from bot.serials.records import Actor
from bot.sprints import counting, crediting, reminders
from bot.sprints import service as sprints
from bot.words import goals, projects, service
from bot.words.amounts import Amount, Sign
from tests.bot.community.making import DISCORD, DM, ZEBULON, Used, step, use_everything
from tests.bot.serials.making import GUILD, NOW, READER
from tests.conftest import Kept, settings

UseCase = Callable[[Connection], object]

DEADLOCK = "40P01"
MORE = Amount(Sign.MORE, 5)
interactions = count(9000)

WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE pid = :pid AND wait_event_type = 'Lock'"
)


@pytest.fixture
async def engine(kept_postgres: Kept, postgres: str) -> AsyncIterator[AsyncEngine]:
    """Of its own: the bot's runs a victim of a deadlock again, which would hide it."""
    await kept_postgres.empty()
    engine = create_async_engine(
        settings(postgres).database_url,
        connect_args={"server_settings": {"deadlock_timeout": "20ms"}},
    )
    yield engine
    await engine.dispose()


class At(TypedDict):
    now: int
    interaction_id: int


class Stopped:
    """A transaction that stops after so many statements until it is told to go on. None of it is
    kept."""

    def __init__(self, engine: AsyncEngine, use_case: UseCase, after: int) -> None:
        self._engine, self._use_case, self._left = engine, use_case, after
        self._there, self._on = asyncio.Event(), asyncio.Event()
        self.ran_out = False

    async def run(self) -> None:
        async with self._engine.connect() as conn:
            sync = conn.sync_connection
            event.listen(sync, "after_cursor_execute", self._after_statement)
            try:
                await conn.run_sync(self._use_case)
            except UserError:
                pass  # the other one came first
            finally:
                self.ran_out = not self._there.is_set()
                self._there.set()

    def _after_statement(self, *_: object) -> None:
        self._left -= 1
        if self._left == 0:
            self._there.set()
            await_only(self._on.wait())

    async def reach(self) -> None:
        await self._there.wait()

    def go_on(self) -> None:
        self._on.set()


async def meet(engine: AsyncEngine, one: UseCase, other: UseCase) -> list[int]:
    """Those numbers of statements of `one` after which the `other` makes a deadlock with it."""
    deadlocks: list[int] = []
    for after in count(1):
        first = Stopped(engine, one, after)
        task = asyncio.create_task(first.run())
        await first.reach()
        if first.ran_out:
            await task
            return deadlocks
        conn = await engine.connect()
        pid = (await conn.scalars(text("SELECT pg_backend_pid()"))).one()
        second = asyncio.create_task(run(conn, other))
        await until_waiting(engine, pid, second)
        first.go_on()
        async with asyncio.timeout(20):
            ended = await asyncio.gather(task, second, return_exceptions=True)
        for error in ended:
            if isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", "") == DEADLOCK:
                deadlocks.append(after)
            elif isinstance(error, BaseException) and not isinstance(error, UserError):
                raise error
    raise AssertionError


async def run(conn: AsyncConnection, use_case: UseCase) -> None:
    """None of it is kept."""
    try:
        await conn.run_sync(use_case)
    finally:
        await conn.close()


async def until_waiting(engine: AsyncEngine, pid: int, task: asyncio.Task[None]) -> None:
    """Until it has ended, or waits for the other one."""
    async with engine.connect() as conn:
        while not task.done() and not await conn.scalar(WAITING, {"pid": pid}):
            await asyncio.wait([task], timeout=0.002)
            await conn.rollback()


def erase(conn: Connection) -> None:
    community.erase(conn, ZEBULON, NOW)


def writing(used: Used, conn: Connection) -> dict[str, UseCase]:
    """What Zebulon, or a job for them, may be writing just then."""
    here, now = used.approved, NOW
    part = pages.numbered(conn, here.id, 1)
    assert part is not None
    entry = service.history(conn, ZEBULON, 0).entries[-1].id
    project = projects.create(
        conn, ZEBULON, "Zebulon's quay", now=now, interaction_id=next(interactions)
    ).project.id
    number = goals.mine(conn, ZEBULON, now)[0].id
    asked = sprints.Asked(now, 20)
    alone, shared, finished = used.alone.id, used.with_tobias.id, used.finished.id
    challenge = challenges.create(
        conn, GUILD, 81, november(2027), now=now, interaction_id=next(interactions)
    ).id
    at: At = {"now": now, "interaction_id": next(interactions)}
    return {
        "wrote": lambda c: crediting.log(c, ZEBULON, 50, MORE, day="yesterday", **at),
        "wrote in a sprint": lambda c: crediting.log(c, ZEBULON, 70, MORE, **at),
        "words add": lambda c: crediting.log_privately(c, ZEBULON, 50, MORE, **at),
        "count entry": lambda c: crediting.count_entry(c, ZEBULON, GUILD, entry, shared, **at),
        "undo": lambda c: service.undo(c, ZEBULON, entry, **at),
        "edit": lambda c: service.edit(c, ZEBULON, entry, MORE, None, **at),
        "move": lambda c: service.move(c, ZEBULON, entry, day="yesterday", **at),
        "note an answer": lambda c: answers.note(c, Posted(GUILD, 50, 4712), DISCORD),
        "project create": lambda c: projects.create(c, ZEBULON, "Other", **at),
        "project edit": lambda c: projects.edit(c, ZEBULON, project, title="Another"),
        "project switch": lambda c: projects.switch(c, ZEBULON, project),
        "project remove": lambda c: projects.remove(c, ZEBULON, project),
        "goal remove": lambda c: goals.remove(c, ZEBULON, f"#{number}", now),
        "sprint start": lambda c: sprints.start(c, ZEBULON, GUILD, 90, asked, now=now),
        "sprint join": lambda c: sprints.join(c, ZEBULON, GUILD, shared, now=now),
        "sprint leave": lambda c: sprints.leave(c, ZEBULON, GUILD, shared, now),
        "sprint end": lambda c: sprints.end(c, ZEBULON, GUILD, alone, now, moderator=False),
        "sprint cancel": lambda c: sprints.cancel(c, ZEBULON, GUILD, alone, now, moderator=False),
        "agree": lambda c: sprints.agree(c, ZEBULON, GUILD, shared, READER.discord_id, now),
        "sprint words": lambda c: counting.declare(c, ZEBULON, GUILD, shared, MORE, **at),
        "sprint undo": lambda c: counting.undo(c, ZEBULON, GUILD, finished, **at),
        "remind me": lambda c: reminders.remind(c, ZEBULON, GUILD, 70, now, once=True),
        "remind no more": lambda c: reminders.forget(c, ZEBULON, 50),
        "bell": lambda c: step(c, used.with_tobias, used.with_tobias.ends_at),
        "another joins": lambda c: sprints.join(c, READER, GUILD, alone, now=now),
        "challenge join": lambda c: challenges.join(
            c, ZEBULON, GUILD, challenge, listed=True, now=now
        ),
        "read": lambda c: companion.mark_read(c, ZEBULON, GUILD, part.id, now),
        "open page": lambda c: companion.open_page(c, ZEBULON, here.id, here.story.id, now),
        "quote": lambda c: quotes.save(c, ZEBULON, GUILD, part.id, 0, "Sentence number 4", now),
        "subscribe": lambda c: subscriptions.subscribe(c, ZEBULON, here, DM, now, minute=5),
        "unsubscribe": lambda c: subscriptions.unsubscribe(c, ZEBULON, here.id),
        "remind tomorrow": lambda c: reminding.remind_tomorrow(c, ZEBULON, here, DM, now),
        "counted": lambda c: readership.set_counted(c, ZEBULON, True, now),
        "zone": lambda c: likes.set_zone(c, ZEBULON, "Europe/Paris", now),
        "pace": lambda c: likes.set_pace(c, ZEBULON, 30, now),
        "privacy": lambda c: likes.set_privacy(c, ZEBULON, True, False, now, counted=True),
        "streak": lambda c: likes.set_streak(c, ZEBULON, True, 600, now),
        "left off": lambda c: community.leave_private_off(c, GUILD, DISCORD, True, now),
        "approve": lambda c: serials.approve(
            c, Actor(ZEBULON, moderator=True), GUILD, here.id, 31, now, None
        ),
        "approve their own": lambda c: serials.approve(
            c, Actor(ZEBULON, moderator=True), GUILD, used.own.id, 40, now, None
        ),
        "post now": lambda c: serials.post_now(
            c, Actor(ZEBULON, moderator=True), GUILD, used.own.id, now, None
        ),
        "pause": lambda c: serials.pause(c, Actor(ZEBULON), GUILD, used.own.id),
    }


async def prepare(engine: AsyncEngine) -> dict[str, UseCase]:
    def made(conn: Connection) -> dict[str, UseCase]:
        return writing(use_everything(conn), conn)

    async with engine.begin() as conn:
        return await conn.run_sync(made)


async def test_erasing_and_the_members_own_writes_make_no_deadlock(engine: AsyncEngine) -> None:
    use_cases = await prepare(engine)
    found = {}
    for name, use_case in use_cases.items():
        found[name] = await meet(engine, use_case, erase)
    assert {name: at for name, at in found.items() if at} == {}
