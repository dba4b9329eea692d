"""Stories as they are pasted from LiveJournal and FanFiction.net, with what stands around them."""

import pytest

from bot.stories.formats import read
from bot.stories.model import Kind, Manuscript, Rating, Shown

P1 = (
    "The road to the salt pans runs behind the chapel, and nobody takes it who can help it. Edda "
    "took it because it was the long way, and because Tomas had taken the short one."
)
P2 = (
    "“You could have waited,” she told the hedge. The hedge, which had waited since the old king’s "
    "time, said nothing. A gate banged somewhere below, and then banged again."
)
P3 = (
    "By the time she reached the pans the light had gone the colour of weak tea. He was sitting on "
    "the sluice with his boots off, as if he had been there for a week."
)
P4 = (
    "“I went the short way,” said Tomas. “It was longer.” And he moved over, so that there was "
    "room on the sluice for two."
)
THERE, BACK = [P1, P2], [P3, P4]
LONG, SHORT = f"{P1}\n\n{P2}\n", f"{P3}\n\n{P4}\n"
ALL_OF_IT = [(None, [*THERE, *BACK])]
WORDS = 123  # in all of it

JOURNAL = f"""Title: The Salt Road
Author: [info]quillfeather
Fandom: Harbour Lights
Pairing/Characters: Edda/Tomas, the hedge
Rating: PG-13
Word Count: ~120
Warnings: hedges
Spoilers: up to 2x07
Disclaimer: They belong to the BBC; I only walk them home.
Summary: Edda walks home
the long way.
Beta: the lovely reedling
Author's Notes: Written for the 2009 ficathon. Thank you for the prompt!

( Read more... )

{LONG}
-x-x-

{SHORT}
Feedback is love!
"""

CUT = f"""**Title:** The Salt Road (1/2)
**Author:** <lj user="quillfeather">
**Rating:** R

**Disclaimer:** Not mine.

**A/N:** For reedling, who asked for hedges.

<lj-cut text="The long way home">
{LONG}
<center>* * *</center>

{SHORT}
</lj-cut>
"""

ENTRY = f"""<b>Title:</b> The Salt Road<br />
<b>Author:</b> <lj user="quillfeather"><br />
<b>Rating:</b> PG<br />
<b>Summary:</b> Edda walks home the long way.<br />
<br />
<lj-cut text="The long way home">{P1}<br /><br />{P2}<br /><br />
<center>***</center><br />
{P3}<br /><br />{P4}</lj-cut>
"""

COPIED = f"""Story: The Salt Road
Chapter: 3. The Long Way
By: quillfeather

A/N: Sorry for the wait, exams! Thanks to everyone who reviewed chapter two.

Disclaimer: I do not own Harbour Lights.

{LONG}
-x-x-x-

{SHORT}
A/N: Well? Review please!
"""

PAGE = f"""The Salt Road
By: quillfeather
Edda walks home the long way. T for hedges.
Rated: Fiction T - English - Drama/Romance - Edda V., Tomas Q. - Chapters: 3 - Words: 120 - id: 7

{LONG}
xxx

{SHORT}
"""

SEVERAL = f"""                    THE SALT ROAD
                  by quillfeather

Disclaimer: I own nothing but the hedge.

Chapter 1: The Long Way

A/N: First fic, be kind!

{LONG}
                      *  *  *

{SHORT}
Please R&R! Flames will be used to toast marshmallows.

Chapter 2: The Short Way

A/N: Wow, twelve reviews!!

{SHORT}
**************************

{LONG}
To be continued...

A/N: Reviews make me write faster. Next chapter on Sunday.
"""

DOWNLOADED = f"""Story: The Salt Road
Storylink: https://www.fanfiction.net/s/7/1/
Category: Harbour Lights
Genre: Drama/Romance
Author: quillfeather
Authorlink: https://www.fanfiction.net/u/8/
Last updated: 01/03/2011
Words: 120
Rating: M
Status: Complete
Content: Chapter 1 to 2 of 2 chapters
Source: FanFiction.net

Summary: Edda walks home the long way.

*Chapter 1*: The Long Way

{LONG}
*Chapter 2*: The Short Way

{SHORT}
"""


PASTES = {
    "journal.txt": JOURNAL,
    "cut.txt": CUT,
    "cut.md": CUT,
    "entry.html": ENTRY,
    "copied.txt": COPIED,
    "page.txt": PAGE,
    "several.txt": SEVERAL,
    "downloaded.txt": DOWNLOADED,
}


