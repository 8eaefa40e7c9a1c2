from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from core.demo.faults import Fault
from tests.e2e.browsing import Visit, visiting
from tests.e2e.class_photos import AT_ONCE, PATIENCE_MS, button, expect_said, portraits, said, start, work_line
from tests.e2e.contrast import expect_readable_by_day_and_night
from tests.e2e.school import School


@pytest.fixture
def visit(browser: Browser, school: School) -> Iterator[Visit]:
    with visiting(browser, school.address) as visit:
        yield visit


def test_the_button_says_for_how_many(visit: Visit, school: School) -> None:
    page = visit.open(school.open_class(3).path)
    expect(button(page, "Generate photos for 3 students")).to_be_enabled()

    page.get_by_role("radio", name="Choose students").click()
    expect(button(page, "Generate photos for 0 students")).to_be_disabled()
    page.get_by_test_id("stCheckbox").filter(has_text="Student 02").click()
    button(page, "Generate photos for 1 student").click()

    expect_said(page, "1 of 1 student has a new photo.")
    visit.settle()
    page.reload()
    expect_said(page, "1 of 1 student has a new photo.")


def test_the_grid_fills_while_one_watches(visit: Visit, school: School) -> None:
    school.provider.hold()
    page = start(visit, school.open_class(5).path, 5)
    expect_said(page, "0 of 5 finished · 4 being made · 1 waiting")

    school.provider.answer(2)

    expect_said(page, "2 of 5 finished · 2 done · 3 being made")
    expect(portraits(page)).to_have_count(2)
    school.provider.answer()
    expect_said(page, "5 of 5 students have a new photo.")


def test_it_goes_on_without_the_page_and_is_found_again(visit: Visit, school: School) -> None:
    school.provider.hold()
    school_class = school.open_class(3)
    page = start(visit, school_class.path, 3)

    page.get_by_role("link", name="Home", exact=True).click()
    expect(work_line(page, f"Class photos · {school_class.name}")).to_be_visible()
    school.provider.answer(1)
    expect(work_line(page, "1 of 3 finished · ready at about")).to_be_visible(timeout=PATIENCE_MS)
    page.get_by_test_id("stSidebar").get_by_role("link", name="Watch").click()

    expect_said(page, "1 of 3 finished · 1 done · 2 being made")
    visit.settle()
    page.reload()
    expect_said(page, "1 of 3 finished · 1 done · 2 being made")


def test_whoever_went_elsewhere_hears_when_it_is_ready(visit: Visit, school: School) -> None:
    school.provider.hold()
    school_class = school.open_class(2)
    page = start(visit, school_class.path, 2)
    visit.settle()
    page.get_by_role("link", name="Student roster", exact=True).click()
    expect(page.get_by_role("heading", name="Student roster", level=1)).to_be_visible()
    expect(work_line(page, "0 of 2 finished")).to_be_visible()

    school.provider.answer()

    toast = page.get_by_test_id("stToast")
    expect(toast).to_contain_text(f"The photos of {school_class.name} are ready: 2 of 2 done", timeout=PATIENCE_MS)
    expect(work_line(page, "Class photos ·")).to_have_count(0)


def test_paused_it_finishes_what_is_being_made_and_resumes_with_the_rest(visit: Visit, school: School) -> None:
    school.provider.hold()
    page = start(visit, school.open_class(6).path, 6)
    expect_said(page, f"{AT_ONCE} being made")

    button(page, "Pause").click()
    expect(button(page, "Resume")).to_be_visible()
    school.provider.answer()
    expect_said(page, f"{AT_ONCE} of 6 finished · {AT_ONCE} done · 2 waiting")
    expect(work_line(page, "4 of 6 finished · paused")).to_be_visible()
    page.wait_for_timeout(1500)
    expect(said(page, "4 of 6 finished")).to_be_visible()
    button(page, "Resume").click()

    expect_said(page, "6 of 6 students have a new photo.")


