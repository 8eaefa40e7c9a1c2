import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.browsing import Running, Start, by_our_command, by_streamlit, running_app, short_folder, visiting
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
DRAWN_WITHIN_MS = 60_000


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """A folder that has other wishes."""
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text(RIVAL_OPTIONS)
    return tmp_path


def headers_of(address: str) -> Message:
    with urllib.request.urlopen(address, timeout=60) as reply:
        headers: Message = reply.headers
        return headers


@contextmanager
def ending(start: Start, cwd: Path) -> Iterator[Running]:
    """The app over a new demo by the real command; it ends on a signal, and has asked nothing that names anybody."""
    with short_folder() as folder:
        with running_app(folder, start=start, cwd=cwd, PYTHONPATH=str(RECORDED)) as running:
            postmaster = psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().split()[0]))
            yield running
        psutil.wait_procs([postmaster], timeout=60)
        assert not postmaster.is_running()
        assert leaks(kept_requests(folder), demo_roster()) == []


def expect_itself(page: Page, address: str) -> None:
    """Hardened and in its own looks, whatever the folder that it was started from wishes."""
    assert "default-src 'self'" in headers_of(address)["Content-Security-Policy"]
    expect(page.get_by_role("link", name="Home", exact=True)).to_have_count(1)
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith("Figtree")


def test_by_our_command_it_is_itself_and_the_first_visit_sees_the_portraits_arrive_without_a_reload(
    elsewhere: Path, browser: Browser
) -> None:
    with ending(by_our_command, elsewhere) as running, visiting(browser, running.address) as visit:
        page = visit.open("/")
        expect_itself(page, running.address)

        expect(page.get_by_text("36 students · 24 have a photo")).to_be_visible(timeout=DRAWN_WITHIN_MS)
        expect(page.get_by_text("Nothing is running.")).to_be_visible(timeout=DRAWN_WITHIN_MS)


def test_by_streamlits_command_it_is_itself_as_well(elsewhere: Path, browser: Browser) -> None:
    with ending(by_streamlit, elsewhere) as running, visiting(browser, running.address) as visit:
        expect_itself(visit.open("/"), running.address)
