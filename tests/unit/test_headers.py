import base64
import hashlib

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from core.server.closed import ClosedAddresses
from core.server.headers import SecurityHeaders, content_policy, inline_script_hashes, security_headers, streamlit_page


async def answer_with_own_headers(_request: Request) -> PlainTextResponse:
    return PlainTextResponse("ok", headers={"Referrer-Policy": "unsafe-url", "X-Own": "kept"})


def client(headers: dict[str, str]) -> TestClient:
    app = Starlette(routes=[Route("/", answer_with_own_headers)])
    return TestClient(SecurityHeaders(app, headers))


def test_a_header_of_the_same_name_is_replaced() -> None:
    reply = client({"Referrer-Policy": "same-origin"}).get("/")

    assert reply.headers.get_list("referrer-policy") == ["same-origin"]


def test_other_headers_of_a_reply_are_kept() -> None:
    reply = client({"Referrer-Policy": "same-origin"}).get("/")

    assert reply.headers["x-own"] == "kept"


def test_a_missing_page_carries_the_headers_too() -> None:
    reply = client(security_headers(may_be_framed=True)).get("/nowhere")

    assert reply.status_code == 404
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_only_inline_scripts_are_hashed() -> None:
    html = '<script src="a.js"></script><script>one</script><script type="module">two</script>'

    hashes = inline_script_hashes(html)

    expected = [base64.b64encode(hashlib.sha256(script).digest()).decode() for script in (b"one", b"two")]
    assert hashes == [f"'sha256-{digest}'" for digest in expected]


def test_the_installed_streamlit_page_has_an_inline_script_to_hash() -> None:
    assert len(inline_script_hashes(streamlit_page())) == 1


def test_scripts_may_not_come_from_elsewhere_or_be_written_into_the_page() -> None:
    policy = content_policy(["'sha256-x'"], may_be_framed=True, photo_hosts=())

    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["script-src"] == "'self' 'wasm-unsafe-eval' 'sha256-x'"
    assert rules["default-src"] == "'self'"
    assert "http" not in policy


def test_a_photo_host_may_serve_images_and_nothing_else() -> None:
    policy = content_policy([], may_be_framed=True, photo_hosts=["https://photos.example"])

    rules = [rule for rule in policy.split("; ") if "photos.example" in rule]
    assert [rule.split()[0] for rule in rules] == ["img-src"]


@pytest.mark.parametrize("may_be_framed", [True, False])
def test_only_our_own_server_forbids_frames(may_be_framed: bool) -> None:
    headers = security_headers(may_be_framed=may_be_framed)

    assert ("frame-ancestors 'none'" in headers["Content-Security-Policy"]) is not may_be_framed
    assert ("X-Frame-Options" in headers) is not may_be_framed


def test_closed_addresses_are_not_found() -> None:
    app = ClosedAddresses(Starlette(routes=[Route("/{rest:path}", answer_with_own_headers)]), ("/_stcore/metrics",))

    assert TestClient(app).get("/_stcore/metrics").status_code == 404
    assert TestClient(app).get("/_stcore/health").status_code == 200
