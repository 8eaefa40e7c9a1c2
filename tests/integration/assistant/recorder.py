"""A stand-in that keeps every request, so that a test can prove that nobody of the roster was named in any."""

import io
import json
from collections.abc import Iterable, Sequence
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from sqlalchemy import Connection

from core import parts
from core.demo.faults import Fault
from core.demo.openai_stand_in import StandIn
from core.demo.pauses import Timing
from tests.integration.assistant import roster_leaks
from tests.integration.photos.small_pictures import draw_small

AT_ONCE = Timing(chat_first_s=0, chat_piece_s=0, hang_s=600, drip_s=0.02)


class RecordingStandIn(StandIn):
    """In the process, or served like any other; may be asked by many at once."""

    def __init__(self, *, faults: Iterable[Fault | str] = (), timing: Timing = AT_ONCE) -> None:
        super().__init__(faults=faults, timing=timing, draw=draw_small)
        self.bodies: list[bytes] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        self.bodies.append(body)
        return super().__call__({**environ, "wsgi.input": io.BytesIO(body)}, start_response)

    def pace(self, timing: Timing) -> None:
        """How fast the next answers come."""
        self._timing = timing

    @property
    def requests(self) -> Sequence[dict[str, Any]]:
        return [json.loads(body) for body in self.bodies if body]

    def assert_nobody_named(self, owner: Connection) -> None:
        """No name, contact or id of anyone of any school stands in any request."""
        if not self.bodies:
            return
        # A connection of its own, since a test may have stopped the server meanwhile.
        with owner.engine.connect() as reading:
            leaked = leaks(self.requests, reading)
        assert leaked == [], f"{len(leaked)} things about people left in {len(self.bodies)} requests: {leaked[:5]}"


def recorder_in_every_app(monkeypatch: pytest.MonkeyPatch, *, timing: Timing = AT_ONCE) -> RecordingStandIn:
    """Answers in the process for each app without a key that is built from now on."""
    stand_in = RecordingStandIn(timing=timing)
    monkeypatch.setattr(parts, "make_app", lambda: stand_in)
    return stand_in


def leaks(requests: Iterable[object], owner: Connection) -> list[str]:
    """What tells who somebody is, of anyone in this database, and stands in one of these requests."""
    return roster_leaks.leaks(requests, roster_leaks.roster_of(owner))
