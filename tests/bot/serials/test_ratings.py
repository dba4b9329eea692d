"""Whom a story suits, and where that lets it be posted."""

import pytest
from sqlalchemy import Connection

from bot.db.engine import Database
from bot.delivery import service as outbox
from bot.errors import Conflict, NotAllowed
from bot.people import service as people
from bot.serials import posting, ratings, records
from bot.serials.imports import prepare
from bot.serials.ratings import UNRESTRICTED
from bot.serials.records import Actor, Serial, State
from bot.stories.model import Rating
from tests.bot.serials.making import (
    AUTHOR,
    GUILD,
    MARA,
    MODERATOR,
    NINE,
    NOW,
    READER,
    STORIES,
    active,
    add,
    days,
    ready,
    turn,
)


def rate(conn: Connection, actor: Actor, serial: Serial, rating: Rating) -> Serial:
    return ratings.rate(conn, actor, GUILD, serial.id, rating, set(), NOW)


async def test_a_story_suits_teenagers_unless_its_file_says_otherwise(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        assert ready(conn).story.rating is Rating.TEEN
        read = prepare(
            "story.txt", b"Title: Oil\nRating: NC-17\n\nThe lamp was out, and it was late."
        )
        assert add(conn, read).story.rating is Rating.EXPLICIT

    await database.write(use_case)


async def test_moderators_raise_a_rating_and_authors_stay_above(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        serial = ready(conn)
        assert rate(conn, AUTHOR, serial, Rating.GENERAL).story.rating is Rating.GENERAL
        assert rate(conn, MODERATOR, serial, Rating.MATURE).story.rating is Rating.MATURE
        with pytest.raises(Conflict, match="raise a rating"):
            rate(conn, MODERATOR, serial, Rating.TEEN)
        with pytest.raises(NotAllowed, match="have rated “The Lantern” mature"):
            rate(conn, AUTHOR, serial, Rating.TEEN)
        with pytest.raises(NotAllowed):
            rate(conn, Actor(READER), serial, Rating.EXPLICIT)
        assert rate(conn, AUTHOR, serial, Rating.EXPLICIT).story.rating is Rating.EXPLICIT
        assert rate(conn, AUTHOR, serial, Rating.MATURE).story.rating is Rating.MATURE

    await database.write(use_case)


@pytest.mark.parametrize("wanted", Rating)
@pytest.mark.parametrize("said", Rating)
async def test_a_moderator_never_lowers_what_an_author_said(
    database: Database, said: Rating, wanted: Rating
) -> None:
    def use_case(conn: Connection) -> None:
        serial = ready(conn)
        rate(conn, AUTHOR, serial, said)
        if list(Rating).index(wanted) < list(Rating).index(said):
            with pytest.raises(Conflict, match="only its author may lower it"):
                rate(conn, MODERATOR, serial, wanted)
            assert records.get(conn, GUILD, serial.id).story.rating is said
        else:
            assert rate(conn, MODERATOR, serial, wanted).story.rating is wanted

    await database.write(use_case)


async def test_what_is_for_adults_is_paused_where_everyone_reads(database: Database) -> None:
    def use_case(conn: Connection) -> None:
        people.person_id(conn, MARA, NOW)
        people.set_dm_channel(conn, MARA.discord_id, 77)
        serial = active(conn)
        assert ratings.exposed(conn, GUILD, {STORIES}) == []
        days(conn, 1)
        rate(conn, MODERATOR, serial, Rating.EXPLICIT)
        assert records.get(conn, GUILD, serial.id).state is State.ACTIVE  # it is restricted
        turn(conn, NINE + 86_400_000)
        assert posting.promised(conn, serial.id)
        ratings.pause_exposed(conn, GUILD, {STORIES}, NINE)
        paused = records.get(conn, GUILD, serial.id)
        assert (paused.state, paused.trouble) == (State.PAUSED, UNRESTRICTED)
        assert posting.promised(conn, serial.id) is None
        (told,) = outbox.messages(conn, posting.EXPOSED, serial.id)
        assert told.channel_id == 77
        ratings.pause_exposed(conn, GUILD, {STORIES}, NINE)
        assert len(outbox.messages(conn, posting.EXPOSED, serial.id)) == 1

    await database.write(use_case)


@pytest.mark.parametrize("rating", Rating)
async def test_text_for_adults_is_shown_in_restricted_channels_alone(
    database: Database, rating: Rating
) -> None:
    def use_case(conn: Connection) -> None:
        story = rate(conn, AUTHOR, ready(conn), rating).story
        ratings.check(story, restricted=True)
        assert ratings.may_show(story, restricted=False) is (not rating.for_adults)
        if rating.for_adults:
            with pytest.raises(NotAllowed, match=f"is rated {rating}"):
                ratings.check(story, restricted=False)

    await database.write(use_case)
