"""Brings a generated reply over the wire, well or as badly as the fault says."""

import base64
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from core.demo.faults import Fault
from core.demo.pauses import Pauses, Timing
from core.demo.provider.wire import Json, Reply, event

HTML_PAGE = b"<!doctype html><html><body><h1>Sign in to the network</h1></body></html>"
EVENT_STREAM = "text/event-stream; charset=utf-8"
PING = b": ping\n\n"
READ_S = 0.2
SLICES = 20


@dataclass(frozen=True)
class Delivery:
    """One reply's way out: `cut` ends the connection for good, where there is one.

    What breaks on its way does so after `breaks_after` pieces, or halfway.
    """

    fault: Fault
    timing: Timing
    pauses: Pauses
    cut: Callable[[], None]
    breaks_after: int | None = None

    def of_json(self, body: bytes) -> Reply:
        """A reply in one piece."""
        self._before_headers()
        if self.fault is Fault.HTML_200:
            return Reply([HTML_PAGE], content_type="text/html; charset=utf-8")
        if self.fault is Fault.BAD_JSON:
            return Reply([body[: len(body) // 2]])
        if self.fault is Fault.PINGS_ONLY:
            return Reply(self._pings(b"\n"))
        if self.fault in (Fault.SLOW_DRIP, Fault.DROP_AFTER_HEADERS):
            return Reply(self._paced(_sliced(body), 0.0))
        return Reply([body])

    def of_events(self, pieces: list[bytes]) -> Reply:
        """A reply that streams, a pause before the first piece and after each."""
        self.pauses.wait(self.timing.chat_first_s)
        self._before_headers()
        if self.fault is Fault.HTML_200:
            return Reply([HTML_PAGE], content_type="text/html; charset=utf-8")
        if self.fault is Fault.PINGS_ONLY:
            return Reply(self._pings(PING), content_type=EVENT_STREAM)
        return Reply(self._paced(self._spoiled(pieces), self.timing.chat_piece_s), content_type=EVENT_STREAM)

    def _before_headers(self) -> None:
        if self.fault is Fault.HANG_BILLED:
            self.pauses.wait(self.timing.hang_s)
        if self.fault is Fault.DROP_BEFORE_HEADERS:
            self._drop()

    def _spoiled(self, pieces: list[bytes]) -> list[bytes]:
        half = pieces[: self._broken_at(pieces)]
        match self.fault:
            case Fault.CUT_STREAM:
                return half
            case Fault.BAD_JSON:
                return [*half, b'data: {"id": "chatcmpl-demo", "choi\n\n']
            case Fault.ERROR_IN_CHUNK:
                return [*half, event({"error": {"message": "It broke halfway (demo).", "type": "server_error"}})]
        return pieces

    def _paced(self, pieces: list[bytes], pace_s: float) -> Iterator[bytes]:
        pace_s = self.timing.drip_s if self.fault is Fault.SLOW_DRIP else pace_s
        for at, piece in enumerate(pieces):
            if self.fault is Fault.DROP_AFTER_HEADERS and at >= self._broken_at(pieces):
                # The reset throws away what the other side has not read yet.
                self.pauses.wait(READ_S)
                self._drop()
            if self.fault is Fault.SILENT_HALFWAY and at >= self._broken_at(pieces):
                yield from self._pings(PING)
                return
            yield piece
            self.pauses.wait(pace_s)

    def _broken_at(self, pieces: list[bytes]) -> int:
        return len(pieces) // 2 if self.breaks_after is None else min(self.breaks_after, len(pieces))

    def _pings(self, ping: bytes) -> Iterator[bytes]:
        for _ in range(int(self.timing.hang_s / self.timing.drip_s) + 1):
            yield ping
            self.pauses.wait(self.timing.drip_s)
            if self.pauses.are_over:
                return

    def _drop(self) -> None:
        self.cut()
        raise ConnectionResetError("the demo dropped the connection")


def spoil_image(content: Json, picture: bytes, fault: Fault) -> Json:
    """`content` with its first image's text broken in the way that `fault` says."""
    whole = base64.b64encode(picture).decode()
    match fault:
        case Fault.TRUNCATED_BASE64:
            broken = whole[: len(whole) // 2 // 4 * 4 + 1]
        case Fault.TRUNCATED_IMAGE:
            broken = base64.b64encode(picture[: len(picture) // 2]).decode()
        case Fault.NOT_AN_IMAGE:
            broken = base64.b64encode(b"This is a note, not a picture.").decode()
        case _:
            return content
    return {**content, "data": [{"b64_json": broken}]}


def _sliced(body: bytes) -> list[bytes]:
    step = max(1, -(-len(body) // SLICES))
    return [body[at : at + step] for at in range(0, len(body), step)]
