"""The gateway: WebSockets that carry the world's events to the bot, and resume after a break."""

import asyncio
import json
import logging
import secrets
import zlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum

import discord
from aiohttp import WSMsgType, web

from playground.api import page_of, reset
from playground.faults import Faults, Reset, Status
from playground.world import Json, World
from playground.world.adapter import intents, serializers

log = logging.getLogger(__name__)

HEARTBEAT_INTERVAL = 41_250  # milliseconds
KEPT_EVENTS = 5_000  # a session's events that can be replayed
CHUNK = 1_000  # members in one GUILD_MEMBERS_CHUNK
ABOUT_A_GUILD = ("GUILD_CREATE", "GUILD_UPDATE", "GUILD_DELETE")


class Op(IntEnum):
    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    RESUME = 6
    RECONNECT = 7
    REQUEST_GUILD_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class CloseCode(IntEnum):
    UNKNOWN_ERROR = 4000
    DECODE_ERROR = 4002
    NOT_AUTHENTICATED = 4003
    AUTHENTICATION_FAILED = 4004
    ALREADY_AUTHENTICATED = 4005


class _Connection:
    """One WebSocket; what is sent goes through a queue, because events come from plain calls."""

    def __init__(self, socket: web.WebSocketResponse, compress: bool) -> None:
        self.socket = socket
        self._zlib = zlib.compressobj() if compress else None
        self._outgoing: asyncio.Queue[str | int] = asyncio.Queue()

    def send(self, op: Op, data: object = None) -> None:
        self.send_text(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def send_text(self, text: str) -> None:
        self._outgoing.put_nowait(text)

    def close(self, code: int) -> None:
        self._outgoing.put_nowait(code)

    async def write(self) -> None:
        while True:
            item = await self._outgoing.get()
            try:
                if isinstance(item, int):
                    await self.socket.close(code=item)
                elif self._zlib is None:
                    await self.socket.send_str(item)
                else:
                    data = self._zlib.compress(item.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
                    await self.socket.send_bytes(data)
            except ConnectionError:
                return


@dataclass(eq=False, slots=True)
class _Session:
    intents: discord.Intents
    shard: tuple[int, int]
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    sequence: int = 0
    sent: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=KEPT_EVENTS))
    connection: _Connection | None = None

    def dispatch(self, event: str, payload: object) -> None:
        self.dispatch_encoded(event, json.dumps(payload))

    def dispatch_encoded(self, event: str, payload: str) -> None:
        self.sequence += 1
        text = f'{{"op": 0, "d": {payload}, "s": {self.sequence}, "t": "{event}"}}'
        self.sent.append((self.sequence, text))
        if self.connection is not None:
            self.connection.send_text(text)


