"""One server and one browser for the tests of a worker."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browsing import Visit, open_browser, running_app, visiting

PATIENCE_MS = 60_000
# Several browsers and servers share two processors here.
EXPECT_MS = 15_000


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=EXPECT_MS)
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def app_address(browser: Browser) -> Iterator[str]:
    """One demo for all tests of this worker that don't mind each other's traces."""
    with running_app() as running:
        _wait_for_portraits(browser, running.address)
        yield running.address


def _wait_for_portraits(browser: Browser, address: str) -> None:
    """The demo's first portraits take the processors for a while, and pages would answer late meanwhile."""
    with visiting(browser, address) as visit:
        expect(visit.open("/?as=siti").get_by_text("Nothing is running.")).to_be_visible(timeout=PATIENCE_MS)


@pytest.fixture
def visit(browser: Browser, app_address: str) -> Iterator[Visit]:
    with visiting(browser, app_address) as visit:
        yield visit