def chapters(manuscript: Manuscript) -> list[tuple[str | None, list[str]]]:
    return [
        (chapter.title, [block.text for block in chapter.blocks if block.kind is Kind.PROSE])
        for chapter in manuscript.chapters
    ]


@pytest.mark.parametrize(
    ("name", "title", "rating", "expected"),
    [
        ("journal.txt", "The Salt Road", Rating.TEEN, ALL_OF_IT),
        ("cut.txt", "The Salt Road (1/2)", Rating.MATURE, ALL_OF_IT),
        ("cut.md", "The Salt Road (1/2)", Rating.MATURE, ALL_OF_IT),
        ("entry.html", "The Salt Road", Rating.GENERAL, ALL_OF_IT),
        ("copied.txt", "The Salt Road", None, [("Chapter: 3. The Long Way", [*THERE, *BACK])]),
        ("page.txt", "The Salt Road", Rating.TEEN, ALL_OF_IT),
        (
            "several.txt",
            "THE SALT ROAD",
            None,
            [
                ("Chapter 1: The Long Way", [*THERE, *BACK]),
                ("Chapter 2: The Short Way", [*BACK, *THERE, "To be continued..."]),
            ],
        ),
        (
            "downloaded.txt",
            "The Salt Road",
            Rating.MATURE,
            [("Chapter 1: The Long Way", THERE), ("Chapter 2: The Short Way", BACK)],
        ),
    ],
)
def test_a_paste(
    name: str,
    title: str,
    rating: Rating | None,
    expected: list[tuple[str | None, list[str]]],
) -> None:
    paste = PASTES[name]
    found = read(name, paste.encode())
    assert (found.title, found.author, found.rating) == (title, "quillfeather", rating)
    assert chapters(found) == expected
    assert found.words == (2 * WORDS + 3 if paste is SEVERAL else WORDS)
    if not name.endswith(".html"):
        assert "".join(block.source for block in found.blocks) == paste


def notes(paste: str, shown: Shown) -> list[str]:
    return [block.text for block in read("a.txt", paste.encode()).blocks if block.shown is shown]


def test_what_is_done_with_its_notes() -> None:
    assert notes(JOURNAL, Shown.POST) == ["Warnings: hedges", "Feedback is love!"]
    assert notes(JOURNAL, Shown.KEEP) == [
        "Disclaimer: They belong to the BBC; I only walk them home.",
        "Summary: Edda walks home the long way.",
        "Author's Notes: Written for the 2009 ficathon. Thank you for the prompt!",
    ]
    assert len(notes(JOURNAL, Shown.DROP)) == 8
    assert notes(COPIED, Shown.POST) == [
        "A/N: Sorry for the wait, exams! Thanks to everyone who reviewed chapter two.",
        "Disclaimer: I do not own Harbour Lights.",
        "A/N: Well? Review please!",
    ]
    assert notes(SEVERAL, Shown.POST) == [
        "A/N: First fic, be kind!",
        "Please R&R! Flames will be used to toast marshmallows.",
        "A/N: Wow, twelve reviews!!",
        "A/N: Reviews make me write faster. Next chapter on Sunday.",
    ]
    assert "Edda walks home the long way. T for hedges." in notes(PAGE, Shown.KEEP)


@pytest.mark.parametrize(
    ("end", "is_note"),
    [
        ("Review please!", True),
        ("Please, please review!!", True),
        ("R&R", True),
        ("Reviews are love.", True),
        ("Comments are always welcome, flames are not.", True),
        ("He never read the review.", False),
        ("“Please comment,” said the judge.", False),
        ("The reviews were worse than the play.", False),
        ("To be continued...", False),
    ],
)
def test_an_end_that_asks_for_reviews_is_no_story(end: str, is_note: bool) -> None:
    found = read("a.txt", f"{LONG}\n{end}\n".encode())
    assert (found.blocks[-1].kind is Kind.NOTE) == is_note
    assert bool(found.warnings) == is_note


def test_what_may_be_a_label_is_one_beside_others() -> None:
    log = "Length: forty fathoms, and no bottom."
    assert chapters(read("a.txt", f"{log}\n\n{LONG}".encode())) == [(None, [log, *THERE])]
    assert chapters(read("a.txt", f"Title: Salt\n{log}\n\n{LONG}".encode())) == [(None, THERE)]


def test_a_title_above_a_chapters_heading() -> None:
    found = read("a.txt", f"The Salt Road\nChapter 3 - The Long Way\n\n{LONG}".encode())
    assert found.title == "The Salt Road"
    assert chapters(found) == [("Chapter 3 - The Long Way", THERE)]