def test_cancelled_it_finishes_what_is_being_made_and_pays_no_more(visit: Visit, school: School) -> None:
    school.provider.hold()
    billed = school.provider.ledger.billed_images
    school_class = school.open_class(6)
    page = start(visit, school_class.path, 6)
    expect_said(page, f"{AT_ONCE} being made")

    button(page, "Cancel batch").click()
    expect_said(page, "Cancelled. What is already being made finishes")
    school.provider.answer()

    expect_said(page, f"{AT_ONCE} of 6 students have a new photo. 2 were not started and cost nothing.")
    assert sorted(school_class.states) == ["cancelled"] * 2 + ["done"] * AT_ONCE
    assert school.provider.ledger.billed_images - billed == AT_ONCE


def test_what_failed_is_tried_again(visit: Visit, school: School) -> None:
    school.provider.faults.upcoming(Fault.BAD_REQUEST, Fault.BAD_REQUEST)
    school_class = school.open_class(3)
    page = start(visit, school_class.path, 3)
    expect_said(page, "1 of 3 students have a new photo.")

    button(page, "Retry failed (2)").dblclick()

    expect_said(page, "3 of 3 students have a new photo.")
    assert sorted(school_class.states) == ["done"] * 3 + ["failed"] * 2


def test_two_tabs_and_a_double_click_make_one_batch(browser: Browser, visit: Visit, school: School) -> None:
    school.provider.hold()
    school_class = school.open_class(5)
    with visiting(browser, school.address) as second:
        for tab in (visit, second):
            expect(button(tab.open(school_class.path), "Generate photos for 5 students")).to_be_enabled()

        for tab in (visit, second):
            tab.page.evaluate(DOUBLE_CLICK)

        for tab in (visit, second):
            expect_said(tab.page, "0 of 5 finished · 4 being made · 1 waiting")
        assert school_class.batches == 1
        assert school_class.jobs_of_a_student == {1}


DOUBLE_CLICK = """() => {
    const button = [...document.querySelectorAll("button")].find(one => one.innerText.includes("Generate photos for"))
    button.click()
    button.click()
}"""


def test_an_admin_sees_a_teachers_class_fill(browser: Browser, visit: Visit, school: School) -> None:
    school.provider.hold()
    school_class = school.open_class(3)
    start(visit, school_class.path, 3)
    with visiting(browser, school.address) as admins:
        page = admins.open(f"{school_class.path}&as=siti")
        expect_said(page, "started")
        expect_said(page, "by Mei Tan")
        expect(work_line(page, f"Class photos · {school_class.name}")).to_be_visible()

        school.provider.answer(2)

        expect(portraits(page)).to_have_count(2, timeout=PATIENCE_MS)
        expect_said(page, "2 of 3 finished")


def test_another_teacher_may_not_look(browser: Browser, visit: Visit, school: School) -> None:
    school.provider.hold()
    school_class = school.open_class(2)
    batch_path = start(visit, school_class.path, 2).url.removeprefix(school.address)
    with visiting(browser, school.address) as others:
        page = others.open(f"{batch_path}&as=arjun")

        expect_said(page, "These class photos are not among your classes'.")
        expect(page.get_by_text("Student 01")).to_have_count(0)
        expect(work_line(page, "Class photos ·")).to_have_count(0)


def test_it_fits_a_phone_and_is_readable_while_it_runs_and_when_it_is_over(browser: Browser, school: School) -> None:
    school.provider.faults.upcoming(Fault.SERVER_ERROR, Fault.MODERATION_BLOCKED)
    school.provider.hold()
    with visiting(browser, school.address, width=390) as visit:
        page = start(visit, school.open_class(5).path, 5)
        expect(said(page, "Making").first).to_be_visible()
        expect_readable_by_day_and_night(page)
        assert page.evaluate(FITS)

        school.provider.answer()

        expect_said(page, "For you to decide")
        visit.settle()
        expect_readable_by_day_and_night(page)
        assert page.evaluate(FITS)


FITS = "document.documentElement.scrollWidth <= window.innerWidth"
