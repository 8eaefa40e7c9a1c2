"""One server and one browser for the tests of a worker."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browsing import Visit, by_recording_command, open_browser, running_app, visiting
from tests.e2e.drawn_demo import drawn_demo, owner_of
from tests.e2e.recording_server import kept_requests
from tests.e2e.school import School, running_school
from tests.integration.assistant.roster_leaks import leaks, roster_of

# Several browsers and servers share two processors here, and checks run on slow, busy machines.
EXPECT_MS = 60_000
MOST_S = 300


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each of the many waits of one of these tests may take long where other tests have the processors."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.timeout(MOST_S))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    expect.set_options(timeout=EXPECT_MS)
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="session")
def app_address() -> Iterator[str]:
    """One demo for all tests of this worker that don't mind each other's traces."""
    with drawn_demo() as folder, running_app(folder, start=by_recording_command) as running:
        yield running.address
        with owner_of(folder) as owner:
            assert leaks(kept_requests(folder), roster_of(owner)) == []


@pytest.fixture
def visit(browser: Browser, app_address: str) -> Iterator[Visit]:
    with visiting(browser, app_address) as visit:
        yield visit


@pytest.fixture(scope="session")
def shared_school() -> Iterator[School]:
    with running_school() as school:
        yield school


@pytest.fixture
def school(shared_school: School) -> Iterator[School]:
    """A school with its provider in the test's hands; a worker's tests share it, each with classes of its own."""
    yield shared_school
    shared_school.come_to_rest()
    shared_school.provider.assert_nobody_named(shared_school.owner)
    # Of these the next test need not answer for.
    shared_school.provider.bodies.clear()
