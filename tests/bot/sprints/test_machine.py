"""Sprints driven at random: whatever people and clocks do, they end, and nothing comes twice."""

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import ClassVar, Concatenate, ParamSpec, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Connection, Engine, StaticPool, create_engine, event, func, select

from bot.delivery import queue
from bot.delivery.rules import State as Sending
from bot.delivery.tables import outbox as promised
from bot.errors import UserError
from bot.jobs import service as jobs
from bot.jobs.service import LEASE
from bot.jobs.tables import jobs as timers
from bot.people import service as people
from bot.people.service import Member
from bot.sprints import bell, counting, crediting, participation, records, results, service, tables
from bot.sprints.counting import Counted
from bot.sprints.records import Round
from bot.sprints.rules import Means, State
from bot.sprints.service import Asked
from bot.words import projects
from bot.words.amounts import Amount, Sign
from bot.words.tables import entries
from tests.bot.sprints.making import (
    DAY,
    ELSEWHERE,
    GUILD,
    HERE,
    HOUR,
    INES,
    MARA,
    MINUTE,
    NOW,
    SECOND,
    THERE,
    TOBIAS,
    declare,
    deliver,
    everything,
    interactions,
    join,
    live,
    started,
    turn,
    wrote,
)

P = ParamSpec("P")
R = TypeVar("R")
Parameters = tuple[str | int | None, ...]

CHANNELS = {HERE: GUILD, THERE: ELSEWHERE}
LIVE = [state for state in State if state.live]

anyone = st.integers(1, 3)
which = st.sampled_from([0, 0, 1, 2])  # of the latest rounds
channels = st.sampled_from(sorted(CHANNELS))
numbers = st.sampled_from([0, 1, 40, 350, 515, 2000, 3500, 12_350, 12_400, 90_000])
amounts = st.builds(Amount, st.sampled_from(Sign), numbers)
starts = st.one_of(st.none(), numbers)
jumps = st.one_of(
    st.sampled_from([0, SECOND, MINUTE, 2 * MINUTE, 5 * MINUTE, 20 * MINUTE, HOUR, 3 * DAY]),
    st.integers(1, 30 * MINUTE),
)


def member(who: int, guild: int) -> Member:
    return Member(who, f"writer {who}", guild)


@contextmanager
def in_memory(template: Path) -> Iterator[Engine]:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    with closing(connection):
        with closing(sqlite3.connect(template)) as source:
            source.backup(connection)
        connection.execute("PRAGMA foreign_keys = ON")
        engine = create_engine("sqlite://", creator=lambda: connection, poolclass=StaticPool)
        event.listen(engine, "begin", lambda conn: conn.exec_driver_sql("BEGIN IMMEDIATE"))
        yield engine


