"""What a month's board takes, where a thousand people write twenty times a day."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from time import perf_counter

from sqlalchemy import Connection, Table, insert, text

from benchmarks.measures import Samples
from bot.challenges import records, service, standing
from bot.challenges.records import Challenge
from bot.challenges.rules import november
from bot.challenges.tables import challengers
from bot.config import Settings
from bot.db.engine import Database, open_database
from bot.people.tables import names, persons
from bot.words import day_totals
from bot.words.amounts import Unit
from bot.words.tables import day_totals as totals
from bot.words.tables import entries, projects

MEMBERS, DAYS, A_DAY = 1_000, 30, 20  # entries of each member
LOOKS = 200
WARM_UP = 20
GUILD = 1
FIRST = date(2026, 11, 1)
NOW = int(datetime(2026, 11, 30, 20, tzinfo=UTC).timestamp() * 1000)

BOARD = "the board, with names and pars"
SUMS = "its sums"
BARE = "bare SQL: these sums"
ENTRIES = "bare SQL: these, from the entries"

_SUMS = (
    "SELECT person_id, SUM(amount) FROM day_totals WHERE guild_id = :guild AND unit = 'words' "
    "AND day BETWEEN '2026-11-01' AND '2026-11-30' GROUP BY person_id"
)
_OF_THE_LEDGER = _SUMS.replace("day_totals", "entries").replace(
    "AND unit", "AND left_off = 0 AND unit"
)


async def looks(url: str) -> Samples:
    """Of each kind, in turns."""
    async with open_database(Settings(database_url=url, _env_file=None).database_url) as database:
        return await _looks(database, await database.write(_fill))


def _fill(conn: Connection) -> Challenge:
    made = service.create(conn, GUILD, GUILD, november(2026), now=NOW, interaction_id=1)
    members = range(1, MEMBERS + 1)
    rows: dict[Table, list[dict[str, object]]] = {
        persons: [{"id": one, "discord_id": one, "created_at": 0} for one in members],
        names: [{"person_id": one, "guild_id": GUILD, "name": f"Writer {one}"} for one in members],
        projects: [
            {"id": one, "person_id": one, "title": "Novel", "folded": "novel", "created_at": 0}
            for one in members
        ],
        challengers: [
            {
                "challenge_id": made.id, "person_id": one, "target": made.amount,
                "first_day": made.first.isoformat(), "listed": 1,
            }
            for one in members
        ],
    }  # fmt: skip
    for table, values in rows.items():
        conn.execute(insert(table), values)
    for number in range(DAYS):
        day = (FIRST + timedelta(days=number)).isoformat()
        place = {"unit": Unit.WORDS, "day": day, "guild_id": GUILD}
        conn.execute(
            insert(entries),
            [
                {
                    **place, "person_id": one, "project_id": one, "amount": 50 + one % 70,
                    "made_at": NOW, "source": "wrote", "key": f"{one}:{number}:{time}",
                }
                for one in members
                for time in range(A_DAY)
            ],
        )  # fmt: skip
        conn.execute(
            insert(totals),
            [
                {
                    **place, "person_id": one, "amount": (50 + one % 70) * A_DAY,
                    "entries": A_DAY, "changed": 0,
                }
                for one in members
            ],
        )  # fmt: skip
    return made


async def _looks(database: Database, challenge: Challenge) -> Samples:
    """The kinds take turns, so that what else the machine does hits them alike."""

    async def bare(query: str) -> None:
        await database.read(lambda conn: conn.execute(text(query), {"guild": GUILD}).all())

    everyone = records.persons(challenge)
    kinds: dict[str, Callable[[], Awaitable[object]]] = {
        BOARD: lambda: database.read(standing.board, challenge, NOW),
        SUMS: lambda: database.read(day_totals.by_person, challenge.within, everyone),
        BARE: lambda: bare(_SUMS),
        ENTRIES: lambda: bare(_OF_THE_LEDGER),
    }
    taken: Samples = {kind: [] for kind in kinds}
    for number in range(WARM_UP + LOOKS):
        for kind, look in kinds.items():
            if kind == ENTRIES and number % 10:
                continue  # it takes a hundred times as long
            began = perf_counter()
            await look()
            if number >= WARM_UP:
                taken[kind].append((perf_counter() - began) * 1000)
    return taken
