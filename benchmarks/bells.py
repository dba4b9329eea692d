"""How late bells ring where ten thousand sprints are on."""

import random

from sqlalchemy import Connection, Table, insert

from benchmarks.measures import Samples
from benchmarks.stage import HOUR, Stage
from bot.client import PERMISSIONS
from bot.clock import system_now
from bot.config import Settings
from bot.db.engine import open_database
from bot.jobs.tables import jobs
from bot.people.tables import persons
from bot.sprints import bell
from bot.sprints.tables import participants, rounds, sprints
from playground.world import Json

SPRINTS, JOBS = 10_000, 100_000
MINUTES = 20  # that each lasts: their bells are spread over so much time
SECONDS = 20  # of that time that are measured, with as many bells as fall into them
RUSH = 50  # more bells, at one instant
BEFORE = 10_000  # ms to get ready in
CHUNK = 5_000  # rows

SPREAD, AT_ONCE = "bells spread evenly", f"{RUSH} bells at one instant"


async def late(stage: Stage, url: str) -> Samples:
    """Milliseconds from the instant that a bell was promised for to its message's arrival."""
    ringing = SPRINTS * SECONDS // (MINUTES * 60)
    world = stage.playground.world
    guilds = [
        world.guild(
            f"Server {number}",
            owner=stage.town.author,
            bot_permissions=PERMISSIONS,
            channels=[f"sprints-{channel}" for channel in range(50)],
        )
        for number in range((ringing + RUSH) // 50 + 1)
    ]
    channels = [
        (guild, int(channel["id"]))
        for guild in guilds
        for channel in world.channels(guild, stage.town.author)
    ]
    began = system_now() + BEFORE
    pick = random.Random(1)
    spread = [began + pick.randrange(SECONDS * 1000) for _ in range(ringing)]
    ends = [*spread, *[began + SECONDS * 500] * RUSH]
    ends += [began + HOUR + number for number in range(SPRINTS - len(ends))]
    promised = {channel: end for (_, channel), end in zip(channels, ends, strict=False)}
    taken: Samples = {SPREAD: [], AT_ONCE: []}

    def listen(event: str, payload: Json, viewer: int | None) -> None:
        if event == "MESSAGE_CREATE" and viewer is None and "**Time!**" in payload["content"]:
            end = promised[int(payload["channel_id"])]
            taken[SPREAD if end in spread else AT_ONCE].append(float(system_now() - end))

    world.subscribe(listen)
    async with open_database(Settings(database_url=url).database_url) as database:
        await database.write(_fill, channels, ends)
    async with stage.bot("bot", "run", database=url):
        await stage.playground.wait_for(
            lambda: sum(map(len, taken.values())) >= ringing + RUSH, within=90, what="bells"
        )
    return taken


def _fill(conn: Connection, channels: list[tuple[int, int]], ends: list[int]) -> None:
    """Each sprint with three writers in it; the other jobs are due much later."""
    now = system_now()
    _add(conn, persons, [{"id": n, "created_at": now} for n in range(1, 3 * len(ends) + 1)])
    _add(
        conn,
        sprints,
        [
            {
                "id": number,
                "guild_id": channels[number - 1][0] if number <= len(channels) else 1,
                "channel_id": channels[number - 1][1] if number <= len(channels) else number,
                "minutes": MINUTES, "rounds": 1, "pause": 5, "state": "live",
            }
            for number in range(1, len(ends) + 1)
        ],
    )  # fmt: skip
    _add(
        conn,
        rounds,
        [
            {
                "id": number, "sprint_id": number, "number": 1, "state": "running",
                "starts_at": end - MINUTES * 60_000, "ends_at": end,
            }
            for number, end in enumerate(ends, start=1)
        ],
    )  # fmt: skip
    _add(
        conn,
        participants,
        [
            {"round_id": (number + 2) // 3, "person_id": number, "joined_at": now}
            for number in range(1, 3 * len(ends) + 1)
        ],
    )
    timers: list[dict[str, object]] = [
        {"kind": bell.STEP, "key": str(number), "due": end}
        for number, end in enumerate(ends, start=1)
    ]
    timers += [
        {"kind": "serial.slot", "key": str(number), "due": now + 24 * HOUR + number}
        for number in range(JOBS - len(ends))
    ]
    _add(conn, jobs, timers)


def _add(conn: Connection, table: Table, rows: list[dict[str, object]]) -> None:
    for first in range(0, len(rows), CHUNK):
        conn.execute(insert(table), rows[first : first + CHUNK])
