"""HTML: an AO3 download, a Google Docs export, a saved page."""

from bot.stories.formats import walk
from bot.stories.formats.ao3 import parse_ao3
from bot.stories.formats.rich import RichBlock, manuscript_of
from bot.stories.model import Manuscript

# Where saved pages have the story, apart from menus and comments.
_MAIN = ("#storytext", "#workskin", "main", "[role=main]", "article")


def parse_html(html: str) -> Manuscript:
    return parse_ao3([html]) or manuscript_of(_main_blocks(html))


def _main_blocks(html: str) -> list[RichBlock]:
    document = walk.parsed(html)
    body = document.body
    if body is None:
        return []
    looks = walk.sheet([document])
    whole = walk.blocks_in(body, looks)
    for selector in _MAIN:
        found = body.css(selector)
        if len(found) == 1:
            blocks = walk.blocks_in(found[0], looks)
            if _length(blocks) > _length(whole) / 2:
                return blocks
    return whole


def _length(blocks: list[RichBlock]) -> int:
    return sum(len(block.text) for block in blocks)