class Gateway:
    def __init__(
        self, world: World, faults: Faults, token: str, changed: Callable[[], None]
    ) -> None:
        self.url = ""
        self._world = world
        self._faults = faults
        self._token = token
        self._changed = changed
        self._sessions: dict[str, _Session] = {}
        self._sockets: set[web.WebSocketResponse] = set()
        world.subscribe(self._on_event)

    @property
    def connected(self) -> bool:
        return any(session.connection is not None for session in self._sessions.values())

    def drop(self, *, resumable: bool) -> None:
        """Break every connection; a session that isn't resumable loses what happens meanwhile."""
        for session in self._sessions.values():
            if session.connection is not None:
                session.connection.close(CloseCode.UNKNOWN_ERROR)
                session.connection = None
        if not resumable:
            self._sessions.clear()
        self._changed()

    def ask_to_reconnect(self) -> None:
        for session in self._sessions.values():
            if session.connection is not None:
                session.connection.send(Op.RECONNECT)

    async def close(self) -> None:
        for socket in tuple(self._sockets):
            await socket.close(code=1001)

    # ---- connections

    async def handle(self, request: web.Request) -> web.StreamResponse:
        fault = self._faults.take("CONNECT", "/gateway")
        if isinstance(fault, Status):
            return page_of(fault)
        if isinstance(fault, Reset):
            return reset(request)
        compression = request.query.get("compress")
        if compression not in (None, "zlib-stream"):
            return web.Response(status=400, text=f"This gateway does not speak {compression}.")
        socket = web.WebSocketResponse(compress=False, max_msg_size=0)
        await socket.prepare(request)
        connection = _Connection(socket, compression is not None)
        self._sockets.add(socket)
        writer = asyncio.create_task(connection.write())
        connection.send(Op.HELLO, {"heartbeat_interval": HEARTBEAT_INTERVAL})
        try:
            await self._read(connection)
        finally:
            writer.cancel()
            self._sockets.discard(socket)
            self._disconnected(connection)
        return socket

    async def _read(self, connection: _Connection) -> None:
        async for message in connection.socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                frame = json.loads(message.data)
                self._receive(connection, frame["op"], frame.get("d"))
            except (ValueError, KeyError, TypeError):
                log.exception("cannot take %.200s", message.data)
                connection.close(CloseCode.DECODE_ERROR)

    def _receive(self, connection: _Connection, op: int, data: Json) -> None:
        session = self._session_of(connection)
        if op == Op.HEARTBEAT:
            connection.send(Op.HEARTBEAT_ACK)
        elif op in (Op.IDENTIFY, Op.RESUME):
            if session is not None:
                connection.close(CloseCode.ALREADY_AUTHENTICATED)
            elif data["token"].removeprefix("Bot ") != self._token:
                connection.close(CloseCode.AUTHENTICATION_FAILED)
            elif op == Op.IDENTIFY:
                self._identify(connection, data)
            else:
                self._resume(connection, data)
        elif session is None:
            connection.close(CloseCode.NOT_AUTHENTICATED)
        elif op == Op.REQUEST_GUILD_MEMBERS:
            self._send_members(session, data)

    def _session_of(self, connection: _Connection) -> _Session | None:
        sessions = self._sessions.values()
        return next((s for s in sessions if s.connection is connection), None)

    def _disconnected(self, connection: _Connection) -> None:
        session = self._session_of(connection)
        if session is None:
            return
        session.connection = None
        if connection.socket.close_code in (1000, 1001):  # the client ended the session
            del self._sessions[session.id]
        self._changed()

    def _identify(self, connection: _Connection, data: Json) -> None:
        wanted = discord.Intents.none()
        wanted.value = int(data["intents"])
        shard, count = data.get("shard") or (0, 1)
        for old in tuple(self._sessions.values()):
            if old.connection is None and old.shard == (shard, count):
                del self._sessions[old.id]  # its bot has died, or given it up
        session = _Session(wanted, (shard, count), connection=connection)
        self._sessions[session.id] = session
        world = self._world.discord
        guilds = [g for g in world.guilds.values() if (g.id >> 22) % count == shard]
        ready = {
            "v": 10,
            "user": serializers.user_payload(world.bot_user),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": self.url,
            "shard": [shard, count],
            "application": {"id": str(world.application_id), "flags": 0},
        }
        session.dispatch("READY", ready)
        for guild in guilds:
            payload = dict(serializers.guild_create_payload(world, guild))
            if wanted.guilds and guild.id not in world.unavailable:
                intents.prune_guild_create(payload, wanted, world.bot_user.id)
                session.dispatch("GUILD_CREATE", payload)
        self._changed()

    def _resume(self, connection: _Connection, data: Json) -> None:
        session = self._sessions.get(data["session_id"])
        seen = int(data["seq"] or 0)
        if session is None or (session.sent and session.sent[0][0] > seen + 1):
            connection.send(Op.INVALID_SESSION, False)
            return
        if session.connection is not None:  # the old socket is dead and has not noticed
            session.connection.close(CloseCode.UNKNOWN_ERROR)
        for sequence, text in session.sent:
            if sequence > seen:
                connection.send_text(text)
        session.connection = connection
        session.dispatch("RESUMED", {})
        self._changed()

    # ---- events

    def _on_event(self, event: str, payload: Json, viewer: int | None) -> None:
        if event == "INTERACTION_CREATE":
            copies = 1 + self._faults.take_duplicate_interaction()
        elif viewer is not None or not self._bot_sees(event, payload):
            return
        else:
            copies = 1
        intent = intents.required_intent(event, payload)
        for session in self._sessions.values():
            if not _is_on_shard(session.shard, event, payload):
                continue
            if intent is None or getattr(session.intents, intent):
                shown = json.dumps(self._as_intended(session.intents, event, payload))
                for _ in range(copies):
                    session.dispatch_encoded(event, shown)

    def _bot_sees(self, event: str, payload: Json) -> bool:
        if int(payload.get("guild_id") or 0) in self._world.discord.unavailable:
            return False
        if not event.startswith(("MESSAGE_", "TYPING_")):
            return True
        return self._world.sees(self._world.bot_id, int(payload["channel_id"]))

    def _as_intended(self, wanted: discord.Intents, event: str, payload: Json) -> Json:
        """The event as these intents let it be seen; the world's own payload stays as it is."""
        bot = self._world.bot_id
        if event == "GUILD_CREATE":
            payload = dict(payload)
            intents.prune_guild_create(payload, wanted, bot)
        elif event in ("MESSAGE_CREATE", "MESSAGE_UPDATE") and not wanted.message_content:
            payload = json.loads(json.dumps(payload))
            intents.censor_message(payload, bot, backend=self._world.discord)
        return payload

    def _send_members(self, session: _Session, data: Json) -> None:
        world = self._world.discord
        guild = world.guilds.get(int(data["guild_id"]))
        if guild is None:
            return
        members = list(guild.members.values())
        missing: list[str] = []
        if wanted := data.get("user_ids"):
            ids = [int(id) for id in (wanted if isinstance(wanted, list) else [wanted])]
            missing = [str(id) for id in ids if id not in guild.members]
            members = [guild.members[id] for id in ids if id in guild.members]
        elif query := (data.get("query") or "").casefold():
            members = [
                member
                for member in members
                if world.users[member.user_id].name.casefold().startswith(query)
                or (member.nick or "").casefold().startswith(query)
            ]
        if limit := data.get("limit"):
            members = members[:limit]
        chunks = [members[i : i + CHUNK] for i in range(0, len(members), CHUNK)] or [[]]
        for index, chunk in enumerate(chunks):
            payload: Json = {
                "guild_id": str(guild.id),
                "members": [serializers.member_payload(world, guild, member) for member in chunk],
                "chunk_index": index,
                "chunk_count": len(chunks),
                "not_found": missing,
            }
            if data.get("nonce"):
                payload["nonce"] = data["nonce"]
            session.dispatch("GUILD_MEMBERS_CHUNK", payload)


def _is_on_shard(shard: tuple[int, int], event: str, payload: Json) -> bool:
    of_guild = payload.get("id") if event in ABOUT_A_GUILD else payload.get("guild_id")
    return (int(of_guild or 0) >> 22) % shard[1] == shard[0]
