from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy import Connection

from bot.db.engine import Database
from bot.delivery import queue
from bot.delivery import service as outbox
from bot.delivery.queue import IN_FLIGHT
from bot.delivery.rules import Act, Row, State
from bot.delivery.service import EXCERPTS, NOTICES

GUILD, HERE, THERE = 100, 10, 20
NOW = 1_000_000  # by the Clock
REAL = 5_000_000


def add(
    conn: Connection,
    subject: int = 7,
    channel_id: int = HERE,
    parts: range = range(1),
    priority: int = NOTICES,
    not_after: int | None = None,
) -> list[Row]:
    outbox.add(
        conn, "excerpt", subject, guild_id=GUILD, channel_id=channel_id, parts=parts,
        priority=priority, not_after=not_after,
    )  # fmt: skip
    return read(conn, subject)


def read(conn: Connection, subject: int = 7) -> list[Row]:
    return outbox.messages(conn, "excerpt", subject)


def one(conn: Connection) -> Row:
    (row,) = read(conn)
    return row


def post(conn: Connection, row: Row, message_id: int = 555) -> None:
    assert queue.begin(conn, row, REAL)
    (begun,) = [found for found in read(conn, row.subject) if found.id == row.id]
    assert queue.sent(conn, begun, message_id, NOW)


def subjects(rows: Iterable[Row]) -> list[int]:
    return [row.subject for row in rows]


