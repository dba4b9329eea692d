"""Who may see a channel and what a role gives, from roles and overwrites alone. Pure.

Which roles a member has is not known (that needs a privileged intent), so any roles together may be
somebody's.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations

ADMINISTRATOR = 1 << 3
VIEW_CHANNEL = 1 << 10


@dataclass(frozen=True, slots=True)
class Overwrite:
    """What a channel allows and denies, as bits of permissions."""

    allow: int = 0
    deny: int = 0

    def of(self, bits: int) -> int:
        return (bits & ~self.deny) | self.allow


NOTHING = Overwrite()


@dataclass(frozen=True, slots=True)
class Server:
    """The permissions of @everyone, and by its id those of each other role that people may have."""

    everyone: int
    roles: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel's overwrites: for @everyone, and by their ids for roles and for members."""

    everyone: Overwrite = NOTHING
    roles: Mapping[int, Overwrite] = field(default_factory=dict)
    members: Mapping[int, Overwrite] = field(default_factory=dict)


def sees(server: Server, channel: Channel, roles: Collection[int], member: int | None) -> bool:
    """Whether somebody with these roles sees the channel. `member`: their id, where it matters."""
    bits = server.everyone
    for role in roles:
        bits |= server.roles[role]
    if bits & ADMINISTRATOR:
        return True
    there = [channel.roles[role] for role in roles if role in channel.roles]
    bits = channel.everyone.of(bits)
    bits = Overwrite(_union(one.allow for one in there), _union(one.deny for one in there)).of(bits)
    if member is not None:
        bits = channel.members.get(member, NOTHING).of(bits)
    return bool(bits & VIEW_CHANNEL)


def all_see(server: Server, here: Channel, there: Channel) -> bool:
    """Whether everyone who sees one channel sees the other as well.

    If anybody sees `here` alone, then so does somebody with two of their roles: one that opens
    `here` and one that closes `there`. Any further role could only open `there` or close `here`.
    """
    roles = {_visibility(server, role, here, there): role for role in server.roles}.values()
    combined = [(), *((role,) for role in roles), *combinations(roles, 2)]
    named = {(here.members.get(one), there.members.get(one)): one for one in here.members}
    named |= {(here.members.get(one), there.members.get(one)): one for one in there.members}
    return not any(
        sees(server, here, some, member) and not sees(server, there, some, member)
        for member in [None, *named.values()]
        for some in combined
    )


def effect(
    server: Server, channels: Iterable[Channel], role: int, permissions: int
) -> tuple[int, int]:
    """What a role with these permissions lets its members do that not everyone may, in the server
    or in any of the channels, and what it keeps them from that everyone may."""
    given, taken = permissions & ~server.everyone, 0
    for channel in channels:
        usual = channel.everyone.of(server.everyone)
        with_it = channel.roles.get(role, NOTHING).of(usual)
        given |= with_it & ~usual
        taken |= usual & ~with_it
    return given, taken


def _union(bits: Iterable[int]) -> int:
    found = 0
    for some in bits:
        found |= some
    return found


def _visibility(server: Server, role: int, *channels: Channel) -> tuple[int, ...]:
    """All of a role that decides who sees these channels: of roles with the same, one will do."""
    own = server.roles[role] & (ADMINISTRATOR | VIEW_CHANNEL)
    overwrites = [channel.roles.get(role, NOTHING) for channel in channels]
    return own, *(bits & VIEW_CHANNEL for one in overwrites for bits in (one.allow, one.deny))
