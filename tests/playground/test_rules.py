from typing import Any

import pytest

from playground import rules
from playground.schema import Schema
from tests.playground.conftest import OPENAPI

SEND = ("POST", "/channels/1/messages")
EDIT = ("PATCH", "/channels/1/messages/2")
FOLLOW = ("POST", "/webhooks/1/token")
ANSWER = ("POST", "/interactions/1/token/callback")
SYNC = ("PUT", "/applications/1/commands")


def command(**changes: Any) -> dict[str, Any]:
    return {"name": "read", "type": 1, "description": "Reads", "options": [], **changes}


def option(name: str = "part", **changes: Any) -> dict[str, Any]:
    return {"name": name, "type": 3, "description": "Which", **changes}


def button(**changes: Any) -> dict[str, Any]:
    return {"type": 2, "style": 1, "custom_id": "a", "label": "Go", **changes}


def row(*parts: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": 1, "components": list(parts)}]


def choices(count: int) -> list[dict[str, Any]]:
    return [{"name": str(n), "value": n} for n in range(count)]


GOOD = [
    (SEND, {"content": "x" * 2000}),
    (SEND, {"content": "😀" * 1000, "nonce": "n" * 25, "enforce_nonce": True}),
    (SEND, {"embeds": [{"title": "t", "fields": [{"name": "n", "value": "v"}]}]}),
    (EDIT, {"content": ""}),
    (
        FOLLOW,
        {"components": row(button(), button(custom_id="b", label=None, emoji={"name": "🔥"}))},
    ),
    (ANSWER, {"type": 4, "data": {"content": "x", "flags": 64}}),
    (ANSWER, {"type": 6}),
    (ANSWER, {"type": 8, "data": {"choices": choices(25)}}),
    (SYNC, [command(options=[option(), option("größe")])]),
    (SYNC, [command(options=[option(required=True), option("b")])]),
    (SYNC, [command(name="Read aloud", type=3, description="")]),
    (
        SYNC,
        [command(options=[option(type=2, options=[option("sub", type=1, options=[option("x")])])])],
    ),
]

BAD = [
    (SEND, {"content": "x" * 2001}, "over 2000"),
    (SEND, {"content": "😀" * 1001}, "over 2000"),
    (SEND, {"content": " "}, "empty message"),
    (SEND, {"content": "x", "colour": 1}, "no key colour"),
    (SEND, {"content": "x", "nonce": "n" * 26}, "nonce"),
    (SEND, {"content": "x", "enforce_nonce": True}, "needs a nonce"),
    (SEND, {"embeds": [{}]}, "empty embed"),
    (SEND, {"embeds": [{"title": "t" * 257}]}, "256"),
    (SEND, {"embeds": [{"description": "d" * 4097}]}, "4096"),
    (SEND, {"embeds": [{"description": "d" * 3001}] * 2}, "over 6000"),
    (SEND, {"embeds": [{"fields": [{"name": "", "value": "v"}]}]}, "field name"),
    (SEND, {"embeds": [{"title": "t", "color": 1 << 24}]}, "color"),
    (EDIT, {"embeds": [{"title": "t", "subtitle": "s"}]}, "no key subtitle"),
    (FOLLOW, {"components": row(button(label=None))}, "label or an emoji"),
    (FOLLOW, {"components": row({"type": 3, "custom_id": "a", "options": []})}, "fewer options"),
    (ANSWER, {"type": 4, "data": {"content": ""}}, "empty message"),
    (ANSWER, {"type": 7, "data": {"content": "x" * 2001}}, "over 2000"),
    (ANSWER, {"type": 8, "data": {"choices": choices(26)}}, "over 25"),
    (ANSWER, {"type": 8, "data": {"choices": [{"name": "n" * 101, "value": "v"}]}}, "100"),
    (ANSWER, {"type": 9, "data": {"title": "t" * 46, "custom_id": "m"}}, "45"),
    (SYNC, [command(name="Read")], "lower case"),
    (SYNC, [command(name="read on")], "not a name"),
    (SYNC, [command(name="r" * 33)], "not a name"),
    (SYNC, [command(description="")], "description"),
    (SYNC, [command(description="d" * 101)], "description"),
    (SYNC, [command(), command()], "different"),
    (SYNC, [command(name=f"c{n}") for n in range(101)], "over 100"),
    (SYNC, [command(options=[option(f"o{n}") for n in range(26)])], "over 25"),
    (SYNC, [command(options=[option(), option()])], "different"),
    (SYNC, [command(options=[option(), option("b", required=True)])], "after an optional"),
    (SYNC, [command(options=[option(), option("b", type=1)])], "mixes"),
    (SYNC, [command(options=[option(choices=choices(26))])], "over 25"),
    (SYNC, [command(options=[option(choices=choices(1), autocomplete=True)])], "completes"),
    (SYNC, [command(options=[option(type=4, min_value=2, max_value=1)])], "min_value"),
    (SYNC, [command(options=[option(type=2)])], "empty group"),
    (SYNC, [command(options=[option(type=2, options=[option()])])], "mixes"),
    (SYNC, [command(options=[option(type=1, options=[option(type=1)])])], "too deep"),
    (
        SYNC,
        [
            command(
                options=[
                    option(
                        f"o{n}",
                        description="d" * 100,
                        choices=[{"name": f"{i}" * 50, "value": "v" * 50} for i in range(4)],
                    )
                    for n in range(17)
                ]
            )
        ],
        "over 8000",
    ),
]


@pytest.mark.parametrize(("route", "body"), GOOD)
def test_what_discord_takes(route: tuple[str, str], body: Any) -> None:
    assert rules.complaints(*route, body, 0) == []


@pytest.mark.parametrize(("route", "body", "complaint"), BAD)
def test_what_discord_refuses(route: tuple[str, str], body: Any, complaint: str) -> None:
    assert complaint in "; ".join(rules.complaints(*route, body, 0))


def test_files_fill_a_message() -> None:
    assert rules.complaints(*SEND, {}, 10) == []
    assert rules.complaints(*SEND, {}, 11) == ["11 files, over 10"]


@pytest.fixture(scope="module")
def schema() -> Schema:
    if not OPENAPI.exists():
        pytest.skip("Discord's description of its API is not on this machine")
    return Schema(OPENAPI)


@pytest.mark.parametrize(("route", "body"), GOOD)
def test_the_description_agrees(schema: Schema, route: tuple[str, str], body: Any) -> None:
    assert schema.violations(*route, body) == []


@pytest.mark.parametrize(
    ("route", "body", "wrong"),
    [
        (SEND, {"content": 5}, "content"),
        (SEND, {"content": "x" * 4001}, "content"),
        (SYNC, [{"description": "no name"}], "name"),
        (SYNC, [command(options=[option(type=99)])], "options"),
        (("PATCH", "/webhooks/1/token/messages/@original"), {"embeds": [{"title": 5}]}, "embeds"),
    ],
)
def test_the_description_objects(
    schema: Schema, route: tuple[str, str], body: Any, wrong: str
) -> None:
    assert any(wrong in violation for violation in schema.violations(*route, body))


def test_ids_may_be_numbers_and_permissions_strings(schema: Schema) -> None:
    reference = {"content": "x", "message_reference": {"message_id": 5}}
    assert schema.violations(*SEND, reference) == []
    assert schema.violations(*SYNC, [command(default_member_permissions="32")]) == []


def test_calls_without_a_body_are_no_concern_of_the_description(schema: Schema) -> None:
    assert schema.violations("GET", "/users/@me", None) == []
    assert schema.violations("POST", "/no/such/route", {}) == []
