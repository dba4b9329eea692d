"""What a new version of a story changes, in words."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from bot.serials.records import Serial
from bot.serials.revising import Change
from bot.serials.versions import Correction, Plan
from cogs.ui import posts
from cogs.ui.formats import fitting, plural, shorten

LABEL = 80  # characters of a button
EXAMPLES = 3  # of each kind
LONGEST = 120  # characters of one
LOOKED_AT = 2_000  # characters of a paragraph, of which fewer are shown
AROUND = 3  # words on either side of what differs
NAMED = 5  # chapters

T = TypeVar("T")

_CHAPTER = re.compile(r"chapter\s+(\d{1,6})\b", re.IGNORECASE)

REST = "the rest of the chapter that is being posted"


def card(serial: Serial, change: Change, *, shown: bool = True) -> str:
    """What the file changes, what of it is left out and why; `shown`: its text may be, here. Takes
    a moment for a long story."""
    plan = change.plan
    if plan.is_empty:
        return f"Nothing in that file is new: it is what I have already of {posts.title(serial)}."
    lines = [f"A new version of {posts.title(serial)}."]
    if change.untouched:
        lines.append(f"The file lacks {_chapters(change.untouched)}; I keep what I have of that.")
    if not plan.goes_on_as_before:
        lines.append(_coming(plan, shown=shown))
    if not shown:
        lines.append("More of it is shown in age-restricted channels alone.")
        return fitting(lines, _ending(change))
    if change.shown:
        lines.append(
            f"{plural(len(change.shown), 'correction')} of posted text, "
            f"in {plural(change.posts, 'post')}:"
        )
        lines += _some(change.shown, _correction)
    if change.too_long:
        lines.append("Left out, as the post would be longer than Discord allows, or empty:")
        lines += _some(change.too_long, _correction)
    if plan.added:
        lines.append("Added among posted paragraphs, which stay as they are, so left out:")
        lines += _some(plan.added, _quoted)
    if plan.removed:
        lines.append("Not in the file, but posted, so it stays:")
        lines += _some(plan.removed, _quoted)
    return fitting(lines, _ending(change))


def update_label(serial: Serial, change: Change) -> str:
    """ "Update The Lamp Room (adds chapter 4)" """
    plan = change.plan
    what = []
    if change.added:
        numbers = [_number(title, number) for number, title in change.added]
        what.append(f"adds {_chapters(numbers)}")
    elif plan.more:
        what.append(f"adds {plural(plan.more, 'paragraph')}")
    if plan.prose_removed:
        what.append(f"removes {plural(plan.prose_removed, 'paragraph')}")
    if plan.changed and not what:
        what.append(f"changes {plural(plan.changed, 'paragraph')}")
    if change.shown and not change.without_posts:
        what.append(f"corrects {plural(change.posts, 'post')}")
    suffix = f" ({', '.join(what)})" if what else ""
    return f"{shorten(f'Update {serial.story.title}', LABEL - len(suffix))}{suffix}"


def _number(title: str | None, number: int) -> int:
    """What a chapter calls itself: a prologue may stand before chapter 1."""
    said = _CHAPTER.match(title or "")
    return int(said[1]) if said else number


def _chapters(numbers: Sequence[int]) -> str:
    """ "chapter 4", "chapters 4 to 6" or "chapters 2, 4 and 5" """
    first, *others = numbers
    if not others:
        return f"chapter {first}"
    if list(numbers) == list(range(first, first + len(numbers))) and len(numbers) > 2:
        return f"chapters {first} to {numbers[-1]}"
    if len(numbers) > NAMED:
        return f"{len(numbers)} chapters"
    *most, last = map(str, numbers)
    return f"chapters {', '.join(most)} and {last}"


def _ending(change: Change) -> str:
    if change.without_posts or change.shown:
        return "Nothing is changed until you take it."
    return "So there is nothing to take. I keep nothing of the file."


def _coming(plan: Plan, *, shown: bool) -> str:
    counts = [
        f"{plural(number, 'paragraph')} {what}"
        for number, what in (
            (plan.changed, "changed"),
            (plan.more, "added"),
            (plan.fewer, "removed"),
        )
        if number
    ]
    changed = [chapter.title for chapter in plan.chapters if chapter.same is None] if shown else []
    names = [REST] if plan.rest and plan.rest.same is None else []
    names += [posts.escape(title or "a chapter without a title", 70) for title in changed[:NAMED]]
    more = len(names) + len(changed[NAMED:]) - NAMED
    text = f"To come: {', '.join(counts) or 'the same paragraphs in other chapters'}"
    if names:
        text += f", in {', '.join(names[:NAMED])}"
    if more > 0:
        text += f" and {more} more"
    return f"{text}."


def _some(changes: Sequence[T], shown: Callable[[T], str]) -> Iterator[str]:
    yield from map(shown, changes[:EXAMPLES])
    if len(changes) > EXAMPLES:
        yield f"> … and {len(changes) - EXAMPLES} more"


def _quoted(text: str) -> str:
    return f"> {_line(text)}"


def _line(text: str) -> str:
    return posts.escape(" ".join(text[:LOOKED_AT].split()), LONGEST)


def _correction(correction: Correction) -> str:
    """What differs, with a few words around it."""
    old, new = correction.old.text.split(), correction.new.text.split()
    if old == new:
        return f"> “{_line(' '.join(old))}” in other styles"
    pairs = list(zip(old, new, strict=False))
    head = next((n for n, (a, b) in enumerate(pairs) if a != b), len(pairs))
    ends = list(zip(old[head:][::-1], new[head:][::-1], strict=False))
    tail = next((n for n, (a, b) in enumerate(ends) if a != b), len(ends))
    start, left = max(head - AROUND, 0), max(tail - AROUND, 0)
    before, after = (
        " ".join(["…"] * (start > 0) + words[start : len(words) - left] + ["…"] * (left > 0))
        for words in (old, new)
    )
    return f"> “{_line(before)}” → “{_line(after)}”"
