"""Asking about a whole story from its file, for its author to try. Pure."""

from collections import defaultdict
from typing import TypedDict

from bot.companion import asking
from bot.companion.questions import parse
from bot.serials.excerpts import Place
from bot.serials.imports import Draft
from bot.stories import naming
from bot.stories.model import Block, Kind, Position


class PassageView(TypedDict):
    """`text` is the story's own, without emphasis; `chapter` counts from 1, and `excerpt`, in
    which it begins, through the story."""

    text: str
    chapter: int
    excerpt: int


class Answer(TypedDict):
    passages: list[PassageView]


def ask(draft: Draft, question: str) -> Answer:
    """As a reader is answered who has come to the end. Raises BadInput."""
    asked = parse(question)
    manuscript = draft.manuscript
    firsts = [len(manuscript.front)]
    for chapter in manuscript.chapters:
        firsts.append(firsts[-1] + len(chapter.blocks))
    blocks: dict[int, Block] = {}
    places: defaultdict[str, list[int]] = defaultdict(list)
    inside = range(firsts[0], firsts[-1])
    names = naming.chapter_names([chapter.title for chapter in manuscript.chapters])
    if asked.chapter is not None:
        meant = naming.numbered(names, asked.chapter)
        inside = range(0) if meant is None else range(*firsts[meant : meant + 2])
    for ordinal, block in enumerate(manuscript.blocks):
        if ordinal in inside and block.kind is Kind.PROSE and block.text.strip():
            blocks[ordinal] = block
            for term in set(draft.terms[ordinal].split()):
                places[term].append(ordinal)
    ground = asking.ground(
        asked,
        range(inside.start, max(blocks, default=inside.start - 1) + 1),
        lambda term: places.get(term, []),
        lambda ordinals: {one: blocks[one] for one in ordinals if one in blocks},
    )
    found: list[PassageView] = []
    for passage in asking.passages(ground):
        chapter_number, excerpt = _where(draft, firsts, passage.start)
        found.append(
            PassageView(text=ground.text(passage), chapter=chapter_number, excerpt=excerpt)
        )
    return Answer(passages=found)


def _where(draft: Draft, firsts: list[int], start: Position) -> tuple[int, int]:
    """The numbers of the chapter and of the excerpt."""
    chapter = max(number for number, first in enumerate(firsts[:-1]) if first <= start.ordinal)
    place = Place(start.ordinal - firsts[chapter], start.offset)
    before = sum(map(len, draft.cuts[:chapter]))
    return chapter + 1, before + sum(excerpt.start <= place for excerpt in draft.cuts[chapter])
