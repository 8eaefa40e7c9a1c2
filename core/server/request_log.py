"""An id for each request, and a line in the log for those to our own addresses."""

import re
import time
import uuid
from collections.abc import Sequence

import structlog
from starlette.datastructures import Headers
from starlette.routing import BaseRoute, Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.server.client_address import is_trusted
from core.web_values import Network

HEADER = "x-request-id"
# A proxy's id goes into our log and back out, so it may be a name and nothing else.
_SANE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
# Asked every few seconds by whoever watches.
_QUIET = ("/healthz", "/readyz")
_THIS_MACHINE = "127.0.0.1"

log = structlog.get_logger(__name__)


class RequestLog:
    """Outside of all else, so that every answer carries the id, and each line in between does."""

    def __init__(self, app: ASGIApp, routes: Sequence[BaseRoute], trusted: Sequence[Network] = ()) -> None:
        self._app = app
        self._routes = routes
        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id, status, began = self._id(scope), 500, time.perf_counter()

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), (HEADER.encode(), request_id.encode())]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, send_with_id)
            finally:
                self._note(scope, status, (time.perf_counter() - began) * 1000)

    def _note(self, scope: Scope, status: int, took_ms: float) -> None:
        """The route's own words: what stands in their places, or behind a question mark, is somebody's."""
        route = self._route(scope)
        if route is not None:
            write = log.debug if route in _QUIET else log.info
            write("request", method=scope["method"], route=route, status=status, ms=round(took_ms, 1))

    def _route(self, scope: Scope) -> str | None:
        found = (one for one in self._routes if one.matches(scope)[0] is not Match.NONE)
        return getattr(next(found, None), "path", None)

    def _id(self, scope: Scope) -> str:
        given = Headers(scope=scope).get(HEADER, "")
        return given if self._may_name(scope) and _SANE.fullmatch(given) else uuid.uuid4().hex

    def _may_name(self, scope: Scope) -> bool:
        address, port = scope.get("client") or ("", None)
        # Uvicorn puts a visitor's address in the place of a proxy's on this machine, and a port of 0.
        return is_trusted(_THIS_MACHINE if port == 0 else address, self._trusted)
