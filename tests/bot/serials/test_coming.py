"""What an author may do to the cut, as rules: any text, any changes, and never a word lost."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput, Conflict
from bot.people.times import Slot
from bot.serials import coming, excerpts
from bot.serials.coming import Change, Coming, Cut, Rest
from bot.serials.excerpts import WHOLE, Place, Uncut
from bot.serials.pages import Part
from bot.serials.records import Options, Serial, State
from bot.stories.formats.text import parse
from bot.stories.model import Position, Rating
from bot.stories.naming import ChapterName, PlaceName
from bot.stories.service import Chapter, Story
from tests.bot.serials.cutting import plain
from tests.bot.serials.making import NOW, prose
from tests.bot.stories.any_text import TEXTS

STORY = Story(1, 100, 1, "The Lantern", "Mara", False, 0, 0, Rating.TEEN, Rating.GENERAL)
OPTIONS = Options(None, threads=False, crossposts=False, previously=False, read_ahead=0)
SERIAL = Serial(1, 100, STORY, State.ACTIVE, 10, 1, None, None, OPTIONS)


def coming_of(*texts: str, words: int = 300, slots: tuple[Slot, ...] = ()) -> Coming:
    """Nothing of these chapters is posted yet; it is 08:00 on 3 November."""
    rests: list[Rest] = []
    first, total = 0, 0
    for text in texts:
        for chapter in parse(text, markdown=False).chapters:
            if starts := tuple(part.start for part in excerpts.cut(chapter.blocks, words)):
                stored = Chapter(len(rests) + 1, len(rests) + 1, None, chapter.words, first)
                rests.append(Rest(stored, starts, chapter.blocks))
                total += chapter.words
            first += len(chapter.blocks)
    timetable = tuple((slot, NOW) for slot in slots)
    return Coming(SERIAL, tuple(rests), 1, total, None, 0, None, timetable)


def written(before: Coming, cut: Cut) -> Coming:
    """What is read once the cut is written."""
    rests = list(before.rests)
    for index, parts in cut.chapters.items():
        rests[index] = replace(rests[index], starts=tuple(part.start for part in parts))
    return replace(before, rests=tuple(rests), length=cut.length)


def posted(before: Coming) -> Coming:
    """The first part is out."""
    first, *others = before.rests
    rests = [replace(first, starts=first.starts[1:]), *others] if first.starts[1:] else others
    return replace(before, rests=tuple(rests), first=before.first + 1)


def taken_back(one: Coming, before: Coming) -> Coming:
    starts = [rest.position(start) for rest in before.rests for start in rest.starts]
    change = Change(7, coming.restored(one.rests, starts), before.length)
    cut = coming.undo(replace(one, newest=7, undo=change), 7)
    assert cut.undone == 7
    return written(one, cut)


def texts(one: Coming) -> list[list[str]]:
    """What each chapter's parts say, without markup."""
    return [
        [
            plain(list(rest.blocks), part.start, part.end)
            for part in Uncut(rest.blocks, rest.starts).at(rest.starts)
        ]
        for rest in one.rests
    ]


def whole(one: Coming) -> list[str]:
    return ["".join(parts) for parts in texts(one)]


def borders(one: Coming) -> set[Position]:
    """Where a part may begin, wherever parts begin now."""
    return {rest.position(place) for rest in one.rests for place, _ in Uncut(rest.blocks).borders()}


def begins(one: Coming) -> list[Position]:
    return [rest.position(start) for rest in one.rests for start in rest.starts]


STORIES = st.lists(
    TEXTS | st.integers(20, 900).map(lambda words: prose("oil", words)), min_size=1, max_size=3
)
CHANGES = st.lists(
    st.tuples(st.sampled_from(["cut", "join", "recut", "undo", "post"]), st.integers(0, 10**6)),
    max_size=15,
)


