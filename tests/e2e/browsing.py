"""A server to look at and a visitor who tells of every request and every blocked one."""

import functools
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, sync_playwright

from core.settings import CHECKOUT

CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
READY = '[data-testid="stApp"][data-test-connection-state="CONNECTED"][data-test-script-state="notRunning"]'
START_S = 180
PATIENCE_MS = 60_000

Start = Callable[[int], list[str]]
"""The command that starts the app on a port."""


@dataclass
class Visit:
    """A browser's tab and what it did beside showing the page."""

    page: Page
    base_url: str
    other_hosts: list[str] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to an address of the app and wait until its page is drawn."""
        self.page.goto(self.base_url + path)
        self.settle()
        return self.page

    def settle(self) -> None:
        """Wait until no script runs."""
        self.page.locator(READY).wait_for()

    def note_request(self, request: Request) -> None:
        ours = (self.base_url, self.base_url.replace("http", "ws"), "data:", "blob:")
        if not request.url.startswith(ours):
            self.other_hosts.append(request.url)

    def note_console(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.violations.append(message.text)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """The Chromium that CHROMIUM names, or the system's."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium-headless-shell") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_OPTIONS)
        yield browser
        browser.close()


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    address: str
    process: subprocess.Popen[bytes]
    ready_s: float
    data_dir: Path


def by_our_command(_port: int) -> list[str]:
    """The port comes from the environment."""
    return [_program("staffroom"), "serve"]


def by_recording_command(_port: int) -> list[str]:
    """The same, with what its stand-in is asked kept in the data folder."""
    return [sys.executable, "-m", "tests.e2e.recording_server"]


def by_streamlit(port: int) -> list[str]:
    """As a host does that knows nothing of us."""
    address = ["--server.port", str(port), "--server.address", "127.0.0.1"]
    return [_program("streamlit"), "run", str(CHECKOUT / "Home.py"), *address]


@contextmanager
def running_app(
    folder: Path | None = None, *, start: Start = by_our_command, cwd: Path = CHECKOUT, **environment: str
) -> Iterator[Running]:
    """The app over the data folder, or over one of its own that is gone in the end."""
    with _folder_or_own(folder) as data_dir:
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        own = {"PORT": str(port), "STAFFROOM_DATA_DIR": str(data_dir), "OPENAI_API_KEY": "", "DATABASE_URL": ""}
        begun = time.monotonic()
        data_dir.mkdir(mode=0o700, exist_ok=True)
        log = data_dir / "server.log"
        with _started(start(port), {**os.environ, **own, **environment}, cwd, log) as process:
            _wait_until_healthy(address, process, log)
            yield Running(address, process, time.monotonic() - begun, data_dir)


@contextmanager
def _folder_or_own(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        yield folder
        return
    with short_folder() as own:
        yield own


@contextmanager
def short_folder() -> Iterator[Path]:
    """A folder of its own for a server's data; its name is short, because socket paths end at 107 characters."""
    with tempfile.TemporaryDirectory(prefix="sr", dir="/tmp", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


@contextmanager
def _started(
    command: list[str], environment: dict[str, str], cwd: Path, log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=environment, cwd=cwd, stdout=output, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.terminate()
        process.wait(timeout=180)


@contextmanager
def visiting(browser: Browser, address: str, *, width: int = 1440, dark: bool = False) -> Iterator[Visit]:
    """A visitor in a tab of their own; ends with the promise that every page keeps."""
    with _tab(browser, address) as page:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme="dark" if dark else "light")
        visit = Visit(page, address)
        page.on("request", visit.note_request)
        page.on("console", visit.note_console)
        yield visit
        page.remove_listener("request", visit.note_request)
        page.remove_listener("console", visit.note_console)
        assert visit.other_hosts == []
        assert visit.violations == []


@contextmanager
def _tab(browser: Browser, address: str) -> Iterator[Page]:
    """One that an earlier visitor left, if there is: its process has read Streamlit's scripts already."""
    context, left = _tabs_of(browser, address)
    page = left.pop() if left else context.new_page()
    try:
        yield page
        # An address of the same server, since for another one the browser would begin a new process.
        page.goto(f"{address}/healthz")
    except BaseException:
        page.close()
        raise
    left.append(page)


@functools.cache
def _tabs_of(browser: Browser, _address: str) -> tuple[BrowserContext, list[Page]]:
    """One a server: without what it fetched before, a browser reads Streamlit's scripts anew for a second."""
    context = browser.new_context(locale="en-SG", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE_MS)
    return context, []


def _program(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def free_port() -> int:
    """A port that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_healthy(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=1).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
        else:
            return
    raise RuntimeError("The server did not start:\n" + log.read_text(encoding="utf-8"))
