"""What a member is told about themselves."""

from collections import Counter

from bot.community.likes import Likes
from bot.people.service import Zone
from bot.words.amounts import Unit
from bot.words.imports import Added
from cogs.ui.formats import fitting, plural
from cogs.ui.posts import escape
from cogs.ui.zones import spoken

EXPORTED = """\
This is all that I hold on you: `entries.csv` for a spreadsheet or another tracker, \
`everything.json` with the rest. `/me import` takes `entries.csv` back in."""

SKIPPED_LENGTH = 250  # characters of a sentence on what was left out


def zone(found: Zone, now: int) -> str:
    whose = "This server's" if found.whose == "the server's" else "Your"
    hint = "" if found.whose == "yours" else " `/me zone` with a city sets your own."
    return f"{whose} time zone is {spoken(found, now)}.{hint}"


def pace(likes: Likes) -> str:
    return (
        f"Your pace is {likes.pace:,} words a minute: what is faster in a sprint I ask you about. "
        "`/me pace` sets it."
    )


def privacy(likes: Likes) -> str:
    said = "`/wrote` answers you alone." if likes.private else "What `/wrote` says, everyone sees."
    if likes.listed:
        said += " You are on this server's leaderboard. `/stats` shows others what it counts."
    elif likes.listed is not None:
        said += " You are not on this server's leaderboard. `/stats` shows others nothing."
    counted = "counted" if likes.counted else "not counted"
    return f"{said} Among a story's readers you are {counted}."


def streak(likes: Likes) -> str:
    said = "Your streak is hidden." if likes.streak_hidden else "Your streak is shown."
    if likes.warning is None:
        return f"{said} You are not warned before it breaks."
    hour, minute = divmod(likes.warning, 60)
    return (
        f"{said} At {hour:02}:{minute:02} I tell you, in a direct message, if it would break at "
        "midnight."
    )


def imported(added: Added, skipped: tuple[str, ...]) -> str:
    said = []
    if added.lines:
        sums: Counter[Unit] = Counter()
        for line in added.lines:
            sums[line.unit] += line.amount
        amounts = ", ".join(plural(sums[unit], unit.removesuffix("s")) for unit in sums)
        days = [line.day for line in added.lines]
        said.append(
            f"Added {_entries(len(added.lines))}: {amounts}, from {min(days)} to {max(days)}. "
            "`/words history` changes them."
        )
    if added.known:
        said.append(f"{_entries(added.known)} of that file I had already.")
    said += [escape(sentence, SKIPPED_LENGTH) for sentence in skipped]
    return fitting(said)


ASK_TOTALS = """\
These amounts keep growing, like running totals. I've added nothing so far. *Running totals*: each \
day gets the difference. *Daily amounts*: each is what you wrote that day."""


def import_undone(number: int) -> str:
    what = f"{_entries(number)} of that file {'is' if number == 1 else 'are'} gone again"
    return f"Undone: {what}. Send it again whenever you like."


def _entries(number: int) -> str:
    return "1 entry" if number == 1 else f"{number:,} entries"
