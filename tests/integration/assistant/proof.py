"""After each test that asked a stand-in for anything: nobody of its roster was named in any request."""

import io
import json
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from sqlalchemy import create_engine

from core.db.addresses import sqlalchemy_url
from core.demo.openai_stand_in import StandIn
from tests.integration.assistant.roster_leaks import Roster, demo_roster, leaks, roster_of
from tests.postgres import Addresses


@contextmanager
def every_request(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bytes]]:
    """The bodies that reach any stand-in of this process, whoever made it."""
    bodies: list[bytes] = []
    answer = StandIn.__call__

    def record(self: StandIn, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        bodies.append(body)
        return answer(self, {**environ, "wsgi.input": io.BytesIO(body)}, start_response)

    with monkeypatch.context() as patch:
        patch.setattr(StandIn, "__call__", record)
        yield bodies


@pytest.fixture(autouse=True)
def nobody_named(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Everything else of the test ends first, so that what is asked at the very end counts, too."""
    addresses = request.getfixturevalue("addresses") if "addresses" in request.fixturenames else None
    with every_request(monkeypatch) as bodies:
        yield
    asked = [json.loads(body) for body in bodies if body.startswith(b"{")]
    assert not asked or leaks(asked, _roster(addresses)) == []


def _roster(addresses: Addresses | None) -> Roster:
    """Of the test's own database; an app with an embedded one took it along, and shows the demo."""
    if addresses is None:
        return demo_roster()
    engine = create_engine(sqlalchemy_url(addresses.owner), isolation_level="AUTOCOMMIT")
    with closing(engine.connect()) as owner:
        roster = roster_of(owner)
    engine.dispose()
    return roster
