"""Asks an address once, in short time, and says plainly what came of it; nothing of the answer is believed yet."""

import base64
import json
import secrets
import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2

from core.clocks import certainly_ahead_s
from core.errors import Unreachable

PATIENCE = httpx2.Timeout(connect=2, read=2.5, write=2, pool=2)
MOST_BYTES = 1_000_000
# First bytes of frames (RFC 6455, section 5.5): ours are masked and without content.
_PING, _CLOSE, _PONG = b"\x89\x80", b"\x88\x80", 0x8A


@dataclass(frozen=True)
class Reply:
    """What was answered; `ahead_s` is how far this machine's clock is before the answer's, None if that has no date."""

    status: int
    body: bytes
    location: str | None
    ahead_s: float | None

    @property
    def json(self) -> Any:
        """None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True)
class WebSocketReply:
    """`ponged` says that a ping came back."""

    status: int
    ponged: bool


class Prober:
    """For one run; redirects are told and not followed, since a key might travel along."""

    def __init__(
        self,
        *,
        clock: Callable[[], float] = time.time,
        transport: httpx2.BaseTransport | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._clock = clock
        trusted = tls or ssl.create_default_context()
        self._http = httpx2.Client(timeout=PATIENCE, verify=trusted, transport=transport, follow_redirects=False)

    def get(self, address: str, headers: Mapping[str, str] | None = None) -> Reply:
        """Raises Unreachable."""
        return self._asked(self._http.build_request("GET", address, headers=headers))

    def post(self, address: str, *, form: Mapping[str, str] | None = None, body: Any = None, **headers: str) -> Reply:
        """A form or JSON. Raises Unreachable."""
        return self._asked(self._http.build_request("POST", address, data=form, json=body, headers=headers))

    def open_web_socket(self, address: str, origin: str) -> WebSocketReply:
        """As a browser on a page of `origin` does, up to a ping. Raises Unreachable."""
        headers = {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(secrets.token_bytes(16)).decode(),
            "Origin": origin,
        }
        with _translated(), self._http.stream("GET", address, headers=headers) as reply:
            if reply.status_code != httpx2.codes.SWITCHING_PROTOCOLS:
                return WebSocketReply(reply.status_code, ponged=False)
            return WebSocketReply(reply.status_code, ponged=_ponged(reply.extensions["network_stream"]))

    def close(self) -> None:
        self._http.close()

    def _asked(self, request: httpx2.Request) -> Reply:
        with _translated():
            asked_at = self._clock()
            reply = self._http.send(request, stream=True)
            answered_at = self._clock()
            try:
                body = _read(reply)
            finally:
                reply.close()
        ahead_s = ahead_of(reply.headers.get("date"), asked_at, answered_at)
        return Reply(reply.status_code, body, reply.headers.get("location"), ahead_s)


def ahead_of(date: str | None, asked_at: float, answered_at: float) -> float | None:
    """By a `Date` header, which tells whole seconds."""
    try:
        told = None if date is None else parsedate_to_datetime(date).timestamp()
    except ValueError:
        return None
    return None if told is None else certainly_ahead_s(asked_at, answered_at, told, precise_to_s=1)


def _read(reply: httpx2.Response) -> bytes:
    body = bytearray()
    for part in reply.iter_bytes():
        body += part
        if len(body) > MOST_BYTES:
            raise Unreachable("the answer is far too long", "See whether the address is that of the service.")
    return bytes(body)


def _ponged(stream: Any) -> bool:
    """Through whatever stands between: one that holds bytes back would answer nothing."""
    stream.write(_PING + secrets.token_bytes(4), timeout=PATIENCE.write)
    answer = stream.read(64, timeout=PATIENCE.read)
    stream.write(_CLOSE + secrets.token_bytes(4), timeout=PATIENCE.write)
    return bool(answer) and answer[0] == _PONG


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except httpx2.TimeoutException as error:
        raise Unreachable("no answer in time", "See whether the address is right and a firewall in the way.") from error
    except httpx2.ConnectError as error:
        raise _not_connected(error) from error
    except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
        raise Unreachable("the answer can't be read", "See whether the address is that of the service.") from error


def _not_connected(error: httpx2.ConnectError) -> Unreachable:
    """The text may hold an address, so only the kind of it is told."""
    said = _all_said(error)
    if any(words in said for words in ("certificate", "ssl", "tls")):
        return Unreachable("its certificate is not one that this machine trusts", "Renew or correct the certificate.")
    if any(words in said for words in ("name or service", "getaddrinfo", "nodename", "name resolution", "no address")):
        return Unreachable("its name is not known here", "Correct the host's name, or this machine's DNS.")
    if "refused" in said:
        return Unreachable("nobody listens there", "Start what should listen there, or correct host and port.")
    return Unreachable("no connection", "See whether the address is right and this machine has a way out.")


def _all_said(error: BaseException | None) -> str:
    said = ""
    while error is not None:
        said += f" {error!s}".lower()
        error = error.__cause__ or error.__context__
    return said
