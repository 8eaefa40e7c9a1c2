"""A site as a visitor meets it: health, readiness, the sign-in page and the WebSocket of pages."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

WELL = {"status": "ok", "checks": {"database": "ok", "storage": "ok"}}


@dataclass
class SiteStandIn:
    """`answers` come in place of what a well site says, by path."""

    answers: dict[str, tuple[int, dict[str, str], Any]] = field(default_factory=dict)
    address: str = ""

    @contextmanager
    def served(self) -> Iterator[Self]:
        with serve(_listen, "127.0.0.1", 0, process_request=self._answer, ping_interval=None) as server:
            thread = threading.Thread(target=server.serve_forever, daemon=True)
            thread.start()
            self.address = f"http://127.0.0.1:{server.socket.getsockname()[1]}"
            yield self
            server.shutdown()
            thread.join()

    def _answer(self, _connection: ServerConnection, request: Request) -> Response | None:
        path = request.path.partition("?")[0]
        well = {"/healthz": {"status": "ok"}, "/readyz": WELL, "/sign-in": "a form"}
        if path in self.answers:
            status, headers, body = self.answers[path]
        elif path in well:
            status, headers, body = 200, {}, well[path]
        else:
            # The page's WebSocket.
            return None
        sent = json.dumps(body).encode()
        return Response(
            status, "Answer", Headers({"Content-Length": str(len(sent)), "Connection": "close", **headers}), sent
        )


def _listen(connection: ServerConnection) -> None:
    for _ in connection:
        pass
