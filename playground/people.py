"""People to act as: what a Discord client lets its user do, and nothing else."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import TypeAlias

from playground import inputs
from playground.inputs import Choice, Impossible, OptionValue
from playground.world import Json, World
from playground.world.adapter import (
    Message,
    Opened,
    interactions,
    message_accessible,
    reaction_permissions,
    serializers,
)

__all__ = ["Answer", "Choice", "Impossible", "Person"]

MessageLike: TypeAlias = int | Json  # a message's id, or its payload
DEFER_WITHIN = 15.0  # seconds of "is thinking…" that we wait for

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL = 2, 3, 4, 5  # kinds of interaction


class Answer:
    """What the screen shows of an interaction now: messages are read afresh each time."""

    def __init__(self, world: World, opened: Opened) -> None:
        self.failed = False  # "The application did not respond"
        self.took = 0.0  # seconds until it was answered
        self._world = world
        self._opened = opened

    async def settle(self) -> None:
        """Wait until it is answered, and a deferred answer completed; or until it has failed."""
        record, changed = self._opened.record, self._opened.changed
        within = self._world.discord.answer_within
        try:
            async with asyncio.timeout_at(
                asyncio.get_running_loop().time() + within - (time.monotonic() - self._opened.since)
            ):
                while not record.responded:
                    changed.clear()
                    await changed.wait()
            async with asyncio.timeout(DEFER_WITHIN):
                while record.loading and self.message is not None:
                    changed.clear()
                    await changed.wait()
        except TimeoutError:
            self.failed = True
        self.took = time.monotonic() - self._opened.since

    def _shown(self, message_id: int | None) -> Json | None:
        record = self._opened.record
        if message_id is None:
            return None
        return self._world.message(record.channel_id, message_id, record.user_id)

    @property
    def message(self) -> Json | None:
        return self._shown(self._opened.record.message_id)

    @property
    def content(self) -> str:
        return str(self.message["content"]) if self.message else ""

    @property
    def ephemeral(self) -> bool:
        return self.message is not None and bool(self.message["flags"] & 1 << 6)

    @property
    def modal(self) -> Json | None:
        return self._opened.record.modal

    @property
    def choices(self) -> list[Choice]:
        given = self._opened.record.autocomplete_choices or []
        return [Choice(choice["name"], choice["value"]) for choice in given]

    @property
    def followups(self) -> list[Json]:
        shown = [self._shown(message_id) for message_id in self._opened.record.followup_ids]
        return [message for message in shown if message is not None]

    @property
    def source_message_id(self) -> int | None:
        return self._opened.record.source_message_id

    @property
    def channel_id(self) -> int:
        return self._opened.record.channel_id


class Person:
    """Raises Impossible for what Discord would not let this person do."""

    def __init__(self, world: World, user_id: int) -> None:
        self.id = user_id
        self.name = world.name(user_id)
        self._world = world

    # ---- commands

    async def slash(self, channel_id: int, name: str, /, **options: OptionValue) -> Answer:
        """Run "group command" with its options; users, channels and roles are given by id."""
        command, leaf = self._command(channel_id, name)
        given, resolved = inputs.options(self._world, self.id, channel_id, name, leaf, options)
        return await self._ask(
            COMMAND, channel_id, _command_data(command, name.split()[1:], given, resolved)
        )

    async def autocomplete(
        self,
        channel_id: int,
        name: str,
        option: str,
        value: str | int | float,
        /,
        **others: OptionValue,
    ) -> list[Choice]:
        command, leaf = self._command(channel_id, name)
        declared = {spec["name"]: spec for spec in leaf.get("options") or []}
        if not declared.get(option, {}).get("autocomplete"):
            raise Impossible(f"/{name} has no option {option} that completes")
        given, resolved = inputs.options(
            self._world, self.id, channel_id, name, leaf, others, partial=True
        )
        kind = declared[option]["type"]
        given.append({"name": option, "type": kind, "value": value, "focused": True})
        answer = await self._ask(
            AUTOCOMPLETE, channel_id, _command_data(command, name.split()[1:], given, resolved)
        )
        return answer.choices

    async def context_menu(self, channel_id: int, name: str, target: MessageLike) -> Answer:
        """Run a message command on a message, or a user command on the user with that id."""
        world = self._world.discord
        if isinstance(target, int) and target in world.users:
            guild_id = world.get_channel(channel_id).guild_id
            if guild_id is not None and target not in world.get_guild(guild_id).members:
                raise Impossible("that person is not here")
            resolved = inputs.resolved_user(self._world, channel_id, target)
            command = self._visible(channel_id, name, 2)
        else:
            message = self._message(target)
            target = message.id
            payload = dict(serializers.message_payload(world, message, for_user=self.id))
            resolved = {"messages": {str(message.id): payload}}
            command = self._visible(channel_id, name, 3)
        data = _command_data(command, [], [], resolved)
        return await self._ask(COMMAND, channel_id, {**data, "target_id": str(target)})

    def _command(self, channel_id: int, name: str) -> tuple[Json, Json]:
        root, *path = name.split()
        command = self._visible(channel_id, root, 1)
        try:
            leaf, _ = interactions.walk_to_subcommand(command, path)
        except ValueError as error:
            raise Impossible(str(error)) from None
        return command, leaf

    def _visible(self, channel_id: int, name: str, kind: int) -> Json:
        if not self._world.sees(self.id, channel_id):
            raise Impossible(f"{self.name} does not see this channel")
        for command in self._world.commands(self.id, channel_id):
            if command["name"] == name and command["type"] == kind:
                return command
        raise Impossible(f"{self.name} is shown no command {name} here")

    # ---- messages and their components

    async def click(
        self, message: MessageLike, *, label: str | None = None, custom_id: str | None = None
    ) -> Answer:
        """Press the button with this label, or this custom_id."""
        source = self._message(message)
        button = inputs.find_button(source.components, label, custom_id)
        data = {"custom_id": button["custom_id"], "component_type": 2, "id": button.get("id", 0)}
        return await self._ask(COMPONENT, source.channel_id, data, source)

    async def choose(
        self,
        message: MessageLike,
        values: Sequence[str | int],
        *,
        custom_id: str | None = None,
    ) -> Answer:
        """Choose in a select menu: options by value or label; users, roles, channels by id."""
        source = self._message(message)
        select = inputs.find_select(source.components, custom_id)
        chosen, resolved = inputs.selection(self._world, self.id, source.channel_id, select, values)
        data: Json = {
            "custom_id": select["custom_id"],
            "component_type": select["type"],
            "id": select.get("id", 0),
            "values": chosen,
        }
        if resolved:
            data["resolved"] = resolved
        return await self._ask(COMPONENT, source.channel_id, data, source)

    async def submit(self, answer: Answer, values: Mapping[str, inputs.ModalValue]) -> Answer:
        """Fill in the modal that was the answer, fields by custom_id or label, and send it."""
        modal = answer.modal
        if modal is None:
            raise Impossible("no modal is open")
        components, resolved = inputs.modal(self._world, self.id, answer.channel_id, modal, values)
        data: Json = {"custom_id": modal["custom_id"], "components": components}
        if resolved:
            data["resolved"] = resolved
        source = None
        if answer.source_message_id is not None:
            source = self._message(answer.source_message_id)
        return await self._ask(MODAL, answer.channel_id, data, source)

    def say(self, channel_id: int, text: str, files: Sequence[tuple[str, bytes]] = ()) -> int:
        """Post a message; returns its id."""
        world = self._world.discord
        wanted = ["send_messages_in_threads" if self._is_thread(channel_id) else "send_messages"]
        if files:
            wanted.append("attach_files")
        self._require(channel_id, *wanted)
        if not text.strip() and not files:
            raise Impossible("an empty message")
        if len(text) > 2000:
            raise Impossible("a message is 2,000 characters at most")
        stored = world.store_attachments(channel_id, files)
        return world.create_message(channel_id, self.id, text, attachments=stored).id

    def react(self, message: MessageLike, emoji: str) -> None:
        target = self._message(message)
        self._require(target.channel_id, *reaction_permissions(target, emoji))
        self._world.discord.set_reaction(target.channel_id, target.id, emoji, self.id, True)

    def _is_thread(self, channel_id: int) -> bool:
        return self._world.discord.get_channel(channel_id).is_thread

    def _require(self, channel_id: int, *permissions: str) -> None:
        if not self._world.may(self.id, channel_id, *permissions):
            raise Impossible(f"{self.name} may not {' and '.join(permissions)} here")

    def _message(self, message: MessageLike) -> Message:
        message_id = message if isinstance(message, int) else int(message["id"])
        found = self._world.find_message(message_id)
        world = self._world.discord
        if found is None or not message_accessible(world, found.channel_id, found, self.id):
            raise Impossible("the message is gone" if found is None else "the message is hidden")
        return found

    async def _ask(
        self, kind: int, channel_id: int, data: Json, source: Message | None = None
    ) -> Answer:
        opened = self._world.discord.open_interaction(kind, channel_id, self.id, data, source)
        answer = Answer(self._world, opened)
        await answer.settle()
        return answer


def _command_data(command: Json, path: list[str], options: list[Json], resolved: Json) -> Json:
    data: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    data["options"] = interactions.nest_options(command, path, options)
    if resolved:
        data["resolved"] = resolved
    if "guild_id" in command:
        data["guild_id"] = command["guild_id"]
    return data
