"""What people type and pick, checked as a Discord client checks it, as Discord sends it on."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from playground.world import Json, World
from playground.world.adapter import (
    SELECT_TYPES,
    ComponentType,
    OptionType,
    SetupError,
    interactions,
    serializers,
    walk_components,
)

File: TypeAlias = tuple[str, bytes]
OptionValue: TypeAlias = str | int | float | bool | File
ModalValue: TypeAlias = str | bool | Sequence[str | int] | Sequence[File]


class Impossible(ValueError):
    """A real person could not have done that."""


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    value: str | int | float


ENTITIES = {
    OptionType.USER: ("users",),
    OptionType.CHANNEL: ("channels",),
    OptionType.ROLE: ("roles",),
    OptionType.MENTIONABLE: ("users", "roles"),
}
SELECTED = {
    ComponentType.USER_SELECT: ("users",),
    ComponentType.ROLE_SELECT: ("roles",),
    ComponentType.MENTIONABLE_SELECT: ("users", "roles"),
    ComponentType.CHANNEL_SELECT: ("channels",),
}


def options(
    world: World,
    user_id: int,
    channel_id: int,
    name: str,
    leaf: Json,
    given: Mapping[str, OptionValue],
    *,
    partial: bool = False,
) -> tuple[list[Json], Json]:
    """A command's options as INTERACTION_CREATE carries them, and what they resolve to."""
    declared = {option["name"]: option for option in leaf.get("options") or []}
    if unknown := given.keys() - declared.keys():
        raise Impossible(f"/{name} has no option {', '.join(sorted(unknown))}")
    missing = [n for n, option in declared.items() if option.get("required") and n not in given]
    if missing and not partial:
        raise Impossible(f"/{name} needs {', '.join(missing)}")
    built: list[Json] = []
    resolved: Json = {}
    for key, value in given.items():
        option = declared[key]
        kind = OptionType(option["type"])
        if kind in (OptionType.SUBCOMMAND, OptionType.SUBCOMMAND_GROUP):
            raise Impossible(f"/{name} is not a whole command")
        if kind in ENTITIES:
            wire = resolve(world, user_id, channel_id, ENTITIES[kind], value, resolved)
            allowed = option.get("channel_types")
            if allowed and world.discord.get_channel(int(wire)).type not in allowed:
                raise Impossible(f"{key} of /{name} does not take a channel of that type")
            built.append({"name": key, "type": int(kind), "value": wire})
            continue
        try:
            checked = interactions.validate_option_value(name, option, value)
        except SetupError as error:
            raise Impossible(str(error)) from None
        if kind == OptionType.ATTACHMENT:
            if partial:
                continue
            filename, data = checked
            checked = interactions.store_interaction_attachment(
                world.discord, channel_id, filename, data, resolved
            )
        built.append({"name": key, "type": int(kind), "value": checked})
    return built, resolved


def resolve(
    world: World,
    user_id: int,
    channel_id: int,
    kinds: Iterable[str],
    value: object,
    resolved: Json,
) -> str:
    """Add the user, role or channel with this id to what is resolved; returns the id as sent."""
    state = world.discord
    guild_id = state.get_channel(channel_id).guild_id
    guild = state.get_guild(guild_id) if guild_id is not None else None
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).isdigit():
        raise Impossible(f"{value!r} is not an id")
    wanted = int(value)
    for kind in kinds:
        found: Json = {}
        if kind == "users" and wanted in state.users:
            found = resolved_user(world, channel_id, wanted)
        elif kind == "roles" and guild is not None and wanted in guild.roles:
            found = {"roles": {str(wanted): dict(serializers.role_payload(guild.roles[wanted]))}}
        elif kind == "channels" and world.sees(user_id, wanted):
            channel = state.get_channel(wanted)
            if guild_id is not None and channel.guild_id == guild_id:
                payload = dict(serializers.channel_payload(state, channel))
                allowed = state.compute_permissions(guild_id, user_id, wanted)
                found = {"channels": {str(wanted): {**payload, "permissions": str(allowed)}}}
        for group, items in found.items():
            resolved.setdefault(group, {}).update(items)
        if found:
            return str(wanted)
    raise Impossible(f"{wanted} is none of the {' or '.join(kinds)} one can pick here")


def resolved_user(world: World, channel_id: int, user_id: int) -> Json:
    state = world.discord
    resolved: Json = {
        "users": {str(user_id): dict(serializers.user_payload(state.get_user(user_id)))}
    }
    guild_id = state.get_channel(channel_id).guild_id
    guild = state.get_guild(guild_id) if guild_id is not None else None
    if guild is not None and user_id in guild.members:
        member = serializers.member_payload(state, guild, guild.members[user_id], with_user=False)
        allowed = str(state.compute_permissions(guild.id, user_id, channel_id))
        resolved["members"] = {str(user_id): {**member, "permissions": allowed}}
    return resolved


# ---- components of messages


