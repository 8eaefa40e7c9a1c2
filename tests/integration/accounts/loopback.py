"""Runs a WSGI app on a port of this machine, for clients that open sockets of their own."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIEnvironment

Answer = tuple[int, Mapping[str, str], bytes]


class Request:
    """What a stand-in looks at."""

    def __init__(self, environ: WSGIEnvironment) -> None:
        self.method = environ["REQUEST_METHOD"]
        self.path = environ["PATH_INFO"]
        self.query = dict(parse_qsl(environ.get("QUERY_STRING", "")))
        self.headers = {key[5:].lower().replace("_", "-"): environ[key] for key in environ if key.startswith("HTTP_")}
        self._body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))

    @property
    def json(self) -> dict[str, Any]:
        return dict(json.loads(self._body or b"{}"))

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self._body.decode()))


def answer_json(body: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    return status, {"Content-Type": "application/json", **(headers or {})}, json.dumps(body).encode()


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    # Tests close at once; nobody's connection is waited for.
    block_on_close = False


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Keeps the tests' output free of requests."""


@contextmanager
def served(handle: Callable[[Request], Answer]) -> Iterator[str]:
    """The address under which `handle` answers."""

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        status, headers, body = handle(Request(environ))
        start_response(f"{status} Answer", [*headers.items(), ("Content-Length", str(len(body)))])
        return [body]

    with make_server("127.0.0.1", 0, app, server_class=_Server, handler_class=_Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
