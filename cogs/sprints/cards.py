"""What is said of a sprint, as text."""

from collections.abc import Iterable, Sequence

from bot.charts.data import Bars
from bot.sprints.counting import Counted
from bot.sprints.records import Best, Participant, Round, Settings
from bot.sprints.reminders import Told
from bot.sprints.results import Line, Results
from bot.sprints.rules import LATE_BELL, MINUTE, State
from bot.sprints.service import Joined
from bot.words.amounts import Unit
from cogs.ui.formats import measured, plural, shorten, timestamp
from cogs.ui.names import NAME_LENGTH, called, listing
from cogs.ui.places import Ranked, own_place, ranking
from cogs.ui.posts import escape
from cogs.ui.sprint_counts import counted_on, sprint_name

NAMES_LENGTH = 700  # of a list of names
MOST_PINGS = 60  # as many mentions as fit a message beside what it says


def board(found: Round, here: Sequence[Participant], told: Told, results_link: str | None) -> str:
    name = _name(found)
    if found.state is State.CANCELLED:
        return f"{name}: cancelled, {found.why}."
    if found.state is State.FINISHED:
        return f"{name} is over: {results_link or 'the results are below'}."
    lines = [f"{name} · {plural(found.minutes, 'minute')}", _times(found)]
    lines.append(f"In: {_names(here)}" if here else "Nobody is in yet.")
    if told.users or told.roles:
        lines.append(f"-# Told of it: {_mentions(told.users, told.roles)}")
    return "\n".join(lines)


def go(found: Round, pings: Iterable[int]) -> str:
    ends = f"until {both(found.ends_at)}"
    return f"**Go!** {_name(found)} · write {ends}.\n{_mentions(pings)}"


def bell(found: Round, pings: Iterable[int]) -> str:
    lines = [f"**Time!** {_name(found)} ended {both(found.ends_at)}."]
    if found.late >= LATE_BELL:
        lines.append(f"-# This bell is {_span(found.late)} late, for I was away. I'm sorry.")
    if found.state is State.CANCELLED:
        return "\n".join([*lines, f"It was cancelled, {found.why}."])
    if found.state is State.COUNTING and found.counting_until:
        lines.append(
            f"Press *Enter words* until {both(found.counting_until)}; later counts too, for a day."
        )
    lines.append(_mentions(pings))
    return "\n".join(lines)


def results(found: Round, came: Results) -> str:
    head = [f"**Results** · {_name(found)} · ended {both(found.ends_at)}"]
    ranked = [
        Ranked(line.place, line.who.name, plural(line.written, "word"), _line(line))
        for line in came.lines
    ]
    lines = [
        f"- {called(one.name)}: {one.written:,}? (not confirmed yet)" for one in came.unconfirmed
    ]
    if came.quiet:
        lines.append(f"Quietly here: {_names(came.quiet)}")
    if came.silent:
        lines.append(f"Not counted yet: {_names(came.silent)}")
    if not came.lines and not came.unconfirmed:
        lines.append("Nobody has counted. Counts are welcome for a day.")
    return ranking(head, ranked, f"Together: **{plural(came.total, 'word')}**", after=lines)


def own_result(line: Line | None) -> str:
    if line is None:
        return "You have no place in these results."
    return own_place(line.place, line.written, Unit.WORDS)


def bars(found: Round, came: Results) -> Bars:
    lines = tuple(
        (line.place, shorten(line.who.name or "a writer", NAME_LENGTH), line.written)
        for line in came.lines
    )
    return Bars((found.title or "Sprint") + _round(found), Unit.WORDS, lines)


def joined(done: Joined, channel_id: int | None) -> str:
    me = done.me
    if me.quiet:
        how = "quietly, without a count"
    elif me.written is not None:
        how = f"with {me.written:,} written"
    elif me.start is not None:
        how = f"starting at {me.start:,}"
    else:
        how = "at 0 written"
    on = f", writing on *{escape(done.project.title, 60)}*" if done.project else ""
    name = sprint_name(done.round, channel_id)
    return f"You're {'still ' * done.again}in {name}{on}, {how}. {_times(done.round)}"


def counted(done: Counted, channel_id: int | None) -> str:
    me, written = done.me, done.me.written or 0
    name = sprint_name(done.round, channel_id)
    if done.needs_start:
        return (
            f"{done.said:,} is a running total, and I don't know where you started in {name}. What "
            "was your count then?"
        )
    if not me.confirmed:
        why = "less than you began with" if written < 0 else "faster than most of us type"
        return (
            f"{done.said:,}: that makes {written:,} written in {name}, {why}. I've kept it; it is "
            "ranked and logged once you say that it is right."
        )
    total = f" ({me.count:,} in all)" if me.count is not None and me.start else ""
    until = ""
    if done.round.state is State.RUNNING:
        until = f" The bell rings {both(done.round.ends_at)}."
    return f"**{written:,} written**{total} in {name}.{until}{counted_on(done)}"


