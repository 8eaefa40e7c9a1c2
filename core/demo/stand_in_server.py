"""Serves the stand-in on a loopback port, so that other programs and real sockets can meet it."""

import os
import signal
import socket
import struct
import threading
from collections.abc import Iterable
from socketserver import ThreadingMixIn
from types import FrameType
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from core.demo.faults import Fault
from core.demo.openai_stand_in import CUT, StandIn, make_app

LOOPBACK = "127.0.0.1"


class StandInServer(ThreadingMixIn, WSGIServer):
    """One thread a connection; stopping does not wait for those that hang."""

    daemon_threads = True
    block_on_close = False
    # Many portraits may start at once, and the default queue of five refuses the rest.
    request_queue_size = 128

    def __init__(self, stand_in: StandIn, port: int) -> None:
        """Port 0 takes any free one; `address` then tells which."""
        super().__init__((LOOPBACK, port), _Handler)
        self._stand_in = stand_in
        self.set_app(stand_in)

    @property
    def address(self) -> str:
        """What to give the SDK as its base URL."""
        return f"http://{LOOPBACK}:{self.server_port}/v1"

    def server_bind(self) -> None:
        # The inherited way asks the name service for the host's name, which may take seconds.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = LOOPBACK, self.server_address[1]
        self.setup_environ()

    def stop(self) -> None:
        """Ends `serve_forever`, which another thread runs, and every request that hangs."""
        self._stand_in.close()
        self.shutdown()
        self.server_close()


class _Handler(WSGIRequestHandler):
    def get_environ(self) -> dict[str, Any]:
        return {**super().get_environ(), CUT: self._cut}

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - named so in the standard library
        """Says nothing: a request line tells no more than the ledger does."""

    def _cut(self) -> None:
        # Lingering for no time makes closing send a reset, which no client can take for an orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())


def serve(port: int, faults: Iterable[Fault | str] = ()) -> None:
    """Runs until SIGTERM or Ctrl-C."""
    server = StandInServer(make_app(faults=faults), port)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        threading.Thread(target=server.stop, name="stand-in-stop").start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    server.serve_forever(poll_interval=0.1)
