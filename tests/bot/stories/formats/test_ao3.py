import time

from bot.stories.formats import read
from bot.stories.formats.ao3 import parse_ao3
from bot.stories.markup import markdown
from bot.stories.model import Kind, Rating, Shown
from tests.bot.stories.fixtures import ao3
from tests.bot.stories.formats.making import ao3_epub, xhtml

WORK = read("work.html", ao3.html().encode())


def test_what_a_work_says_of_itself() -> None:
    assert (WORK.title, WORK.author) == (ao3.TITLE, "wick, quill")
    assert [block.text for block in WORK.front] == [
        "Source: https://archiveofourown.org/works/7654321",
        "Rating: Teen And Up Audiences",
        "Archive Warning: No Archive Warnings Apply",
        "Fandoms: Harbour Lights (Radio), Original Work",
        "Characters: Edda Vane, Tomas Quill",
        "Language: English",
        "Stats: Published: 2024-03-01 Completed: 2024-04-05 Words: 512 Chapters: 3/3",
        "Summary: Edda keeps the lamp.\n\nSomebody keeps putting it out.",
        "Notes: For Ann, who asked.",
        "Inspired by Tides by anemone",
    ]
    assert WORK.warnings == ()
    assert WORK.rating is Rating.TEEN
    kinds = [block.kind for block in WORK.front]
    assert kinds == [*[Kind.LABEL] * 2, Kind.WARNING, *[Kind.LABEL] * 4, *[Kind.NOTE] * 3]
    shown = [block.shown for block in WORK.front]
    assert shown == [*[Shown.DROP] * 7, *[Shown.KEEP] * 3]  # tags spoil


def test_its_chapters_and_their_notes() -> None:
    assert [chapter.title for chapter in WORK.chapters] == [
        "Chapter 1: The Third Step",
        "Chapter 2",
        "Chapter 3: Asked",
    ]
    notes = [
        [block.text for block in chapter.blocks if block.shown is Shown.POST]
        for chapter in WORK.chapters
    ]
    assert notes == [
        [
            "Chapter Summary: A line of salt.",
            "Chapter Notes: Content note: storms.",
            "Chapter End Notes: Salt keeps.",
        ],
        [],
        ["Chapter by quill", "End Notes: Thank you, all of you."],
    ]
    assert WORK.chapters[0].blocks[2].kind is Kind.WARNING


def test_its_text_is_formatted_and_a_heading_in_it_begins_no_chapter() -> None:
    prose = [
        markdown(block.runs)
        for block in WORK.chapters[0].blocks
        if block.kind in (Kind.PROSE, Kind.BREAK)
    ]
    assert prose[1] == "“You’re late,” said the dark.\n“You’re **early**,” said Edda."
    assert "only **" in prose[2]
    assert "~~white~~" in prose[2]
    assert prose[4] == "**Later**"
    assert sum(block.kind is Kind.BREAK for block in WORK.blocks) == 2


def test_a_one_shot_is_one_chapter() -> None:
    (chapter,) = read("work.html", ao3.html(chapters=False).encode()).chapters
    assert chapter.title == ao3.TITLE
    assert chapter.blocks[-1].text == "End Notes: Thank you, all of you."


def test_its_epub_is_the_same() -> None:
    assert read("work.epub", ao3_epub()) == WORK


def test_chapters_within_chapters_are_read_once() -> None:
    nested = '<div id="chapters"><p>It was late.</p>' * 500 + "</div>" * 500
    started = time.process_time()
    work = parse_ao3([f"<body><div id='preface'><h1>The Lantern</h1></div>{nested}</body>"])
    assert work is not None
    assert work.words == 1500
    assert time.process_time() - started < 2


def test_what_only_looks_like_a_work_is_none() -> None:
    assert parse_ao3([xhtml("<div id='chapters'><p>It was late.</p></div>")]) is None
    assert parse_ao3([xhtml("<div id='preface'><h1>The Lantern</h1></div>")]) is None
    assert parse_ao3([]) is None
