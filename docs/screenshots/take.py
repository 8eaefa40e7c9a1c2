"""Takes the README's pictures of the demo: `make screenshots`."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.e2e.browsing import open_browser, running_app, visiting
from tests.e2e.drawn_demo import wait_until_drawn

FOLDER = Path(__file__).parent
PATIENCE_MS = 120_000
CHARTS_MS = 1500


def main() -> None:
    with running_app() as running, open_browser() as browser:
        address = running.address
        wait_until_drawn(running.data_dir)
        _take(browser, address, "/", "home")
        _take(browser, address, "/Student_roster", "roster")
        _take(browser, address, "/Student_roster", "roster-dark", dark=True)
        _take(browser, address, "/Student_roster", "roster-phone", width=390)
        # Before anything is made anew, which the page would tell of at this moment.
        _take_usage(browser, address)
        _take_budgets(browser, address)
        _take_class_photos(browser, address)
        _take_assistant(browser, address)


def _take(browser: Browser, address: str, path: str, name: str, *, width: int = 1440, dark: bool = False) -> None:
    with visiting(browser, address, width=width, dark=dark) as visit:
        page = visit.open(path)
        _wait_until_drawn(page)
        page.screenshot(path=FOLDER / f"{name}.png")


def _take_usage(browser: Browser, address: str) -> None:
    """The whole page as an admin sees it: a month of made-up use beside the month before."""
    with visiting(browser, address) as visit:
        page = visit.open("/Usage?as=siti")
        page.locator('[data-testid="stPlotlyChart"] .main-svg').first.wait_for(timeout=PATIENCE_MS)
        height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
        page.set_viewport_size({"width": 1440, "height": height})
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(CHARTS_MS)
        page.screenshot(path=FOLDER / "usage.png")


def _take_budgets(browser: Browser, address: str) -> None:
    with visiting(browser, address) as visit:
        page = visit.open("/School_settings?as=siti&section=budgets")
        page.get_by_role("button", name="Set a budget").wait_for(timeout=PATIENCE_MS)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(CHARTS_MS)
        page.screenshot(path=FOLDER / "school-settings.png")


def _take_class_photos(browser: Browser, address: str) -> None:
    """A class at work: some are done, one may be in the making, the others wait for their turn."""
    with visiting(browser, address) as visit:
        page = visit.open("/Class_photos?style=illustrated")
        page.get_by_role("button", name=re.compile("^Generate photos for")).click()
        page.get_by_text(re.compile(r"^6 of \d+ finished")).first.wait_for(timeout=PATIENCE_MS)
        page.wait_for_function("[...document.images].every(image => image.complete)", timeout=PATIENCE_MS)
        page.screenshot(path=FOLDER / "class-photos.png")


def _take_assistant(browser: Browser, address: str) -> None:
    """The end of an answer about a student, with its records and the card beside it."""
    with visiting(browser, address) as visit:
        page = visit.open("/Assistant")
        box = page.get_by_role("textbox", name="Ask, or type / for a command")
        box.fill("/ptm Tan Wei Ming Marcus")
        box.press("Enter")
        page.get_by_text("Records behind this answer").wait_for(timeout=PATIENCE_MS)
        visit.settle()
        page.wait_for_timeout(CHARTS_MS)
        page.screenshot(path=FOLDER / "assistant.png")


def _wait_until_drawn(page: Page) -> None:
    """The browser still fetches the parts of Streamlit that draw a widget or a chart when the page's script has run."""
    page.get_by_test_id("stMain").locator("img").first.wait_for(timeout=PATIENCE_MS)
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')", timeout=PATIENCE_MS)
    page.wait_for_load_state("networkidle")
    page.wait_for_function("[...document.images].every(image => image.complete)", timeout=PATIENCE_MS)
    page.wait_for_timeout(CHARTS_MS)


if __name__ == "__main__":
    main()