def undone(done: Counted, channel_id: int | None) -> str:
    name, written = sprint_name(done.round, channel_id), done.me.written
    said = f"Undone. You have **{written or 0:,} written** again in {name}."
    if written is None:
        said = f"Undone. You have no count in {name}."
    if done.restored is None:
        return said
    logged = measured(done.restored.amount, done.restored.place.unit)
    return f"{said} The {logged} that you logged privately stay logged."


def status(found: Round, me: Participant | None) -> str:
    lines = [f"{_name(found)} · {plural(found.minutes, 'minute')}", _times(found)]
    if (me is None or me.left) and found.state is State.COUNTING:
        lines.append("You are not in it. What you wrote still counts: `/sprint words +250`.")
    elif me is None or me.left:
        lines.append("You are not in it: press *Join* on its board, or `/sprint join`.")
    elif me.quiet:
        lines.append("You are in it quietly.")
    elif me.written is None:
        lines.append("You are in it and have not counted yet.")
    else:
        lines.append(f"You have {me.written:,} written.")
    return "\n".join(lines)


def started(found: Round) -> str:
    return f"Your sprint of {plural(found.minutes, 'minute')} is up, and you're in. {_times(found)}"


def left(found: Round, channel_id: int | None) -> str:
    over = "" if found.state.live else " Nobody is left, so it is over."
    return f"You have left {sprint_name(found, channel_id)}; you won't be pinged.{over}"


def ended(found: Round, channel_id: int | None) -> str:
    name = sprint_name(found, channel_id)
    if found.state is State.COUNTING:
        return f"The bell rings for {name}. Speeds go by the minutes that it really took."
    return f"That's the end of {name}; the results are on their way."


def cancelled(found: Round, channel_id: int | None) -> str:
    return f"Cancelled: {sprint_name(found, channel_id)}. What you wrote in it is still yours."


def proposal(discord_id: int, found: Round, channel_id: int | None) -> str:
    name = sprint_name(found, channel_id)
    return f"<@{discord_id}> would like to cancel {name}. Does somebody else in it agree?"


def best(found: Best) -> str:
    if found.words is None:
        return "You have counted in no sprint yet."
    fastest = f", the fastest {found.wpm:,} wpm" if found.wpm is not None else ""
    return (
        f"In {plural(found.sprints, 'sprint')} your most was **{plural(found.words, 'word')}**"
        f"{fastest}."
    )


def reminded(*, once: bool, role_id: int | None) -> str:
    text = "You'll be pinged when sprints here are announced, until you miss three in a row."
    if once:
        text = "You'll be pinged when the next sprint here is announced."
    if role_id is not None:
        text += f" If many are told, I ping <@&{role_id}> instead: have that role too."
    return text


def settings(found: Settings, *, mentionable: bool) -> str:
    text = (
        f"A sprint lasts {plural(found.minutes, 'minute')} if nobody says, and counting "
        f"{plural(found.counting, 'minute')}."
    )
    if found.role_id is not None:
        text += f" Once more than ten ask to be told, I ping <@&{found.role_id}> instead."
    if not mentionable:
        text += " For that, allow everyone to mention the role, in its settings."
    return text


def both(instant: int) -> str:
    """An instant as clock time and as countdown."""
    return f"{timestamp(instant, 't')} ({timestamp(instant, 'R')})"


def _times(found: Round) -> str:
    if found.state is State.WAITING:
        return f"Starts {both(found.starts_at)}, ends {both(found.ends_at)}"
    if found.state is State.COUNTING and found.counting_until:
        return f"The bell has rung; counting until {both(found.counting_until)}"
    return f"Ends {both(found.ends_at)}"


def _name(found: Round) -> str:
    title = f"**{escape(found.title, 100)}**" if found.title else "**Sprint**"
    return title + _round(found)


def _round(found: Round) -> str:
    return f", round {found.number} of {found.rounds}" if found.rounds > 1 else ""


def _line(line: Line) -> str:
    speed = f"{line.wpm:,} wpm"
    if line.wpm_of_all != line.wpm:
        speed += f" over {plural(line.minutes, 'minute')} ({line.wpm_of_all:,} over all)"
    best = " · a personal best" if line.best else ""
    name = called(line.who.name)
    return f"**{line.place}. {name}** · {plural(line.written, 'word')} · {speed}{best}"


def _names(people: Sequence[Participant]) -> str:
    return listing([one.name for one in people], NAMES_LENGTH)


def _mentions(users: Iterable[int], roles: Iterable[int] = ()) -> str:
    return " ".join([*(f"<@{user}>" for user in users), *(f"<@&{role}>" for role in roles)])


def _span(milliseconds: int) -> str:
    minutes = milliseconds // MINUTE
    if minutes == 0:
        return plural(milliseconds // 1000, "second")
    return plural(minutes, "minute") if minutes < 120 else plural(minutes // 60, "hour")
