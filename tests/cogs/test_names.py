"""Whatever people are called, it stays their name and does nothing to what stands around it."""

import pytest

from cogs.ui.names import called, listing


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Mara", "Mara"),
        ("さくら 🌸", "さくら 🌸"),
        ("*Ink*_&_`Quill`", r"\*Ink\*\_&\_\`Quill\`"),
        ("نور", "\u2068نور\u2069"),
        ("שׁ and Sons", "\u2068שׁ and Sons\u2069"),
        ("\u202eDrawkcab\u2067", "Drawkcab"),
        ("\u202e", "a writer"),
        (None, "a writer"),
    ],
)
def test_a_name(name: str | None, shown: str) -> None:
    assert called(name) == shown


@pytest.mark.parametrize(
    ("room", "shown"),
    [
        (18, "Mara, Tobias, Ines"),
        (17, "Mara and 2 more"),
        (15, "Mara and 2 more"),
        (14, "3 writers"),
    ],
)
def test_as_many_as_there_is_room_for(room: int, shown: str) -> None:
    assert listing(["Mara", "Tobias", "Ines"], room) == shown


def test_however_many_there_are_they_keep_to_their_room() -> None:
    said = listing(["A"] * 1_000, 100)
    assert said.endswith("A, A and 971 more")
    assert len(said) <= 100
