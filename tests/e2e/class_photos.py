"""What one sees of a class's portraits and does about them, in a browser."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.browsing import Visit

PATIENCE_MS = 60_000
AT_ONCE = 4
"""How many the worker makes at once unless told otherwise."""


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def said(page: Page, words: str) -> Locator:
    """In the page's own part."""
    return page.get_by_test_id("stMain").get_by_text(words)


def work_line(page: Page, words: str) -> Locator:
    return page.get_by_test_id("stSidebar").get_by_text(words)


def portraits(page: Page) -> Locator:
    return page.get_by_test_id("stMain").get_by_role("img", name=re.compile("^AI-generated portrait of Student"))


def start(visit: Visit, path: str, students: int) -> Page:
    """Opens a class's photos and clicks; returns when it is under way."""
    page = visit.open(path)
    button(page, f"Generate photos for {students} students").click()
    expect(said(page, f"of {students} finished")).to_be_visible()
    return page


def expect_said(page: Page, words: str) -> None:
    expect(said(page, words).first).to_be_visible(timeout=PATIENCE_MS)
