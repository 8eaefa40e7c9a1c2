from uuid import UUID

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from core.errors import DatabaseAway, PhotoGone, StorageAway
from core.server.health import health_route
from core.server.photo_route import photo_route

KNOWN = UUID("6f1c3a52-0d51-4f5b-9d53-6f3b4c9d2a10")
ADDRESS = f"/app/static/photos/{KNOWN}"


def stored_photo(photo_id: UUID, thumbnail: bool) -> bytes:
    if photo_id != KNOWN:
        raise PhotoGone
    return b"small" if thumbnail else b"full"


@pytest.fixture
def browser() -> TestClient:
    return TestClient(Starlette(routes=[photo_route(stored_photo), health_route()]))


def test_a_photo_is_kept_by_this_browser_alone_and_forever(browser: TestClient) -> None:
    reply = browser.get(ADDRESS)

    assert reply.content == b"full"
    assert reply.headers["content-type"] == "image/webp"
    assert reply.headers["cache-control"] == "private, max-age=31536000, immutable"


def test_the_thumbnail_has_an_etag_of_its_own(browser: TestClient) -> None:
    full, small = browser.get(ADDRESS), browser.get(ADDRESS, params={"size": "thumbnail"})

    assert small.content == b"small"
    assert small.headers["etag"] != full.headers["etag"]


def test_a_browser_that_has_the_photo_is_not_sent_it_again(browser: TestClient) -> None:
    etag = browser.get(ADDRESS).headers["etag"]

    reply = browser.get(ADDRESS, headers={"If-None-Match": etag})

    assert (reply.status_code, reply.content) == (304, b"")


def test_an_unknown_photo_is_not_found_and_not_remembered(browser: TestClient) -> None:
    reply = browser.get("/app/static/photos/6f1c3a52-0d51-4f5b-9d53-6f3b4c9d2a11")

    assert (reply.status_code, reply.headers["cache-control"]) == (404, "no-store")


def test_what_is_no_id_is_not_found(browser: TestClient) -> None:
    assert browser.get("/app/static/photos/..%2f..%2fsecret").status_code == 404


@pytest.mark.parametrize("trouble", [DatabaseAway(), StorageAway()])
def test_a_store_that_is_away_is_asked_again_later(trouble: Exception) -> None:
    def away(_photo_id: UUID, _thumbnail: bool) -> bytes:
        raise trouble

    reply = TestClient(Starlette(routes=[photo_route(away)])).get(ADDRESS)

    assert (reply.status_code, reply.headers["cache-control"]) == (503, "no-store")


def test_the_health_address_answers(browser: TestClient) -> None:
    assert browser.get("/healthz").json() == {"status": "ok"}
