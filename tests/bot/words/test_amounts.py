from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadInput
from bot.words.amounts import MOST, Amount, Sign, Unit, parse, parse_number, parse_total


@pytest.mark.parametrize(
    ("typed", "sign", "number"),
    [
        ("350", Sign.BARE, 350),
        (" 350 ", Sign.BARE, 350),
        ("0", Sign.BARE, 0),
        ("+350", Sign.MORE, 350),
        ("+ 350", Sign.MORE, 350),
        ("350 new", Sign.MORE, 350),
        ("350 NEW words", Sign.MORE, 350),
        ("+350 new", Sign.MORE, 350),
        ("-40", Sign.LESS, 40),
        ("−40", Sign.LESS, 40),  # the minus sign
        ("–40", Sign.LESS, 40),  # a dash, as telephones like to make of it
        ("=12350", Sign.TOTAL, 12350),
        ("= 12,350", Sign.TOTAL, 12350),
        ("12,350", Sign.BARE, 12350),
        ("12.350", Sign.BARE, 12350),
        ("12 350", Sign.BARE, 12350),
        ("12\u202f350", Sign.BARE, 12350),
        ("12'350", Sign.BARE, 12350),
        ("12’350", Sign.BARE, 12350),
        ("1,234,567", Sign.BARE, 1234567),
        ("1.5k", Sign.BARE, 1500),
        ("1,5k", Sign.BARE, 1500),
        ("2K", Sign.BARE, 2000),
        ("=12k", Sign.TOTAL, 12000),
        ("350 words", Sign.BARE, 350),
        ("350w", Sign.BARE, 350),
        ("３５０", Sign.BARE, 350),
        ("007", Sign.BARE, 7),
        ("10000000", Sign.BARE, MOST),
    ],
)
def test_what_people_type_is_understood(typed: str, sign: Sign, number: int) -> None:
    assert parse(typed) == Amount(sign, number)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "lots", "3.5", "12,34", "1,2345", "--5", "+-5", "-350 new", "=350 new", "350 pages",
     "1e5", "0x10", "350 35", "k", "+", "³⁄₄", "1,500k", "1.500k", "1 500k", "5 parsecs"],
)  # fmt: skip
def test_what_is_no_amount_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(BadInput, match="not an amount"):
        parse(typed)


@pytest.mark.parametrize(
    ("typed", "unit", "amount"),
    [
        ("20 minutes", Unit.MINUTES, Amount(Sign.BARE, 20)),
        ("+20 min", Unit.MINUTES, Amount(Sign.MORE, 20)),
        ("20", Unit.MINUTES, Amount(Sign.BARE, 20)),
        ("1 hour", Unit.MINUTES, Amount(Sign.BARE, 60)),
        ("1.5 hours", Unit.MINUTES, Amount(Sign.BARE, 90)),
        ("-2h", Unit.MINUTES, Amount(Sign.LESS, 120)),
        ("1h30", Unit.MINUTES, Amount(Sign.BARE, 90)),
        ("=1 hour and 5 minutes", Unit.MINUTES, Amount(Sign.TOTAL, 65)),
        ("5 Pages", Unit.PAGES, Amount(Sign.BARE, 5)),
        ("1 scene new", Unit.SCENES, Amount(Sign.MORE, 1)),
        ("1.25k lines", Unit.LINES, Amount(Sign.BARE, 1250)),
    ],
)
def test_the_unit_may_be_said_with_the_amount(typed: str, unit: Unit, amount: Amount) -> None:
    assert parse(typed, unit) == amount


@pytest.mark.parametrize(
    ("typed", "unit", "says"),
    [
        ("20 minutes", Unit.WORDS, "Write 20 alone and choose minutes as `unit`"),
        ("2 hours", Unit.WORDS, "Write 120 alone and choose minutes as `unit`"),
        ("5 pages", Unit.MINUTES, "Write 5 alone and choose pages as `unit`"),
        ("350 words", Unit.PAGES, "Write 350 alone and choose words as `unit`"),
    ],
)
def test_another_unit_is_pointed_to(typed: str, unit: Unit, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        parse(typed, unit)


@pytest.mark.parametrize("typed", ["+350", "-350", "=350", "lots", "350 new"])
def test_a_plain_number_is_not_asked_for_with_a_sign(typed: str) -> None:
    with pytest.raises(BadInput, match="Write a plain number, like 50000 or 50k") as raised:
        parse_number(typed)
    assert "+350," not in str(raised.value)
    assert parse_number("50k") == 50_000


@pytest.mark.parametrize("typed", ["+350", "-350", "lots", "350 new"])
def test_a_running_total_is_the_whole_count(typed: str) -> None:
    with pytest.raises(BadInput, match="Write the whole count, like 12350"):
        parse_total(typed)
    assert parse_total("=12350") == parse_total("12,350") == 12_350


@pytest.mark.parametrize(
    "typed", ["10000001", "9" * 5000, "10001k", "9" * 400 + "k", "=99,999,999"]
)
def test_a_digit_too_many_is_questioned(typed: str) -> None:
    with pytest.raises(BadInput, match="a digit too many"):
        parse(typed)


@given(st.sampled_from(list(Sign)), st.integers(0, MOST), st.sampled_from(["", ",", "_"]))
def test_every_number_is_read_as_it_is_written(sign: Sign, number: int, separator: str) -> None:
    written = f"{number:,}".replace(",", separator)
    assert parse(f"{sign}{written}") == Amount(sign, number)


@given(st.text(max_size=12) | st.from_regex(r"[+=-]? ?[0-9]{1,4}[.,]?[0-9]{0,3} ?k?( new)?"))
def test_whatever_is_typed_is_an_amount_or_a_sentence(typed: str) -> None:
    with suppress(BadInput):
        assert 0 <= parse(typed).number <= MOST
