"""What twelve people do in a November, done to the bot and noted in the model."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from playground.faults import Phase
from playground.inputs import OptionValue
from playground.people import Answer, Person
from tests.journeys import november_model as told
from tests.journeys.november_model import November, Writer
from tests.journeys.stage import MINUTE, Json, Stage

YEAR, NEW_YORK = 2026, "America/New_York"  # the server's, whose clocks go back on 1 November
CLOCK = "What time is it for you now?"


class Month:
    """Does things to the bot, and notes them in the model."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.model = November(YEAR, NEW_YORK)
        general = stage.world.channels(stage.guild, stage.odalys.id)[0]
        self.general = int(general["id"])
        self.board: Json = {}

    @property
    def evenings(self) -> list[Json]:
        return self.stage.posts()[1:]

    def writer(self, who: str | Person, zone: str | None = None, target: int = 50_000) -> Writer:
        person = self.stage.newcomer(who) if isinstance(who, str) else who
        self.model.writers.append(Writer(person, zone, target))
        return self.model.writers[-1]

    def today(self, writer: Writer) -> date:
        return self.model.today(writer, self.stage.clock.now())

    async def turn_to(self, day: date, hour: int, minute: int = 0, zone: str = NEW_YORK) -> None:
        when = datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone))
        self.stage.turn_to(when.astimezone(UTC))
        await self.stage.settle()
        self.model.look(self.stage.clock.now())

    async def say(self, writer: Writer, command: str, **options: OptionValue) -> Answer:
        """In #general."""
        answer = await writer.person.slash(self.general, command, **options)
        assert not answer.failed
        return answer

    async def begin(self) -> None:
        """The organiser makes a November with one tap."""
        stage = self.stage
        await stage.odalys.slash(self.general, "setup zone", zone=NEW_YORK)
        offered = await stage.odalys.slash(stage.stories, "challenge create")
        assert offered.message is not None
        await stage.odalys.click(offered.message, label=f"November {YEAR}")
        (self.board,) = await stage.until_posts(1)

    async def join(self, writer: Writer, *, listed: bool = True) -> Answer:
        own = writer.target if writer.target != 50_000 and writer.first is None else None
        if own:
            asked = await writer.person.slash(self.stage.stories, "challenge join", target=str(own))
        else:
            asked = await writer.person.click(self.board, label="Join")
        assert asked.message is not None
        self.stage.playground.faults.duplicate_next_interaction()
        joined = await writer.person.click(
            asked.message, label="Listed" if listed else "Counted only"
        )
        assert joined.content.startswith("You're in.")
        day = min(max(self.today(writer), self.model.days[0]), self.model.days[-1])
        writer.first = writer.first or day
        writer.listed, writer.within = listed, True
        self.model.look(self.stage.clock.now())
        return joined

    async def join_and_tell_the_time(self, writer: Writer, city: str, zone: str) -> None:
        joined = await self.join(writer)
        assert joined.message is not None
        form = await writer.person.click(joined.message, label="Not my time")
        offered = await writer.person.submit(form, {CLOCK: city})
        assert offered.message is not None
        await writer.person.choose(offered.message, [zone])
        writer.zone = zone
        writer.first = self.today(writer)

    async def leave(self, writer: Writer) -> None:
        left = await writer.person.slash(self.stage.stories, "challenge leave")
        assert "You have left" in left.content
        writer.within = False

    async def move_to(self, writer: Writer, zone: str) -> None:
        await self.say(writer, "me zone", zone=zone)
        writer.zone = zone

    async def add(self, writer: Writer, amount: int, day: date | None = None) -> None:
        """Today's, unless a day is said."""
        said = {} if day is None else {"date": day.isoformat()}
        noted = await self.say(writer, "words add", amount=f"{amount:+}", **said)
        assert noted.content.startswith(f"Noted: {amount:,} words for"), noted.content
        writer.wrote[day or self.today(writer)].append(amount)

    async def stand_at(self, writer: Writer, total: int) -> None:
        """They say how many words they have in all."""
        await self.say(writer, "wrote", amount=f"={total}")
        before = sum(map(sum, writer.wrote.values()))
        writer.wrote[self.today(writer)].append(total - before)

    async def take_back(self, writer: Writer, amount: int) -> None:
        public = await self.say(writer, "wrote", amount=str(amount))
        assert public.message is not None
        await writer.person.click(public.message, label="Undo")

    async def move_latest(self, writer: Writer, day: date) -> None:
        chosen = await self.choose(writer.person, await self.say(writer, "words history"))
        assert chosen.message is not None
        form = await writer.person.click(chosen.message, label="Move")
        await writer.person.submit(form, {"Date": day.isoformat()})
        writer.wrote[day].append(writer.wrote[self.today(writer)].pop())

    async def tell_all(self, writer: Writer, amount: int) -> None:
        """Log it for all to see."""
        told = await writer.person.slash(self.general, "wrote", amount=str(amount))
        assert f"wrote {amount:,} words" in told.content
        writer.wrote[self.today(writer)].append(amount)

    async def leave_off_latest(self, writer: Writer) -> None:
        """A moderator does."""
        odalys = self.stage.odalys
        shown = await odalys.slash(self.general, "setup entries", member=writer.person.id)
        assert "left off" in (await self.choose(odalys, shown)).content
        writer.wrote[self.today(writer)].pop()

    async def choose(self, person: Person, shown: Answer) -> Answer:
        """The first in a menu."""
        assert shown.message is not None
        (menu,) = shown.message["components"][0]["components"]
        return await person.choose(shown.message, [menu["options"][0]["value"]])

    async def add_on_evening(self, writer: Writer, amount: int, day: str = "today") -> None:
        """With its button; the form arrives twice."""
        form = await writer.person.click(self.evenings[-1], label="Add my words")
        self.stage.playground.faults.duplicate_next_interaction()
        fields = {"How much": str(amount), "On which day": day}
        noted = await writer.person.submit(form, fields)
        assert noted.content.startswith(f"Noted: **{amount:,} words**"), noted.content
        when = self.today(writer) - timedelta(days=day == "yesterday")
        writer.wrote[when].append(amount)

    async def sprint(
        self, counts: dict[Writer, int | None], minutes: int = 10, *, early: tuple[Writer, ...] = ()
    ) -> None:
        """For those who say how much they wrote and those who do not; the `early` say so at its
        beginning, the others when it is over."""
        first, *others = counts
        began = datetime.fromtimestamp(self.stage.clock.now() / 1000, UTC)
        await self.say(first, "sprint start", minutes=minutes, **{"in": 0})
        for writer in others:
            await self.say(writer, "sprint join")
        self.stage.turn(2 * MINUTE)
        for writer in early:
            await self._count(writer, counts[writer], began, minutes)
        self.stage.turn((minutes - 2) * MINUTE)
        await self.stage.settle()
        for writer, count in counts.items():
            if writer not in early:
                await self._count(writer, count, began, minutes)

    async def _count(
        self, writer: Writer, count: int | None, began: datetime, minutes: int
    ) -> None:
        if count is not None:
            said = await self.say(writer, "sprint words", count=f"+{count}", final=True)
            assert f"**{count:,} written**" in said.content, said.content
            writer.wrote[self.model.day_of_sprint(writer, began, minutes)].append(count)

    async def sprint_at(
        self,
        day: date,
        hour: int,
        minute: int,
        counts: dict[Writer, int | None],
        minutes: int = 30,
        *,
        early: tuple[Writer, ...] = (),
    ) -> None:
        """One around the midnight of most."""
        await self.turn_to(day, hour, minute)
        await self.sprint(counts, minutes, early=early)
        self.model.look(self.stage.clock.now())

    async def cancelled_sprint(self, writer: Writer) -> None:
        await self.say(writer, "sprint start", minutes=10, **{"in": 0})
        await self.say(writer, "sprint cancel")

    def check_board(self) -> None:
        shown = told.board_in(self.stage.posts()[0]["content"])
        assert shown == self.model.board(self.stage.clock.now())

    def check_evening(self, day: date) -> None:
        """The last message tells of this day what the model does."""
        content = self.evenings[-1]["content"]
        assert told.evening_in(content) == self.model.evening(day)
        assert told.badges_in(content) == self.model.tell()
        self.check_board()

    async def evening(self, day: date) -> None:
        await self.turn_to(day, 21)
        self.check_evening(day)

    async def evening_with_a_restart(self, day: date) -> None:
        """The bot ends when its message is up, before it has heard so, and starts anew."""
        ends: list[asyncio.Task[None]] = []

        def strike(method: str, path: str, phase: Phase) -> None:
            if method == "POST" and path.endswith("/messages") and phase == "after":
                ends.append(asyncio.create_task(self.stage.stop_bot()))

        stage, faults = self.stage, self.stage.playground.faults
        usual, faults.on_request = faults.on_request, strike
        stage.turn_to(datetime.combine(day, time(21), ZoneInfo(NEW_YORK)))
        (ended,) = await stage.playground.wait_for(lambda: ends, what="the evening")
        await ended
        faults.on_request = usual
        await stage.start_bot()
        await self.evening(day)

    async def evening_without_the_bot(self, day: date) -> None:
        """It comes back too late for it."""
        await self.stage.stop_bot()
        self.stage.turn_to(datetime.combine(day, time(21), ZoneInfo(NEW_YORK)) + timedelta(hours=7))
        await self.stage.start_bot()
        await self.stage.settle()
        self.model.look(self.stage.clock.now())
        self.check_board()
