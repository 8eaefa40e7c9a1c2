"""Reads one streamed answer in a thread of its own, so that waiting for it can end whenever one likes."""

import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from queue import Empty, SimpleQueue
from typing import Any

import httpx2
from openai import BaseModel, OpenAIError, Stream
from openai.types.chat import ChatCompletionChunk

# The SDK lets the connection's own errors through while it streams, and those of reading text and JSON.
READ_ERRORS = (OpenAIError, httpx2.HTTPError, httpx2.StreamError, OSError, ValueError, RecursionError)


class Ended:
    """Comes last: nothing more will."""


class Reading:
    """One request under way, sent at once."""

    def __init__(self, open_stream: Callable[[], Stream[ChatCompletionChunk]]) -> None:
        self._open_stream = open_stream
        self._pieces: SimpleQueue[Mapping[str, Any] | Ended] = SimpleQueue()
        self._given_up = threading.Event()
        self._response: httpx2.Response | None = None
        self.error: Exception | None = None
        """What ended it; None while it goes on and after an orderly end of the connection."""
        # A daemon: nobody who stops the process waits for a silent provider.
        threading.Thread(target=self._run, name="chat-request", daemon=True).start()

    @property
    def request_id(self) -> str | None:
        """The provider's name for the request, as soon as it answers."""
        return self._response.headers.get("x-request-id") if self._response is not None else None

    def next(self, timeout_s: float) -> Mapping[str, Any] | Ended | None:
        """The next chunk; None if nothing came in time."""
        try:
            return self._pieces.get(timeout=timeout_s)
        except Empty:
            return None

    def give_up(self) -> None:
        """Lets go of the connection now, so that the provider stops writing and the thread ends."""
        self._given_up.set()
        response = self._response
        # Once closed, the connection may carry somebody else's request.
        if response is not None and not response.is_closed:
            _hang_up(response)

    def _run(self) -> None:
        try:
            self._read()
        except READ_ERRORS as error:
            self.error = error
        except RuntimeError:
            # A client that was closed sends nothing any more, and whoever gave up asks for nothing.
            if not self._given_up.is_set():
                raise
        finally:
            # Whatever else went wrong ends the thread loudly, and the waiting one hears that no more will come.
            self._pieces.put(Ended())

    def _read(self) -> None:
        with self._open_stream() as stream:
            self._response = stream.response
            if self._given_up.is_set():
                return
            for chunk in stream:
                if self._given_up.is_set():
                    return
                self._pieces.put(_content(chunk))


def _hang_up(response: httpx2.Response) -> None:
    """Closing from another thread would not wake a read that blocks; shutting the socket down does."""
    stream = response.extensions.get("network_stream")
    connection = stream.get_extra_info("socket") if stream is not None else None
    if isinstance(connection, socket.socket):
        with suppress(OSError):
            # Not the SSL socket's own way, which would change it under the thread that reads.
            socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _content(chunk: object) -> Mapping[str, Any]:
    """Event data that is no object comes out of the SDK as it is."""
    return chunk.to_dict(warnings=False) if isinstance(chunk, BaseModel) else {}
