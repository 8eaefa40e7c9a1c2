"""What becomes of an open page when the school or the clock changes what its person may do."""

import re

from playwright.sync_api import expect

from core.accounts.person import Role
from tests.e2e.assistant import box
from tests.production.deployment import Deployment
from tests.production.schools import PASSWORD, School
from tests.production.visitor import Visitor, expect_asked_to_sign_in, expect_signed_out, look_again


def test_an_admin_who_becomes_a_teacher_loses_the_settings_and_the_school_s_usage(
    visitor: Visitor, deployment: Deployment, contoso: School
) -> None:
    member = contoso.hire(Role.ADMIN)
    visitor.sign_in(contoso, member)
    visitor.own_time()
    page = visitor.open("/Usage", page=visitor.other_tab())
    expect(page.get_by_role("link", name="School settings")).to_be_visible()
    expect(page.get_by_text("Compare with the invoice")).to_be_visible()

    deployment.sql("update staff set role = 'teacher' where id = :id", id=member.staff_id)
    look_again(page)

    expect(page.get_by_role("link", name="School settings")).to_have_count(0)
    expect(page.get_by_text("What you used yourself")).to_be_visible()
    expect(page.get_by_text("Compare with the invoice")).to_have_count(0)
    expect(visitor.open("/School_settings", page=page).get_by_text("This page is for admins.")).to_be_visible()


def test_a_member_who_is_taken_out_is_out_of_every_page_and_of_photos(
    visitor: Visitor, deployment: Deployment, contoso: School
) -> None:
    member = contoso.hire(teaches=True)
    visitor.sign_in(contoso, member)
    visitor.own_time()
    page = visitor.open(f"/Student_roster?class={contoso.choir.id}", page=visitor.other_tab())
    portrait = f"{deployment.second}/app/static/photos/{contoso.choir.photos[0]}"
    assert visitor.context.request.get(portrait).status == 200

    deployment.sql("update staff set active = false where id = :id", id=member.staff_id)
    look_again(page)

    expect_signed_out(page)
    assert all(name not in page.content() for name in contoso.choir.students.values())
    assert visitor.context.request.get(portrait).status == 404
    for path in ("/", "/Class_photos", "/Assistant", "/Usage"):
        page.goto(deployment.first + path)
        expect_asked_to_sign_in(page)
    page.get_by_label("E-mail").fill(contoso.email(member))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Ask an admin")


def test_a_session_that_ran_out_keeps_what_was_typed_and_leads_back(
    visitor: Visitor, deployment: Deployment, contoso: School
) -> None:
    member = contoso.hire(teaches=True)
    visitor.sign_in(contoso, member)
    page = visitor.open("/Assistant")
    typed = "What did I want to tell the choir about their concert"
    deployment.sql(
        "update sessions set last_seen_at = now() - interval '9 hours' where staff_id = :id", id=member.staff_id
    )

    box(page).fill(typed)
    box(page).press("Enter")

    expect_signed_out(page)
    expect(page.get_by_text(typed)).to_be_visible()
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("E-mail").fill(contoso.email(member))
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile(r"/Assistant"))
    expect(box(page)).to_be_visible()
    visitor.note_session()
