"""The shipped proxies in front of the app, and in front of several servers."""

import http.client
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from core.accounts.sessions import SESSION_COOKIE
from tests.production.deployment import Deployment
from tests.production.proxies import Make, Proxy, caddy, nginx, running, trusting
from tests.production.schools import PASSWORD, School

# Also this machine, but not the proxy's own address.
SOMEBODY = "127.0.0.2"
PROXIES = pytest.mark.parametrize("make", [nginx, caddy], ids=["nginx", "caddy"])
ANSWER_S = 60


@pytest.fixture
def proxy(request: pytest.FixtureRequest, tmp_path: Path, deployment: Deployment) -> Iterator[Proxy]:
    file = {nginx: "staffroom.conf", caddy: "Caddyfile"}[request.param]
    with running(request.param(tmp_path, file, urlsplit(deployment.second).netloc), deployment.programs.hold) as proxy:
        yield proxy


def drawn_over(proxy: Proxy, token: str) -> list[bytes]:
    """Everything that the first run of a page sends, message by message."""
    stream = f"{proxy.address.replace('http', 'ws', 1)}/_stcore/stream"
    drawn: list[bytes] = []
    headers = {"Cookie": f"{SESSION_COOKIE}={token}", "Origin": proxy.address}
    with connect(
        stream, ssl=trusting(), additional_headers=headers, subprotocols=[Subprotocol("streamlit")], max_size=None
    ) as socket:
        socket.send(BackMsg(rerun_script=ClientState(query_string="")).SerializeToString())
        while not drawn or ForwardMsg.FromString(drawn[-1]).WhichOneof("type") != "script_finished":
            message = socket.recv(timeout=ANSWER_S)
            assert isinstance(message, bytes)
            drawn.append(message)
    return drawn


@pytest.mark.parametrize("proxy", [nginx, caddy], ids=["nginx", "caddy"], indirect=True)
def test_a_member_signs_in_and_sees_a_page_under_their_own_address(
    proxy: Proxy, deployment: Deployment, contoso: School
) -> None:
    member = contoso.hire()
    form = {"email": contoso.email(member), "password": PASSWORD}
    forged = {"Origin": proxy.address, "X-Forwarded-For": "203.0.113.9", "X-Request-ID": "forged-by-somebody"}
    transport = httpx.HTTPTransport(local_address=SOMEBODY, verify=trusting())
    with httpx.Client(transport=transport, base_url=proxy.address, timeout=ANSWER_S) as browser:
        reply = browser.post("/sign-in", data=form, headers=forged)

    assert reply.status_code == 303
    assert reply.headers["x-frame-options"] == "DENY"
    assert deployment.supabase.seen[-1].headers["sb-forwarded-for"] == SOMEBODY
    request_id = reply.headers["x-request-id"]
    assert request_id != forged["X-Request-ID"]
    assert request_id in deployment.logs()
    deployment.kept_secret.add(reply.cookies[SESSION_COOKIE])
    assert any(member.full_name.encode() in message for message in drawn_over(proxy, reply.cookies[SESSION_COOKIE]))
    written = "\n".join(path.read_text(errors="replace") for path in proxy.folder.glob("*.log"))
    assert reply.cookies[SESSION_COOKIE] not in written


class Piecemeal(ThreadingHTTPServer):
    """Says which server it is, and holds the rest of an answer back until `rest_may_come`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.rest_may_come = threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def netloc(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    @property
    def home(self) -> Piecemeal:
        assert isinstance(self.server, Piecemeal)
        return self.server

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        # A server that is gone answers on no connection that was kept.
        self.send_header("Connection", "close")
        self.end_headers()
        self.piece(self.home.netloc.encode())
        if self.path == "/slow":
            self.home.rest_may_come.wait(ANSWER_S)
            self.piece(b"rest")
        self.piece(b"")

    def piece(self, content: bytes) -> None:
        self.wfile.write(f"{len(content):x}\r\n".encode() + content + b"\r\n")
        self.wfile.flush()

    def log_message(self, *_arguments: object) -> None:
        """Keeps the tests' output free of requests."""


@pytest.fixture
def two() -> Iterator[tuple[Piecemeal, Piecemeal]]:
    servers = (Piecemeal(), Piecemeal())
    yield servers
    for server in servers:
        server.rest_may_come.set()
        server.shutdown()
        server.server_close()


SEVERAL = {nginx: "several.conf", caddy: "Caddyfile.several"}


@PROXIES
def test_a_browser_stays_with_its_server_until_that_one_is_gone(
    make: Make, tmp_path: Path, two: tuple[Piecemeal, Piecemeal]
) -> None:
    with (
        running(make(tmp_path, SEVERAL[make], *(server.netloc for server in two))) as proxy,
        httpx.Client(base_url=proxy.address, verify=trusting(), timeout=ANSWER_S) as browser,
    ):
        met = {browser.get("/").text for _ in range(8)}
        others = {httpx.get(proxy.address, verify=trusting()).text for _ in range(24)}
        home = next(server for server in two if server.netloc in met)
        home.shutdown()
        home.server_close()
        moved = browser.get("/").text

    assert met == {home.netloc}
    assert others == {server.netloc for server in two}
    assert moved == next(server.netloc for server in two if server is not home)


@PROXIES
def test_what_the_app_sends_piece_by_piece_arrives_so(
    make: Make, tmp_path: Path, two: tuple[Piecemeal, Piecemeal]
) -> None:
    with running(make(tmp_path, SEVERAL[make], *(server.netloc for server in two))) as proxy:
        port = urlsplit(proxy.address).port
        connection = http.client.HTTPSConnection("localhost", port, context=trusting(), timeout=ANSWER_S)
        connection.request("GET", "/slow")
        reply = connection.getresponse()
        # Nothing more is sent before this arrived.
        first = reply.read1()
        for server in two:
            server.rest_may_come.set()

        assert first in {server.netloc.encode() for server in two}
        assert reply.read() == b"rest"
        connection.close()


@PROXIES
def test_no_log_keeps_a_link_of_sign_in_even_where_nobody_answers(
    make: Make, tmp_path: Path, two: tuple[Piecemeal, Piecemeal]
) -> None:
    with running(make(tmp_path, SEVERAL[make], *(server.netloc for server in two))) as proxy:
        for server in two:
            server.shutdown()
            server.server_close()
        reply = httpx.get(
            f"{proxy.address}/sign-in/new-password?token_hash=onceonly", verify=trusting(), timeout=ANSWER_S
        )

    assert reply.status_code in {502, 503}
    assert [path for path in tmp_path.rglob("*.log") if "onceonly" in path.read_text(errors="replace")] == []
