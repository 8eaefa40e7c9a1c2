"""A stand-in that keeps every request, so that a test can prove that nobody of the roster was named in any."""

import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from sqlalchemy import Connection, text

from core import bootstrap
from core.assistant.known_names import name_parts
from core.assistant.letters import folded
from core.assistant.ordinary_words import is_ordinary
from core.demo.faults import Fault
from core.demo.openai_stand_in import StandIn
from core.demo.pauses import Timing

AT_ONCE = Timing(chat_first_s=0, chat_piece_s=0, hang_s=3, drip_s=0.02)

_NAMES = text(
    "select full_name from students union select preferred_name from students where preferred_name <> ''"
    " union select full_name from guardians union select full_name from staff"
)
_REST = text(
    """
    select unnest(array[id::text, sourced_id]) from students
    union select unnest(array[id::text, email, phone]) from guardians
    union select unnest(array[id::text, email, sourced_id]) from staff
    """
)


class RecordingStandIn(StandIn):
    """In the process, or served like any other; may be asked by many at once."""

    def __init__(self, *, faults: Iterable[Fault | str] = (), timing: Timing = AT_ONCE) -> None:
        super().__init__(faults=faults, timing=timing)
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
        # A connection of its own, since a test may have stopped the server meanwhile.
        with owner.engine.connect() as reading:
            leaked = leaks(self.requests, reading)
        assert leaked == [], f"{len(leaked)} things about people left in {len(self.bodies)} requests: {leaked[:5]}"


def recorder_in_every_app(monkeypatch: pytest.MonkeyPatch, *, timing: Timing = AT_ONCE) -> RecordingStandIn:
    """Answers in the process for each app without a key that is built from now on."""
    stand_in = RecordingStandIn(timing=timing)
    monkeypatch.setattr(bootstrap, "make_app", lambda: stand_in)
    return stand_in


def leaks(requests: Iterable[object], owner: Connection) -> list[str]:
    """What tells who somebody is and stands in one of these requests."""
    said = "\n".join(string for request in requests for string in _strings(request))
    words, searched = {folded(word) for word in re.findall(r"\w+", said)}, folded(said)
    names = [str(name) for name in owner.scalars(_NAMES)]
    rest = [str(value) for value in owner.scalars(_REST) if value]
    # A part that is an ordinary word, such as Grace, stands in many a sentence that is about nobody.
    parts = {part for name in names for part in name_parts(name) if len(part) > 2 and not is_ordinary(part)}
    return [*(one for one in [*names, *rest] if _stands_in(folded(one), searched)), *sorted(parts & words)]


def _stands_in(one: str, said: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(one)}(?!\w)", said) is not None


def _strings(value: object) -> Iterator[str]:
    """Every string of a JSON value, the names of its members included."""
    match value:
        case str():
            yield value
        case dict():
            for key, member in value.items():
                yield from (str(key), *_strings(member))
        case list():
            for member in value:
                yield from _strings(member)
