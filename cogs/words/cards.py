"""What is said of words and projects, as text."""

from collections.abc import Sequence
from datetime import date

from bot.people.dates import full, named
from bot.people.times import spoken
from bot.words.amounts import Unit
from bot.words.boards import Own
from bot.words.goal_rules import Progress
from bot.words.ledger import Entry
from bot.words.projects import Listed, Status
from bot.words.service import SPRINT, History, Wrote
from cogs.ui.formats import fitting, measured, paged, plural, shorten
from cogs.ui.names import called
from cogs.ui.places import own_place as place_and_amount
from cogs.ui.posts import escape

TITLE_LENGTH = 60
PROJECTS = 10  # a page
SHOWN_NOTE = 60  # characters of a note in a list

SILENCED = "You may not write in this channel, so I keep this private: nobody else is shown it."
NONE_YET = "Nothing is logged yet. `/wrote 350` logs what you wrote today."


def public(name: str, done: Wrote) -> str:
    """All that others are told."""
    number, unit, day = done.entry.amount, done.entry.place.unit, done.entry.place.day
    when = "" if day == done.today else f" on {spoken(day)}"
    return f"**{called(name)}** {_did(number, unit)}{when}."


def merged(name: str, entries: Sequence[Entry], today: date) -> str:
    """The same of several entries, of one day and unit; of those that stand."""
    if not entries:
        return taken_back(name)
    place = entries[0].place
    what = _did(sum(entry.amount for entry in entries), place.unit)
    when = "" if place.day == today else f" on {spoken(place.day)}"
    count = "1 entry" if len(entries) == 1 else f"{len(entries):,} entries"
    return f"**{called(name)}** {what}{when}, in {count}."


def own_place(own: Own, unit: Unit, when: str) -> str:
    """Where someone is on a leaderboard, said to them alone."""
    if own.place is not None:
        return place_and_amount(own.place, own.amount, unit)
    if own.listed:
        return f"You're listed, and have logged no {unit} here {when} yet."
    return "You aren't listed."


def _did(number: int, unit: Unit) -> str:
    if number == 0:
        return f"checked in: {measured(0, unit)}"
    if number < 0:
        return f"took back {measured(-number, unit)}"
    return f"wrote {'for ' * (unit is Unit.MINUTES)}{measured(number, unit)}"


def taken_back(name: str | None) -> str:
    """No name: to the writer alone."""
    return f"**{called(name)}** took that back." if name else "Taken back."


def noted(found: Entry, today: date) -> str:
    amount = measured(found.amount, found.place.unit)
    return f"Noted: {amount} for {title(found.project)} on {named(found.place.day, today)}."


def private(done: Wrote, *before: str) -> str:
    """What the writer alone is told, `before` which something may be said."""
    place = done.entry.place
    day = "Today" if place.day == done.today else named(place.day, done.today)
    sums = (
        f"{day}: {measured(done.on_day, place.unit)} · "
        f"{title(done.entry.project)}: {measured(done.total, place.unit)} in all"
    )
    asking = [_left_today(one) for one in done.goals if one.needed_today]
    return fitting([*before, sums, *asking])


def history(found: History) -> str:
    if not found.entries:
        return NONE_YET
    return fitting([_line(entry) for entry in found.entries], "Choose one to change it.")


def entry(found: Entry) -> str:
    lines = [
        f"**{measured(found.amount, found.place.unit)}** on {full(found.place.day)} "
        f"for {title(found.project)}{_sprint(found)}"
    ]
    if found.note:
        lines.append(f"> {escape(found.note, 400)}")
    return "\n".join(lines)


def option(found: Entry) -> str:
    """An entry in a menu, where nothing is Markdown."""
    amount = measured(found.amount, found.place.unit)
    return shorten(f"{found.place.day} · {amount} · {found.project}", 100)


def projects(found: Sequence[Listed]) -> list[str]:
    """The list, by the page."""
    if not found:
        return [
            "All you log goes to one project, *My writing*. `/project create` makes one with a "
            "title of your own."
        ]
    return paged([project(listed) for listed in found], PROJECTS)


def project(found: Listed) -> str:
    told = found.project
    facts = [f"**{escape(told.title, TITLE_LENGTH)}**"]
    if found.default:
        facts[0] += " (your usual one)"
    if told.genre:
        facts.append(escape(told.genre, 60))
    of = f"{found.total:,} of " if told.target else ""
    start = f" ({found.start:,} to start with)" if found.start else ""
    facts.append(of + plural(told.target or found.total, "word") + start)
    if told.status is not Status.ACTIVE:
        facts.append(told.status)
    if told.link:
        facts.append(f"<{told.link}>")
    return " · ".join(facts)


def offer_to_move(made: Listed, old: Listed) -> str:
    what = plural(old.words, "word") if old.words else "entries"
    return (
        f"{project(made)}\nYou have {what} in {title(old.project.title)}. *Move them into it* does "
        "that, and has your words go there from now on."
    )


def taken_over(found: Listed) -> str:
    return f"{project(found)}\nAll you have logged is in it, and your words go there from now on."


def delete(found: Listed) -> str:
    start = f" Its starting count of {found.start:,} is forgotten." if found.start else ""
    return (
        f"Delete {title(found.project.title)}? Its {plural(found.words, 'word')} and its goals go "
        f"to your usual project: nothing you wrote is lost.{start}"
    )


def deleted(left: Listed) -> str:
    return (
        f"Deleted. What was written for it belongs to {title(left.project.title)} now, which "
        f"stands at {plural(left.total, 'word')}."
    )


def title(said: str) -> str:
    return f"*{escape(said, TITLE_LENGTH)}*"


def _left_today(found: Progress) -> str:
    goal = found.goal
    if goal.last_day:
        name = f"{measured(goal.amount, goal.unit)} by {spoken(goal.last_day)}"
    else:
        name = f"{measured(goal.amount, goal.unit)} a {goal.period}"
    if found.project:
        name += f" for {title(found.project)}"
    left = measured(found.left_today, goal.unit)
    return f"- {name}: {f'{left} to go today' if found.left_today else 'done for today'}"


def _line(found: Entry) -> str:
    amount = measured(found.amount, found.place.unit)
    line = f"- {found.place.day}: {amount} · {title(shorten(found.project, 40))}{_sprint(found)}"
    return f"{line} · {escape(found.note, SHOWN_NOTE)}" if found.note else line


def _sprint(found: Entry) -> str:
    return " · in a sprint" if found.source == SPRINT else ""
