import json
import re
from ipaddress import ip_network
from typing import Any
from uuid import uuid4

import pytest
import structlog
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.testclient import TestClient

from core.log import set_up_logs
from core.server.request_log import RequestLog
from core.settings import LogLevel

PROXY, VISITOR = ("10.0.0.7", 4711), ("203.0.113.9", 4711)
# What uvicorn makes of a request that came through a proxy on this machine.
BEHIND_A_PROXY_HERE = ("203.0.113.9", 0)
TRUSTED = (ip_network("10.0.0.0/8"), ip_network("127.0.0.1/32"))


def photo(_request: Request) -> Response:
    structlog.get_logger().info("photo_read")
    return PlainTextResponse("a picture")


def broken(_request: Request) -> Response:
    raise ValueError


def browser(client: tuple[str, int] = VISITOR) -> TestClient:
    """Of a server whose last route is not one of ours."""
    set_up_logs(LogLevel.INFO)
    ours = [Route("/photos/{photo_id}", photo), Route("/broken", broken), Route("/healthz", photo)]
    routes = [*ours, Route("/{page:path}", lambda _request: PlainTextResponse("a page"))]
    middleware = [Middleware(RequestLog, routes=ours, trusted=TRUSTED)]
    app = Starlette(routes=routes, middleware=middleware)
    return TestClient(app, client=client, raise_server_exceptions=False)


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_every_line_of_a_request_carries_the_id_of_its_answer(capsys: pytest.CaptureFixture[str]) -> None:
    replies = [browser().get("/photos/1"), browser().get("/photos/2")]

    ids = [reply.headers["x-request-id"] for reply in replies]
    assert all(re.fullmatch("[0-9a-f]{32}", one) for one in ids)
    assert [(line["event"], line["request_id"]) for line in lines(capsys)] == [
        (event, one) for one in ids for event in ("photo_read", "request")
    ]


def test_a_request_is_told_by_its_route_and_never_by_what_it_holds(capsys: pytest.CaptureFixture[str]) -> None:
    secret = str(uuid4())

    browser().get(f"/photos/{secret}", params={"code": secret})

    line = lines(capsys)[-1]
    assert (line["method"], line["route"], line["status"]) == ("GET", "/photos/{photo_id}", 200)
    assert 0 <= line["ms"] < 5000
    assert secret not in json.dumps(line)


def test_pages_files_and_looks_at_our_health_are_not_told(capsys: pytest.CaptureFixture[str]) -> None:
    browser().get("/Student_roster")
    browser().get("/healthz")

    assert [line["event"] for line in lines(capsys)] == ["photo_read"]


def test_a_request_that_failed_is_told_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert browser().get("/broken").status_code == 500

    assert [(line["route"], line["status"]) for line in lines(capsys)] == [("/broken", 500)]


@pytest.mark.parametrize(
    ("client", "given", "is_taken"),
    [
        (PROXY, "a1b2c3d4-e5f6", True),
        (BEHIND_A_PROXY_HERE, "a1b2c3d4-e5f6", True),
        (VISITOR, "a1b2c3d4-e5f6", False),
        (PROXY, "short", False),
        (PROXY, "x" * 65, False),
        (PROXY, 'a1b2c3d4" evil="yes', False),
        (PROXY, "", False),
    ],
)
def test_only_a_trusted_proxy_names_a_request_and_only_by_a_name(
    client: tuple[str, int], given: str, is_taken: bool
) -> None:
    reply = browser(client).get("/photos/1", headers={"X-Request-ID": given})

    assert (reply.headers["x-request-id"] == given) is is_taken