class Sprinting(RuleBasedStateMachine):
    """All in one transaction that is rolled back; each transaction of the bot's is a part of it.

    `said` is what stands declared, as it was answered: for each round and member the words and
    whether they are confirmed, the last one last. `latest` are rounds with their servers, those
    that are on first."""

    engine: ClassVar[Engine]

    def __init__(self) -> None:
        super().__init__()
        self.conn = self.engine.connect()
        self.all_of_it = self.conn.begin()  # rolled back in the end
        self.now = NOW
        self.real = 0  # which leases are measured in
        self.said: dict[tuple[int, int], list[tuple[int | None, bool]]] = {}
        self.heard: list[Callable[[Connection], object]] = []
        self.latest: list[tuple[int, int]] = []
        self.on = 0
        self.posted: Counter[tuple[str, int]] = Counter()

    # What people do.

    @initialize(others=st.sets(anyone), wait=st.sampled_from([0, 2]))
    def begin(self, others: set[int], wait: int) -> None:
        self.start(HERE, others, 1, wait, 20, 3, 5)

    @rule(
        channel=channels,
        others=st.sets(anyone),
        who=st.one_of(st.none(), anyone, anyone),
        wait=st.sampled_from([0, 0, 2]),
        minutes=st.sampled_from([5, 20, 90]),
        rounds=st.sampled_from([1, 1, 3]),
        pause=st.sampled_from([0, 5]),
    )
    def start(
        self,
        channel: int,
        others: set[int],
        who: int | None,
        wait: int,
        minutes: int,
        rounds: int,
        pause: int,
    ) -> None:
        guild = CHANNELS[channel]
        asked = Asked(self.now + wait * MINUTE, minutes, None, rounds, pause)
        interaction_id = next(interactions)

        def act(conn: Connection) -> Round:
            starter = None if who is None else member(who, guild)
            return service.start(
                conn, starter, guild, channel, asked, now=self.now, interaction_id=interaction_id
            )

        found = self._do(act)
        if found is not None:
            self.heard.append(act)
            for other in others:
                self._do(service.join, member(other, guild), guild, found.id, now=self.now)

    @precondition(lambda self: self.latest)
    @rule(
        who=anyone, of=which, start=starts, same=st.booleans(), quiet=st.booleans(),
        poems=st.booleans(),
    )  # fmt: skip
    def join(
        self, who: int, of: int, start: int | None, same: bool, quiet: bool, poems: bool
    ) -> None:
        round_id, guild = self._round(of)
        self._do(
            lambda conn: service.join(
                conn, member(who, guild), guild, round_id, now=self.now, start=start,
                same=same, quiet=quiet, project_id=2 * who if poems else None,
            )
        )  # fmt: skip

    @precondition(lambda self: self.latest)
    @rule(all_who=st.sets(anyone, min_size=1), of=which, said=amounts, final=st.booleans())
    def declare(self, all_who: set[int], of: int, said: Amount, final: bool) -> None:
        for who in all_who:
            self._declare(who, *self._round(of), said, final)

    @precondition(lambda self: self.latest)
    @rule(who=anyone, of=which, number=numbers, means=st.sampled_from(Means), start=starts)
    def clarify(self, who: int, of: int, number: int, means: Means, start: int | None) -> None:
        round_id, guild = self._round(of)
        interaction_id = next(interactions)
        self._say(
            who,
            lambda conn: counting.clarify(
                conn, member(who, guild), guild, round_id, number, means, now=self.now,
                interaction_id=interaction_id, start=start,
            ),
        )  # fmt: skip

    @precondition(lambda self: self.on)
    @rule(who=anyone, channel=channels, said=amounts, poems=st.booleans())
    def write(self, who: int, channel: int, said: Amount, poems: bool) -> None:
        interaction_id = next(interactions)
        self._say(
            who,
            lambda conn: crediting.wrote(
                conn, member(who, CHANNELS[channel]), channel, said,
                2 * who if poems else None, now=self.now, interaction_id=interaction_id,
            ),
        )  # fmt: skip

    @precondition(lambda self: any(self.said.values()))
    @rule(pick=st.integers(0, 7), times=st.sampled_from([1, 2, 3]))
    def undo(self, pick: int, times: int) -> None:
        standing = [key for key, said in self.said.items() if said]
        round_id, who = standing[pick % len(standing)]
        for _ in self.said[round_id, who][:times]:
            self._undo(who, round_id, dict(self.latest)[round_id])

    @precondition(lambda self: self.latest)
    @rule(who=anyone, of=which)
    def leave(self, who: int, of: int) -> None:
        round_id, guild = self._round(of)
        self._do(lambda conn: service.leave(conn, member(who, guild), guild, round_id, self.now))

    @precondition(lambda self: self.latest)
    @rule(who=anyone, of=which, how=st.sampled_from(["end", "end", "cancel"]))
    def stop(self, who: int, of: int, how: str) -> None:
        """Before its time, or call it off, with which the next member agrees."""
        round_id, guild = self._round(of)
        one, other = member(who, guild), member(who % 3 + 1, guild)
        if how == "end":
            self._do(
                lambda conn: service.end(conn, one, guild, round_id, self.now, moderator=False)
            )
        elif not self._do(
            lambda conn: service.cancel(conn, one, guild, round_id, self.now, moderator=False)
        ):
            self._do(lambda conn: service.agree(conn, other, guild, round_id, who, self.now))

    @precondition(lambda self: self.heard)
    @rule(back=st.integers(1, 4))
    def deliver_an_interaction_again(self, back: int) -> None:
        before = self._do(everything)
        self._do(self.heard[-min(back, len(self.heard))])
        assert self._do(everything) == before

    # What the world does.

    @rule(jump=jumps, how=st.sampled_from(["", "slow", "dead"]))
    def turn_the_clock(self, jump: int, how: str) -> None:
        """Perhaps the bot has died with a timer claimed, and begins again."""
        self.now += jump
        if how == "dead":
            self._do(jobs.claim, "dead", self.now, self.real)
            self._do(jobs.release_all)
        self._run_due(slow=how == "slow")

    @rule(lost=st.integers(0, 5))
    def post(self, lost: int) -> None:
        """What was promised. Seldom, the first of it comes to a channel that is gone."""
        new = [row for row in queue.due(self.conn, 1 << 50) if row.state is Sending.PENDING]
        if lost == 0 and new:
            assert queue.fail(self.conn, new[0], "10003", Sending.GONE)
            bell.HOOKS[new[0].kind].gone(self.conn, new[0], self.now)
            found = records.find(self.conn, new[0].subject)
            assert found is not None
            assert not found.state.live
        self.posted.update(deliver(self.conn, self.now))

    # What is always so.

    @invariant()
    def a_live_sprint_has_one_round_and_it_has_one_timer(self) -> None:
        sprints = self.conn.execute(select(tables.sprints)).all()
        rounds = self.conn.execute(select(tables.rounds)).all()
        due = {(row.kind, row.key): row.due for row in self.conn.execute(select(timers))}
        on = [sprint for sprint in sprints if sprint.state == "live"]
        guilds = {sprint.id: sprint.guild_id for sprint in sprints}
        self.on = len(on)
        self.latest = [
            (one.id, guilds[one.sprint_id])
            for one in sorted(rounds, key=lambda one: (one.state not in LIVE, -one.id))
        ]
        assert len({sprint.channel_id for sprint in on}) == len(on)
        expected = {}
        for sprint in sprints:
            states = [one for one in rounds if one.sprint_id == sprint.id and one.state in LIVE]
            assert len(states) == (sprint in on)
            for one in states:
                comes = {
                    State.WAITING: one.starts_at,
                    State.RUNNING: one.ends_at,
                    State.COUNTING: one.counting_until,
                }
                expected[bell.STEP, str(one.id)] = comes[State(one.state)]
        assert due == expected
        assert all(one.rang_at is None or one.rang_at >= one.ends_at for one in rounds)

    @invariant()
    def someone_is_waited_for(self) -> None:
        query = select(tables.rounds.c.id).where(tables.rounds.c.state.in_(LIVE))
        for round_id in self.conn.scalars(query).all():
            found = records.find(self.conn, round_id)
            assert found is not None
            if found.state is State.COUNTING:
                assert not participation.all_have_counted(self.conn, round_id)
            elif found.starter_id is not None:
                assert participation.active(self.conn, round_id)

    @invariant()
    def the_ledger_holds_what_stands_declared_and_confirmed(self) -> None:
        stands = Counter[int]()
        for (_, who), said in self.said.items():
            if said:
                written, confirmed = said[-1]
                stands[who] += (written or 0) * confirmed
        sums = self.conn.execute(
            select(entries.c.person_id, func.sum(entries.c.amount)).group_by(entries.c.person_id)
        ).all()
        ids = people.discord_ids(self.conn, {row[0] for row in sums})
        assert {ids[person]: total for person, total in sums if total} == {
            who: total for who, total in stands.items() if total
        }

    @invariant()
    def a_round_has_each_message_once(self) -> None:
        rows = self.conn.execute(select(promised.c.kind, promised.c.subject)).all()
        states = self.conn.execute(select(tables.rounds.c.id, tables.rounds.c.state)).all()
        promises = Counter((row.kind, row.subject) for row in rows)
        assert all(count == 1 for count in promises.values())
        assert all(count == 1 for count in self.posted.values())
        for round_id, state in states:
            assert promises[bell.BOARD, round_id] == 1
            assert promises[bell.RESULTS, round_id] == (state == State.FINISHED)

    @invariant()
    def everyone_stands_where_they_belong(self) -> None:
        round_id = self.conn.scalar(select(func.max(tables.rounds.c.id)))
        found = None if round_id is None else records.find(self.conn, round_id)
        if found is None:
            return
        lines = results.of(self.conn, found).lines
        ranked = {
            who: said[-1][0] or 0
            for (number, who), said in self.said.items()
            if number == found.id and said and said[-1][0] is not None and said[-1][1]
        }
        assert {line.who.discord_id: line.written for line in lines} == ranked
        for line in lines:
            better = sum(written > line.written for written in ranked.values())
            assert line.place == 1 + better

    def teardown(self) -> None:
        try:
            self.days_pass()
        finally:
            self.all_of_it.rollback()
            self.conn.close()

    def days_pass(self) -> None:
        """And nobody does anything."""
        for _ in range(10):
            self.now += DAY
            self._run_due(slow=False)
        self.posted.update(deliver(self.conn, self.now))
        states = {
            *self.conn.scalars(select(tables.sprints.c.state)),
            *self.conn.scalars(select(tables.rounds.c.state)),
        }
        assert states <= {State.FINISHED, State.CANCELLED}
        assert jobs.next_due(self.conn) is None
        self.a_live_sprint_has_one_round_and_it_has_one_timer()
        self.a_round_has_each_message_once()
        self.the_ledger_holds_what_stands_declared_and_confirmed()

    def _do(
        self, act: Callable[Concatenate[Connection, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R | None:
        """In a transaction of its own; None where the person is told why not."""
        try:
            with self.conn.begin_nested():
                return act(self.conn, *args, **kwargs)
        except UserError:
            return None

    def _declare(self, who: int, round_id: int, guild: int, said: Amount, final: bool) -> None:
        interaction_id = next(interactions)
        self._say(
            who,
            lambda conn: counting.declare(
                conn, member(who, guild), guild, round_id, said, now=self.now,
                interaction_id=interaction_id, final=final,
            ),
        )  # fmt: skip

    def _undo(self, who: int, round_id: int, guild: int) -> None:
        interaction_id = next(interactions)

        def act(conn: Connection) -> Counted:
            return counting.undo(
                conn, member(who, guild), guild, round_id, now=self.now,
                interaction_id=interaction_id,
            )  # fmt: skip

        done = self._do(act)
        if done is not None:
            stack = self.said[round_id, who]
            stack.pop()
            assert (done.me.written, done.me.confirmed) == (stack[-1] if stack else (None, True))
            self.heard.append(act)

    def _say(self, who: int, act: Callable[[Connection], Counted | None]) -> None:
        done = self._do(act)
        if done is not None:
            stack = self.said.setdefault((done.round.id, who), [])
            stack.append((done.me.written, done.me.confirmed))
            self.heard.append(act)

    def _run_due(self, *, slow: bool) -> None:
        """`slow`: another process takes each timer as well, for the lease has run out."""
        while job := self._do(jobs.claim, "one", self.now, self.real):
            claims = [(job, "one")]
            if slow:
                self.real += LEASE
                second = self._do(jobs.claim, "two", self.now, self.real)
                assert second is not None
                claims.insert(0, (second, "two"))
            for claimed, owner in claims:
                bell.on_step(self.conn, claimed, self.now)
                jobs.done(self.conn, claimed, owner)

    def _round(self, of: int) -> tuple[int, int]:
        return self.latest[of % len(self.latest)]


def test_whatever_happens(sqlite_template: Path) -> None:
    with in_memory(sqlite_template) as opened:
        with opened.begin() as conn:
            for n in range(1, 4):
                for title in ("Novel", "Poems"):
                    projects.create(
                        conn, member(n, GUILD), title, now=NOW, interaction_id=next(interactions)
                    )

        class Here(Sprinting):
            engine = opened

        run_state_machine_as_test(
            Here,
            settings=settings(
                stateful_step_count=40,
                suppress_health_check=[HealthCheck.too_slow],
            ),
        )


def test_no_query_of_a_sprint_reads_a_whole_table(sqlite_template: Path) -> None:
    said: dict[str, Parameters] = {}

    with in_memory(sqlite_template) as engine:

        @event.listens_for(engine, "before_cursor_execute")
        def listen(
            conn: Connection,
            cursor: object,
            statement: str,
            parameters: Parameters,
            *rest: object,
        ) -> None:
            if statement.startswith(("SELECT", "UPDATE", "DELETE")):
                said[statement] = parameters

        with engine.begin() as conn:
            found = started(conn, TOBIAS, wait=2, rounds=2)
            join(conn, INES, found, NOW, start=500)
            service.leave(conn, TOBIAS, GUILD, found.id, NOW)
            turn(conn, found.starts_at)
            declare(conn, MARA, found, "+100", found.starts_at)
            wrote(conn, INES, "=600", found.starts_at)
            counting.undo(conn, MARA, GUILD, found.id, now=NOW, interaction_id=next(interactions))
            turn(conn, found.ends_at)
            declare(conn, MARA, found, "+100", found.ends_at)
            turn(conn, found.ends_at + HOUR)
            results.of(conn, live(conn))
            deliver(conn, found.ends_at + HOUR)
        hot = dict(said)
        with engine.begin() as conn:
            steps = [
                step.detail
                for statement, parameters in hot.items()
                for step in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            ]
    assert not [step for step in steps if re.match(r"SCAN (?!CONSTANT ROW|\(subquery|anon_)", step)]
    for index in ("uq_sprints_live", "ix_jobs_due"):
        assert any(f"USING INDEX {index} " in step for step in steps)
