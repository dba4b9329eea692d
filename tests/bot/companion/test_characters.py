"""Characters, stored and as readers know them."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, delete, insert, select, update

from bot.companion import cards, characters, keeping, mentions, places, proposing
from bot.companion import service as companion
from bot.companion.binding import FROM_START, UNBOUND, Bound, Text
from bot.companion.cards import Kind
from bot.companion.characters import NONE_YET, Who
from bot.companion.keeping import MOST_ALIASES, Draft
from bot.companion.known import Card, Fact
from bot.companion.places import Stored
from bot.companion.tables import character_names
from bot.db.engine import Database
from bot.errors import BadInput, Conflict, NotAllowed, NotFound, UserError
from bot.people import service as people
from bot.serials import pages
from bot.serials.excerpts import cut
from bot.serials.imports import prepare
from bot.serials.records import Actor, Serial
from bot.stories import service as stories
from bot.stories.model import Position
from bot.stories.tables import paragraphs
from tests.bot.memory import in_memory, kept
from tests.bot.serials.making import (
    AUTHOR,
    DAY,
    ELSEWHERE,
    GUILD,
    MODERATOR,
    NINE,
    NOW,
    READER,
    days,
    published,
)

STORY = """\
# The Lantern

By Mara

## Chapter 1: Oil

The rain came down. “I never sleep,” said the Owl to nobody in particular that night.

Edda lit the lamp. Tobias watched Edda do it, and Tobias’s dog watched Tobias.

* * *

Tobias Quill went home alone. “So this is how it ends,” said Tobias to the dog.

## Chapter 2: Wick

In the morning the Owl was gone. Tobias looked for the Owl.

* * *

“You are the Owl,” Tobias said to Edda. “I have always known that it was you.”

## Chapter 3: Flame

Nobody had ever told Edda that. The Owl laughed, and Ines, her sister, laughed with her.

