"""The students beside an answer and the meetings of today, in a browser."""

import re

from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.browsing import Visit, visiting
from tests.e2e.contrast import expect_readable_by_day_and_night
from tests.e2e.frames import Frames

ASKED = "/ptm P5 Integrity"
ON_A_PHONE = 390


def ask(visit: Visit) -> Page:
    page = visit.open("/Assistant")
    box = page.get_by_placeholder("Ask, or type / for a command")
    box.fill(ASKED)
    box.press("Enter")
    expect(page.get_by_role("heading", name="Students of P5 Integrity")).to_be_visible()
    return page


def pill(page: Page, words: str) -> Locator:
    return page.get_by_test_id("stButtonGroup").get_by_text(re.compile(rf"^{words} \d+$"))


def names(page: Page) -> Locator:
    """Of the cards, from top to bottom."""
    heads = page.locator("p:has(> strong:first-child)").filter(has_text=re.compile(r"Attendance (\d+\s%|no data) ·"))
    return heads.locator("> strong")


def test_cards_stand_beside_the_answer_while_it_is_written_and_open_the_student(visit: Visit) -> None:
    frames = Frames()
    frames.listen(visit.page)
    page = ask(visit)
    stop = page.get_by_role("button", name="Stop")
    expect(stop).to_be_visible()

    expect(names(page).first).to_be_visible()

    for _ in range(2):
        pill(page, "All").click()
        expect(names(page)).to_have_count(36)
        pill(page, "Open case").click()
        expect(names(page)).to_have_text(["Ho Wei Jie", "Isabelle Marie De Rozario", "Jayden Lee Kai Jie"])
    expect(page.get_by_text("Open case: Absent often since a parent began to work nights", exact=False)).to_be_visible()
    expect(stop).to_be_visible()

    stop.click()
    expect(page.get_by_text("Stopped by you.", exact=False)).to_be_visible()
    visit.settle()
    frames.clear()
    pill(page, "All").click()
    expect(names(page)).to_have_count(36)
    # The fragment alone: the conversation is not drawn anew.
    assert frames.finished == 1
    assert frames.elements <= 36 * 5 + 6

    page.get_by_test_id("stButton").get_by_role("button", name="Open").nth(1).click()
    expect(page.get_by_role("dialog", name="Aarav Pillai")).to_be_visible()
    expect(page).to_have_url(re.compile("student="))

    page.get_by_role("button", name="Ask about this student").click()
    expect(page.get_by_role("heading", name="What do you need for Aarav Pillai?")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/Assistant\?about=[0-9a-f-]+$"))


def test_on_a_phone_nothing_scrolls_sideways_and_cards_and_chosen_filters_are_readable(
    browser: Browser, app_address: str
) -> None:
    with visiting(browser, app_address, width=ON_A_PHONE) as visit:
        page = ask(visit)
        page.get_by_role("button", name="Stop").click()
        expect(page.get_by_text("Stopped by you.", exact=False)).to_be_visible()
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= ON_A_PHONE
        page.set_viewport_size({"width": 1440, "height": 900})
        expect_readable_by_day_and_night(page)

        page.set_viewport_size({"width": ON_A_PHONE, "height": 900})
        visit.open("/")
        expect(page.get_by_role("button", name="Prepare")).to_have_count(4)
        assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= ON_A_PHONE


def test_a_meeting_of_today_is_prepared_with_the_assistant(visit: Visit) -> None:
    page = visit.open("/")

    # Streamlit may show a later row's button before the first one's.
    expect(page.get_by_role("button", name="Prepare")).to_have_count(4)
    page.get_by_role("button", name="Prepare").first.click()

    expect(page.get_by_role("heading", name="What do you need for Nurul Aisyah binte Rahman?")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/Assistant\?about=[0-9a-f-]+$"))
