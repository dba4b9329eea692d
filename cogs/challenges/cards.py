"""What is said of a challenge, as text."""

from datetime import date, timedelta

from bot.challenges.badges import A_DAY, ROWS, WORDS, Badge
from bot.challenges.records import Challenge, State
from bot.challenges.rules import Cheer, ends_at
from bot.challenges.service import Joined
from bot.challenges.standing import Board, Certificate, Line, Mine
from bot.challenges.telling import Evening, Final, Names
from bot.charts.data import Thermometer
from bot.people.dates import named
from bot.people.times import spoken
from bot.stories import markup
from bot.words.amounts import Unit
from bot.words.goal_rules import Progress
from bot.words.ledger import Entry
from cogs.ui import zones
from cogs.ui.formats import ROOM, fitting, measured, plural, timestamp
from cogs.ui.names import called, listing
from cogs.ui.places import Ranked, own_place, ranking
from cogs.ui.posts import escape

TITLE_LENGTH = 60
CELLS = 10  # of a bar

COUNTS = (
    "-# Everything you log in this server counts, late and private entries too. Your day ends at "
    "your own midnight."
)


def title(challenge: Challenge) -> str:
    return f"**{escape(challenge.title, TITLE_LENGTH)}**"


def asked(challenge: Challenge) -> str:
    """ "50,000 words from 1 November 2026 to 30 November 2026" """
    return f"{measured(challenge.amount, challenge.unit)} {_span(challenge.first, challenge.last)}"


def board(found: Board) -> str:
    challenge = found.challenge
    if challenge.state is State.CANCELLED:
        return f"{title(challenge)} was called off."
    lines = [f"{title(challenge)} · {asked(challenge)} · {_day(found)}"]
    if found.members:
        target = measured(found.target, challenge.unit)
        lines.append(f"{_bar(found)} **{found.total:,} of {target}** together")
        if challenge.running and found.day:
            apart = found.total - found.par
            lines[-1] += f" · par this evening {found.par:,}: {_apart(apart)}"
    ranked = [
        Ranked(place, line.name, f"{_percent(line)}%", _line(place, line))
        for place, line in found.lines
    ]
    unlisted = f", {found.unlisted:,} of them counted only" if found.unlisted else ""
    writers = f"{plural(found.members, 'writer')} in it{unlisted}."
    last = [writers if found.members else "Nobody is in it yet."]
    return ranking(lines, ranked, "\n".join(last + [COUNTS] * challenge.running))


def mine(found: Mine) -> str:
    challenge, progress = found.challenge, found.progress
    of = measured(progress.goal.amount, challenge.unit)
    lines = [f"{title(challenge)}: **{progress.written:,} of {of}**"]
    if not progress.begun:
        lines.append(f"It begins for you on {spoken(progress.first_day)}.")
    elif not progress.over and challenge.running:
        apart = progress.written - progress.par
        lines.append(f"Par this evening: {progress.par:,}; {_apart(apart)}.")
        lines.append(_today(progress))
        if progress.finish is not None:
            lines.append(f"At your average so far you are there on {spoken(progress.finish)}.")
    if progress.done:
        lines.append("You have reached your target.")
    if found.row and found.row > 1:
        lines.append(f"{plural(found.row, 'day')} in a row.")
    if found.badges:
        lines.append(f"Badges: {_badges(found.badges, challenge.unit)}")
    if found.place is not None:
        lines.append(own_place(found.place, progress.written, challenge.unit))
    how = "Listed on the board" if found.listed else "Counted only, without your name"
    changes = f"-# {how}; `/challenge join` changes that and your target."
    return fitting(lines, changes if challenge.running else "")


def joining(challenge: Challenge, target: int | None) -> str:
    own = f", of which yours is {measured(target, challenge.unit)}" if target else ""
    return (
        f"{title(challenge)}: {asked(challenge)}{own}. Show your name on the board?\n"
        "Everything you log in this server counts, what you log privately too.\n"
        "-# *Listed*: the board and the evenings name you, with that total and your badges. "
        "*Counted only*: it is in the room's total, and nobody is told that it is yours."
    )


def joined(done: Joined, now: int) -> str:
    whose = "Your days go by"
    if done.zone.whose != "yours":
        whose = "You have not said where you are, so your days go by the server's time:"
    return f"You're in.\n{mine(done.mine)}\n-# {whose} {zones.spoken(done.zone, now)}."


def up(challenge: Challenge, today: date) -> str:
    """What whoever began it is told."""
    return (
        f"{title(challenge)} is up in <#{challenge.channel_id}>: {_named_days(challenge, today)}. "
        "Everyone joins it there, you as well."
    )


def edited(challenge: Challenge, today: date) -> str:
    return f"{title(challenge)}: {_named_days(challenge, today)}."


def _named_days(challenge: Challenge, today: date) -> str:
    first, last = named(challenge.first, today), named(challenge.last, today)
    when = f"on {first}" if first == last else f"from {first} to {last}"
    return f"{measured(challenge.amount, challenge.unit)} {when}"


def noted(challenge: Challenge, entry: Entry, today: date) -> str:
    """`today`: where the writer is."""
    day = entry.place.day
    when = "today" if day == today else named(day, today)
    said = f"Noted: **{measured(entry.amount, challenge.unit)}** for {when}"
    if not challenge.first <= day <= challenge.last:
        return f"{said}, which is no day of {title(challenge)}. `/words history` moves it."
    return f"{said}. `/words history` puts it right."


