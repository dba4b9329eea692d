"""Rules about any reader of any serial: their walk is made up, and what they see is checked."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.companion import service as companion
from bot.errors import UserError
from bot.serials import pages
from bot.serials.records import Serial
from tests.bot.memory import in_memory, kept
from tests.bot.serials.making import DAY, GUILD, NINE, NOW, READER, active, days, draft

STEPS = st.one_of(
    st.tuples(st.just("post"), st.just(0)),
    st.tuples(st.just("read"), st.integers(1, 8)),
    st.tuples(st.just("turn"), st.integers(0, 9)),
    st.tuples(st.just("place"), st.none() | st.integers(0, 8)),
    st.tuples(st.just("open"), st.just(0)),
)


@cache
def begun() -> tuple[bytes, Serial]:
    """A database with a serial of which nothing is out."""
    with in_memory() as conn:
        serial = active(conn, draft("oil", "wick", "flame", words=400, length=250))
        return kept(conn), serial


@contextmanager
def copy() -> Iterator[tuple[Connection, Serial]]:
    data, serial = begun()
    with in_memory(data) as conn:
        yield conn, serial


@given(st.lists(STEPS, max_size=12))
def test_no_walk_leads_past_what_is_published(walk: list[tuple[str, int | None]]) -> None:
    with copy() as (conn, serial):
        story = serial.story.id
        day = 0
        for what, number in walk:
            before = companion.reached(conn, READER, serial.id, story)
            try:
                match what:
                    case "post":
                        days(conn, 1, NINE + day * DAY)
                        day += 1
                    case "read":
                        part = pages.numbered(conn, serial.id, number or 0)
                        companion.mark_read(conn, READER, GUILD, part.id if part else 0, NOW)
                    case "turn":
                        companion.turn_to(conn, READER, GUILD, serial.id, number or 0, 0, NOW)
                    case "place":
                        companion.set_place(conn, READER, serial.id, story, number, NOW)
                    case "open":
                        opened = companion.open_page(conn, READER, serial.id, story, NOW)
                        assert opened.page is None or opened.page.part.published
            except UserError:
                pass
            out = pages.last_published(conn, serial.id)
            come = companion.reached(conn, READER, serial.id, story)
            assert come <= out
            assert come >= before or what == "place"
            for chapter in companion.contents(conn, READER, serial.id, story):
                assert chapter.title is None or chapter.first_part <= come
