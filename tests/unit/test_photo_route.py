import asyncio
import threading
from collections.abc import Callable, Collection
from uuid import UUID

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from core.accounts.person import Person
from core.errors import DatabaseAway, PhotoGone, StorageAway
from core.photos.supabase_storage import LINK_LIVES_S
from core.server.health import health_route
from core.server.photo_route import AT_ONCE, WAY_KEPT_S, by_its_id, photo_route

KNOWN = UUID("6f1c3a52-0d51-4f5b-9d53-6f3b4c9d2a10")
GENEROUS_S = 20
ADDRESS = f"/app/static/photos/{KNOWN}"


class Store:
    """One photo and its thumbnail, and what was read of them; with `site` they are fetched from there."""

    def __init__(self, trouble: Exception | None = None, site: str | None = None) -> None:
        self.trouble = trouble
        self.site = site
        self.read_keys: list[str] = []

    def key_by_id(self, photo_id: UUID, thumbnail: bool) -> str:
        if self.trouble is not None:
            raise self.trouble
        if photo_id != KNOWN:
            raise PhotoGone
        return "small" if thumbnail else "full"

    def key_for(self, person: Person, photo_id: UUID, thumbnail: bool) -> str:
        raise AssertionError((person, photo_id, thumbnail))

    def keys_beside(self, person: Person, photo_id: UUID) -> list[str]:
        raise AssertionError((person, photo_id))

    def link(self, key: str, beside: Callable[[], Collection[str]]) -> str | None:
        assert beside() == ()
        return None if self.site is None else f"{self.site}/{key}?token=signed"

    def read(self, key: str) -> bytes:
        self.read_keys.append(key)
        return key.encode()


def browser_of(store: Store) -> TestClient:
    return TestClient(Starlette(routes=[photo_route(by_its_id(lambda: store), store), health_route()]))


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def browser(store: Store) -> TestClient:
    return browser_of(store)


def test_a_photo_is_kept_by_this_browser_alone_and_forever(browser: TestClient) -> None:
    reply = browser.get(ADDRESS)

    assert reply.content == b"full"
    assert reply.headers["content-type"] == "image/webp"
    assert reply.headers["cache-control"] == "private, max-age=31536000, immutable"


def test_the_thumbnail_has_an_etag_of_its_own(browser: TestClient) -> None:
    full, small = browser.get(ADDRESS), browser.get(ADDRESS, params={"size": "thumbnail"})

    assert small.content == b"small"
    assert small.headers["etag"] != full.headers["etag"]


@pytest.mark.parametrize("known", ["{}", "W/{}", '"another", {}'])
def test_a_browser_that_has_the_photo_is_not_sent_it_again_and_nothing_is_read(
    browser: TestClient, store: Store, known: str
) -> None:
    etag = browser.get(ADDRESS).headers["etag"]

    reply = browser.get(ADDRESS, headers={"If-None-Match": known.format(etag)})

    assert (reply.status_code, reply.content) == (304, b"")
    assert store.read_keys == ["full"]


def test_a_browser_that_has_only_the_thumbnail_is_sent_the_photo(browser: TestClient) -> None:
    etag = browser.get(ADDRESS, params={"size": "thumbnail"}).headers["etag"]

    assert browser.get(ADDRESS, headers={"If-None-Match": etag}).content == b"full"


def test_a_photo_that_lies_elsewhere_is_fetched_from_there() -> None:
    store = Store(site="https://photos.example")

    reply = browser_of(store).get(ADDRESS, params={"size": "thumbnail"}, follow_redirects=False)

    assert (reply.status_code, reply.content) == (302, b"")
    assert reply.headers["location"] == "https://photos.example/small?token=signed"
    assert store.read_keys == []


def test_the_way_to_a_photo_is_forgotten_before_a_signed_link_ends_and_has_no_tag_to_be_renewed_by() -> None:
    reply = browser_of(Store(site="https://photos.example")).get(ADDRESS, follow_redirects=False)

    assert reply.headers["cache-control"] == f"private, max-age={WAY_KEPT_S}"
    # A link is handed out until half of its life is over.
    assert WAY_KEPT_S < LINK_LIVES_S / 2 / 2
    assert "etag" not in reply.headers


def test_a_browser_that_kept_the_photo_itself_is_not_sent_elsewhere_for_it(browser: TestClient) -> None:
    etag = browser.get(ADDRESS).headers["etag"]

    moved = browser_of(Store(site="https://photos.example"))

    assert moved.get(ADDRESS, headers={"If-None-Match": etag}, follow_redirects=False).status_code == 304


@pytest.mark.parametrize("site", [None, "https://photos.example"])
def test_an_unknown_photo_is_not_found_and_not_remembered(site: str | None) -> None:
    reply = browser_of(Store(site=site)).get("/app/static/photos/6f1c3a52-0d51-4f5b-9d53-6f3b4c9d2a11")

    assert (reply.status_code, reply.headers["cache-control"]) == (404, "no-store")


def test_what_is_no_id_is_not_found(browser: TestClient) -> None:
    assert browser.get("/app/static/photos/..%2f..%2fsecret").status_code == 404


@pytest.mark.parametrize("trouble", [DatabaseAway(), StorageAway()])
def test_a_store_that_is_away_is_asked_again_later(trouble: Exception) -> None:
    reply = browser_of(Store(trouble)).get(ADDRESS)

    assert (reply.status_code, reply.headers["cache-control"]) == (503, "no-store")


class HangingStore(Store):
    """Says nothing of any link until it `goes_on`."""

    def __init__(self) -> None:
        super().__init__(site="https://photos.example")
        self.asked: list[str] = []
        self.is_busy, self.goes_on = threading.Event(), threading.Event()

    def link(self, key: str, beside: Callable[[], Collection[str]]) -> str | None:
        self.asked.append(key)
        if len(self.asked) >= AT_ONCE:
            self.is_busy.set()
        assert self.goes_on.wait(GENEROUS_S)
        return super().link(key, beside)


async def statuses_while_photos_hang(store: HangingStore, many: int) -> tuple[int, int, set[int]]:
    """How many asked the store, another address's answer meanwhile, and the photos' in the end."""
    elsewhere = Route("/elsewhere", lambda _request: PlainTextResponse("by a thread"))
    app = Starlette(routes=[photo_route(by_its_id(lambda: store), store), elsewhere])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://school") as browser:
        photos = [asyncio.create_task(browser.get(ADDRESS)) for _ in range(many)]
        try:
            assert await asyncio.to_thread(store.is_busy.wait, GENEROUS_S)
            other = await asyncio.wait_for(browser.get("/elsewhere"), GENEROUS_S / 2)
            asked = len(store.asked)
        finally:
            store.goes_on.set()
        return asked, other.status_code, {(await photo).status_code for photo in photos}


def test_where_the_store_hangs_everything_else_is_answered() -> None:
    more_than_all_threads = 50

    assert asyncio.run(statuses_while_photos_hang(HangingStore(), more_than_all_threads)) == (AT_ONCE, 200, {302})


def test_the_health_address_answers(browser: TestClient) -> None:
    assert browser.get("/healthz").json() == {"status": "ok"}
