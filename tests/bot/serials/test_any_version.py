"""Any new version of any story, by whatever was posted of the old one."""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from bot.serials import updating
from bot.serials.excerpts import cut
from bot.serials.imports import Draft
from bot.serials.tables import serials
from bot.stories import markup
from bot.stories import service as stories
from bot.stories.model import Block, Chapter, Kind, Manuscript
from tests.bot.memory import in_memory
from tests.bot.serials.making import AUTHOR, DAY, GUILD, NINE, active, days
from tests.bot.serials.taking import change, ids, keep, texts
from tests.bot.serials.test_versions import BLOCKS, STORIES


@st.composite
def edited(draw: st.DrawFn, story: Manuscript) -> Manuscript:
    """Paragraphs and chapters put in, left out, exchanged and spelled otherwise."""
    chapters = []
    for chapter in story.chapters:
        blocks: list[Block] = []
        for block in chapter.blocks:
            done = draw(st.sampled_from(["keep"] * 6 + ["drop", "put in", "letter"]))
            if done == "put in":
                blocks += [block, draw(BLOCKS)]
            elif done == "letter" and block.kind is Kind.PROSE:
                run = block.runs[0]
                at = draw(st.integers(0, len(run.text) - 1))
                text = (
                    run.text[:at] + draw(st.sampled_from(["x", "", "so. So "])) + run.text[at + 1 :]
                )
                blocks.append(replace(block, runs=(replace(run, text=text), *block.runs[1:])))
            elif done != "drop":
                blocks.append(block)
        chapters.append(Chapter(chapter.title, tuple(blocks)))
    kept = [one for one in chapters if draw(st.integers(0, 6)) and one.words]
    more = draw(st.lists(STORIES, max_size=1))
    return replace(story, chapters=(*kept, *(one for other in more for one in other.chapters)))


@settings(max_examples=settings().max_examples // 2)
@given(STORIES, st.integers(0, 6), st.integers(3, 40), st.booleans(), st.data())
def test_any_version_of_any_story(
    story: Manuscript, out: int, words: int, correcting: bool, data: st.DataObject
) -> None:
    new = data.draw(edited(story) | STORIES)
    with in_memory() as conn:
        serial = active(conn, as_draft(story, words))
        conn.execute(update(serials).where(serials.c.id == serial.id).values(length=words))
        out = len(days(conn, out))
        before, known = texts(conn, serial), ids(conn, serial)[:out]
        old = stories.placed(conn, serial.story.id)
        version = keep(conn, serial, as_draft(new, words))
        found = change(conn, version, correcting=correcting)
        assert updating.take(conn, AUTHOR, GUILD, version, found)

        after, blocks = texts(conn, serial), stories.placed(conn, serial.story.id)
        assert ids(conn, serial)[:out] == known
        corrected = {one.ordinal: one.new for one in found.corrected}
        frozen = found.standing.border.ordinal + 1 if found.standing.border else 0
        assert exactly(one for _, _, one in blocks[:frozen]) == exactly(
            corrected.get(n, one) for n, _, one in old[:frozen]
        )
        tail = blocks[frozen:]
        assert exactly(one for _, _, one in tail) == exactly(
            new.blocks[len(new.blocks) - len(tail) :]
        )
        assert [n for n, _, _ in blocks] == list(range(len(blocks)))
        changed = {n for n, (a, b) in enumerate(zip(before[:out], after, strict=False)) if a != b}
        assert {known[n] for n in changed} <= set(found.edited)
        assert correcting or not found.edited
        assert all(after)
        assert letters("".join(after)) == letters(
            "".join(markup.markdown(r.runs) for _, _, r in blocks if r.kind is Kind.PROSE)
        )
        for chapter in stories.contents(conn, serial.story.id):
            first = next(n for n, whose, _ in blocks if whose == chapter.id)
            assert first == chapter.first
            assert chapter.words == sum(
                one.words
                for _, whose, one in blocks
                if whose == chapter.id and one.kind is Kind.PROSE
            )
        assert len(days(conn, 80, NINE + 100 * DAY)) == len(after) - out


def as_draft(story: Manuscript, words: int) -> Draft:
    return Draft(
        "T",
        story,
        tuple(tuple(cut(chapter.blocks, words)) for chapter in story.chapters),
        tuple(chapter.words for chapter in story.chapters),
        tuple(block.terms for block in story.blocks),
    )


def exactly(blocks: Iterable[Block]) -> list[object]:
    return [(block.kind, block.runs) for block in blocks]


def letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())
