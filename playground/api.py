"""The HTTP API, v10: sockets, forms, headers, limits and faults around the world's answers."""

import asyncio
import json
import logging
import socket
import struct
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Protocol

from aiohttp import BodyPartReader, web

from playground import rules
from playground.faults import Delay, Faults, Reset, Scope, Status
from playground.limits import Bucket
from playground.world import ApiError, Json, World
from playground.world.adapter import Upload

log = logging.getLogger(__name__)

PREFIX = "/api/v10"
KEPT_REQUESTS = 10_000
NO_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """A call the bot made; `status` is 0 where the connection was reset."""

    method: str
    path: str
    body: Any
    status: int


class Validator(Protocol):
    def violations(self, method: str, path: str, body: Any) -> list[str]:
        """What is wrong with a request's body by Discord's published description."""
        ...


class Api:
    def __init__(
        self,
        world: World,
        faults: Faults,
        token: str,
        *,
        message_limit: int,
        global_limit: int,
        schema: Validator | None,
        changed: Callable[[], None],
    ) -> None:
        self.requests: deque[Request] = deque(maxlen=KEPT_REQUESTS)
        self.problems: list[str] = []
        self.gateway_url = ""
        self._world = world
        self._faults = faults
        self._authorization = f"Bot {token}"
        self._message_limit = message_limit
        self._schema = schema
        self._changed = changed
        self._global = Bucket(global_limit, 1.0)
        self._buckets: dict[str, Bucket] = {}

    def routes(self) -> list[web.RouteDef]:
        return [
            web.route("*", PREFIX + "/{path:.*}", self._handle),
            web.get("/cdn/{path:.*}", self._serve_file),
        ]

    async def _serve_file(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        await self._faults.on_download(path.rpartition("/")[2])
        data = self._world.discord.cdn.get(path)
        if data is None:
            raise web.HTTPNotFound
        return web.Response(body=data, content_type="application/octet-stream")

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        method, path = request.method, "/" + request.match_info["path"]
        try:
            body, files = await _read(request)
        except ValueError:
            return _json(
                {"message": "The request body contains invalid JSON.", "code": 50109}, 400, {}
            )
        self._faults.on_request(method, path, "before")
        fault = self._faults.take(method, path)
        if isinstance(fault, Delay):
            await asyncio.sleep(fault.seconds)
        if fault == Reset("before"):
            reply = reset(request)
        else:
            reply = self._reply(request, path, body, files, fault)
            self._faults.on_request(method, path, "after")
            if fault == Reset("after"):
                reply = reset(request)
        status = 0 if reply.headers.get("Connection") == "reset" else reply.status
        self.requests.append(Request(method, path, body, status))
        self._changed()
        return reply

    def _reply(
        self, request: web.Request, path: str, body: Any, files: list[Upload], fault: object
    ) -> web.Response:
        method = request.method
        headers: dict[str, str] = {}
        try:
            if isinstance(fault, Status) and fault.page:
                return page_of(fault)
            if isinstance(fault, Status) and fault.status == 429:
                return _too_many(fault.retry_after, {}, fault.scope)
            if isinstance(fault, Status) and not fault.done:
                raise _as_asked(fault)
            if not path.startswith(("/interactions/", "/webhooks/")):  # they have their own tokens
                if request.headers.get("Authorization") != self._authorization:
                    raise ApiError(401, 0, "401: Unauthorized")
                if not self._global.take():
                    return _too_many(self._global.reset_after, {}, "global")
            name, bucket = self._bucket(method, path)
            allowed = bucket.take()
            headers = bucket.headers(name)
            if not allowed:
                return _too_many(bucket.reset_after, headers, "user")
            result = self._answer(request, path, body, files)
            if isinstance(fault, Status):
                raise _as_asked(fault)
        except ApiError as error:
            if error.status == 501 or error.code in (50006, 50035):
                self._problem(f"{method} {path}: {error.message}")
            return _json(error.to_json(), error.status, headers)
        except Exception as error:
            log.exception("%s %s", method, path)
            self._problem(f"{method} {path}: {error!r}")
            return _json({"message": "500: Internal Server Error", "code": 0}, 500, headers)
        unasked = path.endswith("/callback") and "with_response" not in request.query
        if result is None or unasked:
            return web.Response(status=204, headers=headers)
        return _json(result, 200, headers)

    def _bucket(self, method: str, path: str) -> tuple[str, Bucket]:
        parts = path.strip("/").split("/")
        if method == "POST" and parts[0] == "channels" and parts[2:] == ["messages"]:
            return "messages", self._buckets.setdefault(path, Bucket(self._message_limit, 5.0))
        return f"{method}:{parts[0]}:{len(parts)}", Bucket(NO_LIMIT, 1.0)

    def _answer(self, request: web.Request, path: str, body: Any, files: list[Upload]) -> Any:
        if path in ("/gateway", "/gateway/bot"):
            return {
                "url": self.gateway_url,
                "shards": 1,
                "session_start_limit": {
                    "total": 1000,
                    "remaining": 1000,
                    "reset_after": 0,
                    "max_concurrency": 1,
                },
            }
        if self._schema is not None:
            for violation in self._schema.violations(request.method, path, body):
                self._problem(f"{request.method} {path}: {violation}")
        if complaints := rules.complaints(request.method, path, body, len(files)):
            raise ApiError(400, 50035, f"Invalid Form Body: {'; '.join(complaints)}")
        return self._world.answer(
            request.method,
            path,
            body,
            request.query,
            files,
            request.headers.get("X-Audit-Log-Reason"),
        )

    def _problem(self, text: str) -> None:
        log.error("%s", text)
        self.problems.append(text)


async def _read(request: web.Request) -> tuple[Any, list[Upload]]:
    if not request.can_read_body:
        return None, []
    if not request.content_type.startswith("multipart/"):
        data = await request.read()
        return (json.loads(data) if data else None), []
    fields: Json = {}
    files: dict[str, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        data = bytes(await part.read())
        if part.filename is not None:
            files[part.name] = Upload(part.filename, BytesIO(data))
        else:
            fields[part.name] = data.decode()
    body = json.loads(fields["payload_json"]) if "payload_json" in fields else fields
    for told in (body.get("data") or body).get("attachments") or []:
        if file := files.get(f"files[{told['id']}]"):
            file.description = told.get("description")
    return body, list(files.values())


def _json(data: object, status: int, headers: dict[str, str]) -> web.Response:
    body = json.dumps(data).encode()
    headers = {**headers, "Content-Type": "application/json"}  # exactly: no charset
    return web.Response(body=body, status=status, headers=headers)


def page_of(fault: Status) -> web.Response:
    """As Cloudflare answers for Discord: without `Via`, and whatever was asked for."""
    text = f"<!DOCTYPE html><html><body><h1>Error {fault.status}</h1></body></html>"
    return web.Response(status=fault.status, text=text, content_type="text/html")


def _as_asked(fault: Status) -> ApiError:
    return ApiError(fault.status, fault.code, fault.message or "As asked for")


def _too_many(seconds: float, headers: dict[str, str], scope: Scope) -> web.Response:
    told = {
        "message": "You are being rate limited.",
        "retry_after": seconds,
        "global": scope == "global",
    }
    headers = {
        **headers,
        "Via": "1.1 playground",  # without it discord.py believes it is banned
        "Retry-After": f"{seconds:.3f}",
        "X-RateLimit-Scope": scope,
    }
    return _json(told, 429, headers)


def reset(request: web.Request) -> web.Response:
    """Drop the connection as a crashed peer does, with an RST."""
    if request.transport is not None:
        raw = request.transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response(headers={"Connection": "reset"})
