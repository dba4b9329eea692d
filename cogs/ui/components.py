"""Buttons, menus and forms that answer for themselves, also after a restart."""

from collections.abc import Iterable, Sequence
from re import Match
from typing import ClassVar, Self

import discord
from discord import ButtonStyle, SelectOption
from discord.ui import Button, DynamicItem, Item, Select, TextInput, View

from bot.client import Bot, claim, reply_error
from bot.stories import markup
from cogs.ui import labels

Interaction = discord.Interaction[Bot]

FORGOTTEN_AFTER = 3600.0  # seconds that an open form is waited for


class PersistentButton(DynamicItem[Button[View]], template="$^"):
    """A button that keeps its state, a few numbers, in its custom_id, so that it works as long as
    its message stands. A subclass says its `prefix` and what `press` does."""

    prefix: ClassVar[str]

    def __init_subclass__(cls, *, prefix: str) -> None:
        cls.prefix = prefix
        super().__init_subclass__(template=_template(prefix))

    def __init__(
        self,
        label: str,
        *state: int,
        style: ButtonStyle = ButtonStyle.secondary,
        disabled: bool = False,
        token: str = "",
    ) -> None:
        """`token` goes into the custom_id unread: the outbox finds its messages by it."""
        self.state = state
        custom_id = _custom_id(self.prefix, state) + (f"~{token}" if token else "")
        super().__init__(Button(label=label, style=style, disabled=disabled, custom_id=custom_id))

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: Item[View], match: Match[str]
    ) -> Self:
        assert isinstance(item, Button)
        _, _, token = match.string.partition("~")
        return cls(item.label or "", *_state(match), style=item.style, token=token)

    async def press(self, interaction: Interaction) -> None:
        raise NotImplementedError

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override] # ours
        claim(interaction)
        try:
            await self.press(interaction)
        except Exception as error:
            await reply_error(interaction, error)


class PersistentSelect(DynamicItem[Select[View]], template="$^"):
    """A menu to choose from, one thing or several, which keeps its state as a button does. No two
    of its options read the same. A subclass says its `prefix` and what to do once a value is
    `chosen`, or all of them are."""

    prefix: ClassVar[str]

    def __init_subclass__(cls, *, prefix: str) -> None:
        cls.prefix = prefix
        super().__init_subclass__(template=_template(prefix))

    def __init__(
        self, placeholder: str, options: Sequence[SelectOption], *state: int, most: int = 1
    ) -> None:
        self.state = state
        custom_id = _custom_id(self.prefix, state)
        shown = labels.distinct([(option.label,) for option in options], labels.OPTION)
        for option, label in zip(options, shown, strict=True):
            option.label = label
        super().__init__(
            Select(
                placeholder=placeholder,
                options=list(options),
                custom_id=custom_id,
                max_values=most,
            )
        )

    @classmethod
    async def from_custom_id(
        cls, interaction: discord.Interaction, item: Item[View], match: Match[str]
    ) -> Self:
        assert isinstance(item, Select)
        return cls(item.placeholder or "", item.options, *_state(match))

    async def chosen(self, interaction: Interaction, value: str) -> None:
        raise NotImplementedError

    async def all_chosen(self, interaction: Interaction, values: Sequence[str]) -> None:
        await self.chosen(interaction, values[0])

    async def callback(self, interaction: Interaction) -> None:  # type: ignore[override] # ours
        claim(interaction)
        try:
            await self.all_chosen(interaction, self.item.values)
        except Exception as error:
            await reply_error(interaction, error)


Component = PersistentButton | PersistentSelect | Button[View]


class Form(discord.ui.Modal):
    """A modal whose failures are answered like everything else's. A subclass says what to do
    once it is `submitted`."""

    def __init__(self) -> None:
        super().__init__(timeout=FORGOTTEN_AFTER)

    def to_dict(self) -> dict[str, object]:
        """With room for what stands in a field: we count characters, Discord UTF-16 code units."""
        for item in self.children:
            if isinstance(item, TextInput) and item.default and item.max_length:
                item.max_length = max(item.max_length, markup.length(item.default))
        return super().to_dict()

    async def submitted(self, interaction: Interaction) -> None:
        raise NotImplementedError

    async def on_submit(self, interaction: Interaction, /) -> None:  # type: ignore[override] # ours
        await self.submitted(interaction)

    async def interaction_check(self, interaction: discord.Interaction, /) -> bool:
        claim(interaction)
        return True

    async def on_error(  # type: ignore[override] # narrower than a View's, as Modal's own is
        self, interaction: discord.Interaction, error: Exception, /
    ) -> None:
        await reply_error(interaction, error)


def row(*items: Component) -> View:
    """A message's buttons, or a menu. They never time out: their state is in their ids."""
    return rows(items)


def rows(*lines: Iterable[Component]) -> View:
    """No two buttons of a message read the same."""
    view = View(timeout=None)
    buttons: list[Button[View]] = []
    for number, line in enumerate(lines):
        for component in line:
            item = component.item if isinstance(component, DynamicItem) else component
            item.row = number
            if isinstance(item, Button) and item.label:
                buttons.append(item)
            view.add_item(component)
    shown = labels.distinct([(button.label or "",) for button in buttons], labels.BUTTON)
    for button, label in zip(buttons, shown, strict=True):
        button.label = label
    return view


def _template(prefix: str) -> str:
    return rf"{prefix}(?P<state>(?::-?\d+)*)(?:~.*)?"


def _custom_id(prefix: str, state: Sequence[int]) -> str:
    return ":".join([prefix, *map(str, state)])


def _state(match: Match[str]) -> list[int]:
    return [int(number) for number in match["state"].split(":")[1:]]