Ines went home with Edda.
"""


def lantern(conn: Connection, parts: int = 6) -> Serial:
    """A serial of six parts, of which so many are out: Edda is lit upon in part 2, Tobias goes home
    in part 3, the Owl is gone in part 4 and told in part 5; chapter 3 is part 6."""
    draft = prepare("lantern.md", STORY.encode())
    found = replace(
        draft, cuts=tuple(tuple(cut(one.blocks, 15)) for one in draft.manuscript.chapters)
    )
    serial = published(conn, parts, found)
    assert pages.contents(conn, serial.id, serial.story.id)[2].first_part == 6
    return serial


def text(conn: Connection, serial: Serial) -> Text:
    return cards.text(conn, AUTHOR, GUILD, serial.id)


def keep(conn: Connection, serial: Serial, *drafts: Draft) -> list[Card]:
    return keeping.keep(conn, AUTHOR, GUILD, serial.id, drafts)


def cast(conn: Connection, serial: Serial) -> None:
    bound = text(conn, serial).bound
    keep(
        conn,
        serial,
        Draft(
            "Edda",
            aliases=(("the Owl", bound("You are the Owl")),),
            facts=(
                ("Lights the lamp.", bound("Edda lit the lamp")),
                ("Has a sister.", bound("her sister")),
                ("Dies.", UNBOUND),
            ),
        ),
        Draft("Tobias", aliases=(("Tobias Quill", bound("Quill went home")),)),
        Draft("Ines"),
        Draft("the narrator", bound("start")),
        Draft("Zebulon"),
    )


def look(conn: Connection, serial: Serial) -> None:
    """As characters.look_for_names does, in one transaction."""
    border = companion.published(conn, serial.id)
    assert border is not None
    names = cards.unsearched(conn, serial, border.ordinal)
    texts = [
        (one.ordinal, one.text) for one in stories.prose(conn, serial.story.id, last=border.ordinal)
    ]
    found = mentions.find([name.text for name in names], texts)
    new = [
        [one for one in stood if one.ordinal > name.searched]
        for name, stood in zip(names, found, strict=True)
    ]
    cards.note_searched(conn, names, new, border.ordinal)


def at(conn: Connection, serial: Serial, part: int | None) -> None:
    companion.set_place(conn, READER, serial.id, serial.story.id, part, NOW)


def who(conn: Connection, serial: Serial, name: str) -> Who:
    look(conn, serial)
    found = characters.who(conn, READER, serial, name)
    assert found is not None
    return found


def known(conn: Connection, serial: Serial, typed: str = "") -> list[str]:
    look(conn, serial)
    return characters.suggest(conn, READER, serial, typed)


async def test_a_reader_is_told_what_they_have_read(database: Database) -> None:
    def check(conn: Connection) -> None:
        serial = lantern(conn)
        cast(conn, serial)
        at(conn, serial, 3)
        found = who(conn, serial, "tobias")
        assert (found.name, found.aliases) == ("Tobias", ("Tobias Quill",))
        assert found.chapters == ((1, 5),)
        assert found.together == ("Edda",)
        assert found.first
        assert (found.first.part.number, found.last and found.last.part.number) == (2, 3)
        post = found.first.post
        assert post is not None
        assert (post.guild_id, post.channel_id, post.message_id is not None) == (GUILD, 10, True)
        assert found.upto
        assert found.upto.number == 3
        assert "“So this is how it ends,” said Tobias to the dog." in found.lines

        at(conn, serial, None)
        found = who(conn, serial, "Tobias Quill")
        assert found.chapters == ((1, 5), (2, 2))

    await database.write(check)


async def test_an_alias_joins_nothing_before_it_may_be_known(database: Database) -> None:
    def check(conn: Connection) -> None:
        serial = lantern(conn)
        cast(conn, serial)
        at(conn, serial, 4)
        before = who(conn, serial, "Edda")
        assert (before.aliases, before.chapters) == ((), ((1, 2),))
        assert before.facts == ("Lights the lamp.",)
        with pytest.raises(NotFound):
            who(conn, serial, "the Owl")
        assert known(conn, serial) == ["Edda", "the narrator", "Tobias", "Tobias Quill"]
        assert who(conn, serial, "Tobias").together == ("Edda",)

        at(conn, serial, 5)
        after = who(conn, serial, "The owl")
        assert (after.name, after.aliases) == ("Edda", ("the Owl",))
        assert after.chapters == ((1, 3), (2, 4))
        assert "“I never sleep,” said the Owl to nobody in particular that night." in after.lines

    await database.write(check)


async def test_who_comes_later_is_answered_like_who_is_nowhere(database: Database) -> None:
    def check(conn: Connection) -> None:
        serial = lantern(conn)
        cast(conn, serial)
        at(conn, serial, 5)
        answers = set()
        for name in ("Ines", "the Butler", "Zebulon"):
            with pytest.raises(NotFound) as error:
                who(conn, serial, name)
            answers.add(str(error.value).replace(name, "…"))
        assert len(answers) == 1
        assert known(conn, serial, "i") == ["Tobias", "Tobias Quill"]  # not Ines
        assert known(conn, serial, "zeb") == []
        at(conn, serial, 6)
        assert known(conn, serial, "INES") == ["Ines"]
        assert who(conn, serial, "Ines").together == ("Edda",)

    await database.write(check)


async def test_at_the_start_only_what_is_known_from_the_start_is_there(database: Database) -> None:
    def check(conn: Connection) -> None:
        serial = lantern(conn, parts=2)
        cast(conn, serial)
        at(conn, serial, 0)
        assert known(conn, serial) == ["the narrator"]
        found = who(conn, serial, "the narrator")
        assert (found.first, found.chapters, found.lines, found.upto) == (None, (), (), None)

    await database.write(check)


async def test_names_are_found_in_parts_as_they_come_out(database: Database) -> None:
    serial = await database.write(lantern, 2)
    await database.write(cast, serial)
    await database.write(at, serial, None)
    for parts, chapters in ((2, ((1, 3),)), (4, ((1, 5), (2, 1)))):
        await database.write(days, parts - 2, NINE + 2 * DAY)
        await characters.look_for_names(database, serial)
        found = await database.read(characters.who, READER, serial, "Tobias")
        assert found is not None
        assert found.chapters == chapters
        await characters.look_for_names(database, serial)
        assert await database.read(characters.who, READER, serial, "Tobias") == found


async def test_two_who_look_at_once_count_nothing_twice(database: Database) -> None:
    def check(conn: Connection) -> None:
        serial = lantern(conn)
        (card,) = keep(conn, serial, Draft("Tobias"))
        seen = mentions.Mention(3, 0, 6)
        for _ in range(2):
            cards.note_searched(conn, [card.name], [[seen]], 9)
        assert cards.load(conn, serial.story.id)[0].name.mentions == (seen,)

    await database.write(check)


async def test_without_a_place_it_asks_and_without_cards_says_so(database: Database) -> None:
    """As it does where all of them come later."""

    def check(conn: Connection) -> None:
        serial = lantern(conn)
        assert characters.who(conn, READER, serial, "Edda") is None
        at(conn, serial, 1)
        for name in ("Edda", "Ines"):
            with pytest.raises(NotFound, match=NONE_YET):
                who(conn, serial, name)
            keep(conn, serial, Draft("Ines"))
            assert known(conn, serial) == []

    await database.write(check)


async def test_only_the_author_keeps_cards(database: Database) -> None:
    def check(conn: Connection) -> None:
        serial = lantern(conn)
        cast(conn, serial)
        card = cards.load(conn, serial.story.id)[0]
        name = (Kind.NAME, card.name.id)
        for actor in (Actor(READER), MODERATOR):
            here = (conn, actor, GUILD, serial.id)
            attempts: list[Callable[[], object]] = [
                partial(cards.mine, *here),
                partial(cards.text, *here),
                partial(keeping.keep, *here, [Draft("Ann")]),
                partial(keeping.change, *here, name, "X", None),
                partial(keeping.bind, *here, name, Bound(FROM_START)),
                partial(keeping.remove, *here, card.id),
            ]
            for attempt in attempts:
                with pytest.raises(NotAllowed):
                    attempt()
        with pytest.raises(NotFound):
            keeping.keep(conn, AUTHOR, ELSEWHERE, serial.id, [Draft("Ann")])

    await database.write(check)


async def test_what_is_kept_twice_is_kept_once(database: Database) -> None:
    def check(conn: Connection) -> None:
        serial = lantern(conn)
        cast(conn, serial)
        before = cards.load(conn, serial.story.id)
        cast(conn, serial)
        assert cards.load(conn, serial.story.id) == before
        (card,) = keep(conn, serial, Draft("EDDA", facts=(("Dies.", Bound(FROM_START)),)))
        assert card.name == before[0].name
        assert card.facts[2].known == Position(0, 0)

    await database.write(check)


@pytest.mark.parametrize(
    ("draft", "sentence"),
    [
        (Draft("…"), "no letter"),
        (Draft("x" * 61), "too long"),
        (Draft("Edda", facts=(("x" * 301, UNBOUND),)), "too long"),
        (Draft("Tobias", aliases=(("The owl", UNBOUND),)), "another character's"),
        (Draft("Ann", aliases=tuple((f"A{n}", UNBOUND) for n in range(MOST_ALIASES + 1))), "room"),
        (Draft("Ann", Bound(None, 1 << 30, 0)), "has changed"),
    ],
)
async def test_what_can_not_be_kept_changes_nothing(
    database: Database, draft: Draft, sentence: str
) -> None:
    serial = await database.write(lantern)
    await database.write(cast, serial)
    before = await database.read(cards.load, serial.story.id)
    with pytest.raises(UserError, match=sentence):
        await database.write(keep, serial, draft)
    assert await database.read(cards.load, serial.story.id) == before


async def test_things_are_changed_bound_and_taken_off(database: Database) -> None:
    def check(conn: Connection) -> None:
        serial = lantern(conn)
        cast(conn, serial)
        edda, tobias = cards.load(conn, serial.story.id)[:2]
        owl, dies = (Kind.NAME, edda.aliases[0].id), (Kind.FACT, edda.facts[2].id)

        def change(entry: cards.Entry, said: str, bound: Bound | None = None) -> Card:
            return keeping.change(conn, AUTHOR, GUILD, serial.id, entry, said, bound)

        assert change(owl, "the Nightjar").aliases[0].known == edda.aliases[0].known
        assert change(owl, "the Nightjar", UNBOUND).aliases[0].known is None
        assert change(dies, "Lives.").facts[2].text == "Lives."
        bound = keeping.bind(conn, AUTHOR, GUILD, serial.id, dies, Bound(FROM_START))
        assert bound.facts[2].known == Position(0, 0)
        assert len(change(dies, " ").facts) == 2
        with pytest.raises(NotFound):
            change(dies, "Again.")
        with pytest.raises(BadInput, match="needs a name"):
            change((Kind.NAME, tobias.name.id), "")
        with pytest.raises(Conflict, match="already"):
            change((Kind.NAME, tobias.name.id), "edda")
        keeping.remove(conn, AUTHOR, GUILD, serial.id, edda.id)
        assert "Edda" not in {card.name.text for card in cards.load(conn, serial.story.id)}

    await database.write(check)


async def test_another_storys_paragraph_is_no_place(database: Database) -> None:
    def check(conn: Connection) -> None:
        one, other = lantern(conn), lantern(conn)
        elsewhere = text(conn, other).bound("her sister")
        with pytest.raises(Conflict):
            keep(conn, one, Draft("Ines", elsewhere))

    await database.write(check)


async def test_what_was_bound_to_words_that_have_moved_is_found_again(database: Database) -> None:
    """A new version of what is not posted has paragraphs of its own."""
    serial = await database.write(lantern, 4)
    await database.write(cast, serial)

    def sister(conn: Connection) -> Fact:
        return cards.load(conn, serial.story.id)[0].facts[1]

    async def new_version(replaced: str) -> None:
        def replace_last(conn: Connection) -> None:
            last = stories.prose(conn, serial.story.id)[-2]
            row = conn.execute(select(paragraphs).where(paragraphs.c.id == last.id)).one()
            values = row._asdict() | {"id": last.id + 1000, "runs": [[replaced, 0]]}
            conn.execute(delete(paragraphs).where(paragraphs.c.id == last.id))
            conn.execute(insert(paragraphs).values(values))

        await database.write(replace_last)

    before = await database.read(sister)
    await new_version("New: her sister.")
    lost = await database.read(sister)
    assert (lost.known, lost.said) == (None, "her sister")
    await characters.bind_again(database, AUTHOR, GUILD, serial.id)
    found = await database.read(sister)
    assert before.known
    assert found.known == Position(before.known.ordinal, len("New: her sister"))

    await new_version("Nobody.")
    await characters.bind_again(database, AUTHOR, GUILD, serial.id)
    assert (await database.read(sister)).known is None


async def test_places_follow_corrected_words(database: Database) -> None:
    def check(conn: Connection) -> None:
        serial = lantern(conn)
        cast(conn, serial)
        look(conn, serial)
        before = cards.load(conn, serial.story.id)
        place = before[0].facts[0].known
        assert place is not None
        cards.follow(conn, serial.story.id, {place.ordinal: lambda offset: offset + 5})
        after = cards.load(conn, serial.story.id)
        assert after[0].facts[0].known == Position(place.ordinal, place.offset + 5)
        assert after[0].facts[1:] == before[0].facts[1:]
        look(conn, serial)
        assert cards.load(conn, serial.story.id)[1].name == before[1].name

    await database.write(check)


async def test_proposals_become_cards_with_their_short_forms(database: Database) -> None:
    def check(conn: Connection) -> None:
        serial = lantern(conn)
        whole = text(conn, serial)
        proposed = [one.name for one in proposing.proposals(whole, [])]
        assert proposed[0] == "Tobias"
        assert {"Edda", "the Owl", "Ines"} <= set(proposed)
        drafts = proposing.accepted(whole, [], ["Tobias", "Ines"])
        tobias, ines = sorted(keep(conn, serial, *drafts), key=lambda card: -len(card.aliases))
        (quill,) = tobias.aliases
        assert (quill.text, quill.known and whole.part(quill.known)) == ("Tobias Quill", 3)
        assert ines.aliases == ()
        left = proposing.proposals(whole, cards.load(conn, serial.story.id))
        assert not {"Tobias", "Ines"} & {one.name for one in left}

    await database.write(check)


# ---- what a reader is told of the whole story is what they are told of one that ends there

WORDS = ["Edda", "Tobias", "the Owl", "Tobias Quill", "Ines", "Wilhelmina", "the narrator"]


@cache
def whole() -> tuple[bytes, Serial]:
    with in_memory() as conn:
        serial = lantern(conn)
        return kept(conn), serial


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
    first = text(conn, serial).first
    found = set()
    for card in cards.load(conn, serial.story.id):
        for thing in card.things:
            known = {thing.known, first(thing.text) if thing is card.name else None}
            if not any(place is not None and place <= end for place in known):
                found.add(thing.text)
    return found


def shown(answers: dict[str, object]) -> Iterator[str]:
    for answer in answers.values():
        if isinstance(answer, Who):
            yield from (answer.name, *answer.aliases, *answer.facts, *answer.together)
        elif isinstance(answer, list):
            yield from answer
