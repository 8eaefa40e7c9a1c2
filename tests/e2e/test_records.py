"""Adding to a student's records and correcting them, in the drawer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import text

from core.accounts.person import Person, Role
from tests.cast import assign
from tests.e2e.browsing import Visit, visiting
from tests.e2e.contrast import expect_readable_by_day_and_night
from tests.e2e.school import School, SchoolClass


@dataclass(frozen=True)
class Drawer:
    """One student's, whom nobody recorded anything of yet."""

    school: School
    school_class: SchoolClass
    student_id: UUID

    def open(self, visit: Visit, **query: object) -> Locator:
        more = "".join(f"&{name}={value}" for name, value in query.items())
        page = visit.open(f"{self.school_class.roster_path}&student={self.student_id}{more}")
        drawer = page.get_by_role("dialog")
        expect(drawer.locator(".st-key-add_observation button")).to_be_visible()
        visit.settle()
        return drawer

    def rows(self, table: str) -> list[Any]:
        found = self.school.owner.execute(
            text(f"select * from {table} where student_id = :id order by created_at"), {"id": self.student_id}
        )
        return list(found)

    def keep(self, table: str, columns: str, values: str) -> UUID:
        statement = (
            f"insert into {table} (school_id, student_id, {columns})"
            f" select school_id, id, {values} from students where id = :id returning id"
        )
        made = self.school.owner.scalar(text(statement), {"id": self.student_id, "mei": self.school.mei.staff_id})
        assert isinstance(made, UUID)
        return made


@pytest.fixture
def of_student(school: School) -> Drawer:
    school_class = school.open_class(1)
    enrolled = text("select student_id from enrolments where class_id = :id")
    return Drawer(school, school_class, school.owner.scalar(enrolled, {"id": school_class.id}))


@pytest.fixture
def visit(browser: Browser, school: School) -> Iterator[Visit]:
    with visiting(browser, school.address) as visit:
        yield visit


def add(drawer: Locator, kind: str) -> Locator:
    """The button that opens the form, and saves it."""
    return drawer.locator(f".st-key-add_{kind} button")


def correct(drawer: Locator, record_id: UUID) -> Locator:
    return drawer.locator(f".st-key-correct{record_id.hex} button")


def type_name(page: Page, label: str, name: str) -> None:
    """One that is not offered."""
    page.get_by_label(label, exact=True).fill(name)
    page.keyboard.press("Enter")