def left(challenge: Challenge) -> str:
    what = "its last message leaves you out"
    if challenge.running:
        what = "`/challenge join` brings you back as you were"
    return f"You have left {title(challenge)}. What you wrote is still yours; {what}."


def homeless(challenge: Challenge) -> str:
    goes_on = "It goes on counting; its" if challenge.running else "Its"
    return (
        f"The channel of {title(challenge)} is gone. {goes_on} board and results need another: "
        "press *Post it here* where I may post, or name a `channel` with `/challenge edit`."
    )


def evening(found: Evening, room: Thermometer, board_link: str | None) -> str:
    challenge, wrote = found.challenge, found.wrote
    lines = [f"{title(challenge)} · {_day(found)}"]
    if found.cheer is Cheer.NOBODY:
        lines.append("A quiet day so far. Whatever still comes counts, also when you log it later.")
    else:
        lines.append(f"**{measured(wrote.amount, challenge.unit)} today.** {_cheer(found)}")
    lines.append(f"Together {room.stands}.")
    last = [f"[The board](<{board_link}>)"] if board_link else []
    if found.day == found.days:
        last.append(
            f"-# The end is told {timestamp(ends_at(challenge.last))}; what is logged until then "
            "for a day of the challenge is in it."
        )
    return _with_badges(lines, found.badges, challenge.unit, "\n".join(last))


def final(found: Final, page: int) -> str:
    challenge = found.challenge
    if page:
        lines = [f"{title(challenge)}, and also"]
    elif not found.writers:
        return f"{title(challenge)} is over. Nothing was logged for it this time."
    else:
        wrote = measured(found.total, challenge.unit)
        before = spoken(challenge.first - timedelta(days=1))
        lines = [
            f"{title(challenge)} is over: **{wrote}** by {plural(found.writers, 'writer')}. None "
            f"of it was there on {before}."
        ]
    reached = [line for line in found.lines if line.written >= line.target]
    others = [line for line in found.lines if line.written < line.target]
    for heading, group in (("Reached their target", reached), ("Wrote", others)):
        if group:
            named = " · ".join(f"**{called(one.name)}** {one.written:,}" for one in group)
            lines.append(f"{heading}: {named}")
    last = "" if page else "Well done, all of you. *My certificate* is for everyone who was in it."
    return _with_badges(lines, found.badges, challenge.unit, last)


def certificate(found: Certificate) -> str:
    challenge = found.challenge
    wrote = measured(found.written, challenge.unit)
    lines = [
        f"**{called(found.name)}** wrote **{wrote}** for {title(challenge)}, "
        f"{_span(found.first, challenge.last)}, on {plural(found.days, 'day')}.",
    ]
    if found.reached:
        lines.append(f"The target of {found.target:,} is reached. Congratulations!")
    elif found.written > 0:
        lines.append("None of it was there before. Congratulations!")
    if found.badges:
        lines.append(f"Badges: {_badges(found.badges, challenge.unit)}")
    return "\n".join(lines)


def badge(found: Badge, unit: Unit) -> str:
    if found in WORDS:
        return f"{WORDS[found]:,} words"
    if found in ROWS:
        return f"{ROWS[found]} days in a row"
    return {
        Badge.FIRST: f"first {unit}",
        Badge.DAY_1667: f"{A_DAY:,} in a day",
        Badge.HALFWAY: "halfway",
    }.get(found, "par every day")


def _badges(found: list[Badge], unit: Unit) -> str:
    return ", ".join(badge(one, unit) for one in found)


def _with_badges(lines: list[str], found: Names, unit: Unit, last: str) -> str:
    """A line for each badge, with as many names as the message has room for."""
    told = {f"- {badge(one, unit)}: ": names for one, names in found.items()}
    room = ROOM - markup.length("\n".join([*lines, *told, last]))
    each = room // max(1, len(told))
    return fitting(lines + [said + listing(names, each) for said, names in told.items()], last)


def _line(place: int, line: Line) -> str:
    return (
        f"**{place}. {called(line.name)}** · {_percent(line)}% · {line.written:,} of "
        f"{line.target:,}"
    )


def _percent(line: Line) -> int:
    return 100 * line.written // line.target


def _day(found: Board | Evening) -> str:
    challenge = found.challenge
    if not challenge.running and isinstance(found, Board):
        return "over"
    return f"day {found.day} of {found.days}" if found.day else "not begun yet"


def _bar(found: Board) -> str:
    full = min(max(CELLS * found.total // max(1, found.target), 0), CELLS)
    return "▰" * full + "▱" * (CELLS - full)


def _apart(number: int) -> str:
    """From par."""
    if number == 0:
        return "just there"
    return f"{number:,} ahead" if number > 0 else f"{-number:,} to go"


def _today(progress: Progress) -> str:
    if not progress.left_today:
        return f"Today: {progress.written_today:,}; nothing more is needed."
    return f"Today: {progress.written_today:,} of {progress.needed_today:,} needed."


def _cheer(found: Evening) -> str:
    writers = found.wrote.writers
    if found.cheer is Cheer.HALFWAY:
        return f"**{called(found.halfway)}** is the first on the board past halfway!"
    return {
        Cheer.BIGGEST: f"The biggest day so far, by {plural(writers, 'writer')}!",
        Cheer.EVERYONE: "Everyone who is in it has written today!",
        Cheer.MOST: f"{writers:,} have written, more than on any day before!",
    }.get(found.cheer, f"{writers:,} of {found.members:,} have written.")


def _span(first: date, last: date) -> str:
    return f"on {spoken(first)}" if first == last else f"from {spoken(first)} to {spoken(last)}"
