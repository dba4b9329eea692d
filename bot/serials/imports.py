"""From a file's bytes to a draft: read and cut. No database, and some tenths of a second of work,
so it is run in a thread."""

import re
from dataclasses import dataclass
from pathlib import PurePath

from bot.serials.excerpts import Excerpt, cut
from bot.stories.formats import read
from bot.stories.model import Manuscript


@dataclass(frozen=True, slots=True)
class Draft:
    """A manuscript, and what takes time: for each chapter its cut and its words, and the terms of
    each block of it."""

    title: str
    manuscript: Manuscript
    cuts: tuple[tuple[Excerpt, ...], ...]
    words: tuple[int, ...]
    terms: tuple[str, ...]

    @property
    def notes(self) -> list[str]:
        """The front matter: kept, and not posted as prose."""
        return [block.text for block in self.manuscript.blocks if block.kind.is_note]


def prepare(name: str, data: bytes) -> Draft:
    """Raises BadFile."""
    manuscript = read(name, data)
    cuts = tuple(tuple(cut(chapter.blocks)) for chapter in manuscript.chapters)
    words = tuple(chapter.words for chapter in manuscript.chapters)
    terms = tuple(block.terms for block in manuscript.blocks)
    return Draft(manuscript.title or title_from(name), manuscript, cuts, words, terms)


def title_from(name: str) -> str:
    """A title for a file that names none: "my_story-v2.txt" is "my story v2"."""
    return re.sub(r"[_\-\s]+", " ", PurePath(name).stem).strip() or "Untitled"