def test_an_observation_is_written_and_saved_by_keyboard(visit: Visit, of_student: Drawer) -> None:
    drawer, page = of_student.open(visit), visit.page
    button = add(drawer, "observation")
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_contain_text("Save")
    expect(button).to_be_focused()

    drawer.get_by_label("What you saw").focus()
    page.keyboard.type("Reads *aloud* well")
    for _ in range(20):
        if button.evaluate("button => button === document.activeElement"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(button).to_contain_text("Add observation")
    expect(drawer.get_by_text("Note: Reads *aloud* well")).to_be_visible()
    expect(button).to_be_focused()
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    assert [row.text for row in of_student.rows("observations")] == ["Reads *aloud* well"]


def test_ctrl_enter_saves_what_is_being_written_and_makes_no_portrait(visit: Visit, of_student: Drawer) -> None:
    drawer = of_student.open(visit)
    add(drawer, "observation").click()
    field = drawer.get_by_label("What you saw")
    field.fill("Helped a classmate")

    field.press("Control+Enter")

    expect(drawer.get_by_text("Note: Helped a classmate")).to_be_visible()
    expect(field).to_be_hidden()
    visit.settle()
    assert of_student.school_class.states == []


def test_a_portrait_that_gets_ready_leaves_what_is_being_written_alone(visit: Visit, of_student: Drawer) -> None:
    late = of_student.keep("attendance", "on_date, status", "current_date - 3, 'late'")
    drawer, provider = of_student.open(visit), of_student.school.provider
    make = drawer.locator(".st-key-drawer_make button")
    make.click()
    expect(make).to_contain_text("Regenerate photo")
    provider.hold()
    make.click()
    expect(make).to_contain_text("Making")
    correct(drawer, late).click()
    field = drawer.get_by_label("Reason, if known")
    field.focus()
    visit.page.keyboard.type("Bus was")

    provider.answer()

    expect(drawer.get_by_text("Earlier photos")).to_be_visible()
    expect(field).to_be_focused()
    visit.page.keyboard.type(" late")
    expect(field).to_have_value("Bus was late")


def test_a_double_click_on_save_adds_one(visit: Visit, of_student: Drawer) -> None:
    drawer = of_student.open(visit)
    add(drawer, "observation").click()
    drawer.get_by_label("What you saw").fill("Once")

    add(drawer, "observation").dblclick()

    expect(drawer.get_by_text("Note: Once")).to_have_count(1)
    visit.page.wait_for_timeout(1000)
    expect(drawer.get_by_label("What you saw")).to_be_hidden()
    assert len(of_student.rows("observations")) == 1


def test_attendance_is_corrected_and_removed_where_it_stands(visit: Visit, of_student: Drawer) -> None:
    late = of_student.keep("attendance", "on_date, status", "current_date - 3, 'late'")
    drawer = of_student.open(visit)
    pencil = correct(drawer, late)
    pencil.click()
    drawer.get_by_role("radio", name="Official absence", exact=True).click()
    drawer.get_by_label("Reason, if known").fill("Dental appointment")

    pencil.click()

    expect(drawer.get_by_text("Official absence: Dental appointment")).to_be_visible()
    expect(pencil).to_be_focused()
    visit.page.wait_for_timeout(1000)
    pencil.click()
    drawer.get_by_role("button", name="Remove", exact=True).click()
    again = drawer.get_by_role("button", name="Yes, remove it", exact=True)
    expect(again).to_be_focused()
    visit.page.wait_for_timeout(1000)
    again.click()
    expect(pencil).to_have_count(0)
    assert of_student.rows("attendance") == []


def test_what_is_refused_stays_as_it_was_typed(visit: Visit, of_student: Drawer) -> None:
    drawer, page = of_student.open(visit), visit.page
    add(drawer, "result").click()
    type_name(page, "Subject", "Science")
    type_name(page, "Assessment", "Quiz on plants")
    drawer.get_by_label("Score", exact=True).fill("25")
    drawer.get_by_label("Out of", exact=True).fill("20")

    add(drawer, "result").click()

    expect(drawer.get_by_text("The score 25 is more than the 20 that there were")).to_be_visible()
    expect(drawer.get_by_label("Score", exact=True)).to_have_value("25")
    expect(drawer.get_by_label("Subject", exact=True)).to_have_value("Science")
    expect(drawer.get_by_label("Assessment", exact=True)).to_have_value("Quiz on plants")
    drawer.get_by_label("Score", exact=True).fill("15")
    add(drawer, "result").click()
    expect(drawer.get_by_text(re.compile(r"Science, Quiz on plants: 15.of.20"))).to_be_visible()
    (row,) = of_student.rows("results")
    assert (row.subject, row.assessment, row.score, row.max_score) == ("Science", "Quiz on plants", 15, 20)


def test_a_form_teacher_keeps_cases_that_a_subject_teacher_does_not_see(
    browser: Browser, visit: Visit, of_student: Drawer
) -> None:
    drawer = of_student.open(visit)
    add(drawer, "case").click()
    drawer.get_by_role("radio", name="Special needs", exact=True).click()
    drawer.get_by_role("radio", name="Low", exact=True).click()
    drawer.get_by_label("Summary").fill("Needs larger print")
    add(drawer, "case").click()
    expect(drawer.get_by_text("Special needs, open: Needs larger print")).to_be_visible()

    assign(of_student.school.owner, _arjun(of_student.school), of_student.school_class.id, "subject")
    with visiting(browser, of_student.school.address) as other:
        theirs = of_student.open(other, **{"as": "arjun"})
        expect(theirs.get_by_text("Results", exact=True)).to_be_visible()
        expect(theirs.get_by_text("Needs larger print")).to_have_count(0)
        expect(theirs.get_by_text("Cases", exact=True)).to_have_count(0)


def _arjun(school: School) -> Person:
    found = school.owner.execute(text("select id, school_id from staff where email = 'arjun.nair@demo.school'")).one()
    return Person(found.id, found.school_id, "Arjun Nair", Role.TEACHER, "Demo", "Asia/Singapore", is_demo=True)


def test_a_cited_record_stands_first_until_the_drawer_is_closed(visit: Visit, of_student: Drawer) -> None:
    cited = of_student.keep("attendance", "on_date, status", "current_date - 200, 'present'")
    of_student.keep("attendance", "on_date, status", "current_date - 3, 'late'")

    drawer = of_student.open(visit, record=f"attendance:{cited}")

    first = drawer.locator("[class*='st-key-record']").first
    expect(first).to_contain_text("cited")
    expect(first).to_contain_text("Present")
    visit.page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    expect(visit.page).not_to_have_url(re.compile("record="))


def test_the_forms_fit_a_phone_and_can_be_read(browser: Browser, of_student: Drawer) -> None:
    words = "Verylongword" * 40
    seen = of_student.keep("observations", "author_id, happened_at, kind, text", f":mei, now(), 'note', '{words}'")
    with visiting(browser, of_student.school.address, width=390) as visit:
        drawer = of_student.open(visit, record=f"observation:{seen}")
        for kind, last in (("attendance", "Reason, if known"), ("result", "Out of"), ("case", "Summary")):
            add(drawer, kind).click()
            expect(drawer.get_by_label(last, exact=True)).to_be_visible()
            visit.settle()
            for one in [*drawer.get_by_role("textbox").all(), *drawer.get_by_role("button").all()]:
                box = one.bounding_box()
                assert box is None or box["x"] + box["width"] <= 390
        assert visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        edges = "[...document.querySelectorAll('[role=dialog] p')].map(p => p.getBoundingClientRect().right)"
        assert max(visit.page.evaluate(edges)) <= 390
        expect_readable_by_day_and_night(visit.page)
