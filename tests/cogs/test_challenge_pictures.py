"""What the pictures of a challenge show is what stands in the ledger."""

from collections import Counter
from datetime import date

from sqlalchemy import Connection, select

from bot.challenges import course, standing
from bot.db.engine import Database
from bot.people import service as people
from bot.words.tables import entries
from cogs.challenges import pictures
from tests.bot.challenges.making import LAST_INSTANT, again, created, join
from tests.bot.words.making import MARA, TOBIAS, ms, write

MIDDLE = ms("2026-11-15T12:00")


def by_day(conn: Connection) -> dict[int | None, Counter[date]]:
    found: dict[int | None, Counter[date]] = {}
    for row in conn.execute(select(entries)):
        counted = found.setdefault(row.person_id, Counter())
        counted[date.fromisoformat(row.day)] += row.amount
    return found


async def test_they_show_what_was_written(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        assert pictures.room(standing.board(conn, challenge, MIDDLE)).said == (
            "November 2026: 0 words, day 15 of 30."
        )
        join(conn, challenge, MARA)
        join(conn, challenge, TOBIAS, target=10_000, now=ms("2026-11-11T12:00"))
        assert pictures.way(standing.mine(conn, MARA, challenge, ms("2026-10-31T12:00"))) is None
        write(conn, 2_000, "2026-11-01")
        write(conn, -300, "2026-11-02")
        write(conn, 1_000, "2026-11-15")
        write(conn, 700, "2026-11-03", member=TOBIAS)  # before he joined
        write(conn, 900, "2026-11-12", member=TOBIAS)
        ledger = by_day(conn)
        for member, first in ((MARA, date(2026, 11, 1)), (TOBIAS, date(2026, 11, 11))):
            way = pictures.way(standing.mine(conn, member, challenge, MIDDLE))
            written = ledger[people.find(conn, member.discord_id)]
            assert way is not None
            assert (way.first, way.today, way.last) == (
                first, date(2026, 11, 15), date(2026, 11, 30),
            )  # fmt: skip
            for number, amount in enumerate(way.amounts):
                day = date.fromordinal(first.toordinal() + number)
                earlier = sum(n for one, n in written.items() if one < first) * (not number)
                assert amount == written[day] + earlier
        room = pictures.room(standing.board(conn, challenge, MIDDLE))
        assert room.written == sum(sum(one.values()) for one in ledger.values())
        assert room.par == 25_000 + 2_500
        course.finish(conn, challenge, LAST_INSTANT)
        certificate = pictures.certificate(standing.certificate(conn, MARA, again(conn, challenge)))
        assert certificate.said == (
            "November 2026: Mara wrote 2,700 words from 1 November 2026 to 30 November 2026, on 3 "
            "days."
        )

    await database.write(use_case)