@given(STORIES, st.sampled_from([WHOLE, 1, 60, 301]), CHANGES)
def test_whatever_is_changed_the_parts_are_the_story_and_undo_leads_back(
    told: list[str], words: int, changes: list[tuple[str, int]]
) -> None:
    first = one = coming_of(*told)
    history: list[Coming] = []
    for kind, number in changes:
        if not one.rests:
            break
        before, begin = one, begins(one)
        at = begin[number % len(begin)]
        match kind:
            case "cut":
                allowed = sorted(borders(one) - {at for at in borders(one) if at < begin[0]})
                if allowed:
                    at = allowed[number % len(allowed)]
                    one = written(one, coming.cut_at(one, at))
                    assert set(begins(one)) == {*begin, at}
            case "join":
                one = written(one, coming.join(one, at))
                if len(begins(one)) < len(begin):
                    assert set(begins(one)) == {*begin} - {at}
            case "recut":
                one = written(one, coming.recut(one, words))
            case "undo" if history:
                one = taken_back(one, history.pop())
            case "post":
                one = first = posted(one)
                continue
        assert whole(one) == whole(before)
        assert not one.rests or begins(one)[0] == begin[0]
        if one != before and kind != "undo":
            history.append(before)
    out = any(kind == "post" for kind, _ in changes)
    while history and one.rests:
        one = taken_back(one, history.pop())
    if not out:
        assert one == first


def test_a_border_is_moved_by_a_cut_and_a_join() -> None:
    one = coming_of(prose("oil", 520))
    (rest,) = one.rests
    (_, second), (two, _) = rest.starts, texts(one)[0]
    earlier = max(at for at in borders(one) if at < rest.position(second))
    moved = written(one, coming.cut_at(one, earlier))
    assert (moved.parts, whole(moved)) == (3, whole(one))
    assert texts(moved)[0][0] == two[: len(texts(moved)[0][0])]
    assert moved.border_after(1) == earlier
    moved = written(moved, coming.join(moved, rest.position(second)))
    assert begins(moved) == [Position(0, 0), earlier]
    assert moved.border_after(2) is None


def test_what_is_no_border_is_refused_or_left() -> None:
    one = coming_of(prose("oil", 520), prose("wick", 520))
    inside = Position(1, 3)
    with pytest.raises(Conflict, match="has been posted, or changed, since"):
        coming.cut_at(one, inside)
    with pytest.raises(Conflict):
        coming.cut_at(posted(one), min(borders(one)))  # which is out
    unchanged = Cut(None)
    assert coming.cut_at(one, begins(one)[1]) == unchanged  # cut there already
    assert coming.join(one, inside) == unchanged
    assert coming.join(one, begins(one)[2]) == unchanged  # the second chapter's beginning
    assert coming.join(one, Position(0, 0)) == unchanged


def test_undo_takes_back_what_is_still_to_come_and_leaves_later_chapters() -> None:
    before = coming_of(prose("oil", 1100))
    long = written(before, coming.recut(before, 550))
    now = posted(long)
    added = coming_of(prose("oil", 1100), prose("wick", 520)).rests[1]
    now = replace(now, rests=(*now.rests, added))
    undone = taken_back(now, before)
    begin = begins(now)[0]
    assert begins(undone) == [
        begin,
        *(at for at in begins(before) if at > begin),
        *(added.position(start) for start in added.starts),
    ]
    assert undone.length is None


def test_undo_is_done_once_and_says_when_it_is_too_late() -> None:
    one = replace(coming_of(prose("oil", 520)), newest=3)
    assert coming.undo(one, 2) == Cut(None)  # it comes a second time
    with pytest.raises(Conflict, match="posted since"):
        coming.undo(one, 3)


@pytest.mark.parametrize("words", [50, 150, 500, WHOLE])
def test_another_length(words: int) -> None:
    one = coming_of(prose("oil", 1100), prose("wick", 1100))
    cut = coming.recut(one, words)
    assert cut.length == words
    sizes = [part.words for parts in cut.chapters.values() for part in parts]
    if words == WHOLE:
        assert sizes == [1100, 1100]
    else:
        assert all(0.6 * words < size < 1.4 * words for size in sizes)
        assert sum(sizes) == 2200
    assert coming.recut(written(one, cut), words).chapters == {}


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("300 words", 300),
        ("150", 150),
        (" 1,000 Words ", 1000),
        ("about 400 words a part", 400),
        ("a chapter a day", WHOLE),
        ("50", 50),
        ("5000", 5000),
    ],
)
def test_lengths_that_are_understood(typed: str, words: int) -> None:
    assert coming.parse_length(typed) == words


