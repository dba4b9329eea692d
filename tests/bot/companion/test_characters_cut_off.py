"""What a reader is told of the whole story is what they are told of one that ends there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, select, update

from bot.companion import cards, places
from bot.companion.characters import Who
from bot.companion.keeping import Draft
from bot.companion.places import Stored
from bot.companion.tables import character_names
from bot.errors import NotFound
from bot.people import service as people
from bot.serials.records import Serial
from bot.stories import service as stories
from bot.stories.model import Position
from bot.stories.tables import paragraphs
from tests.bot.companion.casting import keep, known, text, who, whole
from tests.bot.memory import in_memory
from tests.bot.serials.making import NOW, READER

# ---- what a reader is told of the whole story is what they are told of one that ends there

WORDS = ["Edda", "Tobias", "the Owl", "Tobias Quill", "Ines", "Wilhelmina", "the narrator"]


@contextmanager
def copy() -> Iterator[tuple[Connection, Serial]]:
    data, serial = whole()
    with in_memory(data) as conn:
        yield conn, serial


PLACES = (
    st.none()
    | st.just("start")
    | st.integers(1, 6).map(str)
    | st.sampled_from(
        ["Edda lit the lamp", "went home alone", "You are the Owl", "Nobody had ever", "her sister"]
    )
)
NAMES = st.lists(st.tuples(st.sampled_from(WORDS), PLACES), unique_by=lambda one: one[0])
CAST = st.lists(st.tuples(NAMES.filter(bool), st.lists(PLACES, max_size=3)), min_size=1, max_size=4)


def distinct(cast: list[tuple[list[tuple[str, str | None]], list[str | None]]]) -> bool:
    names = [name for names, _ in cast for name, _ in names]
    return len(names) == len(set(names))


def cut_off(conn: Connection, serial: Serial, end: Position) -> None:
    """As if the story had been written so far, and its cards said what is known so far."""
    for card in cards.load(conn, serial.story.id):
        for thing in card.things:
            if thing is not card.name and (thing.known is None or thing.known > end):
                kind, thing_id = cards.entry(thing)
                conn.execute(delete(kind.table).where(kind.table.c.id == thing_id))
            elif thing.known and thing.known > end:
                unsaid = {"said": None, "paragraph_id": None, "offset": None}
                conn.execute(update(character_names).values(unsaid).filter_by(id=thing.id))
    after = paragraphs.c.story_id == serial.story.id, paragraphs.c.ordinal > end.ordinal
    conn.execute(delete(paragraphs).where(*after))
    last = paragraphs.c.story_id == serial.story.id, paragraphs.c.ordinal == end.ordinal
    for runs in conn.scalars(select(paragraphs.c.runs).where(*last)).all():
        cut_runs = [["".join(run[0] for run in runs)[: end.offset], 0]]
        conn.execute(update(paragraphs).where(*last).values(runs=cut_runs))
    cards.follow(conn, serial.story.id, {})


def told(conn: Connection, serial: Serial) -> dict[str, object]:
    """All that the reader can find out."""
    answers: dict[str, object] = {"": known(conn, serial), "e": known(conn, serial, "E")}
    for name in WORDS:
        try:
            answers[name] = who(conn, serial, name)
        except NotFound as error:
            answers[name] = str(error)
    return answers


@given(CAST.filter(distinct), st.integers(0, 1 << 20))
def test_a_story_tells_what_it_would_if_it_ended_where_one_has_read_to(
    cast: list[tuple[list[tuple[str, str | None]], list[str | None]]], reached: int
) -> None:
    with copy() as (conn, serial):
        bound = text(conn, serial).bound
        for (name, place), *aliases in [[*names] for names, _ in cast]:
            also = tuple((alias, bound(where)) for alias, where in aliases)
            keep(conn, serial, Draft(name, bound(place), also))
        for number, (names, facts) in enumerate(cast):
            said = tuple((f"Fact {number}{n}.", bound(where)) for n, where in enumerate(facts))
            keep(conn, serial, Draft(names[0][0], facts=said))
        end = horizons(conn, serial)[reached % len(horizons(conn, serial))]
        person = people.person_id(conn, READER, NOW)
        places.save(conn, person, serial.story.id, Stored(end))
        of_all = told(conn, serial)
        later = coming(conn, serial, end)
        cut_off(conn, serial, end)
        assert told(conn, serial) == of_all
        assert not later & set(shown(of_all))


def horizons(conn: Connection, serial: Serial) -> list[Position]:
    """The start, and wherever a word ends: where a page might."""
    return [
        Position(0, 0),
        *(
            Position(one.ordinal, end)
            for one in stories.prose(conn, serial.story.id)
            for end in [*(space.end() for space in re.finditer(" ", one.text)), len(one.text)]
        ),
    ]


def coming(conn: Connection, serial: Serial, end: Position) -> set[str]:
    """What is on cards and not known yet."""
    found = set()
    kept = cards.load(conn, serial.story.id)
    firsts = text(conn, serial).firsts(card.name.text for card in kept)
    for card in kept:
        for thing in card.things:
            known = {thing.known, firsts.get(thing.text) if thing is card.name else None}
            if not any(place is not None and place <= end for place in known):
                found.add(thing.text)
    return found


def shown(answers: dict[str, object]) -> Iterator[str]:
    for answer in answers.values():
        if isinstance(answer, Who):
            yield from (answer.name, *answer.aliases, *answer.facts, *answer.together)
        elif isinstance(answer, list):
            yield from answer
