"""What holds for the cut of any text."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise

from bot.serials import excerpts
from bot.serials.excerpts import DEFAULT_WORDS, PAGE_LENGTH, Place, cut
from bot.stories import markup
from bot.stories.model import Block, Kind

_CLOSE = r"[\"”’'»›」』)\]]*"
_ENDS = re.compile(rf"[.!?؟۔।…]+{_CLOSE}\s+|[。！？｡]+{_CLOSE}\s*")
_SHORT = 60  # characters; a sentence so short may stay with the next


def assert_cut_well(blocks: Sequence[Block], words: int = DEFAULT_WORDS) -> None:
    """A chapter's excerpts, joined, are its text; each page fits; no sentence is cut but one that
    no page holds."""
    found = cut(blocks, words)
    prose = [i for i, block in enumerate(blocks) if block.kind is Kind.PROSE and block.text.strip()]
    if not prose:
        assert found == []
        return
    last = prose[-1]
    assert found[0].start == Place(prose[0], 0)
    assert found[-1].end == Place(last, len(blocks[last].text))
    assert all(one.end == other.start for one, other in pairwise(found))
    assert "".join(plain(blocks, one.start, one.end) for one in found) == plain(
        blocks, found[0].start, found[-1].end
    )
    for one in found:
        assert one.pages[0] == one.start < one.end
        assert words > DEFAULT_WORDS or one.pages == (one.start,)
        for start, end in pairwise([*one.pages, one.end]):
            page = excerpts.text(blocks, start, end)
            assert 0 < markup.length(page) <= PAGE_LENGTH
        for place in (*one.pages, one.end):
            _assert_no_sentence_is_cut(blocks[place.block], place.offset)


def plain(blocks: Sequence[Block], start: Place, end: Place) -> str:
    """What stands between two places, without markup."""
    found = ""
    for index, block in enumerate(blocks):
        if block.kind in (Kind.PROSE, Kind.BREAK):
            first = 0 if index > start.block else start.offset if index == start.block else 10**9
            last = 10**9 if index < end.block else end.offset if index == end.block else 0
            found += block.text[first:last]
    return found


def _assert_no_sentence_is_cut(block: Block, offset: int) -> None:
    text = block.text
    ends = [0, *(match.end() for match in _ENDS.finditer(text)), len(text)]
    after = bisect_left(ends, offset)
    if ends[after] == offset:
        return
    sentence = markup.slice_runs(block.runs, ends[after - 1], ends[after])
    assert markup.length(markup.markdown(sentence)) > PAGE_LENGTH - _SHORT, text[offset - 60 :][:80]
    around = text[offset - 1 : offset + 1]
    if around.isalnum() and around.isascii():
        assert re.search(r"\S{90}", text)  # only a word as long as a line is cut