@pytest.mark.parametrize("typed", ["", "49", "5001", "long", "-300", "300 pages", "9" * 40])
def test_lengths_that_are_not(typed: str) -> None:
    with pytest.raises(BadInput, match="50 to 5,000"):
        coming.parse_length(typed)


UTC_ZONE = ZoneInfo("UTC")
NINE, NOON = Slot(9 * 60, UTC_ZONE), Slot(12 * 60, UTC_ZONE)
WEEKENDS = Slot(9 * 60, UTC_ZONE, frozenset({5, 6}))


@pytest.mark.parametrize(
    ("slots", "typed", "chances"),
    [
        ((NINE,), "3 November", 1),
        ((NINE,), "12 November", 10),
        ((NINE, NOON), "2026-11-07", 10),
        ((WEEKENDS,), "30 November", 8),
    ],
)
def test_it_finishes_by_the_date_in_the_shortest_parts_that_do(
    slots: tuple[Slot, ...], typed: str, chances: int
) -> None:
    one = coming_of(prose("oil", 2200), slots=slots)
    done = written(one, coming.finish(one, typed, NOW))
    assert done.parts <= chances
    day = done.last_day
    assert day is not None
    assert one.times_until(day) <= chances
    if chances > 1:
        assert done.length is not None
        assert done.parts == chances
        shorter = written(one, coming.recut(one, done.length - 10))
        assert shorter.parts > chances


def test_a_date_far_away_makes_parts_no_shorter_than_may_be_asked_for() -> None:
    one = coming_of(prose("oil", 520), slots=(NINE,))
    assert coming.finish(one, "2036-11-01", NOW).length == coming.SHORTEST


@pytest.mark.parametrize(
    ("slots", "typed", "says"),
    [
        ((), "24 December", "has no schedule yet"),
        ((NINE,), "2026-11-02", "2 November 2026 is over"),
        ((NINE,), "soon", "is not a date"),
        ((NINE,), "4 November", "Chapters to come: 3; times to post up to 4 November 2026: 2."),
    ],
)
def test_dates_by_which_it_cannot_finish(slots: tuple[Slot, ...], typed: str, says: str) -> None:
    one = coming_of(*(prose(theme, 520) for theme in ("oil", "wick", "flame")), slots=slots)
    with pytest.raises(BadInput, match=says):
        coming.finish(one, typed, NOW)
    with pytest.raises(Conflict, match="Every part has been posted"):
        coming.finish(coming_of(slots=slots), typed, NOW)


def test_where_a_page_may_be_cut() -> None:
    text = (
        "The lamp was out. “Who did it?” asked Ann. “Not I.”\n\n“Nor I,” said\n\nTom the "
        "sailor. He left the room, and it was dark.\n\nShe stayed on alone."
    )
    one = coming_of(text)
    blocks = one.rests[0].blocks
    assert [after for _, after in coming.places(part_of(one), 0, blocks)] == [
        "“Who did it?” asked Ann. “Not I.”",
        "“Not I.”",
        "“Nor I,” said",
        "He left the room, and it was dark.",
        "She stayed on alone.",
    ]


def test_a_long_page_offers_the_ends_of_paragraphs_first() -> None:
    one = coming_of(prose("oil", 1650))
    one = written(one, coming.recut(one, WHOLE))
    part, blocks = part_of(one), one.rests[0].blocks
    pages = range(len(part.pages))
    for page in pages:
        found = coming.places(part, page, blocks)
        positions = [position for position, _ in found]
        assert positions == sorted(positions)
        assert all(part.pages[page] <= position for position in positions)
        assert (part.pages[page] in positions) == (page > 0)
    short = replace(part, pages=part.pages[:1])
    found = coming.places(short, 0, blocks)
    assert len(found) == coming.MOST_PLACES
    assert all(position.offset == 0 for position, _ in found)


def part_of(one: Coming) -> Part:
    """The first part to come."""
    rest = one.rests[0]
    part = Uncut(rest.blocks, rest.starts).at(rest.starts)[0]
    end = part.end
    if end.offset == 0:
        end = Place(end.block - 1, len(rest.blocks[end.block - 1].text))
    return Part(
        1, 100, 1, 1, 1, one.parts, 1, PlaceName(ChapterName(None, 1, "chapter 1"), 1), one.parts,
        part.words,
        tuple(rest.position(page) for page in part.pages), rest.position(end), False, None, False,
    )  # fmt: skip
