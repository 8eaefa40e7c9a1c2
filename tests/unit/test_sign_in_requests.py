from ipaddress import ip_network
from typing import Any
from uuid import UUID

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from core.accounts.person import Person, Role
from core.accounts.sessions import SESSION_COOKIE
from core.errors import DatabaseAway
from core.server.client_address import client_address
from core.server.only_signed_in import OnlySignedIn

PROXIES = [ip_network("10.0.0.0/8"), ip_network("::1/128")]


class FakeSessions:
    """Knows one token; may be away."""

    is_away = False

    def person(self, token: str, *, is_seen: bool = True) -> Person | None:
        assert not is_seen
        if self.is_away:
            raise DatabaseAway
        here = Person(UUID(int=1), UUID(int=2), "Mei Tan", Role.TEACHER, "North", "Asia/Singapore", is_demo=False)
        return here if token == "live" else None


def browser(sessions: FakeSessions, token: str | None) -> TestClient:
    inner: Any = Starlette(
        routes=[Route("/{rest:path}", lambda _: PlainTextResponse("served"), methods=["GET", "PUT", "POST"])]
    )
    of_sessions: Any = lambda: sessions  # noqa: E731 -- stands for the app's own
    client = TestClient(OnlySignedIn(inner, of_sessions), follow_redirects=False, headers={"Accept": "text/html,*/*"})
    if token is not None:
        client.cookies.set(SESSION_COOKIE, token)
    return client


@pytest.mark.parametrize("token", [None, "over", 'a"b'])
def test_a_visitor_who_is_not_signed_in_is_led_to_sign_in_and_back(token: str | None) -> None:
    reply = browser(FakeSessions(), token).get("/Student_roster?student=7&view=a%20b")

    assert reply.status_code == 303
    assert reply.headers["location"] == "/sign-in?next=%2FStudent_roster%3Fstudent%3D7%26view%3Da%2520b"


def test_a_member_is_let_through() -> None:
    assert browser(FakeSessions(), "live").get("/Usage").text == "served"


@pytest.mark.parametrize("other", ['layout={"open": true}', "seen=Tan Mei", "seen=Zoë", "flag", "list[0]=1"])
def test_another_program_s_cookie_keeps_no_member_out(other: str) -> None:
    header = f"{other}; {SESSION_COOKIE}=live".encode()

    assert browser(FakeSessions(), None).get("/Usage", headers={b"Cookie": header}).text == "served"


@pytest.mark.parametrize(
    "path", ["/sign-in", "/static/js/index.js", "/app/static/logo.svg", "/_stcore/health", "/healthz"]
)
def test_what_sign_in_itself_needs_is_open(path: str) -> None:
    assert browser(FakeSessions(), None).get(path).text == "served"


@pytest.mark.parametrize(("method", "path"), [("GET", "/media/abc.csv"), ("PUT", "/_stcore/upload_file/s/f")])
def test_files_of_pages_are_for_members_alone(method: str, path: str) -> None:
    visitor, member = browser(FakeSessions(), None), browser(FakeSessions(), "live")

    assert visitor.request(method, path).status_code == 401
    assert member.request(method, path).text == "served"


def test_while_the_database_is_away_a_page_may_say_so_and_files_stay_shut() -> None:
    sessions = FakeSessions()
    sessions.is_away = True
    client = browser(sessions, "live")

    assert client.get("/Usage").text == "served"
    assert client.get("/media/abc.csv").status_code == 401


@pytest.mark.parametrize(
    ("direct", "forwarded", "found"),
    [
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
        ("::1", "2001:db8::1", "2001:db8::1"),
        ("10.0.0.1", "not an address", "not an address"),
    ],
)
def test_only_trusted_proxies_are_believed(direct: str, forwarded: str, found: str) -> None:
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    request = Request({"type": "http", "headers": headers, "client": (direct, 1)})

    assert client_address(request, PROXIES) == found
