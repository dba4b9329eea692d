"""A challenge's way: words that are written, evenings, and its end."""

import asyncio

from sqlalchemy import Connection, delete

from bot.challenges import course, earning, privacy, service, standing, telling
from bot.challenges.badges import Badge
from bot.challenges.course import LATE, NAMES_A_PAGE
from bot.challenges.records import BOARD, FINAL, HOMELESS, SUMMARY, Challenge, State
from bot.challenges.rules import Cheer
from bot.challenges.tables import badges
from bot.challenges.telling import Evening
from bot.community import service as community
from bot.db.engine import Database
from bot.delivery import service as outbox
from bot.delivery.tables import outbox as messages
from bot.jobs import service as jobs
from bot.people import greeting
from bot.people.service import Member
from bot.words import boards, day_totals, settings
from bot.words.day_totals import SOON, WRITTEN, Together
from tests.bot.challenges.making import (
    BEFORE,
    HERE,
    LAST_INSTANT,
    again,
    created,
    deliver,
    join,
    turn,
)
from tests.bot.words.making import ELSEWHERE, GUILD, INES, MARA, TOBIAS, ms, on, person, write

THERE, NOTICES = 11, 12  # other channels

HOUR, DAY = 3_600_000, 86_400_000
NINE_PM = ms("2026-11-01T21:00")


def ordinal(day: str) -> int:
    return on(day).toordinal()


def evening(conn: Connection, challenge: Challenge, day: str) -> Evening:
    found = telling.evening(conn, challenge.id, ordinal(day))
    assert found is not None
    return found


def dirty(conn: Connection) -> set[str]:
    return {row.kind for row in conn.execute(messages.select().where(messages.c.dirty == 1))}


