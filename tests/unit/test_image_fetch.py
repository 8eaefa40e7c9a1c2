import ssl
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from core.clients.image_fetch import ImageFetch
from core.errors import ImageAway, NotAnImage

PICTURE = b"RIFF-made-up-picture"


class Handler(BaseHTTPRequestHandler):
    """One path per behaviour of a picture server."""

    def do_GET(self) -> None:
        self.server.seen.append(self.headers["Host"])  # type: ignore[attr-defined]
        status = {"/moved": 302, "/gone": 404, "/broken": 503, "/busy": 429}.get(self.path, 200)
        kind = "text/html" if self.path == "/page" else "image/png"
        body = PICTURE * 100 if self.path == "/large" else PICTURE
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Location", "/picture")
        if self.path == "/cut":
            self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        listening.seen = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


def local_fetch(max_bytes: int = 10_000) -> ImageFetch:
    return ImageFetch(frozenset({"127.0.0.1"}), allow_loopback_http=True, max_bytes=max_bytes)


def address(server: ThreadingHTTPServer, path: str) -> str:
    return f"http://127.0.0.1:{server.server_port}{path}"


def test_a_listed_picture_is_fetched(server: ThreadingHTTPServer) -> None:
    assert local_fetch().fetch(address(server, "/picture")) == PICTURE


@pytest.mark.parametrize("path", ["/moved", "/gone", "/page"])
def test_what_is_no_picture_is_refused_and_no_redirect_followed(server: ThreadingHTTPServer, path: str) -> None:
    with pytest.raises(NotAnImage):
        local_fetch().fetch(address(server, path))


@pytest.mark.parametrize("path", ["/broken", "/busy", "/cut"])
def test_a_server_in_trouble_is_asked_again_later(server: ThreadingHTTPServer, path: str) -> None:
    with pytest.raises(ImageAway):
        local_fetch().fetch(address(server, path))


def test_a_file_without_end_is_cut_off(server: ThreadingHTTPServer) -> None:
    with pytest.raises(NotAnImage):
        local_fetch(max_bytes=500).fetch(address(server, "/large"))


def test_a_slow_drip_is_given_up(server: ThreadingHTTPServer) -> None:
    now = iter([0.0, 31.0, 31.0])
    fetch = ImageFetch(frozenset({"127.0.0.1"}), allow_loopback_http=True, clock=lambda: next(now))

    with pytest.raises(ImageAway):
        fetch.fetch(address(server, "/picture"))


def test_nobody_listening_is_asked_again_later() -> None:
    with pytest.raises(ImageAway):
        local_fetch().fetch("http://127.0.0.1:1/picture")


@pytest.mark.parametrize(
    "url",
    [
        "http://pictures.example/a.png",
        "https://other.example/a.png",
        "https://pictures.example.evil.example/a.png",
        "https://pictures.example:8443/a.png",
        "https://user:secret@pictures.example/a.png",
        "https://user@pictures.example/a.png",
        "ftp://pictures.example/a.png",
        "file:///etc/passwd",
        "//pictures.example/a.png",
        "http://127.0.0.1/a.png",
        "https://",
        "not an address",
        "https://pictures.example:99999/",
        "http://[",
        "https://pictures.example/\ud800.png",
        "https://pictures.example/\x00.png",
        "https://\ud800/a.png",
        "",
    ],
)
def test_only_listed_hosts_over_https_are_asked(url: str) -> None:
    def never(host: str, port: int) -> list[str]:
        raise AssertionError(host, port)

    with pytest.raises(NotAnImage):
        ImageFetch(frozenset({"pictures.example"}), resolve=never).fetch(url)


@pytest.mark.parametrize(
    "addresses", [["127.0.0.1"], ["10.0.0.8"], ["169.254.169.254"], ["1.1.1.1", "10.0.0.8"], ["::ffff:127.0.0.1"]]
)
def test_a_listed_name_that_leads_inside_is_refused(addresses: list[str]) -> None:
    fetch = ImageFetch(frozenset({"pictures.example"}), resolve=lambda _host, _port: addresses)

    with pytest.raises(NotAnImage):
        fetch.fetch("https://pictures.example/a.png")


def test_loopback_over_http_needs_the_operators_leave(server: ThreadingHTTPServer) -> None:
    with pytest.raises(NotAnImage):
        ImageFetch(frozenset({"127.0.0.1"})).fetch(address(server, "/picture"))


def test_a_loopback_name_that_leads_elsewhere_is_refused() -> None:
    fetch = ImageFetch(frozenset({"localhost"}), allow_loopback_http=True, resolve=lambda _host, _port: ["10.0.0.8"])

    with pytest.raises(NotAnImage):
        fetch.fetch("http://localhost:8000/a.png")


def test_the_checked_address_is_the_one_that_is_asked(server: ThreadingHTTPServer) -> None:
    fetch = ImageFetch(
        frozenset({"pictures.local"}), allow_loopback_http=True, resolve=lambda _host, _port: ["127.0.0.1"]
    )

    fetch.fetch(f"http://pictures.local:{server.server_port}/picture")

    assert server.seen[-1] == f"pictures.local:{server.server_port}"  # type: ignore[attr-defined]


def test_the_certificate_must_be_the_names(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted: list[object] = []

    def greet(_self: ssl.SSLContext, _socket: object, *, server_hostname: str, **_options: object) -> None:
        wanted.append(server_hostname)
        raise ssl.SSLError

    monkeypatch.setattr("core.clients.image_fetch.is_public", lambda _address: True)
    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", greet)
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        name = f"pictures.example:{listening.server_port}"
        fetch = ImageFetch(frozenset({name}), resolve=lambda _host, _port: ["127.0.0.1"])
        with pytest.raises(ImageAway):
            fetch.fetch(f"https://{name}/a.png")

    assert wanted == ["pictures.example"]


def test_a_name_nobody_knows_is_asked_again_later() -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError(host, port)

    with pytest.raises(ImageAway):
        ImageFetch(frozenset({"pictures.example"}), resolve=unknown).fetch("https://pictures.example/a.png")
