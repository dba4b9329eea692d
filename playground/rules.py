"""What Discord refuses and the simulation would let pass; we are rather too strict than too lax."""

import re
from collections.abc import Iterator
from typing import Any

from playground.world import Json

MESSAGE_KEYS = (
    "content nonce enforce_nonce tts embed embeds allowed_mentions message_reference components"
    " sticker_ids attachments flags poll username avatar_url"
)
EMBED_PARTS = "title description timestamp footer image thumbnail video provider author fields"
EMBED_KEYS = f"{EMBED_PARTS} type url color flags"
NAMED_KEYS = "type name name_localizations description description_localizations options"
COMMAND_KEYS = (
    f"{NAMED_KEYS} id default_member_permissions dm_permission contexts integration_types nsfw"
)
OPTION_KEYS = (
    f"{NAMED_KEYS} required choices channel_types min_value max_value min_length max_length"
    " autocomplete"
)
EMBED_TEXTS = (("title", 256), ("description", 4096))
COMMAND_SIZE = 8000
COMMANDS_OF_A_TYPE = {1: 100, 2: 5, 3: 5}
SUBCOMMAND, GROUP = 1, 2


def complaints(method: str, path: str, body: Any, files: int) -> list[str]:
    """Why Discord would refuse this request's body; empty if it would not."""
    parts = path.strip("/").split("/")
    match method, parts:
        case "PUT", ["applications", *_, "commands"]:
            return list(_commands(body or []))
        case "POST", ["channels", _, "messages"] | ["webhooks", _, _]:
            return list(_message(body or {}, files, new=True))
        case "PATCH", ["channels", _, "messages", _] | ["webhooks", _, _, "messages", _]:
            return list(_message(body or {}, files, new=False))
        case "POST", ["channels", _, *_, "threads"]:
            return list(_thread(body or {}, files))
        case "POST", ["interactions", _, _, "callback"]:
            return list(_callback(body or {}, files))
    return []