async def test_words_bring_the_board_up_to_date_within_the_minute(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        join(conn, challenge, MARA)
        noon = ms("2026-11-02T12:00")
        turn(conn, noon)
        deliver(conn, noon)
        assert jobs.due_at(conn, WRITTEN, str(GUILD)) == ms("2026-11-03T00:00")
        assert dirty(conn) == set()

        write(conn, 300, "2026-11-02")
        write(conn, 300, "2026-11-02", guild_id=ELSEWHERE)
        turn(conn, noon + SOON - 1)
        assert dirty(conn) == set()
        turn(conn, noon + SOON)
        assert dirty(conn) == {BOARD}
        deliver(conn, noon + SOON)
        turn(conn, ms("2026-11-03T00:00"))  # another day of it has begun
        assert dirty(conn) == {BOARD}

    await database.write(use_case)


async def test_nothing_waits_for_words_where_no_challenge_runs(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        write(conn, 300, "2026-11-02")
        service.end(conn, GUILD, challenge.id, NINE_PM)
        turn(conn, NINE_PM + DAY)
        assert jobs.coming(conn, GUILD) == []
        write(conn, 300, "2026-11-03")
        assert jobs.coming(conn, GUILD) == []

    await database.write(use_case)


async def test_an_evening_of_each_day_and_then_the_end(database: Database) -> None:
    def use_case(conn: Connection) -> list[tuple[str, int]]:
        created(conn)
        told = []
        for hour in range(0, 45 * 24, 3):
            now = BEFORE + hour * HOUR
            turn(conn, now)
            told += deliver(conn, now)
        return told

    evenings = [(SUMMARY, ordinal("2026-11-01") + number) for number in range(30)]
    assert await database.write(use_case) == [(BOARD, 0), *evenings, (FINAL, 0)]


async def test_evening_is_by_the_servers_time_zone_and_comes_once_a_day(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        community.set_guild_zone(conn, GUILD, "Asia/Tokyo", BEFORE)
        due = ms("2026-11-01T12:00")
        assert jobs.due_at(conn, SUMMARY, str(challenge.id)) == due
        turn(conn, due)
        community.set_guild_zone(conn, GUILD, "UTC", due)  # where it is yet to come
        assert jobs.due_at(conn, SUMMARY, str(challenge.id)) == ms("2026-11-02T21:00")

    await database.write(use_case)


async def test_a_late_evening_is_left_out_and_its_badges_are_told_with_the_next(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        join(conn, challenge, MARA)
        write(conn, 300, "2026-11-01")
        turn(conn, NINE_PM + LATE)
        write(conn, 1_700, "2026-11-02")
        turn(conn, NINE_PM + DAY + LATE - 1)
        assert deliver(conn, NINE_PM + DAY + LATE - 1) == [
            (BOARD, 0),
            (SUMMARY, ordinal("2026-11-02")),
        ]
        assert evening(conn, challenge, "2026-11-02").badges == {
            Badge.FIRST: ["Mara"],
            Badge.DAY_1667: ["Mara"],
        }

    await database.write(use_case)


async def test_one_that_could_not_be_posted_in_time_leaves_its_badges_to_the_next(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        join(conn, challenge, MARA)
        write(conn, 300, "2026-11-01")
        turn(conn, NINE_PM)
        assert evening(conn, challenge, "2026-11-01").badges == {Badge.FIRST: ["Mara"]}
        assert deliver(conn, NINE_PM + LATE + 1) == [(BOARD, 0)]
        assert evening(conn, challenge, "2026-11-01").badges == {}
        turn(conn, NINE_PM + DAY)
        assert evening(conn, challenge, "2026-11-02").badges == {Badge.FIRST: ["Mara"]}

    await database.write(use_case)


async def test_a_badge_is_told_once_and_kept(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        join(conn, challenge, MARA, TOBIAS)
        join(conn, challenge, INES, listed=False)
        for member in (MARA, INES):
            write(conn, 1_700, "2026-11-01", member=member)
        turn(conn, NINE_PM)
        told = {Badge.FIRST: ["Mara"], Badge.DAY_1667: ["Mara"]}
        assert evening(conn, challenge, "2026-11-01").badges == told
        write(conn, -1_700, "2026-11-01", at="2026-11-02T08:00")
        turn(conn, NINE_PM + DAY)
        assert evening(conn, challenge, "2026-11-02").badges == {}
        assert evening(conn, challenge, "2026-11-01").badges == told
        assert conn.execute(delete(badges)).rowcount == 4

    await database.write(use_case)


async def test_who_was_away_is_told_of_once_they_are_back(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        join(conn, challenge, MARA)
        write(conn, 300, "2026-11-01")
        turn(conn, NINE_PM - HOUR)
        service.leave(conn, MARA, GUILD, challenge.id, NINE_PM - HOUR)
        turn(conn, NINE_PM)
        join(conn, challenge, MARA, now=NINE_PM + HOUR)
        assert evening(conn, challenge, "2026-11-01").badges == {}
        turn(conn, NINE_PM + DAY)
        assert evening(conn, challenge, "2026-11-02").badges == {Badge.FIRST: ["Mara"]}

    await database.write(use_case)


async def test_an_evening_stays_that_days_whenever_it_is_told(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        join(conn, challenge, MARA, target=3_000)
        join(conn, challenge, TOBIAS, target=2_900, now=ms("2026-11-02T12:00"))
        write(conn, 300, "2026-11-01")
        write(conn, 40, "2026-11-02")
        write(conn, 70, "2026-11-02", member=TOBIAS)
        write(conn, 900, "2026-11-03")  # where that day has begun
        found = evening(conn, challenge, "2026-11-02")
        assert (found.day, found.total, found.target, found.par) == (2, 410, 5_900, 300)

    await database.write(use_case)


async def test_the_first_past_halfway_is_cheered_for(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        join(conn, challenge, MARA, TOBIAS, target=1_000)
        write(conn, 499, "2026-11-01")
        write(conn, 500, "2026-11-01", member=TOBIAS)
        turn(conn, NINE_PM)
        found = evening(conn, challenge, "2026-11-01")
        assert (found.cheer, found.halfway) == (Cheer.HALFWAY, "Tobias")
        assert (found.day, found.days, found.wrote) == (1, 30, Together(999, 2))
        write(conn, 499, "2026-11-02")
        turn(conn, NINE_PM + DAY)
        found = evening(conn, challenge, "2026-11-02")
        assert (found.cheer, found.halfway) == (Cheer.SOME, None)
        assert found.badges == {Badge.HALFWAY: ["Mara"]}
        assert evening(conn, challenge, "2026-11-03").cheer is Cheer.NOBODY

    await database.write(use_case)


async def test_who_hides_their_streak_gets_none_for_days_in_a_row(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        join(conn, challenge, MARA, TOBIAS)
        settings.set_streak_hidden(conn, person(conn, MARA), True, 0)
        for day in ("2026-11-01", "2026-11-02", "2026-11-03"):
            for member in (MARA, TOBIAS):
                write(conn, 0, day, member=member)
            turn(conn, ms(f"{day}T21:00"))
        assert evening(conn, challenge, "2026-11-03").badges == {Badge.ROW_3: ["Tobias"]}

    await database.write(use_case)


async def test_what_a_moderator_left_off_does_not_count(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        join(conn, challenge, MARA)
        entry = write(conn, 60_000, "2026-11-01", at="2026-11-01T20:00")
        boards.leave_off(conn, GUILD, entry.id, True, NINE_PM - HOUR + 1)
        turn(conn, NINE_PM)
        found = evening(conn, challenge, "2026-11-01")
        assert (found.cheer, found.wrote, found.badges) == (Cheer.NOBODY, Together(0, 0), {})

    await database.write(use_case)


async def test_at_the_end_par_of_every_day_is_told_and_everyone_who_wrote(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        join(conn, challenge, MARA, TOBIAS, target=300)
        join(conn, challenge, INES, listed=False)
        for day in range(1, 31):
            write(conn, 10, f"2026-11-{day:02}")
            evening_comes = ms(f"2026-11-{day:02}T21:00")
            turn(conn, evening_comes)
            deliver(conn, evening_comes)
        write(conn, 200, "2026-11-30", member=TOBIAS)  # after the last evening
        write(conn, 7, "2026-11-30", member=INES)
        turn(conn, LAST_INSTANT - 1)
        deliver(conn, LAST_INSTANT - 1)
        assert again(conn, challenge).running
        turn(conn, LAST_INSTANT)
        assert again(conn, challenge).state is State.OVER
        assert dirty(conn) == {BOARD}
        found = telling.final(conn, challenge.id, 0)
        assert found is not None
        assert (found.total, found.writers) == (507, 3)
        assert [(line.name, line.written) for line in found.lines] == [
            ("Mara", 300), ("Tobias", 200),
        ]  # fmt: skip
        assert found.badges == {
            Badge.FIRST: ["Tobias"],
            Badge.HALFWAY: ["Tobias"],
            Badge.PAR_EVERY_DAY: ["Mara"],
        }
        assert deliver(conn, LAST_INSTANT) == [(FINAL, 0)]

    await database.write(use_case)


async def test_everyone_who_wrote_has_room_in_the_final_message(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        people = [Member(1_000 + n, f"Writer {n}", GUILD) for n in range(NAMES_A_PAGE + 2)]
        join(conn, challenge, *people)
        for member in people[1:]:
            write(conn, member.discord_id, "2026-11-30", member=member)
        turn(conn, LAST_INSTANT)
        assert (FINAL, 1) in deliver(conn, LAST_INSTANT)
        pages = [telling.final(conn, challenge.id, page) for page in range(2)]
        names = [line.name for page in pages if page for line in page.lines]
        assert names == [one.name for one in reversed(people[1:])]

    await database.write(use_case)


async def test_without_its_channel_it_goes_on_and_another_is_asked_for(
    database: Database,
) -> None:
    def use_case(conn: Connection) -> None:
        greeting.greet(conn, GUILD, 7, NOTICES, BEFORE)
        challenge = created(conn)
        join(conn, challenge, MARA)
        write(conn, 300, "2026-11-01")
        turn(conn, NINE_PM)
        (row,) = outbox.messages(conn, SUMMARY, challenge.id)
        for _ in range(2):
            course.HOOKS[SUMMARY].gone(conn, row, NINE_PM)
        assert again(conn, challenge).state is State.RUNNING
        (asked,) = outbox.messages(conn, HOMELESS, challenge.id)
        assert asked.channel_id == NOTICES
        write(conn, 40, "2026-11-02")
        turn(conn, LAST_INSTANT)
        over = again(conn, challenge)
        assert over.state is State.OVER
        assert standing.certificate(conn, MARA, over).written == 340
        assert {row.channel_id for row in outbox.messages(conn, FINAL, challenge.id)} == {HERE}

        moved = service.move(conn, GUILD, challenge.id, THERE)
        assert moved.channel_id == THERE
        for kind in (BOARD, FINAL):
            assert [row.channel_id for row in outbox.messages(conn, kind, challenge.id)] == [THERE]
        assert outbox.messages(conn, HOMELESS, challenge.id) == []

    await database.write(use_case)


async def test_whoever_is_erased_is_off_all_its_messages(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        challenge = created(conn)
        join(conn, challenge, MARA, TOBIAS)
        for member in (MARA, TOBIAS):
            write(conn, 300, "2026-11-01", member=member)
        turn(conn, NINE_PM)
        course.finish(conn, challenge, NINE_PM)
        deliver(conn, NINE_PM)
        assert set(privacy.held(conn, person(conn, MARA))) == {"badges", "challengers"}
        community.erase(conn, MARA, NINE_PM)
        assert dirty(conn) == {BOARD, SUMMARY, FINAL}
        assert evening(conn, challenge, "2026-11-01").badges == {Badge.FIRST: ["Tobias"]}
        found = telling.final(conn, challenge.id, 0)
        assert found is not None
        assert [line.name for line in found.lines] == ["Tobias"]
        assert outbox.messages(conn, BOARD, challenge.id)

    await database.write(use_case)


async def test_no_words_are_missed_by_who_is_just_looking(database: Database) -> None:
    challenge = await database.write(created)
    people = [Member(1_000 + n, f"Writer {n}", GUILD) for n in range(12)]
    await database.write(join, challenge, *people)
    noon = ms("2026-11-02T12:00")
    await asyncio.gather(
        *(
            step
            for member in people
            for step in (
                database.write(write, 300, "2026-11-02", member=member),
                database.write(turn, noon + SOON),
            )
        )
    )
    await database.write(turn, noon + 2 * SOON)
    await database.write(earning.tell, challenge, on("2026-11-02"))
    found = await database.read(evening, challenge, "2026-11-02")
    assert len(found.badges[Badge.FIRST]) == len(people)
    assert await database.write(day_totals.take_changed, GUILD) == set()
