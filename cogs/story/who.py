"""A character as a reader knows them."""

from bot.companion.characters import Spot, Who
from cogs.ui import posts
from cogs.ui.formats import fitting, plural

LONGEST = 120  # characters of a name, escaped
MOST_CHAPTERS = 30


def who(found: Who) -> str:
    lines = [f"**{_name(found.name)}**"]
    if found.aliases:
        lines.append(f"Also: {', '.join(map(_name, found.aliases))}")
    lines += [f"- {posts.escape(fact, 700)}" for fact in found.facts]
    if found.first and found.last:
        lines += [
            f"Named first in {_spot(found.first)}, last in {_spot(found.last)}.",
            f"How often: {_counts(found.chapters)}.",
        ]
    if found.together:
        lines.append(f"Named in the same scenes: {', '.join(map(_name, found.together))}.")
    lines += ["> " + line.replace("\n", "\n> ") for line in found.lines]
    return fitting(
        lines, f"-# Names are counted, not “she” or “he”. Looked up to {_looked(found)}."
    )


def _looked(found: Who) -> str:
    if found.upto is None:
        return "the start"
    return f"chapter {found.upto.chapter}, part {found.upto.part}"


def _name(name: str) -> str:
    return posts.escape(name, LONGEST)


def _spot(spot: Spot) -> str:
    place = f"chapter {spot.part.chapter}, part {spot.part.part}"
    return f"[{place}]({spot.url})" if spot.url else place


def _counts(chapters: tuple[tuple[int, int], ...]) -> str:
    told = [f"chapter {number}: {count}" for number, count in chapters[:MOST_CHAPTERS]]
    left = chapters[MOST_CHAPTERS:]
    if left:
        told.append(f"{plural(len(left), 'more chapter')}: {sum(count for _, count in left)}")
    return ", ".join(told)
