"""Characters, stored and as readers know them."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import Connection, delete, insert, select

from bot.companion import cards, characters, keeping, mentions, proposing
from bot.companion import service as companion
from bot.companion.binding import FROM_START, UNBOUND, Bound
from bot.companion.cards import Kind
from bot.companion.characters import NONE_YET
from bot.companion.keeping import MOST_ALIASES, Draft
from bot.companion.known import Card, Fact
from bot.db.engine import Database
from bot.errors import BadInput, Conflict, NotAllowed, NotFound, UserError
from bot.serials.records import Actor, Serial
from bot.stories import service as stories
from bot.stories.model import Position
from bot.stories.tables import paragraphs
from tests.bot.companion.casting import cast, keep, known, lantern, look, text, who
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
)


def at(conn: Connection, serial: Serial, part: int | None) -> None:
    companion.set_place(conn, READER, serial.id, serial.story.id, part, NOW)


ONE, TWO = "Chapter 1: Oil", "Chapter 2: Wick"


async def test_a_reader_is_told_what_they_have_read(database: Database) -> None:
    def check(conn: Connection) -> None:
        serial = lantern(conn)
        cast(conn, serial)
        at(conn, serial, 3)
        found = who(conn, serial, "tobias")
        assert (found.name, found.aliases) == ("Tobias", ("Tobias Quill",))
        assert found.chapters == ((ONE, 5),)
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
        assert found.chapters == ((ONE, 5), (TWO, 2))

    await database.write(check)


async def test_an_alias_joins_nothing_before_it_may_be_known(database: Database) -> None:
    def check(conn: Connection) -> None:
        serial = lantern(conn)
        cast(conn, serial)
        at(conn, serial, 4)
        before = who(conn, serial, "Edda")
        assert (before.aliases, before.chapters) == ((), ((ONE, 2),))
        assert before.facts == ("Lights the lamp.",)
        with pytest.raises(NotFound):
            who(conn, serial, "the Owl")
        assert known(conn, serial) == ["Edda", "the narrator", "Tobias", "Tobias Quill"]
        assert who(conn, serial, "Tobias").together == ("Edda",)

        at(conn, serial, 5)
        after = who(conn, serial, "The owl")
        assert (after.name, after.aliases) == ("Edda", ("the Owl",))
        assert after.chapters == ((ONE, 3), (TWO, 4))
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
    for parts, chapters in ((2, ((ONE, 3),)), (4, ((ONE, 5), (TWO, 1)))):
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
