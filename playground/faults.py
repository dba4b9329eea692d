"""Faults on demand: what a real Discord does on its bad days."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Literal, TypeAlias

Phase: TypeAlias = Literal["before", "after"]
Scope: TypeAlias = Literal["user", "global", "shared"]


@dataclass(frozen=True, slots=True)
class Status:
    """Answer with an error instead of doing it, or also do it; 429 takes `retry_after` seconds, and
    whom it holds for: the bot on this route, the bot everywhere, or everyone in this channel. As a
    `page` it comes from what stands in front of Discord, which knows nothing of JSON."""

    status: int
    code: int = 0
    message: str = ""
    retry_after: float = 0.0
    scope: Scope = "user"
    done: bool = False
    page: bool = False


@dataclass(frozen=True, slots=True)
class Reset:
    """Reset the connection before the request has any effect, or after it had all of it."""

    when: Phase


@dataclass(frozen=True, slots=True)
class Delay:
    """Do it, but only after so many seconds."""

    seconds: float


Kind: TypeAlias = Status | Reset | Delay


@dataclass(slots=True)
class _Fault:
    method: str
    path: str
    times: int
    kind: Kind


async def _at_once(name: str) -> None:
    pass


class Faults:
    """`on_download` is waited for before a file of this name is handed out."""

    def __init__(self) -> None:
        self.on_download: Callable[[str], Awaitable[None]] = _at_once
        self.on_request: Callable[[str, str, Phase], None] = lambda method, path, phase: None
        self._faults: list[_Fault] = []
        self._duplicates = 0

    def add(self, method: str, path: str, kind: Kind, times: int = 1) -> None:
        """Let the next `times` requests fail whose path, from after /api/v10, matches the glob. The
        method of a connection to the gateway is CONNECT, its path /gateway."""
        self._faults.append(_Fault(method, path, times, kind))

    def clear(self) -> None:
        self._faults.clear()
        self._duplicates = 0

    def take(self, method: str, path: str) -> Kind | None:
        for fault in self._faults:
            if fault.method in (method, "*") and fnmatchcase(path, fault.path):
                fault.times -= 1
                if fault.times == 0:
                    self._faults.remove(fault)
                return fault.kind
        return None

    def duplicate_next_interaction(self) -> None:
        self._duplicates += 1

    def take_duplicate_interaction(self) -> int:
        taken, self._duplicates = self._duplicates, 0
        return taken