def length(text: str) -> int:
    """Characters as JavaScript counts them: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _between(what: str, text: object, least: int, most: int) -> Iterator[str]:
    if not isinstance(text, str):
        yield f"{what} must be text"
    elif not least <= length(text) <= most or len(text.strip()) < least:
        yield f"{what} must have {least} to {most} characters, has {length(text)}"


def _unknown(what: str, given: Json, known: str) -> Iterator[str]:
    for key in sorted(given.keys() - set(known.split())):
        yield f"{what} has no key {key}"


def _unique(what: str, names: list[Any]) -> Iterator[str]:
    if len(set(names)) != len(names):
        yield f"{what} must be different"


# ---- messages


def _callback(body: Json, files: int) -> Iterator[str]:
    data = body.get("data") or {}
    match body.get("type"):
        case 4:
            yield from _message(data, files, new=True)
        case 7:
            yield from _message(data, files, new=False)
        case 8:
            yield from _choices("choices", data.get("choices") or [])
        case 9:
            yield from _modal(data)


def _thread(body: Json, files: int) -> Iterator[str]:
    yield from _between("thread name", body.get("name"), 1, 100)
    if "message" in body:
        yield from _message(body["message"], files, new=True)


def _message(body: Json, files: int, *, new: bool) -> Iterator[str]:
    yield from _unknown("message", body, MESSAGE_KEYS)
    content = body.get("content") or ""
    if length(content) > 2000:
        yield f"content has {length(content)} characters, over 2000"
    if nonce := body.get("nonce"):
        yield from _between("nonce", str(nonce), 1, 25)
    if body.get("enforce_nonce") and not body.get("nonce"):
        yield "enforce_nonce needs a nonce"
    carried = ("embed", "embeds", "components", "sticker_ids", "poll", "message_reference")
    if new and not (content.strip() or files or any(body.get(key) for key in carried)):
        yield "empty message"
    if files > 10:
        yield f"{files} files, over 10"
    yield from _embeds(body.get("embeds") or ([body["embed"]] if body.get("embed") else []))
    for row in body.get("components") or []:
        yield from _component(row)


def _embeds(embeds: list[Json]) -> Iterator[str]:
    total = 0
    for embed in embeds:
        yield from _unknown("embed", embed, EMBED_KEYS)
        if not any(embed.get(key) for key in EMBED_PARTS.split()):
            yield "empty embed"
        texts = [(key, embed[key], most) for key, most in EMBED_TEXTS if embed.get(key)]
        for field in embed.get("fields") or []:
            yield from _unknown("embed field", field, "name value inline")
            texts.append(("field name", field.get("name"), 256))
            texts.append(("field value", field.get("value"), 1024))
        if footer := embed.get("footer"):
            texts.append(("footer", footer.get("text"), 2048))
        if author := embed.get("author"):
            texts.append(("author", author.get("name"), 256))
        for what, text, most in texts:
            yield from _between(f"embed {what}", text, 1, most)
            total += length(str(text))
        if not 0 <= (embed.get("color") or 0) <= 0xFFFFFF:
            yield "embed color is not one"
    if total > 6000:
        yield f"embeds have {total} characters, over 6000"


def _component(part: Json) -> Iterator[str]:
    if part.get("type") == 2 and part.get("style") != 6:
        if not part.get("label") and not part.get("emoji"):
            yield "a button needs a label or an emoji"
        if label := part.get("label"):
            yield from _between("button label", label, 1, 80)
    if part.get("type") == 3:
        chosen = sum(bool(option.get("default")) for option in part.get("options") or [])
        if chosen > (part.get("max_values") or 1):
            yield "a menu has more defaults than max_values"
        if len(part.get("options") or []) < (part.get("max_values") or 1):
            yield "a menu has fewer options than max_values"
    for key in ("components", "accessory", "component"):
        inner = part.get(key) or []
        for child in [inner] if isinstance(inner, dict) else inner:
            yield from _component(child)


def _modal(modal: Json) -> Iterator[str]:
    yield from _unknown("modal", modal, "custom_id title components")
    yield from _between("modal title", modal.get("title"), 1, 45)
    for row in modal.get("components") or []:
        yield from _component(row)
        for field in [row.get("component") or {}, *(row.get("components") or [])]:
            if field.get("type") != 4:
                continue
            most = field.get("max_length") or 4000
            if length(field.get("value") or "") > most:
                yield "a text input's value is longer than its max_length"
            if row["type"] == 1:
                yield from _between("text input label", field.get("label"), 1, 45)


# ---- commands


def _commands(commands: list[Json]) -> Iterator[str]:
    kinds = [command.get("type", 1) for command in commands]
    for kind, most in COMMANDS_OF_A_TYPE.items():
        if kinds.count(kind) > most:
            yield f"{kinds.count(kind)} commands of type {kind}, over {most}"
    yield from _unique("command names", [(c.get("type", 1), c.get("name")) for c in commands])
    for command in commands:
        what = f"command {command.get('name')!r}"
        yield from _unknown(what, command, COMMAND_KEYS)
        if command.get("type", 1) == 1:
            yield from _described(what, command)
            yield from _options(what, command.get("options") or [], (SUBCOMMAND, GROUP))
        else:
            yield from _between(f"{what}: name", command.get("name"), 1, 32)
            if command.get("description") or command.get("options"):
                yield f"{what}: a menu's command has no description and no options"
        if (size := _size(command)) > COMMAND_SIZE:
            yield f"{what} has {size} characters, over {COMMAND_SIZE}"


def _described(what: str, named: Json) -> Iterator[str]:
    name = named.get("name")
    names = [name, *(named.get("name_localizations") or {}).values()]
    for each in names:
        if not isinstance(each, str) or not re.fullmatch(r"[-_'\w]{1,32}", each):
            yield f"{what}: {each!r} is not a name: 1 to 32 letters, digits, - and _"
        elif each != each.lower():
            yield f"{what}: {each!r} must be in lower case"
    descriptions = [named.get("description")]
    descriptions += (named.get("description_localizations") or {}).values()
    for each in descriptions:
        yield from _between(f"{what}: description", each, 1, 100)


def _options(what: str, options: list[Json], nestable: tuple[int, ...]) -> Iterator[str]:
    if len(options) > 25:
        yield f"{what} has {len(options)} options, over 25"
    yield from _unique(f"{what}: option names", [option.get("name") for option in options])
    nested = [option.get("type") in (SUBCOMMAND, GROUP) for option in options]
    if (any(nested) or nestable == (SUBCOMMAND,)) and not all(nested):
        yield f"{what} mixes subcommands and options"
    required = [bool(option.get("required")) for option in options]
    if required != sorted(required, reverse=True):
        yield f"{what}: a required option stands after an optional one"
    for option in options:
        inner = f"{what} {option.get('name')!r}"
        yield from _unknown(inner, option, OPTION_KEYS)
        yield from _described(inner, option)
        if (kind := option.get("type")) in (SUBCOMMAND, GROUP):
            if kind not in nestable:
                yield f"{inner} is nested too deep"
            elif kind == GROUP and not option.get("options"):
                yield f"{inner} is an empty group"
            inside = (SUBCOMMAND,) if kind == GROUP else ()
            yield from _options(inner, option.get("options") or [], inside)
            continue
        if option.get("choices") and option.get("autocomplete"):
            yield f"{inner} has choices and completes"
        yield from _choices(inner, option.get("choices") or [])
        for least, most in (("min_length", "max_length"), ("min_value", "max_value")):
            bounds = [option[key] for key in (least, most) if option.get(key) is not None]
            if bounds != sorted(bounds):
                yield f"{inner}: {least} is over {most}"
        if not 1 <= option.get("max_length", 1) <= 6000:
            yield f"{inner}: max_length must be 1 to 6000"


def _choices(what: str, choices: list[Json]) -> Iterator[str]:
    if len(choices) > 25:
        yield f"{what} has {len(choices)} choices, over 25"
    yield from _unique(f"{what}: choices", [choice.get("name") for choice in choices])
    for choice in choices:
        yield from _between(f"{what}: choice name", choice.get("name"), 1, 100)
        if isinstance(value := choice.get("value"), str):
            yield from _between(f"{what}: choice value", value, 1, 100)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            yield f"{what}: choice value {value!r}"


def _size(named: Json) -> int:
    """Names, descriptions and values, each in its longest translation, of it and all inside."""
    own = sum(
        max(
            map(length, [named.get(key) or "", *(named.get(f"{key}_localizations") or {}).values()])
        )
        for key in ("name", "description")
    )
    values = length(str(named["value"])) if "value" in named else 0
    inner = [*(named.get("options") or []), *(named.get("choices") or [])]
    return own + values + sum(_size(part) for part in inner)