def find_button(components: list[Json], label: str | None, custom_id: str | None) -> Json:
    if (label is None) == (custom_id is None):
        raise TypeError("a button is found by its label or by its custom_id")
    buttons = [part for part in walk_components(components) if part["type"] == 2]
    found = [
        button
        for button in buttons
        if (button.get("custom_id") == custom_id if label is None else shown(button) == label)
    ]
    if len(found) != 1:
        there = ", ".join(repr(shown(button)) for button in buttons) or "none"
        raise Impossible(f"{len(found)} buttons {label or custom_id!r}; there are: {there}")
    if "custom_id" not in found[0]:
        raise Impossible(f"{shown(found[0])!r} is a link")
    if found[0].get("disabled"):
        raise Impossible(f"{shown(found[0])!r} is disabled")
    return found[0]


def shown(button: Json) -> str:
    """What a button says; its emoji if it has no label."""
    return button.get("label") or (button.get("emoji") or {}).get("name") or ""


def find_select(components: list[Json], custom_id: str | None) -> Json:
    selects = [part for part in walk_components(components) if part["type"] in SELECT_TYPES]
    found = [part for part in selects if custom_id in (None, part["custom_id"])]
    if len(found) != 1:
        raise Impossible(f"{len(found)} menus {custom_id or 'here'}; there are {len(selects)}")
    if found[0].get("disabled"):
        raise Impossible("the menu is disabled")
    return found[0]


def selection(
    world: World, user_id: int, channel_id: int, select: Json, values: Sequence[str | int]
) -> tuple[list[str], Json]:
    """The chosen values of a select menu as sent, and what they resolve to."""
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    least, most = (1 if least is None else least), (1 if most is None else most)
    if not least <= len(values) <= most or len(set(values)) != len(values):
        raise Impossible(f"one chooses {least} to {most} different things here")
    resolved: Json = {}
    if select["type"] in SELECTED:
        kinds = SELECTED[ComponentType(select["type"])]
        chosen = [resolve(world, user_id, channel_id, kinds, v, resolved) for v in values]
        return chosen, resolved
    return [_option(select, value) for value in values], resolved


def _option(select: Json, value: object) -> str:
    for option in select.get("options") or []:
        if value in (option["value"], option["label"]):
            return str(option["value"])
    there = ", ".join(repr(option["label"]) for option in select.get("options") or [])
    raise Impossible(f"there is no option {value!r}; there are: {there}")


# ---- modals


def modal(
    world: World,
    user_id: int,
    channel_id: int,
    spec: Json,
    values: Mapping[str, ModalValue],
) -> tuple[list[Json], Json]:
    """A filled-in modal's components as sent, and what they resolve to."""
    left = dict(values)
    resolved: Json = {}

    def fill(node: Json, label: str) -> Json:
        kind = ComponentType(node["type"])
        sent: Json = {"type": int(kind), "id": node.get("id", 0)}
        if kind == ComponentType.TEXT_DISPLAY:
            return sent
        if kind == ComponentType.ACTION_ROW:
            sent["components"] = [
                fill(child, child.get("label", "")) for child in node["components"]
            ]
            return sent
        if kind == ComponentType.LABEL:
            sent["component"] = fill(node["component"], node["label"])
            return sent
        key = node["custom_id"] if node["custom_id"] in left else label
        value = left.pop(key, None)
        return sent | {"custom_id": node["custom_id"]} | field(node, label, value)

    def field(node: Json, label: str, value: ModalValue | None) -> Json:
        kind = ComponentType(node["type"])
        if kind == ComponentType.TEXT_INPUT:
            return {
                "value": _text(node, label, node.get("value") or "" if value is None else value)
            }
        if kind == ComponentType.CHECKBOX:
            return {"value": bool(node.get("default", False) if value is None else value)}
        if kind == ComponentType.RADIO_GROUP:
            if value is None and node.get("required", True):
                raise Impossible(f"{label} is required")
            return {"value": None if value is None else _option(node, value)}
        listed = [] if value is None or isinstance(value, bool) else list(value)
        if isinstance(value, str):
            listed = [value]
        if not listed and not node.get("required", True):
            return {"values": []}
        if kind == ComponentType.FILE_UPLOAD:
            most = node.get("max_values") or 1
            if not (node.get("min_values") or 1) <= len(listed) <= most:
                raise Impossible(f"{label} takes up to {most} files")
            return {
                "values": [
                    interactions.store_interaction_attachment(
                        world.discord, channel_id, file[0], file[1], resolved
                    )
                    for file in listed
                    if isinstance(file, tuple)
                ]
            }
        if kind == ComponentType.CHECKBOX_GROUP:
            node = {**node, "max_values": node.get("max_values") or len(node["options"])}
        picked = [item for item in listed if isinstance(item, str | int)]
        chosen, found = selection(world, user_id, channel_id, node, picked)
        for group, items in found.items():
            resolved.setdefault(group, {}).update(items)
        return {"values": chosen}

    components = [fill(node, node.get("label", "")) for node in spec["components"]]
    if left:
        raise Impossible(f"the form has no field {', '.join(left)}")
    return components, resolved


def _text(node: Json, label: str, value: object) -> str:
    if not isinstance(value, str):
        raise Impossible(f"{label} takes text")
    least = max(node.get("min_length") or 0, 1 if node.get("required", True) else 0)
    most = node.get("max_length") or 4000
    if not (least if value or node.get("required", True) else 0) <= len(value) <= most:
        raise Impossible(f"{label} takes {least} to {most} characters")
    return value
