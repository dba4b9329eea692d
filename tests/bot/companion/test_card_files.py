import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.companion.binding import FROM_START, UNBOUND, Bound, Text
from bot.companion.card_files import EXAMPLE, Read, read
from bot.companion.keeping import Draft
from bot.errors import BadFile
from bot.stories.service import Paragraph
from tests.conftest import ROOT

TEXT = Text([Paragraph(11, 1, "So Edda is the Owl, he thought.")], [])


def test_a_file_is_read_with_what_it_binds() -> None:
    file = """\
- name: Edda
  aliases:
    - the Lamp
    - name: the Owl
      from: Edda is the Owl
  facts:
    - text: "Keeps: the lighthouse"
      from: start
    - {text: Has a cat., from: nowhere to be found}
- No
"""
    found = read(file.encode(), TEXT)
    assert found.drafts == [
        Draft(
            "Edda",
            aliases=(("the Lamp", UNBOUND), ("the Owl", Bound("Edda is the Owl", 11, 18))),
            facts=(("Keeps: the lighthouse", Bound(FROM_START)), ("Has a cat.", UNBOUND)),
        ),
        Draft("No"),
    ]
    assert len(found.unfound) == 1
    assert "nowhere to be found" in found.unfound[0]


def test_the_example_that_a_bad_file_is_answered_with_is_a_good_one_and_the_guides() -> None:
    (draft,) = read(EXAMPLE.encode(), TEXT).drafts
    assert draft.name == "Edda"
    assert EXAMPLE in (ROOT / "docs" / "commands.md").read_text()


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (b"", "not a file of characters"),
        (b"name: Edda", "not a file of characters"),
        (b"- name: [Edda]", "not a file of characters"),
        (b"- alias: Edda", "not a file of characters"),
        (b"- name: Edda\n  facts: {text: x}", "not a file of characters"),
        (b"- name: Edda\n  facts:\n    - {text: x, form: start}", "not a file of characters"),
        (b"- name: a: b", "not YAML: mapping values are not allowed here in line 1"),
        (b"- 'open", "not YAML: found unexpected end"),
        (b"\xff\xfe", "not text in UTF-8"),
        (b"- a\n" * 101, "room for 100"),
        (b"- &a x\n- *a", "references"),
        (b"a: &a {x: y}\nb: {<<: *a}", "references"),
        (b"[" * 49_000, "not a file of characters"),
        (b"- !!python/object/apply:os.system ['true']", "not a file of characters"),
        (b"\0", "not a file of characters"),
    ],
)
def test_a_bad_file_gets_a_sentence(file: bytes, sentence: str) -> None:
    with pytest.raises(BadFile, match=re.escape(sentence)):
        read(file, TEXT)


@given(st.binary(max_size=200) | st.text("-:{}[]&*!'\"\n nameto", max_size=200).map(str.encode))
def test_any_file_is_characters_or_a_sentence(file: bytes) -> None:
    with suppress(BadFile):
        assert isinstance(read(file, TEXT), Read)
