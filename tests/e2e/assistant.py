"""Ways round the assistant's page."""

import re

from playwright.sync_api import Locator, Page, expect

BOX = "Ask, or type / for a command"
DRAFT = "A draft for you to decide."


def box(page: Page) -> Locator:
    return page.get_by_role("textbox", name=BOX)


def ask(page: Page, text: str) -> None:
    """Sends it, and waits until it stands among the messages."""
    box(page).fill(text)
    box(page).press("Enter")
    expect(message(page, "user").last).to_contain_text(text)


def message(page: Page, role: str) -> Locator:
    return page.get_by_role("group", name=f"Chat message from {role}")


def answer(page: Page) -> Locator:
    """The newest."""
    return message(page, "assistant").last


def writing(page: Page) -> Locator:
    return page.get_by_text("Writing…", exact=False)


def stop_button(page: Page) -> Locator:
    return page.get_by_test_id("stBottom").get_by_role("button", name=re.compile(r"\bStop\b"))


def expect_ended(page: Page) -> None:
    """The newest answer is whole, with what it took."""
    expect(writing(page)).to_have_count(0, timeout=60_000)
    expect(answer(page)).to_contain_text(DRAFT)
