"""The state of the playground's Discord, and its rules."""

from playground.world.adapter import ApiError, Json, Listener
from playground.world.world import ChannelKind, World

__all__ = ["ApiError", "ChannelKind", "Json", "Listener", "World"]
