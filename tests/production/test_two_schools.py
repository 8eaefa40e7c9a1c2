"""People of two schools in two browsers: neither sees anything of the other's."""

import re

from playwright.sync_api import APIResponse, expect

from core.accounts.person import Role
from tests.e2e.assistant import ask, expect_ended
from tests.production.schools import School
from tests.production.visitor import NewVisitor, Visitor

# What names people and classes.
SECTIONS = ("people", "classes", "budgets", "audit")


def look_round(visitor: Visitor, school: School) -> None:
    """Every page, with what is the person's own."""
    choir = school.choir
    student = next(iter(choir.students))
    visitor.open("/")
    visitor.open(f"/Student_roster?class={choir.id}&student={student}")
    expect(visitor.page.get_by_role("dialog")).to_be_visible()
    visitor.open(f"/Class_photos?class={choir.id}&batch={choir.batch_id}")
    expect(visitor.page.get_by_text("3 of 3 students have a new photo.")).to_be_visible()
    visitor.open("/Assistant")
    visitor.open("/Usage")
    expect(visitor.page.get_by_role("heading", name="Usage")).to_be_visible()


def photo(visitor: Visitor, address: str) -> APIResponse:
    return visitor.context.request.get(visitor.deployment.second + address, max_redirects=0)


def test_no_page_of_a_teacher_shows_anything_of_the_other_school(
    visitors: NewVisitor, contoso: School, fabrikam: School
) -> None:
    craig, edna = visitors(), visitors()
    craig.sign_in(contoso, contoso.teacher)
    edna.sign_in(fabrikam, fabrikam.teacher)

    look_round(craig, contoso)
    look_round(edna, fabrikam)

    for visitor, own, other in ((craig, contoso, fabrikam), (edna, fabrikam, contoso)):
        assert set(own.choir.students.values()) <= set(visitor.sees_of(own.names))
        assert visitor.sees_of(other.names | other.ids) == []


def test_no_page_of_an_admin_shows_anything_of_the_other_school(
    visitor: Visitor, contoso: School, fabrikam: School
) -> None:
    visitor.sign_in(contoso, contoso.hire(Role.ADMIN))

    look_round(visitor, contoso)
    for section in SECTIONS:
        visitor.open(f"/School_settings?section={section}")
        expect(visitor.page.get_by_role("heading", name="School settings")).to_be_visible()
    visitor.open("/Usage?view=invoice")

    assert set(contoso.choir.students.values()) <= set(visitor.sees_of(contoso.names))
    assert visitor.sees_of(fabrikam.names | fabrikam.ids) == []


def test_ids_of_the_other_school_typed_into_addresses_show_nothing(
    visitors: NewVisitor, contoso: School, fabrikam: School
) -> None:
    edna, siti = visitors(), visitors()
    edna.sign_in(fabrikam, fabrikam.teacher)
    ask(edna.open("/Assistant"), "/lesson choir")
    expect_ended(edna.page)
    expect(edna.page).to_have_url(re.compile("chat="))
    conversation = edna.page.url.partition("?")[2]
    siti.sign_in(contoso, contoso.hire(Role.ADMIN))
    theirs, ours = fabrikam.choir, contoso.choir
    student = next(iter(theirs.students))

    for path in (
        f"/Student_roster?class={theirs.id}",
        f"/Student_roster?class={ours.id}&student={student}",
        f"/Class_photos?class={theirs.id}",
        f"/Class_photos?batch={theirs.batch_id}",
        f"/Assistant?{conversation}",
        f"/Assistant?class={theirs.id}&student={student}",
        f"/Usage?teacher={fabrikam.teacher.staff_id}&class={theirs.id}",
        f"/School_settings?section=people&member={fabrikam.teacher.staff_id}",
    ):
        siti.open(path)
        expect(siti.page.get_by_role("link", name="Home", exact=True)).to_be_visible()
        assert siti.sees_of(fabrikam.names | {theirs.name, "lesson choir"}) == [], path


def test_a_portrait_s_address_is_worth_nothing_to_others(
    visitors: NewVisitor, contoso: School, fabrikam: School
) -> None:
    craig, edna, colleague, nobody = (visitors() for _ in range(4))
    craig.sign_in(contoso, contoso.teacher)
    edna.sign_in(fabrikam, fabrikam.teacher)
    colleague.sign_in(contoso, contoso.hire())

    for size in ("", "?size=thumbnail"):
        address = f"/app/static/photos/{contoso.choir.photos[0]}{size}"
        statuses = [photo(visitor, address).status for visitor in (craig, edna, colleague, nobody)]
        assert statuses[:3] == [302, 404, 404]
        assert statuses[3] in {303, 401, 404}
