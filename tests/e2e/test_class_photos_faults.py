import csv
from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from core.demo.faults import Fault
from tests.e2e.browsing import Visit, visiting
from tests.e2e.class_photos import AT_ONCE, PATIENCE_MS, button, expect_said, said, start, work_line
from tests.e2e.school import School


@pytest.fixture
def visit(browser: Browser, school: School) -> Iterator[Visit]:
    with visiting(browser, school.address) as visit:
        yield visit


Row = tuple[str, str, str, str]
"""State, reason, cost, and what of it may have been charged."""

REFUSED = ("Not made", "Refused by the safety filter. Nothing was paid.", "0", "0")
UNANSWERED = "OpenAI did not answer in time. It may have been charged; you decide what next."
UNCONFIRMED = ("Unconfirmed", UNANSWERED, "0.013", "0.013")
DONE = ("Done", "", "0.013", "0")
DONE_AFTER_UNCONFIRMED = ("Done", "", "0.027", "0.013")


def results(page: Page) -> Counter[Row]:
    """Of a batch that is over, as its file tells them."""
    with page.expect_download() as download:
        button(page, "Download CSV").click()
    rows = csv.DictReader(download.value.path().read_text(encoding="utf-8-sig").splitlines())
    possible = "Of it may have been charged, USD"
    return Counter((row["State"], row["Reason"], row["Cost in USD"][:5], row[possible][:5]) for row in rows)


def test_each_student_ends_in_what_is_true(visit: Visit, school: School) -> None:
    billed = school.provider.ledger.billed_images
    school.provider.faults.upcoming(Fault.MODERATION_BLOCKED, Fault.RATE_LIMITED_RETRY_AFTER, Fault.SERVER_ERROR)
    school_class = school.open_class(6)
    page = start(visit, school_class.path, 6)

    # The others wait as long as the provider wishes.
    expect(said(page, "starts at").first).to_be_visible()
    expect_said(page, "4 of 6 students have a new photo. 1 was not made, 1 needs your decision.")
    assert results(page) == {DONE: 4, REFUSED: 1, UNCONFIRMED: 1}
    assert school.provider.ledger.billed_images - billed == 4
    expect(said(page, "1 was not made. Nothing was paid.")).to_be_visible()

    button(page, "Retry failed (1)").click()
    expect_said(page, "5 of 6 students have a new photo. 1 needs your decision.")
    button(page, "Generate again (may cost again)").click()

    expect_said(page, "6 of 6 students have a new photo.")
    assert results(page) == {DONE: 5, DONE_AFTER_UNCONFIRMED: 1}
    assert sorted(school_class.states) == ["done"] * 6 + ["failed", "unconfirmed"]


def test_what_is_left_unconfirmed_asks_no_more(visit: Visit, school: School) -> None:
    school.provider.faults.upcoming(Fault.SERVER_ERROR)
    page = start(visit, school.open_class(2).path, 2)
    expect_said(page, "1 needs your decision.")

    button(page, "Leave it").click()

    expect_said(page, "1 stayed unconfirmed.")
    expect(said(page, "For you to decide")).to_have_count(0)


def test_without_credit_it_pauses_by_itself_and_goes_on_when_that_is_mended(visit: Visit, school: School) -> None:
    school.provider.hold()
    school_class = school.open_class(7)
    page = start(visit, school_class.path, 7)
    expect_said(page, f"{AT_ONCE} being made")
    school.provider.faults.upcoming(Fault.NONE)
    school.provider.faults.always(Fault.INSUFFICIENT_QUOTA)

    school.provider.answer()

    expect_said(page, "Paused. The OpenAI account has no credit left. An admin has to add credit; then resume")
    expect(work_line(page, "paused: The OpenAI account has no credit left")).to_be_visible(timeout=PATIENCE_MS)
    expect_said(page, "What was being made is finished.")
    states = school_class.states
    assert states.count("done") == 1
    assert 1 <= states.count("failed") <= AT_ONCE
    assert states.count("queued") == 6 - states.count("failed")

    school.provider.faults.always()
    button(page, f"Retry failed ({states.count('failed')})").click()
    expect(button(page, "Retry failed")).to_have_count(0)
    button(page, "Resume").click()

    expect_said(page, "7 of 7 students have a new photo.")
