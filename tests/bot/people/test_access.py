"""Who sees a channel, beside brute force over every member there could be."""

from collections.abc import Iterator
from itertools import combinations

import discord
from hypothesis import example, given
from hypothesis import strategies as st

from bot.people.access import (
    ADMINISTRATOR,
    VIEW_CHANNEL,
    Channel,
    Overwrite,
    Server,
    all_see,
    effect,
)

SEND = 1 << 11
ROLES = (1, 2, 3, 4)
MEMBERS = (10, 11)
STRANGER = 12  # in no overwrite

bits = st.sets(st.sampled_from([VIEW_CHANNEL, VIEW_CHANNEL, ADMINISTRATOR, SEND])).map(sum)
seeing = st.sampled_from([0, VIEW_CHANNEL, VIEW_CHANNEL | SEND])
overwrites = st.builds(Overwrite, seeing, seeing)
servers = st.builds(
    Server,
    st.sampled_from([0, VIEW_CHANNEL, SEND]),
    st.fixed_dictionaries(dict.fromkeys(ROLES, bits)),
)
channels = st.builds(
    Channel,
    overwrites,
    st.dictionaries(st.sampled_from(ROLES), overwrites),
    st.dictionaries(st.sampled_from(MEMBERS), overwrites),
)


def everybody() -> Iterator[tuple[frozenset[int], int]]:
    """Each set of roles, on each person."""
    for count in range(len(ROLES) + 1):
        for some in combinations(ROLES, count):
            for member in (*MEMBERS, STRANGER):
                yield frozenset(some), member


def sees(server: Server, channel: Channel, roles: frozenset[int], member: int) -> bool:
    """As Discord's documentation has it: https://discord.com/developers/docs/topics/permissions,
    "Permission Overwrites"."""
    base = server.everyone
    for role in roles:
        base |= server.roles[role]
    if base & 0x8:
        return True
    base &= ~channel.everyone.deny
    base |= channel.everyone.allow
    allow = deny = 0
    for role in roles:
        if overwrite := channel.roles.get(role):
            allow |= overwrite.allow
            deny |= overwrite.deny
    base &= ~deny
    base |= allow
    if theirs := channel.members.get(member):
        base &= ~theirs.deny
        base |= theirs.allow
    return bool(base & 0x400)


OPENS, CLOSES = Overwrite(allow=VIEW_CHANNEL), Overwrite(deny=VIEW_CHANNEL)
NO_ROLES = dict.fromkeys(ROLES, 0)


@given(servers, channels, channels)
@example(Server(VIEW_CHANNEL, NO_ROLES), Channel(roles={1: OPENS}), Channel(roles={2: CLOSES}))
@example(Server(0, NO_ROLES), Channel(roles={1: OPENS}), Channel(roles={1: OPENS, 2: CLOSES}))
@example(Server(0, NO_ROLES), Channel(members={10: OPENS}), Channel(members={11: OPENS}))
def test_it_is_what_brute_force_finds(server: Server, here: Channel, there: Channel) -> None:
    expected = all(
        sees(server, there, roles, member)
        for roles, member in everybody()
        if sees(server, here, roles, member)
    )
    assert all_see(server, here, there) == expected


@given(servers, channels, channels)
def test_a_role_that_changes_nothing_changes_nothing(
    server: Server, one: Channel, other: Channel
) -> None:
    """With the role and without it everyone whom no other role helps sees the same."""
    for role in ROLES:
        if effect(server, [one, other], role, server.roles[role]) == (0, 0):
            for channel in (one, other):
                for member in (*MEMBERS, STRANGER):
                    with_it = sees(server, channel, frozenset({role}), member)
                    assert with_it == sees(server, channel, frozenset(), member)


def test_what_a_role_for_pings_alone_may_not_have() -> None:
    server = Server(VIEW_CHANNEL | SEND)
    private = Channel(CLOSES, {1: OPENS})
    quiet = Channel(roles={1: Overwrite(deny=SEND)})
    usual = Channel(roles={1: Overwrite(allow=SEND)})
    ban = discord.Permissions(ban_members=True).value
    assert effect(server, [private], 1, 0) == (VIEW_CHANNEL, 0)
    assert effect(server, [private, quiet], 1, 0) == (VIEW_CHANNEL, SEND)
    assert effect(server, [], 1, ban) == (ban, 0)
    assert effect(server, [private], 2, 0) == (0, 0)
    assert effect(server, [usual], 1, SEND) == (0, 0)