async def test_a_promise_is_made_once(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        (row,) = add(conn)
        assert (row.state, row.attempts, row.attempted_at) == (State.PENDING, 0, None)
        assert 16 <= len(row.nonce) <= 25
        assert add(conn) == [row]
        post(conn, row)
        assert add(conn)[0].state is State.SENT
        assert add(conn, channel_id=THERE)[1].state is State.PENDING
        nonces = {found.nonce for found in add(conn, 8, parts=range(5))}
        assert len(nonces) == 5

    await database.write(use_case)


async def test_each_change_asks_for_the_state_it_starts_from(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        (pending,) = add(conn)
        assert not queue.sent(conn, replace(pending, state=State.SENDING), 1, NOW)
        assert queue.begin(conn, pending, REAL)
        assert not queue.begin(conn, pending, REAL)  # another process was faster
        assert not outbox.withdraw(conn, pending)
        sending = one(conn)
        assert (sending.state, sending.attempts, sending.attempted_at) == (State.SENDING, 1, REAL)
        assert queue.sent(conn, sending, 555, NOW)
        assert not queue.sent(conn, sending, 556, NOW)
        for late in (
            queue.try_again(conn, sending, "429", REAL),
            queue.settle_later(conn, sending, "500", REAL),
            queue.block(conn, sending, "403", State.BLOCKED),
            queue.fail(conn, sending, "400", State.FAILED),
        ):
            assert not late
        assert (one(conn).state, one(conn).message_id) == (State.SENT, 555)

    await database.write(use_case)


async def test_a_post_under_way_is_left_alone_for_a_while(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        (row,) = add(conn)
        assert queue.begin(conn, row, REAL)
        assert queue.due(conn, REAL + IN_FLIGHT - 1) == []
        (again,) = queue.due(conn, REAL + IN_FLIGHT)
        assert (again.nonce, again.state) == (row.nonce, State.SENDING)
        assert queue.begin(conn, again, REAL + IN_FLIGHT)
        assert one(conn).attempted_at == REAL  # a nonce's age counts from its first POST
        # A process that has the database to itself need not wait.
        assert queue.due(conn, REAL + IN_FLIGHT) == []
        queue.release_all(conn)
        assert [found.nonce for found in queue.due(conn, REAL)] == [row.nonce]

    await database.write(use_case)


async def test_a_nonce_is_kept_only_while_the_outcome_is_unknown(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        (row,) = add(conn)
        assert queue.begin(conn, row, REAL)
        assert queue.settle_later(conn, one(conn), "500", REAL + 1)
        unknown = one(conn)
        assert (unknown.state, unknown.nonce) == (State.SENDING, row.nonce)
        assert queue.begin(conn, unknown, REAL + 1)
        assert queue.try_again(conn, one(conn), "429", REAL + 2)
        anew = one(conn)
        assert (anew.state, anew.attempted_at) == (State.PENDING, None)
        assert anew.nonce != row.nonce
        assert queue.due(conn, REAL + 1) == []
        assert queue.due(conn, REAL + 2) == [anew]

    await database.write(use_case)


async def test_pages_wait_for_the_one_before(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        pages = add(conn, parts=range(3), not_after=NOW)
        for page in pages:
            assert [row.part for row in queue.due(conn, REAL)] == [page.part]
            post(conn, page)
        assert queue.due(conn, REAL) == []
        # Only the first has a latest time: once it is up the rest belongs there.
        assert [page.not_after for page in pages] == [NOW, None, None]

    await database.write(use_case)


async def test_the_more_urgent_goes_first_and_then_the_older(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        for channel_id in (HERE, THERE):
            for n, priority in enumerate((NOTICES, EXCERPTS, EXCERPTS, NOTICES)):
                add(conn, channel_id + n, channel_id, priority=priority)
        order = []
        while rows := queue.due(conn, REAL):
            order.append(subjects(rows))
            for row in rows:
                post(conn, row)
        assert order == [[11, 21], [12, 22], [10, 20], [13, 23]]

    await database.write(use_case)


async def test_what_is_late_is_withdrawn_only_if_it_was_never_tried(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        (row,) = add(conn, not_after=NOW)
        assert not queue.withdraw_late(conn, row, NOW)
        assert queue.begin(conn, row, REAL)
        assert not queue.withdraw_late(conn, row, NOW + 1)
        assert not queue.withdraw_late(conn, one(conn), NOW + 1)
        assert queue.try_again(conn, one(conn), "429", REAL)  # so it is known not to be up
        assert queue.withdraw_late(conn, one(conn), NOW + 1)
        assert one(conn).state is State.WITHDRAWN
        assert queue.due(conn, REAL) == []
        (timeless,) = add(conn, 8)
        assert not queue.withdraw_late(conn, timeless, NOW + 10**9)

    await database.write(use_case)


async def test_what_was_withdrawn_can_be_promised_again(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        before = add(conn, parts=range(2), not_after=NOW)
        for page in before:
            assert outbox.withdraw(conn, page)
        assert queue.due(conn, REAL) == []
        after = add(conn, parts=range(2), not_after=NOW + 99)
        assert [page.id for page in after] == [page.id for page in before]
        assert [page.state for page in after] == [State.PENDING] * 2
        assert [page.not_after for page in after] == [NOW + 99, None]
        assert not {page.nonce for page in after} & {page.nonce for page in before}
        assert [page.part for page in queue.due(conn, REAL)] == [0]

    await database.write(use_case)


async def test_a_blocked_channel_waits_and_goes_on(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        (row,) = add(conn)
        add(conn, 8, channel_id=THERE)
        assert queue.begin(conn, row, REAL)
        assert queue.block(conn, one(conn), "50013", State.BLOCKED)
        assert subjects(queue.due(conn, REAL + 10**9)) == [8]
        assert outbox.blocked_channels(conn, GUILD) == [HERE]
        assert outbox.blocked_channels(conn, GUILD + 1) == []
        outbox.unblock(conn, [THERE])
        assert one(conn).state is State.BLOCKED
        outbox.unblock(conn, [HERE])
        assert outbox.blocked_channels(conn, GUILD) == []
        assert subjects(queue.due(conn, REAL)) == [7, 8]
        assert one(conn).attempted_at is None

    await database.write(use_case)


async def test_a_permission_is_for_some_acts(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        (row,) = add(conn)
        outbox.do(conn, Act.THREAD, "thread", 7, 0, GUILD, HERE, 5)
        (thread,) = outbox.messages(conn, "thread", 7)
        for waiting in (row, thread):
            assert queue.begin(conn, waiting, REAL)
            (begun,) = outbox.messages(conn, waiting.kind, 7)
            assert queue.block(conn, begun, "50013", State.BLOCKED)
        assert outbox.blocked(conn, GUILD) == {Act.POST: [HERE], Act.THREAD: [HERE]}
        outbox.unblock(conn, [HERE], [Act.POST])
        assert outbox.blocked(conn, GUILD) == {Act.THREAD: [HERE]}
        assert queue.due(conn, REAL) == [one(conn)]
        outbox.unblock(conn, [HERE])
        assert outbox.blocked(conn, GUILD) == {}

    await database.write(use_case)


async def test_what_may_be_up_waits_until_we_may_look(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        (row,) = add(conn)
        assert queue.begin(conn, row, REAL)
        assert queue.block(conn, one(conn), "50001", State.UNCERTAIN)
        assert queue.due(conn, REAL + 10**9) == []
        assert outbox.blocked_channels(conn, GUILD) == [HERE]
        outbox.unblock(conn, [HERE])
        # As before it was asked: the same nonce, and as old.
        assert queue.due(conn, REAL) == [one(conn)]
        assert (one(conn).state, one(conn).nonce) == (State.SENDING, row.nonce)
        assert one(conn).attempted_at == REAL

    await database.write(use_case)


async def test_edits_are_one_mark_and_none_is_lost(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        (row,) = add(conn)
        outbox.mark_dirty(conn, "excerpt", 7)  # not up yet: it will be posted as it is then
        post(conn, row)
        assert queue.due(conn, REAL) == []

        outbox.mark_dirty(conn, "excerpt", 7)
        outbox.mark_dirty(conn, "excerpt", 7)
        outbox.mark_dirty(conn, "excerpt", 8)
        (dirty,) = queue.due(conn, REAL)
        queue.begin_edit(conn, dirty, REAL)
        assert queue.due(conn, REAL) == []
        queue.edited(conn, dirty)
        assert queue.due(conn, REAL + 10**9) == []

        outbox.mark_dirty(conn, "excerpt", 7)
        queue.begin_edit(conn, dirty, REAL)
        outbox.mark_dirty(conn, "excerpt", 7)  # while the edit is on its way
        queue.edited(conn, dirty)
        assert subjects(queue.due(conn, REAL)) == [7]

        queue.begin_edit(conn, dirty, REAL)
        queue.edit_later(conn, dirty, "30046", REAL + 5)
        assert queue.due(conn, REAL + 4) == []
        assert subjects(queue.due(conn, REAL + 5)) == [7]

        queue.begin_edit(conn, dirty, REAL)
        queue.release_all(conn)  # killed: an edit may be made twice, and must not be lost
        assert subjects(queue.due(conn, REAL)) == [7]

    await database.write(use_case)


async def test_a_change_while_the_post_is_on_its_way_is_not_lost(database: Database) -> None:
    """The message was rendered before the change, so it needs an edit as soon as it is up."""

    def use_case(conn: Connection) -> list[int]:
        (row,) = add(conn)
        assert queue.begin(conn, row, REAL)
        outbox.mark_dirty(conn, "excerpt", 7)
        assert queue.sent(conn, one(conn), 555, NOW)
        return subjects(queue.due(conn, REAL))

    assert await database.write(use_case) == [7]


async def test_what_is_forgotten_is_gone_with_its_pages(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        add(conn, parts=range(3))
        add(conn, channel_id=THERE)
        add(conn, 8)
        outbox.forget(conn, "excerpt", 7)
        assert read(conn) == []
        assert len(read(conn, 8)) == 1

    await database.write(use_case)


async def test_a_crowded_channel_does_not_hide_another(database: Database) -> None:
    def use_case(conn: Connection) -> list[int]:
        for subject in range(1000, 1201):
            add(conn, subject)
        add(conn, 2, channel_id=THERE)
        return [row.channel_id for row in queue.due(conn, REAL)]

    assert THERE in await database.write(use_case)


async def test_what_another_process_has_begun_anew_is_left_to_it(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        (row,) = add(conn)
        assert queue.begin(conn, row, REAL)
        lost = one(conn)  # two processes look for it and find nothing
        assert queue.try_again(conn, lost, "lost", 0)
        assert queue.begin(conn, one(conn), REAL)
        assert not queue.try_again(conn, lost, "lost", 0)
        assert not queue.sent(conn, lost, 555, NOW)
        assert one(conn).state is State.SENDING

    await database.write(use_case)
