import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, expect

from core.settings import CHECKOUT
from tests.e2e.browsing import Running, Start, by_our_command, by_streamlit, running_app, short_folder, visiting
from tests.e2e.drawn_demo import drawn_demo
from tests.e2e.recording_server import kept_requests
from tests.integration.assistant.roster_leaks import demo_roster, leaks

RECORDED = Path(__file__).with_name("recorded")
RIVAL_OPTIONS = """
[client]
showErrorDetails = "full"
showSidebarNavigation = true
[theme]
primaryColor = "#ff0000"
"""


@pytest.fixture(params=[by_our_command, by_streamlit])
def start(request: pytest.FixtureRequest) -> Start:
    chosen: Start = request.param
    return chosen


@pytest.fixture
def elsewhere(start: Start, tmp_path: Path) -> Iterator[Running]:
    """Started from a folder that has other wishes."""
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text(RIVAL_OPTIONS)
    with drawn_demo() as folder, recorded_app(folder, start=start, cwd=tmp_path) as running:
        yield running


@contextmanager
def recorded_app(folder: Path, *, start: Start, cwd: Path = CHECKOUT) -> Iterator[Running]:
    """By the real command; in the end nobody was named in anything that it asked."""
    with running_app(folder, start=start, cwd=cwd, PYTHONPATH=str(RECORDED)) as running:
        yield running
    assert leaks(kept_requests(folder), demo_roster()) == []


def headers_of(address: str) -> Message:
    with urllib.request.urlopen(address, timeout=5) as reply:
        headers: Message = reply.headers
        return headers


def test_from_whatever_folder_the_app_is_hardened_and_looks_like_itself(elsewhere: Running, browser: Browser) -> None:
    policy = headers_of(elsewhere.address)["Content-Security-Policy"]
    with visiting(browser, elsewhere.address) as visit:
        page = visit.open("/")

        expect(page.get_by_role("link", name="Home", exact=True)).to_have_count(1)
        assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith("Figtree")
    assert "default-src 'self'" in policy


def test_both_starts_end_on_a_signal_and_leave_no_database_running(start: Start) -> None:
    with short_folder() as folder:
        with recorded_app(folder, start=start):
            postmaster = psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]))

        psutil.wait_procs([postmaster], timeout=10)
        assert not postmaster.is_running()
